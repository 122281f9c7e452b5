//! What the host publishes for progress displays and metrics.

use std::collections::VecDeque;
use std::sync::Arc;

use bevy_ecs::prelude::{Query, Res, ResMut, Resource, With};
use bevy_ecs::system::SystemParam;
use hypogeum_hosting::HostedShard;
use hypogeum_protocol::{AccountId, MatchId, MatchPhase, SettledReport};
use hypogeum_sessions::{Counters, HostTick, Outbound, Presence, SessionsConfig, Stage, Steering, Who};
use hypogeum_shard::{Occupant, Shard, StateHash};
use parking_lot::Mutex;

use crate::lobby::Lobby;
use crate::queueing::Queues;
use crate::running_match::{Progress, RunningMatch};

/// How many reports of finished matches are kept: the newest.
pub const MATCH_REPORTS_MAX: usize = 16;

/// The status of the host, written once a tick and readable at any time. Clones share it.
#[derive(Resource, Clone, Debug, Default)]
pub struct SharedHostStatus(Arc<Mutex<HostStatus>>);

impl SharedHostStatus {
    /// Matches that are over and not granted yet.
    #[must_use]
    pub fn settling(&self) -> usize {
        let status = self.0.lock();
        status.matches.iter().filter(|game| game.step == MatchStep::Settling).count()
    }

    /// The counts after the last tick, without copying the lists.
    #[must_use]
    pub fn summary(&self) -> HostSummary {
        let status = self.0.lock();
        let settling = status.matches.iter().filter(|game| game.step == MatchStep::Settling).count();
        HostSummary {
            tick: status.tick,
            sessions: status.sessions,
            connected: status.connected,
            queued: status.queued,
            lobbies: status.lobbies,
            matches: status.matches.len(),
            settling,
            finished_count: status.finished_count,
            counters: status.counters,
        }
    }

    /// A copy of the status after the last tick.
    #[must_use]
    pub fn read(&self) -> HostStatus {
        self.0.lock().clone()
    }
}

/// The status of the host after a tick.
#[derive(Clone, Debug, Default)]
pub struct HostStatus {
    /// Ticks of the host since it started.
    pub tick: u64,
    /// Sessions, lingering ones included.
    pub sessions: usize,
    /// Sessions with a connection.
    pub connected: usize,
    /// Tickets in line.
    pub queued: usize,
    /// Matches found that have not begun.
    pub lobbies: usize,
    /// Matches that began and are not settled, oldest first.
    pub matches: Vec<MatchStatus>,
    /// Matches settled, oldest first, at most [`MATCH_REPORTS_MAX`].
    pub finished: Vec<MatchReport>,
    /// Matches settled since the start.
    pub finished_count: u64,
    /// How much each player's inputs lag, in the order of accounts; as of the last whole second.
    pub input_lags: Vec<InputLag>,
    /// What was refused and dropped.
    pub counters: Counters,
}

/// How long the inputs of one connection wait at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InputLag {
    /// The account whose connection it is.
    pub account: AccountId,
    /// Ticks from the arrival of the input applied last to its application; 0 where it was applied in the tick it came.
    pub ticks: u32,
}

/// [`HostStatus`] without its lists.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostSummary {
    /// Ticks of the host since it started.
    pub tick: u64,
    /// Sessions, lingering ones included.
    pub sessions: usize,
    /// Sessions with a connection.
    pub connected: usize,
    /// Tickets in line.
    pub queued: usize,
    /// Matches found that have not begun.
    pub lobbies: usize,
    /// Matches that began and are not settled.
    pub matches: usize,
    /// Of these, those that are over.
    pub settling: usize,
    /// Matches settled since the start.
    pub finished_count: u64,
    /// What was refused and dropped.
    pub counters: Counters,
}

/// What is done with a match now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchStep {
    /// It is played.
    Playing,
    /// It is over, and the store has not answered yet.
    Settling,
}

/// A running match.
#[derive(Clone, Debug)]
pub struct MatchStatus {
    /// Its number, which no other match has.
    pub id: MatchId,
    /// Key of its mode.
    pub mode: String,
    /// What is done with it.
    pub step: MatchStep,
    /// The phase it is in.
    pub phase: MatchPhase,
    /// Steps a second.
    pub tick_hz: u32,
    /// Steps taken since it began.
    pub tick: u32,
    /// The tick this phase ends.
    pub ends_tick: u32,
    /// Seats of accounts.
    pub humans: u32,
    /// Seats of autopilots.
    pub filled: u32,
    /// NPCs alive after the last step.
    pub npcs_alive: u32,
    /// NPCs there have been.
    pub npcs_total: u32,
    /// Participants neither dead nor out.
    pub players_alive: u32,
    /// Participants that got out.
    pub extracted: u32,
    /// Hash of its state after the last step.
    pub state_hash: StateHash,
    /// Hash of the map and of where everyone started.
    pub layout_hash: u64,
}

