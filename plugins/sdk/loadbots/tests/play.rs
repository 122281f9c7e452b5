//! Bots in a scripted world, through the same messages a server would send.

mod fake;

use std::sync::Arc;
use std::time::Duration;

use fake::{FakeWorld, METRE};
use hypogeum_client::{Client, MemoryWire};
use hypogeum_loadbots::{Behaviour, Bot, BotPool, Orders, Stage};
use hypogeum_protocol::{
    Act, Block, CarriedItem, ClientMessage, ExitInfo, GameEvent, ItemId, ItemState, NetId, Outcome, PoiInfo, Record,
    RecordKind, ServerMessage, StashItem,
};

const TICK: Duration = Duration::from_nanos(33_333_333);

fn bot(wire: MemoryWire, behaviour: &str, seed: u64) -> Bot<MemoryWire> {
    let behaviour = Behaviour::shipped(behaviour).expect("it ships").expect("it reads");
    let orders = Orders { mode: "blitz".into(), queue_again: false };
    Bot::new("bot-001".into(), Client::new(wire), Arc::new(behaviour), orders, seed)
}

fn run(bot: Bot<MemoryWire>, world: &mut FakeWorld, ticks: u32) -> BotPool<MemoryWire> {
    let mut pool = BotPool::default();
    pool.join(bot);
    for _ in 0..ticks {
        pool.poll(TICK);
        pool.tick();
        world.step();
        if world.settled.is_some() {
            break;
        }
    }
    pool.poll(TICK);
    pool
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
            let pool = run(bot(wire, behaviour, seed), &mut world, 2_500);
            assert_eq!(world.settled, Some(Outcome::Extracted), "{behaviour} with seed {seed} gets out");
            let report = pool.report();
            assert_eq!((report.connected, report.matches_settled), (1, 1), "and the report says so: {report:?}");
            assert_eq!(pool.bots()[0].stage(), Stage::Done, "it wants no second match");
            assert!(pool.all_settled_once(), "the pool is done");
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
    let medkit = CarriedItem {
        id: NetId(41),
        item: ItemId::default(),
        template: "medkit".into(),
        equipped: false,
        state: ItemState::default(),
        version: 0,
    };
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
    let mut pool = BotPool::default();
    pool.join(bot(wire, "contender", 3));
    for _ in 0..60 {
        pool.poll(TICK);
        pool.tick();
        world.step();
        if is_struck {
            let blow = GameEvent::Damaged { source: NetId(50), target: fake::AVATAR, amount: 5, critical: false };
            world.say(&ServerMessage::Events { tick: 30, events: vec![blow] });
        }
    }
    has_struck(&world.heard)
}

/// Whether an ability is used in what was heard.
fn has_struck(heard: &[ClientMessage]) -> bool {
    heard.iter().any(|message| match message {
        ClientMessage::Inputs { batch } => batch.iter().any(|input| input.ability != 0),
        _ => false,
    })
}

/// Whether a contender at (10, 10), once it knows that it plays for team 2, uses an ability on a player of a team beside it.
fn strikes_one_of_team(team: u16) -> bool {
    let (wire, mut world) = FakeWorld::new();
    world.here = (10 * METRE, 10 * METRE);
    world.pois = vec![PoiInfo { kind: "camp".into(), x: 10 * METRE, y: 10 * METRE, radius: 4 * METRE }];
    world.records = vec![Record { hp_band: 15, template: team, ..record(50, RecordKind::Player, 12, 10) }];
    let mut pool = BotPool::default();
    pool.join(bot(wire, "contender", 3));
    let mut heard_before = 0;
    for tick in 0..120 {
        pool.poll(TICK);
        pool.tick();
        world.step();
        let told = GameEvent::TeamTold { who: fake::AVATAR, team: 2 };
        world.say(&ServerMessage::Events { tick: 30, events: vec![told] });
        if tick == 60 {
            heard_before = world.heard.len();
        }
    }
    has_struck(&world.heard[heard_before..])
}

