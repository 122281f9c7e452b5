//! The promises of the kernel, held against a small world: walkers that roll dice, breed and die.

use std::sync::Arc;

use bevy_app::App;
use bevy_ecs::prelude::*;
use hypogeum_content::Content;
use hypogeum_protocol::{Input, NetId, Seat, codec};
use hypogeum_shard::host::StepPool;
use hypogeum_shard::{
    Command, CommandBody, Dice, Inbox, NetIdOf, NetIds, Purpose, ResourceState, RestoreError, Rows, RowsState, Rules,
    Seed, Shard, ShardApp, ShardConfig, ShardSchedule, ShardSystems, State, StateHash, Tick,
};
use serde::{Deserialize, Serialize};

#[derive(Component, Clone, Copy, Serialize, Deserialize)]
struct Walker {
    x: i32,
    age: u32,
}
impl State for Walker {
    const NAME: &'static str = "walker";
}

#[derive(Component, Clone, Copy, Serialize, Deserialize)]
struct Tired(u32);
impl State for Tired {
    const NAME: &'static str = "tired";
}

#[derive(Resource, Default, Serialize, Deserialize)]
struct Pushed(u64);
impl ResourceState for Pushed {
    const NAME: &'static str = "pushed";
}

/// How often anyone stumbled, by the last digit of its name.
#[derive(Resource, Serialize, Deserialize)]
struct Stumbles(Rows<u32>);
impl Default for Stumbles {
    fn default() -> Self {
        Self(Rows::from(vec![0; 10]))
    }
}
impl ResourceState for Stumbles {
    const NAME: &'static str = "stumbles";
}
impl RowsState for Stumbles {
    type Row = u32;
    fn rows(&self) -> &Rows<u32> {
        &self.0
    }
    fn rows_mut(&mut self) -> &mut Rows<u32> {
        &mut self.0
    }
}

fn count(mut stumbles: MessageReader<Stumbled>, mut counts: ResMut<Stumbles>) {
    for stumble in stumbles.read() {
        if let Some(count) = counts.0.row_mut(stumble.0.0 as usize % 10) {
            *count += 1;
        }
    }
}

#[derive(Message, Clone, Copy)]
struct Stumbled(NetId);

fn obey(inbox: Res<Inbox>, mut pushed: ResMut<Pushed>) {
    for command in &inbox.0 {
        if let CommandBody::Input(input) = command.body {
            pushed.0 = pushed.0.wrapping_mul(31).wrapping_add(u64::from(input.seq));
        }
    }
}

fn walk(
    rules: Res<Rules>,
    tick: Res<Tick>,
    mut walkers: Query<(Entity, &NetIdOf, &mut Walker, Option<&Tired>)>,
    mut stumbles: MessageWriter<Stumbled>,
    mut commands: Commands,
) {
    for (entity, named, mut walker, tired) in &mut walkers {
        let mut dice = rules.dice(*tick, named.0, Purpose::named("walk"));
        walker.x += dice.between(-3, 3);
        walker.age += 1;
        match tired {
            None if dice.chance(500) => {
                commands.entity(entity).insert(Tired(walker.age));
            }
            Some(_) if dice.chance(1_000) => {
                commands.entity(entity).remove::<Tired>();
            }
            _ => {}
        }
        if dice.chance(100) {
            stumbles.write(Stumbled(named.0));
        }
    }
}

fn breed_and_die(
    mut ids: ResMut<NetIds>,
    mut stumbles: MessageReader<Stumbled>,
    walkers: Query<(Entity, &NetIdOf, &Walker)>,
    mut commands: Commands,
) {
    let mut fallen: Vec<NetId> = stumbles.read().map(|stumble| stumble.0).collect();
    fallen.sort_unstable();
    let crowded = walkers.iter().len() > 60;
    for id in fallen {
        if let Some((entity, _, walker)) = walkers.iter().find(|row| row.1.0 == id) {
            commands.entity(entity).despawn();
            commands.spawn((ids.allocate(), Walker { x: walker.x, age: 0 }));
            if !crowded {
                commands.spawn((ids.allocate(), Walker { x: -walker.x, age: 0 }));
            }
        }
    }
}

