//! What others ask of items.

use bevy_ecs::prelude::Message;
use hypogeum_content::Id;
use hypogeum_content::def::LootDef;
use hypogeum_protocol::{Act, NetId};
use hypogeum_space::Position;

/// Someone wants to do something with an item or container: from a player's act or a brain. Written up to
/// `ShardSystems::Think`, done in `ShardSystems::Act`; what is refused is told to `who` as `GameEvent::Refused`.
#[derive(Message, Clone, Copy, Debug)]
pub struct ItemRequest {
    /// Who wants it, and carries or reaches the item.
    pub who: NetId,
    /// The client's number for it; 0 for brains, who are not told.
    pub seq: u32,
    /// What is wanted, and of which item or container.
    pub act: Act,
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
    /// Where what does not fit falls.
    pub at: Position,
}

/// What `holder` carries goes into a new container where it stands. Written up to `ShardSystems::Resolve`'s drops.
#[derive(Message, Clone, Copy, Debug)]
pub struct DropAllRequest {
    /// Who loses it.
    pub holder: NetId,
    /// Whether what is worn stays on.
    pub keeps_worn: bool,
}
