//! Creatures and games as the database has them.

use hypogeum_creature_messages::{CreatureId, CreatureStats, GameId};
use hypogeum_protocol::AccountId;

use crate::entry_store::EntryStage;

/// A creature as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatureRecord {
    /// Which one.
    pub id: CreatureId,
    /// Whose it is.
    pub account: AccountId,
    /// What it is called.
    pub name: String,
    /// The key of its type.
    pub kind: String,
    /// What it is made of.
    pub stats: CreatureStats,
    /// Points it has not given to a stat yet.
    pub points: u32,
    /// Pairings it has won.
    pub won: u32,
    /// Pairings it has lost.
    pub lost: u32,
    /// Pairings it has won since it lost one.
    pub streak: u32,
    /// The most it has won so.
    pub best_streak: u32,
    /// Games it has won as champion.
    pub titles: u32,
    /// The game that holds it.
    pub game: Option<GameId>,
    /// When it was made, in seconds since 1970.
    pub created_s: u64,
}

/// A game that somebody starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGame {
    /// Who starts it: everything in it is theirs, but the machines.
    pub account: AccountId,
    /// The key of the tournament.
    pub tournament: String,
    /// Creatures that take part, the best seed first: at most 64, each once.
    pub creatures: Vec<CreatureId>,
    /// How many take part with the machines.
    pub size: u8,
    /// The key of the machines' level.
    pub fill: Option<String>,
    /// By which the same request is known when it comes again; empty: it is never known. At most 64 bytes.
    pub request_key: String,
}

/// A game as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameRecord {
    /// Which one.
    pub id: GameId,
    /// Who has started or opened it; 0: the house.
    pub account: AccountId,
    /// The key of the tournament.
    pub tournament: String,
    /// How many take part with the machines; of an open game, how many may.
    pub size: u8,
    /// The key of the machines' level.
    pub fill: Option<String>,
    /// How far it is.
    pub state: GameState,
    /// When it was started or opened, in seconds since 1970.
    pub created_s: u64,
}

/// A game as a line of a list, without how it stood in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GameLine {
    /// Which one.
    pub id: GameId,
    /// The key of the tournament.
    pub tournament: String,
    /// How many take part with the machines; of an open game, how many may.
    pub size: u8,
    /// How far it is.
    pub stage: EntryStage,
    /// When it was started or opened, in seconds since 1970.
    pub created_s: u64,
    /// When it ended or was called off, in seconds since 1970.
    pub ended_s: Option<u64>,
}

/// How far a game is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GameState {
    /// People enter it one by one.
    Open,
    /// It was open, and never started.
    CalledOff {
        /// When it was called off, in seconds since 1970.
        ended_s: u64,
    },
    /// It is played: a shard has it.
    Running {
        /// The creatures that it holds, the best seed first.
        creatures: Vec<CreatureId>,
    },
    /// It is over.
    Over {
        /// How it stood in the end, in words of its kind.
        overview: Vec<u8>,
        /// When it ended, in seconds since 1970.
        ended_s: u64,
    },
}
