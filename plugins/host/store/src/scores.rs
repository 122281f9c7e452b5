//! What is asked of the scores of boards.

pub use hypogeum_content::def::{ScoreOperator, ScoreOrder};
use hypogeum_progression::RewardTerms;
use hypogeum_protocol::AccountId;

/// The largest score, and with a minus the smallest: as many as JSON readers of every language count exactly.
pub const SCORE_MAX: i64 = (1 << 53) - 1;
/// Most changes of one [`ScoresRequest::Submit`].
pub const SCORES_AT_ONCE_MAX: usize = 256;
/// Most bytes of a [`ScoreChange::key`].
pub const SCORE_KEY_BYTES_MAX: usize = 64;

/// The last rank that a season rewards.
pub const REWARDED_RANKS_MAX: u64 = 1_000;

/// A board as a database tells it from others: turned round it is another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BoardKey {
    /// The key of its definition.
    pub key: String,
    /// Whether less is better.
    pub is_ascending: bool,
}

impl BoardKey {
    /// The board of a definition.
    #[must_use]
    pub fn new(key: &str, order: ScoreOrder) -> Self {
        Self { key: key.to_owned(), is_ascending: order == ScoreOrder::Ascending }
    }
}

/// A score that comes to a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreChange {
    /// Which board.
    pub board: BoardKey,
    /// When the season begins in which it counts, in seconds since 1970; 0: the board has none. Where that season is over, it
    /// counts in the one that goes on.
    pub season_s: i64,
    /// Whose it is. Nobody has one where there is no such account.
    pub account: AccountId,
    /// What becomes of the score that is there.
    pub operator: ScoreOperator,
    /// The score, or what is added or taken away: −[`SCORE_MAX`] to [`SCORE_MAX`]; what is beyond counts as the nearest of these.
    pub value: i64,
    /// By which it is known when it comes again, among those of the board and the account; empty: it is not, and counts again. At most
    /// [`SCORE_KEY_BYTES_MAX`].
    pub key: String,
}

/// What is asked of the scores of boards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScoresRequest {
    /// Scores come to boards, in this order, all in one transaction.
    Submit {
        /// At most [`SCORES_AT_ONCE_MAX`].
        changes: Vec<ScoreChange>,
        /// Comes back with the answer.
        tag: u64,
    },
    /// The seasons of a board that began before this are over: nothing counts in them from now on. Asked again it closes nothing more.
    CloseSeasons {
        /// Which board.
        board: BoardKey,
        /// When the season begins that goes on, in seconds since 1970.
        before_s: i64,
        /// What those get who are on it at the end of a season: up to this rank, behind that of the step before; the first ranks
        /// first, up to [`REWARDED_RANKS_MAX`]. Seasons that are over and gave nothing yet give it, each once.
        rewards: Vec<(u64, RewardTerms)>,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScoresReply {
    /// Answers [`ScoresRequest::Submit`].
    Submitted {
        /// The tag of the request.
        tag: u64,
    },
    /// Answers [`ScoresRequest::CloseSeasons`].
    SeasonsClosed {
        /// Which board.
        board: BoardKey,
        /// As asked.
        before_s: i64,
        /// The seasons that were closed by this very request, the oldest first.
        closed: Vec<ClosedSeason>,
    },
}

/// A season that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosedSeason {
    /// When it began, in seconds since 1970; 0: the time in which the board had no seasons.
    pub season_s: i64,
    /// How many accounts had a score in it.
    pub entries: u64,
}
