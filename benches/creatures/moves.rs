//! Moves over HTTP, of people against machines: ten thousand duels at once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hypogeum_client::{Api, Login, NewGame};
use hypogeum_creature_messages::{BattleMove, CreatureStats, GameId, TournamentView};
use hypogeum_testkit::TestServer;

use crate::resident_kb;

/// People, and how many duels each has at once, as many as may be.
const PEOPLE: usize = 625;
const DUELS_EACH: usize = 16;
/// Connections on which moves come, each with a share of the people.
const CONNECTIONS: usize = 64;
/// Moves a second of all together: somebody who has a duel moves every ten seconds.
const MOVES_PER_S: f64 = 1_000.0;
const PLAYED: Duration = Duration::from_secs(20);
/// Wanted: 99 of 100 moves answered within this, and so many a second of one core.
const MOVE_MS_MAX: f64 = 5.0;
const MOVES_PER_CORE_S_MIN: f64 = 5_000.0;

pub(crate) fn measure() {
    let data = tempfile::tempdir().expect("a folder");
    let settings = [
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_WORLD__OPEN", "false"),
        ("HYPOGEUM_RATES__ACCOUNT__PER_S", "100000"),
        ("HYPOGEUM_RATES__ACCOUNT__BURST", "100000"),
    ];
    let server = TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data.path(), &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));
    let before_kb = resident_kb(server.process());
    let began = Instant::now();
    let mut hands = deal(&server.url);
    let duels: usize = hands.iter().map(|hand| hand.duels.len()).sum();
    let each_kb = (resident_kb(server.process()) - before_kb) / duels as f64;
    println!(
        "{duels} duels of {PEOPLE} people begun in {:.1} s: {each_kb:.1} KB of the server each, shards of their own",
        began.elapsed().as_secs_f64()
    );
    paced(&mut hands, server.process());
    pressed(&mut hands, server.process());
    let _ = server.terminate();
}

/// What one connection plays.
struct Hand {
    api: Api,
    duels: Vec<Duel>,
    next: usize,
}

struct Duel {
    login: Login,
    view: TournamentView,
}

impl Hand {
    /// Makes the next move of one of its duels; `None` where all are over.
    fn play(&mut self) -> Option<()> {
        while !self.duels.is_empty() {
            self.next = (self.next + 1) % self.duels.len();
            let duel = &mut self.duels[self.next];
            if let (false, Some(battle)) = (duel.view.is_over, duel.view.battles.first()) {
                let moved = self.api.make_move(&duel.login, duel.view.game, (0, battle), BattleMove::Attack);
                duel.view = moved.expect("it fights");
                return Some(());
            }
            self.duels.swap_remove(self.next);
            self.next = 0;
        }
        None
    }
}

/// Everyone's duels.
fn deal(url: &str) -> Vec<Hand> {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let deals = || {
            let mut hand = Hand { api: Api::new(url).expect("a URL"), duels: Vec::new(), next: 0 };
            loop {
                let person = next.fetch_add(1, Ordering::Relaxed);
                if person >= PEOPLE {
                    return hand;
                }
                let login = hand.api.guest(&format!("Duellist{person}")).expect("guests are let in");
                for _ in 0..DUELS_EACH {
                    let view = begin(&hand.api, &login);
                    hand.duels.push(Duel { login: login.clone(), view });
                }
            }
        };
        let dealing: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(deals)).collect();
        dealing.into_iter().map(|one| one.join().expect("it is dealt")).collect()
    })
}

fn begin(api: &Api, login: &Login) -> TournamentView {
    let creature = api.create_creature(login, ("Cinder", "emberfox"), CreatureStats::default());
    let game = NewGame {
        tournament: "duel".to_owned(),
        creatures: vec![creature.expect("it can be made").id],
        size: 2,
        opponents: Some("novice".to_owned()),
        key: String::new(),
    };
    let view = api.start_game(login, &game).expect("it begins");
    assert_ne!(view.game, GameId(0), "the database has numbered it");
    view
}

/// At a pace of their own, whatever the server does: a move that is late counts from when it was due.
fn paced(hands: &mut [Hand], process: u32) {
    let (began, before) = (Instant::now(), cpu_s(process));
    let connections = hands.len();
    let mut waits: Vec<f64> = std::thread::scope(|scope| {
        let playing: Vec<_> = hands
            .iter_mut()
            .enumerate()
            .map(|(number, hand)| {
                scope.spawn(move || {
                    let mut waits = Vec::new();
                    for turn in 0.. {
                        let due = Duration::from_secs_f64((turn * connections + number) as f64 / MOVES_PER_S);
                        if due >= PLAYED {
                            break;
                        }
                        std::thread::sleep(due.saturating_sub(began.elapsed()));
                        if hand.play().is_none() {
                            break;
                        }
                        waits.push((began.elapsed() - due).as_secs_f64() * 1e3);
                    }
                    waits
                })
            })
            .collect();
        playing.into_iter().flat_map(|one| one.join().expect("it plays")).collect()
    });
    let (took, used) = (began.elapsed().as_secs_f64(), cpu_s(process) - before);
    waits.sort_by(f64::total_cmp);
    let at = |per_mille: usize| waits[(waits.len() - 1) * per_mille / 1_000];
    let (p50, p99) = (at(500), at(990));
    println!(
        "{} moves at {:.0} a second, {MOVES_PER_S:.0} wanted: p50 {p50:.1} ms, p999 {:.1} ms; the server took {used:.1} s of a core",
        waits.len(),
        waits.len() as f64 / took,
        at(999)
    );
    println!(
        "RESULT name=creature_move_ms_p99 clients={CONNECTIONS} ours={p99:.2} peer=none limit={MOVE_MS_MAX} ratio={:.4}",
        p99 / MOVE_MS_MAX
    );
}

/// As fast as they are answered.
fn pressed(hands: &mut [Hand], process: u32) {
    let (began, before) = (Instant::now(), cpu_s(process));
    let moves: usize = std::thread::scope(|scope| {
        let plays = |hand: &mut Hand| {
            let mut moves = 0;
            while began.elapsed() < PLAYED && hand.play().is_some() {
                moves += 1;
            }
            moves
        };
        let playing: Vec<_> = hands.iter_mut().map(|hand| scope.spawn(move || plays(hand))).collect();
        playing.into_iter().map(|one| one.join().expect("it plays")).sum()
    });
    let (took, used) = (began.elapsed().as_secs_f64(), cpu_s(process) - before);
    let per_core = moves as f64 / used;
    println!("{moves} moves, {:.0} a second; the server took {used:.1} s of a core", moves as f64 / took);
    println!(
        "RESULT name=creature_rest_moves_per_s clients={CONNECTIONS} ours={per_core:.0} peer=none limit={MOVES_PER_CORE_S_MIN} ratio={:.4}",
        per_core / MOVES_PER_CORE_S_MIN
    );
}

/// Seconds a process has spent on CPUs.
fn cpu_s(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    // User and system time, in hundredths of a second.
    let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}
