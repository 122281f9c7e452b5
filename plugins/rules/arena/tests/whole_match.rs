//! Whole matches of the shipped modes, played by commands and by brains, looked at from outside.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use bevy_ecs::prelude::{Entity, Or, With, Without};
use hypogeum_arena::{
    MatchClock, MatchSetup, Scores, SeatSetup, Seated, avatar, counts, grant, is_over, layout_hash, map_brief,
    new_match,
};
use hypogeum_combat::{Afflictions, Effect, HarmRequest, Projectile};
use hypogeum_content::Content;
use hypogeum_items::{Container, Inventory, Item, Place};
use hypogeum_protocol::{AccountId, Act, Input, ItemId, ItemState, MatchId, MatchPhase, NetId, Outcome, Seat};
use hypogeum_shard::host::StepPool;
use hypogeum_shard::{Command, CommandBody, Dice, NetIdIndex, NetIdOf, Purpose, Seed, Shard, ShardConfig, StateHash};
use hypogeum_space::{MoveSpeed, Position, turn};

static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
});

/// Seats of a match that is played by commands; half of them begin with a brain.
const SEATS: u16 = 10;

fn play(mode: &str, seed: u64, seats: u64, autopilot: impl Fn(u64) -> bool) -> Shard {
    let item = |number: u64, serial, key: &str| {
        let id = ItemId { origin: ItemId::STARTER_BIT | number, serial };
        Item::brought(id, CONTENT.items.id(key).expect("the item ships"), ItemState::default())
    };
    let seat = |number: u64| SeatSetup {
        account: AccountId(number + 1),
        name: format!("seat {number}"),
        level: 1,
        rating: 1_500,
        autopilot: autopilot(number),
        items: vec![item(number, 0, "rusty_sword"), item(number, 1, "padded_coat"), item(number, 2, "medkit")],
    };
    let mode = CONTENT.modes.id(mode).expect("the mode ships");
    let setup = MatchSetup { match_id: MatchId(9), parties: Vec::new(), mode, seats: (0..seats).map(seat).collect() };
    new_match(ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content: Arc::clone(&CONTENT) }, &setup)
}

fn blitz(seed: u64) -> Shard {
    play("blitz", seed, u64::from(SEATS), |number| number % 2 == 1)
}

fn brains(seed: u64) -> Shard {
    play("blitz", seed, 24, |_| true)
}

fn act(dice: &mut Dice, item: NetId) -> Act {
    match dice.below(6) {
        0 => Act::PickUp { item },
        1 => Act::Loot { container: item },
        2 => Act::Equip { item },
        3 => Act::Unequip { item },
        4 => Act::Drop { item },
        _ => Act::Use { item },
    }
}

/// What a wild crowd orders at a tick: walks and blows, stale inputs, deeds with real and made-up things, comings and
/// goings, the odd one that gives up, and seats that nobody sits in.
fn orders(seed: u64, tick: u32) -> Vec<Command> {
    let mut dice = Dice::new(Seed::numbered(seed), tick, NetId::NONE, Purpose::named("orders"));
    let mut orders = Vec::new();
    for _ in 0..dice.below(3 * u32::from(SEATS)) {
        let seat = Seat(dice.below(u32::from(SEATS) + 2) as u16);
        let body = match dice.below(5_000) {
            0 => CommandBody::Leave,
            1..=60 => CommandBody::Present(dice.chance(5_000)),
            61..=1_000 => {
                let item = NetId(if dice.chance(500) { dice.bits() as u32 } else { dice.below(900) });
                CommandBody::Act {
                    seq: tick,
                    act: act(&mut dice, item),
                    seen: dice.chance(5_000).then(|| dice.below(4)),
                }
            }
            _ => CommandBody::Input(Input {
                seq: tick.saturating_sub(dice.below(3)),
                walk: (tick / 50).wrapping_mul(7_919).wrapping_add(u32::from(seat.0) * 5_003) as u16,
                pace: dice.below(256) as u8,
                aim: dice.bits() as u16,
                ability: dice.below(5) as u8,
            }),
        };
        orders.push(Command { seat, body });
    }
    orders
}

fn hashes(shard: &mut Shard, seed: u64, ticks: std::ops::RangeInclusive<u32>) -> Vec<StateHash> {
    ticks.map(|tick| shard.step(&orders(seed, tick))).collect()
}

