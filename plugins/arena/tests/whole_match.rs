//! Whole matches of the shipped modes, played by brains and by commands, looked at from outside.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use hypogeum_arena::{
    Extracting, Hazard, MatchClock, MatchSetup, Mine, Scores, SeatSetup, avatar, counts, is_over, layout_hash,
    map_brief, new_match, seat_result,
};
use hypogeum_combat::{HarmRequest, Health};
use hypogeum_content::Content;
use hypogeum_content::def::HazardShape;
use hypogeum_items::{Item, Place};
use hypogeum_protocol::{AccountId, GameEvent, Input, ItemId, MatchId, MatchPhase, NetId, Outcome, Seat};
use hypogeum_shard::{Command, CommandBody, Directory, Genesis, Outbox, Shard};
use hypogeum_space::{METRE, Position, turn};

static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
});

fn play(mode: &str, seed: u64, seats: u64, autopilot: bool) -> Shard {
    let item = |number: u64, serial, key: &str| {
        (ItemId { origin: ItemId::STARTER_BIT | number, serial }, CONTENT.items.id(key).expect("the item ships"))
    };
    let seat = |number: u64| SeatSetup {
        account: AccountId(number + 1),
        name: format!("seat {number}"),
        level: 1,
        rating: 1_500,
        autopilot,
        items: vec![item(number, 0, "rusty_sword"), item(number, 1, "padded_coat"), item(number, 2, "medkit")],
    };
    let mode = CONTENT.modes.id(mode).expect("the mode ships");
    let setup = MatchSetup { match_id: MatchId(9), mode, seats: (0..seats).map(seat).collect() };
    new_match(Genesis { seed, tick_hz: 30, content: Arc::clone(&CONTENT) }, &setup)
}

/// Players who run and strike about, one that comes and goes, and one that gives up.
fn orders(tick: u32, seats: u16) -> Vec<Command> {
    let input = |seat: u16| {
        let walk = (tick / 40).wrapping_mul(7_919).wrapping_add(u32::from(seat) * 5_003) as u16;
        let ability = if tick.is_multiple_of(9) { (tick % 4) as u8 } else { 0 };
        CommandBody::Input(Input { seq: tick, walk, pace: 100, aim: walk, ability })
    };
    let mut orders: Vec<Command> = (0..seats).map(|seat| Command { seat: Seat(seat), body: input(seat) }).collect();
    match tick {
        300 | 900 => orders.push(Command { seat: Seat(1), body: CommandBody::Present(false) }),
        600 => orders.push(Command { seat: Seat(1), body: CommandBody::Present(true) }),
        700 => orders.push(Command { seat: Seat(2), body: CommandBody::GiveUp }),
        _ => {}
    }
    orders
}

/// Each item is in one place that is there, and no item is both inside and brought out, or brought out twice.
fn check_items(shard: &mut Shard, about: &str) {
    let world = shard.world_mut();
    let mut seen = BTreeSet::new();
    for (item, place) in world.query::<(&Item, &Place)>().iter(world) {
        assert!(seen.insert(item.id), "{about}: item {} is there twice", item.id);
        if let Some(holder) = place.holder() {
            let holds = world.resource::<Directory>().entity(holder).is_some();
            assert!(holds, "{about}: item {} is with {holder}, who is gone", item.id);
        }
    }
    for score in &world.resource::<Scores>().0 {
        for (id, _) in &score.secured {
            assert!(seen.insert(*id), "{about}: item {id} was brought out and is somewhere else, too");
        }
    }
}

fn entity(shard: &Shard, who: NetId) -> bevy_ecs::prelude::Entity {
    shard.world().resource::<Directory>().entity(who).expect("it is there")
}

