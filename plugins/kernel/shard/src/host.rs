//! The host's side: the stages of its tick, and stepping many shards at once, each at its own rate.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::entity::EntityIndexSet;
use bevy_ecs::prelude::{
    Commands, Component, Entity, IntoScheduleConfigs, Query, Res, ResMut, Resource, SystemSet, Without,
};
use bevy_ecs::schedule::ScheduleLabel;
use bevy_tasks::{Task, TaskPool, TaskPoolBuilder};

use crate::{Command, Shard};

/// The stages of a host tick, in this order.
#[derive(SystemSet, Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostSystems {
    /// What edges have brought is taken over, up to a budget.
    Receive,
    /// Bytes become messages of known sessions; the malformed is refused.
    Admit,
    /// Messages become tickets, choices and commands for shards.
    Route,
    /// All shards that are due take a step.
    Step,
    /// Finished matches become grants; lobbies become matches.
    Settle,
    /// What each client sees is encoded.
    Replicate,
    /// Messages go out to the edges.
    Send,
    /// Orders go out to the database.
    Persist,
}

/// What is done between two ticks where somebody wants an answer sooner: shards that step on command take a step as soon as they
/// are told something. Its stages are those of a tick, as far as it has them: Route, Step, Settle, Persist. Nobody runs it by
/// default; whoever does, runs it on the thread that runs the ticks.
#[derive(ScheduleLabel, Clone, Debug, PartialEq, Eq, Hash)]
pub struct BetweenTicks;

/// Shards that have taken a step in this tick, or between two: whoever follows steps looks at these alone, however many rest.
///
/// In [`BetweenTicks`] they are first those that shall take one: whoever puts something into the inbox of a shard at rest adds it,
/// in Route.
#[derive(Resource, Debug, Default)]
pub struct Stepped(pub EntityIndexSet);

/// The commands a shard obeys in its next step, in order.
#[derive(Component, Debug, Default)]
#[require(AppliedCommands, AtRest, StepPace)]
pub struct ShardInbox(pub Vec<Command>);

/// The commands a shard applied in its last step. They stay until the next step, for anyone who records them.
#[derive(Component, Debug, Default)]
pub struct AppliedCommands(pub Vec<Command>);

/// How the steps of a shard are spread over the ticks of its host: as evenly as whole ticks allow, and exactly as many a second as
/// its rate says. By default it is stepped in every tick.
///
/// ```
/// use hypogeum_shard::host::StepPace;
///
/// let mut pace = StepPace::new(10, 30, 0);
/// let due: Vec<bool> = (0..6).map(|_| pace.tick()).collect();
/// assert_eq!(due, [false, false, true, false, false, true], "every third tick");
/// ```
#[derive(Component, Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepPace {
    shard_hz: u32,
    host_hz: u32,
    /// How much of the next step has passed, of `host_hz`.
    passed: u32,
    is_due: bool,
}

impl Default for StepPace {
    fn default() -> Self {
        Self::new(1, 1, 0)
    }
}

impl StepPace {
    /// A shard of `shard_hz` steps a second on a host of `host_hz` ticks. Shards of other `turn`s step in other ticks,
    /// where there are ticks without a step.
    ///
    /// # Panics
    /// Where the shard is faster than its host, or takes no steps.
    #[must_use]
    pub const fn new(shard_hz: u32, host_hz: u32, turn: u64) -> Self {
        assert!(0 < shard_hz && shard_hz <= host_hz, "a shard takes steps, and not more than its host has ticks");
        // Whole steps apart, so that neighbours fall into neighbouring ticks.
        let passed = (turn % host_hz as u64 * shard_hz as u64 % host_hz as u64) as u32;
        Self { shard_hz, host_hz, passed, is_due: false }
    }

    /// A tick of the host begins. Returns whether the shard takes a step in it.
    pub const fn tick(&mut self) -> bool {
        self.passed += self.shard_hz;
        self.is_due = self.passed >= self.host_hz;
        if self.is_due {
            self.passed -= self.host_hz;
        }
        self.is_due
    }

    /// Whether the shard takes a step in this tick.
    #[must_use]
    pub const fn is_due(&self) -> bool {
        self.is_due
    }
}

/// Whether a shard is stepped only in ticks in which it has something to obey: time does not pass in it otherwise.
#[derive(Component, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtRest(pub bool);

/// A shard that is not stepped for now: its world stands still.
#[derive(Component, Debug)]
pub struct Paused;

/// A shard whose step panicked. It is never stepped again; its owner decides what becomes of it.
#[derive(Component, Debug)]
pub struct Crashed;

/// The threads that step shards.
#[derive(Resource)]
pub struct StepPool(TaskPool);

