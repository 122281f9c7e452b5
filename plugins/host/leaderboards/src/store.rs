//! What the HTTP door asks of a database.

use std::future::Future;

use hypogeum_accounts::AccountStoreError;
use hypogeum_protocol::AccountId;
use hypogeum_store::BoardKey;

/// Most entries of one page.
pub const ENTRIES_PER_PAGE_MAX: usize = 1_000;

/// Which season of a board is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeasonChoice {
    /// The one that goes on; by the clock of who asks it began then, in seconds since 1970. Where that one is closed, it is the
    /// one behind it.
    Current(i64),
    /// The one that began then.
    Began(i64),
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageStart {
    /// At this rank: 1 is the best.
    Rank(u64),
    /// Behind an entry of another page, wherever that stands by now.
    After(PlaceMark),
}

/// Where an entry stands, in words of a database: behind it the next page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlaceMark {
    /// Less stands before.
    pub place: i64,
    /// Of two with one place the lesser stands before.
    pub serial: i64,
}

/// Somebody on a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardEntry {
    /// 1 is the best; each is given once.
    pub rank: u64,
    /// Whose score it is.
    pub account: AccountId,
    /// What that person is called.
    pub name: String,
    /// The score.
    pub score: i64,
    /// Where it stands.
    pub mark: PlaceMark,
}

/// A part of a board as it stands at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BoardPage {
    /// When the season began, in seconds since 1970.
    pub season_s: i64,
    /// Whether it is closed: its scores change no more.
    pub is_closed: bool,
    /// How many have a score in it.
    pub entry_count: u64,
    /// In the order of their ranks.
    pub entries: Vec<BoardEntry>,
}

/// A season of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoardSeason {
    /// When it began, in seconds since 1970; 0: the time without seasons.
    pub season_s: i64,
    /// How many have a score in it.
    pub entry_count: u64,
    /// When it was closed, in seconds since 1970; `None`: it goes on.
    pub closed_s: Option<u64>,
}

/// Scores of boards in a database. Each call sees one moment.
pub trait ScoreStore: Send + Sync + 'static {
    /// At most so many entries of a board from somewhere on; `None`: nobody has a score in the season that is chosen by its begin.
    fn board_page(
        &self,
        board: &BoardKey,
        season: SeasonChoice,
        start: PageStart,
        count: usize,
    ) -> impl Future<Output = Result<Option<BoardPage>, AccountStoreError>> + Send;

    /// The entry of an account with at most `count` others, as many before as behind it where there are so many; none where it has no
    /// score.
    fn board_around(
        &self,
        board: &BoardKey,
        season: SeasonChoice,
        account: AccountId,
        count: usize,
    ) -> impl Future<Output = Result<Option<BoardPage>, AccountStoreError>> + Send;

    /// Seasons in which anybody has a score, that began before one, the latest first.
    fn board_seasons(
        &self,
        board: &BoardKey,
        before_s: Option<i64>,
        count: usize,
    ) -> impl Future<Output = Result<Vec<BoardSeason>, AccountStoreError>> + Send;
}