#[test]
fn equal_matches_have_equal_hashes_on_each_of_2000_ticks() {
    let (mut one, mut other) = (play("blitz", 3, 8, false), play("blitz", 3, 8, false));
    let mut restored: Option<Shard> = None;
    for tick in 1..=2_000 {
        let orders = orders(tick, 8);
        let hash = one.step(&orders);
        assert_eq!(hash, other.step(&orders), "both are alike at tick {tick}");
        if let Some(restored) = &mut restored {
            assert_eq!(hash, restored.step(&orders), "the restored one is like them at tick {tick}");
        }
        if tick == 1_000 {
            let mut fresh = play("blitz", 3, 8, false);
            fresh.restore(&one.snapshot()).expect("the snapshot fits");
            restored = Some(fresh);
        }
        if tick % 400 == 0 {
            assert_eq!(hash, one.hash_from_nothing(), "no change went unnoticed up to tick {tick}");
            assert_eq!(one.unregistered(), Vec::<String>::new(), "all components are registered at tick {tick}");
        }
    }
}

#[test]
fn a_match_of_brains_ends_with_a_verdict_for_each_and_no_item_lost_or_doubled() {
    let (mut extracted, mut died) = (0, 0);
    for seed in 1..=3 {
        let mut shard = play("blitz", seed, 24, true);
        while !is_over(shard.world()) {
            shard.step(&[]);
            let tick = shard.tick().0;
            if tick.is_multiple_of(50) {
                check_items(&mut shard, &format!("seed {seed}, tick {tick}"));
            }
            assert!(tick < 5_000, "seed {seed}: a blitz ends");
        }
        check_items(&mut shard, &format!("seed {seed}, the end"));
        for seat in (0..24).map(Seat) {
            let verdict = seat_result(shard.world(), seat).expect("every seat has a verdict");
            assert!((1..=24).contains(&verdict.placement), "seed {seed}: place {} of 24", verdict.placement);
            match verdict.outcome {
                Outcome::Extracted => extracted += 1,
                Outcome::Died => died += 1,
                Outcome::TimedOut => {}
            }
            if verdict.outcome != Outcome::Extracted {
                assert!(verdict.items.is_empty(), "seed {seed}: who does not get out secures nothing");
            }
        }
        assert_eq!(counts(shard.world_mut()).players_alive, 0, "nobody is left inside");
        assert_eq!(shard.hash(), shard.hash_from_nothing(), "no change went unnoticed");
    }
    assert!(extracted > 0 && died > 0, "some get out and some die: {extracted} and {died}");
}

#[test]
fn the_ground_is_the_same_whoever_plays() {
    for mode in ["blitz", "extraction", "skirmish"] {
        let (few, many) = (play(mode, 7, 2, false), play(mode, 7, 4, true));
        assert_eq!(layout_hash(few.world()), layout_hash(many.world()), "{mode}: the roster changes nothing");
        assert_eq!(map_brief(few.world()), map_brief(many.world()), "{mode}: nor what is told of the map");
        assert_ne!(layout_hash(few.world()), layout_hash(play(mode, 8, 2, false).world()), "{mode}: the seed does");
    }
}

#[test]
fn who_gives_up_dies_even_before_the_match_is_live() {
    let mut shard = play("skirmish", 5, 2, false);
    shard.step(&[Command { seat: Seat(0), body: CommandBody::GiveUp }]);
    assert_eq!(seat_result(shard.world(), Seat(0)).map(|verdict| verdict.outcome), Some(Outcome::Died), "it died");
    shard.step(&[Command { seat: Seat(0), body: CommandBody::Input(Input { seq: 9, pace: 100, ..Input::default() }) }]);
    assert_eq!(avatar(shard.world(), Seat(0)), None, "its avatar is gone");
    assert_eq!(seat_result(shard.world(), Seat(1)), None, "the other plays on");
    check_items(&mut shard, "after giving up");
}

/// A skirmish for two with an open exit, seat 0 inside it and extracting.
fn extracting() -> (Shard, NetId) {
    let mut shard = play("skirmish", 5, 2, false);
    let exit = map_brief(shard.world()).exits[0];
    while shard.tick().0 < exit.opens_tick {
        shard.step(&[]);
    }
    let who = avatar(shard.world(), Seat(0)).expect("seat 0 lives");
    let entity = entity(&shard, who);
    *shard.world_mut().get_mut::<Position>(entity).expect("it has a place") = Position { x: exit.x, y: exit.y };
    shard.step(&[]);
    let done_tick = shard.world().get::<Extracting>(entity).expect("it is an avatar").done_tick;
    assert_eq!(done_tick, shard.tick().0 + exit.channel_ticks, "it began with the first tick inside");
    (shard, who)
}

