//! How many times faster than it was played a match is played again from its log, every recorded state compared.
//!
//! The match is the long one: 40 participants, all played by bots through sessions and datagrams in this process, and some
//! 300 NPCs, recorded as a server records it and put away. Then it is replayed as `hypogeum replay` does, on one thread.
//! There is no peer: no other server can do it at all.

use std::path::Path;
use std::time::{Duration, Instant};

use hypogeum_arena::Arena;
use hypogeum_journal::{LogReader, Replay, verify};
use hypogeum_shard::ShardKinds;

use long_match::{MATCH, PLAYERS, play, shipped};

#[path = "../harness/mod.rs"]
mod harness;
#[path = "../harness/long_match.rs"]
mod long_match;

const TURNS: usize = 5;
/// What is wanted, times real time.
const GOAL: f64 = 500.0;

fn main() {
    let content = shipped();
    let data = tempfile::tempdir().expect("a folder");
    let house = play(&content, data.path());
    let (path, key) = (house.logs.finished(MATCH.into()), house.public_key);
    drop(house);

    let began = Instant::now();
    let verified = verify(&path, Some(key)).expect("the log is what was written");
    assert!(verified.complete, "the log has its end");
    println!(
        "{} ticks, {} records, {} KB; verified in {:.3} s",
        verified.ticks,
        verified.records,
        std::fs::metadata(&path).map_or(0, |about| about.len() / 1_024),
        began.elapsed().as_secs_f64(),
    );
    println!("reading alone takes {:.3} s", reading(&path).as_secs_f64());
    let mut times = Vec::new();
    for turn in 1..=TURNS {
        let before = harness::thread_time();
        let mut replay = Replay::open(&ShardKinds::default().with_match::<Arena>(), &path).expect("the log opens");
        let replayed = replay.run(None, |_| ()).expect("the log is whole").clone();
        let took = harness::thread_time() - before;
        assert_eq!(replayed.divergence, None, "every state is as recorded");
        assert_eq!(replayed.settlement_agrees, Some(true), "and so is what it was worth");
        let played_s = f64::from(replayed.ticks) / f64::from(replay.header().tick_hz);
        let factor = played_s / took.as_secs_f64();
        println!(
            "turn {turn}: {} ticks, {} states compared, {:.3} s, {:.1} µs a tick, {factor:.0} times real time",
            replayed.ticks,
            replayed.hashes_compared,
            took.as_secs_f64(),
            took.as_secs_f64() * 1e6 / f64::from(replayed.ticks),
        );
        times.push(factor);
    }
    // There is no peer; what is wanted stands in its place.
    harness::result("replay_times_real_time", PLAYERS, harness::median(times), GOAL);
}

fn reading(path: &Path) -> Duration {
    let before = harness::thread_time();
    let (mut reader, _) = LogReader::open(path).expect("the log opens");
    while reader.next_entry().expect("the log is whole").is_some() {}
    harness::thread_time() - before
}