/// Each item is in one place that is there, holders count right, and no item is both inside and brought out, or brought
/// out twice.
fn check_items(shard: &mut Shard, about: &str) {
    let world = shard.world_mut();
    let mut seen = BTreeSet::new();
    let mut held: BTreeMap<NetId, u32> = BTreeMap::new();
    for (item, place, at) in world.query::<(&Item, &Place, Option<&Position>)>().iter(world) {
        assert!(seen.insert(item.id), "{about}: item {} is there twice", item.id);
        assert_eq!(at.is_some(), *place == Place::Ground, "{about}: item {} lies exactly on the ground", item.id);
        if let Some(holder) = place.holder() {
            *held.entry(holder).or_default() += 1;
        }
    }
    for (holder, count) in &held {
        let entity = world.resource::<NetIdIndex>().entity(*holder);
        let entity = entity.unwrap_or_else(|| panic!("{about}: items are with {holder}, who is gone"));
        let inventory = world.get::<Inventory>(entity).map(|inventory| inventory.count);
        let known = inventory.or(world.get::<Container>(entity).map(|container| container.count));
        assert_eq!(known, Some(*count), "{about}: {holder} counts what it holds");
    }
    for score in &world.resource::<Scores>().0 {
        for (id, ..) in &score.secured {
            assert!(seen.insert(*id), "{about}: item {id} was brought out and is somewhere else, too");
        }
    }
}

/// What is kept to find things by is what looking at everything finds.
fn check_indexes(shard: &mut Shard, about: &str) {
    let world = shard.world_mut();
    let mut named: Vec<(NetId, Entity)> =
        world.query::<(Entity, &NetIdOf)>().iter(world).map(|(entity, named)| (named.0, entity)).collect();
    named.sort_unstable();
    let mut clinging: BTreeMap<NetId, Vec<NetId>> = BTreeMap::new();
    for (named, effect) in world.query::<(&NetIdOf, &Effect)>().iter(world) {
        clinging.entry(effect.on).or_default().push(named.0);
    }
    let directory: Vec<(NetId, Entity)> = world.resource::<NetIdIndex>().iter().collect();
    assert_eq!(directory, named, "{about}: the directory knows everyone and nobody else");
    for (name, _) in named {
        let mut effects = clinging.remove(&name).unwrap_or_default();
        effects.sort_unstable();
        assert_eq!(world.resource::<Afflictions>().of(name), effects, "{about}: the effects on {name}");
    }
}

#[test]
fn equal_matches_have_equal_hashes_on_each_of_2000_ticks() {
    let first = hashes(&mut blitz(3), 3, 1..=2_000);
    assert_eq!(first, hashes(&mut blitz(3), 3, 1..=2_000), "two runs of one match differ");
    assert_ne!(first.last(), hashes(&mut blitz(4), 3, 1..=2_000).last(), "the seed changes nothing");
    assert_ne!(first.last(), hashes(&mut blitz(3), 4, 1..=2_000).last(), "commands change nothing");
}

#[test]
fn no_change_goes_unnoticed_and_no_item_astray_whatever_is_ordered() {
    for (mode, seed, ticks) in
        [("blitz", 1, 2_300), ("blitz", 2, 2_300), ("skirmish", 3, 960), ("extraction", 4, 1_500)]
    {
        let seats = u64::from(SEATS.min(CONTENT.modes[CONTENT.modes.id(mode).expect("it ships")].players_max as u16));
        let mut shard = play(mode, seed, seats, |number| number % 2 == 1);
        for tick in 1..=ticks {
            let hash = shard.step(&orders(seed, tick));
            if tick % 20 == 0 {
                let about = format!("{mode}, seed {seed}, tick {tick}");
                assert_eq!(hash, shard.hash_from_nothing(), "{about}: a change went unnoticed");
                assert_eq!(shard.unregistered(), Vec::<String>::new(), "{about}: all components are registered");
                check_items(&mut shard, &about);
                check_indexes(&mut shard, &about);
            }
        }
        let clock = *shard.world().resource::<MatchClock>();
        assert_eq!(clock.phase == MatchPhase::Over, mode != "extraction", "{mode}, seed {seed}: short games are over");
    }
}