impl StepPool {
    /// A pool of so many threads; with one, the tick's own thread does the work.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self(TaskPoolBuilder::new().num_threads(threads).thread_name("step".to_owned()).build())
    }

    /// How many threads there are.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.0.thread_num().max(1)
    }

    /// Does `work` with each item, on all threads where there is more than one item, and waits for all.
    pub fn each<T: Send>(&self, items: Vec<T>, work: impl Fn(T) + Sync) {
        if items.len() < 2 || self.threads() < 2 {
            return items.into_iter().for_each(work);
        }
        let work = &work;
        self.0.scope(|scope| {
            for item in items {
                scope.spawn(async move { work(item) });
            }
        });
    }

    /// Does something on these threads and tells when it is done; anyone who asks does not wait.
    pub fn later<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Task<T> {
        self.0.spawn(async move { work() })
    }

    /// Steps each shard once with its commands; the result says which of them panicked, in the order given.
    pub fn step_all(&self, shards: Vec<(&mut Shard, &[Command])>) -> Vec<bool> {
        let step = |shard: &mut Shard, commands: &[Command]| {
            // A shard that panics half-way is never used again, so its broken state is seen by nobody.
            catch_unwind(AssertUnwindSafe(|| {
                shard.step(commands);
            }))
            .is_err()
        };
        if shards.len() < 2 {
            return shards.into_iter().map(|(shard, commands)| step(shard, commands)).collect();
        }
        self.0.scope(|scope| {
            for (shard, commands) in shards {
                scope.spawn(async move { step(shard, commands) });
            }
        })
    }
}

/// Lays the stages of a tick into `FixedUpdate` and steps shards in theirs.
#[derive(Clone, Copy, Debug)]
pub struct ShardHostPlugin {
    /// Threads that step shards, 1–64.
    pub step_threads: usize,
}

impl Plugin for ShardHostPlugin {
    fn build(&self, app: &mut App) {
        use HostSystems::{Admit, Persist, Receive, Replicate, Route, Send, Settle, Step};
        app.insert_resource(StepPool::new(self.step_threads))
            .init_resource::<Stepped>()
            .configure_sets(FixedUpdate, (Receive, Admit, Route, Step, Settle, Replicate, Send, Persist).chain())
            .add_systems(FixedUpdate, (keep_pace.before(Receive), step_shards.in_set(Step)))
            .init_schedule(BetweenTicks)
            .configure_sets(BetweenTicks, (Route, Step, Settle, Persist).chain())
            .add_systems(BetweenTicks, (forget_stepped.before(Route), step_between.in_set(Step)));
    }
}

fn keep_pace(mut paces: Query<&mut StepPace>) {
    for mut pace in &mut paces {
        pace.tick();
    }
}

type Stepping<'a> = (Entity, &'a mut Shard, &'a mut ShardInbox, &'a mut AppliedCommands, &'a StepPace, &'a AtRest);
type Steps = (Without<Crashed>, Without<Paused>);

/// Shards that take a step, with what they obey in it.
#[derive(Default)]
struct Due<'a> {
    entities: Vec<Entity>,
    work: Vec<(&'a mut Shard, &'a mut AppliedCommands)>,
}

impl<'a> Due<'a> {
    fn add(&mut self, entity: Entity, shard: &'a mut Shard, inbox: &mut ShardInbox, applied: &'a mut AppliedCommands) {
        applied.0.clear();
        std::mem::swap(&mut inbox.0, &mut applied.0);
        self.entities.push(entity);
        self.work.push((shard, applied));
    }

    fn step(mut self, pool: &StepPool, commands: &mut Commands) {
        let turns = self.work.iter_mut().map(|(shard, applied)| (&mut **shard, applied.0.as_slice())).collect();
        for (entity, crashed) in self.entities.into_iter().zip(pool.step_all(turns)) {
            if crashed {
                tracing::error!(%entity, "a shard panicked and is taken out");
                commands.entity(entity).insert(Crashed);
            }
        }
    }
}

fn step_shards(
    (pool, mut stepped): (Res<StepPool>, ResMut<Stepped>),
    mut shards: Query<Stepping, Steps>,
    mut commands: Commands,
) {
    let mut due = Due::default();
    for (entity, shard, mut inbox, applied, pace, rest) in &mut shards {
        if pace.is_due() && !(rest.0 && inbox.0.is_empty()) {
            due.add(entity, shard.into_inner(), &mut inbox, applied.into_inner());
        }
    }
    stepped.0.clear();
    stepped.0.extend(due.entities.iter().copied());
    due.step(&pool, &mut commands);
}

fn forget_stepped(mut stepped: ResMut<Stepped>) {
    stepped.0.clear();
}

