//! What a client says. `PROTOCOL.md` beside this crate shows every byte.

use serde::{Deserialize, Serialize};

use crate::chat::{ChatChannel, Ignored};
use crate::chunk::ChunkPlace;
use crate::codec;
use crate::error::ErrorCode;
use crate::ids::{ItemId, MatchId, NetId};
use crate::limits;
use crate::queue::Property;
use crate::readable;
use crate::social::PartyAct;

/// From a client. `Inputs` goes over the unreliable channel, everything else over the reliable ordered one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientMessage {
    /// The first message.
    Hello {
        /// The protocol the client speaks.
        protocol_version: u16,
        /// What the client calls itself, for logs; at most 64 bytes.
        client: String,
        /// The language in which its player reads, as BCP 47 writes it: `de`, `pt-BR`; at most
        /// [`limits::LOCALE_BYTES_MAX`]. What the server does not have, or nothing, is English.
        locale: String,
    },
    /// Wants to play.
    JoinQueue {
        /// A mode of [`crate::ServerMessage::Welcome`].
        mode: String,
    },
    /// Wants to play no longer.
    LeaveQueue,
    /// Takes these items of the stash into the match; until the loadout closes, the last choice counts.
    ChooseLoadout {
        /// At most [`limits::LOADOUT_ITEMS_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        items: Vec<ItemId>,
    },
    /// Does something once.
    Act {
        /// Counts up by any step; an old or repeated one is refused.
        seq: u32,
        /// What is to be done, and with what.
        act: Act,
        /// The version of the item that the client has seen, as inventories and records show it: its kind says what
        /// follows where it is another by now. Of an item on the ground the low 8 bits count. `None`: whatever it is now.
        seen: Option<u32>,
    },
    /// Steers the avatar: the newest inputs, oldest first.
    Inputs {
        /// At most [`limits::INPUTS_PER_BATCH_MAX`], sequence rising.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        batch: Vec<Input>,
    },
    /// Gives the match up: the avatar dies. Of a place of the world: the character leaves it, and keeps what it has.
    LeaveMatch,
    /// Asks for a [`crate::ServerMessage::Pong`].
    Ping {
        /// Comes back as it is.
        #[serde(deserialize_with = "readable::wide")]
        nonce: u64,
    },
    /// Asks whose avatars these are; answered by a [`crate::ServerMessage::Roster`] of those that are participants'.
    AskNames {
        /// At most [`limits::NAMES_ASKED_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        avatars: Vec<NetId>,
    },
    /// A command of the kind of shard that is played, which alone knows what it means.
    Command {
        /// Counts as that of [`ClientMessage::Act`] does, and with it.
        seq: u32,
        /// At most [`limits::COMMAND_BYTES_MAX`].
        #[serde(with = "readable::bytes")]
        body: Vec<u8>,
    },
    /// Enters the persistent world with the character that the connection is for, where it was when it left;
    /// answered by a [`crate::ServerMessage::MatchStarted`] with the key of the place as its mode.
    EnterWorld {
        /// What a character that was never there is to be, at most [`limits::WISH_BYTES_MAX`] bytes: in our zones the key of
        /// an archetype. Empty: whatever is usual.
        wish: String,
    },
    /// Says something. A [`crate::ServerMessage::ChatLine`] comes back, as to everyone who hears it, or an error.
    Chat {
        /// The channel on which it is said.
        channel: ChatChannel,
        /// To whom, on [`ChatChannel::Whisper`]: a name, or the beginning of one; empty: whoever whispered last. Ignored on other
        /// channels; at most [`limits::NAME_BYTES_MAX`] bytes.
        to: String,
        /// What: 1 to [`limits::CHAT_GRAPHEMES_MAX`] characters as people count them, at most [`limits::CHAT_BYTES_MAX`] bytes.
        words: String,
        /// Something is done, and told after one's name.
        is_emote: bool,
    },
    /// Asks for what was said, answered by a [`crate::ServerMessage::ChatPage`].
    ChatHistory {
        /// The channel whose lines are wanted.
        channel: ChatChannel,
        /// With whom, on [`ChatChannel::Whisper`]: a name, or the beginning of one; at most [`limits::NAME_BYTES_MAX`] bytes.
        with: String,
        /// The newest lines before this one; 0: the newest there are.
        #[serde(deserialize_with = "readable::wide")]
        before: u64,
    },
    /// Wants to hear somebody no more, or again; answered by a [`crate::ServerMessage::ChatNotice`].
    Ignore {
        /// The name of an account or character; at most [`limits::NAME_BYTES_MAX`] bytes.
        name: String,
        /// How far.
        ignored: Ignored,
    },
    /// Shows a line to the moderators, with what was said around it; answered by a [`crate::ServerMessage::ChatNotice`].
    ReportChat {
        /// A line that one was sent; 0: the last one of `from`.
        #[serde(deserialize_with = "readable::wide")]
        line: u64,
        /// Who said it, where the line is not named; at most [`limits::NAME_BYTES_MAX`] bytes.
        from: String,
        /// What is wrong with it, at most [`limits::REPORT_BYTES_MAX`] bytes.
        reason: String,
    },
    /// Asks for chunks of the ground that lie near, as [`crate::ServerMessage::ChunksNear`] has told, and are not known. Each comes
    /// as a [`crate::ServerMessage::Chunk`], once, as fast as the server sends to one client.
    AskChunks {
        /// The place they are of.
        match_id: MatchId,
        /// 1 to [`limits::CHUNKS_ASKED_MAX`].
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        chunks: Vec<ChunkPlace>,
    },
    /// Wants to be told how a game of creatures goes on, whoever plays in it, or to be told no longer; answered by a
    /// [`crate::ServerMessage::GameFollowed`].
    FollowGame {
        /// The number of the game.
        #[serde(deserialize_with = "readable::wide")]
        game: u64,
        /// `false`: no longer.
        is_followed: bool,
    },
    /// Does something in a party, or about one; answered by a [`crate::ServerMessage::PartyChanged`], or an error.
    Party {
        /// What is done.
        act: PartyAct,
    },
    /// Watches the rest of a match in which one is dead or out, as far as its mode allows, or turns to somebody else, or has seen
    /// enough; answered by a [`crate::ServerMessage::Watching`], or an error.
    Watch {
        /// The match.
        match_id: MatchId,
        /// Who is to be watched.
        whom: Watched,
    },
    /// Asks why it still waits in line; answered by a [`crate::ServerMessage::QueueExplained`].
    AskQueue,
    /// [`ClientMessage::JoinQueue`] with what the ticket says of itself and asks of others; of a party its leader's counts for all.
    JoinQueueWith {
        /// A mode of [`crate::ServerMessage::Welcome`].
        mode: String,
        /// At most [`limits::PROPERTIES_MAX`], each key once.
        #[serde(deserialize_with = "codec::vec_as_it_comes")]
        properties: Vec<Property>,
        /// Clauses with spaces between, at most [`limits::QUERY_BYTES_MAX`] bytes; empty: whoever comes. `PROTOCOL.md` says how one is written.
        query: String,
    },
}

