//! The service itself: games are opened, told what people want and what time it is, and settled.

use bevy_ecs::prelude::{Added, Commands, Entity, Has, MessageReader, Query, Res, ResMut, Resource, Without};
use bevy_ecs::system::SystemParam;
use hypogeum_creature_messages::{CreatureResult, EntrantSetup, GameId, TournamentSetup};
use hypogeum_hosting::{GrantScope, HostedShard, Journal, Lost, Opening, Recording, Stuck};
use hypogeum_journal::Close;
use hypogeum_ladders::Ladders;
use hypogeum_leaderboards::Boards;
use hypogeum_protocol::codec;
use hypogeum_sessions::{HostTick, SessionsConfig, Store, StoreAnswered};
use hypogeum_shard::Shard;
use hypogeum_shard::host::Crashed;
use hypogeum_store::{
    EntriesRequest, GamesReply, GamesRequest, RunningCreature, RunningGame, StoreFailure, StoreReply, StoreRequest,
};

use crate::asked::{Playing, tell_time};
use crate::config::{GamesClock, GamesConfig};
use crate::game::{Game, Games, OpenedBy, Progress};
use crate::worth::scores_of;

/// Games that are read from the database at once.
const PAGE: usize = 256;
/// Most bytes of what a game has made of creatures: 64 of some 40 bytes.
const RESULT_BYTES_MAX: usize = 16_384;
/// How long the store is left alone that has failed.
const RETRY_S: u32 = 5;

/// How far the games of an earlier run are read.
#[derive(Resource, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The page behind this game is asked for from this tick on.
    Due {
        after: GameId,
        tick: u64,
    },
    /// It is asked for.
    Asked {
        after: GameId,
    },
    Done,
}

impl Default for Reading {
    fn default() -> Self {
        Self::Due { after: GameId(0), tick: 0 }
    }
}

/// Shards of games that are here since the last tick, opened or resumed.
pub(crate) fn adopt(
    (mut games, mut opened_by): (ResMut<Games>, ResMut<OpenedBy>),
    shards: Query<(Entity, &HostedShard, &Shard), (Added<HostedShard>, Without<Game>)>,
    mut commands: Commands,
) {
    for (entity, hosted, shard) in &shards {
        let Some(kind) = hosted.kind.as_turn_based else { continue };
        let Some(mut game) = Game::of(kind, shard) else {
            tracing::error!(shard = %hosted.id, "a shard that goes by turns does not say which game it is");
            continue;
        };
        games.0.insert(game.id, entity);
        let id = game.id;
        opened_by.0.extract_if(.., |waits| waits.0 == id).for_each(|(_, promise)| game.show_first_step(promise));
        commands.entity(entity).insert(game);
    }
}

/// Asks for the games of an earlier run, page by page: of those that have no log, shards are made again.
pub(crate) fn read_running(tick: Res<HostTick>, mut reading: ResMut<Reading>, mut store: ResMut<Store>) {
    if let Reading::Due { after, tick: due } = *reading
        && due <= tick.0
    {
        store.ask(StoreRequest::Games(GamesRequest::Running { after, count: PAGE }));
        *reading = Reading::Asked { after };
    }
}

/// What it takes to open a game.
#[derive(SystemParam)]
pub(crate) struct OpenGames<'w, 's> {
    config: Res<'w, GamesConfig>,
    clock: Res<'w, GamesClock>,
    pub(crate) games: ResMut<'w, Games>,
    opening: Opening<'w, 's>,
}

impl OpenGames<'_, '_> {
    /// Opens a game that does not run. Whether it does now.
    pub(crate) fn open(&mut self, game: RunningGame) -> bool {
        if self.games.0.contains_key(&game.id) {
            return true;
        }
        let (id, setup) = (game.id, setup_of(game, self.clock.now_ms()));
        let entity = self.opening.open(&self.config.kind, None, |_| codec::encode(&setup));
        // It is adopted once it is there: until then nobody opens it again.
        if let Some(entity) = entity {
            self.games.0.insert(id, entity);
        }
        entity.is_some()
    }
}

fn setup_of(game: RunningGame, begins_unix_ms: u64) -> TournamentSetup {
    let RunningGame { id, tournament, size, fill, creatures, .. } = game;
    let entrant = |creature: RunningCreature| EntrantSetup {
        creature: creature.id,
        owner: creature.account,
        owner_name: creature.account_name,
        name: creature.name,
        kind: creature.kind,
        stats: creature.stats,
        points: creature.points,
    };
    let entrants = creatures.into_iter().map(entrant).collect();
    TournamentSetup { game: id, tournament, entrants, size, fill, begins_unix_ms }
}

/// Lets games go on that wait for nobody, and those in which somebody has no time left.
pub(crate) fn wake(clock: Res<GamesClock>, mut playing: Query<Playing, Without<Crashed>>) {
    let now_ms = clock.now_ms();
    for (mut game, _, mut inbox) in &mut playing {
        let is_late = game.deadline_ms.is_some_and(|deadline| deadline <= now_ms);
        if game.progress == Progress::Playing && (game.has_more || is_late) {
            tell_time(&mut game, &mut inbox, now_ms);
        }
    }
}

