//! What the service and the HTTP door ask of a database.

use std::future::Future;

use hypogeum_accounts::AccountStoreError;
use hypogeum_creature_messages::{CreatureId, CreatureStats, GameId};
use hypogeum_protocol::AccountId;

use crate::name::CreatureName;
use crate::record::{CreatureRecord, GameLine, GameRecord, NewGame};

/// Most creatures of an account: somebody who wants more releases one.
pub const CREATURES_MAX: usize = 64;
/// Most games of an account that run at once.
pub const GAMES_RUNNING_MAX: usize = 16;
/// Most games of one page of an account's history.
pub const GAMES_PER_PAGE_MAX: usize = 100;

/// Why something cannot be done with creatures or games. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreatureError {
    /// No account has this number.
    #[error("there is no such account")]
    NoSuchAccount,
    /// Nobody has a creature of this number, or it was released.
    #[error("there is no creature {0}")]
    NoSuchCreature(CreatureId),
    /// It belongs to somebody else.
    #[error("creature {0} belongs to somebody else")]
    NotYours(CreatureId),
    /// A game holds it.
    #[error("creature {creature} is in game {game}")]
    InGame {
        /// Which creature.
        creature: CreatureId,
        /// Which game.
        game: GameId,
    },
    /// It is named twice.
    #[error("creature {0} cannot take part twice")]
    Twice(CreatureId),
    /// The account has as many as it may.
    #[error("an account has at most {CREATURES_MAX} creatures")]
    TooMany,
    /// As many games of the account run as may.
    #[error("an account plays at most {GAMES_RUNNING_MAX} games at once")]
    TooManyGames,
    /// It has changed since it was read.
    #[error("creature {0} has changed since")]
    Changed(CreatureId),
    /// The database does not answer now.
    #[error("the database is not available")]
    Unavailable,
}

/// Creatures and games in a database. Each call is one transaction.
pub trait CreatureStore: Send + Sync + 'static {
    /// The creatures of an account, in the order of their numbers; none where there is no such account.
    fn creatures(
        &self,
        account: AccountId,
    ) -> impl Future<Output = Result<Vec<CreatureRecord>, AccountStoreError>> + Send;

    /// A creature, whoever's it is; `None` where there is none, or it was released.
    fn creature(
        &self,
        id: CreatureId,
    ) -> impl Future<Output = Result<Option<CreatureRecord>, AccountStoreError>> + Send;

    /// Makes a creature; its number was never used before. At most [`CREATURES_MAX`] an account. The same request of an account again, by
    /// its key of at most 64 bytes, is the same creature, or none where it was released since; by an empty one it never is. Returns it as
    /// it is, and whether it is new.
    fn create_creature(
        &self,
        account: AccountId,
        name: &CreatureName,
        kind: &str,
        made_of: (CreatureStats, u32),
        request_key: &str,
    ) -> impl Future<Output = Result<(CreatureRecord, bool), CreatureError>> + Send;

    /// Calls a creature otherwise. A game that holds it goes on calling it as before.
    fn rename_creature(
        &self,
        account: AccountId,
        id: CreatureId,
        name: &CreatureName,
    ) -> impl Future<Output = Result<CreatureRecord, CreatureError>> + Send;

    /// Gives points that it has kept to its stats: it becomes what `becomes` says, with so many points left, if it still is what
    /// `was` says, and no game holds it. The same request again, by its key of at most 64 bytes, changes nothing, whatever the creature
    /// is by now; an empty one is never known. Returns it as it is.
    fn grow_creature(
        &self,
        account: AccountId,
        id: CreatureId,
        was: (CreatureStats, u32),
        becomes: (CreatureStats, u32),
        request_key: &str,
    ) -> impl Future<Output = Result<CreatureRecord, CreatureError>> + Send;

    /// Whether a request of this key has given points to a creature.
    fn has_grown(
        &self,
        id: CreatureId,
        request_key: &str,
    ) -> impl Future<Output = Result<bool, AccountStoreError>> + Send;

    /// Releases a creature that no game holds, for good.
    fn release_creature(
        &self,
        account: AccountId,
        id: CreatureId,
    ) -> impl Future<Output = Result<(), CreatureError>> + Send;

    /// Starts a game: it holds all its creatures, or nothing has changed. The same request of an account again, by its key, is
    /// the same game. Returns it, its creatures as they are, the best seed first, and whether it is new.
    fn start_game(
        &self,
        game: NewGame,
    ) -> impl Future<Output = Result<(GameRecord, Vec<CreatureRecord>, bool), CreatureError>> + Send;

    /// A game that could not be played after all: it is gone, and its creatures are free. Again, or over: nothing changes.
    fn drop_game(&self, id: GameId) -> impl Future<Output = Result<(), CreatureError>> + Send;

    /// A game, whoever's it is.
    fn game(&self, id: GameId) -> impl Future<Output = Result<Option<GameRecord>, AccountStoreError>> + Send;

    /// Games of an account before one, the newest first, at most [`GAMES_PER_PAGE_MAX`].
    fn games(
        &self,
        account: AccountId,
        before: Option<GameId>,
        count: usize,
    ) -> impl Future<Output = Result<Vec<GameLine>, AccountStoreError>> + Send;
}
