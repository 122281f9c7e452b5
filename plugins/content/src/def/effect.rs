//! Effects: `assets/effects/*.ron`.

use serde::{Deserialize, Serialize};

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
    /// Whether a dispel takes it off.
    #[serde(default)]
    pub dispellable: bool,
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

/// How much: of a pulse 1–10,000; of a change anything but 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Magnitude {
    /// So many points; of a change −1,000–1,000.
    Flat(i32),
    /// So many basis points of the stat, or of the full hit points; of a change −10,000–50,000.
    Percent(i32),
}

/// What happens when an effect meets another of its kind on the same fighter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Stacking {
    /// The clock starts anew.
    Refresh,
    /// They add up, to this many, 1–99; the clock starts anew.
    Stack(u32),
    /// The greater magnitude stays.
    Strongest,
    /// The first stays as it is.
    Unique,
}
