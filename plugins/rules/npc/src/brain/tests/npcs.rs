//! What NPCs make of those they meet.

use hypogeum_content::def::Activity;
use hypogeum_protocol::NetId;
use hypogeum_space::turn::distance;
use hypogeum_space::{METRE, Position};

use crate::Threat;
use crate::test_shard::{at, den, wall};

#[test]
fn one_in_front_is_noticed_and_one_behind_is_not() {
    let mut den = den(&[]);
    let prey = den.avatar(at(60, 50));
    let looks_at_it = den.npc("wolf", at(50, 50), 0);
    let looks_away = den.npc("wolf", at(70, 50), 0);
    den.steps(10);
    assert_eq!(den.brain(looks_at_it).target, prey, "ten metres ahead is in sight");
    assert_eq!(den.brain(looks_away).target, NetId::NONE, "ten metres behind is neither seen nor heard");
    den.check();
}

#[test]
fn one_behind_a_wall_is_not_seen_but_heard_when_near() {
    let mut den = den(&[wall(54, 40, 55, 60)]);
    den.avatar(at(60, 50));
    let deaf = den.npc("wolf", at(50, 50), 0);
    den.steps(6);
    assert_eq!(den.brain(deaf).target, NetId::NONE, "a wall stops sight");
    let near = den.avatar(at(50, 52));
    let mut heard = den.until(11, |den| den.brain(deaf).target == near);
    assert!(heard, "two metres to the side is heard");
    heard = den.until(90, |den| den.component::<hypogeum_combat::LastHurt>(near).by == deaf);
    assert!(heard, "and bitten");
}

#[test]
fn a_wolf_chases_around_a_wall_and_bites() {
    let mut den = den(&[wall(54, 45, 55, 55)]);
    let wolf = den.npc("wolf", at(50, 50), 0);
    let prey = den.avatar(at(58, 50));
    den.set(wolf, Threat(vec![(prey, 1_000)]));
    assert!(den.until(300, |den| den.component::<hypogeum_combat::LastHurt>(prey).by == wolf), "it finds the way");
    assert!(distance(den.place(wolf), den.place(prey)) < 3 * METRE, "and stands before its prey");
    den.check();
}

#[test]
fn beyond_its_leash_it_goes_home_and_minds_nobody() {
    let mut den = den(&[]);
    let wolf = den.npc("wolf", at(50, 50), 0);
    let prey = den.avatar(at(55, 50));
    assert!(den.until(10, |den| den.brain(wolf).target == prey), "it has noticed");
    // The prey runs as fast as the wolf, always ahead of it.
    let mut x = 55 * METRE;
    let mut came_back = false;
    for _ in 0..400 {
        x += 34;
        den.set(prey, Position { x, y: 50 * METRE });
        den.steps(1);
        came_back |= den.brain(wolf).returning;
    }
    assert!(came_back, "25 metres from home it lets go");
    assert!(den.until(300, |den| distance(den.place(wolf), at(50, 50)) < 10 * METRE), "it returns to its home");
    assert_eq!(den.brain(wolf).target, NetId::NONE, "it minds nobody any more");
    den.check();
}

#[test]
fn a_hurt_thief_runs_and_a_fresh_one_fights() {
    let mut den = den(&[]);
    let foe = den.avatar(at(52, 50));
    let thief = den.npc("thief", at(50, 50), 0);
    assert!(den.until(10, |den| den.brain(thief).activity == Activity::Fight), "in full health it fights");
    let hp = den.hp(thief);
    den.hurt(foe, thief, hp * 6 / 10);
    assert!(den.until(10, |den| den.brain(thief).activity == Activity::Flee), "below half it flees");
    let before = distance(den.place(thief), den.place(foe));
    den.steps(60);
    assert!(distance(den.place(thief), den.place(foe)) > before + 4 * METRE, "and gets away");
    den.check();
}

#[test]
fn a_guard_calls_its_friends_and_nobody_else() {
    let mut den = den(&[wall(40, 51, 60, 52)]);
    let caller = den.npc("guard", at(50, 50), 0);
    let friend = den.npc("guard", at(47, 53), 0x8000);
    let wolf = den.npc("wolf", at(44, 53), 0x8000);
    let foe = den.avatar(at(58, 49));
    assert!(den.until(12, |den| den.component::<Threat>(friend).of(foe) > 0), "the friend behind the wall is told");
    assert_eq!(den.component::<Threat>(wolf).of(foe), 0, "a wolf is no friend");
    assert!(den.until(12, |den| den.brain(caller).activity == Activity::Fight), "having called, it fights");
    den.check();
}

#[test]
fn one_faction_keeps_peace_and_two_do_not() {
    let mut den = den(&[]);
    let guards = [den.npc("guard", at(50, 50), 0), den.npc("guard", at(52, 50), 0x8000)];
    den.steps(60);
    for guard in guards {
        assert_eq!(den.brain(guard).target, NetId::NONE, "guards do not fight guards");
    }
    let wolf = den.npc("wolf", at(54, 50), 0x8000);
    assert!(den.until(12, |den| den.brain(wolf).target.is_some()), "a wolf fights guards");
    assert!(den.until(90, |den| den.component::<hypogeum_combat::LastHurt>(wolf).tick > 0), "and they fight it");
    den.check();
}

#[test]
fn an_archer_keeps_its_distance() {
    let mut den = den(&[]);
    let archer = den.npc("archer", at(50, 50), 0);
    let foe = den.avatar(at(53, 50));
    den.steps(150);
    let away = distance(den.place(archer), den.place(foe));
    assert!((7 * METRE..12 * METRE).contains(&away), "it stands {away} subunits away");
    assert_eq!(den.component::<hypogeum_combat::LastHurt>(foe).by, archer, "and shoots");
    den.check();
}
