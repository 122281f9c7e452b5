//! Writing envelopes.

use std::ops::Range;

use serde::Serialize;

use crate::ENVELOPE_VERSION;
use crate::codec::Codec;
use crate::json;

/// The key of the payload.
pub(crate) const PAYLOAD: &str = "payload";
/// Bytes of an envelope around its type and payload, at most.
pub(crate) const AROUND_BYTES_MAX: usize = 64;

/// A message written once, for as many envelopes as it has receivers.
#[derive(Clone, Debug)]
pub struct Payload {
    codec: Codec,
    bytes: Vec<u8>,
    kind: Range<usize>,
    contents: Range<usize>,
}

impl Payload {
    /// The payload of a message, an enum whose variant is its type; `None` where the message is no enum, or cannot be written.
    #[must_use]
    pub fn of_message<T: Serialize>(codec: Codec, message: &T) -> Option<Self> {
        // Both writers begin a variant by its name, so the contents follow it as they are.
        let mut bytes = Vec::with_capacity(128);
        let (kind, contents) = match codec {
            Codec::MessagePack => {
                pack(message, &mut bytes)?;
                match bytes.first()? {
                    // A map of one, whose key is the name.
                    0x81 => fixstr(&bytes, 1).map(|name| (name.clone(), name.end..bytes.len()))?,
                    _ => fixstr(&bytes, 0).map(|name| (name, 0..0))?,
                }
            }
            Codec::Json => {
                json::write(message, &mut bytes).ok()?;
                let start = if bytes.first()? == &b'{' { 2 } else { 1 };
                let end = start + bytes.get(start..)?.iter().position(|byte| *byte == b'"')?;
                (start..end, if start == 2 { end + 2..bytes.len() - 1 } else { 0..0 })
            }
        };
        Some(Self { codec, bytes, kind, contents })
    }

    /// The payload of a message of this type that is no variant of an enum; `None` where it cannot be written.
    #[must_use]
    pub fn of_type<T: Serialize + ?Sized>(codec: Codec, kind: &str, contents: &T) -> Option<Self> {
        let mut bytes = kind.as_bytes().to_vec();
        match codec {
            Codec::MessagePack => pack(contents, &mut bytes)?,
            Codec::Json => json::write(contents, &mut bytes).ok()?,
        }
        let contents = kind.len()..bytes.len();
        Some(Self { codec, bytes, kind: 0..kind.len(), contents })
    }

    /// How many bytes its envelope has at most.
    #[must_use]
    pub const fn envelope_bytes_max(&self) -> usize {
        self.bytes.len() + AROUND_BYTES_MAX
    }

    /// Appends its envelope, with the number of the request that it answers.
    pub fn write(&self, id: Option<u32>, out: &mut Vec<u8>) {
        let (kind, contents) = (&self.bytes[self.kind.clone()], &self.bytes[self.contents.clone()]);
        match self.codec {
            Codec::MessagePack => {
                let count = 2 + u8::from(id.is_some()) + u8::from(!contents.is_empty());
                out.extend_from_slice(&[0x80 | count, 0xA1, b'v', ENVELOPE_VERSION as u8, 0xA4]);
                out.extend_from_slice(b"type");
                out.push(0xA0 | kind.len() as u8);
                out.extend_from_slice(kind);
                if let Some(id) = id {
                    out.extend_from_slice(&[0xA2, b'i', b'd', 0xCE]);
                    out.extend_from_slice(&id.to_be_bytes());
                }
                if !contents.is_empty() {
                    out.push(0xA0 | PAYLOAD.len() as u8);
                    out.extend_from_slice(PAYLOAD.as_bytes());
                    out.extend_from_slice(contents);
                }
            }
            Codec::Json => {
                out.extend_from_slice(br#"{"v":1,"type":""#);
                out.extend_from_slice(kind);
                out.push(b'"');
                if let Some(id) = id {
                    out.extend_from_slice(format!(",\"id\":{id}").as_bytes());
                }
                if !contents.is_empty() {
                    out.extend_from_slice(br#","payload":"#);
                    out.extend_from_slice(contents);
                }
                out.push(b'}');
            }
        }
    }

    /// Its envelope.
    #[must_use]
    pub fn envelope(&self, id: Option<u32>) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.envelope_bytes_max());
        self.write(id, &mut out);
        out
    }
}

// Names of types are short strings of MessagePack, and its version is written out in JSON.
const _: () = assert!(crate::limits::TYPE_BYTES_MAX <= 32 && ENVELOPE_VERSION == 1);

/// Appends a value as MessagePack, structs as maps.
fn pack<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Option<()> {
    let mut packer = rmp_serde::Serializer::new(out).with_struct_map().with_human_readable();
    value.serialize(&mut packer).ok()
}

/// Where the short string that begins at `at` has its letters.
fn fixstr(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let length = bytes.get(at).filter(|marker| **marker & 0xE0 == 0xA0)? & 0x1F;
    Some(at + 1..at + 1 + usize::from(length))
}
