//! How effects begin, pulse, stack and end.

use hypogeum_protocol::{GameEvent, NetId};
use hypogeum_shard::Outbox;
use hypogeum_space::MoveSpeed;

use super::{HZ, TestShard};
use crate::*;

#[test]
fn poison_kills_and_credits_the_one_who_gave_it() {
    let mut fight = TestShard::new();
    let (giver, victim) = (fight.add(0, 0, "venom", 0), fight.add(150, 0, "sword", 0));
    while fight.effects().is_empty() {
        fight.strike(&[giver]);
        fight.steps(HZ);
    }
    let mut died = Vec::new();
    for _ in 0..2 * HZ {
        fight.step();
        died.extend(fight.told().died.iter().copied());
    }
    assert_eq!(died, [Died { who: victim, by: giver }], "three pulses of 50 are more than 120 hit points");
    assert_eq!(fight.effects(), [], "effects leave the dead");
    assert_eq!(fight.of::<Dead>(victim).by, giver, "the corpse knows, too");
}

#[test]
fn an_effect_pulses_up_to_its_last_tick_and_is_gone() {
    let mut fight = TestShard::new();
    let victim = fight.add(0, 0, "sword", 0);
    fight.afflict(NetId::NONE, victim, "wound");
    fight.step();
    fight.steps(2 * HZ - 1);
    assert_eq!((fight.effects().len(), fight.hp(victim)), (1, 119), "after just under two seconds one pulse is done");
    fight.step();
    assert_eq!((fight.effects().len(), fight.hp(victim)), (0, 118), "the last pulse comes with the end");
    let ended = GameEvent::EffectEnded { who: victim, effect: 7 };
    let told = &fight.shard.world().resource::<Outbox>().0;
    assert!(told.iter().any(|outgoing| outgoing.event == ended), "the end is told: {told:?}");
}

#[test]
fn stacking_adds_up_to_its_limit() {
    let mut fight = TestShard::new();
    let victim = fight.add(0, 0, "sword", 0);
    for times in [1, 2, 3, 3] {
        fight.afflict(NetId::NONE, victim, "wound");
        fight.step();
        assert_eq!(fight.effects().iter().map(|effect| effect.stacks).collect::<Vec<_>>(), [times], "stacks");
    }
    let mut together = TestShard::new();
    let victim = together.add(0, 0, "sword", 0);
    for _ in 0..5 {
        together.afflict(NetId::NONE, victim, "wound");
    }
    together.step();
    assert_eq!(together.effects().iter().map(|effect| effect.stacks).collect::<Vec<_>>(), [3], "five in one tick");
}

#[test]
fn refreshing_starts_the_clock_anew_and_unique_does_not() {
    for (effect, starts_over) in [("poison", true), ("bandage", false)] {
        let mut fight = TestShard::new();
        let victim = fight.add(0, 0, "sword", 0);
        fight.afflict(NetId::NONE, victim, effect);
        fight.step();
        let first = fight.effects()[0].ends_tick;
        fight.steps(5);
        fight.afflict(victim, victim, effect);
        fight.step();
        let effects = fight.effects();
        assert_eq!(effects.len(), 1, "{effect} does not double");
        assert_eq!(effects[0].ends_tick == first + 6, starts_over, "{effect}: {} after {first}", effects[0].ends_tick);
        assert_eq!(effects[0].source == victim, starts_over, "one who renews {effect} owns it");
    }
}

#[test]
fn the_strongest_stays() {
    for order in [["slow", "root"], ["root", "slow"]] {
        let mut fight = TestShard::new();
        let victim = fight.add(0, 0, "sword", 0);
        for effect in order {
            fight.afflict(NetId::NONE, victim, effect);
            fight.step();
        }
        assert_eq!(fight.effects().len(), 1, "{order:?}: one of them stays");
        assert_eq!(fight.of::<MoveSpeed>(victim).speed, 0, "{order:?}: the root");
    }
}

#[test]
fn a_slow_slows_until_it_ends_or_is_dispelled() {
    let mut fight = TestShard::new();
    let victim = fight.add(0, 0, "sword", 0);
    fight.afflict(NetId::NONE, victim, "slow");
    fight.step();
    assert_eq!(fight.of::<MoveSpeed>(victim).speed, 21, "half of 43");
    fight.steps(2 * HZ);
    assert_eq!(fight.of::<MoveSpeed>(victim).speed, 43, "it ends by itself");
    fight.afflict(NetId::NONE, victim, "slow");
    fight.afflict(NetId::NONE, victim, "bandage");
    fight.step();
    fight.ask(DispelRequest { source: NetId::NONE, target: victim, what: Dispel::Dispellable });
    fight.step();
    assert_eq!(fight.of::<MoveSpeed>(victim).speed, 43, "a dispel ends it sooner");
    assert_eq!(fight.effects().len(), 1, "the bandage cannot be dispelled");
}

