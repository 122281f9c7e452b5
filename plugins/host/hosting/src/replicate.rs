//! What each participant sees, tick by tick: gathered once for each shard, written for each viewer by several threads.

use bevy_ecs::prelude::{Component, Entity, EntityWorldMut, Query, Res, ResMut, Resource};
use bevy_ecs::system::{EntityCommand, SystemParam};
use hypogeum_geometry::Obstacles;
use hypogeum_journal::Recorder;
use hypogeum_protocol::lane::CELL;
use hypogeum_protocol::link::{Class, DatagramBatch, EdgeLink, Lane, ToEdge};
use hypogeum_protocol::{ConnectionId, NetId, Seat, ServerMessage, limits};
use hypogeum_replication::{Blocks, Eye, ReliableEvents, Scene, Viewer};
use hypogeum_shard::host::StepPool;
use hypogeum_shard::{Shard, ViewRule};

use hypogeum_sessions::{Counters, Edge, Heard, OnLane, Post, Presence, SessionIndex, SessionsConfig, Stage, reliable};

use crate::HostingConfig;
use crate::hosted::{Holder, HostedShard};
use crate::load::{Circumstances, Load, interval_ticks};
use crate::recording::Recording;

/// The level of load from which on even those whom something concerns wait for their turn.
const LEVEL_OF_PATIENCE: u32 = 2;
/// Viewers that are not worth a second thread.
const VIEWERS_FOR_THREADS: usize = 64;
/// What is shown of the far once the host is at its end: the cells around.
const REACH_AT_LAST: i32 = CELL / 2;

/// The eyes on one shard.
#[derive(Component, Debug, Default)]
pub(crate) struct Views {
    scene: Scene,
    rule: ViewRule,
    /// In the order of the players' seats, as `beats`.
    viewers: Vec<Viewer>,
    beats: Vec<Beat>,
    shown_tick: u32,
}

/// When a seat is shown something next. Apart from the viewers, so that all of them are looked through at a glance.
#[derive(Clone, Copy, Debug, Default)]
struct Beat {
    seat: Seat,
    avatar: NetId,
    /// The tick the next snapshot is due.
    due: u32,
    /// Ticks from one snapshot to the next.
    interval: u16,
    /// Somebody new listens: what lasts is to be told as well.
    fresh: bool,
}

impl Beat {
    /// Notes a snapshot at `tick`; the next ones keep the beat, whatever was late or came in between.
    fn keep(&mut self, tick: u32, interval: u32) {
        self.interval = u16::try_from(interval).unwrap_or(u16::MAX);
        if tick >= self.due {
            self.due = (self.due + interval).max(tick + 1);
        }
    }
}

impl Views {
    pub(crate) fn new(rule: ViewRule, players: &[Holder]) -> Self {
        let (viewers, beats) = (Vec::with_capacity(players.len()), Vec::with_capacity(players.len()));
        let mut views = Self { rule, viewers, beats, ..Self::default() };
        players.iter().for_each(|holder| views.add(holder));
        views
    }

    /// Adds the eyes of a seat that comes after all there are.
    pub(crate) fn add(&mut self, Holder { seat, avatar, .. }: &Holder) {
        debug_assert!(self.beats.last().is_none_or(|last| last.seat < *seat), "seats rise");
        self.viewers.push(Viewer::new(Eye::Avatar(*avatar), self.rule.sight, self.rule.interest));
        // Seats take turns, so that not everyone's snapshot falls into one tick.
        let due = self.shown_tick + u32::from(seat.0 % 6);
        self.beats.push(Beat { seat: *seat, avatar: *avatar, due, interval: 1, fresh: true });
    }

    /// Takes the eyes of a seat away.
    pub(crate) fn remove(&mut self, seat: Seat) {
        if let Some(at) = self.place_of(seat) {
            self.viewers.remove(at);
            self.beats.remove(at);
        }
    }

    /// Takes all eyes away.
    pub(crate) fn clear(&mut self) {
        self.viewers.clear();
        self.beats.clear();
    }

    /// A seat has its avatar now, and sees by it.
    pub(crate) fn give_avatar(&mut self, seat: Seat, avatar: NetId) {
        if let Some(at) = self.place_of(seat) {
            self.viewers[at] = Viewer::new(Eye::Avatar(avatar), self.rule.sight, self.rule.interest);
            self.beats[at].avatar = avatar;
            self.beats[at].fresh = true;
        }
    }

    /// Makes a seat's viewer forget what it was told.
    pub(crate) fn forget(&mut self, seat: Seat) {
        if let Some(at) = self.place_of(seat) {
            self.viewers[at].forget();
            self.beats[at].fresh = true;
        }
    }

    fn place_of(&self, seat: Seat) -> Option<usize> {
        self.beats.binary_search_by_key(&seat, |beat| beat.seat).ok()
    }
}

