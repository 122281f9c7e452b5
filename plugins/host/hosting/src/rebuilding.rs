//! A shard that panicked: its world is built again beside the ticks, from its log, up to the last good step, and offered the
//! step that failed once more, without the command at which it panicked.
//!
//! The state of a shard that panicked cannot be trusted, so it is dropped at once; nothing happens in the shard meanwhile. Where no
//! seat's commands are to blame, or when it panics again, it is [`Stuck`]; where it cannot be built again, it is [`Lost`]. The
//! crate that opened it decides what becomes of it then.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::{self, Builder, JoinHandle};
use std::time::{Duration, Instant};

use bevy_ecs::prelude::{Commands, Component, Entity, Query, Res, ResMut, With, Without};
use hypogeum_journal::{JournalFolder, LogError, Recorder, SnapshotEntry, Tail, resume};
use hypogeum_sessions::Counters;
use hypogeum_shard::host::{AppliedCommands, Crashed, Paused, Stepped};
use hypogeum_shard::{Command, Rules, Shard, ShardKinds};

use crate::hosted::HostedShard;
use crate::offender::{StepAttempt, try_again};
use crate::recording::{Journal, Recording};
use crate::replicate;

/// Shards built again at once; others wait for their turn.
const THREADS_MAX: usize = 2;
/// A shard that has gone on for so many seconds of its own after it was built again is built again another time: an open one may
/// live for months, and a crash costs it one command.
const FORGIVEN_S: u32 = 60;
/// How long a log is read again that does not have what is durable, and how often.
const READ_PATIENCE: Duration = Duration::from_secs(5);
const READ_AGAIN: Duration = Duration::from_millis(20);

/// A shard that is being built again.
#[derive(Component, Debug)]
pub(crate) struct Rebuilding {
    /// What was commanded in the step that failed.
    commands: Vec<Command>,
    /// It was built again shortly before: the step that failed is not offered again.
    is_last: bool,
    /// `None` until all that happened in it is on the disk.
    work: Option<JoinHandle<Rebuilt>>,
}

/// A shard that was built again: another panic soon after it ends it.
#[derive(Component, Debug)]
pub(crate) struct WasRebuilt {
    /// After this step.
    tick: u32,
}

impl WasRebuilt {
    /// Whether a shard that crashes after step `tick` has not gone on for [`FORGIVEN_S`].
    fn is_recent(&self, tick: u32, tick_hz: u32) -> bool {
        tick.saturating_sub(self.tick) < FORGIVEN_S * tick_hz
    }
}

/// A shard whose world stands after its last good step and cannot go on.
#[derive(Component, Clone, Copy, Debug)]
pub struct Stuck;

/// What became of a shard that was built again.
#[derive(Debug)]
enum Rebuilt {
    /// Its world after the step that had failed.
    GoesOn(StepAttempt, Box<Shard>),
    /// Its world before that step, which cannot be taken.
    Stuck(Box<Shard>),
    /// It cannot be built again, and why.
    Lost(String),
}

/// A shard that panicked and that cannot be built again: it has no world any more.
#[derive(Component, Clone, Copy, Debug)]
pub struct Lost;

