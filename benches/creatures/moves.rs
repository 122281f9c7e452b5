//! Moves over HTTP, of people against machines.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hypogeum_client::{Api, NewGame};
use hypogeum_creature_messages::{BattleMove, CreatureStats};
use hypogeum_testkit::TestServer;

/// Who plays at once, each on a connection of its own.
const PEOPLE: usize = 64;
const PLAYED: Duration = Duration::from_secs(20);
/// Wanted: 99 of 100 moves answered within this, and so many a second.
const MOVE_MS_MAX: f64 = 5.0;
const MOVES_PER_S: f64 = 5_000.0;

pub(crate) fn measure() {
    let data = tempfile::tempdir().expect("a folder");
    let settings = [
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_WORLD__OPEN", "false"),
        ("HYPOGEUM_RATES__ACCOUNT__PER_S", "1000"),
        ("HYPOGEUM_RATES__ACCOUNT__BURST", "1000"),
    ];
    let server = TestServer::start(env!("CARGO_BIN_EXE_hypogeum"), data.path(), &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));
    let (url, is_over) = (server.url.as_str(), &AtomicBool::new(false));
    let before = cpu_s(server.process());
    let began = Instant::now();
    let mut waits: Vec<f64> = std::thread::scope(|scope| {
        let playing: Vec<_> = (0..PEOPLE).map(|number| scope.spawn(move || play(url, number, is_over))).collect();
        std::thread::sleep(PLAYED);
        is_over.store(true, Ordering::Relaxed);
        playing.into_iter().flat_map(|one| one.join().expect("it plays")).collect()
    });
    let (took, used) = (began.elapsed().as_secs_f64(), cpu_s(server.process()) - before);
    waits.sort_by(f64::total_cmp);
    let at = |per_mille: usize| waits[(waits.len() - 1) * per_mille / 1_000];
    let (per_s, per_core) = (waits.len() as f64 / took, waits.len() as f64 / used);
    println!(
        "{} moves of {PEOPLE} people: p50 {:.1} ms, {per_s:.0} a second; the server took {used:.1} s of a core",
        waits.len(),
        at(500)
    );
    let p99 = at(990);
    println!(
        "RESULT name=creature_move_ms_p99 clients={PEOPLE} ours={p99:.2} peer=none limit={MOVE_MS_MAX} ratio={:.4}",
        p99 / MOVE_MS_MAX
    );
    println!(
        "RESULT name=creature_rest_moves_per_s clients={PEOPLE} ours={per_core:.0} peer=none limit={MOVES_PER_S} ratio={:.4}",
        per_core / MOVES_PER_S
    );
    let _ = server.terminate();
}

/// Duels against the weakest machines until it is over; how long each move waited, in milliseconds.
fn play(url: &str, number: usize, is_over: &AtomicBool) -> Vec<f64> {
    let api = Api::new(url).expect("a URL");
    let login = api.guest(&format!("Duellist{number}")).expect("guests are let in");
    let creature =
        api.create_creature(&login, ("Cinder", "emberfox"), CreatureStats::default()).expect("it can be made");
    let mut waits = Vec::new();
    while !is_over.load(Ordering::Relaxed) {
        let game = NewGame {
            tournament: "duel".to_owned(),
            creatures: vec![creature.id],
            size: 2,
            opponents: Some("novice".to_owned()),
            key: String::new(),
        };
        // The game before is being put away.
        let Ok(mut view) = api.start_game(&login, &game) else {
            std::thread::sleep(Duration::from_millis(5));
            continue;
        };
        while let (false, Some(battle)) = (is_over.load(Ordering::Relaxed), view.battles.first()) {
            let began = Instant::now();
            view = api.make_move(&login, view.game, (0, battle), BattleMove::Attack).expect("it fights");
            waits.push(began.elapsed().as_secs_f64() * 1e3);
        }
    }
    waits
}

/// Seconds a process has spent on CPUs.
fn cpu_s(process: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("it runs");
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    // User and system time, in hundredths of a second.
    let ticks = |at: usize| fields[at].parse::<f64>().expect("a number");
    (ticks(11) + ticks(12)) / 100.0
}
