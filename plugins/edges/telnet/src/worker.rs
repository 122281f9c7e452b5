//! The thread that owns the sockets: waits for them, for the tick and for the doorkeeper, and writes to each socket once a round.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hypogeum_protocol::link::{Class, CloseReason, FromEdge, LentLink, ToEdge};
use hypogeum_protocol::{ConnectionId, ServerMessage};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token, Waker};
use parking_lot::Mutex;

use crate::config::TelnetConfig;
use crate::connection::{Connection, Stage};
use crate::counters::{SharedCounters, TelnetCounters};
use crate::door::Upgraded;
use crate::doorkeeper::{Answered, Ask, Doorkeeper, Origin, Refusal, Words};
use crate::phrase::{self, Phrase};
use crate::places::Places;

/// The alarm and the listener among what is waited for; connections have their slots.
const ALARM: Token = Token(usize::MAX);
const LISTENER: Token = Token(usize::MAX - 1);
/// How long the thread sleeps that hears nothing; then it looks for what is due.
const IDLE: Duration = Duration::from_millis(100);
/// How long it sleeps while somebody has more to be read.
const WAITING: Duration = Duration::from_millis(10);
/// How often deadlines are looked at.
const SWEEP_EVERY: Duration = Duration::from_millis(250);
/// Sockets that are looked at in one round.
const EVENTS_MAX: usize = 1_024;
/// Bytes read from one socket at once.
const READ_BYTES: usize = 4 * 1_024;
/// Bits of a connection's number that tell its slot.
const SLOT_BITS: u32 = 24;

/// What others leave for the thread.
pub(crate) enum Mail {
    /// The doorkeeper has answered what a connection asked by this number.
    Answered((ConnectionId, u32), Origin, Result<Answered, Refusal>),
    /// A WebSocket is handed over.
    Upgraded(Box<Upgraded>),
}

/// Where they leave it.
#[derive(Clone)]
pub(crate) struct Mailbox {
    mail: Arc<Mutex<Vec<Mail>>>,
    alarm: Arc<Waker>,
}

impl Mailbox {
    pub(crate) fn leave(&self, mail: Mail) {
        self.mail.lock().push(mail);
        self.ring();
    }

    /// Ends the thread's wait.
    pub(crate) fn ring(&self) {
        // It fails only where the system cannot; then the thread looks by itself a little later.
        let _ = self.alarm.wake();
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Mailbox").finish_non_exhaustive()
    }
}

/// What the thread is made of; all of it may be sent to another thread.
pub(crate) struct Parts {
    config: TelnetConfig,
    listener: TcpListener,
    lent: LentLink,
    doorkeeper: Arc<dyn Doorkeeper>,
    words: Arc<dyn Words>,
    counters: SharedCounters,
    stop: Arc<AtomicBool>,
    poll: Poll,
    mailbox: Mailbox,
    pub(crate) places: Arc<Places>,
}

impl Parts {
    /// # Errors
    /// The system gives no means to wait for them.
    pub(crate) fn new(
        (config, listener): (TelnetConfig, std::net::TcpListener),
        lent: LentLink,
        (doorkeeper, words): (Arc<dyn Doorkeeper>, Arc<dyn Words>),
        (counters, stop): (SharedCounters, Arc<AtomicBool>),
    ) -> io::Result<Self> {
        let poll = Poll::new()?;
        let alarm = Arc::new(Waker::new(poll.registry(), ALARM)?);
        let mut listener = TcpListener::from_std(listener);
        poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
        let mailbox = Mailbox { mail: Arc::default(), alarm };
        let places = Arc::new(Places::new(config.connections_max, config.connections_per_address_max));
        Ok(Self { config, listener, lent, doorkeeper, words, counters, stop, poll, mailbox, places })
    }

    pub(crate) fn mailbox(&self) -> Mailbox {
        self.mailbox.clone()
    }
}