/// Whom somebody wants to watch who is dead or out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    /// Whoever comes after the one who is watched now, in the order of avatars; whoever is first, where nobody is.
    Next,
    /// Whoever comes before.
    Previous,
    /// One participant.
    Participant {
        /// Its avatar.
        avatar: NetId,
    },
    /// Nobody any more.
    Nobody,
}

/// A single deed. Entities are named by [`NetId`], as snapshots and inventories show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// Picks an item up from the ground.
    PickUp {
        /// An item on the ground, within reach.
        item: NetId,
    },
    /// Takes what fits out of a container.
    Loot {
        /// A container within reach.
        container: NetId,
    },
    /// Puts a carried item on, replacing what its slot holds.
    Equip {
        /// An item that is carried.
        item: NetId,
    },
    /// Takes a worn item off.
    Unequip {
        /// An item that is worn.
        item: NetId,
    },
    /// Lets a carried item fall.
    Drop {
        /// An item that is carried, worn or not.
        item: NetId,
    },
    /// Consumes a carried item.
    Use {
        /// A consumable that is carried.
        item: NetId,
    },
}

impl Act {
    /// The item or container it is about.
    #[must_use]
    pub const fn thing(self) -> NetId {
        match self {
            Self::Loot { container } => container,
            Self::PickUp { item }
            | Self::Equip { item }
            | Self::Unequip { item }
            | Self::Drop { item }
            | Self::Use { item } => item,
        }
    }
}

