//! How everyone in a match does, as far as a client is told.

use hypogeum_protocol::{MatchId, ResultRow, ScoreRow};

/// The scoreboard of a match under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scoreboard {
    /// When it was so.
    pub tick: u32,
    /// The best.
    pub rows: Vec<ScoreRow>,
    /// The own one, where it is not among them.
    pub own: Option<ScoreRow>,
}

/// How a match went for everyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchTable {
    /// The match.
    pub match_id: MatchId,
    /// How many took part.
    pub players: u16,
    /// The best.
    pub rows: Vec<ResultRow>,
    /// The own one, where it is not among them.
    pub own: Option<ResultRow>,
    /// This account's rating after it.
    pub rating: i32,
}
