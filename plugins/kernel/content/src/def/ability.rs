//! Abilities: `assets/abilities/*.ron`.

use serde::{Deserialize, Serialize};

use super::{EffectDef, Stat};
use crate::Link;

/// Something a fighter can do to others.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AbilityDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Whom it reaches.
    pub shape: AbilityShape,
    /// Damage before the attacker's stat and the defender's armour, 0–10,000; 0 only with an effect, or where it dispels.
    pub damage: u32,
    /// The attacker's stat that scales it: each point above 10 adds 5 %.
    pub scales_with: Stat,
    /// Put on everyone hit.
    #[serde(default)]
    pub effect: Option<Link<EffectDef>>,
    /// Tags of the effects that it takes off whomever it hits or helps, at most 8; which of them may be dispelled otherwise does not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dispels: Vec<String>,
    /// Most effects that it takes off at once, 1–99, those that would last longest first; without it, all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dispels_max: Option<u32>,
    /// Least time between two uses, 50–600,000.
    pub cooldown_ms: u32,
    /// Time between the order and the blow; moving on is allowed, dying is not, 0–10,000.
    #[serde(default)]
    pub cast_ms: u32,
    /// Mana spent by a use, 0–10,000.
    #[serde(default)]
    pub mana: u32,
}

/// Whom an ability reaches. Obstacles stop all of them.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum AbilityShape {
    /// Everyone within an arc in front.
    Melee {
        /// Reach from edge to edge, 1–1,000.
        range_cm: u32,
        /// Width of the arc, 1–360.
        arc_deg: u32,
    },
    /// The first one on a straight line, at once.
    Hitscan {
        /// How far the line goes, in centimetres, 1–20,000.
        range_cm: u32,
    },
    /// The first one a flying shot touches.
    Projectile {
        /// How far the shot flies, in centimetres, 1–20,000.
        range_cm: u32,
        /// Speed of the shot, 100–20,000.
        speed_cm_per_s: u32,
        /// Half its width, 1–200.
        radius_cm: u32,
    },
    /// Everyone around the user.
    Area {
        /// How far it reaches from edge to edge, in centimetres, 1–5,000.
        radius_cm: u32,
    },
}