/// How a client steers for one tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// Rises with every input; an applied one is never applied again.
    pub seq: u32,
    /// Direction to walk, in 1/65536 turns, 0 along +x, a quarter turn along +y.
    pub walk: u16,
    /// Share of the full speed, 0–100 %.
    pub pace: u8,
    /// Direction to look and aim, as `walk`.
    pub aim: u16,
    /// Ability slot to use, 1–8; 0 uses none.
    pub ability: u8,
}

impl Input {
    /// Full pace in percent.
    pub const PACE_MAX: u8 = 100;
    /// Highest ability slot.
    pub const ABILITY_MAX: u8 = 8;

    /// Whether every field is within its range.
    #[must_use]
    pub const fn in_range(&self) -> bool {
        self.pace <= Self::PACE_MAX && self.ability <= Self::ABILITY_MAX
    }
}

impl ClientMessage {
    /// Checks every range that a type cannot.
    ///
    /// # Errors
    /// [`ErrorCode::OutOfRange`] for a count, percent, slot or length beyond its bound.
    pub fn validate(&self) -> Result<(), ErrorCode> {
        let good = match self {
            Self::Hello { client, locale, .. } => client.len() <= 64 && locale.len() <= limits::LOCALE_BYTES_MAX,
            Self::JoinQueue { mode } => mode.len() <= 32,
            Self::JoinQueueWith { mode, properties, query } => {
                mode.len() <= 32
                    && properties.len() <= limits::PROPERTIES_MAX
                    && properties.iter().all(Property::in_range)
                    && query.len() <= limits::QUERY_BYTES_MAX
            }
            Self::ChooseLoadout { items } => items.len() <= limits::LOADOUT_ITEMS_MAX,
            Self::Inputs { batch } => {
                (1..=limits::INPUTS_PER_BATCH_MAX).contains(&batch.len())
                    && batch.iter().all(Input::in_range)
                    && batch.is_sorted_by(|earlier, later| earlier.seq < later.seq)
            }
            Self::AskNames { avatars } => avatars.len() <= limits::NAMES_ASKED_MAX,
            Self::Command { body, .. } => body.len() <= limits::COMMAND_BYTES_MAX,
            Self::EnterWorld { wish } => wish.len() <= limits::WISH_BYTES_MAX,
            Self::Chat { to, words, .. } => to.len() <= limits::NAME_BYTES_MAX && words.len() <= limits::CHAT_BYTES_MAX,
            Self::ChatHistory { with: name, .. } | Self::Ignore { name, .. } => name.len() <= limits::NAME_BYTES_MAX,
            Self::ReportChat { from, reason, .. } => {
                from.len() <= limits::NAME_BYTES_MAX && reason.len() <= limits::REPORT_BYTES_MAX
            }
            Self::AskChunks { chunks, .. } => (1..=limits::CHUNKS_ASKED_MAX).contains(&chunks.len()),
            Self::Party { act } => act.in_range(),
            Self::AskQueue
            | Self::LeaveQueue
            | Self::Act { .. }
            | Self::LeaveMatch
            | Self::Ping { .. }
            | Self::FollowGame { .. }
            | Self::Watch { .. } => true,
        };
        if good { Ok(()) } else { Err(ErrorCode::OutOfRange) }
    }
}
