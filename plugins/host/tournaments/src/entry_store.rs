//! What the HTTP door asks of a database for games that people enter one by one.

use std::future::Future;

use hypogeum_accounts::AccountStoreError;
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_store::EntryTerms;

use crate::store::CreatureError;

/// Most open games of an account.
pub const OPEN_GAMES_OF_ACCOUNT_MAX: usize = 4;
/// Most open games of a server, those of schedules aside.
pub const OPEN_GAMES_MAX: usize = 4_096;
/// Most open games of one page.
pub const OPEN_GAMES_PER_PAGE_MAX: usize = 100;
/// How often an account may enter one game: whoever leaves may come again, but not for ever.
pub const ENTRIES_OF_ACCOUNT_MAX: usize = 128;

/// A game that somebody opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOpenGame {
    /// Who opens it.
    pub account: AccountId,
    /// Under which terms.
    pub terms: EntryTerms,
    /// By which the same request is known when it comes again; empty: it is never known. At most 64 bytes.
    pub request_key: String,
}

/// A game that people enter one by one, or have entered so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenGame {
    /// Which one.
    pub id: GameId,
    /// Who has opened it; 0: the house, by a schedule.
    pub account: AccountId,
    /// Under which terms.
    pub terms: EntryTerms,
    /// How far it is.
    pub stage: EntryStage,
    /// How many creatures have entered, and not left.
    pub entered: u8,
    /// These, in the order of entry; none in a list.
    pub entries: Vec<Entry>,
    /// The key of its draw, in hexadecimal digits, once it has started; empty where nothing was drawn.
    pub draw: String,
    /// When it was opened, in seconds since 1970.
    pub created_s: u64,
}

impl OpenGame {
    /// What is won: all fees, and the purse.
    #[must_use]
    pub fn pot(&self) -> i64 {
        self.terms.entry_fee.saturating_mul(self.entered.into()).saturating_add(self.terms.purse)
    }
}

/// How far a game is that people enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStage {
    /// People may enter and leave.
    Open,
    /// It is played.
    Running,
    /// It was played.
    Over,
    /// It was not played: fees were given back.
    CalledOff,
}

/// A creature that has entered a game.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which one.
    pub creature: CreatureId,
    /// Whose it is.
    pub account: AccountId,
    /// What that person is called.
    pub account_name: String,
    /// What it is called.
    pub name: String,
    /// The key of its type.
    pub kind: String,
    /// When it entered, in seconds since 1970.
    pub entered_s: u64,
    /// What it has won, once the game is over.
    pub prize: Option<i64>,
}

/// Why somebody does not open, enter, leave or call off a game. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// No game has this number.
    #[error("there is no such game")]
    NoSuchGame,
    /// Somebody else has opened it.
    #[error("somebody else has opened this game")]
    NotYours,
    /// It has started, or was never open.
    #[error("the game has started")]
    Started,
    /// It was called off.
    #[error("the game was called off")]
    CalledOff,
    /// As many have entered as may.
    #[error("the game is full")]
    Full,
    /// The creature has entered already.
    #[error("creature {0} has entered already")]
    AlreadyEntered(CreatureId),
    /// As many of the account's creatures have entered as may.
    #[error("at most {most} creatures of one person take part")]
    TooManyOfYours {
        /// How many may.
        most: u8,
    },
    /// The account has entered it as often as it may.
    #[error("an account enters a game at most {ENTRIES_OF_ACCOUNT_MAX} times")]
    TooManyEntries,
    /// The creature has not entered.
    #[error("creature {0} has not entered")]
    NotEntered(CreatureId),
    /// The account has as many open games as it may.
    #[error("an account has at most {OPEN_GAMES_OF_ACCOUNT_MAX} open games")]
    TooManyOpenGames,
    /// The server has as many open games as it may.
    #[error("there are at most {OPEN_GAMES_MAX} open games")]
    NoRoom,
    /// The wallet holds less than the fee.
    #[error("it costs {needed} to enter, and the wallet holds {found}")]
    NotEnough {
        /// The fee.
        needed: i64,
        /// What there is.
        found: i64,
    },
    /// Something about the creature, or the database.
    #[error(transparent)]
    Creature(#[from] CreatureError),
}

/// Games that people enter one by one, in a database. Each call is one transaction.
pub trait EntryStore: Send + Sync + 'static {
    /// Opens a game. The same request of an account again, by its key, is the same game. Returns it, and whether it is new.
    fn open_game(&self, game: NewOpenGame) -> impl Future<Output = Result<(OpenGame, bool), EntryError>> + Send;

    /// Enters a game with a creature, which it holds from now on, and takes the fee. The same request of the account again, by its
    /// key, is the same entry, whatever has become of it. Returns the game as it stands, and whether the entry is new.
    fn enter_game(
        &self,
        game: GameId,
        by: (AccountId, CreatureId),
        request_key: &str,
    ) -> impl Future<Output = Result<(OpenGame, bool), EntryError>> + Send;

    /// Leaves an open game with a creature, which is free then, and gives the fee back. Asked again, it answers the same and
    /// changes nothing.
    fn leave_game(
        &self,
        game: GameId,
        by: (AccountId, CreatureId),
    ) -> impl Future<Output = Result<OpenGame, EntryError>> + Send;

    /// Calls an open game off: all fees are given back, and all creatures are free. Only who has opened it may. Asked again, it
    /// answers the same and changes nothing.
    fn call_game_off(&self, game: GameId, by: AccountId) -> impl Future<Output = Result<OpenGame, EntryError>> + Send;

    /// A game that people enter or have entered, with its entries; `None` where there is none, or one person has started it.
    fn entered_game(&self, game: GameId) -> impl Future<Output = Result<Option<OpenGame>, AccountStoreError>> + Send;

    /// Open games behind one, in the order of their numbers, without their entries: at most [`OPEN_GAMES_PER_PAGE_MAX`].
    fn open_games(
        &self,
        after: GameId,
        count: usize,
    ) -> impl Future<Output = Result<Vec<OpenGame>, AccountStoreError>> + Send;
}
