//! Teams of a mode: `teams` in `assets/modes/*.ron`.

use serde::{Deserialize, Serialize};

/// Who plays together, and by which rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TeamsDef {
    /// How many teams, 2–64; times `size` it is the mode's `players_max`.
    pub count: u32,
    /// Members of a team at most, 1–12.
    pub size: u32,
    /// Whether members of a team can hurt each other.
    #[serde(default)]
    pub friendly_fire: FriendlyFire,
    /// Whom one who gets out takes along.
    #[serde(default)]
    pub extraction: ExtractionRule,
    /// Who has the experience of a kill.
    #[serde(default)]
    pub kills: KillRule,
    /// What comes before death; without it members die at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub downed: Option<DownedDef>,
}

/// Whether members of a team can hurt each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum FriendlyFire {
    /// They never do.
    #[default]
    None,
    /// As they hurt anyone else. Autopilots do not mean to.
    Full,
}

/// Whom one who gets out takes along.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum ExtractionRule {
    /// Nobody: each has to stay in the exit for the whole time.
    #[default]
    Each,
    /// Everyone of the team who is in the same exit then, the downed included.
    Together,
}

/// Who has the experience of a kill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum KillRule {
    /// Who killed.
    #[default]
    Own,
    /// All members of the team who are inside, in equal parts; what is left over has who killed.
    Shared,
}

/// One without hit points is downed while another of its team stands: it lies still until a team-mate revives it, it is hurt
/// once more than it can bear, or its time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DownedDef {
    /// How long one can be revived, 1,000–600,000; then one dies.
    pub bleed_out_ms: u32,
    /// How long a team-mate stays near, unhurt, to revive one, 100–60,000 and less than `bleed_out_ms`.
    pub revive_ms: u32,
    /// How near that is, from middle to middle and not through a wall, 50–1,000.
    pub reach_cm: u32,
    /// Hit points one is downed with, in a hundred of what is whole, 1–100: what it takes to finish one off.
    pub hp_percent: u32,
    /// Hit points one is revived with, in a hundred of what is whole, 1–100.
    pub revived_hp_percent: u32,
}
