//! What the service that runs games of creatures asks.

use hypogeum_creature_messages::{CreatureId, CreatureResult, CreatureStats, GameId};
use hypogeum_protocol::AccountId;

use crate::entries::{EntriesReply, EntriesRequest};
use crate::ladders::{LadderTerms, RatedRefusal, RatedStart};
use crate::scores::ScoreChange;

/// Most games that run on one server.
pub const RUNNING_GAMES_MAX: usize = 65_536;

/// What is asked of the games of creatures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GamesRequest {
    /// The games that are not over, by number: at most so many behind one. A shard is made of each that none has.
    Running {
        /// The last one of the page before; 0: none.
        after: GameId,
        /// How many at most.
        count: usize,
    },
    /// A game is over: each creature is what it was made, and free, and the game is kept as it stood. Asked again it answers the same
    /// and changes nothing.
    Settle {
        /// Which one.
        game: GameId,
        /// What it has made of the creatures of people.
        results: Vec<CreatureResult>,
        /// How it stood, in words of its kind.
        overview: Vec<u8>,
        /// What it counts for on boards.
        scores: Vec<ScoreChange>,
        /// What ladders make of it whose rated battles have its rules; which of them it is of, if any, the database knows.
        ladders: Vec<LadderTerms>,
    },
    /// Of games that people enter one by one.
    Entries(EntriesRequest),
    /// A rated battle begins, where both creatures are free. Asked again, by its key, it answers the same and begins nothing more.
    StartRated(RatedStart),
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GamesReply {
    /// Answers [`GamesRequest::Running`].
    Running(Vec<RunningGame>),
    /// Answers [`GamesRequest::Settle`].
    Settled(GameId),
    /// Answers [`GamesRequest::Entries`].
    Entries(EntriesReply),
    /// Answers [`GamesRequest::StartRated`]: it has begun.
    RatedStarted {
        /// The key of the request.
        key: String,
        /// As a shard is made of it.
        game: Box<RunningGame>,
    },
    /// Answers [`GamesRequest::StartRated`]: nothing has begun.
    RatedRefused {
        /// The key of the request.
        key: String,
        /// For whom it could not.
        refused: Vec<(AccountId, RatedRefusal)>,
    },
}

/// A game that is not over, as a shard is made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningGame {
    /// Which one.
    pub id: GameId,
    /// Who has started it; 0: the house.
    pub account: AccountId,
    /// The key of the tournament.
    pub tournament: String,
    /// How many take part with the machines.
    pub size: u8,
    /// The key of the machines' level.
    pub fill: Option<String>,
    /// Creatures of people, the best seed first.
    pub creatures: Vec<RunningCreature>,
}

/// A creature that a game holds, as it was when that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningCreature {
    /// Which one.
    pub id: CreatureId,
    /// Whose it is.
    pub account: AccountId,
    /// What that person is called.
    pub account_name: String,
    /// What it is called.
    pub name: String,
    /// The key of its type.
    pub kind: String,
    /// What it is made of.
    pub stats: CreatureStats,
    /// Points it has kept.
    pub points: u32,
}