#[test]
fn a_restored_match_goes_on_as_if_nothing_had_happened() {
    for taken in [40, 700, 1_500] {
        let mut original = blitz(11);
        hashes(&mut original, 11, 1..=taken);
        let snapshot = original.snapshot();
        let expected = hashes(&mut original, 11, taken + 1..=taken + 600);

        let mut fresh = blitz(11);
        fresh.restore(&snapshot).expect("a match reads its own snapshot");
        assert_eq!(fresh.snapshot(), snapshot, "tick {taken}: a restored match saves the same bytes");
        let went = hashes(&mut fresh, 11, taken + 1..=taken + 600);
        assert_eq!(went, expected, "tick {taken}: the restored match went another way");

        original.restore(&snapshot).expect("a match can go back in time");
        let went = hashes(&mut original, 11, taken + 1..=taken + 600);
        assert_eq!(went, expected, "tick {taken}: going back and on again went another way");
    }
}

#[test]
fn threads_change_nothing() {
    const TICKS: u32 = 900;
    let expected: Vec<Vec<StateHash>> = (0..4).map(|seed| hashes(&mut blitz(seed), seed, 1..=TICKS)).collect();
    for threads in [1, 2, 8] {
        let pool = StepPool::new(threads);
        let mut shards: Vec<Shard> = (0..4).map(blitz).collect();
        for tick in 1..=TICKS {
            let commands: Vec<Vec<Command>> = (0..4).map(|seed| orders(seed, tick)).collect();
            let turns = shards.iter_mut().zip(&commands).map(|(shard, orders)| (shard, orders.as_slice()));
            assert!(!pool.step_all(turns.collect()).contains(&true), "tick {tick}: a match panicked");
            for (shard, expected) in shards.iter().zip(&expected) {
                let expected = expected[tick as usize - 1];
                assert_eq!(shard.hash(), expected, "{threads} threads, tick {tick}: one went another way");
            }
        }
    }
}

#[test]
fn a_match_of_brains_ends_with_a_verdict_for_each_and_no_item_lost_or_doubled() {
    let (mut extracted, mut died) = (0, 0);
    for seed in 1..=5 {
        let mut shard = brains(seed);
        while !is_over(shard.world()) {
            shard.step(&[]);
            let tick = shard.tick().0;
            if tick.is_multiple_of(50) {
                check_items(&mut shard, &format!("seed {seed}, tick {tick}"));
            }
            assert!(tick < 5_000, "seed {seed}: a blitz ends");
        }
        check_items(&mut shard, &format!("seed {seed}, the end"));
        let verdicts: Vec<_> = (0..24)
            .map(|seat| grant(shard.world(), Seat(seat)).expect("every seat has a verdict at the end"))
            .collect();
        for verdict in &verdicts {
            let out = verdict.outcome == Outcome::Extracted;
            let behind = verdicts.iter().filter(|other| other.placement < verdict.placement).count();
            assert_eq!(behind + 1, usize::from(verdict.placement), "seed {seed}: places are without gaps");
            let first = verdicts
                .iter()
                .all(|other| !out || other.outcome == Outcome::Extracted || other.placement > verdict.placement);
            assert!(first, "seed {seed}: those who got out stand before those who did not");
            assert!(out || verdict.items_secured.is_empty(), "seed {seed}: who does not get out secures nothing");
            assert!(out || verdict.currency_gained == 0, "seed {seed}: nor is it paid");
            extracted += u32::from(out);
            died += u32::from(verdict.outcome == Outcome::Died);
        }
        assert_eq!(counts(shard.world_mut()).players_alive, 0, "nobody is left inside");
        assert_eq!(shard.hash(), shard.hash_from_nothing(), "no change went unnoticed");
    }
    assert!(extracted > 0 && died > 0, "some get out and some die: {extracted} and {died}");
}

#[test]
fn nothing_moves_but_who_walks_and_what_flies() {
    let mut shard = brains(2);
    let mut places: BTreeMap<NetId, (Position, i32)> = BTreeMap::new();
    while !is_over(shard.world()) {
        shard.step(&[]);
        let tick = shard.tick();
        let world = shard.world_mut();
        let mut query = world.query_filtered::<(&NetIdOf, &Position, Option<&MoveSpeed>), Without<Projectile>>();
        let now: BTreeMap<NetId, (Position, i32)> = query
            .iter(world)
            .map(|(named, at, move_speed)| (named.0, (*at, move_speed.map_or(0, |move_speed| move_speed.speed))))
            .collect();
        for (name, (at, _)) in &now {
            // An item that was dropped again has been nowhere in between.
            if let Some((before, speed)) = places.get(name) {
                let far = if *speed == 0 { 0 } else { speed + 1 };
                assert!(turn::distance(*before, *at) <= far, "{name} leapt at tick {tick:?}");
            }
        }
        places = now;
    }
}

