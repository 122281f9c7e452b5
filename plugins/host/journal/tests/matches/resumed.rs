//! A match goes on where its server died, as if nothing had happened.

use hypogeum_arena::is_over;
use hypogeum_journal::{Replay, ReplayError, Tail, resume, verify};
use hypogeum_protocol::NetId;
use hypogeum_shard::{Dice, Purpose, Seed, StateHash};

use crate::recording::{KINDS, Plan, SNAPSHOT_TICKS, TestJournal, conclude, orders, record, step};

const SEED: u64 = 11;

/// Steps after which a server died: any, and those around a snapshot.
fn ends(last: u32) -> Vec<u32> {
    let mut dice = Dice::new(Seed::numbered(SEED), 0, NetId::NONE, Purpose::named("ends"));
    let mut ends: Vec<u32> = (0..4).map(|_| 1 + dice.below(last - 1)).collect();
    ends.extend([1, SNAPSHOT_TICKS - 1, SNAPSHOT_TICKS, SNAPSHOT_TICKS + 1]);
    ends
}

#[test]
fn a_match_that_goes_on_after_any_step_goes_the_same_way() {
    let whole = record(Plan { seed: SEED, ..Plan::default() });
    let last = whole.hashes.len() as u32;
    for end in ends(last) {
        let left = record(Plan { seed: SEED, stop_after: Some(end), ..Plan::default() });
        let tail = Tail::read(&left.path).expect("nothing is torn");
        assert_eq!(tail.tick(), end, "seed {SEED}: all {end} steps are on record");
        let mut resumed = resume(&KINDS, &tail).expect("the world can be had again");
        assert_eq!(resumed.hash, whole.hashes[end as usize - 1], "seed {SEED}: the state after step {end}");
        assert_eq!(resumed.steps, end % SNAPSHOT_TICKS, "seed {SEED}: from the newest snapshot before step {end}");
        let rest: Vec<StateHash> = (end + 1..=last).map(|tick| resumed.shard.step(&orders(SEED, tick))).collect();
        assert!(rest == whole.hashes[end as usize..], "seed {SEED}: from step {end} on it went another way");
    }
}

#[test]
fn a_match_whose_server_dies_again_and_again_before_its_first_step_goes_the_same_way() {
    let whole = record(Plan { seed: SEED, ..Plan::default() });
    let mut left = record(Plan { seed: SEED, stop_after: Some(0), ..Plan::default() });
    for death in 1..=3 {
        let tail = Tail::read(&left.path).expect("nothing is torn");
        assert_eq!(tail.tick(), 0, "no step is on record");
        let mut resumed = resume(&KINDS, &tail).unwrap_or_else(|error| panic!("after death {death}: {error}"));
        let snapshot = resumed.shard.snapshot();
        let mut journal = TestJournal::open_in(left.data);
        let _ = journal.port.resume(&tail, resumed.hash, Some(snapshot));
        journal.port.hand_over();
        (left.data, left.path) = journal.finish();
        assert_eq!(resumed.shard.step(&orders(SEED, 1)), whole.hashes[0], "the first step after death {death}");
    }
    let mut replay = Replay::open(&KINDS, &left.path).expect("it can be replayed");
    let replayed = replay.run(None, |_| {}).expect("the log is whole");
    assert_eq!((replayed.ticks, &replayed.divergence), (0, &None), "its snapshots are of the world as it was built");
    assert_eq!(replayed.hashes_compared, 3, "each of the three");
}

#[test]
fn a_log_that_was_interrupted_replays_in_one_piece() {
    let plan = Plan { seed: SEED, ..Plan::default() };
    let left = record(Plan { stop_after: Some(333), ..plan });
    let tail = Tail::read(&left.path).expect("nothing is torn");
    let mut resumed = resume(&KINDS, &tail).expect("the world can be had again");
    let mut journal = TestJournal::open_in(left.data);
    let snapshot = resumed.shard.snapshot();
    let recorder = journal.port.resume(&tail, resumed.hash, Some(snapshot));
    let mut tick = 333;
    while !is_over(resumed.shard.world()) {
        tick += 1;
        step(&mut journal, &recorder, &mut resumed.shard, plan, tick);
    }
    conclude(&mut journal, &recorder, &resumed.shard);
    let key = journal.key;
    let (_data, path) = journal.finish();
    let verified = verify(&path, Some(key)).expect("one chain through the restart");
    assert!(verified.complete && verified.ticks == tick, "{verified:?}");
    let mut replay = Replay::open(&KINDS, &path).expect("it can be replayed");
    let replayed = replay.run(None, |_| {}).expect("the log is whole");
    assert_eq!((replayed.ticks, &replayed.divergence), (tick, &None), "every state is as it was");
    assert_eq!(replayed.settlement_agrees, Some(true), "and it was worth the same");
}

#[test]
fn a_world_that_goes_another_way_is_not_gone_on_with() {
    let tick = SNAPSHOT_TICKS + 20;
    let left = record(Plan { seed: SEED, stop_after: Some(tick + 9), doctored: Some(tick) });
    let tail = Tail::read(&left.path).expect("nothing is torn");
    let refused = resume(&KINDS, &tail).expect_err("that is not what happened");
    assert!(matches!(refused, ReplayError::Diverged { tick: at, .. } if at == tick), "{refused}");
}