#[test]
fn who_stands_in_an_exit_unhurt_is_out_with_all_it_carries() {
    let (mut shard, who) = extracting();
    let done_tick = shard.world().get::<Extracting>(entity(&shard, who)).expect("it is an avatar").done_tick;
    while shard.tick().0 < done_tick {
        assert_eq!(seat_result(shard.world(), Seat(0)), None, "it is not out before its time");
        shard.step(&[]);
    }
    let verdict = seat_result(shard.world(), Seat(0)).expect("it is out");
    assert_eq!((verdict.outcome, verdict.placement), (Outcome::Extracted, 1), "and first");
    assert_eq!(verdict.items.len(), 3, "with all it brought");
    check_items(&mut shard, "after an extraction");
}

#[test]
fn a_blow_breaks_an_extraction() {
    let (mut shard, who) = extracting();
    shard.world_mut().write_message(HarmRequest { source: NetId::NONE, target: who, amount: 1 });
    shard.step(&[]);
    let entity = entity(&shard, who);
    assert_eq!(shard.world().get::<Extracting>(entity), Some(&Extracting::default()), "it has to begin again");
}

#[test]
fn before_the_match_is_live_nobody_moves_and_nobody_is_hurt() {
    let mut shard = play("blitz", 2, 4, false);
    let who = avatar(shard.world(), Seat(0)).expect("seat 0 lives");
    let entity = entity(&shard, who);
    let start = *shard.world().get::<Position>(entity).expect("it has a place");
    for tick in 1..shard.world().resource::<MatchClock>().ends_tick {
        shard.world_mut().write_message(HarmRequest { source: NetId::NONE, target: who, amount: 5 });
        shard.step(&orders(tick, 4));
    }
    assert_eq!(shard.world().resource::<MatchClock>().phase, MatchPhase::Deploy, "it is about to begin");
    assert_eq!(shard.world().get::<Position>(entity), Some(&start), "nobody has moved");
    let health = shard.world().get::<Health>(entity).expect("it is a fighter");
    assert_eq!(health.hp, health.hp_max, "nobody was hurt");
}

#[test]
fn a_stale_input_is_not_obeyed() {
    let mut shard = play("skirmish", 5, 2, false);
    while shard.world().resource::<MatchClock>().phase == MatchPhase::Deploy {
        shard.step(&[]);
    }
    let who = avatar(shard.world(), Seat(0)).expect("seat 0 lives");
    let entity = entity(&shard, who);
    let aim = |seq, aim| [Command { seat: Seat(0), body: CommandBody::Input(Input { seq, aim, ..Input::default() }) }];
    shard.step(&aim(5, 100));
    shard.step(&aim(4, 200));
    shard.step(&aim(5, 300));
    let heading = shard.world().get::<hypogeum_space::Heading>(entity).expect("it looks somewhere").0;
    assert_eq!(heading, 100, "an older and a repeated input change nothing");
}

