//! Effects: `assets/effects/*.ron`.

use serde::{Deserialize, Deserializer, Serialize};

use super::Stat;

/// Something that clings to a fighter for a while.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct EffectDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// What it does.
    pub kind: EffectKind,
    /// How long it lasts, 1–600,000.
    pub duration_ms: u32,
    /// Time between two pulses of `Damage` and `Heal`, 50–60,000 and no longer than it lasts; ignored by `Modify`.
    #[serde(default)]
    pub interval_ms: u32,
    /// What a second one does to the first.
    pub stacking: Stacking,
    /// Whether an effect that `dispels` takes it off.
    #[serde(default)]
    pub dispellable: bool,
    /// What it is to abilities and items that dispel, at most 8 keys: those that name one of them take it off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether it is a dispel: as it begins, everything dispellable comes off its bearer.
    #[serde(default)]
    pub dispels: bool,
}

/// What an effect does.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub enum EffectKind {
    /// Takes hit points off at each pulse.
    Damage(Magnitude),
    /// Gives hit points back at each pulse.
    Heal(Magnitude),
    /// Changes a stat while it lasts (negative: a debuff).
    Modify(Stat, Magnitude),
}

/// How much: some of a pulse, anything but 0 of a change.
///
/// Shares are written `Percent(35)`, or `BasisPoints(3550)` where whole per cent are too coarse, and are basis points from
/// then on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Magnitude {
    /// So many points: of a pulse 1–10,000, of a change −1,000–1,000.
    Flat(i32),
    /// So many hundredths of a per cent of the stat, or of the full hit points: of a pulse 1–10,000, of a change
    /// −10,000–50,000.
    BasisPoints(i32),
}

impl<'de> Deserialize<'de> for Magnitude {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// As it is written.
        #[derive(Deserialize)]
        enum Magnitude {
            Flat(i32),
            Percent(i32),
            BasisPoints(i32),
        }
        Ok(match Magnitude::deserialize(deserializer)? {
            Magnitude::Flat(points) => Self::Flat(points),
            // What is too much for a number is beyond every range, too.
            Magnitude::Percent(percent) => Self::BasisPoints(percent.saturating_mul(100)),
            Magnitude::BasisPoints(points) => Self::BasisPoints(points),
        })
    }
}

/// What happens when an effect meets another of its kind on the same fighter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Stacking {
    /// The clock starts again.
    Refresh,
    /// They add up, to this many, 1–99; the clock starts again.
    Stack(u32),
    /// The greater magnitude stays.
    Strongest,
    /// The first stays as it is.
    Unique,
}
