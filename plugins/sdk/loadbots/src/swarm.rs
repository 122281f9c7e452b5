//! A swarm: real accounts, real sockets, few threads for all bots.

mod comeback;
mod watch;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use hypogeum_client::{Api, ApiError};
use hypogeum_link_conditioner::LinkConditions;

use crate::behaviour::Behaviour;
use crate::bot::{Orders, SilenceMax};
use crate::descriptors;
use crate::driver::{Control, Driver, SwarmProgress, Terms};
use crate::enlist::LoginQueue;
use crate::report::{Progress, SwarmReport};
use crate::tally::Tally;
use crate::transport::Transport;
use comeback::Comeback;
pub(crate) use comeback::Logins;
use watch::{Lobby, Watch};

/// Bots of one swarm: each has a socket, and a machine has a limited number of ports.
pub const BOTS_MAX: usize = 20_000;
/// Up to so many bots play as people would: as many decisions a second as the server has ticks, and each predicts where
/// it will be. More of them are a crowd.
pub const SMALL_SWARM: usize = 200;
/// Decisions a second of a bot in a crowd: each datagram steers for five ticks, and repeats three.
pub const CROWD_INPUT_HZ: u32 = 6;
/// Ticks between two looks around of a bot in a crowd.
const CROWD_LOOK_EVERY_TICKS: u32 = 5;
/// Between two pings of one bot.
const PING_EVERY: Duration = Duration::from_secs(1);
const CROWD_PING_EVERY: Duration = Duration::from_secs(10);
/// How long a server may be silent before its bots look for it elsewhere: longer where a link loses much, or where bots
/// and server are busy.
const SILENCE_MAX: SilenceMax =
    SilenceMax { in_match: Duration::from_millis(1_000), elsewhere: Duration::from_millis(2_000) };
const PATIENT_SILENCE_MAX: SilenceMax =
    SilenceMax { in_match: Duration::from_millis(3_000), elsewhere: Duration::from_millis(4_000) };

/// The same of a WebSocket, whose link tells when it breaks; it is pinged every 15 s where nothing else is said.
const SOCKET_SILENCE_MAX: SilenceMax =
    SilenceMax { in_match: PATIENT_SILENCE_MAX.in_match, elsewhere: Duration::from_secs(30) };

/// Who plays where, and how.
#[derive(Clone, Debug)]
pub struct SwarmConfig {
    /// The server's URL, such as `http://127.0.0.1:27580`.
    pub server: String,
    /// Certificates (PEM) that vouch for the server by `https`, and no others; `None`: those that browsers take.
    pub certificates_pem: Option<Vec<u8>>,
    /// How many bots, 1–[`BOTS_MAX`].
    pub count: usize,
    /// The modes to queue for: the first that the server offers. At least one.
    pub modes: Vec<String>,
    /// How they decide: bot n takes entry n, and so round again. At least one.
    pub behaviours: Vec<Behaviour>,
    /// What chance there is in their decisions, and on their link.
    pub seed: u64,
    /// Accounts are called `{name_prefix}-001` and so on, so that they carry over from run to run.
    pub name_prefix: String,
    /// Password of all accounts.
    pub password: String,
    /// Whether they queue again after a match.
    pub queue_again: bool,
    /// Whether nobody queues before all are there, so that all come into one match.
    pub muster: bool,
    /// Decisions a second of each bot, and datagrams with the inputs of the ticks between. 1–240; the server's tick rate,
    /// or a whole part of it, is best.
    pub input_hz: u32,
    /// Threads that move bots, 1–64. One moves ten thousand.
    pub threads: usize,
    /// What they connect over.
    pub transport: Transport,
    /// The bad link between every bot and the server, both ways.
    pub link: Option<LinkConditions>,
    /// Whether one bot of a hundred, and at least two, turn their heads for others to see, so that the report can say how
    /// long that takes. Those strike nobody.
    pub beacons: bool,
    /// Whether they enter the persistent world instead, each as a character of its own, and type what they do. Then modes and
    /// behaviours mean nothing.
    pub world: bool,
}

