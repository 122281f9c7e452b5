//! Bots in a scripted world, through the same messages a server would send.

mod fake;

use std::sync::Arc;
use std::time::Duration;

use fake::{FakeWorld, METRE};
use hypogeum_client::{Client, MemoryWire};
use hypogeum_loadbots::{Behaviour, Bot, Crew, Orders, Stage};
use hypogeum_protocol::{
    Act, Block, CarriedItem, ClientMessage, ExitInfo, GameEvent, ItemId, NetId, Outcome, PoiInfo, Record, RecordKind,
    ServerMessage, StashItem,
};

const TICK: Duration = Duration::from_nanos(33_333_333);

fn bot(wire: MemoryWire, behaviour: &str, seed: u64) -> Bot<MemoryWire> {
    let behaviour = Behaviour::shipped(behaviour).expect("it ships").expect("it reads");
    let orders = Orders { mode: "blitz".into(), queue_again: false };
    Bot::new("bot-001".into(), Client::new(wire), Arc::new(behaviour), orders, seed)
}

fn run(bot: Bot<MemoryWire>, world: &mut FakeWorld, ticks: u32) -> Crew<MemoryWire> {
    let mut crew = Crew::default();
    crew.join(bot);
    for _ in 0..ticks {
        crew.poll(TICK);
        crew.tick();
        world.step();
        if world.settled.is_some() {
            break;
        }
    }
    crew.poll(TICK);
    crew
}

fn exit_at(x_m: i32, y_m: i32, opens_tick: u32, closes_tick: u32) -> ExitInfo {
    ExitInfo { x: x_m * METRE, y: y_m * METRE, radius: 3 * METRE, opens_tick, closes_tick, channel_ticks: 60 }
}

fn record(id: u32, kind: RecordKind, x_m: i32, y_m: i32) -> Record {
    let (x, y) = (x_m * METRE, y_m * METRE);
    Record { id: NetId(id), kind, template: 0, x, y, heading: 0, hp_band: 0, extent: 0 }
}

#[test]
fn a_bot_gets_out_by_an_exit_behind_a_wall() {
    for behaviour in Behaviour::shipped_names() {
        for seed in 0..4 {
            let (wire, mut world) = FakeWorld::new();
            // A pocket open to the left: straight ahead is a dead end.
            let wall = |x_min, y_min, x_max, y_max| Block {
                x_min: x_min * METRE,
                y_min: y_min * METRE,
                x_max: x_max * METRE,
                y_max: y_max * METRE,
            };
            world.walls = vec![wall(30, 5, 31, 45), wall(12, 44, 30, 45), wall(12, 5, 30, 6)];
            world.here = (25 * METRE, 25 * METRE);
            world.exits = vec![exit_at(50, 25, 600, 2_000)];
            world.ends_tick = 2_100;
            let crew = run(bot(wire, behaviour, seed), &mut world, 2_500);
            assert_eq!(world.settled, Some(Outcome::Extracted), "{behaviour} with seed {seed} gets out");
            let report = crew.report();
            assert_eq!((report.connected, report.matches_settled), (1, 1), "and the report says so: {report:?}");
            assert_eq!(crew.bots()[0].stage(), Stage::Done, "it wants no second match");
            assert!(crew.all_settled_once(), "the crew is done");
        }
    }
}

#[test]
fn of_two_exits_a_bot_takes_the_one_that_is_still_open_when_it_arrives() {
    let (wire, mut world) = FakeWorld::new();
    world.here = (30 * METRE, 30 * METRE);
    // The near one closes before its channel could be over.
    world.exits = vec![exit_at(32, 30, 0, 40), exit_at(55, 55, 0, 900)];
    world.ends_tick = 1_000;
    run(bot(wire, "pacifist", 1), &mut world, 1_200);
    assert_eq!(world.settled, Some(Outcome::Extracted), "by the far exit");
}

#[test]
fn a_bot_picks_up_a_sword_wears_it_and_heals_when_hurt() {
    let (wire, mut world) = FakeWorld::new();
    world.records = vec![record(40, RecordKind::Item, 14, 12)];
    let medkit = CarriedItem { id: NetId(41), item: ItemId::default(), template: "medkit".into(), equipped: false };
    world.inventory = vec![medkit];
    world.hp = 30;
    run(bot(wire, "contender", 3), &mut world, 400);
    let acts = world.heard.iter().filter_map(|message| match message {
        ClientMessage::Act { act, .. } => Some(*act),
        _ => None,
    });
    let acts: Vec<Act> = acts.collect();
    assert!(acts.contains(&Act::Use { item: NetId(41) }), "it heals: {acts:?}");
    assert!(acts.contains(&Act::PickUp { item: NetId(40) }), "it picks the sword up: {acts:?}");
    assert!(acts.contains(&Act::Equip { item: NetId(40) }), "it wears it: {acts:?}");
    assert!(acts.len() < 12, "and does not do so over and over: {acts:?}");
}

