//! Hazards: `assets/hazards/*.ron`.

use serde::{Deserialize, Serialize};

use super::EffectDef;
use crate::Link;

/// A danger of the place itself.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HazardDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Where it hurts.
    pub shape: HazardShape,
    /// Time it is shown before it hurts, 0–600,000.
    pub warning_ms: u32,
    /// Time it hurts; 0: until the match ends, so not in a zone; at most 3,600,000.
    pub duration_ms: u32,
    /// Time between two pulses, 1–60,000; a mine has only one.
    pub interval_ms: u32,
    /// Hit points a pulse takes, whatever the armour, 0–10,000; 0 only with an effect.
    pub damage: u32,
    /// Put on everyone a pulse reaches.
    #[serde(default)]
    pub effect: Option<Link<EffectDef>>,
}

impl HazardDef {
    /// Whether a room of a zone can have it. A storm is a matter of a whole map; one that does not end by itself would stay in a
    /// place that is there for ever.
    #[must_use]
    pub const fn fits_a_room(&self) -> bool {
        self.duration_ms > 0 && !matches!(self.shape, HazardShape::Storm { .. })
    }
}

/// Where a hazard hurts.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum HazardShape {
    /// Everywhere outside a circle that shrinks about its centre.
    Storm {
        /// Radius in the end, 0–100,000; at first the circle covers the map.
        final_radius_cm: u32,
        /// Time from the first to the last radius, 1,000–3,600,000.
        closes_over_ms: u32,
    },
    /// Everywhere inside a circle: gas, fire.
    Cloud {
        /// How far from its middle it hurts, in centimetres, 100–100,000.
        radius_cm: u32,
    },
    /// Mines strewn over a circle; each goes off once.
    Mines {
        /// Radius of the field, 100–100,000.
        radius_cm: u32,
        /// How many, 1–200; of a mode at most 1,000.
        count: u32,
        /// Distance at which one goes off, 10–2,000.
        trigger_cm: u32,
        /// Distance to which it hurts, from `trigger_cm` to 5,000.
        blast_cm: u32,
    },
    /// Blasts at random places of a circle, one a pulse.
    Bombardment {
        /// Radius of the field, 100–100,000.
        radius_cm: u32,
        /// Distance to which each hurts, 10–5,000.
        blast_cm: u32,
    },
}
