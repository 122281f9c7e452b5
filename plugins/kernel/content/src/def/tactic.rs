//! Which ability an NPC uses when: part of `assets/npcs/*.ron`.

use serde::{Deserialize, Serialize};

use super::{AbilityDef, EffectDef, EffectKind, Magnitude};
use crate::{Content, Link};

/// When an NPC uses one of its abilities. Of several tactics the first that holds, is ready and reaches is followed.
///
/// An ability that no tactic names is used where none can be followed: of those the one that hurts most. One that only
/// helps (see [`AbilityDef::is_help`]) goes to the friend that [`TacticCondition::AllyHurt`] finds, and without that condition
/// to the NPC itself; no enemy ever gets it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TacticDef {
    /// One of its abilities.
    #[serde(rename = "use")]
    pub ability: Link<AbilityDef>,
    /// All must hold; at most 8.
    #[serde(default)]
    pub when: Vec<TacticCondition>,
    /// Least time between two uses by this tactic, 0–600,000; the ability's own cooldown holds besides.
    #[serde(default)]
    pub every_ms: u32,
}

/// What must hold for a tactic.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum TacticCondition {
    /// Own health below this percentage, 1–100.
    HpBelow(u32),
    /// Own health at or above this percentage, 0–100.
    HpAbove(u32),
    /// It bears this effect.
    Has(Link<EffectDef>),
    /// It does not bear this effect.
    Lacks(Link<EffectDef>),
    /// The target's health below this percentage, 1–100.
    TargetHpBelow(u32),
    /// The target's health at or above this percentage, 0–100.
    TargetHpAbove(u32),
    /// The target within this distance, 1–200,000.
    TargetWithin(u32),
    /// The target beyond this distance, 0–200,000.
    TargetBeyond(u32),
    /// The target bears this effect.
    TargetHas(Link<EffectDef>),
    /// The target does not bear this effect.
    TargetLacks(Link<EffectDef>),
    /// A friend in sight and within the ability's reach has health below this percentage, 1–100. Only with an ability that
    /// helps; it goes to the one that is worst off.
    AllyHurt(u32),
}

impl TacticDef {
    /// Of which health a friend in need is, in percent; `None` where the tactic is about no friend.
    #[must_use]
    pub fn ally_hurt(&self) -> Option<u32> {
        self.when.iter().find_map(|condition| match condition {
            TacticCondition::AllyHurt(percent) => Some(*percent),
            _ => None,
        })
    }
}

impl AbilityDef {
    /// Whether it does whom it reaches nothing but good: no damage, and an effect that heals or adds to a stat, or none and it only
    /// dispels.
    #[must_use]
    pub fn is_help(&self, content: &Content) -> bool {
        let effect = self.effect.as_ref().and_then(|effect| content.effects.find(effect.id()));
        self.damage == 0 && effect.map_or(!self.dispels.is_empty(), EffectDef::is_help)
    }
}

impl EffectDef {
    /// Whether it does its bearer nothing but good.
    #[must_use]
    pub const fn is_help(&self) -> bool {
        match self.kind {
            EffectKind::Damage(_) => false,
            EffectKind::Heal(_) => true,
            EffectKind::Modify(_, Magnitude::Flat(change) | Magnitude::BasisPoints(change)) => change > 0,
        }
    }
}
