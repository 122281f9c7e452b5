//! What a receiver of the datagram lane makes of what it gets, whatever is lost, doubled or late on the way.

mod eyes;
mod shown;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use eyes::Eyes;
use hypogeum_arena::{LastInput, Seated};
use hypogeum_combat::Health;
use hypogeum_content::def::InterestRule;
use hypogeum_content::{Content, Id};
use hypogeum_items::Inventory;
use hypogeum_npc::Npc;
use hypogeum_protocol::lane::{Ack, CELL_MARGIN, Cell, CellBox};
use hypogeum_protocol::{Block, DamageCause, GameEvent, NetId, Seat, ServerMessage, limits};
use hypogeum_replication::{Blocks, Eye, FutureAck, ReliableEvents, Scene, Viewer};
use hypogeum_shard::{Audience, Dice, NetIdIndex, NetIds, Outbox, Outgoing, Purpose, Seed, Shard, ShardConfig};
use hypogeum_space::{Heading, METRE, Obstacles, Position, turn};
use proptest::prelude::*;
use shown::ShownPlugin;

const SIDE: i32 = 150 * METRE;
const WALLS: [Block; 2] = [
    Block { x_min: 60 * METRE, y_min: 10 * METRE, x_max: 62 * METRE, y_max: 90 * METRE },
    Block { x_min: 90 * METRE, y_min: 70 * METRE, x_max: 130 * METRE, y_max: 72 * METRE },
];

struct World {
    shard: Shard,
    scene: Scene,
    dice: Dice,
    me: NetId,
    others: Vec<NetId>,
}

impl World {
    fn new(seed: u64, others: usize) -> Self {
        let content =
            Arc::new(Content::from_files([("hazards/none.ron", "")].into_iter().take(0)).expect("no content"));
        let shard = Shard::new(ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content }, |app| {
            app.add_plugins(ShownPlugin);
            app.world_mut().insert_resource(Obstacles::new(SIDE, WALLS.to_vec()));
        });
        let dice = Dice::new(Seed::numbered(seed), 0, NetId::NONE, Purpose::named("test"));
        let mut world = Self { shard, scene: Scene::new(), dice, me: NetId::NONE, others: Vec::new() };
        world.me = world.spawn_avatar();
        for _ in 0..others {
            world.spawn_other();
        }
        world
    }

    fn anywhere(&mut self) -> Position {
        Position { x: self.dice.between(0, SIDE), y: self.dice.between(0, SIDE) }
    }

    fn allocate(&mut self) -> hypogeum_shard::NetIdOf {
        self.shard.world_mut().resource_mut::<NetIds>().allocate()
    }

    fn spawn_avatar(&mut self) -> NetId {
        let (named, at) = (self.allocate(), self.anywhere());
        let inventory = Inventory { slots: 8, version: 1, count: 0, unarmed: None };
        let health = Health { hp: 40, hp_max: 100 };
        self.shard.world_mut().spawn((named, Seated(Seat(0)), at, Heading(0), health, LastInput(0), inventory));
        named.0
    }

    fn spawn_other(&mut self) {
        let (named, at) = (self.allocate(), self.anywhere());
        self.shard.world_mut().spawn((named, Npc { def: Id::new(3) }, at, Heading(0), Health { hp: 1, hp_max: 100 }));
        self.others.push(named.0);
    }

    /// Everyone moves a little, some far; somebody goes, somebody comes.
    fn step(&mut self) {
        self.shard.step(&[]);
        for id in self.others.clone().into_iter().chain([self.me]) {
            let jump = if self.dice.between(0, 40) == 0 { 40 * METRE } else { METRE };
            let (dx, dy) = (self.dice.between(-jump, jump), self.dice.between(-jump, jump));
            if self.dice.between(0, 3) == 0 {
                continue;
            }
            let entity = self.shard.world().resource::<NetIdIndex>().entity(id).expect("it lives");
            let mut at = self.shard.world_mut().get_mut::<Position>(entity).expect("it is somewhere");
            (at.x, at.y) = ((at.x + dx).clamp(0, SIDE - 1), (at.y + dy).clamp(0, SIDE - 1));
        }
        if self.dice.between(0, 4) == 0 && !self.others.is_empty() {
            let index = self.dice.between(0, self.others.len() as i32 - 1) as usize;
            let gone = self.others.swap_remove(index);
            let entity = self.shard.world().resource::<NetIdIndex>().entity(gone).expect("it lives");
            self.shard.world_mut().despawn(entity);
            self.spawn_other();
        }
        self.scene.gather(&mut self.shard);
    }

    /// A tick in which nobody moves.
    fn rest(&mut self) {
        self.shard.step(&[]);
        self.scene.gather(&mut self.shard);
    }

    fn obstacles(&self) -> &Obstacles {
        self.shard.world().resource::<Obstacles>()
    }

    fn place(&self, id: NetId) -> Position {
        let entity = self.shard.world().resource::<NetIdIndex>().entity(id).expect("it lives");
        *self.shard.world().get::<Position>(entity).expect("it is somewhere")
    }

    /// Everyone `me` sees so far, and where.
    fn seen(&self, sight: i32) -> BTreeMap<NetId, (i32, i32)> {
        let eye = self.place(self.me);
        let mut seen = BTreeMap::new();
        for id in self.others.iter().copied().chain([self.me]) {
            let at = self.place(id);
            let reach = sight as u64 * sight as u64;
            if turn::distance_squared(eye, at) <= reach && self.obstacles().sight(eye, at) {
                seen.insert(id, (at.x, at.y));
            }
        }
        seen
    }

    /// Whether exactly those are seen that are within sight, and perhaps some that were a little nearer before; and each
    /// where it is, as far as motions say.
    fn agrees_with(&self, seen: &BTreeMap<NetId, (i32, i32)>) -> bool {
        let (least, most) = (self.seen(SIGHT), self.seen(SIGHT + SIGHT_MARGIN));
        let near = |(x, y): &(i32, i32), at: &(i32, i32)| x.abs_diff(at.0) <= 4 && y.abs_diff(at.1) <= 4;
        least.keys().all(|id| seen.contains_key(id))
            && seen.iter().all(|(id, at)| most.get(id).is_some_and(|exact| near(at, exact)))
    }
}