fn populate(app: &mut App) {
    app.register_state::<Walker>()
        .register_state::<Tired>()
        .register_resource_state::<Pushed>()
        .register_rows_state::<Stumbles>()
        .add_shard_message::<Stumbled>()
        .add_systems(
            ShardSchedule,
            (
                obey.in_set(ShardSystems::Apply),
                walk.in_set(ShardSystems::Move),
                (count, breed_and_die).in_set(ShardSystems::Resolve),
            ),
        );
    for x in 0..40 {
        let named = app.world_mut().resource_mut::<NetIds>().allocate();
        app.world_mut().spawn((named, Walker { x, age: 0 }));
    }
}

fn shard(seed: u64) -> Shard {
    Shard::new(ShardConfig { seed: Seed::numbered(seed), tick_hz: 30, content: Arc::new(Content::default()) }, populate)
}

fn orders(tick: u32) -> Vec<Command> {
    (0..tick % 3)
        .map(|seat| Command {
            seat: Seat(seat as u16),
            body: CommandBody::Input(Input { seq: tick * 10 + seat, ..Input::default() }),
        })
        .collect()
}

fn hashes(shard: &mut Shard, ticks: std::ops::RangeInclusive<u32>) -> Vec<StateHash> {
    ticks.map(|tick| shard.step(&orders(tick))).collect()
}

#[test]
fn the_same_seed_and_commands_give_the_same_hash_on_every_tick() {
    let first = hashes(&mut shard(7), 1..=2_000);
    assert_eq!(first, hashes(&mut shard(7), 1..=2_000), "two runs of one shard differ");
    assert_ne!(first.last(), hashes(&mut shard(8), 1..=2_000).last(), "the seed changes nothing");
}

#[test]
fn a_command_more_changes_the_hash() {
    let (mut with, mut without) = (shard(7), shard(7));
    assert_ne!(with.step(&orders(2)), without.step(&[]), "an applied command left no trace");
}

#[test]
fn a_world_in_which_nobody_has_a_state_yet_is_hashed_and_saved() {
    let config = ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(Content::default()) };
    let empty = || {
        Shard::new(config.clone(), |app| {
            app.register_state::<Walker>().register_resource_state::<Pushed>();
        })
    };
    let mut shard = empty();
    let built = shard.hash();
    let snapshot = shard.snapshot();
    let mut again = empty();
    again.restore(&snapshot).expect("it is of such a world");
    assert_eq!((again.hash(), again.hash_from_nothing()), (built, built), "before its first step");
    assert_eq!(shard.step(&[]), again.step(&[]), "and after it");
    assert_eq!(shard.hash(), shard.hash_from_nothing(), "all the same");
}

#[test]
fn the_running_hash_is_the_hash_worked_out_from_nothing() {
    let mut shard = shard(3);
    for tick in 1..=400 {
        let hash = shard.step(&orders(tick));
        assert_eq!(hash, shard.hash_from_nothing(), "tick {tick}: a change went unnoticed");
    }
}

#[test]
fn a_restored_shard_goes_on_as_if_nothing_had_happened() {
    let mut original = shard(11);
    hashes(&mut original, 1..=500);
    let snapshot = original.snapshot();
    let expected = hashes(&mut original, 501..=1_500);

    let mut fresh = shard(11);
    fresh.restore(&snapshot).expect("a shard reads its own snapshot");
    assert_eq!(fresh.snapshot(), snapshot, "a restored shard saves the same bytes");
    assert_eq!(hashes(&mut fresh, 501..=1_500), expected, "the restored shard went another way");

    original.restore(&snapshot).expect("a shard can go back in time");
    assert_eq!(hashes(&mut original, 501..=1_500), expected, "going back and on again went another way");
}

