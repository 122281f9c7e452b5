//! A server's name for a connection.

/// Bits of a [`ClientKey`] that hold the slot.
pub(super) const SLOT_BITS: u32 = 24;

/// One connection of a [`Server`](super::Server); never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientKey(pub(super) u64);

impl ClientKey {
    /// The key a number came from; any number is a key, perhaps of nobody.
    #[must_use]
    pub const fn from_u64(number: u64) -> Self {
        Self(number)
    }

    /// The key as a number.
    #[must_use]
    pub const fn to_u64(self) -> u64 {
        self.0
    }

    /// Where among the server's places it sits: below the highest number of clients there ever was.
    #[must_use]
    pub const fn slot(self) -> usize {
        (self.0 & ((1 << SLOT_BITS) - 1)) as usize
    }
}
