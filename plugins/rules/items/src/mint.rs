//! Where items and containers come from.

use bevy_ecs::prelude::{Resource, World};
use hypogeum_content::Id;
use hypogeum_content::def::ItemDef;
use hypogeum_protocol::{ItemId, NetId};
use hypogeum_shard::{NetIds, ResourceState, Rules};
use hypogeum_space::Position;
use serde::{Deserialize, Serialize};

use crate::decay::begin_decay;
use crate::flags::bind;
use crate::place::{assert_counted, count};
use crate::{Bag, Container, Item, Place};

/// Names items found in this shard. The match sets its `origin` before the first step.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mint {
    /// The match's id.
    pub origin: u64,
    /// The serial of the next item.
    pub next_serial: u32,
}

impl ResourceState for Mint {
    const NAME: &'static str = "mint";
}

impl Mint {
    /// A name no item had before. A shard that mints four thousand million items is at its end.
    #[must_use]
    pub fn mint(&mut self) -> ItemId {
        let serial = self.next_serial;
        self.next_serial = serial.checked_add(1).expect("a shard never lives to mint 2^32 items");
        ItemId { origin: self.origin, serial }
    }
}

/// A new item of a kind, not yet anywhere: hand it to [`spawn_item`].
#[must_use]
pub fn mint_item(world: &mut World, def: Id<ItemDef>) -> Item {
    let id = world.resource_mut::<Mint>().mint();
    Item::new(id, def)
}

/// Puts an item into the world and returns its name there. `at` is where it lies on [`Place::Ground`]. The caller
/// has seen to it that the holder exists and has room; what is to be worn is put [`Place::In`] the holder's bag first
/// and then on by [`crate::wear`], which knows the slots.
pub fn spawn_item(world: &mut World, item: Item, place: Place, at: Position) -> NetId {
    let name = world.resource_mut::<NetIds>().allocate();
    let mut entity = world.spawn((name, item, place));
    if place == Place::Ground {
        entity.insert(at);
    }
    let entity = entity.id();
    if place == Place::Ground {
        begin_decay(world, entity);
    }
    let holds = world.resource::<Rules>().content.items.find(item.def).and_then(|def| def.holds);
    if let Some(slots) = holds {
        world.entity_mut(entity).insert(Bag { slots, count: 0 });
    }
    count(world, place, 1);
    assert_counted(world, place);
    bind(world, entity, place);
    name.0
}

/// Puts an empty container into the world and returns its name. One that gets nothing in the same step by a
/// [`crate::LootRequest`] into it stands there empty until then and vanishes.
pub fn spawn_container(world: &mut World, at: Position) -> NetId {
    let name = world.resource_mut::<NetIds>().allocate();
    world.spawn((name, Container::default(), at));
    name.0
}
