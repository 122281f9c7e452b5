//! Errors a client can act on: a code, what it is about, and when to try again.

use serde::{Deserialize, Serialize};

/// What went wrong, in terms a client can act on. On the wire: one byte, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The bytes are no message of this protocol.
    Malformed,
    /// The hello names a version outside `min..=max`.
    VersionMismatch {
        /// Oldest version the server speaks.
        min: u16,
        /// Newest version the server speaks.
        max: u16,
    },
    /// Anything before a hello.
    HelloFirst,
    /// A field is outside its range.
    OutOfRange,
    /// An input or act older than one already applied, or the same again.
    Stale,
    /// An input far beyond the last one applied.
    FutureSeq,
    /// This message means nothing in the state the session is in.
    WrongState,
    /// No mode of that name.
    UnknownMode,
    /// No such item, or it is not yours.
    UnknownItem,
    /// No such entity, or it is gone.
    NoSuchEntity,
    /// Too far away, or out of sight.
    OutOfReach,
    /// The inventory or stash is full.
    Full,
    /// Still cooling down, or too many messages: wait.
    TooSoon,
    /// The account is busy elsewhere: another session took over.
    TakenOver,
    /// The server admits nobody now.
    Draining,
    /// The server failed to do its part; trying again may work.
    Unavailable,
    /// No grants can be taken now: the store is away; try later. Matches do not start meanwhile.
    TryLater,
    /// These words may not be said here.
    WordsRefused,
    /// A moderator has silenced this account.
    Silenced,
    /// What the act was about has changed since the client saw it. How it is now is told beside.
    Conflict,
}

impl ErrorCode {
    /// The code's name in formats that people read.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::VersionMismatch { .. } => "version_mismatch",
            Self::HelloFirst => "hello_first",
            Self::OutOfRange => "out_of_range",
            Self::Stale => "stale",
            Self::FutureSeq => "future_seq",
            Self::WrongState => "wrong_state",
            Self::UnknownMode => "unknown_mode",
            Self::UnknownItem => "unknown_item",
            Self::NoSuchEntity => "no_such_entity",
            Self::OutOfReach => "out_of_reach",
            Self::Full => "full",
            Self::TooSoon => "too_soon",
            Self::TakenOver => "taken_over",
            Self::Draining => "draining",
            Self::Unavailable => "unavailable",
            Self::TryLater => "try_later",
            Self::WordsRefused => "words_refused",
            Self::Silenced => "silenced",
            Self::Conflict => "conflict",
        }
    }

    /// The code as a sentence for people who write clients. Players read what their client makes of the code.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Malformed => "this is no message of the protocol",
            Self::VersionMismatch { .. } => "the server does not speak this version of the protocol",
            Self::HelloFirst => "the first message has to be a hello",
            Self::OutOfRange => "a field is outside its range",
            Self::Stale => "one like it, or a later one, was applied already",
            Self::FutureSeq => "its number lies far beyond the last one applied",
            Self::WrongState => "this means nothing in the state the session is in",
            Self::UnknownMode => "there is no such mode",
            Self::UnknownItem => "there is no such item, or it is not yours",
            Self::NoSuchEntity => "there is no such thing, or it is gone",
            Self::OutOfReach => "it is too far away, or out of sight",
            Self::Full => "there is no more room",
            Self::TooSoon => "too soon: wait",
            Self::TakenOver => "the account is connected elsewhere",
            Self::Draining => "the server admits nobody now",
            Self::Unavailable => "the server cannot do this now",
            Self::TryLater => "nothing can be granted now: try later",
            Self::WordsRefused => "these words may not be said here",
            Self::Silenced => "a moderator has silenced this account",
            Self::Conflict => "it has changed since the client saw it",
        }
    }
}