fn step_between(
    (pool, stepped): (Res<StepPool>, Res<Stepped>),
    mut shards: Query<Stepping, Steps>,
    mut commands: Commands,
) {
    let mut due = Due::default();
    for (entity, shard, mut inbox, applied, _, rest) in shards.iter_many_unique_mut(&stepped.0).flatten() {
        if rest.0 && !inbox.0.is_empty() {
            due.add(entity, shard.into_inner(), &mut inbox, applied.into_inner());
        }
    }
    due.step(&pool, &mut commands);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use hypogeum_protocol::Seat;

    use super::*;
    use crate::{CommandBody, Seed, ShardConfig};

    #[test]
    fn a_second_has_as_many_steps_as_the_rate_says_and_they_lie_evenly() {
        let rates = (1..=60_u32).flat_map(|host_hz| (1..=host_hz).map(move |shard_hz| (shard_hz, host_hz)));
        for ((shard_hz, host_hz), turn) in rates.zip((0..).step_by(7)) {
            let mut pace = StepPace::new(shard_hz, host_hz, turn);
            let due: Vec<bool> = (0..4 * host_hz).map(|_| pace.tick()).collect();
            for second in due.windows(host_hz as usize) {
                let steps = second.iter().filter(|due| **due).count();
                assert_eq!(steps, shard_hz as usize, "{shard_hz} under {host_hz}: {second:?}");
            }
            let at: Vec<u32> = (0..4 * host_hz).filter(|tick| due[*tick as usize]).collect();
            let apart = host_hz / shard_hz..=host_hz.div_ceil(shard_hz);
            let is_even = at.windows(2).all(|steps| apart.contains(&(steps[1] - steps[0])));
            assert!(is_even, "{shard_hz} under {host_hz}: {at:?}");
        }
    }

    #[test]
    fn a_shard_at_rest_takes_a_step_when_it_has_something_to_obey() {
        let mut app = App::new();
        app.add_plugins(ShardHostPlugin { step_threads: 1 });
        let config = ShardConfig { content: Arc::default(), seed: Seed::numbered(7), tick_hz: 10 };
        let shard = Shard::new(config, |_| {});
        let entity = app.world_mut().spawn((shard, ShardInbox::default(), AtRest(true))).id();
        let ticks = |app: &mut App, waiting: usize| {
            let command = Command { seat: Seat(0), body: CommandBody::Leave };
            app.world_mut().get_mut::<ShardInbox>(entity).expect("it has one").0 = vec![command; waiting];
            app.world_mut().run_schedule(FixedUpdate);
            app.world().get::<Shard>(entity).expect("it is there").tick().0
        };
        let before = ticks(&mut app, 0);
        assert_eq!(ticks(&mut app, 0), before, "time stands still");
        assert_eq!(ticks(&mut app, 2), before + 1, "one step for all there is to obey");
        app.world_mut().entity_mut(entity).insert(AtRest(false));
        assert_eq!(ticks(&mut app, 0), before + 2, "and each tick once it is awake");
    }

    #[test]
    fn a_shard_at_rest_that_is_told_something_takes_a_step_between_ticks() {
        let mut app = App::new();
        app.add_plugins(ShardHostPlugin { step_threads: 1 });
        let shard =
            || Shard::new(ShardConfig { content: Arc::default(), seed: Seed::numbered(7), tick_hz: 10 }, |_| {});
        let told = || ShardInbox(vec![Command { seat: Seat(0), body: CommandBody::Leave }]);
        let [called, not_called, awake] =
            [true, true, false].map(|rests| app.world_mut().spawn((shard(), told(), AtRest(rests))).id());
        let call = move |mut stepped: ResMut<Stepped>| stepped.0.extend([called, awake]);
        app.add_systems(BetweenTicks, call.in_set(HostSystems::Route));
        app.world_mut().run_schedule(BetweenTicks);
        let ticks = |app: &App| {
            [called, not_called, awake].map(|id| app.world().get::<Shard>(id).expect("it is there").tick().0)
        };
        assert_eq!(ticks(&app), [1, 0, 0], "time passes in ticks alone, but for who is at rest and was called");
        app.world_mut().run_schedule(BetweenTicks);
        assert_eq!(ticks(&app), [1, 0, 0], "what it was told it has obeyed");
        app.world_mut().run_schedule(FixedUpdate);
        assert_eq!(ticks(&app), [1, 1, 1], "the others in the tick");
    }

    #[test]
    fn neighbours_of_one_rate_fall_into_neighbouring_ticks() {
        let mut paces: Vec<StepPace> = (0..30).map(|turn| StepPace::new(10, 30, turn)).collect();
        for tick in 0..9 {
            let due = paces.iter_mut().map(StepPace::tick).filter(|due| *due).count();
            assert_eq!(due, 10, "a third of them in tick {tick}");
        }
    }
}
