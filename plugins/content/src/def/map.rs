//! Maps: `assets/maps/*.ron`. The seed of a match does the rest.

use serde::Deserialize;

use super::{LootDef, NpcDef};
use crate::Link;

/// What a map is made of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapDef {
    /// Shown to players.
    pub name: String,
    /// Side of the square, 40–2,000.
    pub side_m: u32,
    /// What stands in the way.
    pub obstacles: ObstaclesDef,
    /// Where something is to be found.
    pub pois: Vec<PoiDef>,
}

/// Boxes strewn over a map.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObstaclesDef {
    /// How many.
    pub count: u32,
    /// Shortest side.
    pub side_cm_min: u32,
    /// Longest side.
    pub side_cm_max: u32,
}

/// A kind of point of interest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoiDef {
    /// What spawners call it, and what players see: `camp`.
    pub kind: String,
    /// How many on a map.
    pub count: u32,
    /// How far it reaches.
    pub radius_cm: u32,
    /// Lootable containers inside.
    pub containers: u32,
    /// What each holds.
    pub loot: Link<LootDef>,
    /// Who is there from the start: whom, and how many.
    #[serde(default)]
    pub guards: Vec<(Link<NpcDef>, u32)>,
}
