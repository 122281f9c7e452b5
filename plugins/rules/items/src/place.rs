//! The only way an item changes its place.

use bevy_ecs::prelude::{Entity, World};
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdIndex;
use hypogeum_space::Position;

use crate::bags::note_change;
use crate::decay::begin_decay;
use crate::flags::bind;
use crate::{Bag, Claim, Container, Decay, Holdings, Inventory, Item, Place};

impl Place {
    /// Who or what holds it; `None` on the ground.
    #[must_use]
    pub const fn holder(self) -> Option<NetId> {
        match self {
            Self::Ground => None,
            Self::In(holder) | Self::Worn(holder, _) => Some(holder),
        }
    }
}

/// Moves an item; `at` is where it lies if it comes to the ground. The holders' counts follow, and a container that
/// has become empty vanishes.
pub(crate) fn move_item(world: &mut World, item: Entity, to: Place, at: Position) {
    let Some(&from) = world.get::<Place>(item) else { return };
    world.entity_mut(item).insert(to);
    if let Some(&known) = world.get::<Item>(item) {
        world.entity_mut(item).insert(known.changed());
    }
    if to == Place::Ground {
        world.entity_mut(item).insert(at);
        begin_decay(world, item);
    } else if from == Place::Ground {
        world.entity_mut(item).remove::<(Position, Claim, Decay)>();
    }
    let lies = world.get::<Position>(item).is_some();
    assert_eq!(lies, to == Place::Ground, "an item lies on the ground or is held, never both and never neither");
    if from.holder() == to.holder() {
        count(world, to, 0);
    } else {
        count(world, from, -1);
        count(world, to, 1);
        assert_counted(world, from);
    }
    assert_counted(world, to);
    bind(world, item, to);
}

/// Items are neither lost nor doubled: the holder of a place holds as many as it counts, and no more than it can.
pub(crate) fn assert_counted(world: &World, place: Place) {
    let Some(holder) = place.holder() else { return };
    let Some(entity) = world.resource::<NetIdIndex>().entity(holder) else { return };
    let held = world.resource::<Holdings>().of(holder).len();
    if let Some(inventory) = world.get::<Inventory>(entity) {
        assert_eq!(inventory.count as usize, held, "{holder} carries what it counts");
        assert!(inventory.count <= inventory.slots, "{holder} carries no more than it has room for");
    } else if let Some(container) = world.get::<Container>(entity) {
        assert_eq!(container.count as usize, held, "{holder} contains what it counts");
    } else if let Some(bag) = world.get::<Bag>(entity) {
        assert_eq!(bag.count as usize, held, "{holder} contains what it counts");
    }
}

/// Changes what the holder of a place is known to hold by `by` items.
pub(crate) fn count(world: &mut World, place: Place, by: i32) {
    let Some(name) = place.holder() else { return };
    let Some(holder) = world.resource::<NetIdIndex>().entity(name) else { return };
    if let Some(mut bag) = world.get_mut::<Bag>(holder) {
        bag.count = bag.count.checked_add_signed(by).expect("nothing contains fewer than no items");
        note_change(world, name);
    } else if let Some(mut inventory) = world.get_mut::<Inventory>(holder) {
        inventory.count = inventory.count.checked_add_signed(by).expect("nobody carries fewer than no items");
        inventory.version = inventory.version.wrapping_add(1);
    } else if let Some(mut container) = world.get_mut::<Container>(holder) {
        container.count = container.count.checked_add_signed(by).expect("nothing contains fewer than no items");
        if container.count == 0 {
            world.despawn(holder);
        }
    }
}

/// Whether the holder of this name can take one more item; never for what holds nothing.
pub(crate) fn has_room(world: &World, holder: NetId) -> bool {
    let Some(holder) = world.resource::<NetIdIndex>().entity(holder) else { return false };
    match (world.get::<Inventory>(holder), world.get::<Bag>(holder)) {
        (Some(inventory), _) => inventory.count < inventory.slots,
        (_, Some(bag)) => bag.count < bag.slots,
        _ => world.get::<Container>(holder).is_some(),
    }
}