const SIGHT: i32 = 45 * METRE;
/// How much further what is shown already may be shown.
const SIGHT_MARGIN: i32 = 4 * METRE;
const ROOM: (usize, i32, u8) = (limits::LANE_BYTES_MAX, i32::MAX, 1);

fn show(world: &World, viewer: &mut Viewer, room: (usize, i32, u8)) -> Vec<u8> {
    let mut out = Vec::new();
    viewer.show(&world.scene, world.obstacles(), &mut Blocks::default(), room, &mut out);
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn over_a_bad_link_the_view_becomes_what_is_seen(
        seed: u64, others in 1_usize..120, loss in 0..60, late in 0..30,
    ) {
        let mut world = World::new(seed, others);
        let mut viewer = Viewer::new(Eye::Avatar(world.me), SIGHT, InterestRule::Exact);
        let mut eyes = Eyes::default();
        let mut way: VecDeque<Vec<u8>> = VecDeque::new();
        let mut acks: VecDeque<Ack> = VecDeque::new();
        for tick in 0..150 {
            // In the end the link heals and everyone stands still, so that it can be seen what it all led to.
            let healed = tick > 120;
            if tick < 145 { world.step() } else { world.rest() }
            let datagram = show(&world, &mut viewer, ROOM);
            prop_assert!(datagram.len() <= limits::LANE_BYTES_MAX);
            if healed || world.dice.between(0, 99) >= loss {
                way.push_back(datagram.clone());
                if world.dice.between(0, 9) == 0 {
                    way.push_back(datagram);
                }
            }
            if world.dice.between(0, 99) < late && !healed {
                way.rotate_left(1.min(way.len()));
            } else {
                while way.len() > if healed { 0 } else { 3 } {
                    eyes.take(&way.pop_front().expect("there is one"));
                    acks.extend(eyes.ack());
                }
            }
            while acks.len() > if healed { 0 } else { 4 } {
                let ack = acks.pop_front().expect("there is one");
                if healed || world.dice.between(0, 99) >= loss {
                    prop_assert_eq!(viewer.learn(ack), Ok(()));
                }
            }
        }
        prop_assert_eq!(eyes.diverged, 0, "what came never contradicted its check");
        prop_assert!(world.agrees_with(&eyes.seen()), "seed {}: {:?}", seed, eyes.seen());
    }

    #[test]
    fn a_small_budget_is_kept_and_everything_gets_its_turn(seed: u64, bytes in 300_usize..700) {
        let mut world = World::new(seed, 100);
        let mut viewer = Viewer::new(Eye::Avatar(world.me), SIGHT, InterestRule::Exact);
        let mut eyes = Eyes::default();
        for _ in 0..20 {
            world.step();
            let datagram = show(&world, &mut viewer, (bytes, i32::MAX, 1));
            prop_assert!(datagram.len() <= bytes);
            eyes.take(&datagram);
            viewer.learn(eyes.ack().expect("one arrived")).expect("it was sent");
        }
        // The world stands still: what waited comes.
        for _ in 0..20 {
            world.rest();
            eyes.take(&show(&world, &mut viewer, (bytes, i32::MAX, 1)));
            viewer.learn(eyes.ack().expect("one arrived")).expect("it was sent");
        }
        prop_assert!(world.agrees_with(&eyes.seen()), "{:?}", eyes.seen());
    }

    #[test]
    fn a_receiver_that_never_acks_is_sent_everything_each_time(seed: u64) {
        let mut world = World::new(seed, 40);
        let mut viewer = Viewer::new(Eye::Avatar(world.me), SIGHT, InterestRule::Exact);
        for _ in 0..80 {
            world.step();
            show(&world, &mut viewer, ROOM);
        }
        let mut fresh = Eyes::default();
        // Far pages take turns: two datagrams show all.
        for _ in 0..2 {
            world.rest();
            fresh.take(&show(&world, &mut viewer, ROOM));
        }
        prop_assert!(world.agrees_with(&fresh.seen()), "one who has nothing gets everything from any two");
        let ahead = Ack { newest: 5_000, before: u32::MAX };
        prop_assert_eq!(viewer.learn(ahead), Err(FutureAck), "an ack of the future teaches nothing");
    }

    #[test]
    fn whole_cells_are_shared_and_hold_everyone_in_sight(seed: u64) {
        let mut world = World::new(seed, 100);
        let mut viewer = Viewer::new(Eye::Avatar(world.me), SIGHT, InterestRule::Cells);
        let mut eyes = Eyes::default();
        for _ in 0..60 {
            world.step();
            let head = eyes.take(&show(&world, &mut viewer, ROOM));
            viewer.learn(eyes.ack().expect("one arrived")).expect("it was sent");
            let eye = world.place(world.me);
            let [least, most] =
                [SIGHT, SIGHT + SIGHT_MARGIN].map(|reach| CellBox::around(eye.x, eye.y, reach).on(5));
            prop_assert!(least.cells().all(|cell| head.interest.contains(cell)), "what is in reach is of interest");
            prop_assert!(head.interest.cells().all(|cell| most.contains(cell)), "and little more");
        }
        world.rest();
        eyes.take(&show(&world, &mut viewer, ROOM));
        let seen = eyes.seen();
        // What is nearly out of sight may count to a cell that is.
        for id in world.seen(SIGHT - CELL_MARGIN).keys() {
            prop_assert!(seen.contains_key(id), "in sight, so in a cell of interest");
        }
        prop_assert_eq!(eyes.diverged, 0);
    }
}

