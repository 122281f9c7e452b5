//! The thread that writes logs.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bevy_ecs::prelude::Resource;
use hypogeum_crash::crash_point;
use hypogeum_protocol::ShardId;
use hypogeum_shard::{Command, StateHash};

use crate::config::JournalConfig;
use crate::entry::GrantsEntry;
use crate::folder::JournalFolder;
use crate::key::SigningKey;
use crate::open_log::OpenLog;
use crate::packing::{Packing, pack};
use crate::part::LogId;
use crate::port::{JournalHealth, JournalPort, Order, Shared};
use crate::syncs::Syncs;
use crate::write_error::WriteError;

/// How often what cannot be done now is tried again, for what is written and for what is packed.
pub(crate) const RETRY: Duration = Duration::from_millis(250);
/// Bytes of encoded records that wait for a full disk, over all logs; beyond it logs are given up, the largest first.
const BACKLOG_BYTES_MAX: usize = 256 << 20;
/// Lists of commands on their way back to the tick.
const SPARE_MAX: usize = 1_024;

/// Writes the logs of all shards. Many steps, and many logs, share a sync; the tick never waits for any of it.
///
/// A disk without room, or a process without descriptors, keeps everything waiting and is tried again. A disk that fails ends all acknowledgement at once: see
/// [`JournalHealth`].
#[derive(Debug)]
pub struct JournalThread {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
    packer: Option<JoinHandle<()>>,
}

impl JournalThread {
    /// Starts writing; the port is for the tick.
    ///
    /// # Errors
    /// Where folders cannot be made or the system gives no thread.
    pub fn start(config: JournalConfig, key: SigningKey) -> io::Result<(Self, JournalPort)> {
        let folder = JournalFolder::open(config.folder.clone())?;
        let (shared, logs) = (Arc::new(Shared::default()), folder.clone());
        let (complete, packing) = channel();
        let packer = {
            let (folder, retention, shared) = (folder.clone(), config.retention, Arc::clone(&shared));
            std::thread::Builder::new()
                .name("journal-pack".into())
                .spawn(move || pack(&folder, &retention, &packing, &shared))?
        };
        let writer = {
            let shared = Arc::clone(&shared);
            let writer = Writer {
                config,
                key,
                folder,
                complete,
                logs: Logs::default(),
                syncs: Syncs::default(),
                due: None,
                is_waiting_logged: false,
            };
            std::thread::Builder::new().name("journal".into()).spawn(move || writer.run(&shared))?
        };
        let port = JournalPort::new(Arc::clone(&shared), logs);
        Ok((Self { shared, writer: Some(writer), packer: Some(packer) }, port))
    }

    /// How the disk does.
    #[must_use]
    pub fn health(&self) -> JournalHealth {
        self.shared.health()
    }

    /// A handle that shows the health of the disk.
    #[must_use]
    pub fn watch(&self) -> JournalWatch {
        JournalWatch(Arc::clone(&self.shared))
    }

    /// Whether both threads run.
    #[must_use]
    pub fn is_running(&self) -> bool {
        let runs = |thread: &Option<JoinHandle<()>>| thread.as_ref().is_some_and(|thread| !thread.is_finished());
        runs(&self.writer) && runs(&self.packer)
    }

    /// Writes and syncs everything that was handed over, packs what is complete as far as some seconds allow, and ends.
    pub fn finish(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.waiting().ending = true;
        self.shared.something.notify_one();
        for thread in [self.writer.take(), self.packer.take()].into_iter().flatten() {
            if thread.join().is_err() {
                tracing::error!("a thread of the journal has panicked");
            }
        }
    }
}

impl Drop for JournalThread {
    fn drop(&mut self) {
        self.end();
    }
}

/// Tells how the disk does.
#[derive(Resource, Clone, Debug)]
pub struct JournalWatch(Arc<Shared>);

impl JournalWatch {
    /// How it does now.
    #[must_use]
    pub fn health(&self) -> JournalHealth {
        self.0.health()
    }
}

struct Writer {
    config: JournalConfig,
    key: SigningKey,
    folder: JournalFolder,
    complete: Sender<Packing>,
    logs: Logs,
    syncs: Syncs,
    /// When the next sync is due; `None` while nothing waits for one.
    due: Option<Instant>,
    is_waiting_logged: bool,
}