#[test]
fn a_team_mate_is_no_enemy() {
    assert!(strikes_one_of_team(1), "one of another team is");
    assert!(!strikes_one_of_team(2), "one of its own is not");
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
    world.stash = vec![StashItem { item: sword, template: "rusty_sword".into(), state: ItemState::default() }];
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

/// Two bots in view of each other, who see where the other looked so many ticks ago, and now and then a head turned
/// otherwise; after so many ticks.
fn beacons(late_ticks: usize, shown: bool, ticks: u32) -> BotPool<MemoryWire> {
    let mut pool = BotPool::default();
    let mut worlds: Vec<FakeWorld> = Vec::new();
    for number in 1..=2 {
        let (wire, mut world) = FakeWorld::new();
        world.avatar = NetId(number);
        pool.join(bot(wire, "contender", u64::from(number)));
        worlds.push(world);
    }
    pool.place_beacons();
    let mut aims = vec![[0_u8; 2]; late_ticks];
    for tick in 0..ticks {
        pool.poll(TICK);
        pool.tick();
        aims.push([0, 1].map(|index: usize| (worlds[index].last.aim >> 8) as u8));
        let [first, second] = aims[tick as usize];
        // What somebody else did to it: not what was announced.
        let stray = u8::from(tick % 3 == 0);
        for (world, other, heading) in [(0, 2, second), (1, 1, first)] {
            let heading = if shown { heading.wrapping_add(stray) } else { 99 };
            worlds[world].records = vec![Record { heading, hp_band: 15, ..record(other, RecordKind::Player, 18, 18) }];
            worlds[world].step();
        }
    }
    pool
}

#[test]
fn a_turned_head_is_seen_as_late_as_the_world_shows_it() {
    for late_ticks in [2, 9] {
        let report = beacons(late_ticks, true, 900).report();
        let latency = report.play.latency;
        assert!(latency.time.count >= 20, "in half a minute two heads turn often: {latency:?}");
        assert_eq!((latency.unseen, latency.out_of_sight), (0, 0), "and are seen: {latency:?}");
        let tick_us = TICK.as_micros() as u64;
        // One tick there, so many late, one back; and one more where a stray turn hid it.
        let (least, most) = (late_ticks as u64 * tick_us, (late_ticks as u64 + 4) * tick_us);
        assert!(latency.time.p50_us >= least, "not before it is shown: {latency:?}");
        assert!(latency.time.max_us <= most, "and not much later: {latency:?}");
    }
}

#[test]
fn a_head_nobody_sees_turn_is_told_apart_from_one_out_of_sight() {
    let latency = beacons(0, false, 900).report().play.latency;
    assert_eq!(latency.time.count, 0, "nobody ever sees a turn: {latency:?}");
    assert!(latency.unseen >= 2, "each waits ten seconds for it: {latency:?}");
}

#[test]
fn a_crew_that_decides_every_third_tick_takes_turns_and_misses_no_tick() {
    let mut pool = BotPool::deciding_every(3);
    let mut worlds = Vec::new();
    for number in 0..6 {
        let (wire, world) = FakeWorld::new();
        pool.join(bot(wire, "contender", number));
        worlds.push(world);
    }
    let is_input = |message: &&ClientMessage| matches!(message, ClientMessage::Inputs { .. });
    let mut deciding = Vec::new();
    for _ in 0..90 {
        pool.poll(TICK);
        pool.tick();
        let mut decided = 0;
        for world in &mut worlds {
            let before = world.heard.iter().filter(is_input).count();
            world.step();
            decided += usize::from(world.heard.iter().filter(is_input).count() > before);
        }
        deciding.push(decided);
    }
    assert!(deciding.iter().skip(30).all(|decided| *decided == 2), "a third of six each tick: {deciding:?}");
    for world in &worlds {
        let behind = world.tick.abs_diff(world.last.seq);
        assert!(behind <= 6, "{} inputs in {} ticks", world.last.seq, world.tick);
    }
}

#[test]
fn what_was_before_measuring_belongs_to_the_warm_up() {
    let (wire, mut world) = FakeWorld::new();
    world.ends_tick = 3_000;
    let mut pool = BotPool::default();
    pool.join(bot(wire, "contender", 1));
    let mut pass = |pool: &mut BotPool<MemoryWire>, ticks: u32| {
        for _ in 0..ticks {
            pool.poll(TICK);
            pool.tick();
            world.step();
        }
    };
    pass(&mut pool, 60);
    assert!(pool.all_entered(), "it is in its match");
    pool.begin_measuring();
    pass(&mut pool, 300);
    let report = pool.report();
    assert!((report.warm_up.seconds - 2.0).abs() < 0.1, "two seconds of warm-up: {:?}", report.warm_up);
    assert!((report.play.seconds - 10.0).abs() < 0.1, "ten seconds of play: {:?}", report.play);
    assert!((report.play.snapshot_hz_mean - 30.0).abs() < 0.5, "a snapshot a tick: {:?}", report.play);
    assert!(report.snapshots > report.play.snapshot_interval.count, "all of them are in the whole");
    assert_eq!((report.entered, report.play.playing, report.play.dropped), (1, 1, 0), "it plays: {report:?}");
    let tick_us = TICK.as_micros() as u64;
    assert!(report.play.snapshot_interval.p99_us.abs_diff(tick_us) < tick_us / 20, "{:?}", report.play);
}

#[test]
fn a_bot_queues_for_the_first_mode_it_prefers_that_is_offered() {
    for (preferred, expected) in [(&["throng", "blitz"][..], Some("blitz")), (&["throng"], None)] {
        let (wire, mut world) = FakeWorld::new();
        let behaviour = Behaviour::shipped("contender").expect("it ships").expect("it reads");
        let orders = Orders { mode: "skirmish".into(), queue_again: false };
        let preferred: Vec<String> = preferred.iter().map(|mode| (*mode).to_owned()).collect();
        let bot = Bot::new("bot-001".into(), Client::new(wire), Arc::new(behaviour), orders, 1);
        let pool = run(bot.preferring(preferred.into()), &mut world, 20);
        let asked = world.heard.iter().find_map(|message| match message {
            ClientMessage::JoinQueue { mode } => Some(mode.as_str()),
            _ => None,
        });
        assert_eq!(asked, expected, "the server offers blitz alone");
        let is_refused = pool.report().errors.contains_key("UnknownMode");
        assert_eq!(is_refused, expected.is_none(), "to ask for a mode that is not offered would only be refused");
    }
}
