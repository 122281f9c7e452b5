//! Ladders: people fight in rated battles of creatures, and climb. `assets/ladders/*.ron`.

use serde::{Deserialize, Serialize};

use super::{RatingWindow, Schedule, TournamentDef};
use crate::Link;

/// A ladder. Whoever plays on it has a rating of it, from 0 to 12,000; a newcomer's is 1,500.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LadderDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Shown where one chooses, 1–1,024 bytes.
    pub description: String,
    /// Whose rules a rated battle has: one of two people's creatures, with a clock, for nobody waits for ever.
    pub tournament: Link<TournamentDef>,
    /// How far apart the ratings of two who meet may be.
    pub rating_window: RatingWindow,
    /// What ratings are called, the lowest first, at most 16; the first from 0 on.
    pub ranks: Vec<LadderRankDef>,
    /// When a season begins; without it there is one without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Schedule>,
    /// How far a new season pulls a rating back to that of a newcomer, 0–100 percent.
    #[serde(default)]
    pub pull_back_percent: u32,
    /// Rated battles of a season until somebody stands on a board, 0–1,000.
    #[serde(default)]
    pub battles_min: u32,
}

/// What a rating is called from one number on.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LadderRankDef {
    /// By which texts know it, once in the ladder.
    pub key: String,
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// The least rating of it, 0–12,000, more than that of the rank before.
    pub from: u32,
}
