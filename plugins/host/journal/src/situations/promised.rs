//! What was promised can be read by whoever cannot have the match again.

use std::fs;

use super::*;
use crate::{FORMAT, LogError, LogReader, Stakes, Tail};

/// A log of seven steps that was left behind, in the fifth of which seat 1 got out.
fn left_behind() -> (TempDir, PathBuf) {
    let mut desk = Desk::open();
    let header = desk.header();
    let recorder = desk.port.begin(header);
    desk.play(&recorder, 1, 5);
    desk.port.extraction(&recorder, 5, vec![Seat(1)]);
    desk.play(&recorder, 6, 7);
    let data = desk.finish();
    let running = folder(data.path()).running(MATCH);
    (data, running)
}

#[test]
fn who_got_out_is_on_record() {
    let (_data, running) = left_behind();
    let tail = Tail::read(&running).expect("nothing is torn");
    assert_eq!(tail.extracted.iter().copied().collect::<Vec<_>>(), [Seat(1)], "one got out");
    assert_eq!(tail.stakes(), Stakes { players: 2, extracted: 1 }, "of two players; the third seat is nobody's");
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
    assert_eq!(Stakes::of_damaged(&running), Some(Stakes { players: 2, extracted: 1 }), "the extraction came before");
}

#[test]
fn a_log_of_another_format_is_refused_by_its_format() {
    let mut desk = Desk::open();
    let mut header = desk.header();
    header.format = 77;
    desk.port.begin(header);
    desk.port.hand_over();
    let data = desk.finish();
    let running = folder(data.path()).running(MATCH);
    let refused = LogReader::open(&running).expect_err("nobody knows what it says");
    assert!(matches!(refused, LogError::Format { found: 77, known: FORMAT }), "{refused}");
    assert_eq!(Stakes::of_damaged(&running), None, "nor what it has promised");
}
