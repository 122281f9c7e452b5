//! What is carried: instances, inventory, equipment, ground loot and loot tables.

mod components;
mod messages;

pub use components::{Container, Inventory, Item, Place};
pub use messages::{ItemRequest, LootRequest, SpillRequest};
