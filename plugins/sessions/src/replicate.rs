//! What each participant sees, tick by tick: gathered once for each match, written for each viewer by several threads.

use bevy_ecs::prelude::{Component, EntityWorldMut, Query, Res, ResMut, Resource};
use bevy_ecs::system::EntityCommand;
use hypogeum_content::def::InterestRule;
use hypogeum_protocol::lane::{CELL, Up};
use hypogeum_protocol::link::{Class, DatagramBatch, Lane, ToEdge};
use hypogeum_protocol::{ConnectionId, NetId, Seat, ServerMessage, codec, limits};
use hypogeum_replication::{Blocks, Scene, Viewer};
use hypogeum_shard::Shard;
use hypogeum_shard::host::StepPool;
use hypogeum_space::Obstacles;

use crate::board::Counters;
use crate::datagrams::OnLane;
use crate::desk::Desk;
use crate::game::Match;
use crate::load::{Circumstances, Load, interval_ticks};
use crate::session::Session;
use crate::{Edge, post};

/// Viewers that are not worth a second thread.
const VIEWERS_FOR_THREADS: usize = 64;
/// What is shown of the far once the host is at its end: the cells around.
const REACH_AT_LAST: i32 = CELL / 2;

/// The eyes on one match.
#[derive(Component, Debug, Default)]
pub(crate) struct Views {
    scene: Scene,
    /// By seat.
    seats: Vec<SeatView>,
    shown_tick: u32,
    /// How far an avatar sees, in subunits, and how what it sees is chosen.
    sight: i32,
    interest: InterestRule,
}

#[derive(Debug, Default)]
struct SeatView {
    viewer: Viewer,
    /// Ticks from one snapshot to the next.
    interval: u32,
    /// The tick the next one is due.
    due: u32,
    resynced_tick: u32,
}

impl Views {
    pub(crate) fn new(sight: i32, interest: InterestRule) -> Self {
        Self { scene: Scene::new(), sight, interest, ..Self::default() }
    }

    fn seat(&mut self, seat: Seat, avatar: NetId) -> &mut SeatView {
        let place = usize::from(seat.0);
        while self.seats.len() <= place {
            // Seats take turns, so that not everyone's snapshot falls into one tick.
            let due = self.shown_tick + self.seats.len() as u32 % 6;
            self.seats.push(SeatView { interval: 1, due, ..SeatView::default() });
        }
        let view = &mut self.seats[place];
        if !view.viewer.is_of(avatar) {
            view.viewer = Viewer::new(avatar, self.sight, self.interest);
        }
        view
    }

    /// Learns what a participant's client has, and has not.
    pub(crate) fn learn(&mut self, seat: Seat, up: &Up, counters: &mut Counters) {
        let tick = self.shown_tick;
        let Some(view) = self.seats.get_mut(usize::from(seat.0)) else { return };
        if let Some(ack) = up.ack
            && view.viewer.learn(ack).is_err()
        {
            counters.future_acks += 1;
        }
        // Once a second at most: who asks for everything all the time gets it at his own cost.
        if up.resync && tick >= view.resynced_tick + 30 {
            view.resynced_tick = tick;
            view.viewer.resync();
            counters.resyncs += 1;
        }
    }
}

/// Makes a seat's viewer forget what it was told.
pub(crate) fn forget(seat: Seat) -> impl EntityCommand {
    move |mut entity: EntityWorldMut| {
        if let Some(mut views) = entity.get_mut::<Views>()
            && let Some(view) = views.seats.get_mut(usize::from(seat.0))
        {
            view.viewer.forget();
        }
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
}

/// One for each thread.
#[derive(Resource, Debug, Default)]
pub(crate) struct Copyists(Vec<Copyist>);

/// One participant to be shown something.
struct Job<'a> {
    view: &'a mut SeatView,
    scene: &'a Scene,
    obstacles: &'a Obstacles,
    connection: ConnectionId,
    worker: usize,
    /// With the datagram lane: the circumstances; without: whether a snapshot is due.
    manner: Manner,
}

#[derive(Clone, Copy)]
enum Manner {
    OnLane { tick_hz: u32, level: u32 },
    Plain { due: bool },
}