/// How long a swarm runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunUntil {
    /// So long, all of it measured.
    Elapsed(Duration),
    /// Until each bot settled a match, wants no more or is gone; at most so long. All of it is measured.
    AllSettledOnce(Duration),
    /// `play` from when every bot has come into a match, wants none or is gone, but at most `warm_up` after the start;
    /// only that is measured.
    Played {
        /// Longest time for all to get in.
        warm_up: Duration,
        /// What is measured.
        play: Duration,
    },
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
    /// The system does not let one process have so many sockets.
    #[error(
        "{count} bots need {needed} file descriptors, and the system allows {allowed}: raise the hard limit (`ulimit -Hn`, \
         or LimitNOFILE of a service) or start fewer bots"
    )]
    Descriptors {
        /// Bots that were asked for.
        count: usize,
        /// Descriptors they need, with what a process has open besides.
        needed: u64,
        /// What there may be.
        allowed: u64,
    },
    /// The server has none of the modes that bots are to play.
    #[error("{}", no_such_mode(wanted, offered))]
    UnknownMode {
        /// What they are to play.
        wanted: Vec<String>,
        /// What the server offers.
        offered: Vec<String>,
    },
    /// The system gives no epoll.
    #[error("the system lets nobody watch sockets: {0}")]
    Epoll(String),
}

fn no_such_mode(wanted: &[String], offered: &[String]) -> String {
    let wanted = wanted.iter().map(|mode| format!("{mode:?}")).collect::<Vec<_>>().join(" or ");
    match offered {
        [] => format!("the server has no mode {wanted}: it offers none at all"),
        offered => format!("the server has no mode {wanted}, only {}", offered.join(", ")),
    }
}

/// Bots over real sockets. [`Swarm::run`] does everything.
#[derive(Debug)]
pub struct Swarm {
    config: SwarmConfig,
    api: Api,
    behaviours: Vec<Arc<Behaviour>>,
}

impl Swarm {
    /// Checks the configuration and raises the limit of sockets as far as it takes; nothing is sent yet.
    ///
    /// # Errors
    /// [`SwarmError`].
    pub fn new(config: SwarmConfig) -> Result<Self, SwarmError> {
        let check = |good: bool, field, value, expected| match good {
            true => Ok(()),
            false => Err(SwarmError::OutOfRange { field, value, expected }),
        };
        check((1..=BOTS_MAX).contains(&config.count), "count", config.count, "1 to 20000")?;
        check((1..=240).contains(&config.input_hz), "input_hz", config.input_hz as usize, "1 to 240")?;
        check((1..=64).contains(&config.threads), "threads", config.threads, "1 to 64")?;
        check(!config.behaviours.is_empty(), "behaviours", 0, "at least one")?;
        check(!config.modes.is_empty(), "modes", 0, "at least one")?;
        let api = match &config.certificates_pem {
            Some(certificates) => Api::trusting(&config.server, certificates)?,
            None => Api::new(&config.server)?,
        };
        let count = config.count;
        descriptors::allow(count).map_err(|(needed, allowed)| SwarmError::Descriptors { count, needed, allowed })?;
        let behaviours = config.behaviours.iter().cloned().map(Arc::new).collect();
        Ok(Self { config, api, behaviours })
    }

    /// Registers, logs in, connects and plays, until it is time or `stop` is set; then ends all connections.
    ///
    /// HTTP goes on in a few threads while the first bots already connect: a connect token does not keep.
    ///
    /// # Errors
    /// [`SwarmError::Epoll`]; [`SwarmError::UnknownMode`] as soon as the first bot learns of it.
    pub fn run(
        &self,
        until: RunUntil,
        stop: &AtomicBool,
        mut progress: impl FnMut(&Progress),
    ) -> Result<SwarmReport, SwarmError> {
        let config = &self.config;
        let (name_prefix, password) = (config.name_prefix.as_str(), config.password.as_str());
        let (began, logins) = (Instant::now(), Logins::of(config.count));
        let (count, as_characters) = (config.count, config.world);
        let transport = config.transport;
        let queue = LoginQueue {
            api: &self.api,
            count,
            name_prefix,
            password,
            as_characters,
            transport,
            began,
            logins: &logins,
        };
        let next = AtomicUsize::new(0);
        let control = Control::default();
        control.held.store(config.muster, Ordering::Relaxed);
        control.measuring.store(!matches!(until, RunUntil::Played { .. }), Ordering::Relaxed);
        let terms: Vec<Terms> = (0..config.threads).map(|thread| self.terms(thread)).collect();
        let drivers = terms.iter().enumerate().map(|(place, terms)| Driver::new(place, terms, began));
        let drivers = drivers.collect::<std::io::Result<Vec<_>>>();
        let drivers = drivers.map_err(|error| SwarmError::Epoll(error.to_string()))?;
        let standings: Vec<SwarmProgress> = terms.iter().map(|_| SwarmProgress::default()).collect();
        let mut watch = Watch::new(until, began);
        let (doors, newcomers): (Vec<_>, Vec<_>) = terms.iter().map(|_| channel()).unzip();
        let comeback = Comeback::new(&queue, &doors, &control.over);
        let tally = std::thread::scope(|scope| {
            let (out, enlisted) = channel();
            for _ in 0..queue.thread_count() {
                let (queue, next, over, out) = (&queue, &next, &control.over, out.clone());
                scope.spawn(move || queue.enlist(next, over, &out));
            }
            drop(out);
            let (asker, requests) = channel();
            let mut threads = Vec::new();
            for ((driver, standing), door) in drivers.into_iter().zip(&standings).zip(newcomers) {
                let (control, asker) = (&control, asker.clone());
                threads.push(scope.spawn(move || driver.run(&door, &asker, control, standing)));
            }
            let lobby = Lobby { swarm: self, queue: &queue, enlisted, doors: &doors, requests };
            let mut look_after = || comeback.look_after(&lobby.requests, scope);
            watch.over(&lobby, &mut look_after, &control, &standings, stop, &mut progress);
            // Ends the threads, those that ask over HTTP too.
            control.over.store(true, Ordering::Relaxed);
            let mut tally = Tally::default();
            threads.into_iter().filter_map(|thread| thread.join().ok()).for_each(|part| tally.merge(part));
            tally
        });
        if let Some(offered) = watch.offered_instead.take() {
            return Err(SwarmError::UnknownMode { wanted: config.modes.clone(), offered });
        }
        Ok(watch.report(tally, config))
    }

