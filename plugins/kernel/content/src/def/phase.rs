//! Phases of a fight: part of `assets/npcs/*.ron`.

use serde::{Deserialize, Serialize};

use super::{AbilityDef, EffectDef, NpcDef, TacticDef};
use crate::Link;

/// A stage of the fight against an NPC. Phases begin in the order of their list, each once, and each holds until the next begins.
/// An NPC that has lost its enemies and is whole again near its home is as it was before the first.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseDef {
    /// It begins with health at or below this percentage, 1–99; 0: not by health. Below that of the phase before.
    #[serde(default)]
    pub at_hp_percent: u32,
    /// It begins so long after the fight began, 100–3,600,000; 0: not by time. With both, whichever comes first.
    #[serde(default)]
    pub after_ms: u32,
    /// What it can do meanwhile, at most 8; without any what it can do as ever.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub abilities: Vec<Link<AbilityDef>>,
    /// Which ability when, meanwhile, at most 16; without any as ever.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tactics: Vec<TacticDef>,
    /// What it bears meanwhile, at most 4: what runs out begins again within two seconds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Link<EffectDef>>,
    /// Who comes to its help as the phase begins, at most 4 kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spawns: Vec<PhaseSpawnDef>,
    /// What it says as the phase begins, at most 512 bytes; empty: nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub says: String,
}

/// NPCs that come to another's help. They are on its side, whatever their faction, and leave when they are at peace and it is
/// dead or as it was before its phases.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PhaseSpawnDef {
    /// What kind: one whose own phases bring nobody.
    pub npc: Link<NpcDef>,
    /// How many, 1–16.
    pub count: u32,
    /// How far around it they appear, 50–2,000.
    #[serde(default = "around_cm")]
    pub radius_cm: u32,
}

const fn around_cm() -> u32 {
    300
}
