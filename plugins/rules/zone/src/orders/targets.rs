//! What somebody means by a name.

use bevy_ecs::prelude::World;
use hypogeum_items::{Item, Place, carried};
use hypogeum_locale::{Message, Value};
use hypogeum_protocol::NetId;
use hypogeum_shard::{NetIdIndex, Rules};

use super::parse::Which;
use crate::rooms::{is_dead, things_near};
use crate::tell::{WORN, item_name, typed_name};

/// What stands near somebody and has a name like this; itself last.
pub(crate) fn here(world: &World, who: NetId, word: &str) -> Vec<NetId> {
    let mut things: Vec<NetId> =
        things_near(world, who).into_iter().map(|(name, _)| name).filter(|one| *one != who).collect();
    // The living before the dead.
    things.sort_by_key(|one| is_dead(world, *one));
    things.push(who);
    Which::parse(word).of(things.into_iter().map(|one| (one, typed_name(world, one))))
}

/// What lies on the ground near somebody and has a name like this, and containers.
pub(crate) fn lying(world: &World, who: NetId, word: &str) -> Vec<NetId> {
    let is_thing = |entity| {
        world.get::<Item>(entity).is_some() && world.get::<Place>(entity) == Some(&Place::Ground)
            || world.get::<hypogeum_items::Container>(entity).is_some()
    };
    let things = things_near(world, who).into_iter().filter(|(_, entity)| is_thing(*entity)).map(|(name, _)| name);
    Which::parse(word).of(things.map(|one| (one, typed_name(world, one))))
}

/// What somebody carries or wears and has a name like this.
pub(crate) fn held(world: &World, who: NetId, word: &str) -> Vec<NetId> {
    let items = carried(world, who).into_iter().map(|held| held.name);
    Which::parse(word).of(items.map(|one| (one, typed_name(world, one))))
}

/// What else somebody carries that is of a kind with an item, and is not worn.
pub(crate) fn like(world: &World, who: NetId, item: NetId) -> Vec<NetId> {
    let held = carried(world, who);
    let Some(def) = held.iter().find(|held| held.name == item).map(|held| held.item.def) else { return Vec::new() };
    let is_like = |held: &&hypogeum_items::Carried| held.name != item && held.item.def == def && held.worn.is_none();
    held.iter().filter(is_like).map(|held| held.name).collect()
}

/// Those of some things that have a name like this.
pub(crate) fn among(world: &World, things: Vec<NetId>, word: &str) -> Vec<NetId> {
    Which::parse(word).of(things.into_iter().map(|one| (one, typed_name(world, one))))
}

/// Whether somebody has room for one more thing.
pub(crate) fn has_room(world: &World, who: NetId) -> bool {
    let entity = world.resource::<NetIdIndex>().entity(who);
    let inventory = entity.and_then(|entity| world.get::<hypogeum_items::Inventory>(entity));
    inventory.is_some_and(|inventory| inventory.count < inventory.slots)
}

/// What is in a bag and has a name like this.
pub(crate) fn in_bag(world: &World, bag: NetId, word: &str) -> Vec<NetId> {
    let items = carried(world, bag).into_iter().map(|held| held.name);
    Which::parse(word).of(items.map(|one| (one, typed_name(world, one))))
}

/// The bag of somebody that has a name like this: carried, or in another.
pub(crate) fn bag(world: &World, who: NetId, word: &str) -> Option<NetId> {
    let items = hypogeum_items::carried_in_all(world, who).into_iter().map(|held| held.name);
    let is_bag = |name: &NetId| {
        let entity = world.resource::<NetIdIndex>().entity(*name);
        entity.is_some_and(|entity| world.get::<hypogeum_items::Bag>(entity).is_some())
    };
    Which::parse(word).of(items.filter(is_bag).map(|one| (one, typed_name(world, one)))).first().copied()
}

/// The first thing somebody carries that repairs others.
pub(crate) fn kit(world: &World, who: NetId) -> Option<NetId> {
    let items = &world.resource::<Rules>().content.items;
    let repairs = |held: &hypogeum_items::Carried| items.find(held.item.def).is_some_and(|def| def.repairs > 0);
    carried(world, who).into_iter().find(repairs).map(|held| held.name)
}

/// Whether something is a container.
pub(crate) fn is_container(world: &World, thing: NetId) -> bool {
    let entity = world.resource::<NetIdIndex>().entity(thing);
    entity.is_some_and(|entity| world.get::<hypogeum_items::Container>(entity).is_some())
}

/// What the items are called that somebody carries.
pub(crate) fn inventory(world: &World, who: NetId) -> Vec<Value> {
    let content = &world.resource::<Rules>().content;
    let held = carried(world, who).into_iter();
    held.map(|held| {
        let name = item_name(content, held.item.def, held.item.count);
        if held.worn.is_some() { Message::new(WORN).with("item", name).into() } else { name }
    })
    .collect()
}
