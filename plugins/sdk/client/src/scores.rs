//! How everyone in a match does, as far as a client is told.

use hypogeum_protocol::{MatchId, ResultRow, ScoreRow};

/// The scoreboard of a match under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scoreboard {
    /// The tick at which it stood so.
    pub tick: u32,
    /// The best, best first; at most [`limits::SCORE_ROWS_MAX`](hypogeum_protocol::limits::SCORE_ROWS_MAX).
    pub rows: Vec<ScoreRow>,
    /// The own one, where it is not among them.
    pub own: Option<ScoreRow>,
}

/// How a match went for everyone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchTable {
    /// The match that is over.
    pub match_id: MatchId,
    /// How many took part.
    pub players: u16,
    /// The best, best first; at most [`limits::RESULT_ROWS_MAX`](hypogeum_protocol::limits::RESULT_ROWS_MAX).
    pub rows: Vec<ResultRow>,
    /// The own one, where it is not among them.
    pub own: Option<ResultRow>,
    /// This account's rating after it.
    pub rating: i32,
}
