//! A value as 64 bits, without writing it down first.
//!
//! Each number is folded into the state by one multiplication of 64 × 64 bits whose halves are xored (as in wyhash,
//! Wang Yi 2019); text and bytes go in eight at a time. Values of one type have equal digests where they are equal, and
//! otherwise by chance alone; types are kept apart by the seed.

use core::fmt;

use serde::ser::{
    Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

const FOLD: u64 = 0xA076_1D64_78BD_642F;
const LAST: u64 = 0xE703_7ED1_A0B4_28DB;

const fn fold(one: u64, other: u64) -> u64 {
    let product = one as u128 * other as u128;
    product as u64 ^ (product >> 64) as u64
}

/// The digest of a value under a seed. State of a shard has no floats and no sequence of unknown length: both are a
/// mistake in its registration.
pub(crate) fn digest<T: Serialize + ?Sized>(value: &T, seed: u64) -> u64 {
    let mut digester = Digester { state: fold(seed ^ FOLD, LAST) };
    let done = value.serialize(&mut digester);
    debug_assert!(done.is_ok(), "state that has no digest: {done:?}");
    fold(digester.state ^ LAST, FOLD)
}

struct Digester {
    state: u64,
}

impl Digester {
    #[inline]
    fn put(&mut self, number: u64) {
        self.state = fold(self.state ^ number, FOLD).wrapping_add(LAST);
    }

    fn put_bytes(&mut self, bytes: &[u8]) {
        self.put(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.put(u64::from_le_bytes(word));
        }
    }
}

/// What is not state.
#[derive(Debug)]
pub(crate) struct DigestError;

impl fmt::Display for DigestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a float, or a sequence of unknown length, is no state")
    }
}

impl core::error::Error for DigestError {}

impl serde::ser::Error for DigestError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! numbers {
    ($($name:ident: $number:ty),* $(,)?) => {
        $(#[inline]
        fn $name(self, value: $number) -> Result<(), DigestError> {
            self.put(value as u64);
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Digester {
    type Ok = ();
    type Error = DigestError;
    type SerializeSeq = &'a mut Digester;
    type SerializeTuple = &'a mut Digester;
    type SerializeTupleStruct = &'a mut Digester;
    type SerializeTupleVariant = &'a mut Digester;
    type SerializeMap = &'a mut Digester;
    type SerializeStruct = &'a mut Digester;
    type SerializeStructVariant = &'a mut Digester;

    numbers! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_char: char,
    }

    fn serialize_u128(self, value: u128) -> Result<(), DigestError> {
        self.put(value as u64);
        self.put((value >> 64) as u64);
        Ok(())
    }

    fn serialize_i128(self, value: i128) -> Result<(), DigestError> {
        self.serialize_u128(value as u128)
    }

    fn serialize_f32(self, _: f32) -> Result<(), DigestError> {
        Err(DigestError)
    }

    fn serialize_f64(self, _: f64) -> Result<(), DigestError> {
        Err(DigestError)
    }

    fn serialize_str(self, value: &str) -> Result<(), DigestError> {
        self.serialize_bytes(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), DigestError> {
        self.put_bytes(value);
        Ok(())
    }

    #[inline]
    fn serialize_none(self) -> Result<(), DigestError> {
        self.put(0);
        Ok(())
    }

    #[inline]
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), DigestError> {
        self.put(1);
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), DigestError> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), DigestError> {
        Ok(())
    }

    #[inline]
    fn serialize_unit_variant(self, _: &'static str, variant: u32, _: &'static str) -> Result<(), DigestError> {
        self.put(u64::from(variant));
        Ok(())
    }

    #[inline]
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), DigestError> {
        value.serialize(self)
    }

    #[inline]
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        value: &T,
    ) -> Result<(), DigestError> {
        self.put(u64::from(variant));
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self, DigestError> {
        self.put(length.ok_or(DigestError)? as u64);
        Ok(self)
    }

    #[inline]
    fn serialize_tuple(self, _: usize) -> Result<Self, DigestError> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, DigestError> {
        Ok(self)
    }

    #[inline]
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, DigestError> {
        self.put(u64::from(variant));
        Ok(self)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self, DigestError> {
        self.serialize_seq(length)
    }

    #[inline]
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, DigestError> {
        Ok(self)
    }

    #[inline]
    fn serialize_struct_variant(
        self,
        _: &'static str,
        variant: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, DigestError> {
        self.put(u64::from(variant));
        Ok(self)
    }

    fn is_human_readable(&self) -> bool {
        false
    }
}

macro_rules! parts {
    ($($part:ident::$name:ident),* $(,)?) => {
        $(impl $part for &mut Digester {
            type Ok = ();
            type Error = DigestError;

            #[inline]
            fn $name<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), DigestError> {
                value.serialize(&mut **self)
            }

            #[inline]
            fn end(self) -> Result<(), DigestError> {
                Ok(())
            }
        })*
    };
}
parts! {
    SerializeSeq::serialize_element, SerializeTuple::serialize_element, SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

macro_rules! fields {
    ($($part:ident),* $(,)?) => {
        $(impl $part for &mut Digester {
            type Ok = ();
            type Error = DigestError;

            #[inline]
            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), DigestError> {
                value.serialize(&mut **self)
            }

            #[inline]
            fn end(self) -> Result<(), DigestError> {
                Ok(())
            }
        })*
    };
}
fields! { SerializeStruct, SerializeStructVariant }

impl SerializeMap for &mut Digester {
    type Ok = ();
    type Error = DigestError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), DigestError> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), DigestError> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), DigestError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn near_values_have_far_digests() {
        let mut seen = BTreeSet::new();
        let mut bits = [0_u32; 64];
        for x in 0..200_i32 {
            for y in -100..100_i32 {
                let one = digest(&(7_u32, (x, y)), 3);
                assert!(seen.insert(one), "({x}, {y}) has the digest of another");
                for (bit, count) in bits.iter_mut().enumerate() {
                    *count += (one >> bit & 1) as u32;
                }
            }
        }
        for (bit, count) in bits.iter().enumerate() {
            assert!((19_000..21_000).contains(count), "bit {bit} is set in {count} of 40,000");
        }
    }

    #[test]
    fn what_differs_in_kind_or_place_differs() {
        let all = [
            digest(&(Some(1_u32), 0_u32), 1),
            digest(&(None::<u32>, 1_u32), 1),
            digest(&(1_u32, None::<u32>), 1),
            digest(&(Some(1_u32), 0_u32), 2),
            digest(&vec![1_u8, 0], 1),
            digest(&vec![1_u8], 1),
            digest(&(vec![1_u8], vec![0_u8; 0]), 3),
            digest(&(vec![0_u8; 0], vec![1_u8]), 3),
            digest("ab", 1),
            digest("ab\0", 1),
            digest(&(0_u32, -1_i32), 1),
            digest(&(0_u32, u32::MAX), 1),
        ];
        let different: BTreeSet<u64> = all.into_iter().collect();
        assert_eq!(different.len(), all.len(), "two of them have one digest: {all:x?}");
    }
}
