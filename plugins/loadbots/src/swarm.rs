//! A swarm: real accounts, real sockets, one thread for all bots.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use hypogeum_client::{Api, ApiError, Client, UdpWire};

use crate::behaviour::Behaviour;
use crate::bot::{Bot, Orders};
use crate::crew::Crew;
use crate::enlist::{Enlisted, Roll};
use crate::report::{Progress, SwarmReport};

/// Bots of one swarm: each has a socket, and a process has a limited number of those.
pub const BOTS_MAX: usize = 10_000;
/// Polls per decision: a round trip is measured no finer than bots poll.
const POLLS_PER_TICK: u32 = 2;
/// Between two calls of the progress callback.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);
/// A loop that is later than this goes on from now instead of catching up.
const LATE_MAX: Duration = Duration::from_millis(250);

/// Who plays where, and how.
#[derive(Clone, Debug)]
pub struct SwarmConfig {
    /// The server's URL, such as `http://127.0.0.1:27580`.
    pub server: String,
    /// How many bots, 1–[`BOTS_MAX`].
    pub count: usize,
    /// The mode to queue for.
    pub mode: String,
    /// How they decide: bot n takes entry n, and so round again. At least one.
    pub behaviours: Vec<Behaviour>,
    /// What chance there is in their decisions.
    pub seed: u64,
    /// Accounts are called `{name_prefix}-001` and so on, so that they carry over from run to run.
    pub name_prefix: String,
    /// Password of all accounts.
    pub password: String,
    /// Whether they queue again after a match.
    pub queue_again: bool,
    /// Whether nobody queues before all are there, so that all come into one match.
    pub muster: bool,
    /// Decisions a second; the server's tick rate is best. 1–240.
    pub tick_hz: u32,
}

/// How long a swarm runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunUntil {
    /// So long.
    Elapsed(Duration),
    /// Until each bot settled a match, wants no more or is gone; at most so long.
    AllSettledOnce(Duration),
}

/// Why a swarm does not start.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SwarmError {
    /// A number is outside its range.
    #[error("{field} is {value}, but must be {expected}")]
    OutOfRange {
        /// Which field of [`SwarmConfig`].
        field: &'static str,
        /// What it is.
        value: usize,
        /// What it should be.
        expected: &'static str,
    },
    /// The URL cannot be used.
    #[error(transparent)]
    Url(#[from] ApiError),
}

/// Bots over real sockets. [`Swarm::run`] does everything.
#[derive(Debug)]
pub struct Swarm {
    config: SwarmConfig,
    api: Api,
    behaviours: Vec<Arc<Behaviour>>,
    crew: Crew<UdpWire>,
    refused: usize,
    errors: BTreeMap<String, u64>,
}

impl Swarm {
    /// Checks the configuration; nothing is sent yet.
    ///
    /// # Errors
    /// [`SwarmError`].
    pub fn new(config: SwarmConfig) -> Result<Self, SwarmError> {
        let check = |good: bool, field, value, expected| match good {
            true => Ok(()),
            false => Err(SwarmError::OutOfRange { field, value, expected }),
        };
        check((1..=BOTS_MAX).contains(&config.count), "count", config.count, "1 to 10000")?;
        check((1..=240).contains(&config.tick_hz), "tick_hz", config.tick_hz as usize, "1 to 240")?;
        check(!config.behaviours.is_empty(), "behaviours", 0, "at least one")?;
        let api = Api::new(&config.server)?;
        let behaviours = config.behaviours.iter().cloned().map(Arc::new).collect();
        Ok(Self { config, api, behaviours, crew: Crew::default(), refused: 0, errors: BTreeMap::new() })
    }

