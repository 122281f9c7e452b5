//! SipHash (Aumasson, Bernstein 2012) over whole words: a keyed function that nobody without the key can compute or
//! run backwards, and cheap enough for each roll.

/// The state after some words: what follows is folded in by [`Sip::word`], and [`Sip::finish`] gives the 64 bits.
/// `C` rounds for each word, `D` at the end: 1 and 3 for rolls.
#[derive(Clone, Copy)]
pub(crate) struct Sip<const C: usize, const D: usize> {
    state: [u64; 4],
    bytes: u8,
}

impl<const C: usize, const D: usize> Sip<C, D> {
    pub(crate) const fn new(key: [u64; 2]) -> Self {
        let state = [
            key[0] ^ 0x736F_6D65_7073_6575,
            key[1] ^ 0x646F_7261_6E64_6F6D,
            key[0] ^ 0x6C79_6765_6E65_7261,
            key[1] ^ 0x7465_6462_7974_6573,
        ];
        Self { state, bytes: 0 }
    }

    /// Folds in the next eight bytes of the message, little endian.
    pub(crate) const fn word(self, word: u64) -> Self {
        Self { state: absorb::<C>(self.state, word), bytes: self.bytes.wrapping_add(8) }
    }

    pub(crate) const fn finish(self) -> u64 {
        let mut state = absorb::<C>(self.state, (self.bytes as u64) << 56);
        state[2] ^= 0xFF;
        state = rounds::<D>(state);
        state[0] ^ state[1] ^ state[2] ^ state[3]
    }
}

const fn absorb<const C: usize>(mut state: [u64; 4], word: u64) -> [u64; 4] {
    state[3] ^= word;
    state = rounds::<C>(state);
    state[0] ^= word;
    state
}

const fn rounds<const N: usize>([mut a, mut b, mut c, mut d]: [u64; 4]) -> [u64; 4] {
    let mut round = 0;
    while round < N {
        a = a.wrapping_add(b);
        b = b.rotate_left(13) ^ a;
        a = a.rotate_left(32);
        c = c.wrapping_add(d);
        d = d.rotate_left(16) ^ c;
        a = a.wrapping_add(d);
        d = d.rotate_left(21) ^ a;
        c = c.wrapping_add(b);
        b = b.rotate_left(17) ^ c;
        c = c.rotate_left(32);
        round += 1;
    }
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key 00 01 … 0f and messages 00 01 … of the reference implementation's vectors.
    fn of_vector<const C: usize, const D: usize>(words: u64) -> u64 {
        let bytes = |first: u64| (0..8).fold(0, |word, at| word | (first + at) << (8 * at));
        let key = [bytes(0), bytes(8)];
        (0..words).fold(Sip::<C, D>::new(key), |sip, word| sip.word(bytes(8 * word))).finish()
    }

    #[test]
    fn the_reference_vectors_come_out() {
        let known = [0x726F_DB47_DD0E_0E31, 0x93F5_F579_9A93_2462, 0x3F2A_CC7F_57C2_9BDB];
        for (words, expected) in (0..).zip(known) {
            assert_eq!(of_vector::<2, 4>(words), expected, "SipHash-2-4 of {words} words");
        }
        let empty = u64::from_le_bytes([0xDC, 0xC4, 0x0F, 0x05, 0x58, 0x01, 0xAC, 0xAB]);
        assert_eq!(of_vector::<1, 3>(0), empty, "SipHash-1-3 of nothing");
    }
}
