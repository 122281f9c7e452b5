//! Reading envelopes. Nothing is allocated on the word of a length: both readers look at what is there.

use std::fmt;
use std::marker::PhantomData;

use rmp_serde::config::{DefaultConfig, HumanReadableConfig};
use rmp_serde::decode::{Error as PackError, ReadRefReader};
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::codec::Codec;
use crate::json;
use crate::limits::{DEPTH_MAX, ENVELOPE_BYTES_MAX, REASON_BYTES_MAX, TYPE_BYTES_MAX};
use crate::tagged::Contents;
use crate::{ENVELOPE_VERSION, write};

/// Why bytes are no envelope, or none of the message they say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// More bytes than [`ENVELOPE_BYTES_MAX`].
    #[error("an envelope has at most {ENVELOPE_BYTES_MAX} bytes")]
    TooLong,
    /// More maps and lists within one another than [`DEPTH_MAX`].
    #[error("more than {DEPTH_MAX} maps and lists lie within one another")]
    TooDeep,
    /// It is no map.
    #[error("an envelope is a map with v, type, id and payload")]
    NoMap,
    /// Something follows the envelope.
    #[error("something follows the envelope")]
    TrailingBytes,
    /// Its `v` is another.
    #[error("the version of an envelope, v, is {ENVELOPE_VERSION}, and not {0}")]
    OtherVersion(u32),
    /// Its `type` is longer than any.
    #[error("no type has that many letters")]
    LongType,
    /// Anything else, in the words of the reader.
    #[error("{0}")]
    Malformed(String),
}

/// What is read of an envelope before its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The type of the message, as its client wrote it: at most [`TYPE_BYTES_MAX`] bytes.
    pub kind: String,
    /// The number by which its client wants to know the answer.
    pub id: Option<u32>,
}

/// Reads all of an envelope but its payload.
///
/// # Errors
/// Any [`EnvelopeError`].
pub fn read_head(codec: Codec, bytes: &[u8]) -> Result<Head, EnvelopeError> {
    #[derive(Deserialize)]
    struct Raw {
        v: u32,
        #[serde(rename = "type")]
        kind: String,
        #[serde(default)]
        id: Option<u32>,
    }

    let Raw { v, kind, id } = read(codec, bytes, PhantomData::<Raw>)?;
    if v != ENVELOPE_VERSION {
        return Err(EnvelopeError::OtherVersion(v));
    }
    if kind.len() > TYPE_BYTES_MAX {
        return Err(EnvelopeError::LongType);
    }
    Ok(Head { kind, id })
}

/// Reads the message in an envelope whose head says `kind`: that variant of an enum.
///
/// # Errors
/// Any [`EnvelopeError`].
pub fn read_message<T: DeserializeOwned>(codec: Codec, bytes: &[u8], kind: &str) -> Result<T, EnvelopeError> {
    read(codec, bytes, Enveloped { kind: Some(kind), read_as: PhantomData })
}

/// Reads the payload of an envelope as a value of its own.
///
/// # Errors
/// Any [`EnvelopeError`].
pub fn read_payload<T: DeserializeOwned>(codec: Codec, bytes: &[u8]) -> Result<T, EnvelopeError> {
    read(codec, bytes, Enveloped { kind: None, read_as: PhantomData })
}

type Unpacker<'de> = rmp_serde::Deserializer<ReadRefReader<'de, [u8]>, HumanReadableConfig<DefaultConfig>>;

fn read<'de, S: DeserializeSeed<'de>>(codec: Codec, bytes: &'de [u8], seed: S) -> Result<S::Value, EnvelopeError> {
    if bytes.len() > ENVELOPE_BYTES_MAX {
        return Err(EnvelopeError::TooLong);
    }
    match codec {
        Codec::MessagePack => {
            if !matches!(bytes.first(), Some(0x80..=0x8F | 0xDE | 0xDF)) {
                return Err(EnvelopeError::NoMap);
            }
            let mut unpacker: Unpacker<'de> = rmp_serde::Deserializer::from_read_ref(bytes).with_human_readable();
            unpacker.set_max_depth(DEPTH_MAX);
            let value = seed.deserialize(&mut unpacker).map_err(|error| match error {
                PackError::DepthLimitExceeded => EnvelopeError::TooDeep,
                error => malformed(&error),
            })?;
            if is_at_end(&mut unpacker) { Ok(value) } else { Err(EnvelopeError::TrailingBytes) }
        }
        Codec::Json => {
            if bytes.trim_ascii_start().first() != Some(&b'{') {
                return Err(EnvelopeError::NoMap);
            }
            if !json::is_shallow(bytes) {
                return Err(EnvelopeError::TooDeep);
            }
            let mut reader = serde_json::Deserializer::from_slice(bytes);
            let value = seed.deserialize(&mut reader).map_err(|error| malformed(&error))?;
            reader.end().map_err(|_| EnvelopeError::TrailingBytes)?;
            Ok(value)
        }
    }
}

/// Whether nothing is left to read: only then the next value has no first byte.
fn is_at_end(unpacker: &mut Unpacker<'_>) -> bool {
    let next = IgnoredAny::deserialize(unpacker);
    matches!(next, Err(PackError::InvalidMarkerRead(error)) if error.kind() == std::io::ErrorKind::UnexpectedEof)
}

fn malformed(error: &dyn fmt::Display) -> EnvelopeError {
    let mut reason = error.to_string();
    reason.truncate(reason.floor_char_boundary(REASON_BYTES_MAX));
    EnvelopeError::Malformed(reason)
}

/// Reads the payload of an envelope: as the contents of a variant, or as it is.
struct Enveloped<'a, T> {
    kind: Option<&'a str>,
    read_as: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Enveloped<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, envelope: D) -> Result<T, D::Error> {
        envelope.deserialize_map(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Enveloped<'_, T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut envelope: A) -> Result<T, A::Error> {
        let mut payload = None;
        while let Some(key) = envelope.next_key::<Key>()? {
            match key {
                Key::Payload if payload.is_some() => return Err(A::Error::duplicate_field(write::PAYLOAD)),
                Key::Payload => {
                    payload = Some(match self.kind {
                        Some(variant) => envelope.next_value_seed(Contents { variant, read_as: PhantomData })?,
                        None => envelope.next_value()?,
                    });
                }
                Key::Other => {
                    envelope.next_value::<IgnoredAny>()?;
                }
            }
        }
        match (payload, self.kind) {
            (Some(payload), _) => Ok(payload),
            // A message without fields needs no payload.
            (None, Some(kind)) => {
                let name: StrDeserializer<'_, A::Error> = kind.into_deserializer();
                T::deserialize(name)
            }
            (None, None) => Err(A::Error::missing_field(write::PAYLOAD)),
        }
    }
}

/// The keys of an envelope, as far as they matter here.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    Payload,
    #[serde(other)]
    Other,
}
