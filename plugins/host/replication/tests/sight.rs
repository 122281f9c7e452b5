//! What a participant sees and hears of, on a bare shard.

mod shown;

use std::sync::Arc;

use bevy_ecs::prelude::{Bundle, Entity};
use hypogeum_arena::{Extracting, LastInput, Seated};
use hypogeum_combat::{Cooldowns, Dead, Hazard, HazardGround, Health, Mana};
use hypogeum_content::def::InterestRule;
use hypogeum_content::{Content, Id};
use hypogeum_items::{Container, Inventory, Item, Place};
use hypogeum_npc::Npc;
use hypogeum_protocol::{
    Block, ErrorCode, GameEvent, ItemId, NetId, OwnState, Record, RecordKind, Seat, ServerMessage, Snapshot, codec,
    limits,
};
use hypogeum_replication::{Blocks, Eye, Scene, Viewer};
use hypogeum_shard::{Audience, NetIdIndex, NetIdOf, NetIds, Outbox, Outgoing, Rules, Seed, Shard, ShardConfig};
use hypogeum_space::{Heading, METRE, MoveSpeed, Obstacles, Position};
use shown::ShownPlugin;

/// A wall from (20, 0) to (21, 40) metres.
const WALL: Block = Block { x_min: 20 * METRE, y_min: 0, x_max: 21 * METRE, y_max: 40 * METRE };
const SIGHT: i32 = 30 * METRE;

struct Stage {
    shard: Shard,
    scene: Scene,
}

fn at(x_m: i32, y_m: i32) -> Position {
    Position { x: x_m * METRE, y: y_m * METRE }
}

impl Stage {
    fn new() -> Self {
        let hazard = |name: &str, shape: &str| {
            format!("(name: {name:?}, shape: {shape}, warning_ms: 1000, duration_ms: 0, interval_ms: 1000, damage: 1)")
        };
        let content = Content::from_files([
            ("hazards/gas.ron", hazard("Gas", "Cloud(radius_cm: 500)")),
            ("hazards/storm.ron", hazard("Storm", "Storm(final_radius_cm: 500, closes_over_ms: 1000)")),
        ]);
        let content = Arc::new(content.expect("the content is sound"));
        let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content };
        let shard = Shard::new(config, |app| {
            app.add_plugins(ShownPlugin);
            app.world_mut().insert_resource(Obstacles::new(100 * METRE, vec![WALL]));
        });
        Self { shard, scene: Scene::new() }
    }

    fn spawn(&mut self, bundle: impl Bundle) -> NetId {
        let world = self.shard.world_mut();
        let named = world.resource_mut::<NetIds>().allocate();
        world.spawn((named, bundle));
        named.0
    }

    fn avatar(&mut self, seat: u16, place: Position) -> NetId {
        let inventory = Inventory { slots: 8, version: 1, count: 0, unarmed: None };
        let health = Health { hp: 40, hp_max: 100 };
        self.spawn((Seated(Seat(seat)), place, Heading(0x1234), health, LastInput(0), inventory))
    }

    fn npc(&mut self, place: Position) -> NetId {
        self.spawn((Npc { def: Id::new(3) }, place, Heading(0), Health { hp: 1, hp_max: 100 }))
    }

    fn entity(&self, id: NetId) -> Entity {
        self.shard.world().resource::<NetIdIndex>().entity(id).expect("it was spawned")
    }

    fn happens(&mut self, audience: Audience, event: GameEvent) {
        self.shard.world_mut().resource_mut::<Outbox>().0.push(Outgoing { audience, event });
    }

    fn bytes(&mut self, avatar: NetId) -> Vec<u8> {
        self.scene.gather(&mut self.shard);
        let mut bytes = Vec::new();
        let obstacles = self.shard.world().resource::<Obstacles>();
        Viewer::new(Eye::Avatar(avatar), SIGHT, InterestRule::Exact).snapshot(
            &self.scene,
            obstacles,
            &mut Blocks::default(),
            &mut bytes,
        );
        bytes
    }

    fn seen(&mut self, avatar: NetId) -> Snapshot {
        match codec::decode_server(&self.bytes(avatar)) {
            Ok(ServerMessage::Snapshot(snapshot)) => snapshot,
            other => panic!("a snapshot is a snapshot: {other:?}"),
        }
    }

    fn heard(&mut self, avatar: NetId) -> Vec<GameEvent> {
        self.scene.gather(&mut self.shard);
        let obstacles = self.shard.world().resource::<Obstacles>();
        let messages =
            Viewer::new(Eye::Avatar(avatar), SIGHT, InterestRule::Exact).events(&self.scene, obstacles, false);
        let events = messages.into_iter().flat_map(|sent| match sent.message {
            ServerMessage::Events { events, .. } => events,
            other => panic!("only events are sent: {other:?}"),
        });
        events.collect()
    }
}

