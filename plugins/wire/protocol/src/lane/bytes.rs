//! Fields off the front of a datagram, and onto its end.

use crate::codec::CodecError;

/// Takes fields off the front of a datagram.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A reader of all of these bytes.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// [`CodecError::Truncated`].
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], CodecError> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(CodecError::Truncated)?;
        self.0 = rest;
        Ok(*head)
    }

    /// The next byte.
    ///
    /// # Errors
    /// [`CodecError::Truncated`].
    pub fn byte(&mut self) -> Result<u8, CodecError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The next two bytes.
    ///
    /// # Errors
    /// [`CodecError::Truncated`].
    pub fn u16(&mut self) -> Result<u16, CodecError> {
        self.array().map(u16::from_le_bytes)
    }

    /// The next four bytes.
    ///
    /// # Errors
    /// [`CodecError::Truncated`].
    pub fn u32(&mut self) -> Result<u32, CodecError> {
        self.array().map(u32::from_le_bytes)
    }

    /// An integer as the codec writes it: up to 250 in one byte, else 251 and two bytes, or 252 and four.
    ///
    /// # Errors
    /// [`CodecError::Truncated`]; [`CodecError::Malformed`] for eight bytes and more.
    pub fn varint(&mut self) -> Result<u32, CodecError> {
        match self.byte()? {
            251 => self.u16().map(u32::from),
            252 => self.u32(),
            253.. => Err(CodecError::Malformed),
            small => Ok(u32::from(small)),
        }
    }

    /// The lowest `bits` (at most 64) of a bitmap in as few bytes as hold them.
    ///
    /// # Errors
    /// [`CodecError::Truncated`]; [`CodecError::Malformed`] where a bit beyond them is set.
    pub fn bitmap(&mut self, bits: usize) -> Result<u64, CodecError> {
        let mut map = 0;
        for index in 0..bits.div_ceil(8) {
            map |= u64::from(self.byte()?) << (8 * index);
        }
        if bits < 64 && map >> bits != 0 { Err(CodecError::Malformed) } else { Ok(map) }
    }

    /// A value as the codec writes it.
    ///
    /// # Errors
    /// What the codec says of it; its length counts against `LIMIT`.
    pub fn value<T: serde::de::DeserializeOwned, const LIMIT: usize>(&mut self) -> Result<T, CodecError> {
        let (value, used) = crate::codec::decode_front::<T, LIMIT>(self.0)?;
        self.0 = &self.0[used..];
        Ok(value)
    }

    /// Bytes that were not read yet.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.0.len()
    }

    /// That nothing is left.
    ///
    /// # Errors
    /// [`CodecError::TrailingBytes`].
    pub const fn end(&self) -> Result<(), CodecError> {
        if self.0.is_empty() { Ok(()) } else { Err(CodecError::TrailingBytes(self.0.len())) }
    }
}

/// Writes what [`Reader::varint`] reads.
pub(super) fn put_varint(out: &mut Vec<u8>, number: u32) {
    if number < 251 {
        out.push(number as u8);
    } else if let Ok(short) = u16::try_from(number) {
        out.push(251);
        out.extend_from_slice(&short.to_le_bytes());
    } else {
        out.push(252);
        out.extend_from_slice(&number.to_le_bytes());
    }
}

/// Writes what [`Reader::bitmap`] reads.
pub(super) fn put_bitmap(out: &mut Vec<u8>, map: u64, bits: usize) {
    out.extend_from_slice(&map.to_le_bytes()[..bits.div_ceil(8)]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_are_written_as_the_codec_writes_them(number: u32) {
            let mut out = Vec::new();
            put_varint(&mut out, number);
            prop_assert_eq!(&out, &crate::codec::encode(&number));
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.varint(), Ok(number));
            prop_assert_eq!(reader.end(), Ok(()));
        }

        #[test]
        fn a_bitmap_comes_back_and_has_no_bit_beyond_its_end(map: u64, bits in 0_usize..=64) {
            let kept = if bits == 64 { map } else { map & ((1 << bits) - 1) };
            let mut out = Vec::new();
            put_bitmap(&mut out, kept, bits);
            prop_assert_eq!(Reader::new(&out).bitmap(bits), Ok(kept));
        }
    }
}
