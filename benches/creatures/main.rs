//! Battles of creatures: turns a second on one core, what ten thousand battles at once take, and moves over HTTP.
//!
//! Turns are those of whole cups of 64 machines of the level `veteran`, as shards: built, stepped, every step hashed, and the text log
//! of every battle written. The peer is Pokémon Showdown's simulator, from npm, on random battles of six against six (`-- --peer`; it is
//! installed into a folder of its own): its turn does far more than one of ours, so what is counted for both is turns, and that is all it
//! says. Moves over HTTP are those of people against machines, each on a connection of its own, on the binary with its log on and SQLite;
//! its clients share the cores.

mod moves;
mod peer;

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use hypogeum_content::Content;
use hypogeum_creature_messages::{CreatureId, CreatureStats, EntrantSetup, GameId, TournamentSetup, TournamentView};
use hypogeum_creatures::{Tournament, battle_log};
use hypogeum_protocol::{AccountId, Seat};
use hypogeum_shard::{Command, CommandBody, Seed, Shard, ShardConfig, TurnBasedKind, build_shard};

#[path = "../harness/mod.rs"]
mod harness;

const CUPS: u64 = 40;
const BATTLES_AT_ONCE: usize = 10_000;
/// Wanted: the memory of a battle, a cup of 64, and how many times the peer's turns.
const BATTLE_KB_MAX: f64 = 8.0;
const CUP_MS_MAX: f64 = 50.0;

fn main() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let content = Arc::new(Content::load(&assets).expect("what ships is good"));
    let ours = turns(&content);
    if std::env::args().any(|argument| argument == "--peer") {
        harness::result("creature_turns_per_s", 1, ours, peer::turns_per_s());
    } else {
        println!("RESULT name=creature_turns_per_s clients=1 ours={ours:.0} peer=none");
    }
    memory(&content);
    moves::measure();
}

fn shard(content: &Arc<Content>, seed: u64, people: u64) -> Shard {
    let person = |number: u64| EntrantSetup {
        creature: CreatureId(1 + number),
        owner: AccountId(1 + number),
        owner_name: format!("person{number}"),
        name: format!("Creature {number}"),
        kind: "emberfox".to_owned(),
        stats: CreatureStats::of_values([12, 10, 10, 12, 10]),
        points: 0,
    };
    let setup = TournamentSetup {
        game: GameId(seed),
        tournament: "cup".to_owned(),
        entrants: (0..people).map(person).collect(),
        size: 64,
        fill: Some("veteran".to_owned()),
        begins_unix_ms: 0,
    };
    let config = ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content: Arc::clone(content) };
    build_shard::<Tournament>(config, &setup).expect("it can be played")
}

fn step(shard: &mut Shard) {
    let body = CommandBody::Custom { seq: 0, body: Tournament::clock(0).into() };
    shard.step(&[Command { seat: Seat(0), body }]);
}

/// Whole cups; turns of all their battles a second.
fn turns(content: &Arc<Content>) -> f64 {
    let (mut turns, mut times, mut bytes) = (0_usize, Vec::new(), 0);
    let began = harness::thread_time();
    for seed in 1..=CUPS {
        let before = Instant::now();
        let mut cup = shard(content, seed, 0);
        step(&mut cup);
        while Tournament::has_more(cup.world()) {
            step(&mut cup);
        }
        times.push(before.elapsed().as_secs_f64() * 1e3);
        let view = TournamentView::decode(&Tournament::overview(cup.world())).expect("it shows itself");
        for pairing in &view.pairings {
            let log = battle_log(cup.world(), pairing.number, 1).expect("it was fought");
            turns += log.lines().filter(|line| line.starts_with("|turn|")).count();
            bytes += log.len();
        }
    }
    let took = (harness::thread_time() - began).as_secs_f64();
    let battles = CUPS * 63;
    println!(
        "{battles} battles, {turns} turns, {bytes} bytes of logs in {took:.2} s: {:.0} battles a second",
        battles as f64 / took
    );
    let median = harness::median(times);
    println!(
        "RESULT name=creature_tournament_64_ms clients=1 ours={median:.2} peer=none limit={CUP_MS_MAX} ratio={:.4}",
        median / CUP_MS_MAX
    );
    turns as f64 / took
}

/// Ten thousand battles that wait for people, as they are in the first rounds of cups of 64.
fn memory(content: &Arc<Content>) {
    let before = resident_kb(std::process::id());
    let mut shards = Vec::new();
    let mut battles = 0;
    while battles < BATTLES_AT_ONCE {
        let mut cup = shard(content, shards.len() as u64 + 1, 64);
        step(&mut cup);
        battles += TournamentView::decode(&Tournament::overview(cup.world())).expect("it shows itself").battles.len();
        shards.push(cup);
    }
    let each = (resident_kb(std::process::id()) - before) / battles as f64;
    println!("{battles} battles in {} shards", shards.len());
    println!(
        "RESULT name=creature_battle_kb clients={battles} ours={each:.2} peer=none limit={BATTLE_KB_MAX} ratio={:.4}",
        each / BATTLE_KB_MAX
    );
}

/// Memory of a process, in KiB.
fn resident_kb(process: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("it has memory");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}