/// What one thread writes. Kept from tick to tick: buffers are used again.
#[derive(Debug, Default)]
struct Copyist {
    blocks: Blocks,
    /// Datagrams for each worker of the edge.
    datagrams: Vec<DatagramBatch>,
    frames: Vec<(Class, ToEdge)>,
    bytes: Vec<u8>,
    snapshots: u64,
    left_out: u64,
    future_acks: u64,
    resyncs: u64,
    /// Who is promised something that must be on the disk before it is said: by which step, in which log.
    promised: Vec<(ConnectionId, Recorder, u32)>,
}

/// One for each thread.
#[derive(Resource, Debug, Default)]
pub(crate) struct Copyists(Vec<Copyist>);

/// One participant to be shown something.
struct Job<'a> {
    recorder: Option<&'a Recorder>,
    viewer: &'a mut Viewer,
    beat: &'a mut Beat,
    scene: &'a Scene,
    obstacles: &'a Obstacles,
    connection: ConnectionId,
    worker: usize,
    manner: Manner,
}

#[derive(Clone, Copy)]
enum Manner {
    /// On the datagram lane, with what its client has told since.
    OnLane { heard: Heard, tick_hz: u32, level: u32 },
    /// Without it: snapshots in a fixed interval.
    Plain { interval: u32 },
    /// Of a shard without a map there is nothing to see.
    EventsOnly,
}

