//! Errors a client can act on: a code, what it is about, and when to try again.

use serde::{Deserialize, Serialize};

/// What went wrong, in terms a client can act on. On the wire: one byte, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
