//! What a storm costs in which many grab one thing in one step: `cargo run --release -p hypogeum-items --example storm_cost`.
//!
//! Prints the time of such a step by how many grab, and what each of them costs.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_combat::{CombatPlugin, Health};
use hypogeum_content::Content;
use hypogeum_items::{Inventory, ItemRequest, ItemsPlugin, Mint, Place, mint_item, spawn_item};
use hypogeum_protocol::{Act, NetId};
use hypogeum_shard::{NetIds, Seed, Shard, ShardConfig};
use hypogeum_space::{METRE, Obstacles, Position, SpacePlugin};

const STEPS: u32 = 50;

fn main() {
    let content = Content::from_files([("items/gem.ron", "(name: \"Gem\", kind: Valuable)")]).expect("it is sound");
    let content = Arc::new(content);
    for grabbers in [10, 100, 1_000, 10_000] {
        let took = storm(&content, grabbers);
        let each = took.as_nanos() / u128::from(grabbers);
        println!("RESULT name=storm_of_{grabbers} step_us={} each_ns={each}", took.as_micros());
    }
}

/// The time of a step in which so many grab one thing, on average; exactly one gets it.
fn storm(content: &Arc<Content>, grabbers: u32) -> Duration {
    let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 10, content: Arc::clone(content) };
    let mut shard = Shard::new(config, |app| {
        app.add_plugins((SpacePlugin, CombatPlugin, ItemsPlugin));
        app.world_mut().insert_resource(Obstacles::new(100 * METRE, Vec::new()));
        app.world_mut().insert_resource(Mint { origin: 1, next_serial: 0 });
    });
    let at = Position { x: 10 * METRE, y: 10 * METRE };
    let world = shard.world_mut();
    let crowd: Vec<NetId> = (0..grabbers)
        .map(|_| {
            let name = world.resource_mut::<NetIds>().allocate();
            let inventory = Inventory { slots: 64, version: 0, count: 0, unarmed: None };
            world.spawn((name, at, inventory, Health { hp: 1, hp_max: 1 }));
            name.0
        })
        .collect();
    let gem = content.items.id("gem").expect("it is there");
    let mut took = Duration::ZERO;
    for _ in 0..STEPS {
        let item = mint_item(shard.world_mut(), gem);
        let item = spawn_item(shard.world_mut(), item, Place::Ground, at);
        for &who in &crowd {
            shard.world_mut().write_message(ItemRequest { who, seq: 1, act: Act::PickUp { item }.into(), seen: None });
        }
        let began = Instant::now();
        shard.step(&[]);
        took += began.elapsed();
    }
    let world = shard.world_mut();
    let held: u32 = world.query::<&Inventory>().iter(world).map(|inventory| inventory.count).sum();
    assert_eq!(held, STEPS, "in each step exactly one gets it");
    took / STEPS
}
