//! Chance that can be asked again: a roll depends on who rolls, when and what for, never on who rolled before.

use core::convert::Infallible;
use core::fmt;

use hypogeum_protocol::NetId;
use rand::{RngExt, TryRng};

use crate::Seed;
use crate::sip::Sip;

/// What a roll is for; two purposes never share their rolls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purpose(u64);

impl Purpose {
    pub(crate) const fn seed(self) -> u64 {
        self.0
    }

    /// The purpose of this name (FNV-1a, 64 bits).
    #[must_use]
    pub const fn named(name: &str) -> Self {
        let bytes = name.as_bytes();
        let mut hash = 0xCBF2_9CE4_8422_2325_u64;
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01B3);
            at += 1;
        }
        Self(hash)
    }
}

/// A stream of rolls keyed by (seed, tick, who, purpose).
///
/// Each roll is SipHash-1-3 under the seed over place, purpose and the roll's number; what was folded in before the
/// number is kept, so a roll costs five rounds. However many rolls are seen, of a told map or of blows, they say nothing
/// of any other.
#[derive(Clone)]
pub struct Dice {
    about: Sip<1, 3>,
    rolled: u64,
}

impl Dice {
    /// The dice of one roller, at one tick, for one purpose.
    #[must_use]
    pub const fn new(seed: Seed, tick: u32, who: NetId, purpose: Purpose) -> Self {
        let place = ((tick as u64) << 32) | who.0 as u64;
        Self { about: Sip::new(seed.key()).word(place).word(purpose.0), rolled: 0 }
    }

    /// The next 64 random bits.
    pub const fn bits(&mut self) -> u64 {
        self.rolled += 1;
        self.about.word(self.rolled).finish()
    }

    /// A whole number of `low..=high`, each as likely; `low` where the range is empty.
    pub fn between(&mut self, low: i32, high: i32) -> i32 {
        if low >= high { low } else { self.random_range(low..=high) }
    }

    /// A whole number below `bound`, each as likely; 0 where `bound` is 0.
    pub fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 { 0 } else { self.random_range(0..bound) }
    }

    /// True with a chance of `basis_points` in 10,000.
    pub fn chance(&mut self, basis_points: u32) -> bool {
        self.below(10_000) < basis_points
    }

    /// An index into `weights`, each as likely as its weight; `None` where all are zero.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u64 = weights.clone().map(u64::from).sum();
        if total == 0 {
            return None;
        }
        let mut left = self.random_range(0..total);
        for (index, weight) in weights.enumerate() {
            match left.checked_sub(u64::from(weight)) {
                Some(rest) => left = rest,
                None => return Some(index),
            }
        }
        None
    }

    /// Puts `items` in a random order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

impl fmt::Debug for Dice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Dice").field("rolled", &self.rolled).finish_non_exhaustive()
    }
}

impl TryRng for Dice {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.bits() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.bits())
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.bits().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PURPOSE: Purpose = Purpose::named("test");

    #[test]
    fn another_roller_changes_nothing() {
        let mut alone = Dice::new(Seed::numbered(7), 3, NetId(5), PURPOSE);
        let expected: Vec<u64> = (0..8).map(|_| alone.bits()).collect();
        let mut other = Dice::new(Seed::numbered(7), 3, NetId(4), PURPOSE);
        other.bits();
        let mut again = Dice::new(Seed::numbered(7), 3, NetId(5), PURPOSE);
        let rolled: Vec<u64> = (0..8).map(|_| again.bits()).collect();
        assert_eq!(rolled, expected, "a roll depends on its key alone");
    }

    #[test]
    fn every_part_of_the_key_matters() {
        let rolls = [
            Dice::new(Seed::numbered(7), 3, NetId(5), PURPOSE).bits(),
            Dice::new(Seed::numbered(8), 3, NetId(5), PURPOSE).bits(),
            Dice::new(Seed::numbered(7), 4, NetId(5), PURPOSE).bits(),
            Dice::new(Seed::numbered(7), 3, NetId(6), PURPOSE).bits(),
            Dice::new(Seed::numbered(7), 3, NetId(5), Purpose::named("other")).bits(),
        ];
        for (index, roll) in rolls.iter().enumerate() {
            assert!(!rolls[..index].contains(roll), "roll {index} repeats an earlier one");
        }
    }

    #[test]
    fn chances_and_weights_come_out_as_asked() {
        let mut dice = Dice::new(Seed::numbered(1), 1, NetId(1), PURPOSE);
        let hits = (0..100_000).filter(|_| dice.chance(2_500)).count();
        assert!((24_000..26_000).contains(&hits), "a quarter of 100,000 came out as {hits}");
        let mut drawn = [0_u32; 3];
        for _ in 0..30_000 {
            drawn[dice.weighted([1, 0, 2].into_iter()).expect("the weights are not all zero")] += 1;
        }
        assert_eq!(drawn[1], 0, "weight 0 is never drawn");
        assert!((9_000..11_000).contains(&drawn[0]), "a third of 30,000 came out as {}", drawn[0]);
    }
}
