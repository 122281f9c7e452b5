//! One thread that moves a part of a swarm's bots: only those that have something to read or whose turn it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::{Duration, Instant};

use hypogeum_client::{ApiError, Client, Login};
use hypogeum_link_conditioner::LinkConditions;
use parking_lot::Mutex;

use crate::behaviour::Behaviour;
use crate::bot::{Bot, Orders, SilenceMax};
use crate::bot_wire::BotWire;
use crate::entrance::Entrance;
use crate::pool::BotPool;
use crate::report::Progress;
use crate::sockets::{SocketSet, Sockets};
use crate::tally::Tally;
use crate::transport::ConnectedOver;

/// From so many bots on, everything that arrives within a millisecond is taken together: to be woken for each datagram
/// would cost more than the datagram.
const CROWD: usize = 500;
const NAP: Duration = Duration::from_millis(1);
/// The longest wait where few bots play.
const WAIT: Duration = Duration::from_millis(2);
/// The longest that is decided without hearing, and heard without deciding.
const DECIDE_MAX: Duration = Duration::from_millis(4);
const HEAR_MAX: Duration = Duration::from_millis(8);
/// Bots moved between two looks at the clock.
const CLOCK_EVERY: usize = 32;
/// Bots taken in at once, so that a rush of them holds nobody up.
const NEWCOMERS_MAX: usize = 64;
/// Between two tellings of how the bots stand.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Who comes in by a driver's door.
#[derive(Debug)]
pub(crate) enum Arrival {
    /// A bot that has just got its connection.
    New(Newcomer),
    /// The new connection of a bot whose server fell silent, or why there is none.
    Back {
        /// As [`BotRequest`] has it.
        key: usize,
        outcome: Result<Entrance, ApiError>,
    },
    /// Another access token for the connection that a bot has, or why there is none for now.
    Token {
        /// As [`BotRequest`] has it.
        key: usize,
        outcome: Result<Login, ApiError>,
    },
}

/// What a bot needs somebody to ask for over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A new connection: its server fell silent.
    Connection,
    /// Another access token: its WebSocket ends with the one it has.
    Token,
}

/// A bot that needs something over HTTP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BotRequest {
    pub(crate) wanted: Wanted,
    /// Its place in the swarm.
    pub(crate) index: usize,
    /// Its driver, and its place there.
    pub(crate) driver: usize,
    pub(crate) key: usize,
    pub(crate) at: Instant,
}

/// A bot that may connect.
#[derive(Debug)]
pub(crate) struct Newcomer {
    /// Its place in the swarm, from 0.
    pub(crate) index: usize,
    pub(crate) name: String,
    pub(crate) entrance: Entrance,
    pub(crate) behaviour: Arc<Behaviour>,
    pub(crate) seed: u64,
    /// Whether it turns its head for others to see.
    pub(crate) is_beacon: bool,
}

/// What all bots of a swarm have in common.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) orders: Orders,
    pub(crate) preferred: Arc<[String]>,
    pub(crate) input_hz: u32,
    pub(crate) ping_every: Duration,
    pub(crate) look_every_ticks: u32,
    /// Whether every bot predicts where it will be, or the beacons alone.
    pub(crate) all_predict: bool,
    pub(crate) silence_max: SilenceMax,
    /// The same of a WebSocket.
    pub(crate) socket_silence_max: SilenceMax,
    /// Whether they enter the persistent world.
    pub(crate) world: bool,
    pub(crate) link: Option<(LinkConditions, u64)>,
}

/// What the runner of the swarm tells its drivers.
#[derive(Debug, Default)]
pub(crate) struct Control {
    pub(crate) held: AtomicBool,
    pub(crate) measuring: AtomicBool,
    pub(crate) over: AtomicBool,
}

/// What a driver tells the runner of the swarm.
#[derive(Debug, Default)]
pub(crate) struct SwarmProgress(Mutex<Progress>);

impl SwarmProgress {
    pub(crate) fn read(&self) -> Progress {
        self.0.lock().clone()
    }

    fn tell(&self, progress: Progress) {
        *self.0.lock() = progress;
    }
}

