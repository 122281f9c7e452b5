//! Archetypes: `assets/archetypes/*.ron`. What the character of a player is made as, and stays.

use serde::{Deserialize, Serialize};

use super::{AvatarDef, ItemDef};
use crate::Link;

/// What a player's character is made as.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ArchetypeDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Shown where one chooses, 1–1,024 bytes.
    pub description: String,
    /// The character's body, as in a mode.
    pub avatar: AvatarDef,
    /// What a new character owns: at most `avatar.inventory_slots`.
    #[serde(default)]
    pub starter_items: Vec<Link<ItemDef>>,
}
