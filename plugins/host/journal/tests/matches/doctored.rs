//! A log whose chain is right and whose commands are not those that were obeyed.

use hypogeum_arena::avatar_name;
use hypogeum_journal::Replay;
use hypogeum_protocol::Seat;

use crate::recording::{KINDS, Plan, Recording, SNAPSHOT_TICKS, record};

fn replay(recording: &Recording) -> Replay {
    let mut replay = Replay::open(&KINDS, &recording.path).expect("its form is right");
    replay.run(None, |_| {}).expect("nothing is wrong with the log's form");
    replay
}

#[test]
fn a_command_that_was_never_given_shows_at_its_tick_and_in_whom_it_moved() {
    let tick = 2 * SNAPSHOT_TICKS;
    let recording = record(Plan { seed: 3, stop_after: Some(260), doctored: Some(tick) });
    let replay = replay(&recording);
    let divergence = replay.replayed().divergence.as_ref().expect("it goes another way");
    assert_eq!(divergence.tick, tick, "at exactly that tick");
    assert_eq!(divergence.recorded, recording.hashes[tick as usize - 1], "the state as it was");
    assert_eq!(divergence.snapshot_tick, Some(tick), "there is a snapshot right behind it");
    let who = avatar_name(replay.shard().world(), Seat(0)).expect("seat 0 has an avatar");
    let position = divergence.differences.iter().find(|difference| difference.column == "position");
    let position = position.unwrap_or_else(|| panic!("who walks elsewhere is elsewhere: {:?}", divergence.differences));
    assert_eq!(position.entities, [who], "and nobody else");
}

#[test]
fn a_divergence_between_snapshots_is_explained_by_the_next() {
    let tick = SNAPSHOT_TICKS + 37;
    let recording = record(Plan { seed: 3, stop_after: Some(260), doctored: Some(tick) });
    let replay = replay(&recording);
    let divergence = replay.replayed().divergence.as_ref().expect("it goes another way");
    assert_eq!((divergence.tick, divergence.snapshot_tick), (tick, Some(2 * SNAPSHOT_TICKS)), "found, then explained");
    let who = avatar_name(replay.shard().world(), Seat(0)).expect("seat 0 has an avatar");
    let named = divergence.differences.iter().any(|difference| difference.entities.contains(&who));
    assert!(named, "the one who received something else is among those that differ: {:?}", divergence.differences);
    assert_eq!(replay.replayed().ticks, 2 * SNAPSHOT_TICKS, "no step is taken beyond it");
}

#[test]
fn a_divergence_behind_the_last_snapshot_is_reported_without() {
    let tick = 2 * SNAPSHOT_TICKS + 5;
    let recording = record(Plan { seed: 3, stop_after: Some(230), doctored: Some(tick) });
    let replay = replay(&recording);
    let divergence = replay.replayed().divergence.as_ref().expect("it goes another way");
    assert_eq!((divergence.tick, divergence.snapshot_tick), (tick, None), "there is nothing to compare with");
}
