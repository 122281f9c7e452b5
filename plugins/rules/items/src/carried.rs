//! What somebody holds, for inventories shown and accounts settled.

use bevy_ecs::prelude::World;
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, Slot};
use hypogeum_protocol::{ItemId, ItemState, NetId};
use hypogeum_shard::NetIdIndex;

use crate::bags::{bag_of, within};
use crate::place::{assert_counted, count};
use crate::stacks::set_count;
use crate::worn::refresh_worn;
use crate::{ChangedCounts, Holdings, Item, Place};

/// One item somebody holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Its name in the shard.
    pub name: NetId,
    /// What it is, and its name for ever.
    pub item: Item,
    /// Where it is worn; `None` in the bag.
    pub worn: Option<Slot>,
    /// The name for ever of the bag it lies in; `None`: in none.
    pub inside: Option<ItemId>,
}

impl Carried {
    /// An item as its holder has it.
    #[must_use]
    pub const fn new(name: NetId, item: Item, place: Place) -> Self {
        let worn = if let Place::Worn(_, slot) = place { Some(slot) } else { None };
        Self { name, item, worn, inside: None }
    }

    /// What it has besides its kind, as it leaves the shard.
    #[must_use]
    pub const fn state(&self) -> ItemState {
        ItemState { inside: self.inside, ..self.item.state() }
    }
}

/// What a holder carries and wears, or a container contains, in the order of names.
#[must_use]
pub fn carried(world: &World, holder: NetId) -> Vec<Carried> {
    let (Some(holdings), Some(directory)) = (world.get_resource::<Holdings>(), world.get_resource::<NetIdIndex>())
    else {
        return Vec::new();
    };
    let found = holdings.of(holder).iter().filter_map(|&name| {
        let item = directory.entity(name)?;
        Some(Carried::new(name, *world.get::<Item>(item)?, *world.get::<Place>(item)?))
    });
    found.collect()
}

/// What a holder carries and wears, with all that is in its bags: those before what is in them.
#[must_use]
pub fn carried_in_all(world: &World, holder: NetId) -> Vec<Carried> {
    let directory = world.resource::<NetIdIndex>();
    let found = within(world, holder).into_iter().filter_map(|(name, depth)| {
        let entity = directory.entity(name)?;
        let held = Carried::new(name, *world.get::<Item>(entity)?, *world.get::<Place>(entity)?);
        Some(Carried { inside: bag_of(world, entity).filter(|_| depth > 0), ..held })
    });
    found.collect()
}

/// Takes everything a holder has out of the world, with what is in its bags, and returns it as [`carried_in_all`] does: for
/// anyone who leaves with it.
pub fn take_all(world: &mut World, holder: NetId) -> Vec<Carried> {
    let held = carried_in_all(world, holder);
    // What is in a bag goes before the bag.
    for carried in held.iter().rev() {
        let Some(entity) = world.resource::<NetIdIndex>().entity(carried.name) else { continue };
        let place = world.get::<Place>(entity).copied();
        world.despawn(entity);
        ChangedCounts::forget(world, carried.item.id);
        if let Some(place) = place {
            count(world, place, -1);
        }
    }
    assert_counted(world, Place::In(holder));
    refresh_worn(world, holder);
    held
}

/// How many pieces of a kind a holder carries, of what is not worn and in no bag.
#[must_use]
pub fn count_of(world: &World, holder: NetId, def: Id<ItemDef>) -> u32 {
    let held = carried(world, holder).into_iter().filter(|held| held.item.def == def && held.worn.is_none());
    held.fold(0, |count, held| count.saturating_add(held.item.count))
}

/// Takes so many pieces of a kind out of the world that a holder carries, of what is not worn and in no bag: all of them, or
/// none where there are not so many. Returns whether there were.
pub fn take_some(world: &mut World, holder: NetId, def: Id<ItemDef>, count: u32) -> bool {
    if count_of(world, holder, def) < count {
        return false;
    }
    let mut left = count;
    for held in carried(world, holder).into_iter().filter(|held| held.item.def == def && held.worn.is_none()) {
        let taken = left.min(held.item.count);
        left -= taken;
        if let Some(entity) = world.resource::<NetIdIndex>().entity(held.name).filter(|_| taken > 0) {
            set_count(world, entity, held.item.count - taken);
        }
    }
    true
}

/// Takes so many pieces of one thing out of the world that a holder carries and does not wear. Returns whether it had so many.
pub fn take_pieces(world: &mut World, holder: NetId, thing: NetId, count: u32) -> bool {
    let held = carried(world, holder).into_iter().find(|held| held.name == thing);
    let Some(held) = held.filter(|held| held.worn.is_none() && held.item.count >= count) else { return false };
    if let Some(entity) = world.resource::<NetIdIndex>().entity(held.name).filter(|_| count > 0) {
        set_count(world, entity, held.item.count - count);
    }
    true
}

/// Takes one piece of a kind out of the world that a holder carries, of the bag before what is worn. Returns whether it had one.
pub fn take_one(world: &mut World, holder: NetId, def: Id<ItemDef>) -> bool {
    let held = carried(world, holder).into_iter().filter(|held| held.item.def == def);
    let Some(taken) = held.min_by_key(|held| (held.worn.is_some(), held.name)) else { return false };
    if let Some(entity) = world.resource::<NetIdIndex>().entity(taken.name) {
        set_count(world, entity, taken.item.count - 1);
    }
    if taken.worn.is_some() {
        refresh_worn(world, holder);
    }
    true
}