/// The cells of a box on a map of so many cells a side.
trait OnMap {
    fn on(self, side: u8) -> Self;
}

impl OnMap for CellBox {
    fn on(self, side: u8) -> Self {
        let cut = |cell: Cell| Cell { row: cell.row.min(side - 1), column: cell.column.min(side - 1) };
        Self { low: cut(self.low), high: cut(self.high) }
    }
}

#[test]
fn who_moves_behind_a_wall_leaves_no_bytes() {
    for rule in [InterestRule::Exact, InterestRule::Cells] {
        let with = |hidden: bool| {
            let mut world = World::new(3, 0);
            let me = world.shard.world().resource::<NetIdIndex>().entity(world.me).expect("it lives");
            *world.shard.world_mut().get_mut::<Position>(me).expect("somewhere") =
                Position { x: 50 * METRE, y: 50 * METRE };
            if hidden {
                world.spawn_other();
            }
            let mut viewer = Viewer::new(Eye::Avatar(world.me), SIGHT, rule);
            let mut all = Vec::new();
            for step in 0..40 {
                world.shard.step(&[]);
                for id in world.others.clone() {
                    let entity = world.shard.world().resource::<NetIdIndex>().entity(id).expect("it lives");
                    let at = Position { x: 66 * METRE, y: (30 + step) * METRE };
                    *world.shard.world_mut().get_mut::<Position>(entity).expect("somewhere") = at;
                    let hit = GameEvent::Damaged { source: id, target: id, amount: 5, critical: false };
                    let near = Audience::Near { x: at.x, y: at.y };
                    world.shard.world_mut().resource_mut::<Outbox>().0.push(Outgoing { audience: near, event: hit });
                }
                world.scene.gather(&mut world.shard);
                all.push(show(&world, &mut viewer, ROOM));
                let seq = all.len() as u16 - 1;
                viewer.learn(Ack { newest: seq, before: u32::MAX }).expect("it was sent");
            }
            all
        };
        assert_eq!(with(true), with(false), "{rule:?}: the same bytes, whether somebody is there or not");
    }
}

/// A world of three in a row: me, one whom I see, and one behind a wall.
fn three_in_a_row() -> (World, [NetId; 3]) {
    let mut world = World::new(5, 2);
    let names = [world.me, world.others[0], world.others[1]];
    for (id, x) in names.into_iter().zip([50, 55, 66]) {
        let entity = world.shard.world().resource::<NetIdIndex>().entity(id).expect("it lives");
        *world.shard.world_mut().get_mut::<Position>(entity).expect("somewhere") =
            Position { x: x * METRE, y: 50 * METRE };
    }
    world.shard.step(&[]);
    (world, names)
}

