//! Many want one thing at once.

use bevy_ecs::message::Messages;
use bevy_ecs::prelude::{Changed, Component, Entity};
use hypogeum_protocol::{Act, ErrorCode, GameEvent, NetId};
use hypogeum_shard::{Outbox, Tick};
use proptest::prelude::*;

use super::{apply, apply_requests};
use crate::stacks::set_count;
use crate::test_shard::{TestShard, at, bench, bench_of};
use crate::{Inventory, Item, ItemAct, ItemOutcome, ItemRequest, Place};

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
        apply(bench.world(), hands[winner], Act::Drop { item }.into(), None).expect("it can be dropped again");
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
    apply(bench.world(), winner, Act::Drop { item }.into(), None).expect("it can be dropped again");
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

#[test]
fn over_many_seeds_every_seat_wins_as_often() {
    const SEATS: usize = 20;
    const SEEDS: u64 = 20;
    const STORMS: u32 = 100;
    let mut won = [0_u32; SEATS];
    for seed in 1..=SEEDS {
        let mut bench = bench_of(seed);
        let crowd = bench.crowd(SEATS as u32);
        let item = bench.put("gem", Place::Ground, at(10, 10));
        for tick in 1..=STORMS {
            let winner = storm(&mut bench, &crowd, item, tick);
            won[crowd.iter().position(|who| *who == winner).expect("it is one of the crowd")] += 1;
        }
    }
    let fair = f64::from(STORMS) * SEEDS as f64 / SEATS as f64;
    let chi_square: f64 = won.iter().map(|won| (f64::from(*won) - fair).powi(2) / fair).sum();
    assert!(chi_square < 43.8, "chance alone goes so far once in a thousand: {won:?}, chi-square {chi_square:.1}");
}

/// How many entities have another value of a component since the trackers were cleared.
fn touched<C: Component>(bench: &mut TestShard) -> usize {
    let world = bench.world();
    world.query_filtered::<Entity, Changed<C>>().iter(world).count()
}

#[test]
fn a_storm_is_as_much_work_as_it_has_grabs_and_touches_two_things() {
    for grabs in [10, 100, 1_000] {
        let mut bench = bench();
        let crowd = bench.crowd(grabs);
        let item = bench.put("gem", Place::Ground, at(10, 10));
        let world = bench.world();
        for who in &crowd {
            world.write_message(ItemRequest { who: *who, seq: 1, act: Act::PickUp { item }.into(), seen: Some(0) });
        }
        world.clear_trackers();
        apply_requests(world);
        let outcomes = world.resource::<Messages<ItemOutcome>>().iter_current_update_messages().count();
        let told = world.resource::<Outbox>().0.len();
        assert_eq!((outcomes, told), (grabs as usize, grabs as usize - 1), "one answer for each");
        let (items, hands) = (touched::<Item>(&mut bench), touched::<Inventory>(&mut bench));
        assert_eq!((items, hands), (1, 1), "the item and who has it now, of {grabs}");
    }
}

/// Lets each of a crowd ask for pieces of a heap of a kind, all having seen it whole; how many pieces each has got, most first, and
/// how many were told how it is now.
fn divide(key: &str, heap: u32, asked: u32) -> (Vec<u32>, usize) {
    let mut bench = bench();
    let crowd = bench.crowd(1_000);
    let item = bench.put(key, Place::Ground, at(10, 10));
    let entity = bench.entity(item).expect("it lies there");
    set_count(bench.world(), entity, heap);
    let before = bench.pieces();
    let seen = Some(bench.component::<Item>(item).version);
    for who in &crowd {
        bench.world().write_message(ItemRequest { who: *who, seq: 1, act: ItemAct::Take { item, count: asked }, seen });
    }
    apply_requests(bench.world());
    let told = &bench.world().resource::<Outbox>().0;
    let told = told.iter().filter(|told| matches!(told.event, GameEvent::Changed { .. })).count();
    assert_eq!(bench.pieces(), before, "nothing is lost or doubled");
    let mut got: Vec<u32> = crowd.iter().flat_map(|who| bench.held(*who)).map(|held| held.item.count).collect();
    got.sort_unstable_by(|one, other| other.cmp(one));
    (got, told)
}

#[test]
fn each_kind_divides_a_heap_among_a_thousand_as_it_says() {
    let (first, told) = divide("coin", 10, 3);
    assert_eq!((first, told), (vec![3, 3, 3], 0), "coins to who comes first: the last one is too few for anybody");
    let (merged, told) = divide("nail", 50, 3);
    assert_eq!((merged.len(), merged.last(), told), (17, Some(&2), 0), "of nails the last takes what is left");
    let (rejected, told) = divide("relic", 10, 3);
    assert_eq!((rejected, told), (vec![3], 999), "relics to one, and all others are told that seven are left");
}
