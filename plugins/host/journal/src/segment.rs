//! Segments: a log is written in pieces that are closed, packed, and put together to one file when the match is over.
//!
//! ```text
//! "HYPOLOG1" · packed (u8) · number (u32) · first record (u64) · bytes within (u64) · bytes stored (u64)
//!            · checksum of what is stored (u64) · checksum of this head (u64)
//! ```
//!
//! then the records. One that is still written is not packed, says 0 for sizes and what is stored, and reaches to the end of its file.
//! A packed one is compressed by zstd as a whole. A finished log is its packed segments one after another.

use std::io::{self, Read, Seek, SeekFrom, Write};

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::error::RecordError;

const MAGIC: [u8; 8] = *b"HYPOLOG1";
/// Bytes of a segment's head.
pub(crate) const HEAD_BYTES: usize = SUMMED_BYTES + 8;
/// Of these, those before its own checksum.
const SUMMED_BYTES: usize = 8 + 1 + 4 + 8 + 8 + 8 + 8;
/// Largest segment, expanded: what a bomb may claim at most. Ours are closed at every snapshot.
pub(crate) const SEGMENT_BYTES_MAX: u64 = 1 << 30;
/// How hard zstd tries: beyond it a log becomes little smaller and much slower to pack.
const PACK_LEVEL: i32 = 3;

/// What stands before a segment's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SegmentHead {
    pub(crate) packed: bool,
    /// Its place among the segments of its log, from 1.
    pub(crate) number: u32,
    /// The number of its first record within the log.
    pub(crate) first_record: u64,
    pub(crate) bytes_within: u64,
    pub(crate) bytes_stored: u64,
    /// XXH3 of the stored bytes: not every bit of a compressed stream matters to what it expands to.
    pub(crate) stored_sum: u64,
}

impl SegmentHead {
    /// The head of one that is about to be written.
    pub(crate) const fn open(number: u32, first_record: u64) -> Self {
        Self { packed: false, number, first_record, bytes_within: 0, bytes_stored: 0, stored_sum: 0 }
    }

    pub(crate) fn to_bytes(self) -> [u8; HEAD_BYTES] {
        let mut bytes = [0; HEAD_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8] = u8::from(self.packed);
        bytes[9..13].copy_from_slice(&self.number.to_le_bytes());
        bytes[13..21].copy_from_slice(&self.first_record.to_le_bytes());
        bytes[21..29].copy_from_slice(&self.bytes_within.to_le_bytes());
        bytes[29..37].copy_from_slice(&self.bytes_stored.to_le_bytes());
        bytes[37..45].copy_from_slice(&self.stored_sum.to_le_bytes());
        let sum = xxh3_64(&bytes[..SUMMED_BYTES]);
        bytes[SUMMED_BYTES..].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// Whether `bytes` begin as a log does.
    pub(crate) fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC)
    }

    pub(crate) fn parse(bytes: &[u8; HEAD_BYTES]) -> Result<Self, RecordError> {
        let number = |at: usize| {
            let part = bytes.get(at..at + 8).and_then(|part| part.try_into().ok());
            part.map(u64::from_le_bytes).ok_or(RecordError::SegmentHead)
        };
        if !Self::is_one(bytes) || number(SUMMED_BYTES)? != xxh3_64(&bytes[..SUMMED_BYTES]) || bytes[8] > 1 {
            return Err(RecordError::SegmentHead);
        }
        let index = u32::from_le_bytes(bytes[9..13].try_into().map_err(|_| RecordError::SegmentHead)?);
        Ok(Self {
            packed: bytes[8] == 1,
            number: index,
            first_record: number(13)?,
            bytes_within: number(21)?,
            bytes_stored: number(29)?,
            stored_sum: number(37)?,
        })
    }
}

