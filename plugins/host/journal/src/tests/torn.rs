//! Crashes and bad disks: a torn end is cut off, anything else is refused with its place.

use std::fs;

use super::*;
use crate::{LogError, Tail, verify};

/// A log whose server died after seven steps: two segments, of which the second is open.
fn left_behind() -> (TempDir, PathBuf) {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 7);
    let data = journal.finish();
    let running = folder(data.path()).running(MATCH);
    (data, running)
}

fn open_segment(running: &Path) -> PathBuf {
    running.join("000002.open")
}

/// Where the last record of the open segment begins.
fn last_record(bytes: &[u8]) -> usize {
    bytes.windows(4).rposition(|window| window == b"HREC").expect("there are records")
}

#[test]
fn an_end_torn_at_any_byte_is_cut_off_and_nothing_else_is() {
    let (_data, running) = left_behind();
    let path = open_segment(&running);
    let whole = fs::read(&path).expect("it is open");
    let last = last_record(&whole);
    for end in last..whole.len() {
        fs::write(&path, &whole[..end]).expect("the test may write");
        let tail = Tail::read(&running).unwrap_or_else(|error| panic!("cut at byte {end}: {error}"));
        assert_eq!(tail.tick(), 6, "only the torn step is missing, cut at byte {end}");
        assert_eq!(tail.cut_off.is_some(), end > last, "what is cut off is said, at byte {end}");
        tail.mend(&running).expect("it can be mended");
        let mended = Tail::read(&running).expect("a mended log is whole");
        assert_eq!((mended.tick(), mended.cut_off), (6, None), "mended, it ends where it is whole");
    }
}

#[test]
fn a_last_record_of_zeros_is_a_torn_end_too() {
    let (_data, running) = left_behind();
    let path = open_segment(&running);
    let mut bytes = fs::read(&path).expect("it is open");
    let last = last_record(&bytes);
    bytes[last..].fill(0);
    fs::write(&path, &bytes).expect("the test may write");
    let tail = Tail::read(&running).expect("a machine that lost power leaves such ends");
    assert_eq!(tail.tick(), 6, "the step is missing");
}

#[test]
fn a_log_that_has_no_whole_header_is_none_yet() {
    let mut journal = TestJournal::open();
    let header = journal.header();
    journal.port.begin(header);
    journal.port.hand_over();
    let data = journal.finish();
    let running = folder(data.path()).running(MATCH);
    let path = running.join("000001.open");
    let whole = fs::read(&path).expect("it is open");
    for end in 0..whole.len() {
        fs::write(&path, &whole[..end]).expect("the test may write");
        let refused = Tail::read(&running).expect_err("there is nothing to go on with");
        assert!(matches!(refused, LogError::NoLog { .. }), "cut at byte {end}: {refused}");
    }
}

#[test]
fn an_end_that_was_torn_while_it_was_written_is_written_once() {
    let (mut data, path, key) = finished();
    let whole = fs::read(&path).expect("the log is there");
    let running = folder(data.path()).running(MATCH);
    fs::create_dir(&running).expect("the test may");
    let open = as_running(&whole, &running);
    let segments = [running.join("000001.packed"), running.join("000002.packed")].map(|path| (fs::read(&path), path));
    let head = last_record(&open);
    for end in [head, head + 1, open.len() - 1] {
        fs::remove_file(&path).expect("it was put away");
        fs::create_dir_all(&running).expect("the test may");
        for (bytes, path) in &segments {
            fs::write(path, bytes.as_ref().expect("it is there")).expect("the test may write");
        }
        fs::write(running.join("000003.open"), &open[..end]).expect("the test may write");
        let tail = Tail::read(&running).expect("the end is torn, no more");
        assert_eq!((tail.close, tail.complete), (Some(Close::Settled), false), "its end stands there, unsigned");
        tail.mend(&running).expect("it can be mended");
        let mut journal = TestJournal::open_in(data);
        let recorder = journal.port.resume(&tail, hash(10), None);
        journal.close(&recorder);
        data = journal.finish();
        let verified = verify(&path, Some(key)).unwrap_or_else(|error| panic!("cut at byte {end}: {error}"));
        assert!(verified.complete && verified.close == Some(Close::Settled), "cut at byte {end}: {verified:?}");
    }
}

#[test]
fn a_segment_that_was_only_begun_does_no_harm() {
    let (_data, running) = left_behind();
    for bytes in [&b""[..], b"HYPOLOG1", b"HYP", &[0; 4_096]] {
        fs::write(running.join("000003.open"), bytes).expect("the test may write");
        let tail = Tail::read(&running).expect("there is nothing in it yet");
        assert_eq!(tail.tick(), 7, "all steps are there");
        tail.mend(&running).expect("it can be mended");
        assert!(!running.join("000003.open").exists(), "the stub is gone");
    }
}

#[test]
fn a_flipped_bit_anywhere_is_a_torn_end_or_damage_and_never_passes() {
    let (_data, running) = left_behind();
    for name in ["000001.packed", "000002.open"] {
        let path = running.join(name);
        let whole = fs::read(&path).expect("it is there");
        let last = if name.ends_with("open") { last_record(&whole) } else { whole.len() };
        for bit in 0..whole.len() * 8 {
            let mut broken = whole.clone();
            broken[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, &broken).expect("the test may write");
            match Tail::read(&running) {
                Ok(tail) => {
                    assert!(bit / 8 >= last && tail.cut_off.is_some(), "bit {bit} of {name} passed: {tail:?}");
                    assert_eq!(tail.tick(), 6, "a broken last record is as good as none");
                }
                Err(LogError::Damaged { .. }) => assert!(bit / 8 < last, "bit {bit} of {name}: the end is only torn"),
                Err(error) => panic!("bit {bit} of {name}: {error}"),
            }
        }
        fs::write(&path, &whole).expect("the test may write");
    }
}

#[test]
fn a_packed_segment_that_is_cut_is_damage_and_stays_where_it_is() {
    let (_data, running) = left_behind();
    fs::remove_file(open_segment(&running)).expect("the test may");
    let path = running.join("000001.packed");
    let whole = fs::read(&path).expect("it is there");
    for end in [0, 20, crate::segment::HEAD_BYTES, whole.len() - 1] {
        fs::write(&path, &whole[..end]).expect("the test may write");
        assert!(Tail::read(&running).is_err(), "it had its name only once it was whole, cut at byte {end}");
    }
}

#[test]
fn a_missing_segment_is_damage() {
    let (_data, running) = left_behind();
    fs::remove_file(running.join("000001.packed")).expect("the test may");
    assert!(Tail::read(&running).is_err(), "a log begins with its first segment");
}

#[test]
fn a_crash_while_packing_leaves_one_segment_of_each_number() {
    let (_data, running) = left_behind();
    let open = fs::read(open_segment(&running)).expect("it is open");
    let (head, records) = open.split_at(crate::segment::HEAD_BYTES);
    assert!(!head.is_empty(), "it has a head");
    let packed = crate::segment::packed(2, first_record(head), records);
    fs::write(running.join("000002.packed"), packed).expect("the test may write");
    fs::write(running.join("000002.partial"), b"half").expect("the test may write");
    let tail = Tail::read(&running).expect("both say the same");
    assert_eq!(tail.tick(), 7, "and nothing is read twice");
}

fn first_record(head: &[u8]) -> u64 {
    u64::from_le_bytes(head[13..21].try_into().expect("eight bytes"))
}
