//! Ten thousand minds at once: what a step of a shard takes in which nobody plays and wolves and raiders live by the thousand.
//!
//! The ground is open, a kilometre a side, so most minds have enemies about. The whole step is measured: perceiving, deciding,
//! walking, fighting and the state hash. Between two steps somebody new comes for each who died, so that there are always as many.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use bevy_ecs::prelude::{With, Without};
use hypogeum_combat::{CombatPlugin, Dead};
use hypogeum_content::Content;
use hypogeum_items::ItemsPlugin;
use hypogeum_npc::{Npc, NpcPlugin, spawn_npc};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Rules, Seed, Shard, ShardConfig};
use hypogeum_space::{METRE, Obstacles, Position, SpacePlugin};

const MINDS: u32 = 10_000;
const SIDE: i32 = 1_000 * METRE;
const WARM_UP_STEPS: u32 = 60;
const STEPS: u32 = 300;
/// What a step may take.
const STEP_MS_MAX: f64 = 5.0;

/// Measures, and prints the result.
pub(crate) fn run() {
    let (mut shard, mut dice) = (empty(), Dice::new(Seed::numbered(1), 0, NetId::NONE, Purpose::named("minds")));
    let mut came = fill(&mut shard, &mut dice);
    let mut took = Vec::new();
    for step in 0..WARM_UP_STEPS + STEPS {
        let began = Instant::now();
        shard.step(&[]);
        if step >= WARM_UP_STEPS {
            took.push(began.elapsed());
        }
        came += fill(&mut shard, &mut dice);
    }
    took.sort_unstable();
    let ms = |at: usize| took[at].as_secs_f64() * 1_000.0;
    let (median, p99) = (ms(took.len() / 2), ms(took.len() * 99 / 100));
    println!("{MINDS} minds, {came} came in all: a step takes {median:.2} ms, p99 {p99:.2} ms");
    println!(
        "RESULT name=minds_10000_ms clients=0 ours={median:.2} peer=none limit={STEP_MS_MAX} ratio={:.4}",
        median / STEP_MS_MAX
    );
}

/// Lets so many in that [`MINDS`] live, anywhere, and says how many came.
fn fill(shard: &mut Shard, dice: &mut Dice) -> u32 {
    let kinds = {
        let npcs = &shard.world().resource::<Rules>().content.npcs;
        ["wolf", "raider", "rat"].map(|key| npcs.id(key).expect("it ships"))
    };
    let world = shard.world_mut();
    let living = world.query_filtered::<(), (With<Npc>, Without<Dead>)>().iter(world).count();
    let wanted = MINDS.saturating_sub(u32::try_from(living).expect("it is a crowd, no more"));
    for number in 0..wanted {
        let at = Position { x: dice.between(METRE, SIDE - METRE), y: dice.between(METRE, SIDE - METRE) };
        let kind = kinds[number as usize % kinds.len()];
        spawn_npc(world, kind, at, dice.bits() as u16).expect("the content has it");
    }
    wanted
}

fn empty() -> Shard {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
    let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content };
    Shard::new(config, |app| {
        app.add_plugins((SpacePlugin, CombatPlugin, ItemsPlugin, NpcPlugin));
        app.insert_resource(Obstacles::new(SIDE, Vec::new()));
    })
}