/// Writes a whole segment as it is kept: the `bytes_within` bytes of `records` compressed, behind a head that says so.
/// Neither is ever in memory as a whole.
pub(crate) fn pack(
    number: u32,
    first_record: u64,
    records: &mut impl Read,
    bytes_within: u64,
    out: &mut (impl Write + Seek),
) -> io::Result<()> {
    let start = out.stream_position()?;
    // Room for the head, which describes what comes after it.
    out.write_all(&[0; HEAD_BYTES])?;
    let stored = Summed { out: &mut *out, bytes: 0, sum: Xxh3::new() };
    let mut encoder = zstd::stream::write::Encoder::new(stored, PACK_LEVEL)?;
    encoder.set_pledged_src_size(Some(bytes_within))?;
    if io::copy(records, &mut encoder)? != bytes_within {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let Summed { bytes: bytes_stored, sum, .. } = encoder.finish()?;
    let stored_sum = sum.digest();
    let head = SegmentHead { packed: true, number, first_record, bytes_within, bytes_stored, stored_sum };
    out.seek(SeekFrom::Start(start))?;
    out.write_all(&head.to_bytes())?;
    out.seek(SeekFrom::End(0)).map(|_| ())
}

/// Counts and sums up what passes.
struct Summed<W> {
    out: W,
    bytes: u64,
    sum: Xxh3,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.out.write(bytes)?;
        self.bytes += count as u64;
        self.sum.update(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// [`pack`] in memory.
#[cfg(test)]
pub(crate) fn packed(number: u32, first_record: u64, records: &[u8]) -> Vec<u8> {
    let mut out = io::Cursor::new(Vec::new());
    pack(number, first_record, &mut &*records, records.len() as u64, &mut out).expect("memory can be compressed");
    out.into_inner()
}

/// The records of a packed segment. Never makes room for more than the head claims, nor for more than a segment may have.
pub(crate) fn expand(head: &SegmentHead, stored: &[u8]) -> Result<Vec<u8>, RecordError> {
    if head.bytes_within > SEGMENT_BYTES_MAX || head.stored_sum != xxh3_64(stored) {
        return Err(RecordError::Compression);
    }
    let decoder = zstd::stream::read::Decoder::with_buffer(stored).map_err(|_| RecordError::Compression)?;
    let mut records = Vec::new();
    // Room grows with what comes, not with what is claimed.
    decoder.take(head.bytes_within + 1).read_to_end(&mut records).map_err(|_| RecordError::Compression)?;
    if records.len() as u64 != head.bytes_within {
        return Err(RecordError::Compression);
    }
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_segment_expands_to_what_it_was() {
        let records: Vec<u8> = (0..90_000_u32).flat_map(|number| (number / 7).to_le_bytes()).collect();
        let bytes = packed(3, 17, &records);
        let (head, stored) = bytes.split_first_chunk().expect("there is a head");
        let head = SegmentHead::parse(head).expect("it is one");
        assert_eq!((head.packed, head.number, head.first_record), (true, 3, 17), "the head says what it is");
        assert_eq!(head.bytes_stored, stored.len() as u64, "and how much follows it");
        assert_eq!(expand(&head, stored), Ok(records), "and the records are what they were");
    }

    #[test]
    fn a_segment_that_expands_to_more_than_it_says_is_refused() {
        let bytes = packed(1, 0, &[7; 100_000]);
        let (head, stored) = bytes.split_first_chunk().expect("there is a head");
        let head = SegmentHead::parse(head).expect("it is one");
        for bytes_within in [0, 99_999, 100_001, u64::MAX] {
            let lie = SegmentHead { bytes_within, ..head };
            assert_eq!(
                expand(&lie, stored),
                Err(RecordError::Compression),
                "{bytes_within} bytes are not what is in it"
            );
        }
    }

    #[test]
    fn every_changed_byte_of_a_head_is_noticed() {
        let good = SegmentHead::open(2, 900).to_bytes();
        for bit in 0..good.len() * 8 {
            let mut broken = good;
            broken[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(SegmentHead::parse(&broken), Err(RecordError::SegmentHead), "bit {bit}");
        }
    }
}
