//! The tick's side: what is to be written is handed over once a tick, and nothing is waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use hypogeum_protocol::{MatchId, Seat, ShardId};
use hypogeum_shard::{Command, StateHash};
use parking_lot::{Condvar, Mutex, MutexGuard};

use crate::carried_over::CarriedOver;
use crate::entry::{Close, GrantsEntry, Header, PromiseEntry, VisitEntry};
use crate::folder::JournalFolder;
use crate::log_state::LogState;
use crate::part::LogId;
use crate::tail::Continuation;

/// Bytes that may wait for the journal's thread: 10,000 players for some twenty seconds. Beyond it a log is given up.
const WAITING_BYTES_MAX: usize = 256 << 20;
/// Emptied lists of commands kept to be used again.
const SPARE_MAX: usize = 256;
/// What a grant takes in memory, roughly.
const GRANT_BYTES: usize = 256;

/// How the disk does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JournalHealth {
    /// What is handed over gets to the disk.
    #[default]
    Good,
    /// Nothing can be written now: there is no room, or no free descriptor. Everything is kept and tried again.
    Full,
    /// The disk has failed. Nothing is acknowledged any more, until a restart has looked at what is really there.
    Broken,
}

/// What the tick orders for one log.
#[derive(Debug)]
pub(crate) enum Order {
    Begin {
        header: Box<Header>,
        state: Arc<LogState>,
    },
    Resume {
        log: LogId,
        /// What its next part takes over, where it has parts.
        parts: Option<Box<(Header, CarriedOver)>>,
        next: Continuation,
        tick: u32,
        hash: StateHash,
        grants: u32,
        settled: bool,
        snapshot: Option<Vec<u8>>,
        state: Arc<LogState>,
    },
    Tick {
        tick: u32,
        hash: StateHash,
        commands: Vec<Command>,
    },
    Snapshot {
        tick: u32,
        hash: StateHash,
        bytes: Vec<u8>,
    },
    Promise(PromiseEntry),
    Grants(GrantsEntry),
    Visit(Box<VisitEntry>),
    /// The store has granted a visit.
    Granted(MatchId),
    Close(Close),
    Sync,
    /// A step was left out: nothing that follows can be kept.
    GiveUp,
}

impl Order {
    /// Roughly what it keeps in memory.
    pub(crate) fn bytes(&self) -> usize {
        64 + match self {
            Self::Tick { commands, .. } => commands.len() * size_of::<Command>(),
            Self::Snapshot { bytes, .. } => bytes.len(),
            Self::Resume { parts, snapshot, .. } => {
                let header = parts.as_ref().map_or(0, |parts| parts.0.content.len() + parts.0.setup.len());
                header + snapshot.as_ref().map_or(0, Vec::len)
            }
            Self::Promise(entry) => entry.seats.len() * size_of::<Seat>(),
            Self::Grants(entry) => entry.grants.len() * GRANT_BYTES,
            Self::Visit(_) => GRANT_BYTES,
            Self::Begin { header, .. } => header.content.len() + header.setup.len(),
            Self::Granted(_) | Self::Close(_) | Self::Sync | Self::GiveUp => 0,
        }
    }
}

/// What both sides share.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    waiting: Mutex<Waiting>,
    pub(crate) something: Condvar,
    health: AtomicU8,
}

#[derive(Debug, Default)]
pub(crate) struct Waiting {
    pub(crate) orders: Vec<(ShardId, Order)>,
    pub(crate) bytes: usize,
    /// Emptied lists on their way back.
    pub(crate) spare: Vec<Vec<Command>>,
    pub(crate) ending: bool,
}

impl Shared {
    pub(crate) fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // A poisoned lock still guards whole orders.
        self.waiting.lock()
    }

    pub(crate) fn set_health(&self, health: JournalHealth) {
        self.health.store(health as u8, Ordering::Release);
    }

    pub(crate) fn health(&self) -> JournalHealth {
        match self.health.load(Ordering::Acquire) {
            0 => JournalHealth::Good,
            1 => JournalHealth::Full,
            _ => JournalHealth::Broken,
        }
    }
}

/// Where the tick hands over what is to be written. Orders of one log are carried out in their order. A clone leads to the
/// same journal, with nothing ordered yet.
#[derive(Debug)]
pub struct JournalPort {
    shared: Arc<Shared>,
    logs: JournalFolder,
    batch: Vec<(ShardId, Order)>,
    batch_bytes: usize,
    spare: Vec<Vec<Command>>,
}

/// The hold on one log that is written.
#[derive(Clone, Debug)]
pub struct Recorder {
    shard_id: ShardId,
    state: Arc<LogState>,
}

impl Recorder {
    /// How far it has got.
    #[must_use]
    pub fn state(&self) -> &LogState {
        &self.state
    }

    /// What is written now: the log, or the part of it.
    #[must_use]
    pub fn log_id(&self) -> LogId {
        LogId { shard_id: self.shard_id, part: self.state.part() }
    }
}

impl Clone for JournalPort {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.shared), self.logs.clone())
    }
}

impl JournalPort {
    pub(crate) const fn new(shared: Arc<Shared>, logs: JournalFolder) -> Self {
        Self { shared, logs, batch: Vec::new(), batch_bytes: 0, spare: Vec::new() }
    }

