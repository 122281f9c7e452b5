//! Doors: what stands in the way while they are not open.

use bevy_ecs::prelude::World;
use hypogeum_content::def::{DoorConflict, DoorDef, DoorState, WayDef};
use hypogeum_content::texts;
use hypogeum_locale::Value;
use hypogeum_protocol::{Block, NetId};
use hypogeum_shard::KindOutbox;
use hypogeum_space::{Body, Obstacles, Position};
use hypogeum_world_messages::{DoorNews, DoorState as ToldState, WorldNews};

use crate::layout::Layout;
use crate::state::{Character, Door, Doors, SeatAvatars};
use crate::tell::{DOOR_CLOSES, DOOR_LOCKS, DOOR_OPENS, DOOR_UNLOCKS, SOMETHING, message, tell_room};
use crate::{zone_def, zone_key};

/// As clients are told.
pub(crate) const fn door_news(door: Door) -> DoorNews {
    let state = match door.state {
        DoorState::Open => ToldState::Open,
        DoorState::Closed => ToldState::Closed,
        DoorState::Locked => ToldState::Locked,
    };
    DoorNews { state, version: door.version }
}

/// All that stands in the way: walls, and doors that are not open.
pub(crate) fn obstacles(layout: &Layout, doors: &Doors) -> Obstacles {
    let closed = layout.doors.iter().zip(&doors.0).filter(|(_, door)| door.state != DoorState::Open);
    let closed = closed.filter_map(|(way, _)| layout.ways.get(*way)).map(|way| way.block);
    Obstacles::new(layout.side, layout.walls.iter().copied().chain(closed).collect())
}

/// The way that a door is in.
pub(crate) fn way_of_door(world: &World, door: usize) -> Option<&WayDef> {
    let way = *world.resource::<Layout>().doors.get(door)?;
    zone_def(world)?.ways.get(way)
}

/// The definition of a door.
pub(crate) fn door_def(world: &World, door: usize) -> Option<&DoorDef> {
    way_of_door(world, door)?.door.as_ref()
}

/// What a door is called.
pub(crate) fn door_name(world: &World, door: usize) -> Value {
    door_def(world, door)
        .map_or_else(|| message(SOMETHING), |def| Value::thing(texts::door(zone_key(world), &def.key), &*def.name, 1))
}

/// The number of a door by its key.
pub(crate) fn door_of_key(world: &World, key: &str) -> Option<usize> {
    let count = world.resource::<Layout>().doors.len();
    (0..count).find(|door| door_def(world, *door).is_some_and(|def| def.key == key))
}

/// Opens, closes or locks a door, and tells those on both sides. Returns whether it was otherwise before.
pub(crate) fn set_door(world: &mut World, door: usize, state: DoorState) -> bool {
    let Some(&Door { state: before, version }) = world.resource::<Doors>().0.get(door) else { return false };
    if before == state {
        return false;
    }
    if let Some(kept) = world.resource_mut::<Doors>().0.get_mut(door) {
        *kept = Door { state, version: version.wrapping_add(1) };
    }
    let obstacles = obstacles(world.resource::<Layout>(), world.resource::<Doors>());
    world.insert_resource(obstacles);
    let name = door_name(world, door);
    let layout = world.resource::<Layout>();
    let Some(way) = layout.doors.get(door).and_then(|way| layout.ways.get(*way)) else { return true };
    let rooms = way.rooms;
    let message = match (before, state) {
        (_, DoorState::Open) => DOOR_OPENS,
        (DoorState::Locked, DoorState::Closed) => DOOR_UNLOCKS,
        (_, DoorState::Closed) => DOOR_CLOSES,
        (_, DoorState::Locked) => DOOR_LOCKS,
    };
    for room in rooms {
        tell_room(world, room, None, message, &[("door", name.clone())]);
    }
    // Everyone's ground is another now, wherever they are.
    let Some(news) = news_of(world, door) else { return true };
    let everyone: Vec<NetId> = world.resource::<SeatAvatars>().0.values().copied().collect();
    world.resource_mut::<KindOutbox>().tell_each(everyone, news.encode());
    true
}

/// How a door stands now, as clients are told.
pub(crate) fn news_of(world: &World, door: usize) -> Option<WorldNews> {
    let layout = world.resource::<Layout>();
    let block = layout.doors.get(door).and_then(|way| layout.ways.get(*way))?.block;
    let DoorNews { state, version } = door_news(*world.resource::<Doors>().0.get(door)?);
    Some(WorldNews::Door { key: door_def(world, door)?.key.clone(), state, block, version })
}

/// Whether a door is as somebody has seen it, or of those for which that does not matter.
pub(crate) fn is_as_seen(world: &World, door: usize, seen: Option<u32>) -> bool {
    let rejects = door_def(world, door).is_some_and(|def| def.on_conflict == DoorConflict::Reject);
    let version = world.resource::<Doors>().0.get(door).map(|door| door.version);
    !rejects || seen.is_none() || seen == version
}

/// Whether somebody stands where a door would close.
pub(crate) fn is_blocked(world: &mut World, block: Block) -> bool {
    let mut bodies = world.query::<(&Position, &Body)>();
    bodies.iter(world).any(|(at, body)| {
        let (low, high) = (body.radius, -body.radius);
        let across = block.x_min - low < at.x && at.x < block.x_max - high;
        across && block.y_min - low < at.y && at.y < block.y_max - high
    })
}

/// Whether a character carries or wears one of these.
pub(crate) fn carries(world: &World, who: NetId, item: hypogeum_content::Id<hypogeum_content::def::ItemDef>) -> bool {
    hypogeum_items::carried(world, who).iter().any(|held| held.item.def == item)
}

/// Whether an entity is a character of a player.
pub(crate) fn is_character(world: &World, who: NetId) -> bool {
    let entity = world.resource::<hypogeum_shard::NetIdIndex>().entity(who);
    entity.is_some_and(|entity| world.get::<Character>(entity).is_some())
}
