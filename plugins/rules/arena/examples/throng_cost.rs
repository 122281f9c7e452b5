//! Prints what a step of one world of thousands costs:
//! `cargo run --release -p hypogeum-arena --example throng_cost [players] [ticks] [saturated]`.
//!
//! Everyone walks about, a third at a time chases the nearest one, all strike twice a second and take what lies at
//! their feet. `saturated`, everyone strikes and changes its coat in every tick: as many commands as there can be, and
//! all of them mean something.
//! Deciding what they do is not part of what is measured.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::{Or, QueryState, With, World};
use hypogeum_arena::{MatchSetup, SeatSetup, Seated, counts, new_match};
use hypogeum_content::Content;
use hypogeum_items::{Container, Item, Place, REACH};
use hypogeum_protocol::{AccountId, Act, Input, ItemId, ItemState, MatchId, NetId, Seat};
use hypogeum_shard::{Command, CommandBody, Dice, NetIdIndex, NetIdOf, Outbox, Purpose, Seed, Shard, ShardConfig};
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
    let mut shard = new_match(ShardConfig { seed: Seed::numbered(7), tick_hz: 30, content }, &setup);
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
    report_times(&mut steps, commands_sum, events_sum);
    println!("{} KiB of memory more than before", resident_kib() - memory);
    report_state(&mut shard);
}

/// Prints how long steps took, and what they were about.
fn report_times(steps: &mut [Duration], commands_sum: usize, events_sum: usize) {
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
}

/// Prints what the shard holds at the end, and what it costs to save and to hash all of it.
fn report_state(shard: &mut Shard) {
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
            let id = ItemId { origin: ItemId::STARTER_BIT | account.0, serial };
            Item::brought(id, starter.id(), ItemState::default())
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
    MatchSetup { match_id: MatchId(1), parties: Vec::new(), mode, seats: (0..players).map(seat).collect() }
}

/// What everyone alive orders in a tick.
fn order(shard: &mut Shard, players: u32, tick: u32, saturated: bool, out: &mut Vec<Command>) {
    let world = shard.world_mut();
    let mut avatars = world.query::<(&Seated, &Position, &NetIdOf)>();
    let mut lying: Lying = world.query_filtered();
    let mut places = vec![None; players as usize];
    for (seated, at, named) in avatars.iter(world) {
        places[usize::from(seated.0.0)] = Some((*at, named.0));
    }
    // Deriving a seed costs more than a roll: once.
    let seed = Seed::numbered(3);
    for (seat, &(at, name)) in (0_u32..).zip(&places).filter_map(|(seat, place)| Some((seat, place.as_ref()?))) {
        let player = Player { seat, name, at, tick };
        let mut say = |body| out.push(Command { seat: Seat(seat as u16), body });
        say(CommandBody::Input(player.steer(world.resource::<Grid>(), seed, saturated)));
        let act = if saturated {
            player.change_coat(world)
        } else if (tick + seat).is_multiple_of(30) {
            player.take(world, &mut lying).or_else(|| player.handle(world))
        } else {
            None
        };
        if let Some(act) = act {
            say(CommandBody::Act { seq: tick, act, seen: None });
        }
    }
}

/// Things that lie about, and which of them are containers.
type Lying = QueryState<(&'static NetIdOf, Option<&'static Container>), Or<(With<Container>, With<Place>)>>;

/// One player in one tick.
struct Player {
    seat: u32,
    name: NetId,
    at: Position,
    tick: u32,
}

impl Player {
    /// Walks a course of its own, or a third of the time after the nearest fighter; strikes twice a second.
    fn steer(&self, grid: &Grid, seed: Seed, saturated: bool) -> Input {
        let Self { seat, tick, .. } = *self;
        let mut dice = Dice::new(seed, tick / (20 + seat % 20), NetId(seat), Purpose::named("course"));
        let chases = (tick / 300 + seat).is_multiple_of(3);
        let (mut walk, mut pace) = (dice.bits() as u16, 100);
        let mut aim = walk;
        if let Some((away, there)) = self.nearest(grid) {
            let toward = turn::toward(there.x - self.at.x, there.y - self.at.y);
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
        Input { seq: tick, walk, pace, aim, ability }
    }

    /// The nearest fighter within [`CHASE`]: its distance squared and its place.
    fn nearest(&self, grid: &Grid) -> Option<(u64, Position)> {
        let mut nearest: Option<(u64, NetId, Position)> = None;
        grid.near(self.at, CHASE, |one| {
            if one.id != self.name && one.radius > 0 {
                let away = (turn::distance_squared(self.at, one.at), one.id, one.at);
                nearest = Some(nearest.map_or(away, |best| best.min(away)));
            }
        });
        nearest.map(|(away, _, there)| (away, there))
    }

    /// Takes its coat off, or puts it on again: the second thing everyone brings.
    fn change_coat(&self, world: &World) -> Option<Act> {
        let held = hypogeum_items::carried(world, self.name);
        let coat = held.get(1)?;
        let item = coat.name;
        Some(if coat.worn.is_some() { Act::Unequip { item } } else { Act::Equip { item } })
    }

    /// Takes what lies at its feet.
    fn take(&self, world: &World, lying: &mut Lying) -> Option<Act> {
        let mut act = None;
        world.resource::<Grid>().near(self.at, REACH, |one| {
            if let Ok((named, container)) = lying.get(world, one.entity) {
                act = Some(match container {
                    Some(_) => Act::Loot { container: named.0 },
                    None => Act::PickUp { item: named.0 },
                });
            }
        });
        act
    }

    /// Now and then does something with what it carries.
    fn handle(&self, world: &World) -> Option<Act> {
        let Self { seat, tick, .. } = *self;
        if !(tick / 30 + seat).is_multiple_of(5) {
            return None;
        }
        let held = hypogeum_items::carried(world, self.name);
        let item = held.get(seat as usize % held.len().max(1))?.name;
        Some(match seat % 4 {
            0 => Act::Use { item },
            1 => Act::Equip { item },
            2 => Act::Unequip { item },
            _ => Act::Drop { item },
        })
    }
}
