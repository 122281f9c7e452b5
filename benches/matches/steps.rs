//! Steps of full matches alone, one after the other on one thread, without a host, replication or sockets: forty participants and the
//! NPCs of the long mode at 30 Hz, and ten at 128 Hz. Autopilots play, whose thoughts people would not cost.

use std::sync::Arc;

use hypogeum_arena::{MatchSetup, SeatSetup, counts, is_over, new_match};
use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_shard::{Seed, Shard, ShardConfig};

#[path = "../harness/mod.rs"]
#[allow(dead_code, reason = "shared with other benches, which use the rest")]
mod harness;

/// Matches that are played at once, so that caches are shared as they are on a server.
const MATCHES: u64 = 16;
/// Seconds of the game before it is measured, and that it is measured for.
const WARM_UP_S: u32 = 30;
const PLAYED_S: u32 = 60;

/// Measures, and prints what matches alone would leave room for.
pub(crate) fn run() {
    let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
    let per_core = played(&content, "extraction", 40, 30);
    println!("steps alone leave room for {per_core:.0} full matches on a core");
    let fast = played(&content, "blitz", 10, 128);
    println!(
        "RESULT name=matches_128_hz_per_core clients=10 ours={fast:.1} peer=none limit=40 ratio={:.4}",
        fast / 40.0
    );
}

/// How many matches of a mode a core steps in real time.
fn played(content: &Arc<Content>, mode: &str, seats: usize, tick_hz: u32) -> f64 {
    let mut shards: Vec<Shard> = (0..MATCHES).map(|number| begin(content, (mode, seats), tick_hz, number)).collect();
    let npcs = counts(shards[0].world_mut()).npcs_alive;
    let (mut steps, mut alive) = (0_u32, 0);
    let mut spent = std::time::Duration::ZERO;
    for step in 0..(WARM_UP_S + PLAYED_S) * tick_hz {
        let is_measured = step >= WARM_UP_S * tick_hz;
        let began = harness::thread_time();
        for shard in shards.iter_mut().filter(|shard| !is_over(shard.world())) {
            shard.step(&[]);
            steps += u32::from(is_measured);
        }
        if is_measured {
            spent += harness::thread_time() - began;
        }
        if step == WARM_UP_S * tick_hz {
            alive = shards.iter_mut().map(|shard| counts(shard.world_mut()).players_alive).sum();
        }
    }
    let step_us = spent.as_secs_f64() * 1e6 / f64::from(steps.max(1));
    println!(
        "{mode}: {seats} participants, {npcs} NPCs at first, {alive} participants of {MATCHES} matches alive as it is measured, \
         {tick_hz} Hz: {step_us:.0} µs a step"
    );
    1e6 / (step_us * f64::from(tick_hz))
}

fn begin(content: &Arc<Content>, (mode, seats): (&str, usize), tick_hz: u32, number: u64) -> Shard {
    let mode = content.modes.id(mode).expect("it ships");
    let seat = |number| SeatSetup {
        account: AccountId(0),
        name: format!("Autopilot {number}"),
        level: 1,
        rating: 1_500,
        autopilot: true,
        items: Vec::new(),
    };
    let setup =
        MatchSetup { match_id: MatchId(number + 1), parties: Vec::new(), mode, seats: (0..seats).map(seat).collect() };
    new_match(ShardConfig { seed: Seed::numbered(number), tick_hz, content: Arc::clone(content) }, &setup)
}