type Settled<'a> = (&'a mut Game, &'a Shard, Option<&'a mut Recording>);

/// Asks the store to keep what games were worth that are over, once that they are is on the disk: the log says so by a settlement
/// that grants nothing, for what a game makes of creatures follows from its world.
pub(crate) fn settle(
    (tick, clock, boards, ladders): (Res<HostTick>, Res<GamesClock>, Res<Boards>, Res<Ladders>),
    (mut store, mut journal): (ResMut<Store>, ResMut<Journal>),
    mut games: Query<Settled, Without<Crashed>>,
) {
    for (mut game, shard, recording) in &mut games {
        let Progress::Over { ask_tick } = game.progress else { continue };
        if let Some(mut recording) = recording
            && !recording.recorder.state().is_settlement_durable()
        {
            if !std::mem::replace(&mut game.is_end_recorded, true) {
                journal.grant(&mut recording, (game.seen_tick, shard.hash()), GrantScope::Everyone, Vec::new());
            }
            continue;
        }
        if tick.0 < ask_tick {
            continue;
        }
        let Ok(results) = codec::decode::<Vec<CreatureResult>, RESULT_BYTES_MAX>(&game.result(shard)) else {
            tracing::error!(game = %game.id, "a game does not say what it was worth");
            game.progress = Progress::Settled;
            continue;
        };
        game.progress = Progress::Settling;
        let ladders = ladders.terms_of(game.tournament(), &boards, clock.now_s());
        let scores = scores_of(&game, &results, &boards, clock.now_s());
        let request = GamesRequest::Settle { game: game.id, results, overview: game.kept(shard), scores, ladders };
        store.ask(StoreRequest::Games(request));
    }
}

/// Takes what the store answers: games of an earlier run are opened, those that are settled are put away.
pub(crate) fn take_answers(
    (tick, config, mut store): (Res<HostTick>, Res<SessionsConfig>, ResMut<Store>),
    mut answers: MessageReader<StoreAnswered>,
    mut reading: ResMut<Reading>,
    mut open: OpenGames,
    mut games: Query<&mut Game>,
) {
    let retry = tick.0 + config.ticks(RETRY_S);
    for StoreAnswered(answer) in answers.read() {
        match answer {
            StoreReply::Games(GamesReply::Running(page)) => {
                *reading = match page.last() {
                    Some(last) if page.len() >= PAGE => Reading::Due { after: last.id, tick: 0 },
                    _ => Reading::Done,
                };
                for game in page {
                    if !open.open(game.clone()) {
                        tracing::error!(game = %game.id, tournament = game.tournament, "a game cannot go on: its creatures stay in it");
                    }
                }
            }
            StoreReply::Games(GamesReply::RatedStarted { game, .. }) => {
                let is_open = open.open((**game).clone());
                if !is_open {
                    tracing::error!(game = %game.id, "a rated battle cannot begin: it is undone");
                    let undo = EntriesRequest::Undo { game: game.id };
                    store.ask(StoreRequest::Games(GamesRequest::Entries(undo)));
                }
            }
            StoreReply::Games(GamesReply::Settled(id)) => set(&open.games, &mut games, *id, Progress::Settled),
            StoreReply::Failed { request, failure } => match &**request {
                StoreRequest::Games(GamesRequest::Running { after, .. }) => {
                    *reading = Reading::Due { after: *after, tick: retry };
                }
                StoreRequest::Games(GamesRequest::Settle { game, .. }) => {
                    let progress = match failure {
                        // It was dropped, or its database is another: there is nobody to give anything to.
                        StoreFailure::UnknownGame(_) => {
                            tracing::error!(game = %game, "the database knows no such game: what it was worth is lost");
                            Progress::Settled
                        }
                        failure => {
                            tracing::warn!(game = %game, %failure, "what a game was worth cannot be kept now: it is asked again");
                            Progress::Over { ask_tick: retry }
                        }
                    };
                    set(&open.games, &mut games, *game, progress);
                }
                _ => {}
            },
            _ => {}
        }
    }
}

fn set(index: &Games, games: &mut Query<&mut Game>, id: GameId, progress: Progress) {
    if let Some(mut game) = index.0.get(&id).and_then(|entity| games.get_mut(*entity).ok()) {
        game.progress = progress;
    }
}

type Ended<'a> = (Entity, &'a HostedShard, &'a Game, Option<&'a Recording>, Has<Stuck>, Has<Lost>);

/// Puts games away that are in the database. One whose shard cannot go on stays as it is until the next start, which tries again.
pub(crate) fn put_away(
    mut games: ResMut<Games>,
    mut journal: ResMut<Journal>,
    ended: Query<Ended>,
    mut commands: Commands,
) {
    for (entity, hosted, game, recording, is_stuck, is_lost) in &ended {
        if is_stuck || is_lost {
            tracing::error!(shard = %hosted.id, game = %game.id, "a game cannot go on: it stands still until the next start");
        } else if game.is_put_away() {
            if let Some(recording) = recording {
                journal.close(&recording.recorder, Close::Settled);
            }
        } else {
            continue;
        }
        games.0.remove(&game.id);
        commands.entity(entity).despawn();
    }
}
