//! What those who look on are told of casts and attacks.

use hypogeum_protocol::{GameEvent, NetId};
use hypogeum_shard::{Audience, NetIdIndex, Outbox, Outgoing, Rules};
use hypogeum_space::{Heading, Position};

use super::{HZ, TestShard};
use crate::*;

/// The number of an ability.
fn number(fight: &TestShard, ability: &str) -> u16 {
    let content = &fight.shard.world().resource::<Rules>().content;
    content.abilities.id(ability).expect("the ability is one of the tests'").index()
}

/// Lets one use its ability and says what was told of that: casts and attacks, and what tells of them itself.
fn after(fight: &mut TestShard, attacker: NetId) -> Vec<GameEvent> {
    fight.strike(&[attacker]);
    fight.events()
}

fn is_of_blows(event: &GameEvent) -> bool {
    matches!(event, GameEvent::Damaged { .. } | GameEvent::Dodged { .. })
}

fn shelter(fight: &mut TestShard, who: NetId) {
    let entity = fight.shard.world().resource::<NetIdIndex>().entity(who).expect("the fighter is there");
    fight.shard.world_mut().entity_mut(entity).insert(Sheltered);
}

#[test]
fn a_cast_is_told_once_as_it_begins_where_it_is_cast() {
    let mut fight = TestShard::new();
    let who = fight.add(0, 0, "spell", 0);
    fight.add(150, 0, "sword", 0);
    let ability = number(&fight, "spell");
    fight.strike(&[who]);
    let at: Position = fight.of(who);
    let event = GameEvent::CastBegan { who, ability, ticks: HZ as u16 };
    let expected = [Outgoing { audience: Audience::Near { x: at.x, y: at.y }, event }];
    assert_eq!(fight.shard.world().resource::<Outbox>().0, expected, "whoever sees it is told");
    for _ in 1..HZ {
        assert_eq!(after(&mut fight, who), [], "what is cast is told once, and nothing begins beside it");
    }
    fight.step();
    let ended = fight.events();
    assert!(ended.len() == 1 && is_of_blows(&ended[0]), "the blow tells that it went off, in its tick: {ended:?}");
}

#[test]
fn a_cast_that_death_breaks_ends_with_the_death() {
    let mut fight = TestShard::new();
    let who = fight.add(0, 0, "spell", 0);
    fight.strike(&[who]);
    fight.ask(HarmRequest { source: NetId::NONE, target: who, amount: u32::MAX });
    fight.step();
    assert!(fight.events().contains(&GameEvent::Died { who, by: NetId::NONE }), "that tells enough");
    for _ in 0..2 * HZ {
        assert_eq!(after(&mut fight, who), [], "the dead cast nothing, and strike nobody");
    }
}

#[test]
fn an_attack_that_reaches_nobody_is_told_and_one_that_does_tells_itself() {
    for ability in ["sword", "rifle", "nova"] {
        let mut fight = TestShard::new();
        let who = fight.add(0, 0, ability, 0);
        fight.set(who, Heading(0x4080));
        let swung = GameEvent::Swung { who, ability: number(&fight, ability), heading: 0x40 };
        assert_eq!(after(&mut fight, who), [swung], "{ability} strikes the air");
        assert_eq!(after(&mut fight, who), [], "{ability} cools down: nobody strikes");
        fight.steps(HZ);
        fight.set(who, Heading(0));
        let target = fight.add(150, 0, "sword", 0);
        fight.step();
        let hit = after(&mut fight, who);
        assert!(hit.len() == 1 && is_of_blows(&hit[0]), "{ability} reaches {target}, which is told once: {hit:?}");
    }
}

#[test]
fn an_attack_that_hurts_nobody_is_told() {
    // Of somebody who is cursed, of somebody on safe ground, and of anybody while nobody is hurt.
    for (ability, is_sheltered, is_disabled) in
        [("venom", false, false), ("sword", true, false), ("sword", false, true)]
    {
        let mut fight = TestShard::new();
        let who = fight.add(0, 0, ability, 0);
        let target = fight.add(150, 0, "sword", 0);
        if is_sheltered {
            shelter(&mut fight, target);
        }
        fight.shard.world_mut().insert_resource(CombatDisabled(is_disabled));
        let events = after(&mut fight, who);
        let dodged = events.contains(&GameEvent::Dodged { source: who, target });
        let swung = events.iter().filter(|event| matches!(event, GameEvent::Swung { .. })).count();
        assert_eq!(swung, usize::from(!dodged), "{ability} is told once, by itself or by who dodges: {events:?}");
        let is_hurt = events.iter().any(|event| matches!(event, GameEvent::Damaged { .. }));
        assert!(!is_hurt, "nobody is hurt by it: {events:?}");
    }
}

#[test]
fn a_shot_is_seen_flying_and_not_told() {
    let mut fight = TestShard::new();
    let who = fight.add(0, 0, "bow", 0);
    assert_eq!(after(&mut fight, who), [], "clients see the arrow");
    assert_eq!(fight.count::<Projectile>(), 1);
}
