//! Boards of who is best: `assets/leaderboards/*.ron`.

use serde::{Deserialize, Serialize};

use super::{CosmeticDef, LadderDef, Schedule, TournamentDef};
use crate::Link;

/// A board of accounts by their scores. Of two with the same score the one stands first who has had it for longer.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LeaderboardDef {
    /// Shown to players, 1–48 characters.
    pub name: String,
    /// Shown where one chooses, 1–1,024 bytes.
    pub description: String,
    /// Where its scores come from.
    pub counts: ScoreSource,
    /// What becomes of a score when another comes.
    pub operator: ScoreOperator,
    /// Which scores are good. A board that is turned round is another board: it begins empty.
    #[serde(default)]
    pub order: ScoreOrder,
    /// When it begins again, with nobody on it; without it never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<Schedule>,
    /// What the best get when a season is over, the first ranks first, at most 16 steps; only where there are seasons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rewards: Vec<SeasonRewardDef>,
}

/// What ranks get when a season is over.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SeasonRewardDef {
    /// The last rank that gets it, 1–1,000, more than that of the step before, behind which it begins.
    pub to_rank: u32,
    /// Currency, 0–1,000,000.
    #[serde(default)]
    pub currency: u32,
    /// What is theirs to wear then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cosmetic: Option<Link<CosmeticDef>>,
}

/// Where the scores of a board come from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub enum ScoreSource {
    /// From plugins of the server, which submit them by the board's key.
    Submissions,
    /// Games of creatures that somebody's creature has won as champion: each adds one.
    GamesWon {
        /// Of these tournaments, at most 64; none named: of any.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tournaments: Vec<Link<TournamentDef>>,
        /// How many others must have taken part at least that are not the winner's own, machines or creatures of others, 1–63.
        #[serde(default = "one")]
        opponents_min: u32,
    },
    /// The rating on this ladder, whenever it changes; once somebody has fought often enough.
    Rating(Link<LadderDef>),
}

const fn one() -> u32 {
    1
}

/// What becomes of the score that somebody has on a board when another comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum ScoreOperator {
    /// The better one stays.
    Best,
    /// The new one counts.
    Set,
    /// The new one is added; the first one counts from 0.
    Increment,
    /// The new one is taken away; the first one counts from 0.
    Decrement,
}

/// Which scores are good.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum ScoreOrder {
    /// The higher, the better.
    #[default]
    Descending,
    /// The lower, the better.
    Ascending,
}
