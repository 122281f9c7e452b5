//! What an `error` says.

use hypogeum_protocol::ErrorCode;
use serde::Serialize;

/// The types of a client's messages, by their tags in our own codec. A test holds them to the messages.
pub(crate) const CLIENT_TYPES: [&str; 21] = [
    "hello",
    "join_queue",
    "leave_queue",
    "choose_loadout",
    "act",
    "inputs",
    "leave_match",
    "ping",
    "ask_names",
    "command",
    "enter_world",
    "chat",
    "chat_history",
    "ignore",
    "report_chat",
    "ask_chunks",
    "follow_game",
    "party",
    "watch",
    "ask_queue",
    "join_queue_with",
];

/// The type of the client's message that has this tag.
#[must_use]
pub fn client_type(tag: u8) -> Option<&'static str> {
    CLIENT_TYPES.get(usize::from(tag)).copied()
}

/// The payload of an `error`: the same codes as at every other door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ErrorBody {
    /// What is in the way, for programs.
    pub code: String,
    /// The same for people.
    pub message: String,
    /// When trying again may help, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// The type of the message that it answers, where that could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<&'static str>,
    /// The oldest version of the protocol that is spoken, where that is what is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<u16>,
    /// The newest one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<u16>,
}

impl ErrorBody {
    /// The type of the message.
    pub const TYPE: &str = "error";

    /// An error of the session.
    #[must_use]
    pub fn of(code: ErrorCode, about: u8, retry_after_ms: u32) -> Self {
        let (min, max) = match code {
            ErrorCode::VersionMismatch { min, max } => (Some(min), Some(max)),
            _ => (None, None),
        };
        let retry_after_ms = (retry_after_ms > 0).then_some(retry_after_ms.into());
        let about = client_type(about);
        Self { code: code.name().to_owned(), message: code.message().to_owned(), retry_after_ms, about, min, max }
    }

    /// Any other error.
    #[must_use]
    pub fn new(code: impl Into<String>, message: impl Into<String>, retry_after_ms: Option<u64>) -> Self {
        Self { code: code.into(), message: message.into(), retry_after_ms, about: None, min: None, max: None }
    }
}