/// A match that is settled.
#[derive(Clone, Debug)]
pub struct MatchReport {
    /// Its number, which no other match has.
    pub id: MatchId,
    /// Key of its mode.
    pub mode: String,
    /// Steps it took.
    pub ticks: u32,
    /// Steps a second.
    pub tick_hz: u32,
    /// Seats of accounts.
    pub humans: u32,
    /// NPCs at its start.
    pub npcs: u32,
    /// BLAKE3 of the content it was played on: its mode and what that reaches.
    pub content_hash: [u8; 32],
    /// Hash of its state after the last step.
    pub state_hash: StateHash,
    /// Hash of the map and of where everyone started.
    pub layout_hash: u64,
    /// Accounts in the order of their seats, then autopilots.
    pub players: Vec<PlayerReport>,
}

/// How a match went for one seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayerReport {
    /// Who played it.
    pub occupant: Occupant,
    /// The name as shown.
    pub name: String,
    /// How it went. Autopilots have no level and no rating: both are 0.
    pub report: SettledReport,
}

/// Reports of settled matches.
#[derive(Resource, Debug, Default)]
pub(crate) struct Finished {
    reports: VecDeque<MatchReport>,
    count: u64,
    changed: bool,
}

impl Finished {
    pub(crate) fn add(&mut self, report: MatchReport) {
        if self.reports.len() >= MATCH_REPORTS_MAX {
            self.reports.pop_front();
        }
        self.reports.push_back(report);
        self.count += 1;
        self.changed = true;
    }
}

/// Everyone on this host.
#[derive(SystemParam)]
pub(crate) struct Census<'w, 's> {
    sessions: Query<'w, 's, (&'static Presence, &'static Who, &'static Stage, &'static Steering)>,
    lobbies: Query<'w, 's, (), With<Lobby>>,
    queues: Res<'w, Queues>,
}

impl Census<'_, '_> {
    /// How many there are of each.
    fn count(&self, status: &mut HostStatus) {
        status.sessions = self.sessions.iter().len();
        status.connected = self.sessions.iter().filter(|(presence, ..)| presence.connection.is_some()).count();
        status.queued = self.queues.line.len();
        status.lobbies = self.lobbies.iter().len();
    }

    /// How much everyone's inputs lag who plays.
    fn measure_lags(&self, lags: &mut Vec<InputLag>) {
        let playing = self
            .sessions
            .iter()
            .filter(|(presence, _, stage, _)| presence.listening().is_some() && matches!(stage, Stage::Playing { .. }));
        lags.clear();
        lags.extend(
            playing.map(|(_, who, _, steering)| InputLag { account: who.account, ticks: steering.lag_ticks() }),
        );
        lags.sort_unstable_by_key(|lag| lag.account);
    }
}

/// Publishes the status of this tick.
pub(crate) fn write(
    status: Res<SharedHostStatus>,
    (tick, config): (Res<HostTick>, Res<SessionsConfig>),
    (outbound, counters): (Res<Outbound>, Res<Counters>),
    mut finished: ResMut<Finished>,
    census: Census,
    mut games: Query<(&RunningMatch, &HostedShard, Option<&mut Shard>)>,
) {
    let mut status = status.0.lock();
    let mut matches: Vec<MatchStatus> = games
        .iter_mut()
        .filter_map(|(game, hosted, shard)| match shard {
            Some(mut shard) => Some(match_status(game, hosted, &mut shard)),
            // Its world is being built again: the last status stays.
            None => status.matches.iter().find(|it| it.id == game.id).cloned(),
        })
        .collect();
    matches.sort_unstable_by_key(|game| game.id);
    status.matches = matches;
    status.tick = tick.0;
    census.count(&mut status);
    if tick.0.is_multiple_of(u64::from(config.tick_hz.max(1))) {
        census.measure_lags(&mut status.input_lags);
    }
    status.counters = Counters { frames_lost: outbound.dropped(), ..*counters };
    if std::mem::take(&mut finished.changed) {
        status.finished = finished.reports.iter().cloned().collect();
        status.finished_count = finished.count;
    }
}

/// How many seats these are.
pub(crate) fn count<T>(seats: &[T]) -> u32 {
    u32::try_from(seats.len()).unwrap_or(u32::MAX)
}

fn match_status(game: &RunningMatch, hosted: &HostedShard, shard: &mut Shard) -> MatchStatus {
    let overview = game.rules.status(shard);
    MatchStatus {
        id: game.id,
        mode: hosted.title.clone(),
        step: if game.progress == Progress::Playing { MatchStep::Playing } else { MatchStep::Settling },
        phase: overview.phase,
        tick_hz: game.tick_hz,
        tick: shard.tick().0,
        ends_tick: overview.ends_tick,
        humans: count(&hosted.players),
        filled: count(&hosted.autopilots),
        npcs_alive: overview.npcs_alive,
        npcs_total: overview.npcs_total,
        players_alive: overview.players_alive,
        extracted: overview.players_extracted,
        state_hash: shard.hash(),
        layout_hash: game.layout_hash,
    }
}
