//! A world whose things all move in every tick, and everyone who watches it.

use std::sync::Arc;
use std::time::Duration;

use bevy_ecs::prelude::{Component, QueryState};
use hypogeum_arena::{LastInput, MatchViewPlugin, Seated};
use hypogeum_combat::{HazardView, Health, ShotView};
use hypogeum_content::def::InterestRule;
use hypogeum_content::{Content, Id};
use hypogeum_items::{ContainerView, Holdings, Inventory, LyingView};
use hypogeum_npc::{Npc, NpcView};
use hypogeum_protocol::lane::{Ack, CELL, Cell, CellBox, Motion};
use hypogeum_protocol::{NetId, Seat, limits};
use hypogeum_replication::{Blocks, Eye, Scene, Viewer};
use hypogeum_shard::{Dice, NetIdOf, NetIds, Purpose, Seed, Shard, ShardConfig};
use hypogeum_space::{Heading, Obstacles, Position, SpacePlugin, ViewApp};

use crate::eyes::{Eyes, Standing};
use crate::harness::thread_time;

/// Ticks until an ack arrives.
const ACK_TICKS: u16 = 3;
/// Ticks before anything is measured: everything is introduced, and introduced for good.
const WARM_UP: u32 = 12;
/// How fast things walk along an axis, in subunits a tick: at 30 Hz two to six metres a second.
const PACE: (i32, i32) = (17, 51);
/// Clients that are read, spread over all of them.
const READ: usize = 10;

/// What one turn is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    clients: usize,
    entities: usize,
    cells: i32,
    sight: i32,
    bytes_max: usize,
}

impl Shape {
    /// All see everything, in four cells, with room for it in one datagram.
    pub(crate) fn all_visible(clients: usize, entities: usize) -> Self {
        Self { clients, entities, cells: 2, sight: 4 * CELL, bytes_max: 16 << 10 }
    }

    /// As many entities as clients, a dozen in each cell, of which each sees nine; datagrams as they are sent.
    pub(crate) fn crowd(clients: usize) -> Self {
        Self { clients, entities: clients, cells: 29, sight: CELL, bytes_max: limits::LANE_BYTES_MAX }
    }
}

/// What a turn came to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// Nanoseconds for each client and entity it sees, in all.
    pub(crate) ns: f64,
    /// What gathering had of it.
    pub(crate) gathering_ns: f64,
    /// Bytes of datagrams for each record in them.
    pub(crate) bytes: f64,
    /// Entities a client sees.
    pub(crate) visible: f64,
    /// Bytes of a datagram.
    pub(crate) datagram_bytes: f64,
}

/// Where something is going, in subunits a tick.
#[derive(Component, Clone, Copy)]
struct Course(i32, i32);

