//! What a client wants done.

use hypogeum_protocol::NetId;
use hypogeum_protocol::codec::{self, CodecError};
use serde::{Deserialize, Serialize};

/// Most bytes of a line, and of words that are said.
pub const LINE_BYTES_MAX: usize = 512;
/// Most bytes of a command.
pub const COMMAND_BYTES_MAX: usize = 640;

/// What a client wants done in a world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WorldCommand {
    /// A line as somebody typed it; at most [`LINE_BYTES_MAX`].
    Line {
        /// What was typed.
        words: String,
    },
    /// Looks about, or at something.
    Look {
        /// At what; at the room where it is nothing.
        at: Option<NetId>,
    },
    /// Walks out of the room by an exit.
    Go {
        /// The exit's word.
        word: String,
    },
    /// Speaks to everyone in the room.
    Say {
        /// What is said; at most [`LINE_BYTES_MAX`].
        words: String,
    },
    /// Speaks to one person, wherever on this server.
    Tell {
        /// Whose name it is.
        name: String,
        /// What is said; at most [`LINE_BYTES_MAX`].
        words: String,
    },
    /// Does something for all in the room to see.
    Emote {
        /// What is done, as it follows a name; at most [`LINE_BYTES_MAX`].
        words: String,
    },
    /// Asks who is here.
    Who,
    /// Asks how one is.
    Stats,
    /// Asks which effects one bears.
    Effects,
    /// Asks what one carries.
    Inventory,
    /// Fights somebody until one is dead, flees or stops.
    Attack {
        /// Somebody near, who can be hurt.
        target: NetId,
    },
    /// Stops fighting and walking.
    Stop,
    /// Runs out of the room by any exit.
    Flee,
    /// Hands something to somebody near.
    Give {
        /// An item that one carries.
        item: NetId,
        /// Who takes it: somebody near, with room for it.
        to: NetId,
        /// Which version of the item the client has seen; nothing: it means the item as it is.
        seen: Option<u32>,
    },
    /// Opens a door.
    Open {
        /// The word of the exit it is in.
        word: String,
        /// Which version of the door the client has seen; nothing: it means the door as it stands.
        seen: Option<u32>,
    },
    /// Closes a door.
    Close {
        /// The word of the exit it is in.
        word: String,
        /// Which version of the door the client has seen; nothing: it means the door as it stands.
        seen: Option<u32>,
    },
    /// Unlocks a door with what one carries.
    Unlock {
        /// The word of the exit it is in.
        word: String,
        /// Which version of the door the client has seen; nothing: it means the door as it stands.
        seen: Option<u32>,
    },
    /// Pulls or pushes something that can be moved.
    Pull {
        /// Its word.
        word: String,
    },
    /// Asks what can be typed.
    Help,
    /// Walks after somebody from room to room, and through gates.
    Follow {
        /// A character near; nobody: one follows nobody any more.
        whom: Option<NetId>,
    },
    /// Uses one of one's own abilities once, as soon as that is possible.
    Cast {
        /// Its slot, 1–8.
        slot: u8,
        /// At whom: somebody near; straight ahead where it is nobody.
        at: Option<NetId>,
    },
    /// Asks who is in one's group.
    Group,
    /// Asks a character near into one's group: it shares experience with those in the same room.
    Invite {
        /// A character near, who is in no group.
        who: NetId,
    },
    /// Joins the group that one was asked into last.
    Join,
    /// Leaves one's group, or refuses to join one.
    LeaveGroup,
    /// Asks a character near to trade, or takes up that it has asked.
    Trade {
        /// With whom.
        with: NetId,
    },
    /// Lays something that one carries on the table.
    Offer {
        /// Which item.
        item: NetId,
    },
    /// Takes something off the table again.
    Withdraw {
        /// Which item.
        item: NetId,
    },
    /// Agrees to a trade as it lies on the table: once both do, all of it changes hands at once.
    Accept {
        /// Which version of the table the client has seen, as [`WorldNews::Table`](crate::WorldNews::Table) tells it: another one is
        /// refused. Nothing: the table as it lies, once the other side has changed nothing for a while.
        seen: Option<u32>,
    },
    /// Calls a trade off.
    Cancel,
    /// Asks what a line that is being typed could go on as.
    Complete {
        /// The line so far; at most [`LINE_BYTES_MAX`].
        line: String,
    },
    /// Leaves the world.
    Quit,
    /// Talks to somebody near who has something to say.
    Talk {
        /// An NPC near.
        to: NetId,
        /// About what; at most [`LINE_BYTES_MAX`], and nothing for a greeting.
        about: String,
    },
    /// Asks somebody near what it sells and buys: the answer is [`WorldNews::Wares`](crate::WorldNews::Wares).
    Wares {
        /// Somebody who trades; who does not has nothing to tell.
        of: NetId,
    },
    /// Buys from somebody near.
    Buy {
        /// Somebody near who sells it.
        from: NetId,
        /// What kind of thing.
        template: String,
        /// How many of it, 1–99.
        count: u32,
    },
    /// Sells something that one carries to somebody near.
    Sell {
        /// Somebody near who buys such things.
        to: NetId,
        /// A thing that one carries and does not wear.
        item: NetId,
        /// How many pieces of it; all where it is nothing.
        count: Option<u32>,
        /// Which version of the item the client has seen; nothing: it means the item as it is.
        seen: Option<u32>,
    },
}

impl WorldCommand {
    /// As bytes for a message.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        codec::encode(self)
    }

    /// From the bytes of a message.
    ///
    /// # Errors
    /// [`CodecError`] where they are none, or longer than [`COMMAND_BYTES_MAX`].
    pub fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        codec::decode::<Self, COMMAND_BYTES_MAX>(bytes)
    }
}

const _: () = assert!(COMMAND_BYTES_MAX <= hypogeum_protocol::limits::COMMAND_BYTES_MAX);