#[test]
fn a_cure_ends_what_can_be_dispelled_and_stays() {
    let mut fight = TestShard::new();
    let victim = fight.add(0, 0, "sword", 0);
    for effect in ["slow", "poison", "bandage"] {
        fight.afflict(NetId::NONE, victim, effect);
    }
    fight.step();
    assert_eq!(fight.effects().len(), 3, "all three cling");
    fight.afflict(NetId::NONE, victim, "cure");
    fight.step();
    assert_eq!(fight.of::<MoveSpeed>(victim).speed, 43, "the slow is off");
    assert_eq!(fight.effects().len(), 2, "the bandage stays, and so does the cure");
}

#[test]
fn more_full_hit_points_keep_the_share_that_is_left() {
    let mut fight = TestShard::new();
    let who = fight.add(0, 0, "sword", 0);
    fight.set(who, Health { hp: 60, hp_max: 120 });
    fight.afflict(NetId::NONE, who, "vigour");
    fight.step();
    assert_eq!(fight.of::<Health>(who), Health { hp: 90, hp_max: 180 }, "half stays half");
    fight.steps(2 * HZ);
    assert_eq!(fight.of::<Health>(who), Health { hp: 60, hp_max: 120 }, "and back");
    let mut bonus = EquipmentBonus::default();
    bonus.flat[hypogeum_content::def::Stat::Strength as usize] = 7;
    fight.set(who, bonus);
    fight.step();
    assert_eq!(fight.of::<DerivedStats>(who).strength, 17, "equipment counts");
}

#[test]
fn a_bandage_heals_and_never_beyond_full() {
    let mut fight = TestShard::new();
    let who = fight.add(0, 0, "sword", 0);
    fight.set(who, Health { hp: 80, hp_max: 120 });
    fight.afflict(NetId::NONE, who, "bandage");
    fight.steps(HZ / 2 + 1);
    assert_eq!(fight.hp(who), 92, "a tenth of 120 with each pulse");
    fight.steps(2 * HZ);
    assert_eq!(fight.hp(who), 120, "four pulses would be more than full");
}

#[test]
fn what_dispels_by_tag_takes_off_what_has_one_of_them_and_no_more_than_it_may() {
    let mut fight = TestShard::new();
    let (friend, victim) = (fight.add(0, 0, "soothe", 1), fight.add(200, 0, "sword", 1));
    for effect in ["poison", "slow"] {
        fight.afflict(NetId::NONE, victim, effect);
    }
    fight.steps(10);
    fight.afflict(NetId::NONE, victim, "rot");
    fight.step();
    let soothe = |fight: &mut TestShard| {
        let entity = fight.shard.world().resource::<hypogeum_shard::NetIdIndex>().entity(friend).expect("it is there");
        fight.shard.world_mut().entity_mut(entity).insert(crate::Aid(victim));
        fight.strike(&[friend]);
        let told = fight.shard.world().resource::<Outbox>().0.iter().filter_map(|outgoing| match outgoing.event {
            GameEvent::Dispelled { source, target, effect } => Some((source, target, effect)),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    let effect = |key: &str| super::content().effects.id(key).expect("it is one of the tests'").index();
    assert_eq!(soothe(&mut fight), [(friend, victim, effect("rot"))], "what would last longest goes first");
    fight.steps(HZ);
    assert_eq!(soothe(&mut fight), [(friend, victim, effect("poison"))], "then the other");
    fight.steps(HZ);
    assert_eq!(soothe(&mut fight), [], "what has another tag, or none, stays");
}

#[test]
fn a_blow_that_dispels_takes_off_its_victim_whatever_has_a_tag() {
    let mut fight = TestShard::new();
    let (attacker, victim) = (fight.add(0, 0, "purge", 0), fight.add(200, 0, "sword", 0));
    for effect in ["poison", "rot", "slow"] {
        fight.afflict(NetId::NONE, victim, effect);
    }
    fight.step();
    assert_eq!(fight.effects().len(), 3, "all three cling");
    fight.set(victim, Health { hp: 10_000, hp_max: 10_000 });
    fight.strike_home(attacker);
    let left = fight.effects();
    assert!(
        left.iter().all(|effect| super::content().effects.key(effect.def) == "slow"),
        "only the slow may be left: {left:?}"
    );
}
