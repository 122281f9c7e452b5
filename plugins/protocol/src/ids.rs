//! Names that outlive a process, a world or a connection. None is ever an index into memory.

use core::fmt;

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$meta:meta])* $name:ident($inner:ty)) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}

name! {
    /// An entity's name inside one shard: dense, starting at 1, never reused. 0 is nobody.
    NetId(u32)
}
name! {
    /// A seat of a match: 0 up to the number of participants. Commands come from seats.
    Seat(u16)
}
name! {
    /// A registered account, as the database numbers it. 0 is nobody (a filled seat).
    AccountId(u64)
}
name! {
    /// One account's presence on a server; outlives a connection. Also the netcode client id.
    SessionId(u64)
}
name! {
    /// One match, unique across restarts of the server.
    MatchId(u64)
}
name! {
    /// One accepted connection of one edge. Never reused while the process lives. From the low bits up: 6 bits of the
    /// edge's worker, 24 bits of its place with that worker, a running number.
    ConnectionId(u64)
}

impl ConnectionId {
    /// Bits that tell the worker.
    pub const WORKER_BITS: u32 = 6;

    /// Which worker of the edge owns it.
    #[must_use]
    pub const fn worker(self) -> usize {
        (self.0 & ((1 << Self::WORKER_BITS) - 1)) as usize
    }
}

impl NetId {
    /// Nobody and nothing.
    pub const NONE: Self = Self(0);

    /// Whether this names an entity at all (it may still be gone).
    #[must_use]
    pub const fn is_some(self) -> bool {
        self.0 != 0
    }
}

/// An item instance's name, unique for ever: who minted it, and its number there.
///
/// Derived, not drawn: settling the same match twice names the same items, so a repeated grant is seen as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemId {
    /// The match that minted it, or [`ItemId::STARTER_BIT`] with the account it was first given to.
    pub origin: u64,
    /// Its number within that origin.
    pub serial: u32,
}

impl ItemId {
    /// Set in `origin` where an item comes from an account's starter kit instead of a match.
    pub const STARTER_BIT: u64 = 1 << 62;
}

impl fmt::Display for ItemId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:x}-{}", self.origin, self.serial)
    }
}
