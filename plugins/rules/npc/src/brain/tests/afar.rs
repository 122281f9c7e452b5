//! Minds that nobody watches.

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
