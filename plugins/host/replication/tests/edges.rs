//! At the limit of sight and of interest nothing comes and goes with every step, and a wall still hides at once.

mod eyes;
mod shown;

use std::sync::Arc;

use bevy_ecs::prelude::Entity;
use eyes::Eyes;
use hypogeum_arena::{LastInput, Seated};
use hypogeum_combat::{Hazard, HazardGround, Health};
use hypogeum_content::def::InterestRule;
use hypogeum_content::{Content, Id};
use hypogeum_items::Inventory;
use hypogeum_npc::Npc;
use hypogeum_protocol::{Block, NetId, Seat, ServerMessage, codec, limits};
use hypogeum_replication::{Blocks, Eye, Scene, Viewer};
use hypogeum_shard::{NetIdOf, NetIds, Seed, Shard, ShardConfig};
use hypogeum_space::{Heading, METRE, Obstacles, Position};
use proptest::prelude::*;
use shown::ShownPlugin;

const SIDE: i32 = 200 * METRE;
const SIGHT: i32 = 45 * METRE;
/// What a player walks in a tick.
const STEP: i32 = 51;

const GAS: Hazard = Hazard {
    def: Id::new(0),
    ground: HazardGround { low: Position { x: 0, y: 0 }, high: Position { x: SIDE, y: SIDE } },
    radius: 5 * METRE,
    hurts_tick: 0,
    ends_tick: u32::MAX,
    next_pulse_tick: 0,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SendMode {
    Lane,
    Snapshots,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walker {
    Thing,
    Observer,
}

/// Someone who looks, and one thing to be seen.
struct Pair {
    shard: Shard,
    scene: Scene,
    viewer: Viewer,
    eyes: Eyes,
    mode: SendMode,
    me: NetId,
    observer: Entity,
    thing: NetId,
    body: Entity,
}

impl Pair {
    fn new(rule: InterestRule, mode: SendMode, walls: Vec<Block>, is_area: bool) -> Self {
        let hazard = "(name: \"Gas\", shape: Cloud(radius_cm: 500), warning_ms: 1000, duration_ms: 0, interval_ms: 1000, damage: 1)";
        let content = Content::from_files([("hazards/gas.ron", hazard)]).expect("the content is sound");
        let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(content) };
        let shard = Shard::new(config, |app| {
            app.add_plugins(ShownPlugin);
            app.world_mut().insert_resource(Obstacles::new(SIDE, walls));
        });
        let mut pair = Self {
            shard,
            scene: Scene::new(),
            viewer: Viewer::default(),
            eyes: Eyes::default(),
            mode,
            me: NetId::NONE,
            observer: Entity::PLACEHOLDER,
            thing: NetId::NONE,
            body: Entity::PLACEHOLDER,
        };
        let (me, thing) = (pair.allocate(), pair.allocate());
        (pair.me, pair.thing) = (me.0, thing.0);
        let inventory = Inventory { slots: 8, version: 1, count: 0, unarmed: None };
        let health = Health { hp: 40, hp_max: 100 };
        let at = Position { x: 0, y: 0 };
        let world = pair.shard.world_mut();
        pair.observer = world.spawn((me, Seated(Seat(0)), at, Heading(0), health, LastInput(0), inventory)).id();
        pair.body = if is_area {
            world.spawn((thing, GAS, at)).id()
        } else {
            world.spawn((thing, Npc { def: Id::new(3) }, at, Heading(0), health)).id()
        };
        pair.viewer = Viewer::new(Eye::Avatar(pair.me), SIGHT, rule);
        pair
    }

    fn allocate(&mut self) -> NetIdOf {
        self.shard.world_mut().resource_mut::<NetIds>().allocate()
    }

    /// A tick in which they are there; whether the thing is seen.
    fn sees(&mut self, observer: Position, thing: Position) -> bool {
        self.shard.step(&[]);
        for (entity, at) in [(self.observer, observer), (self.body, thing)] {
            *self.shard.world_mut().get_mut::<Position>(entity).expect("it is somewhere") = at;
        }
        self.scene.gather(&mut self.shard);
        let obstacles = self.shard.world().resource::<Obstacles>();
        let (mut out, mut blocks) = (Vec::new(), Blocks::default());
        if self.mode == SendMode::Snapshots {
            self.viewer.snapshot(&self.scene, obstacles, &mut blocks, &mut out);
            let Ok(ServerMessage::Snapshot(snapshot)) = codec::decode_server(&out) else { panic!("it is a snapshot") };
            return snapshot.records.iter().any(|record| record.id == self.thing);
        }
        self.viewer.show(&self.scene, obstacles, &mut blocks, (limits::LANE_BYTES_MAX, i32::MAX, 1), &mut out);
        self.eyes.take(&out);
        self.viewer.learn(self.eyes.ack().expect("one arrived")).expect("it was sent");
        assert_eq!(self.eyes.diverged, 0, "what came never contradicts its check");
        self.eyes.seen().contains_key(&self.thing) || self.eyes.areas.iter().any(|area| area.id == self.thing)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn who_steps_to_and_fro_does_not_come_and_go(
        rule in prop_oneof![Just(InterestRule::Exact), Just(InterestRule::Cells)],
        mode in prop_oneof![Just(SendMode::Lane), Just(SendMode::Snapshots)],
        walker in prop_oneof![Just(Walker::Thing), Just(Walker::Observer)],
        is_area: bool,
        // Everywhere around the limit of sight, and of the cells beyond it.
        (eye_x, eye_y) in (80 * METRE..112 * METRE, 80 * METRE..112 * METRE),
        distance in 0..84 * METRE,
        aslant in 0..20 * METRE,
        upright: bool,
    ) {
        let mut pair = Pair::new(rule, mode, Vec::new(), is_area);
        let (mut came, mut seen) = (0, false);
        for tick in 0..90 {
            // Three steps on, three back.
            let away = STEP * [0, 1, 2, 3, 2, 1][tick % 6];
            let turned = |(along, across): (i32, i32)| if upright { (across, along) } else { (along, across) };
            let (walked, (dx, dy)) = (turned((away, 0)), turned((distance, aslant)));
            let mut observer = Position { x: eye_x, y: eye_y };
            let mut thing = Position { x: eye_x + dx, y: eye_y + dy };
            let who = if walker == Walker::Thing { &mut thing } else { &mut observer };
            (who.x, who.y) = (who.x + walked.0, who.y + walked.1);
            let now = pair.sees(observer, thing);
            came += u32::from(now && !seen);
            seen = now;
        }
        prop_assert!(came <= 1, "in three seconds it came {came} times");
    }
}

#[test]
fn a_wall_hides_at_once_and_margins_show_nothing_behind_it() {
    let wall = Block { x_min: 60 * METRE, y_min: 40 * METRE, x_max: 61 * METRE, y_max: 60 * METRE };
    for rule in [InterestRule::Exact, InterestRule::Cells] {
        for mode in [SendMode::Lane, SendMode::Snapshots] {
            let mut pair = Pair::new(rule, mode, vec![wall], false);
            let observer = Position { x: 50 * METRE, y: 50 * METRE };
            for step in 0..120 {
                // Along the wall's far side and over its corner, to and fro.
                let y = 61 * METRE + STEP * [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1][step % 12] * 2;
                let thing = Position { x: 64 * METRE, y };
                let open = pair.shard.world().resource::<Obstacles>().sight(observer, thing);
                let sees = pair.sees(observer, thing);
                assert_eq!(
                    sees, open,
                    "{rule:?}, {mode:?}, step {step}: what is hidden is not shown, and what is not, is"
                );
            }
        }
    }
}

#[test]
fn who_walks_away_is_seen_no_further_than_the_margin() {
    for mode in [SendMode::Lane, SendMode::Snapshots] {
        let mut pair = Pair::new(InterestRule::Exact, mode, Vec::new(), false);
        let observer = Position { x: 20 * METRE, y: 50 * METRE };
        let farthest = (0..80 * METRE)
            .step_by(STEP as usize)
            .filter(|away| pair.sees(observer, Position { x: observer.x + away, y: observer.y }))
            .last();
        let farthest = farthest.expect("it is seen at first");
        assert!((SIGHT..=SIGHT + 4 * METRE).contains(&farthest), "{mode:?}: seen last at {farthest}");
    }
}
