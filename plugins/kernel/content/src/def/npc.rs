//! NPCs: `assets/npcs/*.ron`.

use serde::{Deserialize, Serialize};

use super::{AbilityDef, BehaviourDef, LootDef, PhaseDef, ShopDef, TacticDef, TalkDef};
use crate::Link;

/// A kind of NPC.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NpcDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Level, for loot and experience, 1–100.
    pub level: u32,
    /// Stats before its level and effects are added.
    pub stats: Stats,
    /// Half its width, 10–200.
    pub radius_cm: u32,
    /// What it can do, slot 1 and on: at most 8, and one at least for who fights.
    pub abilities: Vec<Link<AbilityDef>>,
    /// Which of them it uses when, the first choice first; at most 16. Without any it uses what hurts most.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tactics: Vec<TacticDef>,
    /// Stages of the fight against it, in order; at most 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseDef>,
    /// What it leaves behind.
    #[serde(default)]
    pub loot: Option<Link<LootDef>>,
    /// What it perceives.
    pub senses: Senses,
    /// How far from home it follows anyone, 100–200,000.
    pub leash_cm: u32,
    /// How it decides.
    pub behaviour: Link<BehaviourDef>,
    /// NPCs of one faction help each other and never fight. A key.
    pub faction: String,
    /// Experience for its killer, 0–100,000.
    pub xp: u32,
    /// Whether it repairs what somebody near brings it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repairs: bool,
    /// Whether its name is its own, as people have one: it is told without an article.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_named: bool,
    /// What it says to who talks to it; nothing where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub talk: Option<TalkDef>,
    /// What it trades in; nothing where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shop: Option<ShopDef>,
}

impl NpcDef {
    /// Whether anything it does, at any time of a fight, is told by tactics.
    #[must_use]
    pub fn has_tactics(&self) -> bool {
        !self.tactics.is_empty() || self.phases.iter().any(|phase| !phase.tactics.is_empty())
    }

    /// How many NPCs its phases bring, all together.
    #[must_use]
    pub fn followers_max(&self) -> u64 {
        self.phases.iter().flat_map(|phase| &phase.spawns).map(|spawn| u64::from(spawn.count)).sum()
    }
}

/// What an NPC perceives.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Senses {
    /// How far it sees, obstacles permitting, 0–20,000.
    pub sight_cm: u32,
    /// Width of its view, 1–360.
    pub view_deg: u32,
    /// How near one is noticed unseen, 0–20,000.
    pub hearing_cm: u32,
}

/// Base stats of a fighter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stats {
    /// Melee damage, 1–100.
    pub strength: u32,
    /// Hitting, dodging and ranged damage, 1–100.
    pub dexterity: u32,
    /// Mana and magic damage, 1–100.
    pub intellect: u32,
    /// Hit points, 1–1,000.
    pub vitality: u32,
    /// Armour before equipment, 0–1,000.
    #[serde(default)]
    pub armour: u32,
    /// Full walking speed, 0–2,000 centimetres a second.
    pub speed_cm_per_s: u32,
}

impl Stats {
    /// Mana that every fighter has.
    pub const MANA_BASE: i64 = 20;
    /// More of it for each point of intellect.
    pub const MANA_PER_INTELLECT: i64 = 5;
}

/// A stat that items and effects can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
pub enum Stat {
    /// Scales abilities that scale with it: melee blows, as a rule.
    Strength,
    /// Decides who dodges and who hits critically, and scales abilities that scale with it.
    Dexterity,
    /// Gives mana ([`Stats::MANA_PER_INTELLECT`] a point) and scales abilities that scale with it.
    Intellect,
    /// Ten hit points a point.
    Vitality,
    /// Hit points when whole, besides those of vitality.
    HpMax,
    /// Mana when whole, besides that of intellect.
    MpMax,
    /// Divides damage taken: `100 / (100 + armour)` of a hit is left.
    Armour,
    /// Walking speed, in centimetres a second.
    Speed,
    /// All damage dealt, in percent; flat points are percent, too.
    Damage,
}
