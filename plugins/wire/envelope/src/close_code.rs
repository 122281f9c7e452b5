//! The codes that connections are closed with. `PROTOCOL.md` has the same table; a test holds the two together.

use hypogeum_protocol::link::CloseReason;

use crate::FrameError;

/// Why a connection is closed, as its client is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// The client wanted it.
    Normal,
    /// The server ends it, or ends itself.
    GoingAway,
    /// What came are no frames.
    Protocol,
    /// Text where binary is expected, or the other way round.
    WrongKind,
    /// Text that is not UTF-8.
    NotText,
    /// What no honest client sends.
    Policy,
    /// A message is too long, or comes in too many frames.
    TooLarge,
    /// There is no room now.
    TryLater,
    /// The token is not good, or no longer.
    Unauthorized,
    /// No hello came in time.
    NoHello,
    /// The account's other connection counts.
    TakenOver,
    /// The client does not read, or too slowly.
    NotReading,
    /// Nothing was heard, not even a pong.
    TimedOut,
    /// The client speaks another version of the protocol.
    OtherVersion,
}

impl CloseCode {
    /// All of them, by their numbers.
    pub const ALL: [Self; 14] = [
        Self::Normal,
        Self::GoingAway,
        Self::Protocol,
        Self::WrongKind,
        Self::NotText,
        Self::Policy,
        Self::TooLarge,
        Self::TryLater,
        Self::Unauthorized,
        Self::NoHello,
        Self::TakenOver,
        Self::NotReading,
        Self::TimedOut,
        Self::OtherVersion,
    ];

    /// Its number in a close frame.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Normal => 1000,
            Self::GoingAway => 1001,
            Self::Protocol => 1002,
            Self::WrongKind => 1003,
            Self::NotText => 1007,
            Self::Policy => 1008,
            Self::TooLarge => 1009,
            Self::TryLater => 1013,
            Self::Unauthorized => 4401,
            Self::NoHello => 4408,
            Self::TakenOver => 4409,
            Self::NotReading => 4410,
            Self::TimedOut => 4411,
            Self::OtherVersion => 4426,
        }
    }

    /// What it means, for people: the reason in the close frame.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Normal => "",
            Self::GoingAway => "the server ends this connection",
            Self::Protocol => "not a frame of RFC 6455",
            Self::WrongKind => "text or binary, whichever the subprotocol does not use",
            Self::NotText => "not UTF-8",
            Self::Policy => "too much that is malformed",
            Self::TooLarge => "a message is too long, or in too many frames",
            Self::TryLater => "try again later",
            Self::Unauthorized => "the access token is not good, or no longer",
            Self::NoHello => "no hello in time",
            Self::TakenOver => "the account connected elsewhere",
            Self::NotReading => "not reading",
            Self::TimedOut => "no pong in time",
            Self::OtherVersion => "another version of the protocol",
        }
    }

    /// What it means, for people who write clients.
    #[must_use]
    pub const fn means(self) -> &'static str {
        match self {
            Self::Normal => "the client wanted it",
            Self::GoingAway => "the server ends this connection, or ends: what it said before tells why",
            Self::Protocol => "these are no frames of RFC 6455",
            Self::WrongKind => "text over MessagePack, or binary over JSON",
            Self::NotText => "text that is not UTF-8",
            Self::Policy => "too much that is malformed, or a first message that is no hello",
            Self::TooLarge => "a message of more than 8,192 bytes, or in more than 16 frames",
            Self::TryLater => {
                "not now, because the server ends, is full, or cannot say who this is: try again as `retry_after_ms` of the error says"
            }
            Self::Unauthorized => "the access token is not good, or no longer",
            Self::NoHello => "no hello in time",
            Self::TakenOver => {
                "the account's other connection counts: a later one, or an earlier one where the server refuses second devices"
            }
            Self::NotReading => "the client does not read, or too slowly",
            Self::TimedOut => "no pong in time",
            Self::OtherVersion => {
                "the client speaks a version of the protocol that the server does not: the error says which it speaks"
            }
        }
    }

    /// What the tick is told of it.
    #[must_use]
    pub const fn told_as(self) -> CloseReason {
        match self {
            Self::Normal => CloseReason::ByPeer,
            Self::GoingAway | Self::Unauthorized | Self::NoHello | Self::OtherVersion => CloseReason::ByServer,
            Self::TryLater => CloseReason::TryLater,
            Self::Protocol | Self::WrongKind | Self::NotText | Self::Policy | Self::TooLarge => CloseReason::Hostile,
            Self::TakenOver => CloseReason::TakenOver,
            Self::NotReading => CloseReason::Congested,
            Self::TimedOut => CloseReason::TimedOut,
        }
    }

    /// The code of what the tick wants closed.
    #[must_use]
    pub const fn of(reason: CloseReason) -> Self {
        match reason {
            CloseReason::ByPeer => Self::Normal,
            CloseReason::ByServer => Self::GoingAway,
            CloseReason::TryLater => Self::TryLater,
            CloseReason::Hostile => Self::Policy,
            CloseReason::TakenOver => Self::TakenOver,
            CloseReason::Congested => Self::NotReading,
            CloseReason::TimedOut => Self::TimedOut,
        }
    }

    /// The code of what is no frame.
    #[must_use]
    pub const fn of_frame(error: FrameError) -> Self {
        match error {
            FrameError::TooLarge | FrameError::TooManyFragments => Self::TooLarge,
            _ => Self::Protocol,
        }
    }
}

// What it says of messages that are too large.
const _: () = assert!(crate::limits::MESSAGE_BYTES_MAX == 8_192 && crate::limits::FRAGMENTS_MAX == 16);
