//! Whole matches of teams: nobody is downed and dead or out at once, verdicts stand, and each seat gets one.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use bevy_ecs::prelude::Has;
use hypogeum_arena::{MatchSetup, Scores, SeatSetup, Seated, grant, is_over, new_match};
use hypogeum_combat::{Dead, Downed, HarmRequest, Health};
use hypogeum_content::Content;
use hypogeum_protocol::{AccountId, Act, GameEvent, Input, MatchId, NetId, Outcome, Seat};
use hypogeum_shard::{Command, CommandBody, Dice, Outbox, Purpose, Seed, Shard, ShardConfig};

static CONTENT: LazyLock<Arc<Content>> = LazyLock::new(|| {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    Arc::new(Content::load(&assets).expect("the shipped content is good"))
});

const SEATS: u16 = 18;
/// A trio is over by then.
const TICKS_MAX: u32 = 4_000;

fn trio(seed: u64, autopilot: impl Fn(u64) -> bool) -> Shard {
    let seat = |number: u64| SeatSetup {
        account: AccountId(number + 1),
        name: format!("seat {number}"),
        level: 1,
        rating: 1_500,
        autopilot: autopilot(number),
        items: Vec::new(),
    };
    let setup = MatchSetup {
        match_id: MatchId(9),
        mode: CONTENT.modes.id("trio").expect("it ships"),
        seats: (0..u64::from(SEATS)).map(seat).collect(),
        parties: vec![0, 3, 0, 3, 3, 7, 7],
    };
    let config = ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content: Arc::clone(&CONTENT) };
    new_match(config, &setup)
}

/// What a wild crowd orders: inputs, deeds, comings and goings, and one that gives up now and then.
fn orders(dice: &mut Dice, tick: u32) -> Vec<Command> {
    let count = dice.below(2 * u32::from(SEATS));
    let mut order = || {
        let seat = Seat(dice.below(u32::from(SEATS) + 1) as u16);
        let body = match dice.below(4_000) {
            0 => CommandBody::Leave,
            1..=60 => CommandBody::Present(dice.chance(5_000)),
            61..=400 => CommandBody::Act { seq: tick, act: Act::Use { item: NetId(dice.below(900)) }, seen: None },
            _ => CommandBody::Input(Input {
                seq: tick,
                walk: dice.bits() as u16,
                pace: 100,
                aim: dice.bits() as u16,
                ability: dice.below(4) as u8,
            }),
        };
        Command { seat, body }
    };
    (0..count).map(|_| order()).collect()
}

/// Hurts one of those who are there, by another or by nobody.
fn hurt(shard: &mut Shard, dice: &mut Dice) {
    let avatars: Vec<NetId> = shard.world().resource::<Scores>().0.iter().map(|score| score.avatar).collect();
    let one = |dice: &mut Dice| avatars[dice.below(u32::from(SEATS)) as usize];
    let target = one(dice);
    let source = if dice.chance(2_000) { NetId::NONE } else { one(dice) };
    let amount = 1 + dice.below(400);
    shard.world_mut().write_message(HarmRequest { source, target, amount });
}

/// Whether what the world says of participants goes together.
fn check(shard: &mut Shard, before: &mut Vec<Option<Outcome>>, about: &str) {
    let world = shard.world_mut();
    let outcomes: Vec<Option<Outcome>> = world.resource::<Scores>().0.iter().map(|score| score.outcome).collect();
    for (seat, (old, new)) in before.iter().zip(&outcomes).enumerate() {
        assert!(old.is_none() || old == new, "{about}: the verdict of seat {seat} changed from {old:?} to {new:?}");
    }
    for (seated, health, downed, dead) in world.query::<(&Seated, &Health, Has<Downed>, Has<Dead>)>().iter(world) {
        let seat = seated.0;
        assert!(!(downed && dead), "{about}: {seat:?} is downed and dead");
        let outcome = outcomes[usize::from(seat.0)];
        let is_gone = matches!(outcome, Some(Outcome::Died | Outcome::Extracted));
        assert!(!(downed && is_gone), "{about}: {seat:?} is downed and {outcome:?}");
        assert_eq!(health.hp == 0, dead, "{about}: {seat:?} has {} hit points", health.hp);
    }
    *before = outcomes;
}

#[test]
fn whatever_happens_nobody_is_downed_and_dead_and_everyone_gets_one_verdict() {
    for seed in 1..=8 {
        let mut shard = trio(seed, |number| number % 3 == 0);
        let mut before = Vec::new();
        let (mut falls, mut deaths) = (0, 0);
        while !is_over(shard.world()) {
            let tick = shard.tick().0 + 1;
            assert!(tick < TICKS_MAX, "seed {seed}: a trio ends");
            let mut dice = Dice::new(Seed::numbered(seed), tick, NetId::NONE, Purpose::named("orders"));
            if dice.chance(1_500) {
                hurt(&mut shard, &mut dice);
            }
            let hash = shard.step(&orders(&mut dice, tick));
            let about = format!("seed {seed}, tick {tick}");
            let told = &shard.world().resource::<Outbox>().0;
            falls += told.iter().filter(|told| matches!(told.event, GameEvent::Downed { .. })).count();
            deaths += told.iter().filter(|told| matches!(told.event, GameEvent::Died { .. })).count();
            check(&mut shard, &mut before, &about);
            if tick.is_multiple_of(50) {
                assert_eq!(hash, shard.hash_from_nothing(), "{about}: a change went unnoticed");
                assert_eq!(shard.unregistered(), Vec::<String>::new(), "{about}: all components are registered");
            }
        }
        assert!(falls > 0 && deaths > 0, "seed {seed}: somebody falls, and somebody dies: {falls} and {deaths}");
        for seat in 0..SEATS {
            assert!(grant(shard.world(), Seat(seat)).is_some(), "seed {seed}: seat {seat} gets its verdict");
        }
    }
}

#[test]
fn a_restored_match_of_teams_goes_on_as_if_nothing_had_happened() {
    let mut original = trio(5, |_| true);
    let hashes = |shard: &mut Shard| (0..400).map(|_| shard.step(&[])).collect::<Vec<_>>();
    hashes(&mut original);
    let by = original.world().resource::<Scores>().0[1].avatar;
    let target = original.world().resource::<Scores>().0[0].avatar;
    original.world_mut().write_message(HarmRequest { source: by, target, amount: 100_000 });
    original.step(&[]);
    let snapshot = original.snapshot();
    let expected = hashes(&mut original);
    let mut fresh = trio(5, |_| true);
    fresh.restore(&snapshot).expect("a match reads its own snapshot");
    assert_eq!(hashes(&mut fresh), expected, "the restored match went another way");
}

#[test]
fn autopilots_revive_each_other() {
    let mut revived = 0;
    for seed in 1..=12 {
        let mut shard = trio(seed, |_| true);
        while !is_over(shard.world()) {
            shard.step(&[]);
            let told = &shard.world().resource::<Outbox>().0;
            revived += told.iter().filter(|told| matches!(told.event, GameEvent::Revived { .. })).count();
            assert!(shard.tick().0 < TICKS_MAX, "seed {seed}: a trio ends");
        }
    }
    assert!(revived > 0, "in twelve matches somebody was revived");
}
