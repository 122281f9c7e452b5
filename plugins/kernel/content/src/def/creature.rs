//! Types of creatures: `assets/creatures/*.ron`.

use serde::{Deserialize, Serialize};

/// A type of creature, of which people make their own.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CreatureDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Shown where one chooses, 1–1,024 bytes.
    pub description: String,
    /// What it has of each stat beyond other types, −100 to 100 each; what is left out is 0.
    #[serde(default)]
    pub bias: CreatureBias,
    /// What it looks like in a terminal: at most 12 lines of at most 32 characters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub art: Vec<String>,
}

/// More or less of each stat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct CreatureBias {
    /// Who acts first, and who dodges.
    pub speed: i32,
    /// Hit points.
    pub health: i32,
    /// What takes from blows.
    pub defence: i32,
    /// What makes blows harder.
    pub strength: i32,
    /// Critical blows.
    pub luck: i32,
}

/// A stat of a creature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum CreatureStat {
    /// Who acts first, and who dodges.
    Speed,
    /// Hit points.
    Health,
    /// What takes from blows.
    Defence,
    /// What makes blows harder.
    Strength,
    /// Critical blows.
    Luck,
}
