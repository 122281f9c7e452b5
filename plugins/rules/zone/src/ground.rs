//! The ground as clients come to know it: walls, doors as they were in the beginning, and rooms.

use bevy_ecs::prelude::World;
use hypogeum_content::def::{DoorState, ZoneDef};
use hypogeum_protocol::{Block, DoorInfo, RoomInfo};
use hypogeum_shard::{GroundFeatures, MapBrief, Rules};
use hypogeum_space::cm;

use crate::layout::{Layout, RoomPlace};
use crate::state::Doors;
use crate::zone_def;

/// What stands in the way for ever.
pub(crate) fn ground(world: &World) -> MapBrief {
    let layout = world.resource::<Layout>();
    let content = &world.resource::<Rules>().content;
    let radius = content.archetypes.iter().next().map_or(0, |(_, _, def)| cm(def.avatar.radius_cm));
    MapBrief { radius, side: layout.side, obstacles: layout.walls.clone(), ..MapBrief::default() }
}

/// Doors, and the rooms that are no secret.
pub(crate) fn features(world: &World) -> GroundFeatures {
    let Some(zone) = zone_def(world) else { return GroundFeatures::default() };
    let layout = world.resource::<Layout>();
    let doors = (0_u16..).zip(&layout.doors).filter_map(|(number, way)| {
        let (def, place) = (zone.ways.get(*way)?.door.as_ref()?, layout.ways.get(*way)?);
        let is_open = def.starts == DoorState::Open;
        // Of a secret way a client knows what stands in it, and no more.
        let key = if zone.ways.get(*way)?.is_secret { String::new() } else { def.key.clone() };
        Some(DoorInfo { number, key, block: place.block, is_open })
    });
    let rooms = zone.rooms.iter().zip(&layout.rooms).filter(|(def, _)| !is_secret(zone, &def.key));
    let rooms = rooms.map(|(def, place)| RoomInfo {
        key: def.key.clone(),
        name: def.name.clone(),
        area: area(place),
        is_safe: def.is_safe,
    });
    GroundFeatures { doors: doors.collect(), rooms: rooms.collect() }
}

/// Whether only secret ways lead into a room: who is told its name is told that it is there.
fn is_secret(zone: &ZoneDef, room: &str) -> bool {
    let mut ways = zone.ways.iter().filter(|way| way.between.0 == room || way.between.1 == room).peekable();
    ways.peek().is_some() && ways.all(|way| way.is_secret)
}

const fn area(room: &RoomPlace) -> Block {
    Block { x_min: room.low.x, y_min: room.low.y, x_max: room.high.x, y_max: room.high.y }
}

/// Which doors are open now.
pub(crate) fn open_doors(world: &World) -> Vec<bool> {
    world.resource::<Doors>().0.iter().map(|door| door.state == DoorState::Open).collect()
}