#[test]
fn a_damaged_or_foreign_snapshot_is_refused() {
    let mut shard = shard(5);
    let snapshot = shard.snapshot();
    for end in [0, 1, 10, snapshot.len() - 1] {
        assert!(matches!(shard.restore(&snapshot[..end]), Err(RestoreError::Damaged(_))), "cut at {end}");
    }
    let mut other =
        Shard::new(ShardConfig { seed: Seed::numbered(5), tick_hz: 30, content: Arc::new(Content::default()) }, |_| {});
    assert!(matches!(other.restore(&snapshot), Err(RestoreError::Columns { .. })), "other state, other columns");
}

/// A snapshot taken apart: format, content, tick, hash, names, columns.
type Parts = (u16, [u8; 32], u32, u64, Vec<u32>, Vec<(String, Vec<u8>)>);

#[test]
fn a_snapshot_whose_names_do_not_rise_is_refused() {
    let mut shard = shard(5);
    let snapshot = shard.snapshot();
    let parts: Parts = codec::decode::<_, { 1 << 20 }>(&snapshot).expect("its layout is known");
    assert_eq!(codec::encode(&parts), snapshot, "taken apart and put together it is the same");
    let mut twice = parts.clone();
    twice.4.insert(5, parts.4[5]);
    let mut back = parts.clone();
    back.4.swap(7, 8);
    let mut nobody = parts.clone();
    nobody.4.insert(0, 0);
    for (what, name, parts) in [("twice", parts.4[5], twice), ("out of order", parts.4[7], back), ("nobody", 0, nobody)]
    {
        let refused = shard.restore(&codec::encode(&parts));
        assert_eq!(refused, Err(RestoreError::Names(NetId(name))), "somebody is named {what}");
    }
    shard.restore(&snapshot).expect("it is still good for a restore");
}

#[test]
fn a_snapshot_changed_anyhow_is_refused_or_restored_and_does_no_worse() {
    const SEED: u64 = 17;
    let mut original = shard(SEED);
    hashes(&mut original, 1..=30);
    let snapshot = original.snapshot();
    let mut other = shard(SEED);
    let mut restored = 0;
    for round in 0..2_000 {
        let mut dice = Dice::new(Seed::numbered(SEED), round, NetId::NONE, Purpose::named("changes"));
        let mut bytes = snapshot.clone();
        for _ in 0..=dice.below(3) {
            if bytes.is_empty() {
                break;
            }
            let at = dice.below(bytes.len() as u32) as usize;
            match dice.below(8) {
                0 => bytes.truncate(at + 1),
                1 => drop(bytes.remove(at)),
                2 => bytes.insert(at, dice.bits() as u8),
                _ => bytes[at] = dice.bits() as u8,
            }
        }
        let told = other.differences(&bytes).is_ok();
        if other.restore(&bytes).is_ok() {
            assert!(told, "seed {SEED}, round {round}: what can be restored can be compared");
            let again = other.snapshot();
            other.restore(&again).unwrap_or_else(|error| panic!("seed {SEED}, round {round}: {error}"));
            assert_eq!(other.snapshot(), again, "seed {SEED}, round {round}: a restored world saves the same bytes");
            restored += 1;
        }
    }
    assert!((1..2_000).contains(&restored), "seed {SEED}: {restored} of 2,000 were still snapshots");
}

