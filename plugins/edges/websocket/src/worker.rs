//! A thread that owns sockets: waits for them, for the tick and for the doorkeeper, and writes to each socket once a round.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::link::{Class, CloseReason, DatagramBatch, FromEdge, LentLink, ToEdge};
use mio::{Events, Interest, Poll, Token, Waker};
use nix::sys::socket::{setsockopt, sockopt};
use parking_lot::Mutex;

use crate::CloseCode;
use crate::config::WebSocketConfig;
use crate::connection::{Connection, Stage};
use crate::counters::{SharedCounters, WebSocketCounters};
use crate::door::Upgraded;
use crate::doorkeeper::{Admitted, Refusal};
use crate::outgoing::Written;
use crate::transport::Transport;

/// The alarm among what is waited for; sockets have their slots.
const ALARM: Token = Token(usize::MAX);
/// How long a worker sleeps that hears nothing; then it looks for what is due.
const IDLE: Duration = Duration::from_millis(100);
/// How long one sleeps that lets clients wait who say too much.
const WAITING: Duration = Duration::from_millis(10);
/// How often deadlines are looked at.
const SWEEP_EVERY: Duration = Duration::from_millis(100);
/// Sockets that are looked at in one round.
const EVENTS_MAX: usize = 1_024;
/// Bytes read from one socket at once, and how often in one round: whoever sends more does so with others between.
pub(crate) const READ_BYTES: usize = 16 * 1_024;
/// Bits of a connection's number that tell its slot.
const SLOT_BITS: u32 = 24;

/// What others leave for a worker.
pub(crate) enum Mail {
    /// A socket is handed over.
    Upgraded(Upgraded),
    /// The doorkeeper has answered what a connection asked by this number.
    Checked((ConnectionId, u32), Result<Admitted, Refusal>),
}

/// Where they leave it.
#[derive(Clone)]
pub(crate) struct Mailbox {
    pub(crate) mail: Arc<Mutex<Vec<Mail>>>,
    pub(crate) alarm: Arc<Waker>,
}

impl Mailbox {
    pub(crate) fn leave(&self, mail: Mail) {
        self.mail.lock().push(mail);
        self.ring();
    }

    /// Ends the worker's wait.
    pub(crate) fn ring(&self) {
        // It fails only where the system cannot; then the worker looks by itself a little later.
        let _ = self.alarm.wake();
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mailbox").finish_non_exhaustive()
    }
}

pub(crate) struct Worker {
    poll: Poll,
    mailbox: Mailbox,
    pub(crate) lent: LentLink,
    /// Which of the link's workers this is.
    pub(crate) number: usize,
    pub(crate) config: WebSocketConfig,
    counters: SharedCounters,
    stop: Arc<AtomicBool>,
    started: Instant,
    pub(crate) now: Duration,
    swept_at: Duration,
    pub(crate) slots: Vec<Option<Connection>>,
    free: Vec<usize>,
    opened_count: u64,
    /// Slots that have something to be written.
    fresh: Vec<usize>,
    /// Slots that have more to be read.
    pub(crate) waiting: VecDeque<usize>,
    /// Closes that the tick's queue had no room for; at most one for each connection.
    unreported: VecDeque<FromEdge>,
    /// State of clients since the tick's box was filled last.
    pub(crate) arrived: DatagramBatch,
    pub(crate) outgoing: Vec<ToEdge>,
    /// The tick has said more than one round takes.
    pub(crate) has_outgoing: bool,
    pub(crate) leaving: VecDeque<DatagramBatch>,
    /// What was written last: many are told the same.
    pub(crate) last_written: Written,
    pub(crate) scratch: Box<[u8]>,
    pub(crate) tally: WebSocketCounters,
}