#[test]
fn the_loot_of_a_last_kill_is_not_lost_with_its_killer() {
    // Skirmish hands an NPC's loot to its killer, who falls in the same tick here. Not every kill leaves something.
    let mut dropped = 0;
    for seed in 1..=24 {
        let mut shard = play("skirmish", seed, 2, false);
        while shard.world().resource::<MatchClock>().phase == MatchPhase::Deploy {
            shard.step(&[]);
        }
        let who = avatar(shard.world(), Seat(0)).expect("seat 0 lives");
        let world = shard.world_mut();
        let before = world.query::<&Item>().iter(world).count();
        let npc = world.query::<(&hypogeum_shard::Named, &hypogeum_npc::Npc)>().iter(world).map(|row| row.0.0).min();
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

/// Steps with seat 0 held at a place, and adds up what hazards took from it.
fn hurt_at(shard: &mut Shard, at: Position) -> u32 {
    let who = avatar(shard.world(), Seat(0)).expect("seat 0 lives");
    let entity = entity(shard, who);
    *shard.world_mut().get_mut::<Position>(entity).expect("it has a place") = at;
    let mut health = shard.world_mut().get_mut::<Health>(entity).expect("it is a fighter");
    health.hp = health.hp_max;
    shard.step(&[]);
    let by_hazards = shard.world().resource::<Outbox>().0.iter().map(|outgoing| match outgoing.event {
        GameEvent::Damaged { source, target, amount, .. } if target == who && !source.is_some() => amount,
        _ => 0,
    });
    by_hazards.sum()
}

#[test]
fn a_storm_hurts_outside_its_circle_and_not_inside() {
    let mut shard = play("blitz", 4, 2, false);
    let is_storm = |hazard: &Hazard| matches!(CONTENT.hazards[hazard.def].shape, HazardShape::Storm { .. });
    let side = map_brief(shard.world()).side;
    let corner = Position { x: METRE, y: METRE };
    let mut outside = 0;
    for _ in 0..2_100 {
        let world = shard.world_mut();
        let hazards: Vec<(Hazard, Position)> =
            world.query::<(&Hazard, &Position)>().iter(world).map(|(hazard, at)| (*hazard, *at)).collect();
        let storm = hazards.iter().find(|(hazard, _)| is_storm(hazard));
        let reached = storm.is_some_and(|(hazard, at)| turn::distance(*at, corner) > hazard.radius + METRE);
        if !reached {
            // A place apart from everything, until the storm has reached the corner.
            hurt_at(&mut shard, Position { x: side / 2, y: side / 2 });
            continue;
        }
        outside += hurt_at(&mut shard, corner);
        if outside > 0 {
            break;
        }
    }
    assert!(outside > 0, "the corner is outside in the end, and it hurts there");
    let world = shard.world_mut();
    let hazards: Vec<(Hazard, Position)> =
        world.query::<(&Hazard, &Position)>().iter(world).map(|(hazard, at)| (*hazard, *at)).collect();
    let (storm, middle) = *hazards.iter().find(|(hazard, _)| is_storm(hazard)).expect("the storm is there");
    let quiet = |at: &Position| {
        let other = hazards.iter().filter(|(hazard, _)| !is_storm(hazard));
        other.into_iter().all(|(hazard, place)| turn::distance(*place, *at) > hazard.radius + 6 * METRE)
    };
    let spots = (0..64).map(|spot: u16| {
        let (x, y) = turn::step(spot * 1_024, i32::from(spot) * METRE / 2);
        Position { x: middle.x + x, y: middle.y + y }
    });
    let calm = spots.into_iter().find(quiet).expect("some place inside is away from all other dangers");
    assert!(turn::distance(calm, middle) < storm.radius, "it is inside");
    // Old poison may still burn for a while; then two intervals without a blow.
    for _ in 0..150 {
        hurt_at(&mut shard, calm);
    }
    let inside: u32 = (0..60).map(|_| hurt_at(&mut shard, calm)).sum();
    assert_eq!(inside, 0, "inside the circle it does not hurt");
}

#[test]
fn a_mine_goes_off_once() {
    let mut shard = play("blitz", 4, 2, false);
    let lying = |shard: &mut Shard| -> Vec<Position> {
        let world = shard.world_mut();
        world.query::<(&Mine, &Position)>().iter(world).map(|row| *row.1).collect()
    };
    while lying(&mut shard).is_empty() || shard.tick().0 < 200 {
        shard.step(&[]);
    }
    let before = lying(&mut shard);
    assert!(hurt_at(&mut shard, before[0]) > 0, "whoever steps on it is hurt");
    let after = lying(&mut shard);
    assert!(after.len() < before.len() && !after.contains(&before[0]), "it is gone");
    let again: u32 = (0..30).map(|_| hurt_at(&mut shard, before[0])).sum();
    let near = after.iter().filter(|at| turn::distance(**at, before[0]) < 5 * METRE).count();
    assert!(again == 0 || near > 0, "nothing is left that could go off there");
}
