//! How values look in formats that people read, JSON and MessagePack, where they are not what serde makes of them. In our own codec
//! they are as ever: it says that it is not human readable.
//!
//! | value | JSON | MessagePack | our codec |
//! |---|---|---|---|
//! | bytes | base64 | binary | a length and the bytes |
//! | bytes of a fixed number | base64 | binary | the bytes |
//! | a 64-bit number | a number from -(2^53 - 1) to 2^53 - 1, else a string of its digits | a number | a number |
//! | an [`ItemId`](crate::ItemId) | its name | its name | two numbers |
//!
//! That bytes are base64, and large numbers strings, is up to what writes JSON; here is what reads both.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};

/// The largest number that every reader of JSON keeps exact.
pub const EXACT_MAX: u64 = (1 << 53) - 1;

/// Bytes as JSON has them.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Bytes from what JSON has of them; `None` where it is something else.
#[must_use]
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// Reads a 64-bit number, also one that is written as a string because it is beyond [`EXACT_MAX`].
pub(crate) fn wide<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    struct Wide;

    impl Visitor<'_> for Wide {
        type Value = u64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a whole number from 0 on, or a string of its digits")
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<u64, E> {
            Ok(number)
        }

        fn visit_str<E: de::Error>(self, digits: &str) -> Result<u64, E> {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = if is_number { digits.parse().ok() } else { None };
            number.ok_or_else(|| E::invalid_value(de::Unexpected::Str("another string"), &self))
        }
    }

    if deserializer.is_human_readable() { deserializer.deserialize_any(Wide) } else { u64::deserialize(deserializer) }
}

/// The same for a number that may be below 0.
pub(crate) fn wide_signed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    struct Wide;

    impl Visitor<'_> for Wide {
        type Value = i64;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a whole number, or a string of its digits")
        }

        fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
            Ok(number)
        }

        fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
            number.try_into().map_err(|_| E::invalid_value(de::Unexpected::Unsigned(number), &self))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<i64, E> {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = if is_number { text.parse().ok() } else { None };
            number.ok_or_else(|| E::invalid_value(de::Unexpected::Str("another string"), &self))
        }
    }

    if deserializer.is_human_readable() { deserializer.deserialize_any(Wide) } else { i64::deserialize(deserializer) }
}

/// Bytes, as many as there are.
pub(crate) mod bytes {
    use core::fmt;

    use serde::de::{self, Visitor};
    use serde::{Deserializer, Serializer};

    use crate::codec;

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Vec<u8>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("bytes, or a string of their base64")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<u8>, E> {
                super::from_base64(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str("another string"), &self))
            }
        }

        if deserializer.is_human_readable() {
            deserializer.deserialize_any(Bytes)
        } else {
            codec::vec_as_it_comes(deserializer)
        }
    }
}

/// Bytes of a number that both ends know.
pub(crate) mod byte_array {
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer, const N: usize>(bytes: &[u8; N], serializer: S) -> Result<S::Ok, S::Error>
    where
        [u8; N]: Serialize,
    {
        if serializer.is_human_readable() { serializer.serialize_bytes(bytes) } else { bytes.serialize(serializer) }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[u8; N], D::Error>
    where
        [u8; N]: Deserialize<'de>,
    {
        if !deserializer.is_human_readable() {
            return <[u8; N]>::deserialize(deserializer);
        }
        let bytes = super::bytes::deserialize(deserializer)?;
        let length = bytes.len();
        bytes.try_into().map_err(|_| D::Error::invalid_length(length, &"another number of bytes"))
    }
}
