//! Why something cannot be done with an item.

use hypogeum_protocol::ErrorCode;
use serde::{Deserialize, Serialize};

/// Why something cannot be done with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// One has no hands for it: dead, gone, or without an inventory; or the thing is not made for that.
    NotMadeForThat,
    /// Nothing is there.
    NotThere,
    /// One does not carry it.
    NotCarried,
    /// It is too far away, or behind something.
    OutOfReach,
    /// A blow that has begun ends with the weapon it began with.
    Busy,
    /// There is no room for it.
    Full,
    /// It is not so many pieces.
    TooFew,
    /// They are not pieces of one kind.
    Unlike,
    /// It is bound to its holder.
    Bound,
    /// It belongs to a quest.
    Quest,
    /// One carries one of them at most, and has one.
    HasOne,
    /// No bag lies in itself.
    InItself,
    /// Too many bags would be in one another.
    TooDeep,
    /// Nothing is missing of it that could be repaired.
    Whole,
    /// Whoever would have it would carry more than it can bear.
    Heavy,
    /// It is another than the one that was seen.
    Changed,
    /// Somebody else has first claim on it.
    Claimed,
}

impl Refusal {
    /// What a client is told.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        match self {
            Self::NotMadeForThat
            | Self::Unlike
            | Self::Bound
            | Self::Quest
            | Self::HasOne
            | Self::InItself
            | Self::TooDeep
            | Self::Whole => ErrorCode::WrongState,
            Self::NotThere => ErrorCode::NoSuchEntity,
            Self::NotCarried => ErrorCode::UnknownItem,
            Self::OutOfReach => ErrorCode::OutOfReach,
            Self::Busy | Self::Claimed => ErrorCode::TooSoon,
            Self::Full | Self::Heavy => ErrorCode::Full,
            Self::TooFew => ErrorCode::OutOfRange,
            Self::Changed => ErrorCode::Conflict,
        }
    }
}
