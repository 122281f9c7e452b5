//! Whom abilities reach, and when they can be used.

use hypogeum_content::Id;
use hypogeum_content::def::AbilityDef;
use hypogeum_protocol::{Block, NetId};
use hypogeum_space::{Heading, METRE, turn};

use super::{HZ, TestShard};
use crate::*;

#[test]
fn a_sword_reaches_an_arc_and_no_farther() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "sword", 0);
    let ahead = fight.add(150, 0, "sword", 0);
    let edge = fight.add(100, 99, "sword", 0);
    let _beside = fight.add(100, 110, "sword", 0);
    let _behind = fight.add(-150, 0, "sword", 0);
    // 200 cm from edge to edge: two bodies of 100 subunits are 78 cm across.
    let near = fight.add(277, 0, "sword", 0);
    let _far = fight.add(282, 0, "sword", 0);
    assert_eq!(fight.strike(&[attacker]), [ahead, edge, near], "those within 45° and two metres are struck");
}

#[test]
fn whoever_is_embraced_is_struck_wherever_one_looks() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "sword", 0);
    let behind = fight.add(-20, 0, "sword", 0);
    assert_eq!(fight.strike(&[attacker]), [behind], "overlapping bodies are always within the arc");
}

#[test]
fn a_wall_protects_from_everything() {
    for ability in ["sword", "rifle", "nova", "bow"] {
        let wall = 50 * METRE + 180;
        let mut fight =
            TestShard::with(vec![Block { x_min: wall, y_min: 48 * METRE, x_max: wall + 10, y_max: 52 * METRE }]);
        let attacker = fight.add(0, 0, ability, 0);
        fight.add(140, 0, ability, 0);
        assert_eq!(fight.strike(&[attacker]), [], "{ability} does not pass the wall");
        for _ in 0..10 {
            fight.step();
            assert_eq!(fight.struck(), [], "{ability} does not pass it later, either");
        }
        assert_eq!(fight.count::<Projectile>(), 0, "a shot ends at the wall");
    }
}

#[test]
fn friends_are_spared_and_shot_past() {
    for ability in ["sword", "rifle", "nova"] {
        let mut fight = TestShard::new();
        let attacker = fight.add(0, 0, ability, 3);
        fight.add(100, 0, ability, 3);
        let foe = fight.add(180, 0, ability, 4);
        assert_eq!(fight.strike(&[attacker]), [foe], "{ability} goes past a friend");
    }
}

#[test]
fn a_rifle_hits_the_first_in_line_at_once() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "rifle", 0);
    fight.add(900, 0, "rifle", 0);
    let first = fight.add(600, 30, "rifle", 0);
    fight.add(-300, 0, "rifle", 0);
    assert_eq!(fight.strike(&[attacker]), [first], "the nearest body on the line, though named later");
}

#[test]
fn an_arrow_takes_its_time_and_hits_once() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "bow", 0);
    let target = fight.add(1_000, 0, "bow", 0);
    let behind = fight.add(1_100, 0, "bow", 0);
    assert_eq!(fight.strike(&[attacker]), [], "it has only left the string");
    let mut flight = 0;
    while fight.struck().is_empty() {
        flight += 1;
        assert!(flight < 30, "the arrow never arrives");
        fight.step();
    }
    assert_eq!(fight.struck(), [target], "the first body is hit, not {behind}");
    assert!((9..=10).contains(&flight), "ten metres at one metre a tick, less the bodies' width: {flight}");
    assert_eq!(fight.count::<Projectile>(), 0, "it is spent");
}

#[test]
fn an_arrow_that_meets_nobody_is_gone_after_its_range() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "bow", 0);
    fight.add(2_300, 0, "bow", 0);
    fight.set(attacker, Heading(turn::degrees(1)));
    fight.strike(&[attacker]);
    fight.steps(15);
    assert_eq!(fight.count::<Projectile>(), 1, "it flies for twenty metres, whatever its direction");
    fight.steps(10);
    assert_eq!(fight.count::<Projectile>(), 0, "and no farther");
}

#[test]
fn an_arrow_outlives_its_shooter_and_still_knows_its_friends() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "bow", 5);
    fight.add(500, 0, "bow", 5);
    let foe = fight.add(1_000, 0, "bow", 0);
    fight.strike(&[attacker]);
    fight.ask(HarmRequest { source: NetId::NONE, target: attacker, amount: u32::MAX });
    fight.steps(2);
    assert!(fight.find::<Dead>(attacker).is_some(), "the shooter is dead");
    let mut struck = Vec::new();
    for _ in 0..15 {
        fight.step();
        struck.extend(fight.struck());
    }
    assert_eq!(struck, [foe], "its side went with the arrow");
}

#[test]
fn a_cooldown_refuses_and_ends() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "sword", 0);
    fight.add(150, 0, "sword", 0);
    assert_eq!(fight.strike(&[attacker]).len(), 1, "the first blow");
    for _ in 1..HZ {
        assert_eq!(fight.strike(&[attacker]).len(), 0, "it cools down for a second");
    }
    assert_eq!(fight.strike(&[attacker]).len(), 1, "and is ready again on the tick");
}

#[test]
fn mana_runs_out_and_comes_back() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "rifle", 0);
    fight.add(500, 0, "rifle", 0);
    let mut shots = 0;
    for _ in 0..4 {
        shots += fight.strike(&[attacker]).len();
        fight.steps(HZ - 1);
    }
    assert_eq!(shots, 2, "70 mana, 30 a shot, 2 a second back");
    fight.steps(12 * HZ);
    assert_eq!(fight.strike(&[attacker]).len(), 1, "after a while there is enough again");
}

#[test]
fn nonsense_triggers_do_nothing() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "sword", 0);
    fight.add(150, 0, "sword", 0);
    for slot in [2, 8, 9, u8::MAX] {
        fight.set(attacker, AbilityIntent(slot));
        fight.step();
        assert_eq!(fight.struck(), [], "slot {slot} holds nothing");
        assert_eq!(fight.of::<AbilityIntent>(attacker), AbilityIntent(0), "the intent is taken back");
    }
    fight.set(attacker, AbilitySlots([Some(Id::<AbilityDef>::new(999)); ABILITY_SLOTS]));
    assert_eq!(fight.strike(&[attacker]), [], "an ability nobody wrote does nothing");
}

#[test]
fn a_cast_strikes_when_it_is_done() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "spell", 0);
    let target = fight.add(150, 0, "sword", 0);
    assert_eq!(fight.strike(&[attacker]), [], "it takes a second");
    for _ in 1..HZ {
        assert_eq!(fight.strike(&[attacker]), [], "and nothing else is done meanwhile");
    }
    fight.step();
    assert_eq!(fight.struck(), [target], "then it strikes");
}
