//! Items, where they are, and who can carry them.

use bevy_ecs::prelude::Component;
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, Slot};
use hypogeum_protocol::{ItemId, ItemState, NetId};
use hypogeum_shard::State;
use serde::{Deserialize, Serialize};

/// One item; an entity of its own, in exactly one [`Place`].
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name for ever.
    pub id: ItemId,
    /// What it is.
    pub def: Id<ItemDef>,
    /// How many pieces, from 1 to its kind's `stack_max`; more where it was brought and the content has changed.
    pub count: u32,
    /// How much of its durability is gone.
    pub wear: u32,
    /// Whether it stays with its holder.
    pub is_bound: bool,
    /// Whether somebody has brought it into this shard.
    pub is_brought: bool,
    /// Rises with each change of what an act on it depends on: its pieces, its place, its binding, what is in it, and whether it is
    /// broken; wraps. A blow that it stands changes nothing. It counts for this visit to a shard and stays behind.
    pub version: u32,
}

impl Item {
    /// A single piece as new, found in this shard.
    #[must_use]
    pub const fn new(id: ItemId, def: Id<ItemDef>) -> Self {
        Self { id, def, count: 1, wear: 0, is_bound: false, is_brought: false, version: 0 }
    }

    /// As somebody brings it.
    #[must_use]
    pub fn brought(id: ItemId, def: Id<ItemDef>, state: ItemState) -> Self {
        let ItemState { count, wear, is_bound, .. } = state;
        Self { id, def, count: count.max(1), wear, is_bound, is_brought: true, version: 0 }
    }

    /// The same item once it is another than whoever has seen it knows.
    #[must_use]
    pub(crate) const fn changed(self) -> Self {
        Self { version: self.version.wrapping_add(1), ..self }
    }

    /// What it has besides its kind, as it leaves the shard.
    #[must_use]
    pub const fn state(&self) -> ItemState {
        ItemState { count: self.count, wear: self.wear, is_bound: self.is_bound, inside: None }
    }

    /// Whether pieces of both may lie in one stack.
    #[must_use]
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        (self.def, self.wear, self.is_bound) == (other.def, other.wear, other.is_bound)
    }
}

/// Where an item is. On the ground it also has a `Position`. Only `items` changes it, and only by inserting another, so
/// that [`crate::Holdings`] follow.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[component(on_insert = crate::holdings::enter, on_discard = crate::holdings::leave)]
pub enum Place {
    /// On the ground, where its `Position` says.
    Ground,
    /// In a container or carried by someone.
    In(NetId),
    /// Worn by someone.
    Worn(NetId, Slot),
}

/// Can carry and wear items. The list of what it holds is worked out from the items' places.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// Most items, worn ones included.
    pub slots: u32,
    /// Rises with every change of what it holds or wears.
    pub version: u32,
    /// How many it holds now, worn ones included.
    pub count: u32,
    /// Slot 1 with no weapon worn.
    pub unarmed: Option<Id<hypogeum_content::def::AbilityDef>>,
}

/// Something standing at a `Position` that can be looted; what is in it has it as [`Place::In`].
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Container {
    /// How many items are left.
    pub count: u32,
}

/// An item that others lie in, which have it as [`Place::In`], up to [`crate::BAGS_DEEP_MAX`] in one another.
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bag {
    /// Most items right in it.
    pub slots: u32,
    /// How many are right in it now.
    pub count: u32,
}

macro_rules! states {
    ($($component:ty => $name:literal),* $(,)?) => {
        $(impl State for $component { const NAME: &'static str = $name; })*
    };
}
states! { Item => "item", Place => "place", Inventory => "inventory", Container => "container", Bag => "bag" }

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Act, NetId};

    use super::*;
    use crate::ItemAct;
    use crate::test_shard::{TestShard, at, bench};

    fn version(bench: &TestShard, item: NetId) -> u32 {
        bench.component::<Item>(item).version
    }

    #[test]
    fn whatever_changes_of_an_item_makes_it_another_version() {
        let mut bench = bench();
        let who = bench.hands[0];
        let [axe, bag] = ["axe", "bag"].map(|key| bench.put(key, Place::In(who), at(0, 0)));
        let coins = bench.bring("coin", 1, 9, who);
        let entity = bench.entity(axe).expect("it is there");
        let broken = Item { wear: 4, ..bench.component(axe) };
        bench.world().entity_mut(entity).insert(broken);
        let acts: [(NetId, ItemAct); 9] = [
            (coins, ItemAct::Drop { item: coins, count: 2 }),
            (coins, ItemAct::Split { item: coins, count: 3 }),
            (axe, ItemAct::Repair { item: axe, with: None }),
            (axe, Act::Equip { item: axe }.into()),
            (axe, Act::Unequip { item: axe }.into()),
            (bag, ItemAct::Put { item: coins, into: bag }),
            (bag, ItemAct::TakeOut { item: coins }),
            (axe, Act::Drop { item: axe }.into()),
            (axe, Act::PickUp { item: axe }.into()),
        ];
        for (item, act) in acts {
            let before = version(&bench, item);
            assert_eq!(bench.ask(&[(who, act)]), [], "{act:?}");
            assert!(version(&bench, item) > before, "another version after {act:?}");
        }
        let before = version(&bench, axe);
        bench.shard.step(&[]);
        assert_eq!(version(&bench, axe), before, "and the same one while nobody touches it");
        bench.check();
    }
}
