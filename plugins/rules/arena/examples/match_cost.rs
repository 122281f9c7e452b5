//! Prints what a step of a match of autopilots costs: `cargo run --release -p hypogeum-arena --example match_cost`.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use hypogeum_arena::{MatchSetup, SeatSetup, counts, is_over, new_match};
use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_shard::{Seed, ShardConfig};

fn main() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
    for (key, seats) in [("blitz", 24_u64), ("extraction", 40)] {
        let mode = content.modes.id(key).expect("the mode ships");
        let seat = |number| SeatSetup {
            account: AccountId(0),
            name: format!("Autopilot {number}"),
            level: 1,
            rating: 1_500,
            autopilot: true,
            items: Vec::new(),
        };
        let setup =
            MatchSetup { match_id: MatchId(1), parties: Vec::new(), mode, seats: (0..seats).map(seat).collect() };
        let began = Instant::now();
        let mut shard =
            new_match(ShardConfig { seed: Seed::numbered(7), tick_hz: 30, content: Arc::clone(&content) }, &setup);
        let built_us = began.elapsed().as_micros();
        let mut steps_us: Vec<u128> = Vec::new();
        while !is_over(shard.world()) {
            let began = Instant::now();
            shard.step(&[]);
            steps_us.push(began.elapsed().as_micros());
        }
        let mean = steps_us.iter().sum::<u128>() / steps_us.len().max(1) as u128;
        steps_us.sort_unstable();
        let p99 = steps_us.get(steps_us.len() * 99 / 100).copied().unwrap_or(0);
        let counts = counts(shard.world_mut());
        println!(
            "{key}: built in {built_us} µs; {} steps, mean {mean} µs, p99 {p99} µs, max {} µs; {} of {seats} out, {} NPCs left",
            steps_us.len(),
            steps_us.last().copied().unwrap_or(0),
            counts.players_extracted,
            counts.npcs_alive,
        );
    }
}