    /// Where the logs lie.
    #[must_use]
    pub const fn logs(&self) -> &JournalFolder {
        &self.logs
    }

    /// How the disk does.
    #[must_use]
    pub fn health(&self) -> JournalHealth {
        self.shared.health()
    }

    /// Begins a log. One whose header says that it is in parts ([`Header::in_parts`]) goes from part to part by itself, as its
    /// [`PartLimits`](crate::PartLimits) say, each time with a snapshot.
    pub fn begin(&mut self, header: Header) -> Recorder {
        let recorder = Recorder { shard_id: header.shard_id, state: Arc::default() };
        recorder.state.note_part(header.log_id().part);
        self.order(&recorder, Order::Begin { header: Box::new(header), state: Arc::clone(&recorder.state) });
        recorder
    }

    /// Goes on with a log that was read to its end, with the world as it is after its last step. Without a snapshot
    /// nothing but its end may follow. The store must have granted all visits on record by now.
    pub fn resume(&mut self, tail: &crate::Tail, hash: StateHash, snapshot: Option<Vec<u8>>) -> Recorder {
        let recorder = Recorder { shard_id: tail.header.shard_id, state: Arc::default() };
        let log = tail.header.log_id();
        let (tick, grants, settled) = (tail.tick(), tail.grants_count, tail.settlement.is_some());
        recorder.state.note_part(log.part);
        recorder.state.note_durable(tick, grants, settled);
        let parts = (log.part > 0).then(|| Box::new((tail.header.clone(), tail.carried_over())));
        let (next, state) = (tail.next, Arc::clone(&recorder.state));
        self.order(&recorder, Order::Resume { log, parts, next, tick, hash, grants, settled, snapshot, state });
        recorder
    }

    /// Records a step. The list is taken over and another, empty one is left in its place.
    pub fn tick(&mut self, recorder: &Recorder, tick: u32, hash: StateHash, commands: &mut Vec<Command>) {
        let commands = std::mem::replace(commands, self.spare.pop().unwrap_or_default());
        self.order(recorder, Order::Tick { tick, hash, commands });
    }

    /// Records the whole world after a step.
    pub fn snapshot(&mut self, recorder: &Recorder, tick: u32, hash: StateHash, bytes: Vec<u8>) {
        self.order(recorder, Order::Snapshot { tick, hash, bytes });
    }

    /// Records the seats that the last step promised something. Their messages wait for it, so it is synced at once.
    pub fn promise(&mut self, recorder: &Recorder, tick: u32, seats: Vec<Seat>) {
        self.order(recorder, Order::Promise(PromiseEntry { tick, seats }));
        self.order(recorder, Order::Sync);
    }

    /// Records what the shard was worth for some, or for everyone at its end; [`LogState::durable_grants`] and
    /// [`LogState::is_settlement_durable`] say when that is on the disk.
    pub fn grant(&mut self, recorder: &Recorder, grants: GrantsEntry) {
        self.order(recorder, Order::Grants(grants));
        self.order(recorder, Order::Sync);
    }

    /// Records what a visit to an open shard was worth, after the step in which the visitor left. It counts among
    /// [`LogState::durable_grants`].
    pub fn visit(&mut self, recorder: &Recorder, visit: VisitEntry) {
        self.order(recorder, Order::Visit(Box::new(visit)));
        self.order(recorder, Order::Sync);
    }

    /// The store has granted a visit that is on record: the next part of the log need not hand it on.
    pub fn granted(&mut self, shard_id: ShardId, visit: MatchId) {
        let order = Order::Granted(visit);
        self.batch_bytes += order.bytes();
        self.batch.push((shard_id, order));
    }

    /// Ends a log and puts it away.
    pub fn close(&mut self, recorder: &Recorder, how: Close) {
        self.order(recorder, Order::Close(how));
    }

    /// Somebody waits for what was recorded so far: it is synced at once instead of when its time comes.
    pub fn hurry(&mut self, recorder: &Recorder) {
        self.order(recorder, Order::Sync);
    }

    fn order(&mut self, recorder: &Recorder, order: Order) {
        self.batch_bytes += order.bytes();
        self.batch.push((recorder.shard_id, order));
        if recorder.state.is_lost() {
            // Nothing of it is written any more.
            self.batch.pop();
        }
    }

    /// Hands over everything ordered since the last time. Once a tick.
    pub fn hand_over(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        let mut waiting = self.shared.waiting();
        if waiting.bytes + self.batch_bytes > WAITING_BYTES_MAX {
            self.batch.retain(|(_, order)| !matches!(order, Order::Snapshot { .. }));
            // A log may never take another step, and somebody may wait for this one.
            let steps = self.batch.iter_mut().filter(|(_, order)| matches!(order, Order::Tick { .. }));
            steps.for_each(|(_, order)| *order = Order::GiveUp);
        } else {
            waiting.bytes += self.batch_bytes;
        }
        waiting.orders.append(&mut self.batch);
        let room = SPARE_MAX.saturating_sub(self.spare.len()).min(waiting.spare.len());
        let from = waiting.spare.len() - room;
        self.spare.extend(waiting.spare.drain(from..));
        drop(waiting);
        self.batch_bytes = 0;
        self.shared.something.notify_one();
    }
}
