//! Loot tables: `assets/loot/*.ron`.

use serde::{Deserialize, Serialize};

use super::ItemDef;
use crate::Link;

/// What may be found.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LootDef {
    /// Always there, at most 16.
    #[serde(default)]
    pub always: Vec<Link<ItemDef>>,
    /// How often an entry is drawn, 0–16. With nested tables a use comes to 64 draws at most.
    pub rolls: u32,
    /// What is drawn from, by weight; one entry at least is for every level.
    #[serde(default)]
    pub entries: Vec<LootEntry>,
}

/// One chance of a table.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LootEntry {
    /// Chance against the other entries, 1–1,000,000.
    pub weight: u32,
    /// Only for a source of at least this level, 0–100.
    #[serde(default)]
    pub level_min: u32,
    /// What it gives.
    pub drop: Drop,
}

/// What a draw gives.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Drop {
    /// Nothing: the weight of such an entry is the chance to go away empty-handed.
    Nothing,
    /// One new item of this kind.
    Item(Link<ItemDef>),
    /// A draw of another table; tables must not form a ring.
    Table(Link<LootDef>),
}