impl Worker {
    pub(crate) fn new(
        (config, counters, stop): (WebSocketConfig, SharedCounters, Arc<AtomicBool>),
        (lent, number): (LentLink, usize),
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let alarm = Arc::new(Waker::new(poll.registry(), ALARM)?);
        Ok(Self {
            poll,
            mailbox: Mailbox { mail: Arc::default(), alarm },
            lent,
            number,
            config,
            counters,
            stop,
            started: Instant::now(),
            now: Duration::ZERO,
            swept_at: Duration::ZERO,
            slots: Vec::new(),
            free: Vec::new(),
            opened_count: 0,
            fresh: Vec::new(),
            waiting: VecDeque::new(),
            unreported: VecDeque::new(),
            arrived: DatagramBatch::default(),
            outgoing: Vec::new(),
            has_outgoing: false,
            leaving: VecDeque::new(),
            last_written: Written::default(),
            scratch: vec![0; READ_BYTES].into(),
            tally: WebSocketCounters::default(),
        })
    }

    pub(crate) fn mailbox(&self) -> Mailbox {
        self.mailbox.clone()
    }

    pub(crate) fn run(&mut self) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        while !self.stop.load(Ordering::Relaxed) {
            self.round(&mut events, true);
        }
        // What the tick said last is in the queues: take it before closing.
        let deadline = self.started.elapsed() + self.config.last_words_max;
        self.round(&mut events, false);
        while self.has_outgoing && self.now < deadline {
            self.round(&mut events, false);
        }
        for slot in 0..self.slots.len() {
            self.close(slot, CloseCode::GoingAway);
        }
        let deadline = self.now + self.config.last_words_max;
        while self.slots.iter().any(Option::is_some) && self.now < deadline {
            self.round(&mut events, true);
        }
        for slot in 0..self.slots.len() {
            self.end(slot, CloseReason::ByServer);
        }
        self.report_closes();
        self.counters.settle(&mut self.tally);
    }

    /// Waits, takes what came, and writes what came of it.
    fn round(&mut self, events: &mut Events, may_wait: bool) {
        let timeout = match (may_wait && !self.has_outgoing, self.waiting.is_empty()) {
            (false, _) => Duration::ZERO,
            (true, true) => IDLE,
            (true, false) => WAITING,
        };
        if let Err(error) = self.poll.poll(events, Some(timeout))
            && error.kind() != io::ErrorKind::Interrupted
        {
            tracing::error!(%error, "WebSockets cannot be waited for");
            std::thread::sleep(IDLE);
        }
        self.now = self.started.elapsed();
        self.take_mail();
        for event in &*events {
            let slot = event.token().0;
            if event.token() == ALARM {
                continue;
            }
            if event.is_readable() || event.is_read_closed() || event.is_error() {
                if let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) {
                    connection.has_ended |= event.is_read_closed() || event.is_error();
                }
                self.read(slot);
            }
            if event.is_writable() {
                self.note_fresh(slot);
            }
        }
        for _ in 0..self.waiting.len() {
            if let Some(slot) = self.waiting.pop_front()
                && let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut)
            {
                connection.is_waiting = false;
                self.read(slot);
            }
        }
        self.lent.link().datagrams.leave(&mut self.arrived);
        self.take_outgoing();
        if self.now.saturating_sub(self.swept_at) >= SWEEP_EVERY {
            self.swept_at = self.now;
            self.sweep();
        }
        for slot in std::mem::take(&mut self.fresh) {
            self.write(slot);
        }
        self.report_closes();
        self.counters.settle(&mut self.tally);
    }

    fn take_mail(&mut self) {
        let mail = std::mem::take(&mut *self.mailbox.mail.lock());
        for mail in mail {
            match mail {
                Mail::Upgraded(upgraded) => self.admit(upgraded),
                Mail::Checked((id, number), verdict) => {
                    if let Some(slot) = self.slot_of(id) {
                        self.take_verdict(slot, number, verdict);
                    }
                }
            }
        }
    }

    /// Takes a socket in.
    fn admit(&mut self, upgraded: Upgraded) {
        let Upgraded { stream, tls, received, codec, permit, doorkeeper } = upgraded;
        let slot = self.free.last().copied().unwrap_or(self.slots.len());
        let prepared = stream.set_nonblocking(true).and_then(|()| stream.set_nodelay(true));
        if self.config.system_bytes_max > 0 {
            // The system's own number is larger: what waits there is only older.
            let _ = setsockopt(&stream, sockopt::SndBuf, &self.config.system_bytes_max);
        }
        let mut stream = mio::net::TcpStream::from_std(stream);
        let interest = Interest::READABLE | Interest::WRITABLE;
        let watched = self.poll.registry().register(&mut stream, Token(slot), interest);
        if let Err(error) = prepared.and(watched) {
            tracing::debug!(%error, "a socket cannot be watched");
            return;
        }
        self.opened_count += 1;
        self.tally.upgraded += 1;
        let number = self.opened_count << SLOT_BITS | slot as u64;
        let id = self.lent.name(self.number, number);
        let keeping = (doorkeeper, permit);
        let coming = (stream, Transport::new(tls), codec);
        let mut connection = Connection::new(id, coming, self.config.frames, keeping, self.now);
        connection.decoder.feed(&received);
        // The session may have decrypted more than was read of it. Should it be broken, the next read says so.
        let _ = connection.open(&[]);
        match self.free.pop() {
            Some(_) => self.slots[slot] = Some(connection),
            None => self.slots.push(Some(connection)),
        }
        self.read(slot);
    }

    /// The slot of a connection that is still there.
    pub(crate) fn slot_of(&self, id: ConnectionId) -> Option<usize> {
        let slot = (id.0 >> ConnectionId::WORKER_BITS & ((1 << SLOT_BITS) - 1)) as usize;
        self.slots.get(slot)?.as_ref().filter(|connection| connection.id == id).map(|_| slot)
    }

    pub(crate) fn note_fresh(&mut self, slot: usize) {
        if let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut)
            && !connection.is_fresh
        {
            connection.is_fresh = true;
            self.fresh.push(slot);
        }
    }

    pub(crate) fn note_waiting(&mut self, slot: usize) {
        if let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut)
            && !connection.is_waiting
        {
            connection.is_waiting = true;
            self.waiting.push_back(slot);
        }
    }

    /// Writes all that waits for a client, and lets it go where that was the last.
    fn write(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        connection.is_fresh = false;
        if matches!(connection.stage, Stage::Closing { .. }) {
            connection.transport.end_with_next();
        }
        match connection.outbox.write_to(&mut connection.transport, &mut connection.stream, self.now) {
            Ok(done) => {
                self.tally.bytes_out += done.bytes as u64;
                self.tally.writes += done.writes;
            }
            Err(error) => {
                tracing::trace!(%error, "a socket broke");
                return self.end(slot, CloseReason::TimedOut);
            }
        }
        if !connection.outbox.is_empty() {
            return;
        }
        if let Stage::Closing { code, is_mutual, .. } = connection.stage {
            if is_mutual {
                return self.end(slot, code.told_as());
            }
            // It has its last words; when it has read them, it closes its end. One that is broken is found at the next look.
            // Once: the system says each time that such a socket can be written to, and that would lead here again.
            if !std::mem::replace(&mut connection.is_shut, true) {
                self.tally.shut += 1;
                let _ = connection.stream.shutdown(Shutdown::Write);
            }
        }
    }

    /// Ends a connection at once. The tick hears of it, if it ever heard of the connection.
    pub(crate) fn end(&mut self, slot: usize, reason: CloseReason) {
        let Some(mut connection) = self.slots.get_mut(slot).and_then(Option::take) else { return };
        self.free.push(slot);
        // It is closed by being dropped, too.
        let _ = self.poll.registry().deregister(&mut connection.stream);
        if let Some(held) = connection.held.take() {
            // Its last chance; where there is no room now, it is dropped, and counted.
            let _ = self.lent.link().incoming.push(Class::Gameplay, held);
        }
        // A connection that was being closed ends for that reason, whatever came between.
        let reason = match connection.stage {
            Stage::Closing { code, .. } => code.told_as(),
            _ => reason,
        };
        if connection.account.is_some() {
            self.tally.count_close(reason);
            self.unreported.push_back(FromEdge::Closed { connection: connection.id, reason });
        } else {
            self.tally.refused += 1;
        }
    }

    /// Whether closes wait for room: nothing may overtake them.
    pub(crate) fn has_unreported(&self) -> bool {
        !self.unreported.is_empty()
    }

    fn report_closes(&mut self) {
        while let Some(close) = self.unreported.pop_front() {
            if let Err(close) = self.lent.link().incoming.offer(Class::Critical, close) {
                self.unreported.push_front(close);
                return;
            }
        }
    }
}
