//! A tournament as it stands, for whoever wants to see it.

use hypogeum_protocol::AccountId;
use hypogeum_protocol::codec::{self, CodecError};
use serde::{Deserialize, Serialize};

use crate::{ActNews, CreatureStats};

/// Most bytes of a view: a round robin of 64 has 4,032 pairings of some 40 bytes.
pub const TOURNAMENT_VIEW_BYTES_MAX: usize = 1 << 20;

/// A creature that somebody owns, as the database numbers it. 0: a machine's, which nobody owns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CreatureId(pub u64);

impl core::fmt::Display for CreatureId {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A game that creatures are in, as the database numbers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct GameId(pub u64);

impl core::fmt::Display for GameId {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.0.fmt(formatter)
    }
}

/// What a game has made of a creature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatureResult {
    /// Which one.
    pub creature: CreatureId,
    /// Whose it is.
    pub owner: AccountId,
    /// Where it stands in the end: 1 is the best.
    pub rank: u8,
    /// How many have this rank, machines included; 1: it alone. The next rank is as many further.
    pub sharing: u8,
    /// Whether it is the champion.
    pub is_champion: bool,
    /// What it is made of now.
    pub stats: CreatureStats,
    /// Points it has not given to a stat.
    pub points: u32,
    /// Pairings it has won.
    pub won: u32,
    /// Pairings it has lost.
    pub lost: u32,
    /// Pairings it has won at the end, without losing one.
    pub streak: u32,
    /// The most it has won so in this game.
    pub best_streak: u32,
}

/// A tournament as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TournamentView {
    /// The game that it is.
    pub game: GameId,
    /// The key of its definition.
    pub tournament: String,
    /// Who takes part, the best seed first.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub entrants: Vec<EntrantView>,
    /// Who meets whom, earlier rounds first.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub pairings: Vec<PairingView>,
    /// Battles that are fought now.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub battles: Vec<BattleView>,
    /// The number of the one who has won it.
    pub champion: Option<u8>,
    /// Whether nothing more is fought.
    pub is_over: bool,
}

/// Somebody who takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrantView {
    /// Its number: 0 is the best seed.
    pub number: u8,
    /// Which creature; 0: a machine's.
    pub creature: CreatureId,
    /// Whose it is; 0: a machine's.
    pub owner: AccountId,
    /// What the owner is called, or the key of the machine's level.
    pub owner_name: String,
    /// What it is called.
    pub name: String,
    /// The key of its type.
    pub kind: String,
    /// What it is made of now.
    pub stats: CreatureStats,
    /// Points it has not given to a stat yet.
    pub points: u32,
    /// Where it stands: 1 is the best, and those whom nothing separates share a rank.
    pub rank: u8,
    /// Whether it may still fight.
    pub is_in: bool,
    /// What is waited for.
    pub wants: Wants,
}

/// What a tournament waits for from somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wants {
    /// Nothing: others fight, or it is out.
    Nothing,
    /// That it gives points to its stats; until when, in milliseconds since 1970, where there is a limit.
    Points {
        /// Until when.
        until_unix_ms: Option<u64>,
    },
    /// That it says it is ready.
    Ready {
        /// Until when, in milliseconds since 1970.
        until_unix_ms: u64,
    },
    /// What it does in its battle.
    Move {
        /// Until when, in milliseconds since 1970, where there is a clock; its bank is counted in.
        until_unix_ms: Option<u64>,
    },
}

/// Two who meet, now, earlier or later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairingView {
    /// Its number.
    pub number: u16,
    /// From 1.
    pub round: u8,
    /// What it is called: `final`, `semifinal`, `round_of_16`, `upper_1`, `lower_2`, `swiss` …
    pub place: String,
    /// Who meets, by number, where that is known.
    pub sides: [Option<u8>; 2],
    /// Of how many battles more than half win.
    pub best_of: u8,
    /// Battles won by each.
    pub wins: [u8; 2],
    /// How it ended, where it has.
    pub outcome: Option<PairingOutcome>,
}

/// How two who met have parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PairingOutcome {
    /// One has won; the number of which.
    Won(u8),
    /// One did not come, or left; the number of the other.
    Forfeited(u8),
    /// Neither was there; the number of the one that goes on, where one does.
    BothGone(Option<u8>),
    /// Nothing was left to decide.
    NotNeeded,
}

/// A battle as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BattleView {
    /// Of which pairing.
    pub pairing: u16,
    /// Which battle of the two, from 1.
    pub game: u8,
    /// The turn that is to come, from 1.
    pub turn: u32,
    /// Both, the first side first.
    pub fighters: [FighterView; 2],
    /// What was done in the last turn.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub last: Vec<ActNews>,
}

/// One of two who fight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FighterView {
    /// Its number in the tournament.
    pub entrant: u8,
    /// Hit points, 0 to `hp_max`.
    pub hp: u32,
    /// Most hit points.
    pub hp_max: u32,
    /// How often it can still defend.
    pub defends_left: u32,
    /// How often it can still use its special.
    pub specials_left: u32,
    /// Whether it has chosen what it does in the turn that is to come.
    pub has_chosen: bool,
}

/// What is kept of a tournament that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptTournament {
    /// How it stood in the end.
    pub view: TournamentView,
    /// The logs of the battles in which people's creatures fought, in the order of their ends.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub logs: Vec<KeptLog>,
}

/// The log of a battle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptLog {
    /// Of which pairing.
    pub pairing: u16,
    /// Which battle of the two, from 1.
    pub game: u8,
    /// The log.
    pub text: String,
}

/// Most bytes of what is kept: a round robin of 64 people who meet twice has 4,032 logs of some 1.5 KB.
pub const KEPT_BYTES_MAX: usize = 16 << 20;

impl KeptTournament {
    /// The bytes that are kept.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From the bytes that were kept.
    ///
    /// # Errors
    /// [`CodecError`] where they are none, or more than [`KEPT_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode::<Self, KEPT_BYTES_MAX>(bytes)
    }
}

impl TournamentView {
    /// The bytes of a view.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From the bytes of a view.
    ///
    /// # Errors
    /// [`CodecError`] where they are none, or more than [`TOURNAMENT_VIEW_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode::<Self, TOURNAMENT_VIEW_BYTES_MAX>(bytes)
    }
}