/// The logs that are written. A pass looks at those alone that have something to do, however many rest.
#[derive(Default)]
struct Logs {
    busy: BTreeMap<ShardId, Box<Written>>,
    resting: BTreeMap<ShardId, Box<Written>>,
}

impl Logs {
    /// One that is given something to do.
    fn wake(&mut self, shard_id: ShardId) -> Option<&mut Written> {
        if let Some(written) = self.resting.remove(&shard_id) {
            self.busy.insert(shard_id, written);
        }
        self.busy.get_mut(&shard_id).map(Box::as_mut)
    }

    /// Lets those rest for which nothing is left to do, and drops those that are over.
    fn settle(&mut self) {
        let settled = self.busy.extract_if(.., |_, written| !written.has_more());
        self.resting.extend(settled.filter(|(_, written)| !written.closed && !written.log.state.is_lost()));
        self.busy.retain(|_, written| !written.log.state.is_lost());
    }

    fn drain(&mut self) -> impl Iterator<Item = Box<Written>> {
        std::mem::take(&mut self.busy).into_values().chain(std::mem::take(&mut self.resting).into_values())
    }
}

/// A log and what is still to be done for it.
struct Written {
    log: OpenLog,
    /// Orders that wait because nothing can be written now, and roughly how much memory they take.
    backlog: VecDeque<Order>,
    backlog_bytes: usize,
    tick: u32,
    /// Somebody waits for its sync.
    hurried: bool,
    closed: bool,
}

impl Writer {
    fn run(mut self, shared: &Shared) {
        let mut orders = Vec::new();
        let mut spare: Vec<Vec<Command>> = Vec::new();
        loop {
            let ending = self.wait(shared, &mut orders, &mut spare);
            for (shard_id, order) in orders.drain(..) {
                self.take_order(shard_id, order);
            }
            let outcome = self.write_all(&mut spare, ending);
            match outcome {
                Ok(()) => self.report_good(shared),
                Err(WriteError::Passing(error)) => self.report_waiting(shared, &error),
                Err(WriteError::Broken(error)) => {
                    tracing::error!(%error, "the journal's disk has failed: nothing is acknowledged until a restart");
                    return self.give_everything_up(shared);
                }
            }
            // What a full disk does not take now is lost with the process: no message that depends on it was sent.
            if ending {
                return;
            }
        }
    }

    /// Waits for orders, or until a sync is due. Returns whether it is over.
    fn wait(&self, shared: &Shared, orders: &mut Vec<(ShardId, Order)>, spare: &mut Vec<Vec<Command>>) -> bool {
        let retries = shared.health() == JournalHealth::Full;
        let mut waiting = shared.waiting();
        loop {
            let now = Instant::now();
            let pause = match (retries, self.due) {
                (true, _) => Some(RETRY),
                (false, Some(due)) => Some(due.saturating_duration_since(now)),
                (false, None) => None,
            };
            if !waiting.orders.is_empty() || waiting.ending || pause.is_some_and(|pause| pause.is_zero()) {
                break;
            }
            match pause {
                Some(pause) if shared.something.wait_for(&mut waiting, pause).timed_out() => break,
                Some(_) => {}
                None => shared.something.wait(&mut waiting),
            }
        }
        std::mem::swap(orders, &mut waiting.orders);
        waiting.bytes = 0;
        spare.truncate(SPARE_MAX.saturating_sub(waiting.spare.len()));
        waiting.spare.append(spare);
        waiting.ending
    }

    fn take_order(&mut self, shard_id: ShardId, order: Order) {
        let log = match order {
            Order::Begin { header, state } => OpenLog::begin(&self.folder, *header, state),
            Order::Resume { log, parts, next, tick, hash, grants, settled, snapshot, state } => {
                let parts = parts.map(|parts| *parts);
                let mut log = OpenLog::resume((&self.folder, log), parts, next, (tick, grants, settled), state);
                let mut backlog = VecDeque::new();
                match snapshot {
                    // That of the next part.
                    Some(bytes) if next.closed => backlog.push_back(Order::Snapshot { tick, hash, bytes }),
                    Some(bytes) => log.snapshot_first(tick, hash, &bytes),
                    None => {}
                }
                self.insert(shard_id, log, tick, backlog);
                return;
            }
            other => {
                if let Some(written) = self.logs.wake(shard_id) {
                    written.backlog_bytes += other.bytes();
                    written.backlog.push_back(other);
                }
                return;
            }
        };
        self.insert(shard_id, log, 0, VecDeque::new());
    }