#[test]
fn what_others_begin_is_told_to_those_who_see_it_and_to_nobody_else() {
    for rule in [InterestRule::Exact, InterestRule::Cells] {
        let (mut world, [me, seen, hidden]) = three_in_a_row();
        let begin = |who| {
            [
                GameEvent::CastBegan { who, ability: 3, ticks: 12 },
                GameEvent::Swung { who, ability: 3, heading: 64 },
                GameEvent::ExtractionBegan { who, ticks: 90 },
                GameEvent::ExtractionBroken { who },
            ]
        };
        for who in [me, seen, hidden] {
            let at = world.place(who);
            let told = begin(who).map(|event| Outgoing { audience: Audience::Near { x: at.x, y: at.y }, event });
            world.shard.world_mut().resource_mut::<Outbox>().0.extend(told);
        }
        world.scene.gather(&mut world.shard);
        let mut viewer = Viewer::new(Eye::Avatar(me), SIGHT, rule);
        let mut eyes = Eyes::default();
        eyes.take(&show(&world, &mut viewer, ROOM));
        let of = |who: NetId| eyes.events.iter().copied().filter(move |event| event.concerns(who));
        assert_eq!(of(seen).collect::<Vec<_>>(), begin(seen), "{rule:?}: all that the one in sight does");
        assert_eq!(of(hidden).count(), 0, "{rule:?}: nothing of the one behind the wall");
        assert_eq!(of(me).collect::<Vec<_>>(), begin(me)[..2], "{rule:?}: my own cast and blow pass as well");
        let sent: Vec<_> =
            viewer.events(&world.scene, world.obstacles(), true).into_iter().map(|sent| sent.message).collect();
        let tick = world.shard.tick().0;
        let expected = ServerMessage::Events { tick, events: begin(me)[2..].to_vec() };
        assert_eq!(sent, [expected], "{rule:?}: that I get out comes reliably, and once");
    }
}

#[test]
fn what_passes_goes_with_the_datagrams_and_names_only_who_is_seen() {
    let (mut world, [me, seen, hidden]) = three_in_a_row();
    let near = Audience::Near { x: 55 * METRE, y: 50 * METRE };
    let hit = |source, target| GameEvent::Damaged { source, target, amount: 5, critical: false };
    for event in [hit(hidden, seen), hit(seen, seen), GameEvent::Died { who: seen, by: me }] {
        world.shard.world_mut().resource_mut::<Outbox>().0.push(Outgoing { audience: near, event });
    }
    world.scene.gather(&mut world.shard);
    let mut viewer = Viewer::new(Eye::Avatar(me), SIGHT, InterestRule::Exact);
    let mut eyes = Eyes::default();
    eyes.take(&show(&world, &mut viewer, ROOM));
    assert_eq!(eyes.events, [hit(NetId::NONE, seen), hit(seen, seen)], "the one behind the wall is nobody");
    let sent = viewer.events(&world.scene, world.obstacles(), true);
    let died = GameEvent::Died { who: seen, by: me };
    let tick = world.shard.tick().0;
    let message = ServerMessage::Events { tick, events: vec![died] };
    let expected = [ReliableEvents { message, is_durable: false }];
    assert_eq!(sent, expected, "what lasts and concerns me comes reliably, and once");
}

#[test]
fn what_lays_one_low_comes_before_the_rest_in_a_message_of_its_own() {
    let (mut world, [me, seen, _]) = three_in_a_row();
    let near = Audience::Near { x: 55 * METRE, y: 50 * METRE };
    let defeated = |who| GameEvent::Defeated { who, cause: DamageCause::Ability { ability: 3 } };
    let died = GameEvent::Died { who: me, by: seen };
    for (audience, event) in [(Audience::Only(seen), defeated(seen)), (near, died), (Audience::Only(me), defeated(me))]
    {
        world.shard.world_mut().resource_mut::<Outbox>().0.push(Outgoing { audience, event });
    }
    world.scene.gather(&mut world.shard);
    let viewer = Viewer::new(Eye::Avatar(me), SIGHT, InterestRule::Exact);
    let tick = world.shard.tick().0;
    for on_lane in [true, false] {
        let sent = viewer.events(&world.scene, world.obstacles(), on_lane).into_iter().map(|sent| sent.message);
        let expected = [defeated(me), died].map(|event| ServerMessage::Events { tick, events: vec![event] });
        assert_eq!(sent.collect::<Vec<_>>(), expected, "of others one is not told; on the lane: {on_lane}");
    }
}