pub(crate) struct Driver<'a> {
    /// Its place among the swarm's.
    place: usize,
    terms: &'a Terms,
    began: Instant,
    pool: BotPool<BotWire>,
    socket_set: SocketSet,
    /// Each bot's place in the swarm.
    indexes: Vec<usize>,
    /// Bots nobody could be made of.
    refused: usize,
    held: bool,
    measuring: bool,
    /// Decisions due, in billionths, and whose turn comes next.
    credit: u128,
    next: usize,
    /// Some whose turn it was have not had it.
    is_late: bool,
    decisions_skipped: u64,
    last: Duration,
    ready: Vec<usize>,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(place: usize, terms: &'a Terms, began: Instant) -> std::io::Result<Self> {
        Ok(Self {
            place,
            terms,
            began,
            pool: BotPool::default(),
            socket_set: SocketSet::new(Sockets::new(terms.link)?),
            indexes: Vec::new(),
            refused: 0,
            held: false,
            measuring: false,
            credit: 0,
            next: 0,
            is_late: false,
            decisions_skipped: 0,
            last: began.elapsed(),
            ready: Vec::new(),
        })
    }

    /// Plays until it is over, and says what came of it.
    pub(crate) fn run(
        mut self,
        door: &Receiver<Arrival>,
        requests: &Sender<BotRequest>,
        control: &Control,
        standing: &SwarmProgress,
    ) -> Tally {
        let mut told: Option<Duration> = None;
        while !control.over.load(Ordering::Relaxed) {
            let now = self.began.elapsed();
            self.obey(control);
            self.take_in(door, now);
            self.carry(now);
            self.decide(now);
            if told.is_none_or(|told| now.saturating_sub(told) >= TELL_EVERY) {
                told = Some(now);
                self.ask_over_http(requests);
                standing.tell(self.progress());
            }
            self.receive();
        }
        self.end()
    }

    fn obey(&mut self, control: &Control) {
        let held = control.held.load(Ordering::Relaxed);
        if held != self.held {
            self.held = held;
            self.pool.hold(held);
        }
        if !self.measuring && control.measuring.load(Ordering::Relaxed) {
            self.measuring = true;
            self.decisions_skipped = 0;
            self.pool.begin_measuring();
        }
    }

    fn take_in(&mut self, door: &Receiver<Arrival>, now: Duration) {
        for _ in 0..NEWCOMERS_MAX {
            match door.try_recv() {
                Ok(Arrival::New(newcomer)) => self.welcome(newcomer, now),
                Ok(Arrival::Back { key, outcome: Ok(entrance) }) => self.resume(key, &entrance, now),
                Ok(Arrival::Back { key, outcome: Err(error) }) => self.pool.give_up(key, error.code()),
                Ok(Arrival::Token { key, outcome }) => {
                    if let Some(wire) = self.pool.wire_mut(key) {
                        wire.take_token(outcome.ok().as_ref());
                    }
                    self.pool.poll_one(key, now);
                }
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return,
            }
        }
    }

    fn welcome(&mut self, newcomer: Newcomer, now: Duration) {
        let Newcomer { index, name, entrance, behaviour, seed, is_beacon } = newcomer;
        let opened = self.socket_set.lock().open(entrance.to());
        let Ok(key) = opened else {
            self.refused += 1;
            return;
        };
        let Some(wire) = BotWire::connect(&entrance, &self.socket_set, key) else {
            self.socket_set.lock().close_newest();
            self.refused += 1;
            return;
        };
        let mut client = Client::new(wire).without_interpolation();
        if !self.terms.all_predict && !is_beacon {
            client = client.without_prediction();
        }
        let silence_max = match entrance {
            Entrance::Udp(_) => self.terms.silence_max,
            Entrance::WebSocket(_) => self.terms.socket_silence_max,
        };
        let mut bot = Bot::new(name, client, behaviour, self.terms.orders.clone(), seed)
            .preferring(Arc::clone(&self.terms.preferred))
            .pinging_every(self.terms.ping_every)
            .looking_every(self.terms.look_every_ticks)
            .returning_after(silence_max);
        if self.terms.world {
            bot = bot.in_world();
        }
        if is_beacon {
            bot.light();
        }
        bot.hold(self.held);
        self.indexes.push(index);
        self.pool.join_at(bot, now);
        self.pool.poll_one(key, now);
    }

    /// Tells of those who need a new connection, or another access token.
    fn ask_over_http(&mut self, requests: &Sender<BotRequest>) {
        let (driver, at) = (self.place, Instant::now());
        let lost = self.pool.take_lost().into_iter().map(|key| (key, Wanted::Connection));
        let wires = self.pool.wires_mut().enumerate();
        let ending = wires.filter_map(|(key, wire)| wire.wants_token().then_some((key, Wanted::Token)));
        for (key, wanted) in lost.chain(ending) {
            let Some(index) = self.indexes.get(key).copied() else { continue };
            // Nobody listens any more only where the run is over.
            let _ = requests.send(BotRequest { wanted, index, driver, key, at });
        }
    }

    /// Lets one go on over a new connection, unless the old one has come to life meanwhile.
    fn resume(&mut self, key: usize, entrance: &Entrance, now: Duration) {
        if !self.pool.bots().get(key).is_some_and(Bot::awaits_connection) {
            return;
        }
        let reopened = self.socket_set.lock().reopen(key, entrance.to());
        match reopened.ok().and_then(|()| BotWire::connect(entrance, &self.socket_set, key)) {
            Some(wire) => self.pool.resume(key, wire, now),
            None => self.pool.give_up(key, "no_socket"),
        }
    }

    /// Lets what is due leave the link, at both ends.
    fn carry(&mut self, now: Duration) {
        if self.terms.link.is_none() {
            return;
        }
        self.socket_set.lock().send_due(now);
        loop {
            let Some(key) = self.socket_set.lock().next_arrived(now) else { return };
            self.pool.poll_one(key, now);
        }
    }

    /// Lets those decide whose turn it is: one after the other, so that all that decide in a tenth of a second are spread
    /// over it. A swarm that is too slow decides less often rather than hear less.
    fn decide(&mut self, mut now: Duration) {
        const WHOLE: u128 = 1_000_000_000;
        let count = self.pool.bots().len();
        let passed = now.saturating_sub(self.last);
        self.last = now;
        self.credit += passed.as_nanos() * count as u128 * u128::from(self.terms.input_hz);
        let until = now + DECIDE_MAX;
        for turn in 1..=(self.credit / WHOLE).min(count as u128) {
            if self.next >= count {
                self.next = 0;
            }
            self.pool.turn(self.next, now, self.terms.input_hz);
            self.next += 1;
            self.credit -= WHOLE;
            if turn % CLOCK_EVERY as u128 == 0 {
                now = self.began.elapsed();
                if now >= until {
                    break;
                }
            }
        }
        self.is_late = self.credit >= WHOLE;
        let late = (self.credit / WHOLE).saturating_sub(count as u128);
        self.decisions_skipped += late as u64;
        self.credit -= late * WHOLE;
    }

    fn receive(&mut self) {
        let mut ready = std::mem::take(&mut self.ready);
        let mut timeout = WAIT;
        if self.pool.bots().len() >= CROWD {
            timeout = Duration::ZERO;
            if !self.is_late {
                std::thread::sleep(NAP);
            }
        }
        let until = self.began.elapsed() + timeout + HEAR_MAX;
        loop {
            self.socket_set.lock().ready(timeout, &mut ready);
            timeout = Duration::ZERO;
            let mut now = self.began.elapsed();
            for (index, key) in ready.iter().enumerate() {
                if self.socket_set.lock().read(*key, now) {
                    self.pool.poll_one(*key, now);
                }
                if index % CLOCK_EVERY == CLOCK_EVERY - 1 {
                    now = self.began.elapsed();
                }
            }
            if ready.is_empty() || now >= until {
                break;
            }
        }
        ready.clear();
        self.ready = ready;
    }

    fn progress(&self) -> Progress {
        let mut progress = self.pool.progress();
        progress.gone += self.refused;
        progress.past_welcoming += self.refused;
        progress.past_entering += self.refused;
        progress.past_settling += self.refused;
        progress.wanted += self.refused;
        progress
    }

    fn connected_over(&self) -> ConnectedOver {
        let sockets = self.socket_set.lock();
        let mut over = ConnectedOver::default();
        for (key, _) in self.pool.bots().iter().enumerate().filter(|(_, bot)| bot.was_welcomed()) {
            let place = if sockets.is_web_socket(key) { &mut over.websocket } else { &mut over.udp };
            *place += 1;
        }
        over
    }

    fn end(mut self) -> Tally {
        let mut tally = self.pool.tally();
        tally.report.link = self.socket_set.lock().unlink();
        tally.report.connected_over = self.connected_over();
        for (code, count) in self.socket_set.lock().take_refusals() {
            *tally.report.errors.entry(code).or_default() += count;
        }
        tally.report.play.decisions_skipped = self.decisions_skipped;
        tally.report.refused += self.refused;
        if self.refused > 0 {
            tally.report.errors.insert("no_socket".to_owned(), self.refused as u64);
        }
        self.pool.close();
        tally
    }
}