impl Copyist {
    fn copy_each(&mut self, jobs: &mut [Job<'_>]) {
        for few in jobs.chunks_mut(Viewer::TOUCHED_AT_ONCE) {
            for job in &*few {
                if let Manner::OnLane { heard, .. } = job.manner {
                    job.viewer.touch(heard.ack);
                }
            }
            few.iter_mut().for_each(|job| self.copy(job));
        }
    }

    fn copy(&mut self, job: &mut Job<'_>) {
        let Job { recorder, viewer, beat, scene, obstacles, connection, worker, manner } = job;
        let (recorder, connection, worker, manner) = (*recorder, *connection, *worker, *manner);
        beat.fresh = false;
        let on_lane = matches!(manner, Manner::OnLane { .. });
        for message in viewer.notice(scene).into_iter().chain(viewer.sheet(scene)) {
            self.tell(connection, &message);
        }
        for ReliableEvents { message, is_durable } in viewer.events(scene, obstacles, on_lane) {
            if let Some(recorder) = recorder.filter(|_| is_durable) {
                self.promised.push((connection, recorder.clone(), scene.tick()));
            }
            self.tell(connection, &message);
        }
        for message in viewer.told(scene, obstacles) {
            self.tell(connection, &message);
        }
        let is_due = scene.tick() >= beat.due;
        match manner {
            // Whoever is concerned by what happens hears of it in the same tick.
            Manner::OnLane { heard, tick_hz, level }
                if is_due || (level < LEVEL_OF_PATIENCE && scene.is_stirred(beat.avatar)) =>
            {
                if heard.ack.is_some_and(|ack| viewer.learn(ack).is_err()) {
                    self.future_acks += 1;
                }
                if heard.resync {
                    self.resyncs += 1;
                    viewer.resync();
                }
                let reach_max = if level > 3 { REACH_AT_LAST } else { i32::MAX };
                let room = (limits::LANE_BYTES_MAX, reach_max, u8::try_from(beat.interval).unwrap_or(u8::MAX));
                let mut left_out = 0;
                self.datagrams[worker].push_with(connection, |out| {
                    left_out = viewer.show(scene, obstacles, &mut self.blocks, room, out).left_out;
                });
                self.snapshots += 1;
                self.left_out += u64::from(left_out);
                let at = Circumstances {
                    crowd: viewer.crowd(),
                    overflowed: viewer.overflowed(),
                    unconfirmed_ticks: viewer.unconfirmed_ticks(),
                    level,
                };
                beat.keep(scene.tick(), interval_ticks(tick_hz, at));
            }
            Manner::Plain { interval } if is_due => {
                viewer.snapshot(scene, obstacles, &mut self.blocks, &mut self.bytes);
                let frame = ToEdge::Frame { connection, lane: Lane::Unreliable, bytes: self.bytes.clone() };
                self.frames.push((Class::Cosmetic, frame));
                self.snapshots += 1;
                beat.keep(scene.tick(), interval);
            }
            Manner::OnLane { .. } | Manner::Plain { .. } | Manner::EventsOnly => {}
        }
    }

    fn tell(&mut self, connection: ConnectionId, message: &ServerMessage) {
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
    sessions: Query<'w, 's, (&'static Presence, &'static Stage, &'static mut OnLane)>,
    post: ResMut<'w, Post>,
    counters: ResMut<'w, Counters>,
}

type Shown<'a> = (Entity, &'a HostedShard, &'a mut Shard, &'a mut Views, Option<&'a Recorder>);

/// Shows every shard to everyone in it who listens.
pub(crate) fn replicate(
    mut audience: Audience,
    (config, hosting): (Res<SessionsConfig>, Res<HostingConfig>),
    mut copyists: ResMut<Copyists>,
    (edge, load, pool): (Res<Edge>, Res<Load>, Res<StepPool>),
    mut shards: Query<(Entity, &HostedShard, &mut Shard, &mut Views, Option<&Recording>)>,
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
            fresh.push((entity, hosted, shard.into_inner(), views.into_inner(), recorder));
        }
    }
    pool.each(
        fresh.iter_mut().map(|(_, _, shard, views, _)| (&mut **shard, &mut **views)).collect(),
        |(shard, views)| {
            views.shown_tick = shard.tick().0;
            views.scene.gather(shard);
        },
    );
    let manners = Manners { tick_hz: config.tick_hz, level, interval: hosting.snapshot_interval_ticks.max(1) };
    let nothing = Obstacles::default();
    // Those whom something concerns first: it is for them that a tick hurries.
    let (mut urgent, mut calm) = (Vec::new(), Vec::new());
    for shown in fresh {
        audience.find(shown, &edge.0, manners, &nothing, |job| {
            if job.scene.is_stirred(job.beat.avatar) { urgent.push(job) } else { calm.push(job) }
        });
    }
    for jobs in [urgent, calm] {
        copyists.copy_all(jobs, &pool, &edge.0, &mut audience);
    }
}

/// What decides in which manner clients are shown anything.
#[derive(Clone, Copy)]
struct Manners {
    tick_hz: u32,
    level: u32,
    interval: u32,
}

impl Manners {
    fn of(self, heard: Option<Heard>, has_map: bool) -> Manner {
        match heard {
            _ if !has_map => Manner::EventsOnly,
            Some(heard) => Manner::OnLane { heard, tick_hz: self.tick_hz, level: self.level },
            None => Manner::Plain { interval: self.interval },
        }
    }
}

impl Audience<'_, '_> {
    /// Finds everyone who is to be shown something of a shard now.
    fn find<'a>(
        &mut self,
        (entity, hosted, shard, views, recorder): Shown<'a>,
        edge: &EdgeLink,
        manners: Manners,
        nothing: &'a Obstacles,
        mut found: impl FnMut(Job<'a>),
    ) {
        let obstacles = shard.world().get_resource::<Obstacles>();
        self.counters.events += views.scene.events_count() as u64;
        let Views { scene, viewers, beats, shown_tick, .. } = views;
        let scene = &*scene;
        let everyone = scene.is_stirring();
        debug_assert_eq!(viewers.len(), hosted.players.len(), "every player has eyes");
        for ((viewer, beat), holder) in viewers.iter_mut().zip(beats.iter_mut()).zip(&hosted.players) {
            let wanted = everyone || beat.fresh || *shown_tick >= beat.due || scene.is_stirred(beat.avatar);
            if !wanted {
                continue;
            }
            let session = self.index.session_of(holder.account);
            let session = session.and_then(|session| self.sessions.get_mut(session).ok());
            let Some((presence, stage, mut on_lane)) = session else { continue };
            // Who is done with this shard may be in another.
            if !stage.is_in(entity) {
                continue;
            }
            let Some(connection) = presence.listening() else { continue };
            let manner = manners.of(on_lane.hear(*shown_tick), obstacles.is_some());
            let worker = edge.worker_of(connection);
            let obstacles = obstacles.unwrap_or(nothing);
            found(Job { recorder, viewer, beat, scene, obstacles, connection, worker, manner });
        }
    }
}

impl Copyists {
    /// Writes for all of them, by all threads, and hands over what was written.
    fn copy_all(&mut self, jobs: Vec<Job<'_>>, pool: &StepPool, edge: &EdgeLink, audience: &mut Audience) {
        let threads = if jobs.len() < VIEWERS_FOR_THREADS { 1 } else { pool.threads() };
        self.0.resize_with(threads.max(self.0.len()), Copyist::default);
        for copyist in &mut self.0 {
            copyist.datagrams.resize_with(edge.workers.len(), DatagramBatch::default);
        }
        let share = jobs.len().div_ceil(threads).max(1);
        let mut work: Vec<(&mut Copyist, Vec<Job<'_>>)> = Vec::new();
        let mut jobs = jobs.into_iter();
        for copyist in &mut self.0 {
            let jobs: Vec<Job<'_>> = jobs.by_ref().take(share).collect();
            if !jobs.is_empty() {
                work.push((copyist, jobs));
            }
        }
        pool.each(work, |(copyist, mut jobs)| copyist.copy_each(&mut jobs));
        for copyist in &mut self.0 {
            for (connection, recorder, tick) in copyist.promised.drain(..) {
                audience.post.hold(connection, &recorder, tick);
            }
            audience.post.append(&mut copyist.frames);
            for (worker, datagrams) in copyist.datagrams.iter_mut().enumerate() {
                edge.workers[worker].datagrams.leave(datagrams);
            }
            audience.counters.snapshots += std::mem::take(&mut copyist.snapshots);
            audience.counters.left_out += std::mem::take(&mut copyist.left_out);
            audience.counters.future_acks += std::mem::take(&mut copyist.future_acks);
            audience.counters.resyncs += std::mem::take(&mut copyist.resyncs);
        }
    }
}
