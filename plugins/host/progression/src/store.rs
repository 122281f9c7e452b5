//! What the HTTP door asks of a database: what an account has reached, and the matches it has played.

use std::future::Future;

use hypogeum_protocol::{AccountId, MatchId, SettledReport};

use crate::level::level_of;
use crate::rating::Skill;

/// Most matches of one page.
pub const MATCHES_PER_PAGE_MAX: usize = 100;

/// Progress cannot be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("progress is unavailable now")]
pub struct ProgressUnavailable;

/// What an account is and has reached, at the moment it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Whose it is.
    pub account: AccountId,
    /// The name as shown.
    pub name: String,
    /// Whether it has no password.
    pub is_guest: bool,
    /// When the account was made, in seconds since 1970.
    pub created_s: u64,
    /// Experience ever gained.
    pub xp: u64,
    /// Currency, 0 to [`CURRENCY_MAX`](hypogeum_economy::CURRENCY_MAX).
    pub currency: i64,
    /// How well it plays.
    pub skill: Skill,
}

impl Progress {
    /// The level its experience is enough for.
    #[must_use]
    pub fn level(&self) -> u32 {
        level_of(self.xp)
    }
}

/// A match that is over, as one of those who played it sees it. It never changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayedMatch {
    /// Which one.
    pub id: MatchId,
    /// The key of its mode.
    pub mode: String,
    /// When it began, in seconds since 1970.
    pub started_s: u64,
    /// When it ended, in seconds since 1970.
    pub ended_s: u64,
    /// Place among all seats, 1 is best; equal places are a draw. `None`: it was played before places were kept.
    pub placement: Option<u16>,
    /// The rating before it; `None`: it was played before that was kept.
    pub rating_before: Option<i32>,
    /// The rating after it.
    pub rating: i32,
    /// What was reported to the account. Its rating is the one before the end where the seat was done earlier.
    pub report: SettledReport,
}

/// Where a match stands among those of an account: behind it the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchMark {
    /// When it ended.
    pub ended_s: u64,
    /// Which one of those that ended then.
    pub id: MatchId,
}

impl PlayedMatch {
    /// Where it stands.
    #[must_use]
    pub const fn mark(&self) -> MatchMark {
        MatchMark { ended_s: self.ended_s, id: self.id }
    }
}

/// Progress in a database. Calls may come from any thread and any async runtime.
pub trait ProgressStore: Send + Sync + 'static {
    /// What an account has reached; `None`: there is none of that number.
    fn progress(
        &self,
        account: AccountId,
    ) -> impl Future<Output = Result<Option<Progress>, ProgressUnavailable>> + Send;

    /// Matches that an account has played to their end, the one that ended last first: from behind a mark, at most `count` and
    /// [`MATCHES_PER_PAGE_MAX`]. Visits to places that stay are none.
    fn matches_played(
        &self,
        account: AccountId,
        after: Option<MatchMark>,
        count: usize,
    ) -> impl Future<Output = Result<Vec<PlayedMatch>, ProgressUnavailable>> + Send;

    /// One of them; `None`: there is none of that number, or it goes on, or the account has not played it. Which of these it is
    /// shows in nothing, not even in how long it takes.
    fn match_played(
        &self,
        account: AccountId,
        id: MatchId,
    ) -> impl Future<Output = Result<Option<PlayedMatch>, ProgressUnavailable>> + Send;
}
