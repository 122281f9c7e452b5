//! Games that people enter one by one: those of schedules are opened, and all are started when they are due, or called off.
//!
//! People enter and leave by the HTTP door, in the database. This looks there every second for games that are full or whose time has come.
//! What becomes of each is one transaction of the store: asked twice, or again after a crash, it is the same game, which then runs as
//! any other does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bevy_ecs::prelude::{MessageReader, Res, ResMut, Resource};
use hypogeum_creature_messages::GameId;
use hypogeum_hosting::SeedSource;
use hypogeum_ladders::Ladders;
use hypogeum_sessions::{Drain, HostTick, SessionsConfig, Store, StoreAnswered};
use hypogeum_store::{
    EntriesReply, EntriesRequest, GamesReply, GamesRequest, LadderSeason, Sizes, StartOutcome, StoreReply, StoreRequest,
};

use crate::config::GamesClock;
use crate::kinds::TournamentKinds;
use crate::service::OpenGames;

/// How long after one look at the open games the next is due.
const LOOK_S: u32 = 1;
/// How long the store is left alone that has failed.
const RETRY_S: u32 = 5;
/// Games that are started after one look; the others wait for the next.
const STARTED_AT_ONCE: usize = 256;

/// The kinds of tournaments.
#[derive(Resource, Debug)]
pub(crate) struct Kinds(pub(crate) TournamentKinds);

/// How far the open games are looked at.
#[derive(Resource, Debug, Default)]
pub(crate) struct Entering {
    /// From which tick of the host on the next look is due.
    look_tick: u64,
    /// Whether the answer to a look is to come.
    is_looking: bool,
    /// Games whose start was asked for.
    starting: BTreeSet<GameId>,
    /// Games that were started and could not be played, from which tick on each is to be undone.
    undone: Vec<(GameId, u64)>,
    /// Of each tournament with a schedule the last time for which a game was opened: the database knows it, too, and this spares asking.
    announced: BTreeMap<String, u64>,
}

impl Entering {
    /// What was asked cannot be answered now: it is asked again from a tick of the host on.
    fn put_off(&mut self, request: &EntriesRequest, is_passing: bool, retry_tick: u64) {
        match request {
            EntriesRequest::Due { .. } => (self.is_looking, self.look_tick) = (false, retry_tick),
            // The next look finds it again, where it is still open.
            EntriesRequest::Start { game, .. } => {
                self.starting.remove(game);
                self.look_tick = self.look_tick.max(retry_tick);
            }
            EntriesRequest::Undo { game } if is_passing => self.undone.push((*game, retry_tick)),
            EntriesRequest::Announce(terms) if is_passing => drop(self.announced.remove(&terms.tournament)),
            EntriesRequest::Undo { .. } | EntriesRequest::Announce(_) => {}
        }
    }
}

/// Opens the games of schedules, asks which games are due, and undoes those that cannot be played. A server that ends opens and starts
/// none: the next run does.
pub(crate) fn look(
    (tick, config, clock, drain): (Res<HostTick>, Res<SessionsConfig>, Res<GamesClock>, Res<Drain>),
    kinds: Res<Kinds>,
    mut entering: ResMut<Entering>,
    mut store: ResMut<Store>,
) {
    for (game, _) in entering.undone.extract_if(.., |(_, due)| *due <= tick.0) {
        ask(&mut store, EntriesRequest::Undo { game });
    }
    if entering.is_looking || tick.0 < entering.look_tick || drain.is_begun() {
        return;
    }
    entering.is_looking = true;
    entering.look_tick = tick.0 + config.ticks(LOOK_S);
    let now_s = clock.now_ms() / 1_000;
    for kind in kinds.0.iter() {
        let Some(starts_s) = kind.schedule.and_then(|schedule| schedule.open_at(now_s)) else { continue };
        if entering.announced.insert(kind.key.clone(), starts_s) != Some(starts_s) {
            ask(&mut store, EntriesRequest::Announce(Box::new(kind.scheduled_terms(starts_s))));
        }
    }
    ask(&mut store, EntriesRequest::Due { now_s, count: STARTED_AT_ONCE });
}

fn ask(store: &mut Store, request: EntriesRequest) {
    store.ask(StoreRequest::Games(GamesRequest::Entries(request)));
}

/// Takes what the store answers: games that are due are started, those that are started are opened.
pub(crate) fn take_answers(
    (tick, config, clock): (Res<HostTick>, Res<SessionsConfig>, Res<GamesClock>),
    (kinds, seeds, ladders): (Res<Kinds>, Res<SeedSource>, Res<Ladders>),
    mut answers: MessageReader<StoreAnswered>,
    (mut entering, mut store): (ResMut<Entering>, ResMut<Store>),
    mut open: OpenGames,
) {
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Games(GamesReply::Entries(EntriesReply::Due(due))) => {
                entering.is_looking = false;
                let ladders: Arc<[LadderSeason]> = ladders.seasons(clock.now_s()).into();
                for (game, tournament) in due {
                    if entering.starting.insert(*game) {
                        let sizes = kinds.0.find(tournament).map_or_else(Sizes::default, |kind| kind.sizes);
                        let (now_s, draw) = (clock.now_ms() / 1_000, seeds.draw().to_bytes());
                        let ladders = ladders.clone();
                        ask(&mut store, EntriesRequest::Start { game: *game, now_s, sizes, draw, ladders });
                    }
                }
            }
            StoreReply::Games(GamesReply::Entries(EntriesReply::Started { game, outcome })) => {
                entering.starting.remove(game);
                match outcome {
                    StartOutcome::Runs(running) if open.open((**running).clone()) => {}
                    StartOutcome::Runs(_) => {
                        tracing::error!(game = %game, "a game cannot be played: it is called off");
                        entering.undone.push((*game, tick.0));
                    }
                    StartOutcome::CalledOff => tracing::info!(game = %game, "a game is called off"),
                    StartOutcome::NotDue | StartOutcome::Over => {}
                }
            }
            StoreReply::Failed { request, failure } => {
                if let StoreRequest::Games(GamesRequest::Entries(request)) = &**request {
                    tracing::warn!(%failure, "an open game has to wait");
                    entering.put_off(request, failure.is_passing(), tick.0 + config.ticks(RETRY_S));
                }
            }
            _ => {}
        }
    }
}
