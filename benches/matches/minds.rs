//! Ten thousand minds at once: what a step of a shard takes in which nobody plays and wolves and raiders live by the thousand.
//!
//! The ground is open, a kilometre a side, so most minds have enemies about. The whole step is measured: perceiving, deciding,
//! walking, fighting and the state hash. Who dies is not replaced, so the count at the end is printed, too.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_combat::CombatPlugin;
use hypogeum_content::Content;
use hypogeum_items::ItemsPlugin;
use hypogeum_npc::{Npc, NpcPlugin, spawn_npc};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Seed, Shard, ShardConfig};
use hypogeum_space::{METRE, Obstacles, Position, SpacePlugin};

const MINDS: u32 = 10_000;
const SIDE: i32 = 1_000 * METRE;
const WARM_UP_STEPS: u32 = 60;
const STEPS: u32 = 300;
/// What a step may take.
const STEP_MS_MAX: f64 = 5.0;

/// Measures, and prints the result.
pub(crate) fn run() {
    let mut shard = crowd();
    for _ in 0..WARM_UP_STEPS {
        shard.step(&[]);
    }
    let mut took: Vec<Duration> = (0..STEPS)
        .map(|_| {
            let began = Instant::now();
            shard.step(&[]);
            began.elapsed()
        })
        .collect();
    took.sort_unstable();
    let ms = |at: usize| took[at].as_secs_f64() * 1_000.0;
    let (median, p99) = (ms(took.len() / 2), ms(took.len() * 99 / 100));
    let world = shard.world_mut();
    let left = world.query::<&Npc>().iter(world).count();
    assert!(left > 0, "somebody is left to think");
    println!("{MINDS} minds at first, {left} at the end: a step takes {median:.2} ms, p99 {p99:.2} ms");
    println!(
        "RESULT name=minds_10000_ms clients=0 ours={median:.2} peer=none limit={STEP_MS_MAX} ratio={:.4}",
        median / STEP_MS_MAX
    );
}

fn crowd() -> Shard {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
    let kinds = ["wolf", "raider", "rat"].map(|key| content.npcs.id(key).expect("it ships"));
    let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content };
    let mut shard = Shard::new(config, |app| {
        app.add_plugins((SpacePlugin, CombatPlugin, ItemsPlugin, NpcPlugin));
        app.insert_resource(Obstacles::new(SIDE, Vec::new()));
    });
    let mut dice = Dice::new(Seed::numbered(1), 0, NetId::NONE, Purpose::named("minds"));
    for number in 0..MINDS {
        let at = Position { x: dice.between(METRE, SIDE - METRE), y: dice.between(METRE, SIDE - METRE) };
        let kind = kinds[number as usize % kinds.len()];
        spawn_npc(shard.world_mut(), kind, at, dice.bits() as u16).expect("the content has it");
    }
    shard
}
