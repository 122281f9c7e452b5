//! What a tournament is made from.

use hypogeum_protocol::{AccountId, codec};
use serde::{Deserialize, Serialize};

use crate::{CreatureId, CreatureStats, GameId};

/// What a tournament is made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TournamentSetup {
    /// The game that it is, as the database numbers it.
    pub game: GameId,
    /// Key of its definition.
    pub tournament: String,
    /// Creatures of people, the best seed first.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub entrants: Vec<EntrantSetup>,
    /// How many take part with the machines.
    pub size: u8,
    /// Key of the level of the machines; needed where there are fewer entrants than `size`.
    pub fill: Option<String>,
    /// When it begins, in milliseconds since 1970.
    pub begins_unix_ms: u64,
}

/// A creature of a person, as it comes into a tournament.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntrantSetup {
    /// Which one.
    pub creature: CreatureId,
    /// Whose it is.
    pub owner: AccountId,
    /// What the owner is called.
    pub owner_name: String,
    /// What it is called.
    pub name: String,
    /// The key of its type.
    pub kind: String,
    /// What it is made of.
    pub stats: CreatureStats,
    /// Points it has kept.
    pub points: u32,
}
