//! What harm comes to, who dies of it and who is safe.

use hypogeum_protocol::{DamageCause, GameEvent, NetId};
use hypogeum_space::{Heading, MoveIntent, Position, turn};

use super::{HZ, TestShard};
use crate::*;

#[test]
fn death_breaks_a_cast() {
    let mut fight = TestShard::new();
    let attacker = fight.add(0, 0, "spell", 0);
    fight.add(150, 0, "sword", 0);
    fight.strike(&[attacker]);
    fight.set(attacker, MoveIntent { direction: 0, percent: 100 });
    fight.steps(HZ / 2);
    fight.ask(HarmRequest { source: NetId::NONE, target: attacker, amount: u32::MAX });
    fight.step();
    assert_eq!(fight.of::<Casting>(attacker), Casting::default(), "its cast is broken");
    let at: Position = fight.of(attacker);
    fight.set(attacker, MoveIntent { direction: 0, percent: 100 });
    for _ in 0..2 * HZ {
        assert!(!fight.strike(&[attacker]).iter().any(|who| *who != attacker), "the dead strike nobody");
    }
    assert_eq!(fight.of::<Position>(attacker), at, "and walk nowhere");
}

#[test]
fn two_can_fell_each_other_in_one_tick() {
    for _ in 0..20 {
        let mut fight = TestShard::new();
        let (one, other) = (fight.add(0, 0, "execute", 0), fight.add(150, 0, "execute", 0));
        fight.set(other, Heading(2 * turn::QUARTER));
        fight.strike(&[one, other]);
        let mut rounds = 0;
        while fight.told().dealt.len() < 2 && fight.told().died.is_empty() && rounds < 20 {
            fight.steps(HZ);
            fight.strike(&[one, other]);
            rounds += 1;
        }
        if fight.told().dealt.len() == 2 {
            let died = [Died { who: one, by: other }, Died { who: other, by: one }];
            assert_eq!(fight.told().died, died, "who is named first has no advantage");
            fight.step();
            assert!(fight.told().died.is_empty(), "death is told once");
            return;
        }
    }
    panic!("in twenty fights somebody always dodged");
}

#[test]
fn regeneration_waits_for_five_quiet_seconds() {
    let mut fight = TestShard::new();
    let who = fight.add(0, 0, "sword", 0);
    fight.set(who, Regeneration { per_s: 7, untold: 0 });
    fight.ask(HarmRequest { source: NetId::NONE, target: who, amount: 50 });
    fight.step();
    fight.steps(5 * HZ - 1);
    assert_eq!(fight.hp(who), 70, "not yet");
    fight.steps(HZ);
    assert_eq!(fight.hp(who), 77, "seven in the first second");
}

#[test]
fn a_truce_protects_from_all_harm_but_giving_up() {
    let mut fight = TestShard::new();
    let (one, other) = (fight.add(0, 0, "nova", 0), fight.add(150, 0, "sword", 0));
    fight.afflict(one, other, "poison");
    fight.step();
    fight.shard.world_mut().insert_resource(CombatDisabled(true));
    fight.ask(HarmRequest { source: one, target: other, amount: u32::MAX });
    fight.ask(HarmRequest { source: NetId::NONE, target: other, amount: 5 });
    fight.afflict(one, other, "wound");
    fight.strike(&[one]);
    fight.steps(HZ);
    assert_eq!(fight.hp(other), 120, "strikes, hazards and poison do nothing");
    assert_eq!(fight.effects().len(), 1, "no new curse takes hold");
    fight.ask(HarmRequest { source: NetId::NONE, target: other, amount: u32::MAX });
    fight.step();
    assert_eq!(fight.told().died, [Died { who: other, by: NetId::NONE }], "one may still give up");
}

#[test]
fn damage_is_never_more_than_there_was() {
    let mut fight = TestShard::new();
    let (one, other) = (fight.add(0, 0, "execute", 0), fight.add(150, 0, "sword", 0));
    fight.strike_home(one);
    assert_eq!(fight.told().dealt[0].amount, 120, "all it had");
    assert_eq!(fight.of::<LastHurt>(other).by, one, "and by whom");
    fight.ask(HarmRequest { source: one, target: other, amount: 10 });
    fight.afflict(one, other, "poison");
    fight.step();
    assert!(fight.told().dealt.is_empty() && fight.effects().is_empty(), "nothing more happens to the dead");
}

