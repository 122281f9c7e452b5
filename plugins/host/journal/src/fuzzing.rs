//! What the fuzz targets of `fuzz/` do with their bytes, and the seeds that were kept, replayed as tests.
//!
//! Each function takes any bytes and panics where a decoder does, or where what it accepts is not what it means. No random
//! input meets a checksum, so what stands behind one is also tried with all checksums put right.

use xxhash_rust::xxh3::xxh3_64;

use crate::commands::Commands;
use crate::entry::{self, Entry, EntryReader};
use crate::record::{self, RecordHash};
use crate::segment::{self, HEAD_BYTES, SegmentHead};

/// What a target lets a segment expand to: a bomb shows by then.
const EXPANDED_BYTES_MAX: u64 = 1 << 22;

/// A segment, as it is and with the checksums of its head put right, and everything in it.
pub fn log_segment(data: &[u8]) {
    let Some((head, stored)) = data.split_first_chunk::<HEAD_BYTES>() else { return };
    if let Ok(head) = SegmentHead::parse(head) {
        assert_eq!(SegmentHead::parse(&head.to_bytes()), Ok(head), "what was read can be written and read");
        expand(&head, stored);
    }
    let number = |at: usize| u64::from_le_bytes(head[at..at + 8].try_into().expect("eight bytes of a head"));
    let right = SegmentHead {
        packed: head[8] & 1 == 1,
        number: number(9) as u32,
        first_record: number(13),
        bytes_within: number(21),
        bytes_stored: stored.len() as u64,
        stored_sum: xxh3_64(stored),
    };
    assert_eq!(SegmentHead::parse(&right.to_bytes()), Ok(right), "what was written can be read");
    expand(&right, stored);
}

fn expand(head: &SegmentHead, stored: &[u8]) {
    if !head.packed {
        return follow(stored);
    }
    let head = SegmentHead { bytes_within: head.bytes_within.min(EXPANDED_BYTES_MAX), ..*head };
    if let Ok(records) = segment::expand(&head, stored) {
        assert_eq!(records.len() as u64, head.bytes_within, "neither more nor less than the head says");
        follow(&records);
    }
}

/// Records one after another, as they are and framed again: then each two bytes are the length of the body they precede.
pub fn log_records(data: &[u8]) {
    follow(data);
    let (mut rest, mut framed, mut chain) = (data, Vec::new(), RecordHash::default());
    while let Some((length, after)) = rest.split_first_chunk() {
        let length = usize::from(u16::from_le_bytes(*length)).min(after.len());
        let (body, after) = after.split_at(length);
        chain = record::append(&mut framed, &chain, |out| out.extend_from_slice(body));
        rest = after;
    }
    follow(&framed);
    let Some(last) = framed.len().checked_sub(1) else { return };
    assert!(record::any_whole(&framed), "what was framed is found");
    framed.truncate(last);
    follow(&framed);
}

/// Reads records to the first that is broken, and looks behind it as is done with a torn end.
fn follow(bytes: &[u8]) {
    let (mut rest, mut entries) = (bytes, EntryReader::default());
    while let Ok(framed) = record::parse(rest) {
        let mut again = Vec::new();
        record::append(&mut again, &framed.previous, |out| out.extend_from_slice(framed.body));
        assert_eq!(again, rest[..framed.size()], "a record is written in one way only");
        if entries.read(framed.body).is_err() {
            return;
        }
        rest = &rest[framed.size()..];
    }
    record::any_whole(rest);
}

/// Bodies of records, read in their order: one may be encoded as a difference to those before. Each two bytes are the
/// length of the body they precede; the rest is the last.
pub fn log_body(data: &[u8]) {
    let (mut reader, mut rest) = (EntryReader::default(), data);
    let (mut history, mut again) = (Commands::default(), EntryReader::default());
    while !rest.is_empty() {
        let (body, after) = match rest.split_first_chunk() {
            Some((length, after)) => after.split_at(usize::from(u16::from_le_bytes(*length)).min(after.len())),
            None => (rest, &[][..]),
        };
        rest = after;
        let Ok(entry) = reader.read(body) else { return };
        let mut written = Vec::new();
        write(&mut history, &entry, &mut written);
        assert_eq!(again.read(&written), Ok(entry), "what was read can be written and read");
    }
}

fn write(history: &mut Commands, entry: &Entry, out: &mut Vec<u8>) {
    match entry {
        Entry::Header(header) => entry::write_header(header, out),
        Entry::Tick(tick) => entry::write_tick(history, tick.tick, tick.hash, &tick.commands, out),
        Entry::Snapshot(snapshot) => entry::write_snapshot(snapshot.tick, snapshot.hash, &snapshot.bytes, out),
        Entry::Promise(promise) => entry::write_promise(promise, out),
        Entry::Grants(grants) => entry::write_grants(grants, out),
        Entry::Visit(visit) => entry::write_visit(visit, out),
        Entry::Close(close) => entry::write_close(*close, out),
        Entry::Head(head) => entry::write_head(head, out),
    }
}

#[cfg(test)]
mod tests {
    include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/replay.rs"));

    #[test]
    fn kept_segments_are_read_or_refused() {
        replay("log_segment", super::log_segment);
    }

    #[test]
    fn kept_records_are_read_or_refused() {
        replay("log_records", super::log_records);
    }

    #[test]
    fn kept_bodies_are_read_or_refused() {
        replay("log_body", super::log_body);
    }
}
