//! What a client is told.

use hypogeum_protocol::codec::{self, CodecError};
use hypogeum_protocol::{Block, CarriedItem, NetId, limits};
use serde::{Deserialize, Serialize};

/// What a client is told of a world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorldNews {
    /// Something happened, or an answer: as a message of which a client may have words of its own, and in words.
    Told {
        /// Which message.
        id: String,
        /// What stands in its places, by name.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        arguments: Vec<(String, String)>,
        /// The whole of it in words.
        words: String,
    },
    /// The room one is in.
    Room(RoomNews),
    /// How one is: told whenever any of it changes.
    Stats(StatsNews),
    /// A door has changed: what stands in the way is another from now on.
    Door {
        /// Its key.
        key: String,
        /// How it is now.
        state: DoorState,
        /// Where it stands in the way while it is not open.
        block: Block,
        /// Which version of it this is: rises with each change.
        version: u32,
    },
    /// How the last word of a line could go on: the answer to [`WorldCommand::Complete`](crate::WorldCommand::Complete).
    Completions {
        /// Whole words, at most [`COMPLETIONS_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        words: Vec<String>,
    },
    /// What somebody sells and buys: the answer to [`WorldCommand::Wares`](crate::WorldCommand::Wares).
    Wares(WaresNews),
    /// What lies on the table of a trade: told to both whenever it changes.
    Table(TableNews),
}

/// What lies on the table of a trade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableNews {
    /// Who one trades with.
    pub with: NetId,
    /// Which version of the table this is: no other table of this place has or had it.
    pub version: u32,
    /// What one offers oneself, each bag before what is in it.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub own: Vec<CarriedItem>,
    /// What the other one offers.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub their: Vec<CarriedItem>,
}

/// What somebody sells and buys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaresNews {
    /// The NPC that trades.
    pub who: NetId,
    /// The kind of thing that is paid with.
    pub coin: String,
    /// What it sells: kinds of things, and coins for a piece of each.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub sells: Vec<(String, u32)>,
    /// What it buys.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub buys: Vec<(String, u32)>,
}

/// Most words that a line is completed with.
pub const COMPLETIONS_MAX: usize = 64;

/// A room, as one who is in it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomNews {
    /// Its key in its place.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// What it looks like.
    pub description: String,
    /// Whether nobody is hurt in it.
    pub is_safe: bool,
    /// Ways out of it.
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub exits: Vec<ExitNews>,
}

/// A way out of a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExitNews {
    /// What one types to take it.
    pub word: String,
    /// The door in it, if there is one.
    pub door: Option<DoorNews>,
}

/// A door, as one who stands before it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoorNews {
    /// How it is.
    pub state: DoorState,
    /// Which version of it this is: rises with each change.
    pub version: u32,
}

/// How a door is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DoorState {
    /// One can walk through it.
    Open,
    /// Anyone can open it.
    Closed,
    /// It has to be unlocked first.
    Locked,
}

/// How one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatsNews {
    /// Hit points left.
    pub hp: u32,
    /// Hit points when whole.
    pub hp_max: u32,
    /// Mana left.
    pub mp: u32,
    /// Mana when whole.
    pub mp_max: u32,
    /// Experience level, 1 and up.
    pub level: u32,
    /// Experience, all the character's life.
    pub xp: u32,
    /// Experience at which the next level begins.
    pub xp_next: u32,
}

impl WorldNews {
    /// As bytes for a message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From the bytes of a message.
    ///
    /// # Errors
    /// [`CodecError`] where they are none, or longer than [`limits::TOLD_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode::<Self, { limits::TOLD_BYTES_MAX }>(bytes)
    }
}
