//! Sorting what one carries: stacks parted and poured together, things put into bags and taken out.

use bevy_ecs::prelude::World;
use hypogeum_content::def::Slot;
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdIndex;
use hypogeum_space::Position;

use super::hands::{hands_free, own};
use crate::bags::{carrier, may_put};
use crate::flags::may_part;
use crate::place::has_room;
use crate::stacks::{set_count, split_off, stack_max, transfer};
use crate::worn::refresh_worn;
use crate::{Item, Place, Refusal};

pub(super) fn split(world: &mut World, who: NetId, name: NetId, wanted: u32) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, who, name)?;
    if wanted == 0 || wanted >= item.count || place != Place::In(who) {
        return Err(Refusal::TooFew);
    }
    if !has_room(world, who) {
        return Err(Refusal::Full);
    }
    set_count(world, entity, item.count - wanted);
    split_off(world, &item, wanted, place, Position::default());
    Ok(wanted)
}

pub(super) fn put(world: &mut World, who: NetId, name: NetId, into: NetId) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, who, name)?;
    if carrier(world, into) != Some(who) {
        return Err(Refusal::NotCarried);
    }
    may_put(world, name, into)?;
    // A bag can be dropped with all that is in it.
    may_part(world, &item)?;
    if matches!(place, Place::Worn(_, Slot::Weapon)) {
        hands_free(world, who)?;
    }
    let moved = transfer(world, entity, item.count, into)?;
    if matches!(place, Place::Worn(..)) {
        refresh_worn(world, who);
    }
    Ok(moved)
}

pub(super) fn take_out(world: &mut World, who: NetId, name: NetId) -> Result<u32, Refusal> {
    if carrier(world, name) != Some(who) {
        return Err(Refusal::NotCarried);
    }
    let entity = world.resource::<NetIdIndex>().entity(name).ok_or(Refusal::NotCarried)?;
    let item = *world.get::<Item>(entity).ok_or(Refusal::NotCarried)?;
    match world.get::<Place>(entity) {
        Some(Place::In(bag)) if *bag != who => transfer(world, entity, item.count, who),
        _ => Err(Refusal::NotMadeForThat),
    }
}

pub(super) fn merge(world: &mut World, who: NetId, from: NetId, into: NetId) -> Result<u32, Refusal> {
    let (source, item, _) = own(world, who, from)?;
    let (target, other, _) = own(world, who, into)?;
    if source == target || !item.is_like(&other) {
        return Err(Refusal::Unlike);
    }
    let poured = stack_max(world, item.def).saturating_sub(other.count).min(item.count);
    if poured == 0 {
        return Err(Refusal::Full);
    }
    set_count(world, target, other.count + poured);
    set_count(world, source, item.count - poured);
    Ok(poured)
}
