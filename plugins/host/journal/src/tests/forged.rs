//! Whoever changes a finished log is found out, however much they put right again.

use std::fs;

use super::*;
use crate::record::{self, RecordHash};
use crate::segment::{self, HEAD_BYTES, SegmentHead};
use crate::{LogError, verify};

/// The bodies of all records, by segment.
pub(super) type Bodies = Vec<Vec<Vec<u8>>>;

pub(super) fn bodies(path: &Path) -> Bodies {
    let bytes = fs::read(path).expect("the log is there");
    let (mut rest, mut segments) = (&bytes[..], Vec::new());
    while let Some((head, after)) = rest.split_first_chunk::<HEAD_BYTES>() {
        let head = SegmentHead::parse(head).expect("a segment");
        let (stored, after) = after.split_at(head.bytes_stored as usize);
        rest = after;
        let records = segment::expand(&head, stored).expect("it expands");
        let (mut records, mut found) = (&records[..], Vec::new());
        while let Ok(framed) = record::parse(records) {
            found.push(framed.body.to_vec());
            records = &records[framed.size()..];
        }
        segments.push(found);
    }
    segments
}

/// Writes a log with lengths, checksums and chain all right: only the key is missing to make it genuine.
pub(super) fn forge(path: &Path, segments: &Bodies) {
    let (mut bytes, mut chain, mut count): (Vec<u8>, RecordHash, u64) = (Vec::new(), [0; 32], 0);
    for (number, bodies) in (1..).zip(segments) {
        let first = count;
        let mut records = Vec::new();
        for body in bodies {
            chain = record::append(&mut records, &chain, |out| out.extend_from_slice(body));
            count += 1;
        }
        bytes.extend_from_slice(&segment::packed(number, first, &records));
    }
    fs::write(path, bytes).expect("the test may write");
}

/// Every change of one record or two that leaves the form of a log.
fn changes(original: &Bodies) -> Vec<(String, Bodies)> {
    let mut changed = Vec::new();
    let places: Vec<(usize, usize)> = original
        .iter()
        .enumerate()
        .flat_map(|(segment, bodies)| (0..bodies.len()).map(move |at| (segment, at)))
        .collect();
    for &(segment, at) in &places {
        let mut drop = original.clone();
        drop[segment].remove(at);
        changed.push((format!("drop {segment}/{at}"), drop));
        let mut double = original.clone();
        let body = double[segment][at].clone();
        double[segment].insert(at, body);
        changed.push((format!("double {segment}/{at}"), double));
        let mut cut = original.clone();
        cut[segment].truncate(at);
        cut.truncate(segment + 1);
        changed.push((format!("cut before {segment}/{at}"), cut));
        for byte in 0..original[segment][at].len() {
            let mut edit = original.clone();
            edit[segment][at][byte] ^= 0x11;
            changed.push((format!("edit {segment}/{at} byte {byte}"), edit));
        }
        for &(other, there) in &places {
            if (other, there) > (segment, at) && original[segment][at] != original[other][there] {
                let mut swap = original.clone();
                let body = std::mem::replace(&mut swap[segment][at], original[other][there].clone());
                swap[other][there] = body;
                changed.push((format!("swap {segment}/{at} with {other}/{there}"), swap));
            }
        }
    }
    changed
}

#[test]
fn every_edit_drop_insertion_swap_and_cut_is_found_though_chain_and_checksums_are_right() {
    let (_data, path, key) = finished();
    let original = bodies(&path);
    forge(&path, &original);
    assert!(verify(&path, Some(key)).is_ok_and(|verified| verified.complete), "the forger's own tools are sound");
    let changes = changes(&original);
    assert!(changes.len() > 800, "every index is tried: {}", changes.len());
    for (what, changed) in changes {
        forge(&path, &changed);
        let passed = verify(&path, Some(key)).is_ok_and(|verified| verified.complete);
        assert!(!passed, "nobody noticed: {what}");
    }
}

#[test]
fn the_first_bad_record_is_named() {
    let (_data, path, key) = finished();
    let original = bodies(&path);
    let mut flat = 0;
    for (segment, bodies) in original.iter().enumerate() {
        for at in 0..bodies.len() {
            // One byte of the record's hash in the next record: the chain no longer fits there.
            let mut bytes = fs::read(&path).expect("the log is there");
            break_chain(&mut bytes, segment, at);
            let broken = path.with_extension("broken");
            fs::write(&broken, bytes).expect("the test may write");
            match verify(&broken, Some(key)) {
                Err(LogError::Damaged { record, .. }) => assert_eq!(record, flat, "the broken one is named"),
                other => panic!("record {flat} is broken, but: {other:?}"),
            }
            flat += 1;
        }
    }
}

/// Changes a byte of one record's body, as a disk might, and packs its segment again.
fn break_chain(bytes: &mut Vec<u8>, wanted: usize, record: usize) {
    let (mut at, mut number) = (0, 0);
    loop {
        let head: &[u8; HEAD_BYTES] = bytes[at..].first_chunk().expect("a segment");
        let head = SegmentHead::parse(head).expect("a segment");
        let end = at + HEAD_BYTES + head.bytes_stored as usize;
        if number == wanted {
            let mut records = segment::expand(&head, &bytes[at + HEAD_BYTES..end]).expect("it expands");
            let mut start = 0;
            for _ in 0..record {
                start += record::parse(&records[start..]).expect("a record").size();
            }
            records[start + record::FRAME_BYTES] ^= 0x20;
            let packed = segment::packed(head.number, head.first_record, &records);
            bytes.splice(at..end, packed);
            return;
        }
        (at, number) = (end, number + 1);
    }
}

#[test]
fn another_key_proves_nothing() {
    let (_data, path, _) = finished();
    let other = SigningKey::draw().expect("randomness").public();
    let refused = verify(&path, Some(other)).expect_err("it is signed by another");
    assert!(refused.to_string().ends_with("it is signed by another key"), "{refused}");
    assert!(verify(&path, None).is_ok(), "by its own word it is whole");
}

#[test]
fn any_byte_changed_in_the_file_is_found() {
    let (_data, path, key) = finished();
    let whole = fs::read(&path).expect("the log is there");
    for at in 0..whole.len() {
        let mut broken = whole.clone();
        broken[at] ^= 0x40;
        fs::write(&path, &broken).expect("the test may write");
        assert!(!verify(&path, Some(key)).is_ok_and(|verified| verified.complete), "byte {at} was changed unnoticed");
        fs::write(&path, &whole[..at]).expect("the test may write");
        assert!(!verify(&path, Some(key)).is_ok_and(|verified| verified.complete), "cut at byte {at} unnoticed");
    }
}
