//! What is worn, and what wearing it does.

use bevy_ecs::prelude::{DetectChangesMut, World};
use hypogeum_combat::{AbilitySlots, EquipmentBonus};
use hypogeum_content::def::{ItemDef, Magnitude};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};
use hypogeum_space::Position;

use crate::place::move_item;
use crate::{Inventory, Item, Place, Refusal, carried};

/// Puts on what the holder already carries, taking off what its slot holds. For loadouts; players and brains send an
/// [`crate::ItemRequest`].
///
/// # Errors
/// [`Refusal::NotCarried`] where the holder does not carry it, [`Refusal::NotMadeForThat`] where it is worn already or cannot be worn.
pub fn wear(world: &mut World, holder: NetId, item: NetId) -> Result<(), Refusal> {
    let entity = world.resource::<NetIdIndex>().entity(item).ok_or(Refusal::NotCarried)?;
    let (Some(&Item { def, .. }), Some(&place)) = (world.get::<Item>(entity), world.get::<Place>(entity)) else {
        return Err(Refusal::NotCarried);
    };
    match place {
        Place::In(by) if by == holder => {}
        Place::Worn(by, _) if by == holder => return Err(Refusal::NotMadeForThat),
        _ => return Err(Refusal::NotCarried),
    }
    let slot = world.resource::<Rules>().content.items.find(def).and_then(|def| def.slot);
    let slot = slot.ok_or(Refusal::NotMadeForThat)?;
    let in_the_way = carried(world, holder).into_iter().find(|carried| carried.worn == Some(slot));
    let nowhere = Position::default();
    if let Some(old) = in_the_way.and_then(|old| world.resource::<NetIdIndex>().entity(old.name)) {
        move_item(world, old, Place::In(holder), nowhere);
    }
    move_item(world, entity, Place::Worn(holder, slot), nowhere);
    let in_slot = |world: &World| carried(world, holder).iter().filter(|carried| carried.worn == Some(slot)).count();
    debug_assert_eq!(in_slot(world), 1, "a slot holds one item");
    refresh_worn(world, holder);
    Ok(())
}

/// Writes down what a holder's worn items give it: bonuses, and the weapon's ability in slot 0.
pub(crate) fn refresh_worn(world: &mut World, holder: NetId) {
    let Some(entity) = world.resource::<NetIdIndex>().entity(holder) else { return };
    let Some(unarmed) = world.get::<Inventory>(entity).map(|inventory| inventory.unarmed) else { return };
    let content = world.resource::<Rules>().content.clone();
    let mut bonus = EquipmentBonus::default();
    let mut attack = unarmed;
    for carried in carried(world, holder).into_iter().filter(|carried| carried.worn.is_some()) {
        let Some(def) = content.items.find(carried.item.def) else { continue };
        if def.is_broken(carried.item.wear) {
            continue;
        }
        add_modifiers(&mut bonus, def);
        if let Some(ability) = &def.ability {
            attack = Some(ability.id());
        }
    }
    if let Some(mut written) = world.get_mut::<EquipmentBonus>(entity) {
        written.set_if_neq(bonus);
    }
    if let Some(mut slots) = world.get_mut::<AbilitySlots>(entity) {
        let mut fresh = *slots;
        fresh.0[0] = attack;
        slots.set_if_neq(fresh);
    }
}

fn add_modifiers(bonus: &mut EquipmentBonus, def: &ItemDef) {
    for modifier in &def.modifiers {
        let stat = modifier.stat as usize;
        let (column, by) = match modifier.by {
            Magnitude::Flat(points) => (&mut bonus.flat, points),
            Magnitude::BasisPoints(basis_points) => (&mut bonus.percent, basis_points),
        };
        if let Some(sum) = column.get_mut(stat) {
            *sum = sum.saturating_add(by);
        }
    }
}