pub(crate) struct Worker {
    poll: Poll,
    mailbox: Mailbox,
    pub(crate) listener: TcpListener,
    pub(crate) lent: LentLink,
    /// Which of the link's workers this is.
    pub(crate) number: usize,
    pub(crate) config: TelnetConfig,
    pub(crate) doorkeeper: Arc<dyn Doorkeeper>,
    pub(crate) words: Arc<dyn Words>,
    pub(crate) places: Arc<Places>,
    counters: SharedCounters,
    stop: Arc<AtomicBool>,
    started: Instant,
    /// When it began, in seconds since 1970, as lists of servers are told it.
    pub(crate) started_s: u64,
    pub(crate) now: Duration,
    swept_at: Duration,
    /// Connections that were not taken because the system could not: it is tried again at the next look.
    pub(crate) is_accepting: bool,
    pub(crate) slots: Vec<Option<Connection>>,
    free: Vec<usize>,
    opened_count: u64,
    fresh: Vec<usize>,
    pub(crate) waiting: VecDeque<usize>,
    /// Closes that the tick's queue had no room for; at most one for each connection.
    unreported: VecDeque<FromEdge>,
    pub(crate) outgoing: Vec<ToEdge>,
    /// The tick has said more than one round takes.
    pub(crate) has_outgoing: bool,
    /// What was read last: many are told the same.
    pub(crate) last_read: Option<(Vec<u8>, Arc<ServerMessage>)>,
    pub(crate) scratch: Box<[u8]>,
    pub(crate) tally: TelnetCounters,
}

impl Worker {
    pub(crate) fn new(parts: Parts) -> Self {
        let Parts { config, listener, lent, doorkeeper, words, counters, stop, poll, mailbox, places } = parts;
        Self {
            poll,
            mailbox,
            listener,
            number: lent.workers().start,
            lent,
            places,
            config,
            doorkeeper,
            words,
            counters,
            stop,
            started: Instant::now(),
            started_s: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            now: Duration::ZERO,
            swept_at: Duration::ZERO,
            is_accepting: true,
            slots: Vec::new(),
            free: Vec::new(),
            opened_count: 0,
            fresh: Vec::new(),
            waiting: VecDeque::new(),
            unreported: VecDeque::new(),
            outgoing: Vec::new(),
            has_outgoing: false,
            last_read: None,
            scratch: vec![0; READ_BYTES].into(),
            tally: TelnetCounters::default(),
        }
    }