fn ids(snapshot: &Snapshot) -> Vec<NetId> {
    snapshot.records.iter().map(|record| record.id).collect()
}

#[test]
fn a_hidden_enemy_has_no_bytes() {
    let mut stage = Stage::new();
    // Far names take three bytes on the wire, which no other field here spells.
    for _ in 0..50_000 {
        let _ = stage.shard.world_mut().resource_mut::<NetIds>().allocate();
    }
    let me = stage.avatar(0, at(15, 20));
    let hidden = stage.avatar(1, at(25, 20));
    let lurking = stage.npc(at(25, 22));
    let open = stage.npc(at(15, 25));
    assert_eq!(ids(&stage.seen(me)), [open], "only what no wall hides");
    let bytes = stage.bytes(me);
    for id in [hidden, lurking] {
        let name = codec::encode(&id);
        assert!(!bytes.windows(name.len()).any(|window| window == name), "{id} is in the datagram");
    }
    let mut in_the_open = *stage.shard.world().get::<Position>(stage.entity(hidden)).expect("it has a place");
    in_the_open.y = 45 * METRE;
    let entity = stage.entity(hidden);
    stage.shard.world_mut().entity_mut(entity).insert(Position { x: 16 * METRE, ..in_the_open });
    assert_eq!(ids(&stage.seen(me)), [open, hidden], "around the wall it is seen");
}

#[test]
fn beyond_sight_nothing_is_seen() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(30, 50));
    let near = stage.npc(at(60, 50));
    stage.npc(at(61, 50));
    assert_eq!(ids(&stage.seen(me)), [near], "thirty metres and no more");
}

#[test]
fn records_and_own_state_show_what_is() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(30, 50));
    let cooldowns = Cooldowns([0, 9, 0, 0, 0, 0, 0, 1]);
    let entity = stage.entity(me);
    stage.shard.world_mut().entity_mut(entity).insert((
        MoveSpeed { speed: 51 },
        Mana { mp: 7, mp_max: 9 },
        cooldowns,
        LastInput(77),
    ));
    let other = stage.avatar(1, at(31, 50));
    let rat = stage.npc(at(30, 52));
    let item = Item::new(ItemId { origin: 1, serial: 1 }, Id::new(5));
    let gem = stage.spawn((item, Place::Ground, at(30, 53)));
    stage.spawn((item, Place::In(other), at(30, 53)));
    let chest = stage.spawn((Container { count: 2 }, at(30, 54)));
    stage.spawn((Container { count: 0 }, at(30, 54)));
    let snapshot = stage.seen(me);
    let own = OwnState {
        x: 30 * METRE,
        y: 50 * METRE,
        heading: 0x1234,
        speed: 51,
        hp: 40,
        hp_max: 100,
        mp: 7,
        cooling: 0b10,
        extraction_ticks: 0,
    };
    assert_eq!((snapshot.own, snapshot.input_seq), (Some(own), 77), "the avatar exactly");
    let record = |id, kind, template, y_m: i32| Record {
        id,
        kind,
        template,
        x: 30 * METRE,
        y: y_m * METRE,
        heading: 0,
        hp_band: 0,
        extent: 0,
    };
    let player = Record { x: 31 * METRE, heading: 0x12, hp_band: 6, ..record(other, RecordKind::Player, 0, 50) };
    let expected = [
        player,
        Record { hp_band: 1, ..record(rat, RecordKind::Npc, 3, 52) },
        record(gem, RecordKind::Item, 5, 53),
        record(chest, RecordKind::Container, 0, 54),
    ];
    assert_eq!(snapshot.records, expected, "nearest first, each as it is; what is carried or empty is not shown");
}

