//! What somebody holds, for inventories shown and accounts settled.

use bevy_ecs::prelude::World;
use hypogeum_content::def::Slot;
use hypogeum_protocol::NetId;
use hypogeum_shard::{Directory, Named};

use crate::place::count;
use crate::worn::refresh_worn;
use crate::{Item, Place};

/// One item somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its name in the shard.
    pub name: NetId,
    /// What it is, and its name for ever.
    pub item: Item,
    /// Where it is worn; `None` in the bag.
    pub worn: Option<Slot>,
}

/// What a holder carries and wears, or a container contains, in the order of names. Looks at every item of the world
/// once: ask when [`crate::Inventory::version`] has changed, not each tick.
#[must_use]
pub fn carried(world: &World, holder: NetId) -> Vec<Carried> {
    // Before the first item there is nothing to query.
    let Some(mut items) = world.try_query::<(&Named, &Item, &Place)>() else { return Vec::new() };
    let mut held: Vec<Carried> = items
        .iter(world)
        .filter_map(|(named, item, place)| match *place {
            Place::In(by) if by == holder => Some(Carried { name: named.0, item: *item, worn: None }),
            Place::Worn(by, slot) if by == holder => Some(Carried { name: named.0, item: *item, worn: Some(slot) }),
            _ => None,
        })
        .collect();
    held.sort_unstable_by_key(|carried| carried.name);
    held
}

/// Takes everything a holder has out of the world and returns it in the order of names: for whoever leaves with it.
pub fn take_all(world: &mut World, holder: NetId) -> Vec<Carried> {
    let held = carried(world, holder);
    for carried in &held {
        if let Some(entity) = world.resource::<Directory>().entity(carried.name) {
            world.despawn(entity);
        }
        count(world, Place::In(holder), -1);
    }
    refresh_worn(world, holder);
    held
}
