//! What the fuzz targets of `fuzz/` and the tests throw bytes at.

use crate::entry::EntryReader;
use crate::record;
use crate::segment::{self, HEAD_BYTES, SegmentHead};

/// Reads `bytes` as a segment whose records are packed or not, and everything in it as entries. Nothing may panic, and
/// nothing may make more room than the bytes justify.
pub fn segment(bytes: &[u8]) {
    let Some((head, stored)) = bytes.split_first_chunk::<HEAD_BYTES>() else { return };
    let records = match SegmentHead::parse(head) {
        Ok(head) if head.packed => {
            segment::expand(&SegmentHead { bytes_within: head.bytes_within.min(1 << 22), ..head }, stored)
        }
        _ => Ok(stored.to_vec()),
    };
    if let Ok(records) = records {
        self::records(&records);
    }
}

/// Reads `bytes` as records one after another.
pub fn records(bytes: &[u8]) {
    let (mut rest, mut entries) = (bytes, EntryReader::default());
    while let Ok(framed) = record::parse(rest) {
        if entries.read(framed.body).is_err() {
            return;
        }
        rest = &rest[framed.size()..];
    }
    record::any_whole(rest);
}

/// Reads `bytes` as one record's body: what a checksum would keep from a random input.
pub fn body(bytes: &[u8]) {
    let _ = EntryReader::default().read(bytes);
}
