//! Chance that is keyed, not drawn in turn: asking for one thing more or less changes nothing else.

/// The increment of SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// What a number is drawn for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Loss,
    Burst,
    Duplicate,
    /// The rest exists once per copy.
    Jitter(u8),
    Reorder(u8),
    Corrupt(u8),
    Bit(u8),
}

/// The dice of one datagram.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(seed: u64, key: u32, ordinal: u64) -> Self {
        let lane = mix(seed.wrapping_add(GOLDEN.wrapping_mul(u64::from(key) + 1)));
        Self(mix(lane.wrapping_add(GOLDEN.wrapping_mul(ordinal.wrapping_add(1)))))
    }

    /// Evenly distributed over all 64 bits.
    pub(crate) fn roll(self, purpose: Purpose) -> u64 {
        let index = match purpose {
            Purpose::Loss => 0,
            Purpose::Burst => 1,
            Purpose::Duplicate => 2,
            Purpose::Jitter(copy) => 3 + 4 * u64::from(copy),
            Purpose::Reorder(copy) => 4 + 4 * u64::from(copy),
            Purpose::Corrupt(copy) => 5 + 4 * u64::from(copy),
            Purpose::Bit(copy) => 6 + 4 * u64::from(copy),
        };
        mix(self.0.wrapping_add(GOLDEN.wrapping_mul(index + 1)))
    }
}

/// `roll` scaled to `0..bound`; 0 where `bound` is 0.
pub(crate) fn below(roll: u64, bound: u64) -> u64 {
    ((u128::from(roll) * u128::from(bound)) >> 64) as u64
}

/// A second seed from a first: streams of both have nothing to do with each other.
pub(crate) fn derive(seed: u64, index: u64) -> u64 {
    mix(mix(seed).wrapping_add(GOLDEN.wrapping_mul(index)))
}

/// The finaliser of SplitMix64.
fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}
