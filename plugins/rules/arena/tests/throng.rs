//! One world of ten thousand: it is built, played, saved and ended as any match is.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use hypogeum_arena::{MatchClock, MatchSetup, SeatSetup, Seated, avatar, counts, grant, is_over, map_brief, new_match};
use hypogeum_content::Content;
use hypogeum_items::{Item, carried};
use hypogeum_protocol::{AccountId, Act, Input, ItemId, ItemState, MatchId, MatchPhase, NetId, Outcome, Seat};
use hypogeum_shard::{Command, CommandBody, Dice, NetIds, Purpose, Seed, Shard, ShardConfig, StateHash};
use hypogeum_space::{METRE, Position, turn};

const PLAYERS: u16 = 10_000;

static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
});

fn throng(players: u16) -> Shard {
    let mode = CONTENT.modes.id("throng").expect("the mode ships");
    let starters = &CONTENT.modes[mode].rewards.starter_items;
    let seat = |number: u16| {
        let origin = ItemId::STARTER_BIT | u64::from(number);
        SeatSetup {
            account: AccountId(u64::from(number) + 1),
            name: format!("Player {number}"),
            level: 1,
            rating: 1_500,
            autopilot: false,
            items: (0..)
                .zip(starters)
                .map(|(serial, item)| Item::brought(ItemId { origin, serial }, item.id(), ItemState::default()))
                .collect(),
        }
    };
    let setup = MatchSetup { match_id: MatchId(1), parties: Vec::new(), mode, seats: (0..players).map(seat).collect() };
    new_match(ShardConfig { seed: Seed::numbered(5), tick_hz: 30, content: Arc::clone(&CONTENT) }, &setup)
}

fn live(players: u16) -> Shard {
    let mut shard = throng(players);
    while shard.world().resource::<MatchClock>().phase != MatchPhase::Live {
        shard.step(&[]);
    }
    shard
}

/// Everyone walks and strikes; some do things with what may or may not be an item.
fn orders(shard: &Shard, players: u16, tick: u32) -> Vec<Command> {
    let names = shard.world().resource::<NetIds>().clone().allocate().0.0;
    let mut orders = Vec::new();
    for seat in 0..players {
        let mut dice = Dice::new(Seed::numbered(9), tick, NetId(u32::from(seat)), Purpose::named("orders"));
        let walk = dice.bits() as u16;
        let input = Input { seq: tick, walk, pace: 100, aim: walk, ability: dice.below(4) as u8 };
        orders.push(Command { seat: Seat(seat), body: CommandBody::Input(input) });
        if dice.chance(500) {
            let item = NetId(dice.below(names));
            let act = match dice.below(4) {
                0 => Act::PickUp { item },
                1 => Act::Loot { container: item },
                2 => Act::Drop { item },
                _ => Act::Use { item },
            };
            orders.push(Command { seat: Seat(seat), body: CommandBody::Act { seq: tick, act, seen: None } });
        }
    }
    orders
}

fn played(shard: &mut Shard, players: u16, ticks: u32) -> Vec<StateHash> {
    (0..ticks)
        .map(|_| {
            let orders = orders(shard, players, shard.tick().0 + 1);
            shard.step(&orders)
        })
        .collect()
}

#[test]
fn everyone_begins_armed_and_apart_on_a_map_that_is_told_in_a_breath() {
    let mut shard = throng(PLAYERS);
    let world = shard.world_mut();
    let mut places: Vec<Position> =
        world.query::<(&Seated, &Position)>().iter(world).map(|(_, place)| *place).collect();
    assert_eq!(places.len(), usize::from(PLAYERS), "everyone stands somewhere");
    places.sort_unstable();
    for (index, place) in places.iter().enumerate() {
        let near = places[index + 1..].iter().take_while(|other| other.x - place.x < 7 * METRE);
        for other in near {
            assert!(turn::distance(*place, *other) >= 7 * METRE, "{place:?} and {other:?} are too near");
        }
    }
    for seat in [0, 1, PLAYERS / 2, PLAYERS - 1] {
        let who = avatar(shard.world(), Seat(seat)).expect("it is inside");
        let held = carried(shard.world(), who);
        assert!(held.iter().any(|item| item.worn.is_some()), "seat {seat} wears something of {held:?}");
    }
    let brief = map_brief(shard.world());
    assert!(brief.obstacles.len() <= 120 && brief.pois.len() <= 64 && brief.exits.len() <= 255, "the brief is short");
    shard.step(&[]);
    assert_eq!(shard.hash(), shard.hash_from_nothing(), "all of it is hashed");
}

#[test]
fn it_goes_the_same_way_twice_and_from_a_snapshot() {
    let mut shard = live(PLAYERS);
    played(&mut shard, PLAYERS, 20);
    let snapshot = shard.snapshot();
    let went = played(&mut shard, PLAYERS, 20);
    assert_eq!(shard.hash(), shard.hash_from_nothing(), "no change went unnoticed");
    assert_eq!(shard.unregistered(), Vec::<String>::new(), "all components are registered");
    let mut again = throng(1);
    again.restore(&snapshot).expect("its own build reads it");
    assert_eq!(played(&mut again, PLAYERS, 20), went, "the restored world went another way");
}

#[test]
fn thousands_end_at_once_and_each_has_a_place() {
    let mut shard = live(PLAYERS);
    let quitters: Vec<Command> = (0..PLAYERS)
        .filter(|seat| seat % 2 == 0)
        .map(|seat| Command { seat: Seat(seat), body: CommandBody::Leave })
        .collect();
    shard.step(&quitters);
    let now = counts(shard.world_mut());
    assert_eq!(now.players_alive, u32::from(PLAYERS / 2), "half of them gave up");
    let died = grant(shard.world(), Seat(0)).expect("it has its verdict");
    assert_eq!((died.outcome, died.placement), (Outcome::Died, PLAYERS / 2 + 1), "behind all that are inside");
    assert_eq!(grant(shard.world(), Seat(1)), None, "who is inside has none");
    assert_eq!(avatar(shard.world(), Seat(0)), None, "nor has the dead an avatar");
    let others: Vec<Command> =
        (0..PLAYERS).map(|seat| Command { seat: Seat(seat), body: CommandBody::Leave }).collect();
    shard.step(&[]);
    shard.step(&others);
    assert!(is_over(shard.world()), "nobody is left");
    for seat in 0..PLAYERS {
        let verdict = grant(shard.world(), Seat(seat)).expect("everyone has a verdict");
        let expected = if seat % 2 == 0 { PLAYERS / 2 + 1 } else { 1 };
        assert_eq!(verdict.placement, expected, "seat {seat}: those who gave up later stand before");
    }
}