#[test]
fn a_contender_fights_and_a_pacifist_never_strikes() {
    for (behaviour, fights) in [("contender", true), ("hunter", true), ("pacifist", false)] {
        let (wire, mut world) = FakeWorld::new();
        world.records = vec![Record { hp_band: 5, ..record(50, RecordKind::Npc, 20, 10) }];
        world.pois = vec![PoiInfo { kind: "camp".into(), x: 20 * METRE, y: 12 * METRE, radius: 4 * METRE }];
        run(bot(wire, behaviour, 2), &mut world, 600);
        assert_eq!(world.hits > 0, fights, "{behaviour} struck {} times", world.hits);
        assert_eq!(world.records.is_empty(), fights, "{behaviour}'s opponent is dead or well");
    }
}

/// Whether a contender at (10, 10) used an ability on a player so many metres to its right.
fn strikes_a_player(metres: i32, at_exit: bool, is_struck: bool) -> bool {
    let (wire, mut world) = FakeWorld::new();
    world.here = (10 * METRE, 10 * METRE);
    world.pois = vec![PoiInfo { kind: "camp".into(), x: 10 * METRE, y: 10 * METRE, radius: 4 * METRE }];
    world.records = vec![Record { hp_band: 15, ..record(50, RecordKind::Player, 10 + metres, 10) }];
    if at_exit {
        world.exits = vec![exit_at(10, 10, 0, 400)];
        world.ends_tick = 400;
    }
    let mut crew = Crew::default();
    crew.join(bot(wire, "contender", 3));
    for _ in 0..60 {
        crew.poll(TICK);
        crew.tick();
        world.step();
        if is_struck {
            let blow = GameEvent::Damaged { source: NetId(50), target: fake::AVATAR, amount: 5, critical: false };
            world.say(&ServerMessage::Events { tick: 30, events: vec![blow] });
        }
    }
    world.heard.iter().any(|message| match message {
        ClientMessage::Inputs { batch } => batch.iter().any(|input| input.ability != 0),
        _ => false,
    })
}

#[test]
fn a_contender_strikes_players_who_come_close_or_struck_it_and_keeps_peace_at_an_exit() {
    assert!(strikes_a_player(3, false, false), "three metres are too close");
    assert!(!strikes_a_player(12, false, false), "twelve are none of its business");
    assert!(strikes_a_player(12, false, true), "unless that player struck it");
    assert!(!strikes_a_player(2, true, false), "on its way out it leaves even a near one alone");
    assert!(strikes_a_player(2, true, true), "but strikes back");
}

#[test]
fn a_bot_leaves_a_gas_cloud_and_stays_out_of_it() {
    let (wire, mut world) = FakeWorld::new();
    world.here = (20 * METRE, 20 * METRE);
    world.pois = vec![PoiInfo { kind: "ruin".into(), x: 20 * METRE, y: 20 * METRE, radius: 4 * METRE }];
    world.records = vec![Record { extent: 60, ..record(60, RecordKind::Hazard, 21, 20) }];
    run(bot(wire, "contender", 5), &mut world, 300);
    let (dx, dy) = (f64::from(world.here.0 - 21 * METRE), f64::from(world.here.1 - 20 * METRE));
    assert!(dx.hypot(dy) > f64::from(6 * METRE), "it stands at {:?}, outside the cloud", world.here);
}

#[test]
fn a_bot_outside_a_storms_circle_walks_into_it() {
    let (wire, mut world) = FakeWorld::new();
    world.here = (3 * METRE, 3 * METRE);
    world.records = vec![Record { extent: 200, ..record(60, RecordKind::Storm, 30, 30) }];
    run(bot(wire, "contender", 5), &mut world, 300);
    let (dx, dy) = (f64::from(world.here.0 - 30 * METRE), f64::from(world.here.1 - 30 * METRE));
    assert!(dx.hypot(dy) < f64::from(20 * METRE), "it stands at {:?}, inside the circle", world.here);
}

#[test]
fn a_bot_brings_its_loadout_and_sends_one_batch_a_tick() {
    let (wire, mut world) = FakeWorld::new();
    let sword = ItemId { origin: ItemId::STARTER_BIT | 6, serial: 1 };
    world.stash = vec![StashItem { item: sword, template: "rusty_sword".into() }];
    run(bot(wire, "contender", 1), &mut world, 100);
    let chosen = world.heard.iter().find_map(|message| match message {
        ClientMessage::ChooseLoadout { items } => Some(items.clone()),
        _ => None,
    });
    assert_eq!(chosen, Some(vec![sword]), "the sword comes along");
    let batches = world.heard.iter().filter(|message| matches!(message, ClientMessage::Inputs { .. })).count();
    let ticks = world.tick as usize;
    assert!((ticks.saturating_sub(4)..=ticks).contains(&batches), "{batches} batches in {ticks} ticks");
}

#[test]
fn the_same_seed_and_world_give_the_same_play() {
    let heard = |seed| {
        let (wire, mut world) = FakeWorld::new();
        world.records = vec![Record { hp_band: 9, ..record(50, RecordKind::Npc, 25, 20) }];
        run(bot(wire, "contender", seed), &mut world, 200);
        world.heard
    };
    assert_eq!(heard(4), heard(4), "chance comes from the seed alone");
    assert_ne!(heard(4), heard(5), "and another seed plays otherwise");
}