    fn insert(&mut self, shard_id: ShardId, log: OpenLog, tick: u32, backlog: VecDeque<Order>) {
        let backlog_bytes = backlog.iter().map(Order::bytes).sum();
        let written = Written { log, backlog, backlog_bytes, tick, hurried: true, closed: false };
        self.logs.resting.remove(&shard_id);
        self.logs.busy.insert(shard_id, Box::new(written));
    }

    /// Encodes what was ordered, gives it to the system, and syncs what somebody waits for or what has waited long enough.
    fn write_all(&mut self, spare: &mut Vec<Vec<Command>>, ending: bool) -> Result<(), WriteError> {
        let now = Instant::now();
        let all = ending || self.due.is_some_and(|due| due <= now);
        let (mut passing, place) = (None, Place { folder: &self.folder, key: &self.key, config: &self.config });
        let mut synced = Vec::new();
        for written in self.logs.busy.values_mut() {
            let done = written
                .work_off(&place, spare, |log, number| {
                    // The packer outlives the writer.
                    let _ = self.complete.send(Packing::Segment { log, number });
                })
                .and_then(|()| written.log.write_out());
            match done {
                Ok(()) if all || written.hurried => synced.push(written),
                Ok(()) => {}
                Err(WriteError::Passing(error)) => passing = Some(WriteError::Passing(error)),
                Err(broken) => return Err(broken),
            }
        }
        let done = self.syncs.each(synced, |written| {
            let done = written.log.sync();
            written.hurried &= done.is_err();
            done
        });
        for done in done {
            match done {
                Ok(()) => {}
                Err(WriteError::Passing(error)) => passing = Some(WriteError::Passing(error)),
                Err(broken) => return Err(broken),
            }
        }
        for written in self.logs.busy.values_mut() {
            for log in written.log.superseded() {
                let _ = self.complete.send(Packing::Part { log });
            }
            if written.closed && !written.log.is_dirty() {
                crash_point!("log_closed");
                let (log, state) = (written.log.id, Arc::clone(&written.log.state));
                let _ = self.complete.send(Packing::Log { log, state });
            }
        }
        self.logs.settle();
        self.bound_backlog();
        let dirty = self.logs.busy.values().any(|written| written.log.is_dirty());
        self.due = match (dirty, self.due) {
            (false, _) => None,
            (true, Some(due)) if due > now => Some(due),
            (true, _) => Some(now + self.config.sync_interval),
        };
        passing.map_or(Ok(()), Err)
    }

    /// A disk that stays full must not fill the memory as well.
    fn bound_backlog(&mut self) {
        let waiting = |written: &Written| written.log.waiting_bytes() + written.backlog_bytes;
        let busy = &mut self.logs.busy;
        while busy.values().map(|written| waiting(written)).sum::<usize>() > BACKLOG_BYTES_MAX {
            let Some((&largest, _)) = busy.iter().max_by_key(|(_, written)| waiting(written)) else { return };
            tracing::error!(shard_id = %largest, "too much of a log waits for the disk: it is given up");
            if let Some(mut written) = busy.remove(&largest) {
                written.log.give_up();
            }
        }
    }

    fn report_good(&mut self, shared: &Shared) {
        if shared.health() == JournalHealth::Full {
            tracing::info!("the journal can write again");
            shared.set_health(JournalHealth::Good);
        }
        self.is_waiting_logged = false;
    }

    fn report_waiting(&mut self, shared: &Shared, error: &io::Error) {
        shared.set_health(JournalHealth::Full);
        if !self.is_waiting_logged {
            tracing::error!(%error, "the journal cannot write now: shards go on, nothing is granted until it can");
            self.is_waiting_logged = true;
        }
    }

    /// After a failure nothing is tried again: orders are taken and dropped, so that the tick's memory stays bounded.
    fn give_everything_up(mut self, shared: &Shared) {
        shared.set_health(JournalHealth::Broken);
        self.logs.drain().for_each(|mut written| written.log.give_up());
        self.due = None;
        let (mut orders, mut spare) = (Vec::new(), Vec::new());
        while !self.wait(shared, &mut orders, &mut spare) {
            for (_, order) in orders.drain(..) {
                if let Order::Begin { state, .. } | Order::Resume { state, .. } = order {
                    state.lose();
                }
            }
        }
    }
}

