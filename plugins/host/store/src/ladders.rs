//! What is asked of ladders: rated battles that begin, and what they do to ratings.

use hypogeum_creature_messages::CreatureId;
use hypogeum_protocol::AccountId;

use crate::scores::{BoardKey, ScoreOperator};

/// Somebody in a rated battle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RatedPlayer {
    /// Whose creature fights.
    pub account: AccountId,
    /// The creature that fights.
    pub creature: CreatureId,
}

/// A rated battle of two that is to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatedStart {
    /// The key of the ladder.
    pub ladder: String,
    /// The key of the tournament whose rules it has.
    pub tournament: String,
    /// The two, who are not one.
    pub players: [RatedPlayer; 2],
    /// By which the same battle is known when it is asked for again: it begins once. At most 64 bytes.
    pub key: String,
}

/// Why somebody cannot be in a rated battle. Nothing has begun then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RatedRefusal {
    /// The creature is in a game, was released, or is somebody else's.
    #[error("the creature is not free")]
    CreatureNotFree,
    /// That person is in a rated battle.
    #[error("a rated battle of theirs is going on")]
    InRatedGame,
}

/// What a rating means now: what is kept is pulled back where a season has begun since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderSeason {
    /// The key of the ladder.
    pub ladder: String,
    /// When the season began that goes on, in seconds since 1970; 0: the ladder has none.
    pub season_s: i64,
    /// How far a rating of an earlier season is pulled back to a newcomer's, 0–100 percent.
    pub pull_back_percent: u32,
}

/// What a ladder makes of a rated battle that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LadderTerms {
    /// The key of the ladder.
    pub ladder: String,
    /// When the season began that goes on, in seconds since 1970; 0: the ladder has none.
    pub season_s: i64,
    /// How far a rating is pulled back to a newcomer's at the first battle of a later season, 0–100 percent.
    pub pull_back_percent: u32,
    /// Battles of the season until somebody stands on boards.
    pub battles_min: u32,
    /// Boards that show its ratings.
    pub boards: Vec<RatingBoard>,
}

/// A board that shows the ratings of a ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RatingBoard {
    /// Which board.
    pub board: BoardKey,
    /// What becomes of the score that is there.
    pub operator: ScoreOperator,
    /// When its season began that goes on.
    pub season_s: i64,
}