impl Copyist {
    fn copy(&mut self, job: Job<'_>) {
        let Job { view, scene, obstacles, connection, worker, manner } = job;
        let SeatView { viewer, interval, due, .. } = view;
        let on_lane = matches!(manner, Manner::OnLane { .. });
        let told = viewer.phase(scene).into_iter().chain(viewer.inventory(scene));
        for message in told {
            self.tell(connection, &message);
        }
        for message in viewer.events(scene, obstacles, on_lane) {
            self.tell(connection, &message);
        }
        match manner {
            // Whoever is concerned by what happens hears of it in the same tick.
            Manner::OnLane { tick_hz, level } if scene.tick() >= *due || viewer.is_concerned(scene) => {
                let reach_max = if level > 3 { REACH_AT_LAST } else { i32::MAX };
                let room = (limits::LANE_BYTES_MAX, reach_max, u8::try_from(*interval).unwrap_or(u8::MAX));
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
                *interval = interval_ticks(tick_hz, at);
                *due = match *due {
                    // Kept to its own beat, whatever was late.
                    beat if scene.tick() >= beat => (beat + *interval).max(scene.tick() + 1),
                    beat => beat,
                };
            }
            Manner::Plain { due: true } => {
                viewer.snapshot(scene, obstacles, &mut self.bytes);
                let frame = ToEdge::Frame { connection, lane: Lane::Unreliable, bytes: self.bytes.clone() };
                self.frames.push((Class::Cosmetic, frame));
                self.snapshots += 1;
            }
            Manner::OnLane { .. } | Manner::Plain { .. } => {}
        }
    }

    fn tell(&mut self, connection: ConnectionId, message: &ServerMessage) {
        self.frames.push(post::reliable(connection, codec::encode(message)));
    }
}

/// Shows every match to everyone in it who listens.
pub(crate) fn replicate(
    mut desk: Desk,
    mut copyists: ResMut<Copyists>,
    (edge, load, pool): (Res<Edge>, Res<Load>, Res<StepPool>),
    mut games: Query<(&Match, &mut Shard, &mut Views)>,
    sessions: Query<(Session, &OnLane)>,
) {
    let level = load.level();
    let mut fresh: Vec<(&Match, &mut Shard, &mut Views)> = Vec::new();
    for (game, shard, views) in &mut games {
        // A shard that was not stepped has nothing new, and one that crashed nothing true.
        if shard.tick().0 != views.shown_tick {
            fresh.push((game, shard.into_inner(), views.into_inner()));
        }
    }
    pool.each(fresh.iter_mut().map(|(_, shard, views)| (&mut **shard, &mut **views)).collect(), |(shard, views)| {
        views.shown_tick = shard.tick().0;
        views.scene.gather(shard);
    });
    let mut jobs = Vec::new();
    for (game, shard, views) in fresh {
        let Some(obstacles) = shard.world().get_resource::<Obstacles>() else { continue };
        let tick = views.shown_tick;
        desk.counters.events += views.scene.events_count() as u64;
        for holder in &game.humans {
            views.seat(holder.seat, holder.avatar);
        }
        let Views { scene, seats, .. } = views;
        let mut seats = seats.iter_mut();
        let mut next_seat = 0;
        for holder in &game.humans {
            // Holders are in the order of their seats.
            let skipped = usize::from(holder.seat.0).saturating_sub(next_seat);
            let Some(view) = seats.nth(skipped) else { break };
            next_seat = usize::from(holder.seat.0) + 1;
            let entity = desk.directory.by_account.get(&holder.account).copied();
            let Some((session, on_lane)) = entity.and_then(|entity| sessions.get(entity).ok()) else { continue };
            let Some(connection) = session.presence.listening() else { continue };
            let interval = desk.config.snapshot_interval_ticks.max(1);
            let manner = if on_lane.0 {
                Manner::OnLane { tick_hz: desk.config.tick_hz, level }
            } else {
                Manner::Plain { due: tick.wrapping_add(u32::from(holder.seat.0)).is_multiple_of(interval) }
            };
            let worker = edge.0.worker_of(connection);
            jobs.push(Job { view, scene, obstacles, connection, worker, manner });
        }
    }
    let threads = if jobs.len() < VIEWERS_FOR_THREADS { 1 } else { pool.threads() };
    let copyists = &mut copyists.0;
    copyists.resize_with(threads.max(copyists.len()), Copyist::default);
    for copyist in copyists.iter_mut() {
        copyist.datagrams.resize_with(edge.0.workers.len(), DatagramBatch::default);
    }
    let share = jobs.len().div_ceil(threads).max(1);
    let mut work: Vec<(&mut Copyist, Vec<Job<'_>>)> = Vec::new();
    let mut jobs = jobs.into_iter();
    for copyist in copyists.iter_mut() {
        let jobs: Vec<Job<'_>> = jobs.by_ref().take(share).collect();
        if !jobs.is_empty() {
            work.push((copyist, jobs));
        }
    }
    pool.each(work, |(copyist, jobs)| jobs.into_iter().for_each(|job| copyist.copy(job)));
    for copyist in copyists.iter_mut() {
        desk.post.append(&mut copyist.frames);
        for (worker, datagrams) in copyist.datagrams.iter_mut().enumerate() {
            edge.0.workers[worker].datagrams.leave(datagrams);
        }
        desk.counters.snapshots += std::mem::take(&mut copyist.snapshots);
        desk.counters.left_out += std::mem::take(&mut copyist.left_out);
    }
}
