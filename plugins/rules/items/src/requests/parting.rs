//! Parting with what one carries: dropping and giving.

use bevy_ecs::prelude::World;
use hypogeum_content::def::Slot;
use hypogeum_protocol::NetId;
use hypogeum_space::Position;

use super::hands::{able, hands_free, own, reachable};
use super::seen::pieces;
use crate::flags::may_part;
use crate::place::move_item;
use crate::stacks::{set_count, split_off, transfer};
use crate::worn::refresh_worn;
use crate::{Place, Refusal};

/// Hands what one carries, worn or not, to another who stands near, as far as there is room.
///
/// # Errors
/// [`Refusal::NotMadeForThat`] where the giver cannot act or gives to itself, [`Refusal::NotCarried`], [`Refusal::NotThere`] where
/// the other cannot carry anything, [`Refusal::OutOfReach`], [`Refusal::Bound`] and [`Refusal::Quest`], and
/// [`Refusal::Full`], [`Refusal::Heavy`] or [`Refusal::HasOne`] where the other has no room for it.
pub fn hand_over(world: &mut World, from: NetId, to: NetId, item: NetId) -> Result<u32, Refusal> {
    let at = able(world, from)?;
    give(world, (from, at), to, item, None)
}

pub(super) fn give(
    world: &mut World,
    (from, at): (NetId, Position),
    to: NetId,
    name: NetId,
    wanted: Option<u32>,
) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, from, name)?;
    let stands = able(world, to).map_err(|_| Refusal::NotThere)?;
    if from == to {
        return Err(Refusal::NotMadeForThat);
    }
    reachable(world, at, stands)?;
    let wanted = pieces(world, &item, wanted)?;
    may_part(world, &item)?;
    if matches!(place, Place::Worn(_, Slot::Weapon)) {
        hands_free(world, from)?;
    }
    let given = transfer(world, entity, wanted, to)?;
    if matches!(place, Place::Worn(..)) {
        refresh_worn(world, from);
    }
    Ok(given)
}

pub(super) fn drop_item(
    world: &mut World,
    (who, at): (NetId, Position),
    name: NetId,
    wanted: Option<u32>,
) -> Result<u32, Refusal> {
    let (entity, item, place) = own(world, who, name)?;
    let wanted = pieces(world, &item, wanted)?;
    may_part(world, &item)?;
    if matches!(place, Place::Worn(_, Slot::Weapon)) {
        hands_free(world, who)?;
    }
    if wanted < item.count {
        set_count(world, entity, item.count - wanted);
        split_off(world, &item, wanted, Place::Ground, at);
    } else {
        move_item(world, entity, Place::Ground, at);
    }
    if matches!(place, Place::Worn(..)) {
        refresh_worn(world, who);
    }
    Ok(wanted)
}
