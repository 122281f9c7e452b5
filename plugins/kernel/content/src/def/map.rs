//! Maps: `assets/maps/*.ron`. The seed of a match does the rest.

use serde::{Deserialize, Serialize};

use super::{LootDef, NpcDef};
use crate::Link;

/// What a map is made of.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct MapDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Side of the square, 40–2,000.
    pub side_m: u32,
    /// What stands in the way.
    pub obstacles: ObstaclesDef,
    /// Where something is to be found: at most 16 kinds, the squares about them half of the map.
    pub pois: Vec<PoiDef>,
}

/// Boxes strewn over a map.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ObstaclesDef {
    /// How many, 0–2,000; at their largest they cover a third of the map.
    pub count: u32,
    /// Shortest side, from 50 to the longest.
    pub side_cm_min: u32,
    /// Longest side, from 50 to an eighth of the map's.
    pub side_cm_max: u32,
}

/// A kind of point of interest.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PoiDef {
    /// What spawners call it, and what players see: `camp`. A key, each kind once.
    pub kind: String,
    /// How many on a map, 1–64.
    pub count: u32,
    /// How far it reaches, from 100 to a quarter of the map's side.
    pub radius_cm: u32,
    /// Lootable containers inside, 0–32; of a map at most 1,000.
    pub containers: u32,
    /// What each holds.
    pub loot: Link<LootDef>,
    /// Who is there from the start: whom, and how many, 1–64.
    #[serde(default)]
    pub guards: Vec<(Link<NpcDef>, u32)>,
}
