//! What people say to one another: channels, lines, and what is answered about them.

use serde::{Deserialize, Serialize};

use crate::readable;

/// Where something is said, and so who hears it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatChannel {
    /// Everyone in the same room of a place.
    Room,
    /// Everyone in the same place.
    Zone,
    /// Everyone in one's party.
    Party,
    /// One other person, wherever on this server.
    Whisper,
    /// Everyone on this server.
    Global,
}

impl ChatChannel {
    /// Each channel, in the order of their tags.
    pub const ALL: [Self; 5] = [Self::Room, Self::Zone, Self::Party, Self::Whisper, Self::Global];
}

/// How far one wants to have to do with somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// One hears them.
    #[default]
    Not,
    /// One hears them no more; they do not notice.
    Muted,
    /// Neither hears the other, and neither can whisper to the other.
    Blocked,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatLine {
    /// Names the line in the history of this server; later lines have higher ones. A client that has a line of this name
    /// already has this line.
    #[serde(deserialize_with = "readable::wide")]
    pub id: u64,
    /// Where it was said.
    pub channel: ChatChannel,
    /// Who said it.
    pub from: String,
    /// To whom it was whispered; empty on other channels.
    pub to: String,
    /// What was said.
    pub words: String,
    /// It is something that was done, told after the name of who did it: `waves`.
    pub is_emote: bool,
    /// When, in milliseconds since 1970 by the server's clock.
    #[serde(deserialize_with = "readable::wide")]
    pub at_ms: u64,
    /// The whole of it in words, as this client may print it.
    pub text: String,
}

/// What came of something that a client wanted in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatNotice {
    /// It was not said, or not done; an `Error` says why, too.
    Refused,
    /// Somebody is muted from now on.
    Muted,
    /// Somebody is blocked from now on.
    Blocked,
    /// Somebody is heard again.
    Heard,
    /// A line was reported to the moderators.
    Reported,
}