type Movers = QueryState<(&'static mut Position, &'static mut Heading, &'static mut Course)>;
type Standers = QueryState<(&'static NetIdOf, &'static Position, &'static Heading)>;

struct World {
    shard: Shard,
    side: i32,
    movers: Movers,
    standers: Standers,
    avatars: Vec<NetId>,
    /// The cell each counts to, by name: the one it was in, where it is not far out of it.
    cells: Vec<Cell>,
}

impl World {
    fn new(shape: Shape) -> Self {
        let content = Arc::new(Content::from_files(std::iter::empty::<(&str, &str)>()).expect("no content is good"));
        let side = shape.cells * CELL - 1;
        let mut shard = Shard::new(ShardConfig { seed: Seed::numbered(7), tick_hz: 30, content }, |app| {
            app.add_plugins((SpacePlugin, MatchViewPlugin))
                .init_resource::<Holdings>()
                .show_things::<NpcView>()
                .show_things::<LyingView>()
                .show_things::<ContainerView>()
                .show_things::<ShotView>()
                .show_areas::<HazardView>();
            app.world_mut().insert_resource(Obstacles::new(side, Vec::new()));
        });
        let mut dice = Dice::new(Seed::numbered(7), 0, NetId::NONE, Purpose::named("bench"));
        let mut avatars = Vec::new();
        for number in 0..shape.entities {
            let named = shard.world_mut().resource_mut::<NetIds>().allocate();
            let at = Position { x: dice.between(0, side - 1), y: dice.between(0, side - 1) };
            let mut pace = || dice.between(PACE.0, PACE.1) * if dice.chance(5_000) { 1 } else { -1 };
            let walks = (named, at, Heading(number as u16), Health { hp: 70, hp_max: 100 }, Course(pace(), pace()));
            if number < shape.clients {
                let inventory = Inventory { slots: 8, version: 1, count: 0, unarmed: None };
                shard.world_mut().spawn((walks, Seated(Seat(number as u16)), LastInput(0), inventory));
                avatars.push(named.0);
            } else {
                shard.world_mut().spawn((walks, Npc { def: Id::new(3) }));
            }
        }
        let (movers, standers) = (shard.world_mut().query(), shard.world_mut().query());
        Self { shard, side, movers, standers, avatars, cells: Vec::new() }
    }

    /// A step after which everything has moved and turned.
    fn step(&mut self) {
        self.shard.step(&[]);
        let beyond = |at: i32| at < 0 || at >= self.side;
        for (mut at, mut heading, mut course) in self.movers.iter_mut(self.shard.world_mut()) {
            course.0 *= if beyond(at.x + course.0) { -1 } else { 1 };
            course.1 *= if beyond(at.y + course.1) { -1 } else { 1 };
            (at.x, at.y) = (at.x + course.0, at.y + course.1);
            heading.0 = heading.0.wrapping_add(300);
        }
    }

    /// Everything as it is to be seen, cell by cell.
    fn standing(&mut self) -> Vec<Standing> {
        let cells = &mut self.cells;
        let whole = |(named, at, heading): (&NetIdOf, &Position, &Heading)| {
            let name = named.0.0 as usize;
            if name >= cells.len() {
                cells.resize(name + 1, Cell { row: u8::MAX, column: u8::MAX });
            }
            if !cells[name].keeps(at.x, at.y) {
                cells[name] = Cell::of(at.x, at.y);
            }
            let cell = cells[name];
            Standing { cell, id: named.0, motion: Motion::new(cell, (at.x, at.y), (heading.0 >> 8) as u8, 11) }
        };
        let mut standing: Vec<Standing> = self.standers.iter(self.shard.world()).map(whole).collect();
        standing.sort_unstable();
        standing
    }

    fn place(&mut self, id: NetId) -> Position {
        let world = self.shard.world();
        let entity = world.resource::<hypogeum_shard::NetIdIndex>().entity(id).expect("everyone lives");
        *world.get::<Position>(entity).expect("everyone is somewhere")
    }
}

/// Plays a shape for so many ticks.
pub(crate) fn turn(shape: Shape, ticks: u32) -> Turn {
    let mut world = World::new(shape);
    let mut scene = Scene::new();
    let mut blocks = Blocks::default();
    let mut viewers: Vec<Viewer> = world
        .avatars
        .iter()
        .map(|avatar| Viewer::new(Eye::Avatar(*avatar), shape.sight, InterestRule::Cells))
        .collect();
    let mut readers: Vec<(usize, Eyes)> =
        (0..READ).map(|index| (index * shape.clients / READ, Eyes::default())).collect();
    let (mut gathering, mut showing) = (Duration::ZERO, Duration::ZERO);
    let (mut pairs, mut bytes, mut records_count, mut record_bytes) = (0_u64, 0_u64, 0_u64, 0_u64);
    let (mut out, mut ends) = (Vec::new(), Vec::new());
    for tick in 0..WARM_UP + ticks {
        world.step();
        out.clear();
        ends.clear();

        let began = thread_time();
        scene.gather(&mut world.shard);
        let gathered = thread_time();
        let obstacles = world.shard.world().resource::<Obstacles>();
        // Everyone has sent one datagram a tick, so the same ones have arrived with all.
        let acked = (tick as u16).checked_sub(ACK_TICKS).map(|newest| Ack { newest, before: u32::MAX });
        for few in viewers.chunks_mut(Viewer::TOUCHED_AT_ONCE) {
            few.iter().for_each(|viewer| viewer.touch(acked));
            for viewer in few {
                if let Some(ack) = acked {
                    viewer.learn(ack).expect("it was sent");
                }
                viewer.show(&scene, obstacles, &mut blocks, (shape.bytes_max, i32::MAX, 1), &mut out);
                ends.push(out.len());
            }
        }
        let shown = thread_time();

        let standing = world.standing();
        let datagram = |index: usize| &out[index.checked_sub(1).map_or(0, |before| ends[before])..ends[index]];
        for (index, eyes) in &mut readers {
            let avatar = world.avatars[*index];
            let eye = world.place(avatar);
            let records = eyes.take(datagram(*index));
            eyes.compare(&standing, CellBox::around(eye.x, eye.y, shape.sight), world.cells[avatar.0 as usize]);
            if tick >= WARM_UP {
                records_count += records;
                record_bytes += datagram(*index).len() as u64;
            }
        }
        if tick >= WARM_UP {
            gathering += gathered - began;
            showing += shown - gathered;
            bytes += out.len() as u64;
            pairs += visible(&mut world, shape, &standing);
        }
    }
    let of_pairs = |time: Duration| time.as_nanos() as f64 / pairs as f64;
    let datagrams = shape.clients as f64 * f64::from(ticks);
    Turn {
        ns: of_pairs(gathering + showing),
        gathering_ns: of_pairs(gathering),
        bytes: record_bytes as f64 / records_count as f64,
        visible: pairs as f64 / datagrams,
        datagram_bytes: bytes as f64 / datagrams,
    }
}

/// How many entities all clients see together, by where everything stands.
fn visible(world: &mut World, shape: Shape, standing: &[Standing]) -> u64 {
    let side = shape.cells as usize;
    let mut counts = vec![0_u64; side * side];
    for one in standing {
        counts[usize::from(one.cell.row) * side + usize::from(one.cell.column)] += 1;
    }
    // Clients are the first of those that have names, and names rise.
    let clients = world.avatars.last().copied().expect("there are clients");
    let watching = standing.iter().filter(|one| one.id <= clients);
    let reach = (shape.sight / CELL) as usize;
    watching
        .map(|one| {
            let (row, column) = (usize::from(one.cell.row), usize::from(one.cell.column));
            let rows = row.saturating_sub(reach)..=(row + reach).min(side - 1);
            let columns = column.saturating_sub(reach)..=(column + reach).min(side - 1);
            rows.map(|row| counts[row * side + columns.start()..=row * side + columns.end()].iter().sum::<u64>())
                .sum::<u64>()
        })
        .sum()
}
