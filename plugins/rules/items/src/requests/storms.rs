//! Many want one thing at once.

use bevy_ecs::message::Messages;
use hypogeum_protocol::{Act, ErrorCode, NetId};
use hypogeum_shard::Tick;
use proptest::prelude::*;

use super::{apply, apply_requests};
use crate::test_shard::{TestShard, at, bench};
use crate::{ItemOutcome, ItemRequest, Place};

#[test]
fn of_two_who_ask_at_once_one_gets_it() {
    let mut bench = bench();
    let item = bench.put("gem", Place::Ground, at(10, 11));
    let hands = [bench.hands[1], bench.hands[0]];
    let refused = bench.ask(&hands.map(|who| (who, Act::PickUp { item })));
    let [(seq, code)] = refused[..] else { panic!("one of two is refused: {refused:?}") };
    assert_eq!(code, ErrorCode::NoSuchEntity, "it finds nothing there");
    assert_eq!(bench.component::<Place>(item), Place::In(hands[2 - seq as usize]), "the other has it");
}

#[test]
fn of_ten_thousand_contests_nobody_wins_more_than_chance_allows() {
    const CONTESTS: u32 = 9_999;
    let mut bench = bench();
    let hands = bench.hands.clone();
    let last = bench.entity(hands[2]).expect("it is there");
    bench.world().entity_mut(last).insert(at(10, 11));
    let item = bench.put("gem", Place::Ground, at(10, 10));
    let mut won = [0_u32; 3];
    for _ in 0..CONTESTS {
        let world = bench.world();
        world.resource_mut::<Tick>().0 += 1;
        for who in &hands {
            world.write_message(ItemRequest { who: *who, seq: 0, act: Act::PickUp { item }.into(), seen: None });
        }
        apply_requests(world);
        world.resource_mut::<Messages<ItemRequest>>().clear();
        let winner = hands.iter().position(|who| bench.component::<Place>(item) == Place::In(*who));
        let winner = winner.expect("somebody gets it");
        won[winner] += 1;
        apply(bench.world(), hands[winner], Act::Drop { item }.into()).expect("it can be dropped again");
    }
    let fair = f64::from(CONTESTS) / 3.0;
    let chi_square: f64 = won.iter().map(|won| (f64::from(*won) - fair).powi(2) / fair).sum();
    assert!(chi_square < 13.8, "chance alone goes so far once in a thousand: {won:?}, chi-square {chi_square:.1}");
}

/// Lets each of a crowd grab one thing, in the order in which they are listed; who gets it.
fn storm(bench: &mut TestShard, crowd: &[NetId], item: NetId, tick: u32) -> NetId {
    let world = bench.world();
    world.resource_mut::<Tick>().0 = tick;
    for who in crowd {
        world.write_message(ItemRequest { who: *who, seq: 0, act: Act::PickUp { item }.into(), seen: None });
    }
    apply_requests(world);
    world.resource_mut::<Messages<ItemRequest>>().clear();
    world.resource_mut::<Messages<ItemOutcome>>().clear();
    let Place::In(winner) = bench.component(item) else { panic!("somebody gets it") };
    let others = crowd.iter().filter(|who| **who != winner);
    assert!(others.clone().count() + 1 == crowd.len() && others.clone().all(|who| bench.held(*who).is_empty()), "one");
    apply(bench.world(), winner, Act::Drop { item }.into()).expect("it can be dropped again");
    winner
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn of_a_thousand_one_gets_it_and_where_they_stand_in_the_list_does_not_matter(
        order in Just((0..1_000_usize).collect::<Vec<_>>()).prop_shuffle(),
        tick in 1..1_000_000_u32,
    ) {
        let mut bench = bench();
        let crowd = bench.crowd(1_000);
        let item = bench.put("gem", Place::Ground, at(10, 10));
        let shuffled: Vec<NetId> = order.into_iter().map(|place| crowd[place]).collect();
        let winner = storm(&mut bench, &crowd, item, tick);
        prop_assert_eq!(storm(&mut bench, &shuffled, item, tick), winner, "the same one, however they are listed");
    }
}

#[test]
fn who_wins_storms_is_as_often_of_the_first_half_of_the_names_as_of_the_second() {
    const STORMS: u32 = 2_000;
    let mut bench = bench();
    let crowd = bench.crowd(100);
    let item = bench.put("gem", Place::Ground, at(10, 10));
    let early = (0..STORMS).filter(|storms| {
        let winner = storm(&mut bench, &crowd, item, storms + 1);
        crowd.iter().position(|who| *who == winner).is_some_and(|place| place < 50)
    });
    let early = early.count();
    assert!((900..=1_100).contains(&early), "chance alone leaves this once in ten thousand: {early}");
}
