//! What NPCs make of those they meet.

use hypogeum_content::def::Activity;
use hypogeum_protocol::NetId;
use hypogeum_space::turn::distance;
use hypogeum_space::{METRE, Position};

use crate::Threat;
use crate::test_shard::{at, plain, wall};

#[test]
fn one_in_front_is_noticed_and_one_behind_is_not() {
    let mut test = plain(&[]);
    let prey = test.avatar(at(60, 50));
    let looks_at_it = test.npc("wolf", at(50, 50), 0);
    let looks_away = test.npc("wolf", at(70, 50), 0);
    test.steps(10);
    assert_eq!(test.brain(looks_at_it).target, prey, "ten metres ahead is in sight");
    assert_eq!(test.brain(looks_away).target, NetId::NONE, "ten metres behind is neither seen nor heard");
    test.check();
}

#[test]
fn one_behind_a_wall_is_not_seen_but_heard_when_near() {
    let mut test = plain(&[wall(54, 40, 55, 60)]);
    test.avatar(at(60, 50));
    let deaf = test.npc("wolf", at(50, 50), 0);
    test.steps(6);
    assert_eq!(test.brain(deaf).target, NetId::NONE, "a wall stops sight");
    let near = test.avatar(at(50, 52));
    let mut heard = test.until(11, |test| test.brain(deaf).target == near);
    assert!(heard, "two metres to the side is heard");
    heard = test.until(90, |test| test.component::<hypogeum_combat::LastHurt>(near).by == deaf);
    assert!(heard, "and bitten");
}

#[test]
fn a_wolf_chases_around_a_wall_and_bites() {
    let mut test = plain(&[wall(54, 45, 55, 55)]);
    let wolf = test.npc("wolf", at(50, 50), 0);
    let prey = test.avatar(at(58, 50));
    test.set(wolf, Threat(vec![(prey, 1_000)]));
    assert!(test.until(300, |test| test.component::<hypogeum_combat::LastHurt>(prey).by == wolf), "it finds the way");
    assert!(distance(test.place(wolf), test.place(prey)) < 3 * METRE, "and stands before its prey");
    test.check();
}

#[test]
fn beyond_its_leash_it_goes_home_and_minds_nobody() {
    let mut test = plain(&[]);
    let wolf = test.npc("wolf", at(50, 50), 0);
    let prey = test.avatar(at(55, 50));
    assert!(test.until(10, |test| test.brain(wolf).target == prey), "it has noticed");
    // The prey runs as fast as the wolf, always ahead of it.
    let mut x = 55 * METRE;
    let mut came_back = false;
    for _ in 0..400 {
        x += 34;
        test.set(prey, Position { x, y: 50 * METRE });
        test.steps(1);
        came_back |= test.brain(wolf).returning;
    }
    assert!(came_back, "25 metres from home it lets go");
    assert!(test.until(300, |test| distance(test.place(wolf), at(50, 50)) < 10 * METRE), "it returns to its home");
    assert_eq!(test.brain(wolf).target, NetId::NONE, "it minds nobody any more");
    test.check();
}

#[test]
fn a_hurt_thief_runs_and_a_fresh_one_fights() {
    let mut test = plain(&[]);
    let foe = test.avatar(at(52, 50));
    let thief = test.npc("thief", at(50, 50), 0);
    assert!(test.until(10, |test| test.brain(thief).activity == Activity::Fight), "in full health it fights");
    let hp = test.hp(thief);
    test.hurt(foe, thief, hp * 6 / 10);
    assert!(test.until(10, |test| test.brain(thief).activity == Activity::Flee), "below half it flees");
    let before = distance(test.place(thief), test.place(foe));
    test.steps(60);
    assert!(distance(test.place(thief), test.place(foe)) > before + 4 * METRE, "and gets away");
    test.check();
}

#[test]
fn a_guard_calls_its_friends_and_nobody_else() {
    let mut test = plain(&[wall(40, 51, 60, 52)]);
    let caller = test.npc("guard", at(50, 50), 0);
    let friend = test.npc("guard", at(47, 53), 0x8000);
    let wolf = test.npc("wolf", at(44, 53), 0x8000);
    let foe = test.avatar(at(58, 49));
    assert!(test.until(12, |test| test.component::<Threat>(friend).of(foe) > 0), "the friend behind the wall is told");
    assert_eq!(test.component::<Threat>(wolf).of(foe), 0, "a wolf is no friend");
    assert!(test.until(12, |test| test.brain(caller).activity == Activity::Fight), "having called, it fights");
    test.check();
}