#[test]
fn five_hundred_things_fit_one_datagram_nearest_first() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(50, 70));
    for number in 0..500_i32 {
        stage.npc(Position { x: 50 * METRE + (number % 25 - 12) * 200, y: 70 * METRE + (number / 25 - 10) * 200 });
    }
    let bytes = stage.bytes(me);
    assert!(bytes.len() <= limits::UNRELIABLE_BYTES_MAX, "{} bytes", bytes.len());
    let snapshot = stage.seen(me);
    assert!(snapshot.records.len() <= limits::SNAPSHOT_RECORDS_MAX, "{} records", snapshot.records.len());
    assert!(snapshot.records.len() > 40, "the datagram is filled: {}", snapshot.records.len());
    let distances: Vec<i64> = snapshot
        .records
        .iter()
        .map(|record| {
            let (dx, dy) = (i64::from(record.x - 50 * METRE), i64::from(record.y - 70 * METRE));
            dx * dx + dy * dy
        })
        .collect();
    assert!(distances.is_sorted(), "nearest first: {distances:?}");
    assert_eq!(stage.bytes(me), bytes, "the same world looks the same");
}

#[test]
fn the_dead_see_nothing_but_how_many_are_left() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(30, 50));
    let other = stage.avatar(1, at(31, 50));
    let entity = stage.entity(me);
    stage.shard.world_mut().entity_mut(entity).insert(Dead { tick: 1, by: other });
    let snapshot = stage.seen(me);
    assert_eq!((snapshot.own, snapshot.records.len()), (None, 0), "no state, no records");
    assert!(stage.seen(other).records.is_empty(), "and nobody sees the dead walk");
    assert_eq!(stage.seen(NetId(999)).own, None, "an avatar that never was is no panic");
}

#[test]
fn an_extraction_counts_down() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(30, 50));
    let entity = stage.entity(me);
    stage.shard.world_mut().entity_mut(entity).insert(Extracting { exit: 0, done_tick: 45 });
    let ticks = stage.seen(me).own.map(|own| own.extraction_ticks);
    assert_eq!(ticks, Some(45), "from tick 0");
}

#[test]
fn events_reach_whom_they_concern_and_hide_the_unseen() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(15, 20));
    let sniper = stage.avatar(1, at(25, 20));
    let rat = stage.npc(at(15, 25));
    let here = Audience::Near { x: 15 * METRE, y: 25 * METRE };
    let behind = Audience::Near { x: 25 * METRE, y: 20 * METRE };
    let hit = |source, target| GameEvent::Damaged { source, target, amount: 3, critical: false };
    let cast = |who| GameEvent::CastBegan { who, ability: 3, ticks: 12 };
    let out = |who| GameEvent::ExtractionBegan { who, ticks: 90 };
    let events = [
        (here, hit(me, rat), Some(hit(me, rat))),
        (here, hit(sniper, rat), Some(hit(NetId::NONE, rat))),
        (here, GameEvent::Died { who: rat, by: sniper }, Some(GameEvent::Died { who: rat, by: NetId::NONE })),
        (behind, hit(rat, sniper), None),
        (here, cast(rat), Some(cast(rat))),
        (here, out(rat), Some(out(rat))),
        (behind, cast(sniper), None),
        (behind, out(sniper), None),
        (behind, hit(me, sniper), Some(hit(me, sniper))),
        (Audience::Only(me), hit(sniper, me), Some(hit(sniper, me))),
        (Audience::Only(sniper), GameEvent::Extracted { who: sniper }, None),
        (
            Audience::Everyone,
            GameEvent::ExitChanged { exit: 1, open: true },
            Some(GameEvent::ExitChanged { exit: 1, open: true }),
        ),
    ];
    for (audience, event, _) in events {
        stage.happens(audience, event);
    }
    let expected: Vec<GameEvent> = events.into_iter().filter_map(|(_, _, heard)| heard).collect();
    assert_eq!(stage.heard(me), expected, "in order, and nobody unseen is named");
}

