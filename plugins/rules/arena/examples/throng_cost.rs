//! Prints what a step of one world of thousands costs:
//! `cargo run --release -p hypogeum-arena --example throng_cost [players] [ticks] [saturated]`.
//!
//! Everyone walks about, a third at a time chases whoever is nearest, all strike twice a second and take what lies at
//! their feet. `saturated`, everyone strikes and changes its coat in every tick: as many commands as there can be, and
//! all of them mean something.
//! Deciding what they do is not part of what is measured.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::With;
use hypogeum_arena::{MatchSetup, SeatSetup, Seated, counts, new_match};
use hypogeum_content::Content;
use hypogeum_items::{Container, Place, REACH};
use hypogeum_protocol::{AccountId, Act, Input, ItemId, MatchId, NetId, Seat};
use hypogeum_shard::{Command, CommandBody, Dice, Genesis, NetIdIndex, Outbox, Purpose, Seed, Shard};
use hypogeum_space::{Grid, METRE, Position, turn};

/// Ticks before anything is measured: the deploy phase, and the first fights.
const WARM_UP: u32 = 150;
/// How far a fighter looks for someone to fight.
const CHASE: i32 = 12 * METRE;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| arguments.get(at).map(|number| number.parse::<u32>().expect("a number"));
    let (players, ticks) = (number(0).unwrap_or(10_000), number(1).unwrap_or(600));
    let saturated = arguments.get(2).is_some();

    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets");
    let content = Arc::new(Content::load(&assets).expect("the shipped content is good"));
    let setup = setup(&content, players);
    let memory = resident_kib();
    let began = Instant::now();
    let mut shard = new_match(Genesis { seed: Seed::numbered(7), tick_hz: 30, content }, &setup);
    println!("{players} players: built in {:.1} ms, {} KiB of memory", ms(began.elapsed()), resident_kib() - memory);

    let mut steps: Vec<Duration> = Vec::new();
    let (mut commands_sum, mut events_sum) = (0_usize, 0_usize);
    let mut commands = Vec::new();
    for tick in 1..=WARM_UP + ticks {
        commands.clear();
        order(&mut shard, players, tick, saturated, &mut commands);
        let began = Instant::now();
        shard.step(&commands);
        let step = began.elapsed();
        if tick == 1 {
            println!("first step {:.1} ms", ms(step));
        }
        if tick > WARM_UP {
            steps.push(step);
            commands_sum += commands.len();
            events_sum += shard.world().resource::<Outbox>().0.len();
        }
    }
    if std::env::var_os("SLOWEST").is_some() {
        let mut slowest: Vec<(Duration, usize)> = steps.iter().copied().zip(1..).collect();
        slowest.sort_unstable();
        println!("slowest (time, step): {:?}", &slowest[slowest.len().saturating_sub(10)..]);
    }
    let spent: Duration = steps.iter().sum();
    steps.sort_unstable();
    let at = |share: usize| ms(steps[(steps.len() * share / 100).min(steps.len() - 1)]);
    let per_tick = |sum: usize| sum as f64 / steps.len() as f64;
    let per_second = (commands_sum + events_sum) as f64 / spent.as_secs_f64();
    println!(
        "{} steps: mean {:.2} ms, p50 {:.2}, p99 {:.2}, max {:.2}",
        steps.len(),
        ms(spent) / steps.len() as f64,
        at(50),
        at(99),
        at(100)
    );
    println!(
        "a tick: {:.0} commands, {:.0} events; {per_second:.0} of both a second of stepping",
        per_tick(commands_sum),
        per_tick(events_sum)
    );
    println!("{} KiB of memory more than before", resident_kib() - memory);
    let counts = counts(shard.world_mut());
    let names = shard.world().resource::<NetIdIndex>().iter().count();
    let began = Instant::now();
    let bytes = shard.snapshot().len();
    println!(
        "{} players and {} NPCs alive, {names} named entities, {} KiB of state ({:.1} ms to save)",
        counts.players_alive,
        counts.npcs_alive,
        bytes / 1_024,
        ms(began.elapsed())
    );
    let began = Instant::now();
    assert_eq!(shard.hash(), shard.hash_from_nothing(), "a change went unnoticed");
    println!("hash {} ({:.1} ms from nothing)", shard.hash(), ms(began.elapsed()));
}

