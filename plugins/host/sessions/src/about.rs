//! What an answer is about.

use hypogeum_protocol::link::RequestId;

/// What an answer is about: a message of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct About {
    /// The message's tag on the wire, as errors name it; 255 where there is none.
    pub tag: u8,
    /// The number that its client gave it, if it did.
    pub request: Option<RequestId>,
}

impl About {
    /// About no message that could be read.
    pub const NOTHING: Self = Self::message(255);

    /// About a message of this tag that has no number.
    #[must_use]
    pub const fn message(tag: u8) -> Self {
        Self { tag, request: None }
    }
}