    pub(crate) fn run(&mut self) {
        let mut events = Events::with_capacity(EVENTS_MAX);
        while !self.stop.load(Ordering::Relaxed) {
            self.round(&mut events, true);
        }
        // What the tick said last is in the queues: take it before closing.
        self.is_accepting = false;
        let _ = self.poll.registry().deregister(&mut self.listener);
        let deadline = self.started.elapsed() + self.config.last_words_max;
        self.round(&mut events, false);
        while self.has_outgoing && self.now < deadline {
            self.round(&mut events, false);
        }
        for slot in 0..self.slots.len() {
            self.close(slot, CloseReason::ByServer, Some(&Phrase::new(phrase::SERVER_ENDS)));
        }
        let deadline = self.now + self.config.last_words_max;
        while self.slots.iter().any(Option::is_some) && self.now < deadline {
            self.round(&mut events, true);
        }
        for slot in 0..self.slots.len() {
            self.end(slot, CloseReason::ByServer);
        }
        self.take_mail();
        self.report_closes();
        self.counters.publish(&self.tally);
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
            tracing::error!(%error, "telnet connections cannot be waited for");
            std::thread::sleep(IDLE);
        }
        self.now = self.started.elapsed();
        self.take_mail();
        for event in &*events {
            match event.token() {
                ALARM => {}
                LISTENER => self.is_accepting = !self.stop.load(Ordering::Relaxed),
                Token(slot) => {
                    if event.is_readable() || event.is_read_closed() || event.is_error() {
                        self.read(slot);
                    }
                    if event.is_writable() {
                        self.note_fresh(slot);
                    }
                }
            }
        }
        self.accept();
        for _ in 0..self.waiting.len() {
            if let Some(slot) = self.waiting.pop_front()
                && let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut)
            {
                connection.is_waiting = false;
                self.read(slot);
            }
        }
        self.take_outgoing();
        if self.now.saturating_sub(self.swept_at) >= SWEEP_EVERY {
            self.swept_at = self.now;
            self.sweep();
        }
        for slot in std::mem::take(&mut self.fresh) {
            self.write(slot);
        }
        self.report_closes();
        self.counters.publish(&self.tally);
    }

    fn take_mail(&mut self) {
        let mail = std::mem::take(&mut *self.mailbox.mail.lock());
        for mail in mail {
            match mail {
                Mail::Answered((id, number), origin, answer) => match (self.slot_of(id), answer) {
                    (Some(slot), answer) => self.take_answer(slot, number, answer),
                    // Who asked is gone: a login that was opened meanwhile would stay open for nobody.
                    (None, Ok(Answered::LoggedIn { access_token, .. })) => {
                        self.doorkeeper.ask(Ask::LogOut { access_token }, origin, Box::new(|_| {}));
                    }
                    (None, _) => {}
                },
                Mail::Upgraded(upgraded) => self.admit_upgraded(*upgraded),
            }
        }
    }

    /// Watches a connection. `None` where the system does not.
    pub(crate) fn watch(&mut self, stream: &mut mio::net::TcpStream) -> Option<(usize, ConnectionId)> {
        let slot = self.free.last().copied().unwrap_or(self.slots.len());
        let interest = Interest::READABLE | Interest::WRITABLE;
        if let Err(error) = self.poll.registry().register(stream, Token(slot), interest) {
            tracing::debug!(%error, "a socket cannot be watched");
            return None;
        }
        self.opened_count += 1;
        Some((slot, self.lent.name(self.number, self.opened_count << SLOT_BITS | slot as u64)))
    }

    /// Puts a connection that is watched into its slot.
    pub(crate) fn keep(&mut self, slot: usize, connection: Connection) {
        match self.free.pop() {
            Some(_) => self.slots[slot] = Some(connection),
            None => self.slots.push(Some(connection)),
        }
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

    /// Asks the doorkeeper something for a connection.
    pub(crate) fn ask(&mut self, slot: usize, ask: Ask) {
        let mailbox = self.mailbox.clone();
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        connection.is_asking = true;
        connection.asked_count = connection.asked_count.wrapping_add(1);
        let (id, number, origin) = (connection.id, connection.asked_count, connection.origin);
        let answer = Box::new(move |answer| mailbox.leave(Mail::Answered((id, number), origin, answer)));
        self.doorkeeper.ask(ask, origin, answer);
    }

    /// Begins to close a connection: it is told why, after what waits for it.
    pub(crate) fn close(&mut self, slot: usize, reason: CloseReason, phrase: Option<&Phrase>) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if connection.is_closing() {
            return;
        }
        connection.stage = Stage::Closing { reason, until: self.now + self.config.last_words_max };
        if let Some(phrase) = phrase {
            connection.say(phrase, &*self.words);
        }
        connection.terminal.hide_input(false, &mut connection.draft);
        connection.tell("Core.Goodbye", &serde_json::Value::from(""));
        connection.pack();
        connection.wire.end(connection.outbox.end());
        self.note_fresh(slot);
    }

    /// Writes all that waits for a client, and lets it go where that was the last.
    fn write(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        connection.is_fresh = false;
        connection.finish_round(&*self.words);
        connection.pack();
        let Connection { outbox, transport, stream, .. } = connection;
        let mut wrote = outbox.write_to(transport, stream, self.now);
        // After the socket took what it can: whoever reads is not ended for what one round says.
        if wrote.is_ok() && connection.outbox.waiting_bytes() > self.config.waiting_bytes_max {
            return self.end(slot, CloseReason::Congested);
        }
        let is_last = connection.is_closing() && connection.outbox.lags_since().is_none();
        if is_last && wrote.is_ok() && !connection.is_shut {
            connection.transport.end();
            let Connection { outbox, transport, stream, .. } = connection;
            wrote = wrote.and_then(|(bytes, calls)| {
                outbox.write_to(transport, stream, self.now).map(|(more, again)| (bytes + more, calls + again))
            });
        }
        match wrote {
            Ok((0, _)) => {}
            Ok((bytes, calls)) => {
                connection.written_at = self.now;
                self.tally.bytes_out += bytes as u64;
                self.tally.writes += calls;
            }
            Err(error) => {
                tracing::trace!(%error, "a socket broke");
                return self.end(slot, CloseReason::TimedOut);
            }
        }
        // Once: when it has read its last words, it closes its end. One that is broken is found at the next look.
        if is_last && !std::mem::replace(&mut connection.is_shut, true) {
            let _ = connection.stream.shutdown(Shutdown::Write);
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
        // Nobody else has its token: a login that is not ended here would stay open for nobody.
        if let Some(login) = connection.login.take() {
            let ask = Ask::LogOut { access_token: login.access_token };
            self.doorkeeper.ask(ask, connection.origin, Box::new(|_| {}));
        }
        // A connection that was being closed ends for that reason, whatever came between.
        let reason = match connection.stage {
            Stage::Closing { reason, .. } => reason,
            _ => reason,
        };
        if connection.was_opened {
            self.tally.count_close(reason);
            self.unreported.push_back(FromEdge::Closed { connection: connection.id, reason });
        }
    }

    /// Whether the edge ends.
    pub(crate) fn has_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
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
