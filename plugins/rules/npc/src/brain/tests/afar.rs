//! Minds that nobody watches.

use hypogeum_protocol::NetId;
use hypogeum_shard::Tick;

use crate::test_shard::{TestShard, at, plain};

/// Ticks of the thoughts that a dozer plans in two seconds, with a foe before it, and a participant at a distance if any.
fn planned(participant_m: Option<i32>) -> (u32, Vec<u32>) {
    let mut test = plain(&[]);
    let dozer = test.npc("dozer", at(20, 20), 0);
    let foe = test.npc("thief", at(23, 20), 0);
    if let Some(away) = participant_m {
        test.avatar(at(20 + away, 21));
    }
    assert!(test.until(40, |test: &TestShard| test.brain(dozer).target == foe), "it has noticed");
    let mut planned = Vec::new();
    for _ in 0..60 {
        planned.push(test.brain(dozer).next_think_tick);
        test.steps(1);
    }
    planned.dedup();
    (dozer.0, planned)
}

#[test]
fn far_from_all_participants_one_thinks_in_its_own_steps_only() {
    for participant in [None, Some(60)] {
        let (name, ticks) = planned(participant);
        assert!(ticks.iter().all(|tick| (tick + name).is_multiple_of(20)), "{participant:?}: {ticks:?} of {name}");
        assert!(ticks.len() > 2, "it does think: {ticks:?}");
    }
}

#[test]
fn near_a_participant_one_thinks_as_ever() {
    let (_, ticks) = planned(Some(8));
    assert!(ticks.len() >= 10, "every five ticks: {ticks:?}");
}

/// One that sleeps for twenty seconds while the only participant is a hundred metres away.
fn sleeper() -> (TestShard, NetId, NetId) {
    let mut test = plain(&[]);
    let sleeper = test.npc("sleeper", at(20, 20), 0);
    let participant = test.avatar(at(120, 20));
    assert!(
        test.until(700, |test| test.brain(sleeper).next_think_tick > tick(test) + 300),
        "it sleeps where nobody plays"
    );
    (test, sleeper, participant)
}

fn tick(test: &TestShard) -> u32 {
    test.shard.world().resource::<Tick>().0
}

#[test]
fn a_blow_from_any_distance_wakes_it_and_it_thinks_as_ever_in_that_fight() {
    let (mut test, sleeper, participant) = sleeper();
    test.hurt(participant, sleeper, 50);
    assert!(test.until(3, |test| test.brain(sleeper).target == participant), "it minds who did it at once");
    for _ in 0..30 {
        test.steps(1);
        assert!(test.brain(sleeper).next_think_tick <= tick(&test) + 5, "and thinks every five ticks");
    }
    test.check();
}

#[test]
fn what_no_participant_does_wakes_it_too() {
    let (mut test, sleeper, _) = sleeper();
    test.hurt(NetId::NONE, sleeper, 1);
    test.steps(1);
    assert_eq!(test.brain(sleeper).next_think_tick, tick(&test) + 1, "a hazard is looked at");
    test.check();
}

#[test]
fn a_participant_who_comes_near_is_noticed_in_time() {
    let (mut test, sleeper, participant) = sleeper();
    test.set(participant, at(22, 20));
    assert!(test.until(20, |test| test.brain(sleeper).target == participant), "not in twenty seconds");
    test.check();
}
