//! What others ask of items.

use bevy_ecs::prelude::Message;
use hypogeum_content::Id;
use hypogeum_content::def::{ItemDef, LootDef};
use hypogeum_protocol::{Act, ItemId, NetId};
use hypogeum_space::Position;
use serde::{Deserialize, Serialize};

use crate::{Item, Refusal};

/// Someone wants to do something with an item or container: from a player's act or a brain. Written up to
/// `ShardSystems::Think`, done in `ShardSystems::Act`; what came of it is an [`ItemOutcome`], and what is refused is told
/// to `who` as `GameEvent::Refused`.
#[derive(Message, Clone, Copy, Debug)]
pub struct ItemRequest {
    /// Who wants it, and carries or reaches the item.
    pub who: NetId,
    /// The client's number for it; 0 for brains, who are not told.
    pub seq: u32,
    /// What is wanted, and of which item or container.
    pub act: ItemAct,
    /// Which version of the item the asker has seen, on the ground its low 8 bits; `None`: it means the item as it is.
    pub seen: Option<u32>,
}

/// What somebody wants to do with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ItemAct {
    /// As every client can ask for it: with all pieces of it, but one where it is used.
    Plain(Act),
    /// Picks up some pieces from the ground.
    Take {
        /// What lies there.
        item: NetId,
        /// How many.
        count: u32,
    },
    /// Drops some pieces.
    Drop {
        /// What is carried.
        item: NetId,
        /// How many.
        count: u32,
    },
    /// Hands pieces to somebody who stands near.
    Give {
        /// What is carried, worn or not.
        item: NetId,
        /// How many; `None`: all.
        count: Option<u32>,
        /// Who takes it, as far as there is room.
        to: NetId,
    },
    /// Parts pieces from a stack into a slot of their own.
    Split {
        /// What is carried.
        item: NetId,
        /// How many; fewer than it has.
        count: u32,
    },
    /// Pours a stack onto another of its kind, as far as there is room on that.
    Merge {
        /// What is carried and poured.
        item: NetId,
        /// What is carried and poured upon.
        into: NetId,
    },
    /// Puts what one carries into a bag that one carries.
    Put {
        /// What is put.
        item: NetId,
        /// Into which bag.
        into: NetId,
    },
    /// Takes something out of a bag that one carries.
    TakeOut {
        /// What lies in it.
        item: NetId,
    },
    /// Repairs what one carries or wears.
    Repair {
        /// What is repaired.
        item: NetId,
        /// What is carried and used up by it; `None`: somebody repairs it whole, as whoever asks has found out.
        with: Option<NetId>,
    },
}

impl From<Act> for ItemAct {
    fn from(act: Act) -> Self {
        Self::Plain(act)
    }
}

impl ItemAct {
    /// The item or container it is about.
    #[must_use]
    pub const fn thing(self) -> NetId {
        match self {
            Self::Plain(act) => act.thing(),
            Self::Take { item, .. }
            | Self::Drop { item, .. }
            | Self::Give { item, .. }
            | Self::Split { item, .. }
            | Self::Merge { item, .. }
            | Self::Put { item, .. }
            | Self::TakeOut { item }
            | Self::Repair { item, .. } => item,
        }
    }
}

/// What came of an [`ItemRequest`]; in the order in which they were done.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct ItemOutcome {
    /// Who wanted it.
    pub who: NetId,
    /// The client's number for it.
    pub seq: u32,
    /// What was wanted.
    pub act: ItemAct,
    /// What the thing was before; `None`: no item.
    pub item: Option<Item>,
    /// How many pieces it has concerned, or why it was not done.
    pub result: Result<u32, Refusal>,
}

/// Roll a loot table and lay what it gives somewhere. Written up to `ShardSystems::Resolve`'s drops.
#[derive(Message, Clone, Copy, Debug)]
pub struct LootRequest {
    /// The loot table to roll.
    pub table: Id<LootDef>,
    /// Level of the source: entries above it are left out.
    pub level: u32,
    /// Whose dice: the dead, the container.
    pub source: NetId,
    /// Into this inventory or container first; nobody: to the ground.
    pub into: NetId,
    /// Who has first claim on what falls to the ground, of the kinds that are claimed.
    pub claimant: NetId,
    /// Where what does not fit falls.
    pub at: Position,
}

/// A table gave an item. Readable from `ShardSystems::Resolve`'s drops on.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct LootGiven {
    /// The table that was asked for; of nested ones the outermost.
    pub table: Id<LootDef>,
    /// What it gave.
    pub def: Id<ItemDef>,
    /// The item that the piece is in now.
    pub id: ItemId,
}

/// What `holder` carries goes into a new container where it stands. Written up to `ShardSystems::Resolve`'s drops.
#[derive(Message, Clone, Copy, Debug)]
pub struct DropAllRequest {
    /// Who loses it.
    pub holder: NetId,
    /// Whether what is worn stays on.
    pub keeps_worn: bool,
    /// Whether what is bound to it or belongs to a quest stays.
    pub keeps_bound: bool,
}
