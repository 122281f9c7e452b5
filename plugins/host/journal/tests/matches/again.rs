//! A log replayed is the match that was played.

use hypogeum_journal::{Close, Replay, verify};

use crate::recording::{KINDS, Plan, record};

#[test]
fn every_state_and_the_settlement_are_as_they_were() {
    let recording = record(Plan { seed: 3, ..Plan::default() });
    let ticks = recording.hashes.len() as u32;
    assert!(ticks > 600, "a match takes longer than {ticks} ticks");
    let verified = verify(&recording.path, Some(recording.key)).expect("nothing is wrong with the log");
    assert!(verified.complete && verified.ticks == ticks, "{verified:?}");

    let mut replay = Replay::open(&KINDS, &recording.path).expect("the log can be replayed");
    for hash in &recording.hashes {
        assert!(replay.step().expect("the log is whole"), "there is a step for each that was played");
        assert_eq!(replay.replayed().state_hash, *hash, "tick {}", replay.replayed().ticks);
    }
    assert!(!replay.step().expect("the log is whole"), "and no more");
    let replayed = replay.replayed();
    assert_eq!((replayed.ticks, &replayed.divergence), (ticks, &None), "to its end");
    assert!(replayed.hashes_compared >= ticks, "every state was compared, not only {}", replayed.hashes_compared);
    assert_eq!(replayed.settlement_agrees, Some(true), "what was granted is what the match was worth");
    assert_eq!(replayed.close, Some(Close::Settled), "and it was granted");
}

#[test]
fn a_replay_stops_where_it_is_asked_to() {
    let recording = record(Plan { seed: 4, stop_after: Some(240), ..Plan::default() });
    let mut replay = Replay::open(&KINDS, &recording.path).expect("a log left behind can be replayed");
    let mut steps = Vec::new();
    let replayed = replay.run(Some(150), |tick| steps.push(tick)).expect("the log is whole").clone();
    assert_eq!(
        (replayed.ticks, replayed.state_hash),
        (150, recording.hashes[149]),
        "after the step that was asked for"
    );
    assert_eq!(steps, (1..=150).collect::<Vec<_>>(), "each step was reported");
    assert_eq!((replayed.close, replayed.divergence), (None, None), "its end was not looked at");
    let replayed = replay.run(None, |_| {}).expect("the log is whole");
    assert_eq!((replayed.ticks, replayed.state_hash), (240, recording.hashes[239]), "and it goes on from there");
}