#[test]
fn one_faction_keeps_peace_and_two_do_not() {
    let mut test = plain(&[]);
    let guards = [test.npc("guard", at(50, 50), 0), test.npc("guard", at(52, 50), 0x8000)];
    test.steps(60);
    for guard in guards {
        assert_eq!(test.brain(guard).target, NetId::NONE, "guards do not fight guards");
    }
    let wolf = test.npc("wolf", at(54, 50), 0x8000);
    assert!(test.until(12, |test| test.brain(wolf).target.is_some()), "a wolf fights guards");
    assert!(test.until(90, |test| test.component::<hypogeum_combat::LastHurt>(wolf).tick > 0), "and they fight it");
    test.check();
}

#[test]
fn an_archer_keeps_its_distance() {
    let mut test = plain(&[]);
    let archer = test.npc("archer", at(50, 50), 0);
    let foe = test.avatar(at(53, 50));
    test.steps(150);
    let away = distance(test.place(archer), test.place(foe));
    assert!((7 * METRE..12 * METRE).contains(&away), "it stands {away} subunits away");
    assert_eq!(test.component::<hypogeum_combat::LastHurt>(foe).by, archer, "and shoots");
    test.check();
}

/// A room of 10 m about (60, 50) without a way in.
fn closed_room() -> Vec<hypogeum_protocol::Block> {
    vec![wall(55, 45, 65, 46), wall(55, 54, 65, 55), wall(55, 45, 56, 55), wall(64, 45, 65, 55)]
}

#[test]
fn one_behind_closed_walls_is_given_up_for_a_while() {
    let mut test = plain(&closed_room());
    let prey = test.avatar(at(57, 50));
    // It hears three metres far, and no farther.
    let wolf = test.npc("wolf", at(54, 50), 0);
    assert!(test.until(15, |test| test.brain(wolf).target == prey), "it is heard through the wall");
    assert!(test.until(150, |test| !test.brain(wolf).target.is_some()), "and given up within five seconds");
    test.steps(300);
    assert_eq!(test.brain(wolf).target, NetId::NONE, "for ten seconds it is not minded");
    let other = test.avatar(at(53, 52));
    assert!(test.until(30, |test| test.brain(wolf).target == other), "others are");
    test.check();
}

#[test]
fn one_who_is_given_up_is_minded_again_when_the_wall_is_gone() {
    let mut test = plain(&closed_room());
    let prey = test.avatar(at(57, 50));
    let wolf = test.npc("wolf", at(54, 50), 0);
    assert!(test.until(15, |test| test.brain(wolf).target == prey), "it is heard");
    assert!(test.until(150, |test| !test.brain(wolf).target.is_some()), "and given up");
    let open = hypogeum_space::Obstacles::new(200 * METRE, closed_room()[..2].to_vec());
    test.world().insert_resource(open);
    assert!(test.until(30, |test| test.brain(wolf).target == prey), "a way leads to it at once");
    let bitten = test.until(90, |test| test.component::<hypogeum_combat::LastHurt>(prey).by == wolf);
    assert!(bitten, "and it is bitten");
}

#[test]
fn with_nobody_near_it_thinks_rarely_until_somebody_comes() {
    let mut test = plain(&[]);
    let wolf = test.npc("wolf", at(50, 50), 0);
    let prey = test.avatar(at(150, 50));
    test.npc("wolf", at(53, 50), 0);
    let thoughts = |test: &mut crate::test_shard::TestShard| {
        let mut changes = 0;
        for _ in 0..300 {
            let before = test.brain(wolf).next_think_tick;
            test.steps(1);
            changes += u32::from(test.brain(wolf).next_think_tick != before);
        }
        changes
    };
    test.steps(60);
    let alone = thoughts(&mut test);
    assert!((4..=6).contains(&alone), "every two seconds: {alone} thoughts in ten");
    test.set(prey, at(86, 50));
    test.steps(60);
    let watched = thoughts(&mut test);
    assert!(watched >= 28, "three times a second: {watched} thoughts in ten");
    // It walks into sight as fast as anyone.
    let mut x = 86 * METRE;
    while distance(test.place(wolf), test.place(prey)) > 15 * METRE {
        x -= 40;
        test.set(prey, Position { x, y: 50 * METRE });
        test.steps(1);
    }
    assert!(test.until(12, |test| test.brain(wolf).target == prey), "and is seen as soon as it can be");
    test.check();
}

#[test]
fn a_blow_from_afar_wakes_it() {
    let mut test = plain(&[]);
    let wolf = test.npc("wolf", at(50, 50), 0);
    let foe = test.avatar(at(150, 50));
    test.steps(100);
    test.hurt(foe, wolf, 1);
    assert!(test.until(4, |test| test.brain(wolf).target == foe), "at once, not in two seconds");
}