/// Memory of this process, where the system tells.
fn resident_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Each player with what a new account owns.
fn setup(content: &Content, players: u32) -> MatchSetup {
    let mode = content.modes.id("throng").expect("the mode ships");
    let starters = &content.modes[mode].rewards.starter_items;
    let seat = |number: u32| {
        let account = AccountId(u64::from(number) + 1);
        let item = |(serial, starter): (u32, &hypogeum_content::Link<_>)| {
            (ItemId { origin: ItemId::STARTER_BIT | account.0, serial }, starter.id())
        };
        SeatSetup {
            account,
            name: format!("Player {number}"),
            level: 1 + number % 20,
            rating: 1_500,
            autopilot: false,
            items: (0..).zip(starters).map(item).collect(),
        }
    };
    MatchSetup { match_id: MatchId(1), mode, seats: (0..players).map(seat).collect() }
}

/// What everyone alive orders in a tick.
fn order(shard: &mut Shard, players: u32, tick: u32, saturated: bool, out: &mut Vec<Command>) {
    let world = shard.world_mut();
    let mut avatars = world.query::<(&Seated, &Position, &hypogeum_shard::NetIdOf)>();
    let mut lying = world.query_filtered::<(&hypogeum_shard::NetIdOf, Option<&Container>), bevy_ecs::prelude::Or<(With<Container>, With<Place>)>>();
    let mut places = vec![None; players as usize];
    for (seated, at, named) in avatars.iter(world) {
        places[usize::from(seated.0.0)] = Some((*at, named.0));
    }
    let grid = world.resource::<Grid>();
    // Deriving a seed costs more than a roll: once.
    let seed = Seed::numbered(3);
    for (seat, &(at, name)) in (0_u32..).zip(&places).filter_map(|(seat, place)| Some((seat, place.as_ref()?))) {
        let mut dice = Dice::new(seed, tick / (20 + seat % 20), NetId(seat), Purpose::named("course"));
        let chases = (tick / 300 + seat).is_multiple_of(3);
        let mut nearest: Option<(u64, NetId, Position)> = None;
        grid.near(at, CHASE, |one| {
            if one.id != name && one.radius > 0 {
                let away = (turn::distance_squared(at, one.at), one.id, one.at);
                nearest = Some(nearest.map_or(away, |best| best.min(away)));
            }
        });
        let (mut walk, mut pace) = (dice.bits() as u16, 100);
        let mut aim = walk;
        if let Some((away, _, there)) = nearest {
            let toward = turn::toward(there.x - at.x, there.y - at.y);
            if chases {
                walk = toward;
                pace = if away < (METRE as u64).pow(2) { 0 } else { 100 };
            }
            if chases || (tick + seat).is_multiple_of(15) {
                aim = toward;
            }
        }
        let strikes = saturated || (tick + seat).is_multiple_of(15);
        let ability = if strikes { 1 + (tick / 15 % 3) as u8 } else { 0 };
        let input = Input { seq: tick, walk, pace, aim, ability };
        out.push(Command { seat: Seat(seat as u16), body: CommandBody::Input(input) });
        if saturated {
            let held = hypogeum_items::carried(world, name);
            // The second thing everyone brings.
            if let Some(coat) = held.get(1) {
                let item = coat.name;
                let act = if coat.worn.is_some() { Act::Unequip { item } } else { Act::Equip { item } };
                out.push(Command { seat: Seat(seat as u16), body: CommandBody::Act { seq: tick, act } });
            }
            continue;
        }
        if (tick + seat).is_multiple_of(30) {
            let mut act = None;
            grid.near(at, REACH, |one| {
                if let Ok((named, container)) = lying.get(world, one.entity) {
                    act = Some(match container {
                        Some(_) => Act::Loot { container: named.0 },
                        None => Act::PickUp { item: named.0 },
                    });
                }
            });
            if act.is_none() && (tick / 30 + seat).is_multiple_of(5) {
                let held = hypogeum_items::carried(world, name);
                let item = held.get(seat as usize % held.len().max(1));
                act = item.map(|held| match seat % 4 {
                    0 => Act::Use { item: held.name },
                    1 => Act::Equip { item: held.name },
                    2 => Act::Unequip { item: held.name },
                    _ => Act::Drop { item: held.name },
                });
            }
            if let Some(act) = act {
                out.push(Command { seat: Seat(seat as u16), body: CommandBody::Act { seq: tick, act } });
            }
        }
    }
}
