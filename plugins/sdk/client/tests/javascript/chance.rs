//! Chance and digests that are as easily written in JavaScript: all in 32 bits.

/// A Weyl sequence under the finaliser of MurmurHash3, from a key.
pub(crate) struct Chance(u32);

const fn mixed(number: u32) -> u32 {
    let once = (number ^ number >> 16).wrapping_mul(0x85EB_CA6B);
    let twice = (once ^ once >> 13).wrapping_mul(0xC2B2_AE35);
    twice ^ twice >> 16
}

impl Chance {
    pub(crate) const fn keyed(key: u32) -> Self {
        Self(mixed(key ^ 0x5BF0_3635))
    }

    /// Any 32 bits.
    pub(crate) const fn roll(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9);
        mixed(self.0)
    }

    /// Below a bound that is not 0.
    pub(crate) const fn below(&mut self, bound: u32) -> u32 {
        self.roll() % bound
    }

    /// From one number to another, both included.
    pub(crate) const fn between(&mut self, low: i32, high: i32) -> i32 {
        low.wrapping_add(self.below(high.abs_diff(low) + 1).cast_signed())
    }

    /// One of these.
    pub(crate) const fn pick(&mut self, from: &[i32]) -> i32 {
        from[self.below(from.len() as u32) as usize]
    }
}

/// What many numbers come to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Digest(u32);

impl Digest {
    pub(crate) const fn mix(&mut self, number: u32) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x9E37_79B1);
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    pub(crate) fn hex(self) -> String {
        format!("{:08x}", self.0)
    }
}