#[test]
fn the_order_of_requests_changes_nothing() {
    let run = |reversed: bool| {
        let mut fight = TestShard::new();
        let all: Vec<NetId> = (0..4).map(|place| fight.add(place * 300, 0, "sword", 0)).collect();
        let mut requests: Vec<(NetId, NetId, u32)> = Vec::new();
        for source in &all {
            requests.extend(all.iter().map(|target| (*source, *target, 40 + source.0)));
        }
        if reversed {
            requests.reverse();
        }
        for (source, target, amount) in requests {
            fight.ask(HarmRequest { source, target, amount });
            fight.afflict(source, target, if amount % 2 == 0 { "wound" } else { "slow" });
        }
        fight.step()
    };
    assert_eq!(run(false), run(true), "to write first is no advantage");
}

#[test]
fn what_comes_back_by_rest_is_told_once_a_second_and_when_all_is_back() {
    let mut fight = TestShard::new();
    let who = fight.add(0, 0, "sword", 0);
    fight.set(who, Regeneration { per_s: 7, untold: 0 });
    fight.set(who, Health { hp: 100, hp_max: 120 });
    let mut told = Vec::new();
    for _ in 0..5 * HZ {
        fight.step();
        let outbox = &fight.shard.world().resource::<hypogeum_shard::Outbox>().0;
        told.extend(outbox.iter().filter_map(|outgoing| match outgoing.event {
            GameEvent::Healed { source, target, amount } => Some((source, target, amount)),
            _ => None,
        }));
    }
    assert_eq!(fight.hp(who), 120, "it is whole");
    assert!(told.iter().all(|(source, target, _)| (*source, *target) == (NetId::NONE, who)), "by nobody: {told:?}");
    let amounts: Vec<u32> = told.into_iter().map(|(.., amount)| amount).collect();
    assert_eq!(amounts.iter().sum::<u32>(), 20, "every point is told once: {amounts:?}");
    assert!(amounts.len() <= 4 && amounts.iter().all(|amount| *amount <= 7), "and no more often: {amounts:?}");
}

#[test]
fn what_heals_is_told_to_those_who_see_it() {
    let mut fight = TestShard::new();
    let (nurse, who) = (fight.add(0, 0, "sword", 1), fight.add(150, 0, "sword", 1));
    fight.set(who, Health { hp: 110, hp_max: 120 });
    fight.afflict(nurse, who, "bandage");
    fight.steps(HZ / 2 + 1);
    let healed = GameEvent::Healed { source: nurse, target: who, amount: 10 };
    let outbox = &fight.shard.world().resource::<hypogeum_shard::Outbox>().0;
    assert!(outbox.iter().any(|outgoing| outgoing.event == healed), "no more than was missing");
}

#[test]
fn what_took_the_last_hit_points_is_told_before_the_death() {
    let mut fight = TestShard::new();
    let (one, other) = (fight.add(0, 0, "execute", 0), fight.add(150, 0, "sword", 0));
    fight.strike_home(one);
    let ability = fight.told().dealt[0].cause.told();
    assert!(matches!(ability, DamageCause::Ability { .. }), "a blow: {ability:?}");
    let events = fight.events();
    let place = |wanted: GameEvent| events.iter().position(|event| *event == wanted);
    let told = place(GameEvent::Defeated { who: other, cause: ability });
    assert!(told.is_some() && told < place(GameEvent::Died { who: other, by: one }), "first what it was: {events:?}");
    fight.ask(HarmRequest { source: NetId::NONE, target: one, amount: u32::MAX });
    fight.step();
    let given_up = GameEvent::Defeated { who: one, cause: DamageCause::Other };
    assert!(fight.events().contains(&given_up), "giving up is nothing with a name: {:?}", fight.events());
}
