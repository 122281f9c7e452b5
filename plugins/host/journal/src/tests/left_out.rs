//! Steps that are left out because too much waits.

use std::sync::mpsc::channel;

use super::*;

/// A snapshot that is too large to wait. Its memory is never touched.
fn too_much() -> Vec<u8> {
    vec![0; 300 << 20]
}

#[test]
fn whoever_waits_for_a_step_that_is_left_out_learns_it_at_once() {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 3);
    // The last step that this log takes for a long time.
    journal.port.tick(&recorder, 4, hash(4), &mut commands(4));
    journal.port.snapshot(&recorder, 4, hash(4), too_much());
    journal.port.hurry(&recorder);
    let (told, hears) = channel();
    recorder.state().when_durable(4, move |is_durable| {
        let _ = told.send(is_durable);
    });
    journal.port.hand_over();
    assert_eq!(hears.recv(), Ok(false), "nobody waits for another step that would show the gap");
    assert!(recorder.state().is_lost(), "the log is given up");
}

#[test]
fn a_log_whose_last_step_is_left_out_is_not_put_away_as_if_it_were_whole() {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 3);
    journal.port.tick(&recorder, 4, hash(4), &mut commands(4));
    journal.port.snapshot(&recorder, 4, hash(4), too_much());
    journal.close(&recorder);
    let data = journal.finish();
    assert!(recorder.state().is_lost(), "it is given up");
    assert!(!recorder.state().is_put_away(), "and not put away");
    assert!(!folder(data.path()).finished(MATCH).exists(), "no file claims to be the whole match");
}
