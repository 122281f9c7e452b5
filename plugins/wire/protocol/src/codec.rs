//! The only place that knows how a message becomes bytes: bincode 2, variable-length integers, little endian.
//!
//! Every decode is bounded: no input makes it allocate more than its limit, and none is accepted with bytes left over.

use core::fmt;
use core::marker::PhantomData;

use bincode::config::{Configuration, Limit, LittleEndian, Varint};
use bincode::error::DecodeError;
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::limits;

/// Why bytes are not the message they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The input ends inside a field.
    #[error("the message ends inside a field")]
    Truncated,
    /// The message ended and {0} bytes are left.
    #[error("{0} bytes follow the end of the message")]
    TrailingBytes(usize),
    /// The first tag, or one inside, names no variant.
    #[error("unknown tag {0}")]
    UnknownTag(u32),
    /// A length claims more than the limit.
    #[error("a length exceeds the limit of {0} bytes")]
    LengthExceeded(usize),
    /// Anything else: not UTF-8, a boolean that is neither 0 nor 1.
    #[error("a field holds a value its type does not have")]
    Malformed,
}

const fn config<const LIMIT: usize>() -> Configuration<LittleEndian, Varint, Limit<LIMIT>> {
    bincode::config::standard().with_limit::<LIMIT>()
}

/// Appends `message` to `out`. What this server builds always fits its type's limit, so the only failure is a
/// value no serializer can write (a sequence of unknown length), and that is a bug of ours.
pub fn encode_into<T: Serialize + ?Sized>(message: &T, out: &mut Vec<u8>) {
    let written = bincode::serde::encode_into_std_write(message, out, bincode::config::standard());
    debug_assert!(written.is_ok(), "a message of ours cannot be encoded: {written:?}");
}

/// [`encode_into`] a fresh buffer.
#[must_use]
pub fn encode<T: Serialize + ?Sized>(message: &T) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    encode_into(message, &mut out);
    out
}

/// Decodes one message that fills `bytes` exactly, allowing it to claim at most `LIMIT` bytes.
///
/// # Errors
/// Any [`CodecError`]; nothing is returned in part.
pub fn decode<T: DeserializeOwned, const LIMIT: usize>(bytes: &[u8]) -> Result<T, CodecError> {
    decode_claiming::<T, LIMIT, LIMIT>(bytes)
}

/// [`decode`] of at most `LIMIT` bytes that may claim `CLAIM`: a number claims all bytes of its type, however few it takes.
pub(crate) fn decode_claiming<T: DeserializeOwned, const LIMIT: usize, const CLAIM: usize>(
    bytes: &[u8],
) -> Result<T, CodecError> {
    if bytes.len() > LIMIT {
        return Err(CodecError::LengthExceeded(LIMIT));
    }
    let (message, used) = decode_front::<T, CLAIM>(bytes)?;
    match bytes.len() - used {
        0 => Ok(message),
        left => Err(CodecError::TrailingBytes(left)),
    }
}

/// Decodes a value off the front of `bytes`; it may take at most `LIMIT` of them. Returns it with how many it took.
///
/// # Errors
/// Any [`CodecError`].
pub fn decode_front<T: DeserializeOwned, const LIMIT: usize>(bytes: &[u8]) -> Result<(T, usize), CodecError> {
    bincode::serde::decode_from_slice(bytes, config::<LIMIT>()).map_err(|error| match error {
        DecodeError::UnexpectedEnd { .. } => CodecError::Truncated,
        DecodeError::LimitExceeded => CodecError::LengthExceeded(LIMIT),
        DecodeError::UnexpectedVariant { found, .. } => CodecError::UnknownTag(found),
        DecodeError::OtherString(_) => CodecError::UnknownTag(u32::from(bytes.first().copied().unwrap_or(0))),
        _ => CodecError::Malformed,
    })
}

/// Reads a sequence, making room as its elements arrive: serde would reserve up to 1 MiB on the word of its length.
///
/// # Errors
/// What the elements' decoding says.
pub fn vec_as_it_comes<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct AsItComes<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for AsItComes<T> {
        type Value = Vec<T>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a sequence")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
            let mut elements = Vec::new();
            while let Some(element) = sequence.next_element()? {
                elements.push(element);
            }
            Ok(elements)
        }
    }

    deserializer.deserialize_seq(AsItComes(PhantomData))
}

/// Decodes what a client sent, shape and ranges.
///
/// # Errors
/// [`CodecError`] for the shape; ranges are checked by [`crate::ClientMessage::validate`].
pub fn decode_client(bytes: &[u8]) -> Result<crate::ClientMessage, CodecError> {
    // At most eight claimed for each byte that is there: then it is the bytes that count, as `PROTOCOL.md` says.
    const CLAIM: usize = 8 * limits::CLIENT_MESSAGE_BYTES_MAX;
    decode_claiming::<_, { limits::CLIENT_MESSAGE_BYTES_MAX }, CLAIM>(bytes)
}

/// Decodes what a server sent.
///
/// # Errors
/// [`CodecError`].
pub fn decode_server(bytes: &[u8]) -> Result<crate::ServerMessage, CodecError> {
    decode::<_, { limits::SERVER_MESSAGE_BYTES_MAX }>(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientMessage, ErrorCode, ItemId};

    #[test]
    fn a_client_message_may_have_as_many_bytes_as_the_limit_says() {
        let named = |length: usize| encode(&ClientMessage::JoinQueue { mode: "m".repeat(length) });
        let most = named(limits::CLIENT_MESSAGE_BYTES_MAX - 4);
        assert_eq!(most.len(), limits::CLIENT_MESSAGE_BYTES_MAX, "tag, three bytes of length, and the text");
        let read = decode_client(&most).expect("it is not too long to be read");
        assert_eq!(read.validate(), Err(ErrorCode::OutOfRange), "but no mode has such a name");
        let over = decode_client(&named(limits::CLIENT_MESSAGE_BYTES_MAX - 3));
        assert_eq!(over, Err(CodecError::LengthExceeded(limits::CLIENT_MESSAGE_BYTES_MAX)), "one byte too many");
        let items = vec![ItemId { origin: 1, serial: 1 }; 1_020];
        let read = decode_client(&encode(&ClientMessage::ChooseLoadout { items })).expect("2,044 bytes");
        assert_eq!(read.validate(), Err(ErrorCode::OutOfRange), "many small numbers count by their bytes, too");
    }
}
