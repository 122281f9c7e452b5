//! The host's side: the stages of its tick, and stepping many shards at once.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bevy_app::{App, FixedUpdate, Plugin};
use bevy_ecs::prelude::{
    Commands, Component, Entity, Has, IntoScheduleConfigs, Query, Res, Resource, SystemSet, Without,
};
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
    /// All shards take a step.
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

/// The commands a shard obeys in its next step, in order.
#[derive(Component, Debug, Default)]
#[require(AppliedCommands)]
pub struct ShardInbox(pub Vec<Command>);

/// The commands a shard applied in its last step. They stay until the next step, for anyone who records them.
#[derive(Component, Debug, Default)]
pub struct AppliedCommands(pub Vec<Command>);

/// A shard that is stepped only in ticks in which it has something to obey.
#[derive(Component, Clone, Copy, Debug, Default)]
pub struct OnCommand;

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
            .configure_sets(FixedUpdate, (Receive, Admit, Route, Step, Settle, Replicate, Send, Persist).chain())
            .add_systems(FixedUpdate, step_shards.in_set(Step));
    }
}

type Stepped<'a> = (Entity, &'a mut Shard, &'a mut ShardInbox, &'a mut AppliedCommands, Has<OnCommand>);

fn step_shards(
    pool: Res<StepPool>,
    mut shards: Query<Stepped, (Without<Crashed>, Without<Paused>)>,
    mut commands: Commands,
) {
    let mut entities = Vec::new();
    let mut work = Vec::new();
    for (entity, shard, mut inbox, applied, on_command) in &mut shards {
        if on_command && inbox.0.is_empty() {
            continue;
        }
        let applied = applied.into_inner();
        applied.0.clear();
        std::mem::swap(&mut inbox.0, &mut applied.0);
        entities.push(entity);
        work.push((shard.into_inner(), applied));
    }
    let turns = work.iter_mut().map(|(shard, applied)| (&mut **shard, applied.0.as_slice())).collect();
    for (entity, crashed) in entities.into_iter().zip(pool.step_all(turns)) {
        if crashed {
            tracing::error!(%entity, "a shard panicked and is taken out");
            commands.entity(entity).insert(Crashed);
        }
    }
}