/// Where logs are written, and how.
struct Place<'a> {
    folder: &'a JournalFolder,
    key: &'a SigningKey,
    config: &'a JournalConfig,
}

impl Written {
    /// Whether something is left to do before anything more is ordered.
    fn has_more(&self) -> bool {
        !self.backlog.is_empty() || self.hurried || self.log.is_dirty()
    }

    /// What belongs to step `tick` came, and those before it are not there.
    fn give_up_at(&mut self, tick: u32) {
        tracing::error!(tick, last = self.tick, "steps of a shard are missing: its log is given up");
        self.log.give_up();
    }

    /// Goes on behind a snapshot, in the next segment or in the next part. Returns the number of the segment that is complete;
    /// `None` where it is a part that is.
    fn snapshot(
        &mut self,
        place: &Place<'_>,
        (tick, hash, bytes): (u32, StateHash, &[u8]),
    ) -> Result<Option<u32>, WriteError> {
        let unix_s = (place.config.unix_s)();
        if !self.log.is_part_due(&place.config.parts, unix_s) {
            return self.log.snapshot(place.key, tick, hash, bytes).map(Some);
        }
        self.log.next_part((place.folder, place.key), (tick, hash, bytes), unix_s)?;
        self.hurried = true;
        Ok(None)
    }

    /// The snapshot is written with which [`Self::snapshot`] went on.
    fn snapshot_written(&self, number: Option<u32>, complete: &mut impl FnMut(LogId, u32)) {
        if let Some(number) = number {
            crash_point!("snapshot_written");
            complete(self.log.id, number);
        } else {
            crash_point!("part_begun");
        }
    }

    fn work_off(
        &mut self,
        place: &Place<'_>,
        spare: &mut Vec<Vec<Command>>,
        mut complete: impl FnMut(LogId, u32),
    ) -> Result<(), WriteError> {
        while let Some(order) = self.backlog.pop_front() {
            let order_bytes = order.bytes();
            self.backlog_bytes -= order_bytes;
            match order {
                Order::Tick { tick, hash, mut commands } => {
                    if tick != self.tick + 1 {
                        self.give_up_at(tick);
                        return Ok(());
                    }
                    self.tick = tick;
                    let hash = tick.is_multiple_of(place.config.hash_every_ticks.max(1)).then_some(hash);
                    self.log.tick(tick, hash, &commands);
                    commands.clear();
                    spare.push(commands);
                }
                Order::Snapshot { tick, hash, bytes } => match self.snapshot(place, (tick, hash, &bytes)) {
                    Ok(number) => {
                        self.log.write_out()?;
                        self.snapshot_written(number, &mut complete);
                    }
                    Err(trouble) => {
                        self.backlog_bytes += order_bytes;
                        self.backlog.push_front(Order::Snapshot { tick, hash, bytes });
                        return Err(trouble);
                    }
                },
                // Of a step that was left out: the gap is found with the next.
                Order::Promise(entry) if entry.tick != self.tick => {}
                Order::Promise(entry) => self.log.promise(&entry),
                Order::Grants(GrantsEntry { tick, .. }) if tick != self.tick => {
                    self.give_up_at(tick);
                    return Ok(());
                }
                Order::Visit(entry) if entry.tick != self.tick => {
                    self.give_up_at(entry.tick);
                    return Ok(());
                }
                Order::Grants(entry) => {
                    self.log.grant(&entry);
                    if entry.is_settlement {
                        crash_point!("settlement_logged");
                    }
                }
                Order::Visit(entry) => {
                    self.log.visit(*entry);
                    self.log.write_out()?;
                    crash_point!("visit_logged");
                }
                Order::Close(how) => {
                    self.log.close(place.key, how);
                    self.closed = true;
                    self.hurried = true;
                }
                Order::Granted(visit) => self.log.granted(visit),
                Order::Sync => self.hurried = true,
                Order::GiveUp => {
                    self.give_up_at(self.tick + 1);
                    return Ok(());
                }
                Order::Begin { .. } | Order::Resume { .. } => {}
            }
        }
        Ok(())
    }
}
