//! What hands need: life, reach, the thing itself, and nothing else that they are at.

use bevy_ecs::prelude::{Entity, World};
use hypogeum_combat::{Casting, Dead, Health};
use hypogeum_content::def::ItemDef;
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};
use hypogeum_space::{METRE, Obstacles, Position};

use crate::{Inventory, Item, Place, Refusal};

/// How far hands reach, from centre to centre, in subunits.
pub const REACH: i32 = 2 * METRE;

/// Where `who` stands, if it has hands to act with: an inventory, a place, and life.
pub(crate) fn able(world: &World, who: NetId) -> Result<Position, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(who).ok_or(Refusal::NotMadeForThat)?;
    let alive = world.get::<Dead>(entity).is_none() && world.get::<Health>(entity).is_none_or(|health| health.hp > 0);
    match world.get::<Position>(entity) {
        Some(&at) if alive && world.get::<Inventory>(entity).is_some() => Ok(at),
        _ => Err(Refusal::NotMadeForThat),
    }
}

pub(crate) fn reachable(world: &World, from: Position, to: Position) -> Result<(), Refusal> {
    let (dx, dy) = (i64::from(to.x) - i64::from(from.x), i64::from(to.y) - i64::from(from.y));
    let near = dx * dx + dy * dy <= i64::from(REACH) * i64::from(REACH);
    if near && world.resource::<Obstacles>().sight(from, to) { Ok(()) } else { Err(Refusal::OutOfReach) }
}

/// An item `who` carries or wears.
pub(crate) fn own(world: &World, who: NetId, item: NetId) -> Result<(Entity, Item, Place), Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(item).ok_or(Refusal::NotCarried)?;
    match (world.get::<Item>(entity), world.get::<Place>(entity)) {
        (Some(&item), Some(&place)) if place.holder() == Some(who) => Ok((entity, item, place)),
        _ => Err(Refusal::NotCarried),
    }
}

pub(super) fn definition(world: &World, item: NetId) -> Result<&ItemDef, Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(item).ok_or(Refusal::NotCarried)?;
    let item = world.get::<Item>(entity).ok_or(Refusal::NotCarried)?;
    world.resource::<Rules>().content.items.find(item.def).ok_or(Refusal::NotCarried)
}

/// A blow that has begun ends with the weapon it began with.
pub(super) fn hands_free(world: &World, who: NetId) -> Result<(), Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(who).ok_or(Refusal::NotMadeForThat)?;
    match world.get::<Casting>(entity) {
        Some(casting) if casting.slot == 0 => Err(Refusal::Busy),
        _ => Ok(()),
    }
}
