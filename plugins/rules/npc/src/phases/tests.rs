//! A chief whose fight has phases.

use hypogeum_combat::{AbilitySlots, Health, Side, effects_on};
use hypogeum_protocol::NetId;
use hypogeum_shard::NetIdOf;
use hypogeum_space::METRE;
use hypogeum_space::turn::distance;

use super::*;
use crate::test_shard::{TestShard, at, content, plain};

/// A chief with a foe before it.
fn fight() -> (TestShard, NetId, NetId) {
    let mut test = plain(&[]);
    let chief = test.npc("chief", at(50, 50), 0);
    let foe = test.avatar(at(56, 50));
    assert!(test.until(40, |test| test.brain(chief).target == foe), "it has noticed");
    test.steps(2);
    (test, chief, foe)
}

fn set_hp(test: &mut TestShard, who: NetId, percent: u32) {
    let hp_max = test.component::<Health>(who).hp_max;
    test.set(who, Health { hp: hp_max * percent / 100, hp_max });
}

fn phase(test: &TestShard, who: NetId) -> u8 {
    test.component::<PhaseState>(who).phase
}

fn followers(test: &mut TestShard) -> Vec<NetId> {
    let world = test.world();
    let mut found: Vec<NetId> = world.query::<(&NetIdOf, &Follower)>().iter(world).map(|(named, _)| named.0).collect();
    found.sort_unstable();
    found
}

fn bears_fury(test: &TestShard, who: NetId) -> bool {
    let fury = content().effects.id("fury").expect("the effect is there");
    effects_on(test.shard.world(), who).iter().any(|borne| borne.def == fury)
}

#[test]
fn phases_begin_by_health_in_their_order() {
    let (mut test, chief, foe) = fight();
    assert_eq!(phase(&test, chief), 0, "at first there is none");
    set_hp(&mut test, chief, 71);
    test.steps(2);
    assert_eq!(phase(&test, chief), 0, "it is not hurt enough");
    set_hp(&mut test, chief, 70);
    test.steps(2);
    assert_eq!(phase(&test, chief), 1, "at seven tenths the first begins");
    let wolves = followers(&mut test);
    assert_eq!(wolves.len(), 2, "and two come to its help, once");
    let (side, place) = (test.component::<Side>(chief), test.place(chief));
    for wolf in wolves {
        assert_eq!(test.component::<Side>(wolf), side, "they are on its side, whatever their faction");
        assert!(distance(test.place(wolf), place) < 5 * METRE, "beside it");
        assert!(test.component::<Threat>(wolf).of(foe) > 0, "and know whom to fight");
    }
    test.check();
}

#[test]
fn a_great_blow_brings_one_phase_after_the_other() {
    let (mut test, chief, _) = fight();
    set_hp(&mut test, chief, 10);
    test.steps(1);
    assert_eq!(phase(&test, chief), 1, "the first begins all the same");
    test.steps(1);
    assert_eq!(phase(&test, chief), 2, "and the second after it");
    let slots = ["slash", "howl"].map(|key| content().abilities.id(key));
    let has = test.component::<AbilitySlots>(chief).0;
    assert_eq!(has[..2], slots, "now it can do other things");
    test.steps(1);
    assert!(bears_fury(&test, chief), "and is furious");
    test.steps(400);
    assert!(bears_fury(&test, chief), "as long as the phase lasts");
    test.check();
}

#[test]
fn time_brings_a_phase_too() {
    let (mut test, chief, _) = fight();
    set_hp(&mut test, chief, 100);
    test.steps(560);
    assert_eq!(phase(&test, chief), 0, "nineteen seconds are not twenty");
    test.steps(50);
    assert_eq!(phase(&test, chief), 1, "after twenty it begins, whatever its health");
}

#[test]
fn left_alone_all_is_as_it_was() {
    let (mut test, chief, foe) = fight();
    set_hp(&mut test, chief, 30);
    test.steps(4);
    assert_eq!((phase(&test, chief), followers(&mut test).len()), (2, 2), "the fight is on");
    test.set(foe, at(180, 180));
    assert!(test.until(3_000, |test| phase(test, chief) == 0), "whole and at home it begins again");
    assert_eq!(test.hp(chief), test.component::<Health>(chief).hp_max, "not before it is whole");
    let own = test.component::<AbilitySlots>(chief).0;
    assert_eq!(own[..2], [content().abilities.id("bite"), None], "it can do what it could");
    test.steps(200);
    assert_eq!(followers(&mut test), [], "those who came have left");
    assert!(!bears_fury(&test, chief), "and it is calm");
    test.check();
}

#[test]
fn help_outlives_its_leader_as_long_as_it_fights() {
    let (mut test, chief, foe) = fight();
    set_hp(&mut test, chief, 60);
    test.steps(2);
    let wolves = followers(&mut test);
    test.hurt(foe, chief, u32::MAX);
    test.steps(20);
    assert!(test.is_dead(chief), "it is dead");
    assert_eq!(followers(&mut test), wolves, "they fight on");
    test.set(foe, at(180, 180));
    assert!(test.until(900, |test| !wolves.iter().any(|wolf| test.is_there(*wolf))), "then they leave");
    test.check();
}

#[test]
fn a_fight_goes_on_from_a_snapshot() {
    let (mut test, chief, _) = fight();
    set_hp(&mut test, chief, 45);
    test.steps(10);
    let snapshot = test.shard.snapshot();
    let mut other = plain(&[]);
    other.shard.restore(&snapshot).expect("it can be restored");
    for test in [&mut test, &mut other] {
        set_hp(test, chief, 39);
    }
    for _ in 0..200 {
        assert_eq!(test.shard.step(&[]), other.shard.step(&[]), "both go on alike");
    }
    assert_eq!(phase(&other, chief), 2, "into the next phase");
}
