//! What came of a swarm.

use std::collections::BTreeMap;
use std::time::Duration;

use hypogeum_client::{Ending, Traffic, Wire};
use hypogeum_protocol::{MatchPhase, SettledReport};
use serde::Serialize;

use crate::bot::{Bot, Stage};

/// What came of one bot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BotReport {
    /// Its account's name.
    pub name: String,
    /// Its behaviour's name.
    pub behaviour: String,
    /// Matches settled.
    pub matches_settled: u32,
    /// The last settlement.
    pub report: Option<SettledReport>,
    /// Why its connection ended, if it did.
    pub ended: Option<Ending>,
}

/// Ways there and back, in microseconds, as exact as the swarm polls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RoundTrips {
    /// Pings answered.
    pub count: u64,
    /// Half of them took at most this.
    pub p50_us: u64,
    /// 99 % of them took at most this.
    pub p99_us: u64,
}

impl RoundTrips {
    fn of(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        let at = |percent: usize| {
            let index = (samples.len().saturating_sub(1)) * percent / 100;
            samples.get(index).map_or(0, |sample| sample.as_micros() as u64)
        };
        Self { count: samples.len() as u64, p50_us: at(50), p99_us: at(99) }
    }
}

/// What came of all bots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SwarmReport {
    /// Bots that had a session.
    pub connected: usize,
    /// Bots that never got one: refused over HTTP or at the handshake.
    pub refused: usize,
    /// Bots that had a session and lost it before the end.
    pub disconnected: usize,
    /// Snapshots taken, outdated ones not counted.
    pub snapshots: u64,
    /// Datagrams and bytes.
    #[serde(flatten)]
    pub traffic: Traffic,
    /// Matches settled, counted per bot.
    pub matches_settled: u64,
    /// Refusals and failures by code: the protocol's names as they are, HTTP's in `snake_case`.
    pub errors: BTreeMap<String, u64>,
    /// The pings.
    pub round_trips: RoundTrips,
    /// Each bot, by name.
    pub bots: Vec<BotReport>,
}

impl SwarmReport {
    /// Sums up bots as they stand.
    pub(crate) fn of<W: Wire>(bots: &[Bot<W>]) -> Self {
        let mut report = Self::default();
        let mut round_trips = Vec::new();
        for bot in bots {
            let gone = matches!(bot.stage(), Stage::Gone(_));
            report.connected += usize::from(bot.was_welcomed());
            report.refused += usize::from(gone && !bot.was_welcomed());
            report.disconnected += usize::from(gone && bot.was_welcomed());
            report.snapshots += bot.client().snapshot_count();
            report.traffic += bot.client().traffic();
            report.matches_settled += u64::from(bot.settled_count());
            for (code, count) in bot.refusals() {
                *report.errors.entry(code.clone()).or_default() += count;
            }
            let unreadable = bot.client().unreadable_count();
            if unreadable > 0 {
                *report.errors.entry("unreadable".to_owned()).or_default() += unreadable;
            }
            round_trips.extend_from_slice(bot.round_trips());
            report.bots.push(bot.report());
        }
        report.bots.sort_by(|one, other| one.name.cmp(&other.name));
        report.round_trips = RoundTrips::of(round_trips);
        report
    }
}

/// How a swarm stands while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bots that are to come.
    pub wanted: usize,
    /// Bots without a session yet.
    pub connecting: usize,
    /// Bots waiting for a match, queued or about to.
    pub queued: usize,
    /// Bots choosing what to bring.
    pub choosing: usize,
    /// Bots in a match.
    pub playing: usize,
    /// Bots that want no more.
    pub done: usize,
    /// Bots whose connection is gone, or that never got one.
    pub gone: usize,
    /// Bots that settled a match at least once.
    pub settled: usize,
    /// The match of the first bot that is in one.
    pub current: Option<MatchProgress>,
}

/// How a match stands, as one of its players sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchProgress {
    /// Its mode.
    pub mode: String,
    /// Its phase; `None` before the first word of it.
    pub phase: Option<MatchPhase>,
    /// The newest tick seen.
    pub tick: u32,
    /// The tick the phase ends.
    pub phase_ends_tick: u32,
    /// Steps a second.
    pub tick_hz: u16,
    /// Players still in.
    pub alive: u16,
    /// Players that got out.
    pub extracted: u16,
}

impl Progress {
    pub(crate) fn of<W: Wire>(bots: &[Bot<W>]) -> Self {
        let mut progress = Self { wanted: bots.len(), ..Self::default() };
        for bot in bots {
            let place = match bot.stage() {
                Stage::Connecting => &mut progress.connecting,
                Stage::Waiting | Stage::Queued => &mut progress.queued,
                Stage::Choosing => &mut progress.choosing,
                Stage::Playing => &mut progress.playing,
                Stage::Done => &mut progress.done,
                Stage::Gone(_) => &mut progress.gone,
            };
            *place += 1;
            progress.settled += usize::from(bot.settled_count() > 0);
            if progress.current.is_none() {
                progress.current = match_progress(bot);
            }
        }
        progress
    }
}

fn match_progress<W: Wire>(bot: &Bot<W>) -> Option<MatchProgress> {
    let view = bot.view();
    let current = view.current.as_ref()?;
    let snapshot = view.snapshot.as_ref();
    Some(MatchProgress {
        mode: current.mode.clone(),
        phase: current.phase.map(|phase| phase.phase),
        tick: snapshot.map_or(0, |snapshot| snapshot.tick),
        phase_ends_tick: current.phase.map_or(0, |phase| phase.ends_tick),
        tick_hz: view.session.as_ref().map_or(30, |session| session.tick_hz),
        alive: snapshot.map_or(0, |snapshot| snapshot.alive),
        extracted: snapshot.map_or(0, |snapshot| snapshot.extracted),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_few_or_no_samples_are_samples() {
        assert_eq!(RoundTrips::of(vec![]), RoundTrips::default(), "none is zero");
        let samples = (1..=101).rev().map(Duration::from_micros).collect();
        assert_eq!(RoundTrips::of(samples), RoundTrips { count: 101, p50_us: 51, p99_us: 100 }, "by rank");
    }
}
