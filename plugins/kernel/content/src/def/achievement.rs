//! What players achieve over all their matches: `assets/achievements/*.ron`.

use serde::{Deserialize, Serialize};

use super::{CosmeticDef, ModeDef};
use crate::Link;

/// An achievement: something is counted, and who gets far enough is rewarded, once.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AchievementDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Shown where one looks, 1–1,024 bytes.
    pub description: String,
    /// What is counted of each match that is settled.
    pub counts: AchievementCount,
    /// Matches of this mode alone; without it of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<Link<ModeDef>>,
    /// What it counts to, 1–1,000,000,000.
    pub at: u32,
    /// Currency that it earns, 0–1,000,000.
    #[serde(default)]
    pub currency: u32,
    /// What is theirs to wear then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cosmetic: Option<Link<CosmeticDef>>,
}

/// What an achievement counts of a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum AchievementCount {
    /// One for each match.
    Matches,
    /// One for each match that its player got out of.
    Extracted,
    /// Players and NPCs killed.
    Kills,
    /// Hit points taken off others.
    Damage,
    /// Currency carried out.
    Currency,
    /// Items carried out.
    Items,
}