#[test]
fn what_differs_from_a_snapshot_is_named_by_type_and_entity() {
    let mut shard = shard(9);
    hashes(&mut shard, 1..=50);
    let snapshot = shard.snapshot();
    assert_eq!(shard.differences(&snapshot), Ok(Vec::new()), "a world is as its own snapshot says");

    let mut query = shard.world_mut().query_filtered::<(Entity, &NetIdOf), With<Walker>>();
    let mut walkers: Vec<(NetId, Entity)> =
        query.iter(shard.world()).map(|(entity, named)| (named.0, entity)).collect();
    walkers.sort_unstable();
    let [(moved, mover), (gone, leaver), ..] = walkers[..] else { panic!("there are walkers") };
    let world = shard.world_mut();
    world.get_mut::<Walker>(mover).expect("it walks").x += 1;
    world.entity_mut(mover).remove::<Tired>();
    let was_tired = world.entity(leaver).contains::<Tired>();
    world.despawn(leaver);
    let named = world.resource_mut::<NetIds>().allocate();
    world.spawn((named, Walker { x: 0, age: 0 }));
    world.resource_mut::<Pushed>().0 += 1;
    world.resource_mut::<Stumbles>().0.all_mut()[3] += 1;

    let found = shard.differences(&snapshot).expect("it is a snapshot of such a world");
    let of = |name| found.iter().find(|difference| difference.column == name).map(|found| found.entities.clone());
    assert_eq!(of("walker"), Some(vec![moved, gone, named.0]), "who moved, who is gone, who came, in order");
    for resource in ["net_ids", "pushed", "stumbles"] {
        assert_eq!(of(resource), Some(vec![NetId::NONE]), "{resource} is nobody's");
    }
    let rested = of("tired").unwrap_or_default();
    assert!(rested.iter().all(|id| [moved, gone].contains(id)), "nobody else rested: {rested:?}");
    assert_eq!(rested.contains(&gone), was_tired, "one who is gone is tired in one of them only");

    shard.restore(&snapshot).expect("a shard can go back in time");
    assert_eq!(shard.differences(&snapshot), Ok(Vec::new()), "and then nothing differs");
}

#[test]
fn differences_from_what_is_no_snapshot_of_such_a_world_are_not_told() {
    let mut shard = shard(9);
    let snapshot = shard.snapshot();
    assert!(
        matches!(shard.differences(&snapshot[1..]), Err(RestoreError::Damaged(_) | RestoreError::Format(_))),
        "cut"
    );
    let mut other =
        Shard::new(ShardConfig { seed: Seed::numbered(9), tick_hz: 30, content: Arc::new(Content::default()) }, |_| {});
    assert!(matches!(other.differences(&snapshot), Err(RestoreError::Columns { .. })), "other state, other columns");
}

#[test]
fn a_forgotten_component_is_found() {
    #[derive(Component)]
    struct Stray;
    let mut shard = shard(1);
    assert_eq!(shard.unregistered(), Vec::<String>::new(), "all of the small world is registered");
    let entity = shard.world_mut().query_filtered::<Entity, With<Walker>>().iter(shard.world()).next();
    shard.world_mut().entity_mut(entity.expect("there are walkers")).insert(Stray);
    assert_eq!(shard.unregistered().len(), 1, "a stray component must be named");
}

#[test]
fn threads_change_nothing() {
    let expected: Vec<Vec<StateHash>> = (0..6).map(|seed| hashes(&mut shard(seed), 1..=300)).collect();
    for threads in [1, 2, 8] {
        let pool = StepPool::new(threads);
        let mut shards: Vec<Shard> = (0..6).map(shard).collect();
        for tick in 1..=300_u32 {
            let commands = orders(tick);
            let crashed = pool.step_all(shards.iter_mut().map(|shard| (shard, commands.as_slice())).collect());
            assert!(!crashed.contains(&true), "no shard panics here");
            for (seed, shard) in shards.iter().enumerate() {
                assert_eq!(
                    shard.hash(),
                    expected[seed][tick as usize - 1],
                    "{threads} threads, seed {seed}, tick {tick}"
                );
            }
        }
    }
}

#[test]
fn a_panic_takes_out_only_its_own_shard() {
    fn break_down(tick: Res<Tick>) {
        assert!(tick.0 < 3, "this shard breaks down on purpose");
    }
    let pool = StepPool::new(2);
    let mut broken = Shard::new(
        ShardConfig { seed: Seed::numbered(1), tick_hz: 30, content: Arc::new(Content::default()) },
        |app| {
            app.add_systems(ShardSchedule, break_down.in_set(ShardSystems::Move));
        },
    );
    let mut sound = shard(1);
    for tick in 1..=3 {
        let crashed = pool.step_all(vec![(&mut broken, &[]), (&mut sound, &[])]);
        assert_eq!(crashed, [tick == 3, false], "tick {tick}");
    }
    assert_eq!(sound.tick(), Tick(3), "its neighbour goes on");
}
