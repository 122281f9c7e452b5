//! Entrants by number, and sets of them.

use serde::{Deserialize, Serialize};

use crate::rules::ENTRANTS_MAX;

/// Who takes part, by seed number: 0 is the best, and all below the number of entrants take part.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Entrant(pub u8);

/// A set of entrants: one bit each.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct EntrantSet(u64);

const _: () = assert!(ENTRANTS_MAX as u32 <= u64::BITS, "each entrant has a bit");

impl EntrantSet {
    /// 0 for a number that no entrant can have.
    fn bit(entrant: Entrant) -> u64 {
        1_u64.checked_shl(entrant.0.into()).unwrap_or(0)
    }

    pub(crate) fn contains(self, entrant: Entrant) -> bool {
        self.0 & Self::bit(entrant) != 0
    }

    pub(crate) fn insert(&mut self, entrant: Entrant) {
        self.0 |= Self::bit(entrant);
    }

    #[must_use]
    pub(crate) fn without(self, entrant: Entrant) -> Self {
        Self(self.0 & !Self::bit(entrant))
    }

    pub(crate) fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// In the order of their numbers, which are all below 64.
    pub(crate) fn iter(self) -> impl Iterator<Item = Entrant> {
        (0..ENTRANTS_MAX).map(Entrant).filter(move |entrant| self.contains(*entrant))
    }
}

impl FromIterator<Entrant> for EntrantSet {
    fn from_iter<T: IntoIterator<Item = Entrant>>(entrants: T) -> Self {
        Self(entrants.into_iter().fold(0, |bits, entrant| bits | Self::bit(entrant)))
    }
}