type CrashedShard<'a> =
    (Entity, &'a HostedShard, &'a Shard, &'a mut AppliedCommands, Option<&'a Recording>, Option<&'a WasRebuilt>);

/// Takes shards away that have panicked, and has them built again where they are recorded.
pub(crate) fn take_out_crashed(
    (mut journal, mut counters): (ResMut<Journal>, ResMut<Counters>),
    mut shards: Query<CrashedShard, With<Crashed>>,
    mut commands: Commands,
) {
    for (entity, hosted, shard, mut applied, recording, was_rebuilt) in &mut shards {
        counters.matches_crashed += 1;
        let mut entity = commands.entity(entity);
        entity.remove::<(Shard, Crashed)>().insert(Paused);
        let Some(recording) = recording else {
            tracing::error!(shard = %hosted.id, "a shard crashed and has no log");
            entity.insert(Lost);
            continue;
        };
        tracing::error!(shard = %hosted.id, after_tick = recording.recorded_tick(), "a shard crashed");
        journal.hurry(&recording.recorder);
        let commands = std::mem::take(&mut applied.0);
        let (tick, tick_hz) = (recording.recorded_tick(), shard.world().resource::<Rules>().tick_hz);
        let is_last = was_rebuilt.is_some_and(|before| before.is_recent(tick, tick_hz));
        entity.insert(Rebuilding { commands, is_last, work: None });
    }
}

type RebuiltShard<'a> = (Entity, &'a HostedShard, &'a Recording, &'a mut AppliedCommands, &'a mut Rebuilding);

/// Begins to build shards again whose last good step is on the disk, and lets those go on that are built.
pub(crate) fn go_on_rebuilt(
    (journal, kinds, mut counters): (Res<Journal>, Res<ShardKinds>, ResMut<Counters>),
    mut stepped: ResMut<Stepped>,
    mut shards: Query<RebuiltShard, Without<Lost>>,
    mut commands: Commands,
) {
    let mut threads = shards.iter().filter(|(.., rebuilding)| rebuilding.work.is_some()).count();
    for (entity, hosted, recording, mut applied, mut rebuilding) in &mut shards {
        if rebuilding.work.is_none() {
            let is_on_disk = recording.recorder.state().durable_tick() >= recording.recorded_tick();
            if is_on_disk && threads < THREADS_MAX {
                let commands = (!rebuilding.is_last).then(|| rebuilding.commands.clone());
                let log = journal.logs().map(|logs| (logs, recording.recorder.clone()));
                let tick = recording.recorded_tick();
                let kinds = kinds.clone();
                let work = move || rebuild(&kinds, log, tick, commands.as_deref());
                // Without a thread now there may be one next time: the commands are still there for it.
                rebuilding.work = Builder::new().name("rebuild".to_owned()).spawn(work).ok();
                threads += usize::from(rebuilding.work.is_some());
            }
            continue;
        }
        let Some(work) = rebuilding.work.take_if(|work| work.is_finished()) else { continue };
        let lost = |_| Rebuilt::Lost("its thread panicked".to_owned());
        let mut entity = commands.entity(entity);
        match work.join().unwrap_or_else(lost) {
            Rebuilt::GoesOn(attempt, shard) => {
                let tick = shard.tick().0;
                for Command { seat, body } in &attempt.dropped {
                    tracing::error!(shard = %hosted.id, tick, seat = seat.0, command = ?body, "a command is dropped: the shard crashed at it");
                }
                tracing::warn!(shard = %hosted.id, tick, dropped = attempt.dropped.len(), "a shard was built again and goes on");
                counters.matches_rebuilt += 1;
                counters.commands_dropped += attempt.dropped.len() as u64;
                // This tick's step was taken already, so it is recorded and shown as any other.
                applied.0 = attempt.commands;
                stepped.0.insert(entity.id());
                entity.remove::<(Paused, Rebuilding)>().insert((*shard, WasRebuilt { tick }));
                entity.queue(replicate::show_other_world());
            }
            Rebuilt::Stuck(shard) => {
                tracing::error!(shard = %hosted.id, "a shard that crashed cannot go on");
                // It stays held.
                entity.remove::<Rebuilding>().insert((*shard, Stuck));
                entity.queue(replicate::show_other_world());
            }
            Rebuilt::Lost(why) => {
                tracing::error!(shard = %hosted.id, why, "a shard that crashed cannot be built again");
                entity.remove::<Rebuilding>().insert(Lost);
            }
        }
    }
}

/// Builds the world of a log after step `tick`, its last, and takes the step that has failed with as much of `commands` as
/// will do. Without commands no step is taken.
fn rebuild(
    kinds: &ShardKinds,
    log: Option<(JournalFolder, Recorder)>,
    tick: u32,
    commands: Option<&[Command]>,
) -> Rebuilt {
    let Some((logs, recorder)) = log else { return Rebuilt::Lost("there is no log".to_owned()) };
    let mut tail = match read(&logs, &recorder, tick) {
        Ok(tail) => tail,
        Err(error) => return Rebuilt::Lost(error.to_string()),
    };
    let built = catch_unwind(AssertUnwindSafe(|| resume(kinds, &tail)));
    let mut found = match built {
        Ok(Ok(found)) if found.shard.tick().0 == tick => found,
        Ok(Ok(found)) => return Rebuilt::Lost(format!("its log ends with step {} of {tick}", found.shard.tick().0)),
        Ok(Err(error)) => return Rebuilt::Lost(error.to_string()),
        Err(_) => return Rebuilt::Lost("it panics before its last good step".to_owned()),
    };
    let Some(commands) = commands else { return Rebuilt::Stuck(Box::new(found.shard)) };
    // Every attempt begins at the last good step, and not further back.
    if tick > 0 {
        tail.snapshot = Some(SnapshotEntry { tick, hash: found.hash, bytes: found.shard.snapshot() });
        tail.ticks.clear();
    }
    match try_again(|| resume(kinds, &tail).ok().map(|found| found.shard), commands) {
        Some((attempt, shard)) => Rebuilt::GoesOn(attempt, Box::new(shard)),
        None => Rebuilt::Stuck(Box::new(found.shard)),
    }
}

/// Reads a log that is being written up to step `tick`. Its first bytes may still be on their way, segments just change their
/// place, or it goes on in its next part: it is tried for a while.
fn read(logs: &JournalFolder, recorder: &Recorder, tick: u32) -> Result<Tail, LogError> {
    let began = Instant::now();
    loop {
        match Tail::read(&logs.running_log(recorder.log_id())) {
            Ok(tail) if tail.tick() >= tick => return Ok(tail),
            result if began.elapsed() >= READ_PATIENCE => return result,
            _ => thread::sleep(READ_AGAIN),
        }
    }
}