    /// Registers, logs in, connects and plays, until it is time or `stop` is set; then ends all connections.
    ///
    /// HTTP goes on in a few threads while the first bots already connect: a connect token does not keep.
    pub fn run(&mut self, until: RunUntil, stop: &AtomicBool, mut progress: impl FnMut(&Progress)) -> SwarmReport {
        let (api, config) = (self.api.clone(), self.config.clone());
        let (name_prefix, password) = (config.name_prefix.as_str(), config.password.as_str());
        let roll = Roll { api: &api, count: config.count, name_prefix, password };
        let next = AtomicUsize::new(0);
        // Ends the threads when the play is over, whoever asked for that.
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (out, enlisted) = channel();
            for _ in 0..roll.thread_count() {
                let (roll, next, over, out) = (&roll, &next, &over, out.clone());
                scope.spawn(move || roll.enlist(next, over, &out));
            }
            drop(out);
            self.drive(&roll, &enlisted, until, stop, &mut progress);
            over.store(true, Ordering::Relaxed);
        });
        let mut report = self.crew.report();
        self.crew.close();
        report.refused += self.refused;
        for (code, count) in &self.errors {
            *report.errors.entry(code.clone()).or_default() += count;
        }
        report
    }

    fn drive(
        &mut self,
        roll: &Roll<'_>,
        enlisted: &Receiver<Enlisted>,
        until: RunUntil,
        stop: &AtomicBool,
        progress: &mut dyn FnMut(&Progress),
    ) {
        let interval = Duration::from_secs(1) / (self.config.tick_hz * POLLS_PER_TICK);
        let began = Instant::now();
        let (mut last, mut deadline) = (began, began + interval);
        let (mut shown, mut polls, mut all_came) = (None::<Instant>, 0_u32, false);
        let mut mustering = self.config.muster;
        while !stop.load(Ordering::Relaxed) {
            all_came = all_came || self.take_in(roll, enlisted);
            let now = Instant::now();
            self.crew.poll(now - last);
            last = now;
            polls = polls.wrapping_add(1);
            mustering = mustering && !(all_came && self.crew.all_welcomed());
            self.crew.hold(mustering);
            if polls.is_multiple_of(POLLS_PER_TICK) {
                self.crew.tick();
            }
            if shown.is_none_or(|shown| now - shown >= PROGRESS_EVERY) {
                shown = Some(now);
                progress(&self.progress());
            }
            let is_over = match until {
                RunUntil::Elapsed(limit) => now - began >= limit,
                RunUntil::AllSettledOnce(limit) => now - began >= limit || (all_came && self.crew.all_settled_once()),
            };
            if is_over || (all_came && self.crew.all_gone()) {
                break;
            }
            let now = Instant::now();
            if now > deadline + LATE_MAX {
                deadline = now;
            }
            std::thread::sleep(deadline.saturating_duration_since(now));
            deadline += interval;
        }
        progress(&self.progress());
    }

    /// Starts the bots that may connect now; `true` once no more will come.
    fn take_in(&mut self, roll: &Roll<'_>, enlisted: &Receiver<Enlisted>) -> bool {
        loop {
            match enlisted.try_recv() {
                Ok(Enlisted { index, outcome }) => {
                    if let Err(code) = self.start(roll, index, outcome) {
                        self.refused += 1;
                        *self.errors.entry(code).or_default() += 1;
                    }
                }
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => return true,
            }
        }
    }

    fn start(
        &mut self,
        roll: &Roll<'_>,
        index: usize,
        outcome: Result<hypogeum_client::Connection, ApiError>,
    ) -> Result<(), String> {
        let connection = outcome.map_err(|error| error.code().to_owned())?;
        let client = Client::<UdpWire>::connect(&connection).map_err(|_| "no_socket".to_owned())?;
        let behaviour = self.behaviours.get(index % self.behaviours.len()).ok_or("no_behaviour")?;
        let orders = Orders { mode: self.config.mode.clone(), queue_again: self.config.queue_again };
        // Seeds of neighbours should have little in common.
        let seed = self.config.seed ^ (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.crew.join(Bot::new(roll.name(index), client, Arc::clone(behaviour), orders, seed));
        Ok(())
    }

    fn progress(&self) -> Progress {
        let mut progress = self.crew.progress();
        progress.wanted = self.config.count;
        progress.gone += self.refused;
        progress
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> SwarmConfig {
        SwarmConfig {
            server: "http://127.0.0.1:9".into(),
            count: 3,
            mode: "blitz".into(),
            behaviours: vec![Behaviour::shipped("contender").expect("it ships").expect("it reads")],
            seed: 1,
            name_prefix: "bot".into(),
            password: "correct horse".into(),
            queue_again: false,
            muster: false,
            tick_hz: 30,
        }
    }

    #[test]
    fn a_swarm_of_none_or_too_many_or_without_a_mind_does_not_start() {
        for (count, tick_hz, minds) in [(0, 30, 1), (BOTS_MAX + 1, 30, 1), (1, 0, 1), (1, 30, 0)] {
            let mut wrong = SwarmConfig { count, tick_hz, ..config() };
            wrong.behaviours.truncate(minds);
            assert!(matches!(Swarm::new(wrong), Err(SwarmError::OutOfRange { .. })), "{count} at {tick_hz} Hz");
        }
        let https = SwarmConfig { server: "https://play.example".into(), ..config() };
        assert!(matches!(Swarm::new(https), Err(SwarmError::Url(_))), "no TLS here");
    }

    #[test]
    fn a_server_that_is_not_there_refuses_everyone_and_the_run_ends() {
        // A port that was free a moment ago and has no listener.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        drop(listener);
        let mut swarm = Swarm::new(SwarmConfig { server: format!("http://{address}"), ..config() }).expect("good");
        let mut last = Progress::default();
        let stop = AtomicBool::new(false);
        let report = swarm.run(RunUntil::AllSettledOnce(Duration::from_secs(600)), &stop, |now| last = now.clone());
        assert_eq!((report.connected, report.refused), (0, 3), "nobody got in: {report:?}");
        assert_eq!(report.errors.get("unreachable"), Some(&3), "and it says why");
        assert_eq!((last.wanted, last.gone), (3, 3), "the last progress shows it too");
    }
}
