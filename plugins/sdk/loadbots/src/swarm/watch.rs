//! What the runner of a swarm does while its bots play: lets them in, and says when it is time for what.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use super::{RunUntil, Swarm, SwarmConfig};
use crate::driver::{Arrival, BotRequest, Control, Newcomer, SwarmProgress};
use crate::enlist::{Enlisted, LoginQueue};
use crate::entrance::Entrance;
use crate::pool::is_beacon;
use crate::report::{Progress, SwarmReport};
use crate::tally::Tally;

/// Between two looks at how the bots stand.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Between two calls of the progress callback.
const PROGRESS_EVERY: Duration = Duration::from_millis(250);

/// Where those wait who may connect.
pub(super) struct Lobby<'a> {
    pub(super) swarm: &'a Swarm,
    pub(super) queue: &'a LoginQueue<'a>,
    pub(super) enlisted: Receiver<Enlisted>,
    pub(super) doors: &'a [Sender<Arrival>],
    /// What bots need somebody to ask for over HTTP.
    pub(super) requests: Receiver<BotRequest>,
}

impl Lobby<'_> {
    /// Sends those who may connect on their way; `true` once no more will come.
    fn usher(&self, errors: &mut BTreeMap<String, u64>) -> bool {
        loop {
            match self.enlisted.try_recv() {
                Ok(Enlisted { index, outcome: Ok(entrance) }) => self.admit(index, entrance),
                Ok(Enlisted { outcome: Err(error), .. }) => *errors.entry(error.code().to_owned()).or_default() += 1,
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => return true,
            }
        }
    }

    fn admit(&self, index: usize, entrance: Entrance) {
        let Swarm { config, behaviours, .. } = self.swarm;
        let Some(behaviour) = behaviours.get(index % behaviours.len()) else { return };
        let newcomer = Newcomer {
            index,
            name: self.queue.name(index),
            entrance,
            behaviour: Arc::clone(behaviour),
            // Seeds of neighbours should have little in common.
            seed: config.seed ^ (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15),
            is_beacon: config.beacons && is_beacon(index, config.count),
        };
        if let Some(door) = self.doors.get(index % self.doors.len()) {
            // A driver that is gone has panicked: its bots are missing in the report.
            let _ = door.send(Arrival::New(newcomer));
        }
    }
}

/// What the runner of the swarm keeps an eye on.
pub(super) struct Watch {
    until: RunUntil,
    began: Instant,
    measuring_since: Option<Instant>,
    cpu_before: Option<Duration>,
    /// Refusals over HTTP.
    errors: BTreeMap<String, u64>,
    /// The modes the server offers, where those the bots want are not among them.
    pub(super) offered_instead: Option<Vec<String>>,
}

impl Watch {
    pub(super) fn new(until: RunUntil, began: Instant) -> Self {
        Self { until, began, measuring_since: None, cpu_before: None, errors: BTreeMap::new(), offered_instead: None }
    }

    pub(super) fn over(
        &mut self,
        lobby: &Lobby<'_>,
        look_after_lost: &mut dyn FnMut(),
        control: &Control,
        standings: &[SwarmProgress],
        stop: &AtomicBool,
        progress: &mut dyn FnMut(&Progress),
    ) {
        let wanted = lobby.swarm.config.count;
        let mut all_came = false;
        let mut shown = None::<Instant>;
        if control.measuring.load(Ordering::Relaxed) {
            self.begin_measuring();
        }
        while !stop.load(Ordering::Relaxed) {
            all_came = all_came || lobby.usher(&mut self.errors);
            look_after_lost();
            let mut standing = Progress::default();
            standings.iter().for_each(|part| standing.add(&part.read()));
            if standing.offered_instead.is_some() {
                self.offered_instead = standing.offered_instead;
                return;
            }
            let refused = self.errors.values().sum::<u64>() as usize;
            // Those who were told of; others are on their way from here to there.
            all_came = all_came && standing.wanted + refused >= wanted;
            standing.gone += refused;
            standing.wanted = wanted;
            standing.measured = self.measured();
            let all = |count: usize| all_came && count + refused >= wanted;
            if all(standing.past_welcoming) {
                control.held.store(false, Ordering::Relaxed);
            }
            if self.is_warm(all(standing.past_entering)) {
                control.measuring.store(true, Ordering::Relaxed);
                self.begin_measuring();
            }
            let now = Instant::now();
            if shown.is_none_or(|shown| now - shown >= PROGRESS_EVERY) {
                shown = Some(now);
                progress(&standing);
            }
            if self.is_over(all(standing.past_settling)) || (all_came && standing.gone >= wanted) {
                progress(&standing);
                return;
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    fn begin_measuring(&mut self) {
        self.measuring_since = Some(Instant::now());
        self.cpu_before = cpu_time();
    }

    fn is_warm(&self, all_entered: bool) -> bool {
        match self.until {
            RunUntil::Played { warm_up, .. } if self.measuring_since.is_none() => {
                all_entered || self.began.elapsed() >= warm_up
            }
            _ => false,
        }
    }

    fn is_over(&self, all_settled: bool) -> bool {
        match self.until {
            RunUntil::Elapsed(limit) => self.began.elapsed() >= limit,
            RunUntil::AllSettledOnce(limit) => all_settled || self.began.elapsed() >= limit,
            RunUntil::Played { play, .. } => self.measuring_since.is_some_and(|since| since.elapsed() >= play),
        }
    }

    fn measured(&self) -> Option<(Duration, Duration)> {
        let RunUntil::Played { play, .. } = self.until else { return None };
        self.measuring_since.map(|since| (since.elapsed(), play))
    }

    pub(super) fn report(self, tally: Tally, config: &SwarmConfig) -> SwarmReport {
        let mut report = tally.into_report();
        report.wanted = config.count;
        report.refused += self.errors.values().sum::<u64>() as usize;
        for (code, count) in self.errors {
            *report.errors.entry(code).or_default() += count;
        }
        let cpu = self.cpu_before.zip(cpu_time()).map(|(before, after)| after.saturating_sub(before));
        if let (Some(cpu), Some(since)) = (cpu, self.measuring_since) {
            report.play.cpu_cores = cpu.as_secs_f64() / since.elapsed().as_secs_f64().max(f64::MIN_POSITIVE);
        }
        report
    }
}

/// CPU time this process has taken.
fn cpu_time() -> Option<Duration> {
    let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
    let time = |value: nix::sys::time::TimeVal| {
        Duration::from_micros(value.tv_sec().unsigned_abs() * 1_000_000 + value.tv_usec().unsigned_abs())
    };
    Some(time(usage.user_time()) + time(usage.system_time()))
}
