//! Promises can be read even if the match cannot be rebuilt.

use std::fs;

use super::*;
use crate::{FORMAT, LogError, LogReader, Tail};

/// A log of seven steps that was left behind, in the fifth of which seat 1 got out.
fn left_behind() -> (TempDir, PathBuf) {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 5);
    journal.port.promise(&recorder, 5, vec![Seat(1)]);
    journal.play(&recorder, 6, 7);
    let data = journal.finish();
    let running = folder(data.path()).running(MATCH);
    (data, running)
}

#[test]
fn who_got_out_is_on_record() {
    let (_data, running) = left_behind();
    let tail = Tail::read(&running).expect("nothing is torn");
    assert_eq!(tail.promised, [Seat(1)].into(), "one got out");
}

#[test]
fn what_was_promised_before_a_damage_can_still_be_read() {
    let (_data, running) = left_behind();
    let last = running.join("000002.open");
    let mut bytes = fs::read(&last).expect("the segment is there");
    let middle = bytes.len() - 90;
    bytes[middle] ^= 1;
    fs::write(&last, bytes).expect("the test may write");
    let refused = Tail::read(&running).expect_err("a step is damaged, and one follows it");
    assert!(matches!(refused, LogError::Damaged { .. }), "{refused}");
    let (_, promised) = Tail::promised_in_damaged(&running).expect("the header is whole");
    assert_eq!(promised, [Seat(1)].into(), "the promise came before");
}

#[test]
fn a_log_of_another_format_is_refused_by_its_format() {
    let mut journal = TestJournal::open();
    let mut header = journal.header();
    header.format = 77;
    journal.port.begin(header);
    journal.port.hand_over();
    let data = journal.finish();
    let running = folder(data.path()).running(MATCH);
    let refused = LogReader::open(&running).expect_err("nobody knows what it says");
    assert!(matches!(refused, LogError::Format { found: 77, known: FORMAT }), "{refused}");
    assert!(Tail::promised_in_damaged(&running).is_none(), "nor what it has promised");
}
