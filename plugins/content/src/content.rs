//! Everything a match can be made of, loaded and cross-checked.

use crate::Table;
use crate::def::{AbilityDef, BehaviourDef, EffectDef, HazardDef, ItemDef, LootDef, MapDef, ModeDef, NpcDef};

/// All definitions. Immutable once loaded; matches share it behind an `Arc`.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// `assets/abilities/`
    pub abilities: Table<AbilityDef>,
    /// `assets/behaviours/`
    pub behaviours: Table<BehaviourDef>,
    /// `assets/effects/`
    pub effects: Table<EffectDef>,
    /// `assets/hazards/`
    pub hazards: Table<HazardDef>,
    /// `assets/items/`
    pub items: Table<ItemDef>,
    /// `assets/loot/`
    pub loot: Table<LootDef>,
    /// `assets/maps/`
    pub maps: Table<MapDef>,
    /// `assets/modes/`
    pub modes: Table<ModeDef>,
    /// `assets/npcs/`
    pub npcs: Table<NpcDef>,
    /// BLAKE3 over every file's path and bytes, in path order.
    pub hash: [u8; 32],
}