#[test]
fn no_effect_outlives_its_bearer() {
    let mut shard = brains(3);
    let mut orphans: Vec<Entity> = Vec::new();
    let mut ever = 0;
    while !is_over(shard.world()) {
        shard.step(&[]);
        let tick = shard.tick();
        let world = shard.world_mut();
        assert!(orphans.iter().all(|effect| world.get::<Effect>(*effect).is_none()), "one lingers at tick {tick:?}");
        let mut query = world.query::<(Entity, &Effect)>();
        let directory = world.resource::<NetIdIndex>();
        orphans = query.iter(world).filter(|row| directory.entity(row.1.on).is_none()).map(|row| row.0).collect();
        ever = ever.max(query.iter(world).count());
    }
    assert!(ever > 0, "there were effects at all");
}

#[test]
fn the_ground_and_who_lives_there_are_the_same_whoever_plays() {
    /// Everything that stands somewhere and is nobody's avatar, and what each container holds.
    fn inventory_of_the_place(shard: &mut Shard) -> Vec<(NetId, Option<Position>, Option<(Item, Place)>)> {
        let world = shard.world_mut();
        let mut query = world.query_filtered::<(&NetIdOf, Option<&Position>, Option<(&Item, &Place)>), (
            Without<Seated>,
            Or<(With<Position>, With<Item>)>,
        )>();
        let brought = |item: &Item| item.id.origin & ItemId::STARTER_BIT != 0;
        let mut all: Vec<_> = query
            .iter(world)
            .filter(|row| row.2.is_none_or(|(item, _)| !brought(item)))
            .map(|(named, at, item)| (named.0, at.copied(), item.map(|(item, place)| (*item, *place))))
            .collect();
        all.sort_unstable_by_key(|row| row.0);
        all
    }
    for mode in ["blitz", "extraction", "skirmish"] {
        let (mut few, mut many) = (play(mode, 7, 2, |_| false), play(mode, 7, 4, |_| true));
        assert_eq!(layout_hash(few.world()), layout_hash(many.world()), "{mode}: the roster changes nothing");
        assert_eq!(map_brief(few.world()), map_brief(many.world()), "{mode}: nor what is told of the map");
        let there = inventory_of_the_place(&mut few);
        assert_eq!(there, inventory_of_the_place(&mut many), "{mode}: nor who and what is there");
        assert!(!there.is_empty(), "{mode}: something is there");
        let other = play(mode, 8, 2, |_| false);
        assert_ne!(layout_hash(few.world()), layout_hash(other.world()), "{mode}: the seed does");
    }
}

#[test]
fn the_loot_of_a_last_kill_is_not_lost_with_its_killer() {
    // Skirmish hands an NPC's loot to its killer, who falls in the same tick here. Not every kill leaves something.
    let mut dropped = 0;
    for seed in 1..=24 {
        let mut shard = play("skirmish", seed, 2, |_| false);
        while shard.world().resource::<MatchClock>().phase == MatchPhase::Deploy {
            shard.step(&[]);
        }
        let who = avatar(shard.world(), Seat(0)).expect("seat 0 lives");
        let world = shard.world_mut();
        let before = world.query::<&Item>().iter(world).count();
        let npc = world.query::<(&NetIdOf, &hypogeum_npc::Npc)>().iter(world).map(|row| row.0.0).min();
        let npc = npc.expect("somebody lives there");
        world.write_message(HarmRequest { source: who, target: npc, amount: 5_000 });
        world.write_message(HarmRequest { source: NetId::NONE, target: who, amount: u32::MAX });
        shard.step(&[]);
        shard.step(&[]);
        let world = shard.world_mut();
        dropped += world.query::<&Item>().iter(world).count() - before;
        check_items(&mut shard, &format!("seed {seed}, after both fell"));
    }
    assert!(dropped > 0, "some of the kills left something to be lost");
}