    fn terms(&self, thread: usize) -> Terms {
        let config = &self.config;
        let is_small = config.count <= SMALL_SWARM;
        Terms {
            orders: Orders { mode: config.modes.last().cloned().unwrap_or_default(), queue_again: config.queue_again },
            preferred: config.modes.clone().into(),
            input_hz: config.input_hz,
            look_every_ticks: if is_small { 1 } else { CROWD_LOOK_EVERY_TICKS },
            ping_every: if is_small { PING_EVERY } else { CROWD_PING_EVERY },
            all_predict: is_small,
            silence_max: if is_small && config.link.is_none() { SILENCE_MAX } else { PATIENT_SILENCE_MAX },
            socket_silence_max: SOCKET_SILENCE_MAX,
            world: config.world,
            link: config.link.map(|conditions| (conditions, config.seed.wrapping_add(thread as u64))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> SwarmConfig {
        SwarmConfig {
            server: "http://127.0.0.1:9".into(),
            certificates_pem: None,
            count: 3,
            modes: vec!["blitz".into()],
            behaviours: vec![Behaviour::shipped("contender").expect("it ships").expect("it reads")],
            seed: 1,
            name_prefix: "bot".into(),
            password: "correct horse".into(),
            queue_again: false,
            muster: false,
            input_hz: 30,
            threads: 1,
            transport: Transport::Udp,
            link: None,
            beacons: true,
            world: false,
        }
    }

    #[test]
    fn a_swarm_of_none_or_too_many_or_without_a_mind_does_not_start() {
        for (count, input_hz, minds) in [(0, 30, 1), (BOTS_MAX + 1, 30, 1), (1, 0, 1), (1, 30, 0)] {
            let mut wrong = SwarmConfig { count, input_hz, ..config() };
            wrong.behaviours.truncate(minds);
            assert!(matches!(Swarm::new(wrong), Err(SwarmError::OutOfRange { .. })), "{count} at {input_hz} Hz");
        }
        let untrusted = SwarmConfig { certificates_pem: Some(b"nobody".to_vec()), ..config() };
        assert!(matches!(Swarm::new(untrusted), Err(SwarmError::Url(_))), "nobody vouches for the server");
    }

    #[test]
    fn a_server_that_is_not_there_refuses_everyone_and_the_run_ends() {
        // A port that was free a moment ago and has no listener.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        drop(listener);
        let swarm = Swarm::new(SwarmConfig { server: format!("http://{address}"), ..config() }).expect("good");
        let mut last = Progress::default();
        let stop = AtomicBool::new(false);
        let report = swarm.run(RunUntil::AllSettledOnce(Duration::from_secs(600)), &stop, |now| last = now.clone());
        let report = report.expect("the system has an epoll");
        assert_eq!((report.connected, report.refused), (0, 3), "nobody got in: {report:?}");
        assert_eq!(report.errors.get("unreachable"), Some(&3), "and it says why");
        assert_eq!((last.wanted, last.gone), (3, 3), "the last progress shows it too");
    }
}
