//! What is asked of games that run, in a tick and between two of them; and what came of it.

use bevy_ecs::prelude::{Entity, Query, Res, ResMut, Without};
use bevy_ecs::system::SystemParam;
use hypogeum_creature_messages::TournamentCommand;
use hypogeum_hosting::{Journal, Promise, Recording};
use hypogeum_protocol::Seat;
use hypogeum_shard::host::{Crashed, ShardInbox, Stepped};
use hypogeum_shard::{Command, CommandBody, Shard};

use crate::config::GamesClock;
use crate::game::{Game, Games, OpenedBy};
use crate::port::{Asked, GameAnswer, GameRefusal, GamesPort, Opened};
use crate::service::OpenGames;

/// Games that are opened in one tick; the others wait for the next.
const OPENED_PER_TICK_MAX: usize = 512;
/// Questions that are taken in one tick, or between two; the others wait for the next. The dearest, the log of a long battle, takes
/// some 50 µs.
const ASKED_PER_TICK_MAX: usize = 512;
const ASKED_BETWEEN_TICKS_MAX: usize = 64;

pub(crate) type Playing<'a> = (&'a mut Game, &'a Shard, &'a mut ShardInbox);

/// Opens the games that are to run.
pub(crate) fn open_asked(
    port: Res<GamesPort>,
    mut opened_by: ResMut<OpenedBy>,
    mut open: OpenGames,
    mut playing: Query<Playing, Without<Crashed>>,
) {
    for _ in 0..OPENED_PER_TICK_MAX {
        let Some(Opened { game, promise }) = port.openings.try_pop() else { return };
        let id = game.id;
        let runs = open.games.0.get(&id).and_then(|entity| playing.get_mut(*entity).ok());
        if let Some((mut game, shard, _)) = runs {
            promise.answer(game.look(shard));
        } else if open.open(game) {
            opened_by.0.push((id, promise));
        } else {
            promise.answer(Err(GameRefusal::Unfit("this server cannot open it".to_owned())));
        }
    }
}

/// Games that can be asked.
#[derive(SystemParam)]
pub(crate) struct AskedGames<'w, 's> {
    port: Res<'w, GamesPort>,
    clock: Res<'w, GamesClock>,
    games: Res<'w, Games>,
    playing: Query<'w, 's, Playing<'static>, Without<Crashed>>,
}

impl AskedGames<'_, '_> {
    /// Answers what can be answered at once, and gives commands to games, of which it tells `told`.
    fn take(&mut self, count_max: usize, mut told: impl FnMut(Entity)) {
        for _ in 0..count_max {
            let Some(asked) = self.port.asked.try_pop() else { return };
            match asked {
                Asked::Look { game, promise } => {
                    let found = self.games.0.get(&game).and_then(|entity| self.playing.get_mut(*entity).ok());
                    let not_running = Err(GameRefusal::NotRunning);
                    promise.answer(found.map_or(not_running, |(mut game, shard, _)| game.look(shard)));
                }
                Asked::Log { game, part, promise } => {
                    let found = self.games.0.get(&game).and_then(|entity| self.playing.get(*entity).ok());
                    let log = found.map(|(game, shard, _)| game.log(shard, part));
                    promise.answer(log.ok_or(GameRefusal::NotRunning));
                }
                Asked::Command { game, by, entrant, command, promise } => {
                    let found = self.games.0.get(&game).copied();
                    let found = found.and_then(|entity| Some((entity, self.playing.get_mut(entity).ok()?)));
                    let Some((entity, (mut game, _, mut inbox))) = found else {
                        promise.answer(Err(GameRefusal::NotRunning));
                        continue;
                    };
                    if !game.is_of(entrant, by) || !may_be_given(command) {
                        promise.answer(Err(GameRefusal::NotYours));
                        continue;
                    }
                    tell_time(&mut game, &mut inbox, self.clock.now_ms());
                    let (seat, seq) = (Seat(entrant.into()), game.wait(promise));
                    inbox.0.push(Command { seat, body: CommandBody::Custom { seq, body: command.encode().into() } });
                    told(entity);
                }
            }
        }
    }

    /// Whether something is left to be asked.
    fn is_more_asked(&self) -> bool {
        !self.port.asked.is_empty()
    }
}

/// Whether people may give a command: what time it is the host says.
const fn may_be_given(command: TournamentCommand) -> bool {
    !matches!(command, TournamentCommand::Clock { .. } | TournamentCommand::Resume { .. })
}

/// Says what time it is, before anything else that a game is told before its next step.
pub(crate) fn tell_time(game: &mut Game, inbox: &mut ShardInbox, now_ms: u64) {
    if inbox.0.is_empty() {
        inbox.0.push(Command { seat: Seat(0), body: CommandBody::Custom { seq: 0, body: game.clock(now_ms) } });
    }
}

/// Takes what was asked; games obey in the step of this tick.
pub(crate) fn take_asked(mut games: AskedGames) {
    games.take(ASKED_PER_TICK_MAX, |_| {});
}

/// Takes what was asked since the last tick; games obey at once.
pub(crate) fn take_between(mut games: AskedGames, mut stepped: ResMut<Stepped>) {
    games.take(ASKED_BETWEEN_TICKS_MAX, |entity| {
        stepped.0.insert(entity);
    });
    if games.is_more_asked() {
        games.port.bell().ring();
    }
}

type Followed<'a> = (&'a mut Game, &'a Shard, Option<&'a Recording>);

/// Looks at the steps that were taken, and answers those whose commands they have obeyed.
pub(crate) fn follow(
    mut journal: ResMut<Journal>,
    stepped: Res<Stepped>,
    mut games: Query<Followed, Without<Crashed>>,
) {
    for (mut game, shard, recording) in games.iter_many_unique_mut(&stepped.0).flatten() {
        answer(&mut journal, game.follow(shard), (shard, recording));
    }
}

/// Answers once the step that a shard has taken would survive a crash.
fn answer(
    journal: &mut Journal,
    answered: Vec<(Promise<GameAnswer>, GameAnswer)>,
    (shard, recording): (&Shard, Option<&Recording>),
) {
    if answered.is_empty() {
        return;
    }
    let Some(recording) = recording else {
        return answered.into_iter().for_each(|(promise, answer)| promise.answer(answer));
    };
    journal.hurry(&recording.recorder);
    recording.recorder.state().when_durable(shard.tick().0, move |is_durable| {
        for (promise, answer) in answered {
            promise.answer(if is_durable { answer } else { Err(GameRefusal::Unavailable) });
        }
    });
}
