//! The secret of a shard.

use core::fmt;

use serde::{Deserialize, Serialize};

use crate::sip::Sip;

/// 128 bits that key every roll of a shard. Anyone who has them knows all that chance will ever bring there, so they
/// stand in its log and nowhere else: `Debug` does not show them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seed([u8; 16]);

/// Key of what is derived in the open: nothing is hidden by it.
const PUBLIC: [u64; 2] = [0x6879_706F_6765_756D, 0x7365_6564_0000_0001];

impl Seed {
    /// The seed of these bytes, drawn by the operating system.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The seed that a number stands for, for tests and demonstrations: who knows or guesses the number has the seed.
    #[must_use]
    pub const fn numbered(number: u64) -> Self {
        let sip = Sip::<2, 4>::new(PUBLIC).word(number);
        let (low, high) = (sip.word(0).finish(), sip.word(1).finish());
        Self(((high as u128) << 64 | low as u128).to_le_bytes())
    }

    /// The bytes that it was drawn as, where something other than a shard wants a draw of its own.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// 64 bits that tell one seed from another and give nothing of it away, for places that must not hold it.
    #[must_use]
    pub const fn fingerprint(self) -> u64 {
        Sip::<2, 4>::new(self.key()).word(PUBLIC[0]).word(PUBLIC[1]).finish()
    }

    pub(crate) const fn key(self) -> [u64; 2] {
        let number = u128::from_le_bytes(self.0);
        [number as u64, (number >> 64) as u64]
    }
}

/// 32 hexadecimal digits: for the operator's own tools.
impl fmt::Display for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Seed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Seed(secret)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_seeds_without_likeness() {
        let (one, two) = (Seed::numbered(1), Seed::numbered(2));
        let differing = (u128::from_le_bytes(one.0) ^ u128::from_le_bytes(two.0)).count_ones();
        assert!((40..88).contains(&differing), "{differing} of 128 bits differ between neighbours");
        assert_ne!(one.fingerprint(), two.fingerprint(), "seeds have fingerprints of their own");
    }

    #[test]
    fn what_prints_a_shard_does_not_print_its_seed() {
        let seed = Seed::from_bytes([0xAB; 16]);
        assert_eq!(format!("{seed:?}"), "Seed(secret)", "a debug line is no place for it");
        assert_eq!(seed.to_string(), "ab".repeat(16), "the operator's tools show it");
    }
}