#[test]
fn an_inventory_is_sent_once_for_each_version() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(30, 50));
    let item = Item::new(ItemId { origin: 1, serial: 1 }, Id::new(5));
    let gem = stage.spawn((item, Place::In(me)));
    stage.scene.gather(&mut stage.shard);
    let mut viewer = Viewer::new(Eye::Avatar(me), SIGHT, InterestRule::Exact);
    let sent = viewer.sheet(&stage.scene);
    match sent {
        Some(ServerMessage::Inventory { version: 1, items }) => assert_eq!(items[0].id, gem, "what it carries"),
        other => panic!("an inventory is sent at first: {other:?}"),
    }
    assert_eq!(viewer.sheet(&stage.scene), None, "and not again");
    let entity = stage.entity(gem);
    stage.shard.world_mut().despawn(entity);
    let entity = stage.entity(me);
    stage.shard.world_mut().get_mut::<Inventory>(entity).expect("it carries").version = 2;
    stage.scene.gather(&mut stage.shard);
    let expected = ServerMessage::Inventory { version: 2, items: Vec::new() };
    assert_eq!(viewer.sheet(&stage.scene), Some(expected), "a change is sent");
    viewer.forget();
    assert!(viewer.sheet(&stage.scene).is_some(), "another connection is sent it again");
}

#[test]
fn ones_own_death_names_who_did_it() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(15, 20));
    let gone = NetIdOf(NetId(4_000));
    stage.happens(Audience::Near { x: 15 * METRE, y: 21 * METRE }, GameEvent::Died { who: me, by: gone.0 });
    assert_eq!(stage.heard(me), [GameEvent::Died { who: me, by: gone.0 }], "my own death names who did it");
}

#[test]
fn a_storm_is_seen_from_everywhere_and_gas_from_near_its_edge() {
    let mut stage = Stage::new();
    let me = stage.avatar(0, at(60, 60));
    let hazard = |place: usize, radius_m: i32| Hazard {
        def: stage.shard.world().resource::<Rules>().content.hazards.iter().nth(place).expect("there are two").0,
        ground: HazardGround::whole(100 * METRE),
        radius: radius_m * METRE,
        hurts_tick: 0,
        ends_tick: u32::MAX,
        next_pulse_tick: 0,
    };
    let (gas, storm) = (hazard(0, 5), hazard(1, 2));
    let near = stage.spawn((gas, at(60, 94)));
    stage.spawn((gas, at(60, 96)));
    // Behind the wall, and far beyond sight.
    let eye = stage.spawn((storm, at(5, 5)));
    let snapshot = stage.seen(me);
    assert_eq!(ids(&snapshot), [near, eye], "sight reaches to the edge of the gas; a storm hurts wherever one is");
    assert_eq!(snapshot.records[0].extent, 50, "five metres in decimetres");
}

