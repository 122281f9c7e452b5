//! Scripts: `assets/scripts/*.rhai`. What triggers call where data alone does not say it.

use hypogeum_script::Script;

use super::{EffectDef, HazardDef, ItemDef, NpcDef};
use crate::Link;

/// A script of a zone: what it is in words, and ready to run.
#[derive(Clone, Debug)]
pub struct ScriptDef {
    /// Ready to run.
    pub script: Script,
    /// The NPCs, effects, hazards and items that stand in quotes somewhere in it: what it may name when it runs, and so what goes with it
    /// wherever it goes.
    pub(crate) names: ScriptNames,
}

/// What a script names.
#[derive(Clone, Debug, Default)]
pub(crate) struct ScriptNames {
    pub(crate) npcs: Vec<Link<NpcDef>>,
    pub(crate) effects: Vec<Link<EffectDef>>,
    pub(crate) hazards: Vec<Link<HazardDef>>,
    pub(crate) items: Vec<Link<ItemDef>>,
}
