//! NPCs that choose what to use.

use hypogeum_combat::{Aid, DerivedStats, Health, LastHurt, effects_on};
use hypogeum_protocol::NetId;

use crate::test_shard::{TestShard, at, content, plain, wall};

fn bears(test: &TestShard, who: NetId, effect: &str) -> bool {
    let effect = content().effects.id(effect).expect("the effect is there");
    effects_on(test.shard.world(), who).iter().any(|borne| borne.def == effect)
}

fn set_hp(test: &mut TestShard, who: NetId, percent: u32) {
    let hp_max = test.component::<Health>(who).hp_max;
    test.set(who, Health { hp: hp_max * percent / 100, hp_max });
}

#[test]
fn a_friend_in_need_is_helped_and_nobody_else() {
    let mut test = plain(&[wall(40, 53, 60, 54)]);
    let adept = test.npc("adept", at(50, 50), 0);
    let near = test.npc("guard", at(54, 50), 0);
    let behind_a_wall = test.npc("guard", at(50, 57), 0);
    let fresh = test.npc("guard", at(46, 50), 0x8000);
    let wolf = test.npc("wolf", at(50, 30), 0xC000);
    for hurt in [near, behind_a_wall, wolf] {
        set_hp(&mut test, hurt, 40);
    }
    let hp = test.hp(near);
    assert!(test.until(40, |test| bears(test, near, "mend")), "a friend below half is helped");
    test.steps(10);
    test.check();
    assert!(test.hp(near) > hp, "and mends");
    assert!(!bears(&test, fresh, "mend") && !bears(&test, wolf, "mend"), "nobody else is");
    assert!(!bears(&test, behind_a_wall, "mend"), "not even a friend who is out of sight");
    assert!(test.until(90, |test| test.hp(near) * 2 >= test.component::<Health>(near).hp_max), "until it is well");
    test.steps(60);
    assert!(!bears(&test, near, "mend"), "then no more");
    assert!(test.shard.world().get::<Aid>(test.entity(adept)).is_none(), "nothing is left of it");
}

#[test]
fn the_one_who_is_worst_off_comes_first() {
    let mut test = plain(&[]);
    test.npc("adept", at(50, 50), 0);
    let (hurt, worse) = (test.npc("guard", at(53, 50), 0), test.npc("guard", at(55, 50), 0));
    set_hp(&mut test, hurt, 45);
    set_hp(&mut test, worse, 20);
    assert!(test.until(40, |test| bears(test, worse, "mend") || bears(test, hurt, "mend")), "one is helped");
    assert!(bears(&test, worse, "mend"), "it is the worse one");
}

#[test]
fn what_it_bears_and_how_it_is_decide() {
    let mut test = plain(&[]);
    let adept = test.npc("adept", at(50, 50), 0);
    let foe = test.avatar(at(58, 50));
    assert!(test.until(40, |test| test.brain(adept).target == foe), "it has noticed");
    test.steps(30);
    assert!(!bears(&test, adept, "fury"), "unhurt it keeps calm");
    set_hp(&mut test, adept, 55);
    assert!(test.until(20, |test| bears(test, adept, "fury")), "below its threshold it helps itself");
    let damage = test.component::<DerivedStats>(adept).damage_percent;
    assert_eq!(damage, 5_000, "and hits harder");
    test.check();
}

#[test]
fn the_target_decides_too_and_time_passes_between() {
    let mut test = plain(&[]);
    let adept = test.npc("adept", at(50, 50), 0);
    let foe = test.avatar(at(58, 50));
    assert!(test.until(60, |test| bears(test, foe, "poison")), "one who is not poisoned gets poison");
    assert!(test.until(200, |test| !bears(test, foe, "poison")), "it ends after three seconds and is not renewed");
    let ended = test.shard.tick().0;
    assert!(test.until(200, |test| bears(test, foe, "poison")), "until six have passed since the last");
    assert!(test.shard.tick().0 - ended > 60, "three seconds later, not at once");
    assert_eq!(test.component::<LastHurt>(foe).by, adept, "meanwhile it shoots: no tactic names that");
    test.check();
}

#[test]
fn a_foe_that_is_nearly_dead_is_spared_the_poison() {
    let mut test = plain(&[]);
    test.npc("adept", at(50, 50), 0);
    let foe = test.avatar(at(58, 50));
    set_hp(&mut test, foe, 9);
    test.steps(60);
    assert!(!bears(&test, foe, "poison"), "a shot is enough");
}

#[test]
fn who_follows_tactics_goes_on_from_a_snapshot() {
    let mut test = plain(&[]);
    let adept = test.npc("adept", at(50, 50), 0);
    let friend = test.npc("guard", at(54, 50), 0);
    test.avatar(at(58, 52));
    set_hp(&mut test, friend, 30);
    assert!(test.until(60, |test| test.shard.world().get::<Aid>(test.entity(adept)).is_some()), "it casts its balm");
    let snapshot = test.shard.snapshot();
    let mut other = plain(&[]);
    other.shard.restore(&snapshot).expect("it can be restored");
    for _ in 0..200 {
        assert_eq!(test.shard.step(&[]), other.shard.step(&[]), "both go on alike");
    }
}