#[test]
fn an_eye_that_is_nobodys_sees_from_its_place_and_is_sent_no_secrets() {
    let mut stage = Stage::new();
    let (near, behind) = (stage.avatar(0, at(30, 30)), stage.npc(at(15, 20)));
    stage.happens(Audience::Only(near), GameEvent::Refused { seq: 1, code: ErrorCode::Unavailable });
    stage.happens(Audience::Near { x: 30 * METRE, y: 30 * METRE }, GameEvent::Died { who: near, by: behind });
    stage.scene.gather(&mut stage.shard);
    let obstacles = stage.shard.world().resource::<Obstacles>();
    let mut viewer = Viewer::new(Eye::Place(at(30, 20)), SIGHT, InterestRule::Exact);
    let mut bytes = Vec::new();
    viewer.snapshot(&stage.scene, obstacles, &mut Blocks::default(), &mut bytes);
    let seen = match codec::decode_server(&bytes) {
        Ok(ServerMessage::Snapshot(snapshot)) => snapshot,
        other => panic!("a snapshot is a snapshot: {other:?}"),
    };
    assert_eq!(ids(&seen), [near], "it sees as far as sight reaches, and nothing behind the wall");
    assert_eq!(seen.own, None, "it is nobody");
    let sent = viewer.events(&stage.scene, obstacles, false);
    let died = GameEvent::Died { who: near, by: NetId::NONE };
    let expected = ServerMessage::Events { tick: stage.scene.tick(), events: vec![died] };
    assert_eq!(sent.len(), 1, "one message");
    assert_eq!(sent[0].message, expected, "what happens before its eye, and no answer to somebody else");
    assert_eq!(viewer.sheet(&stage.scene), None, "it carries nothing");
}

#[test]
fn whoever_watches_sees_what_that_one_sees_and_is_sent_nothing_that_is_for_it_alone() {
    let mut stage = Stage::new();
    let (one, other) = (stage.avatar(0, at(30, 20)), stage.avatar(1, at(15, 20)));
    let (near_one, near_other) = (stage.npc(at(32, 20)), stage.npc(at(12, 20)));
    let entity = stage.entity(one);
    stage.shard.world_mut().get_mut::<LastInput>(entity).expect("it is steered").0 = 7;
    stage.happens(Audience::Only(one), GameEvent::Refused { seq: 1, code: ErrorCode::Full });
    let own_eyes = stage.seen(one);
    assert_eq!((ids(&own_eyes), own_eyes.input_seq), (vec![near_one], 7), "as one sees it");
    let obstacles = stage.shard.world().resource::<Obstacles>();
    let mut viewer = Viewer::new(Eye::Avatar(other), SIGHT, InterestRule::Exact);
    let shown = |viewer: &mut Viewer| {
        let mut bytes = Vec::new();
        viewer.snapshot(&stage.scene, obstacles, &mut Blocks::default(), &mut bytes);
        match codec::decode_server(&bytes) {
            Ok(ServerMessage::Snapshot(snapshot)) => snapshot,
            other => panic!("a snapshot is a snapshot: {other:?}"),
        }
    };
    assert_eq!(ids(&shown(&mut viewer)), [near_other], "before it watches");
    viewer.turn(Eye::Watched(one));
    let watched = Snapshot { input_seq: 0, ..own_eyes };
    assert_eq!(shown(&mut viewer), watched, "all the same, but for what is steered");
    for on_lane in [false, true] {
        assert!(viewer.events(&stage.scene, obstacles, on_lane).is_empty(), "answers are not for others");
    }
    assert_eq!(viewer.sheet(&stage.scene), None, "nor is what that one carries");
}

#[test]
fn a_world_without_a_map_tells_events_and_nothing_to_see() {
    let content = Content::from_files(std::iter::empty::<(&str, &str)>()).expect("no content is sound");
    let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(content) };
    let mut shard = Shard::new(config, |_| {});
    let me = shard.world_mut().resource_mut::<NetIds>().allocate();
    shard.world_mut().spawn(me);
    let event = GameEvent::Refused { seq: 7, code: ErrorCode::Unavailable };
    shard.world_mut().resource_mut::<Outbox>().0.push(Outgoing { audience: Audience::Only(me.0), event });
    let mut scene = Scene::new();
    scene.gather(&mut shard);
    let mut viewer = Viewer::new(Eye::Avatar(me.0), SIGHT, InterestRule::Exact);
    let sent = viewer.events(&scene, &Obstacles::default(), true);
    let expected = ServerMessage::Events { tick: scene.tick(), events: vec![event] };
    assert_eq!(sent.into_iter().map(|sent| sent.message).collect::<Vec<_>>(), [expected], "its answer reaches it");
    assert_eq!((viewer.notice(&scene), viewer.sheet(&scene)), (None, None), "nothing else was registered");
}
