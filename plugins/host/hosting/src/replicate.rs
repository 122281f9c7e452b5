//! What each participant sees, tick by tick: gathered once for each shard, written for each viewer by several threads.

use bevy_ecs::prelude::{Component, Entity, EntityWorldMut, Query, Res, ResMut, Resource, Without};
use bevy_ecs::system::{EntityCommand, SystemParam};
use hypogeum_geometry::Obstacles;
use hypogeum_journal::Recorder;
use hypogeum_locale::{LocaleId, Locales};
use hypogeum_protocol::lane::CELL;
use hypogeum_protocol::link::{Class, DatagramBatch, EdgeLink, Lane, ToEdge};
use hypogeum_protocol::{ConnectionId, NetId, Seat, ServerMessage, limits};
use hypogeum_replication::{Blocks, Eye, Interpreter, ReliableEvents, Scene, Viewer};
use hypogeum_shard::host::StepPool;
use hypogeum_shard::{Shard, ViewRule};

use hypogeum_sessions::{
    ClientAcks, Counters, DatagramLane, Edge, Outbound, Presence, SessionIndex, SessionLocale, SessionsConfig, Stage,
    reliable,
};

use crate::HostingConfig;
use crate::asking::ask;
use crate::hosted::{HostedShard, PlayerSeat, Seatless};
use crate::load::{Load, RateFactors, interval_ticks};
use crate::recording::Recording;

/// The load level from which an event no longer makes a snapshot early.
const LEVEL_WITHOUT_HURRY: u32 = 2;
/// Fewer viewers than this are encoded on one thread.
const VIEWERS_FOR_THREADS: usize = 64;
/// How far is shown at the highest load level, in subunits: the cells around.
const REACH_AT_LAST: i32 = CELL / 2;

/// The eyes on one shard.
#[derive(Component, Debug, Default)]
pub struct Views {
    scene: Scene,
    rule: ViewRule,
    /// Steps a second of the shard.
    tick_hz: u32,
    /// In the order of the players' seats, like `schedules`.
    viewers: Vec<Viewer>,
    schedules: Vec<SendSchedule>,
    shown_tick: u32,
}

/// When a seat is sent its next snapshot. Kept apart from the viewers, so that a scan over all seats reads little memory.
#[derive(Clone, Copy, Debug, Default)]
struct SendSchedule {
    seat: Seat,
    avatar: NetId,
    /// The tick the next snapshot is due.
    due: u32,
    /// Ticks from one snapshot to the next.
    interval: u16,
    /// A new connection: it is sent the lasting state as well.
    fresh: bool,
    /// Its player is done, and sees by another's eyes.
    watches: bool,
}

impl SendSchedule {
    /// Notes a snapshot at `tick`; later ones stay on schedule, even if this one was late or came between two.
    fn note_sent(&mut self, tick: u32, interval: u32) {
        self.interval = u16::try_from(interval).unwrap_or(u16::MAX);
        if tick >= self.due {
            self.due = (self.due + interval).max(tick + 1);
        }
    }
}

impl Views {
    pub(crate) fn new(rule: ViewRule, tick_hz: u32, players: &[PlayerSeat]) -> Self {
        let (viewers, schedules) = (Vec::with_capacity(players.len()), Vec::with_capacity(players.len()));
        let mut views = Self { rule, tick_hz, viewers, schedules, ..Self::default() };
        players.iter().for_each(|player| views.add(player));
        views
    }

    /// Adds the eyes of a seat that comes after all there are.
    pub(crate) fn add(&mut self, PlayerSeat { seat, avatar, .. }: &PlayerSeat) {
        debug_assert!(self.schedules.last().is_none_or(|last| last.seat < *seat), "seats rise");
        self.viewers.push(Viewer::new(Eye::Avatar(*avatar), self.rule.sight, self.rule.interest));
        // Seats take turns within a fifth of a second, so that not everyone's snapshot falls into one tick.
        let due = self.shown_tick + u32::from(seat.0) % (self.tick_hz / 5).max(1);
        self.schedules.push(SendSchedule {
            seat: *seat,
            avatar: *avatar,
            due,
            interval: 1,
            fresh: true,
            watches: false,
        });
    }

    /// Takes the eyes of a seat away.
    pub(crate) fn remove(&mut self, seat: Seat) {
        if let Some(at) = self.place_of(seat) {
            self.viewers.remove(at);
            self.schedules.remove(at);
        }
    }

    /// Takes all eyes away.
    pub(crate) fn clear(&mut self) {
        self.viewers.clear();
        self.schedules.clear();
    }

