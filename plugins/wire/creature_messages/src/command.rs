//! What a tournament is told: by those who play, and of the time.

use hypogeum_protocol::codec::{self, CodecError};
use serde::{Deserialize, Serialize};

use crate::{BattleMove, CreatureStats};

/// Most bytes of a command.
pub const TOURNAMENT_COMMAND_BYTES_MAX: usize = 64;

/// What a tournament is told. The seat of the command is the number of the creature that it is about; the host has looked whose
/// that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TournamentCommand {
    /// What a creature does in the next turn of its battle.
    Move {
        /// Who meets whom: [`PairingView::number`](crate::PairingView::number).
        pairing: u16,
        /// Which battle of the two, from 1.
        game: u8,
        /// Which turn of it, from 1.
        turn: u32,
        /// What is done.
        what: BattleMove,
    },
    /// Gives points to its stats, and is done with that: those that are left are kept for later.
    Allocate {
        /// How many to which.
        points: CreatureStats,
    },
    /// It is ready for its round.
    Ready,
    /// It takes part no longer.
    Withdraw,
    /// What time it is, of whatever seat: time passes by this and the next alone.
    Clock {
        /// Milliseconds since 1970.
        unix_ms: u64,
    },
    /// What time it is after a while in which nobody could do anything, such as when the server was away: it counts against nobody.
    Resume {
        /// Milliseconds since 1970.
        unix_ms: u64,
    },
    /// As [`Self::Allocate`], by a key by which it is known when it comes again: then nothing more is given. The last 16 keys of a creature
    /// are known.
    AllocateOnce {
        /// How many to which.
        points: CreatureStats,
        /// Any number.
        key: u64,
    },
}

impl TournamentCommand {
    /// The bytes of a command.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From the bytes of a command.
    ///
    /// # Errors
    /// [`CodecError`] where they are none, or longer than [`TOURNAMENT_COMMAND_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode::<Self, TOURNAMENT_COMMAND_BYTES_MAX>(bytes)
    }
}

/// Why a tournament does not do what it is told. Nothing has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TournamentRefusal {
    /// No creature has this number.
    NoSuchEntrant,
    /// It fights no such battle now.
    NotInBattle,
    /// It is another turn.
    OtherTurn {
        /// Which one.
        turn: u32,
    },
    /// It has chosen already.
    AlreadyChosen,
    /// That has been done as often as it can be in this round.
    UsedUp,
    /// It has fewer points.
    TooManyPoints {
        /// How many it has.
        left: u32,
    },
    /// A stat would be more than it can be.
    TooHigh {
        /// What it can be.
        most: u32,
    },
    /// It fights: its stats are what they are.
    InBattle,
    /// Nobody has asked.
    NotAsked,
    /// It has withdrawn, or is out.
    Gone,
    /// The tournament is over.
    Over,
}
