//! The service itself: people get in line, are found, and battles begin by the store.

use bevy_ecs::prelude::{MessageReader, Res, ResMut, Resource};
use hypogeum_sessions::{Drain, HostTick, SessionsConfig, Store, StoreAnswered};
use hypogeum_store::{EntriesReply, GamesReply, GamesRequest, RatedStart, StoreReply, StoreRequest};

use crate::line::Line;
use crate::port::{Asked, LaddersPort, QueueError};
use hypogeum_leaderboards::UnixClock;

/// Questions that are taken in one tick; the others wait for the next.
const ASKED_PER_TICK_MAX: usize = 512;
/// Battles that are asked for in one tick: the others are found in the next.
const FORMED_PER_TICK_MAX: usize = 32;
/// How long the store is left alone that has failed.
const RETRY_S: u32 = 2;
/// How often is looked who has vanished.
const SWEEP_S: u32 = 1;

/// The line, and battles that wait for a store that has failed.
#[derive(Resource, Debug)]
pub(crate) struct Queue {
    pub(crate) line: Line,
    later: Vec<(u64, RatedStart)>,
    sweep_tick: u64,
}

impl Queue {
    pub(crate) const fn new(line: Line) -> Self {
        Self { line, later: Vec::new(), sweep_tick: 0 }
    }
}

/// Takes what was asked.
pub(crate) fn take_asked(
    (port, clock, tick, draining): (Res<LaddersPort>, Res<UnixClock>, Res<HostTick>, Res<Drain>),
    mut queue: ResMut<Queue>,
) {
    for _ in 0..ASKED_PER_TICK_MAX {
        let Some(asked) = port.0.try_pop() else { return };
        match asked {
            Asked::Join { promise, .. } if draining.is_begun() => promise.answer(Err(QueueError::Draining)),
            Asked::Join { wanted, promise } => promise.answer(queue.line.join(wanted, tick.0, clock.now_s())),
            Asked::Leave { account, promise } => promise.answer(queue.line.leave(account)),
            Asked::Look { account, promise } => promise.answer(Ok(queue.line.look(account, tick.0))),
        }
    }
}

/// Asks the store to begin the battles of those who were found.
pub(crate) fn form(
    (tick, config, draining): (Res<HostTick>, Res<SessionsConfig>, Res<Drain>),
    mut queue: ResMut<Queue>,
    mut store: ResMut<Store>,
) {
    let queue = &mut *queue;
    let mut starts: Vec<RatedStart> =
        queue.later.extract_if(.., |(due, _)| *due <= tick.0).map(|(_, start)| start).collect();
    if !draining.is_begun() {
        let draw_key = || format!("{:032x}", rand::random::<u128>());
        starts.extend(queue.line.form(tick.0, FORMED_PER_TICK_MAX, draw_key));
    }
    for start in starts {
        store.ask(StoreRequest::Games(GamesRequest::StartRated(start)));
    }
    if queue.sweep_tick <= tick.0 {
        queue.sweep_tick = tick.0 + config.ticks(SWEEP_S);
        queue.line.sweep(tick.0);
    }
}

/// Takes what the store answers. Shards of battles that have begun are opened by the service that runs games.
pub(crate) fn take_answers(
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    mut answers: MessageReader<StoreAnswered>,
    mut queue: ResMut<Queue>,
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Games(GamesReply::RatedStarted { key, game }) => queue.line.started(key, game.id, tick.0),
            StoreReply::Games(GamesReply::RatedRefused { key, refused }) => queue.line.refused(key, refused, tick.0),
            StoreReply::Games(GamesReply::Settled(game)) => queue.line.over(*game),
            StoreReply::Games(GamesReply::Entries(EntriesReply::Undone(game))) => queue.line.undone(*game, tick.0),
            StoreReply::Failed { request, failure } => {
                let StoreRequest::Games(GamesRequest::StartRated(start)) = &**request else { continue };
                if failure.is_passing() {
                    // Whether it was done is not known: it is asked again by its key.
                    queue.later.push((tick.0 + config.ticks(RETRY_S), start.clone()));
                } else {
                    tracing::error!(ladder = start.ladder, %failure, "a rated battle cannot begin");
                    queue.line.failed(&start.key, tick.0);
                }
            }
            _ => {}
        }
    }
}