    /// A seat has its avatar now, and sees by it.
    pub(crate) fn give_avatar(&mut self, seat: Seat, avatar: NetId) {
        if let Some(at) = self.place_of(seat) {
            self.viewers[at] = Viewer::new(Eye::Avatar(avatar), self.rule.sight, self.rule.interest);
            self.schedules[at].avatar = avatar;
            self.schedules[at].fresh = true;
        }
    }

    /// The player of a seat is done, and sees by the eyes of another avatar from now on; [`NetId::NONE`]: by nobody's.
    pub fn watch(&mut self, seat: Seat, avatar: NetId) {
        if let Some(at) = self.place_of(seat) {
            self.viewers[at].turn(Eye::Watched(avatar));
            let schedule = &mut self.schedules[at];
            (schedule.avatar, schedule.fresh, schedule.watches) = (avatar, true, avatar != NetId::NONE);
        }
    }

    /// Makes a seat's viewer forget what it was sent.
    pub(crate) fn forget(&mut self, seat: Seat) {
        if let Some(at) = self.place_of(seat) {
            self.viewers[at].forget();
            self.schedules[at].fresh = true;
        }
    }

    fn place_of(&self, seat: Seat) -> Option<usize> {
        self.schedules.binary_search_by_key(&seat, |schedule| schedule.seat).ok()
    }
}

/// What one thread writes. Kept from tick to tick to reuse its buffers.
#[derive(Debug, Default)]
struct SnapshotEncoder {
    blocks: Blocks,
    /// Datagrams for each worker of the edge.
    datagrams: Vec<DatagramBatch>,
    frames: Vec<(Class, ToEdge)>,
    bytes: Vec<u8>,
    snapshots: u64,
    left_out: u64,
    future_acks: u64,
    resyncs: u64,
    /// Connections that must wait until a step is durable: with its log, and its tick.
    barriers: Vec<(ConnectionId, Recorder, u32)>,
}

/// One for each thread.
#[derive(Resource, Debug, Default)]
pub(crate) struct SnapshotEncoders(Vec<SnapshotEncoder>);

/// One participant to be shown something.
struct Job<'a> {
    recorder: Option<&'a Recorder>,
    viewer: &'a mut Viewer,
    schedule: &'a mut SendSchedule,
    scene: &'a Scene,
    obstacles: &'a Obstacles,
    connection: ConnectionId,
    worker: usize,
    transport: Transport,
    locale: LocaleId,
}

#[derive(Clone, Copy)]
enum Transport {
    /// On the datagram lane, with what its client has acked since.
    DatagramLane { acks: ClientAcks, tick_hz: u32, level: u32 },
    /// Plain snapshots at a fixed interval.
    Plain { interval: u32 },
    /// Events only: a shard without a map has nothing to see.
    EventsOnly,
    /// Words, and events that concern the client: what is behind its edge shows no state. Whatever else has changed is looked at as
    /// often as plain snapshots would be sent.
    WordsOnly { interval: u32 },
}

