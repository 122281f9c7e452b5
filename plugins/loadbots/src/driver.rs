//! One thread that moves a part of a swarm's bots: only those that have something to read or whose turn it is.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hypogeum_client::{Client, Connection};
use hypogeum_relay::LinkConditions;

use crate::behaviour::Behaviour;
use crate::bot::{Bot, Orders};
use crate::crew::Crew;
use crate::report::Progress;
use crate::sockets::{BotWire, Harbour, Sockets};
use crate::tally::Tally;

/// From so many bots on, everything that arrives within a millisecond is taken together: to be woken for each datagram
/// would cost more than the datagram.
const CROWD: usize = 500;
const NAP: Duration = Duration::from_millis(1);
/// Between two looks at the clock where few bots play.
const WAIT: Duration = Duration::from_millis(2);
/// Bots taken in at once, so that a rush of them holds nobody up.
const NEWCOMERS_MAX: usize = 64;
/// Between two tellings of how the bots stand.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// A bot that may connect.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) name: String,
    pub(crate) connection: Connection,
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
    /// Whether every bot predicts where it will be, or the beacons alone.
    pub(crate) all_predict: bool,
    pub(crate) link: Option<(LinkConditions, u64)>,
}

/// What whoever runs the swarm tells its drivers.
#[derive(Debug, Default)]
pub(crate) struct Control {
    pub(crate) held: AtomicBool,
    pub(crate) measuring: AtomicBool,
    pub(crate) over: AtomicBool,
}

/// What a driver tells whoever runs the swarm.
#[derive(Debug, Default)]
pub(crate) struct Standing(Mutex<Progress>);

impl Standing {
    pub(crate) fn read(&self) -> Progress {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn tell(&self, progress: Progress) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = progress;
    }
}

pub(crate) struct Driver<'a> {
    terms: &'a Terms,
    began: Instant,
    crew: Crew<BotWire>,
    harbour: Harbour,
    /// Bots nobody could be made of.
    refused: usize,
    held: bool,
    measuring: bool,
    /// Decisions due, in billionths, and whose turn comes next.
    credit: u128,
    next: usize,
    decisions_skipped: u64,
    last: Duration,
    ready: Vec<usize>,
}

impl<'a> Driver<'a> {
    pub(crate) fn new(terms: &'a Terms, began: Instant) -> std::io::Result<Self> {
        Ok(Self {
            terms,
            began,
            crew: Crew::default(),
            harbour: Harbour::new(Sockets::new(terms.link)?),
            refused: 0,
            held: false,
            measuring: false,
            credit: 0,
            next: 0,
            decisions_skipped: 0,
            last: began.elapsed(),
            ready: Vec::new(),
        })
    }

    /// Plays until it is over, and says what came of it.
    pub(crate) fn run(mut self, newcomers: &Receiver<Newcomer>, control: &Control, standing: &Standing) -> Tally {
        let mut told: Option<Duration> = None;
        while !control.over.load(Ordering::Relaxed) {
            let now = self.began.elapsed();
            self.obey(control);
            self.take_in(newcomers, now);
            self.carry(now);
            self.decide(now);
            if told.is_none_or(|told| now.saturating_sub(told) >= TELL_EVERY) {
                told = Some(now);
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
            self.crew.hold(held);
        }
        if !self.measuring && control.measuring.load(Ordering::Relaxed) {
            self.measuring = true;
            self.decisions_skipped = 0;
            self.crew.begin_measuring();
        }
    }

    fn take_in(&mut self, newcomers: &Receiver<Newcomer>, now: Duration) {
        for _ in 0..NEWCOMERS_MAX {
            match newcomers.try_recv() {
                Ok(newcomer) => self.welcome(newcomer, now),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return,
            }
        }
    }

    fn welcome(&mut self, newcomer: Newcomer, now: Duration) {
        let Newcomer { name, connection, behaviour, seed, is_beacon } = newcomer;
        let Ok(key) = self.harbour.lock().open(connection.server_address) else {
            self.refused += 1;
            return;
        };
        let Some(wire) = BotWire::connect(&connection.token, &self.harbour, key) else {
            self.harbour.lock().close_newest();
            self.refused += 1;
            return;
        };
        let mut client = Client::new(wire).without_interpolation();
        if !self.terms.all_predict && !is_beacon {
            client = client.without_prediction();
        }
        let mut bot = Bot::new(name, client, behaviour, self.terms.orders.clone(), seed)
            .preferring(Arc::clone(&self.terms.preferred))
            .pinging_every(self.terms.ping_every);
        if is_beacon {
            bot.light();
        }
        bot.hold(self.held);
        self.crew.join_at(bot, now);
        self.crew.poll_one(key, now);
    }

    /// Lets what is due leave the link, at both ends.
    fn carry(&mut self, now: Duration) {
        if self.terms.link.is_none() {
            return;
        }
        self.harbour.lock().send_due(now);
        loop {
            let Some(key) = self.harbour.lock().next_arrived(now) else { return };
            self.crew.poll_one(key, now);
        }
    }

    /// Lets those decide whose turn it is: one after the other, so that all that decide in a tenth of a second are spread
    /// over it.
    fn decide(&mut self, now: Duration) {
        const WHOLE: u128 = 1_000_000_000;
        let count = self.crew.bots().len();
        let passed = now.saturating_sub(self.last);
        self.last = now;
        self.credit += passed.as_nanos() * count as u128 * u128::from(self.terms.input_hz);
        let due = (self.credit / WHOLE) as usize;
        self.credit %= WHOLE;
        self.decisions_skipped += due.saturating_sub(count) as u64;
        for _ in 0..due.min(count) {
            if self.next >= count {
                self.next = 0;
            }
            self.crew.turn(self.next, now, self.terms.input_hz);
            self.next += 1;
        }
    }

    fn receive(&mut self) {
        let mut ready = std::mem::take(&mut self.ready);
        let timeout = if self.crew.bots().len() < CROWD {
            WAIT
        } else {
            std::thread::sleep(NAP);
            Duration::ZERO
        };
        loop {
            self.harbour.lock().ready(if ready.is_empty() { timeout } else { Duration::ZERO }, &mut ready);
            let now = self.began.elapsed();
            for key in &ready {
                if self.harbour.lock().read(*key, now) {
                    self.crew.poll_one(*key, now);
                }
            }
            // Whose turn it is must not wait for whoever talks without end.
            let is_more = !ready.is_empty() && now.saturating_sub(self.last) < WAIT * 4;
            if !is_more {
                break;
            }
        }
        ready.clear();
        self.ready = ready;
    }

    fn progress(&self) -> Progress {
        let mut progress = self.crew.progress();
        progress.gone += self.refused;
        progress.past_welcoming += self.refused;
        progress.past_entering += self.refused;
        progress.past_settling += self.refused;
        progress.wanted += self.refused;
        progress
    }

    fn end(mut self) -> Tally {
        let mut tally = self.crew.tally();
        (tally.lane_expected, tally.lane_lost) = self.harbour.lock().lane();
        tally.report.link = self.harbour.lock().unlink();
        tally.report.play.decisions_skipped = self.decisions_skipped;
        tally.report.refused += self.refused;
        if self.refused > 0 {
            tally.report.errors.insert("no_socket".to_owned(), self.refused as u64);
        }
        self.crew.close();
        tally
    }
}
