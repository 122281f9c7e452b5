//! JSON as every reader keeps it exact: bytes are base64, numbers beyond 2^53 - 1 strings.

use std::io::{self, Write};

use hypogeum_protocol::{EXACT_MAX, base64};
use serde::Serialize;
use serde_json::ser::Formatter;

use crate::limits::DEPTH_MAX;

/// Writes compact JSON.
struct Exact;

impl Formatter for Exact {
    fn write_u64<W: ?Sized + Write>(&mut self, writer: &mut W, number: u64) -> io::Result<()> {
        if number > EXACT_MAX { write!(writer, "\"{number}\"") } else { write!(writer, "{number}") }
    }

    fn write_i64<W: ?Sized + Write>(&mut self, writer: &mut W, number: i64) -> io::Result<()> {
        if number.unsigned_abs() > EXACT_MAX { write!(writer, "\"{number}\"") } else { write!(writer, "{number}") }
    }

    fn write_byte_array<W: ?Sized + Write>(&mut self, writer: &mut W, bytes: &[u8]) -> io::Result<()> {
        write!(writer, "\"{}\"", base64(bytes))
    }
}

/// Appends a value.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    value.serialize(&mut serde_json::Serializer::with_formatter(out, Exact))
}

/// Whether no more than [`DEPTH_MAX`] maps and lists lie within one another. What is no JSON is found by the reader.
pub(crate) fn is_shallow(text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in text {
        match (in_string, byte) {
            (true, _) if is_escaped => is_escaped = false,
            (true, b'\\') => is_escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'{' | b'[') => {
                depth += 1;
                if depth > DEPTH_MAX {
                    return false;
                }
            }
            (false, b'}' | b']') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    true
}