impl SnapshotEncoder {
    fn encode_each(&mut self, jobs: &mut [Job<'_>]) {
        for few in jobs.chunks_mut(Viewer::TOUCHED_AT_ONCE) {
            for job in &*few {
                if let Transport::DatagramLane { acks, .. } = job.transport {
                    job.viewer.touch(acks.ack);
                }
            }
            few.iter_mut().for_each(|job| self.encode(job));
        }
    }

    fn encode(&mut self, job: &mut Job<'_>) {
        let Job { recorder, viewer, schedule, scene, obstacles, connection, worker, transport, locale } = job;
        let (recorder, connection, worker, transport) = (*recorder, *connection, *worker, *transport);
        schedule.fresh = false;
        // What passes goes with the state, and so not at all where none is shown.
        let on_lane = matches!(transport, Transport::DatagramLane { .. } | Transport::WordsOnly { .. });
        for message in viewer.notice(scene).into_iter().chain(viewer.sheet(scene)) {
            self.send(connection, &message);
        }
        for ReliableEvents { message, is_durable } in viewer.events(scene, obstacles, on_lane) {
            if let Some(recorder) = recorder.filter(|_| is_durable) {
                self.barriers.push((connection, recorder.clone(), scene.tick()));
            }
            self.send(connection, &message);
        }
        for message in viewer.kind_messages(scene, obstacles, *locale) {
            self.send(connection, &message);
        }
        let is_due = scene.tick() >= schedule.due;
        match transport {
            // An event reaches those it concerns in the same tick.
            Transport::DatagramLane { acks, tick_hz, level }
                if is_due || (level < LEVEL_WITHOUT_HURRY && scene.has_events_for(schedule.avatar)) =>
            {
                if acks.ack.is_some_and(|ack| viewer.learn(ack).is_err()) {
                    self.future_acks += 1;
                }
                if acks.resync {
                    self.resyncs += 1;
                    viewer.resync();
                }
                let reach_max = if level > 3 { REACH_AT_LAST } else { i32::MAX };
                let room = (limits::LANE_BYTES_MAX, reach_max, u8::try_from(schedule.interval).unwrap_or(u8::MAX));
                let mut left_out = 0;
                self.datagrams[worker].push_with(connection, |out| {
                    left_out = viewer.show(scene, obstacles, &mut self.blocks, room, out).left_out;
                });
                self.snapshots += 1;
                self.left_out += u64::from(left_out);
                let at = RateFactors {
                    crowd: viewer.crowd(),
                    overflowed: viewer.overflowed(),
                    unconfirmed_ticks: viewer.unconfirmed_ticks(),
                    level,
                };
                schedule.note_sent(scene.tick(), interval_ticks(tick_hz, at));
            }
            Transport::Plain { interval } if is_due => {
                viewer.snapshot(scene, obstacles, &mut self.blocks, &mut self.bytes);
                let frame =
                    ToEdge::Frame { connection, lane: Lane::Unreliable, bytes: self.bytes.clone(), answers: None };
                self.frames.push((Class::Cosmetic, frame));
                self.snapshots += 1;
                schedule.note_sent(scene.tick(), interval);
            }
            Transport::WordsOnly { interval } if is_due => schedule.note_sent(scene.tick(), interval),
            Transport::DatagramLane { .. }
            | Transport::Plain { .. }
            | Transport::EventsOnly
            | Transport::WordsOnly { .. } => {}
        }
    }

    fn send(&mut self, connection: ConnectionId, message: &ServerMessage) {
        self.frames.push(reliable(connection, message));
    }
}

/// A shard has another world from now on: the same, built again.
pub(crate) fn show_other_world() -> impl EntityCommand {
    |mut entity: EntityWorldMut| {
        if let Some(mut views) = entity.get_mut::<Views>() {
            views.scene.change_world();
        }
    }
}

/// Who listens, and what is on its way to them.
#[derive(SystemParam)]
pub(crate) struct Audience<'w, 's> {
    index: Res<'w, SessionIndex>,
    sessions: Query<'w, 's, (&'static Presence, &'static Stage, &'static SessionLocale, &'static mut DatagramLane)>,
    outbound: ResMut<'w, Outbound>,
    counters: ResMut<'w, Counters>,
}

type Shown<'a> = (Entity, &'a HostedShard, &'a mut Shard, &'a mut Views, Option<&'a Recorder>);

/// Shows every shard to everyone in it who listens.
pub(crate) fn replicate(
    mut audience: Audience,
    (config, hosting, locales): (Res<SessionsConfig>, Res<HostingConfig>, Res<Locales>),
    mut encoders: ResMut<SnapshotEncoders>,
    (edge, load, pool): (Res<Edge>, Res<Load>, Res<StepPool>),
    mut shards: Query<(Entity, &HostedShard, &mut Shard, &mut Views, Option<&Recording>), Without<Seatless>>,
) {
    if edge.0.workers.iter().any(|worker| worker.datagrams.is_waiting()) {
        load.note_lag();
    }
    let level = load.level();
    let mut fresh: Vec<Shown<'_>> = Vec::new();
    for (entity, hosted, shard, views, recording) in &mut shards {
        // A shard that was not stepped has nothing new, and one that crashed nothing true.
        if shard.tick().0 != views.shown_tick {
            let recorder = recording.map(|recording| &recording.recorder);
            let (shard, views) = (shard.into_inner(), views.into_inner());
            views.scene.set_interpreter(|| interpreter(hosted, &locales));
            fresh.push((entity, hosted, shard, views, recorder));
        }
    }
    pool.each(
        fresh.iter_mut().map(|(_, _, shard, views, _)| (&mut **shard, &mut **views)).collect(),
        |(shard, views)| {
            views.shown_tick = shard.tick().0;
            views.scene.gather(shard);
        },
    );
    let transport_rule = TransportRule { level, host_hz: config.tick_hz, interval: hosting.snapshot_interval_ticks };
    let nothing = Obstacles::default();
    // Those whom something concerns first: it is for them that a tick hurries.
    let (mut urgent, mut calm) = (Vec::new(), Vec::new());
    for shown in fresh {
        audience.find(shown, &edge.0, transport_rule, &nothing, |job| {
            if job.scene.has_events_for(job.schedule.avatar) { urgent.push(job) } else { calm.push(job) }
        });
    }
    for jobs in [urgent, calm] {
        encoders.encode_all(jobs, &pool, &edge.0, &mut audience);
    }
}

/// Puts what a shard tells into the words of those who read it, as its kind does.
fn interpreter(hosted: &HostedShard, locales: &Locales) -> Interpreter {
    let (id, in_words, locales) = (hosted.id, hosted.kind.in_words, locales.clone());
    Interpreter::new(locales.count(), move |body, locale| {
        ask(id, "words", || in_words(body, &locales, locale)).flatten()
    })
}

/// What decides by which [`Transport`] clients see a shard.
#[derive(Clone, Copy)]
struct TransportRule {
    level: u32,
    /// Ticks a second of the host, and how many of them lie between two snapshots of those without the lane.
    host_hz: u32,
    interval: u32,
}

impl TransportRule {
    fn of(self, acks: Option<ClientAcks>, (has_map, shows_state): (bool, bool), tick_hz: u32) -> Transport {
        let interval = (self.interval * tick_hz / self.host_hz.max(1)).max(1);
        match acks {
            _ if !has_map => Transport::EventsOnly,
            _ if !shows_state => Transport::WordsOnly { interval },
            Some(acks) => Transport::DatagramLane { acks, tick_hz, level: self.level },
            None => Transport::Plain { interval },
        }
    }
}

impl Audience<'_, '_> {
    /// Finds everyone who is to be shown something of a shard now.
    fn find<'a>(
        &mut self,
        (entity, hosted, shard, views, recorder): Shown<'a>,
        edge: &EdgeLink,
        transport_rule: TransportRule,
        nothing: &'a Obstacles,
        mut found: impl FnMut(Job<'a>),
    ) {
        let obstacles = shard.world().get_resource::<Obstacles>();
        self.counters.events += views.scene.events_count() as u64;
        let Views { scene, viewers, schedules, shown_tick, tick_hz, .. } = views;
        let scene = &*scene;
        let everyone = scene.has_events_for_all();
        debug_assert_eq!(viewers.len(), hosted.players.len(), "every player has eyes");
        for ((viewer, schedule), player) in viewers.iter_mut().zip(schedules.iter_mut()).zip(&hosted.players) {
            let wanted = everyone
                || schedule.fresh
                || *shown_tick >= schedule.due
                || scene.has_events_for(schedule.avatar)
                || scene.has_messages_for(schedule.avatar);
            if !wanted {
                continue;
            }
            let session = self.index.session_of(player.account);
            let session = session.and_then(|session| self.sessions.get_mut(session).ok());
            let Some((presence, stage, locale, mut datagram_lane)) = session else { continue };
            // A player who is done with this shard may be in another.
            if !(stage.is_in(entity) || schedule.watches && stage.may_watch()) {
                continue;
            }
            let Some(connection) = presence.listening() else { continue };
            let worker = edge.worker_of(connection);
            let has = (obstacles.is_some(), edge.workers[worker].shows_state());
            let transport = transport_rule.of(datagram_lane.take_acks(*shown_tick), has, *tick_hz);
            let obstacles = obstacles.unwrap_or(nothing);
            let locale = locale.0;
            found(Job { recorder, viewer, schedule, scene, obstacles, connection, worker, transport, locale });
        }
    }
}

impl SnapshotEncoders {
    /// Writes for all of them, by all threads, and hands over what was written.
    fn encode_all(&mut self, jobs: Vec<Job<'_>>, pool: &StepPool, edge: &EdgeLink, audience: &mut Audience) {
        let threads = if jobs.len() < VIEWERS_FOR_THREADS { 1 } else { pool.threads() };
        self.0.resize_with(threads.max(self.0.len()), SnapshotEncoder::default);
        for encoder in &mut self.0 {
            encoder.datagrams.resize_with(edge.workers.len(), DatagramBatch::default);
        }
        let share = jobs.len().div_ceil(threads).max(1);
        let mut work: Vec<(&mut SnapshotEncoder, Vec<Job<'_>>)> = Vec::new();
        let mut jobs = jobs.into_iter();
        for encoder in &mut self.0 {
            let jobs: Vec<Job<'_>> = jobs.by_ref().take(share).collect();
            if !jobs.is_empty() {
                work.push((encoder, jobs));
            }
        }
        pool.each(work, |(encoder, mut jobs)| encoder.encode_each(&mut jobs));
        for encoder in &mut self.0 {
            for (connection, recorder, tick) in encoder.barriers.drain(..) {
                audience.outbound.hold_until_durable(connection, &recorder, tick);
            }
            audience.outbound.append(&mut encoder.frames);
            for (worker, datagrams) in encoder.datagrams.iter_mut().enumerate() {
                edge.workers[worker].datagrams.leave(datagrams);
            }
            audience.counters.snapshots += std::mem::take(&mut encoder.snapshots);
            audience.counters.left_out += std::mem::take(&mut encoder.left_out);
            audience.counters.future_acks += std::mem::take(&mut encoder.future_acks);
            audience.counters.resyncs += std::mem::take(&mut encoder.resyncs);
        }
    }
}
