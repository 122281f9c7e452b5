//! What is counted while bots play, and what it comes to.

use std::time::Duration;

use hypogeum_client::{LaneLoss, Traffic, Wire};
use hypogeum_metering::Histogram;

use crate::beacon::Sighting;
use crate::bot::{Bot, Stage};
use crate::report::{Latency, Play, RoundTrips, SwarmReport, WarmUp};
use crate::spread::Spread;

/// Bots that are reported one by one at most.
const BOTS_LISTED_MAX: usize = 200;

/// What one connection did so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) snapshots: u64,
    pub(crate) traffic: Traffic,
    pub(crate) divergences: u64,
    pub(crate) corrections: u64,
    pub(crate) inputs: u64,
}

impl Counts {
    fn since(self, before: Self) -> Self {
        let (now, then) = (self.traffic, before.traffic);
        Self {
            snapshots: self.snapshots.saturating_sub(before.snapshots),
            traffic: Traffic {
                datagrams_in: now.datagrams_in.saturating_sub(then.datagrams_in),
                datagrams_out: now.datagrams_out.saturating_sub(then.datagrams_out),
                bytes_in: now.bytes_in.saturating_sub(then.bytes_in),
                bytes_out: now.bytes_out.saturating_sub(then.bytes_out),
            },
            divergences: self.divergences.saturating_sub(before.divergences),
            corrections: self.corrections.saturating_sub(before.corrections),
            inputs: self.inputs.saturating_sub(before.inputs),
        }
    }

    fn add(&mut self, other: Self) {
        self.snapshots += other.snapshots;
        self.traffic += other.traffic;
        self.divergences += other.divergences;
        self.corrections += other.corrections;
        self.inputs += other.inputs;
    }
}

/// What all bots of a pool note, in one place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gauges {
    pub(crate) connects: Histogram,
    pub(crate) round_trips: Histogram,
    pub(crate) intervals: Histogram,
    pub(crate) input_lags: Histogram,
    pub(crate) events: u64,
    latencies: Histogram,
    unseen: u64,
    out_of_sight: u64,
}

impl Gauges {
    pub(crate) fn sighted(&mut self, sighting: Sighting) {
        match sighting {
            Sighting::Seen(waited) => self.latencies.record(waited),
            Sighting::Unseen => self.unseen += 1,
            Sighting::OutOfSight => self.out_of_sight += 1,
        }
    }

    /// Begins again, but for what belongs to the way in.
    fn restart(&mut self) {
        self.intervals.clear();
        self.input_lags.clear();
        self.latencies.clear();
        self.round_trips.clear();
        (self.events, self.unseen, self.out_of_sight) = (0, 0, 0);
    }

    fn merge(&mut self, other: &Self) {
        self.connects.merge(&other.connects);
        self.round_trips.merge(&other.round_trips);
        self.intervals.merge(&other.intervals);
        self.input_lags.merge(&other.input_lags);
        self.latencies.merge(&other.latencies);
        self.events += other.events;
        self.unseen += other.unseen;
        self.out_of_sight += other.out_of_sight;
    }
}

/// When measuring began, and how things stood then.
#[derive(Debug, Default)]
pub(crate) struct Window {
    began: Duration,
    /// By the bots' places; those who came later began at nothing.
    before: Vec<Counts>,
    gone_before: usize,
}

impl Window {
    pub(crate) fn begin<W: Wire>(now: Duration, bots: &[Bot<W>], gauges: &mut Gauges) -> Self {
        gauges.restart();
        let lost = bots.iter().filter(|bot| is_lost(bot)).count();
        Self { began: now, before: bots.iter().map(Bot::counts).collect(), gone_before: lost }
    }
}

fn is_lost<W: Wire>(bot: &Bot<W>) -> bool {
    bot.was_welcomed() && matches!(bot.stage(), Stage::Gone(_))
}

/// What came of a pool, or of several: the percentiles of all are not to be had from the percentiles of each.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) report: SwarmReport,
    gauges: Gauges,
    counts: Counts,
    /// Snapshots a second of each bot that was in a match.
    rates_hz: Vec<f64>,
    lane: LaneLoss,
}

impl Tally {
    /// Sums up bots as they stand.
    pub(crate) fn of<W: Wire>(bots: &[Bot<W>], gauges: &Gauges, window: &Window, now: Duration) -> Self {
        let mut tally = Self { gauges: gauges.clone(), ..Self::default() };
        let seconds = now.saturating_sub(window.began).as_secs_f64();
        let report = &mut tally.report;
        report.warm_up.seconds = window.began.as_secs_f64();
        report.play.seconds = seconds;
        for (index, bot) in bots.iter().enumerate() {
            let gone = matches!(bot.stage(), Stage::Gone(_));
            report.connected += usize::from(bot.was_welcomed());
            report.refused += usize::from(gone && !bot.was_welcomed());
            report.disconnected += usize::from(is_lost(bot));
            report.resumed.add(bot.resumed());
            report.entered += usize::from(bot.has_entered());
            report.play.playing += usize::from(bot.stage() == Stage::Playing);
            report.matches_settled += u64::from(bot.settled_count());
            for (code, count) in bot.refusals() {
                *report.errors.entry(code.clone()).or_default() += count;
            }
            let unreadable = bot.client().unreadable_count();
            if unreadable > 0 {
                *report.errors.entry("unreadable".to_owned()).or_default() += unreadable;
            }
            let counts = bot.counts();
            tally.lane += bot.client().lane_loss();
            report.snapshots += counts.snapshots;
            report.traffic += counts.traffic;
            let during = counts.since(window.before.get(index).copied().unwrap_or_default());
            tally.counts.add(during);
            if bot.has_entered() && seconds > 0.0 {
                tally.rates_hz.push(during.snapshots as f64 / seconds);
            }
            if bots.len() <= BOTS_LISTED_MAX {
                report.bots.push(bot.report());
            }
        }
        report.play.dropped = report.disconnected.saturating_sub(window.gone_before);
        tally
    }

    pub(crate) fn merge(&mut self, other: Self) {
        let (here, there) = (&mut self.report, other.report);
        here.connected += there.connected;
        here.connected_over.add(there.connected_over);
        here.refused += there.refused;
        here.disconnected += there.disconnected;
        here.resumed.add(there.resumed);
        here.entered += there.entered;
        here.snapshots += there.snapshots;
        here.traffic += there.traffic;
        here.matches_settled += there.matches_settled;
        here.play.playing += there.play.playing;
        here.play.dropped += there.play.dropped;
        here.play.decisions_skipped += there.play.decisions_skipped;
        here.play.seconds = here.play.seconds.max(there.play.seconds);
        here.warm_up.seconds = here.warm_up.seconds.max(there.warm_up.seconds);
        for (code, count) in there.errors {
            *here.errors.entry(code).or_default() += count;
        }
        match (&mut here.link, there.link) {
            (Some(here), Some(there)) => here.add(&there),
            (here, there) => *here = here.take().or(there),
        }
        here.bots.extend(there.bots);
        self.gauges.merge(&other.gauges);
        self.counts.add(other.counts);
        self.rates_hz.extend(other.rates_hz);
        self.lane += other.lane;
    }

    /// Works out what can only be said of all.
    pub(crate) fn into_report(self) -> SwarmReport {
        let Self { mut report, gauges, counts, mut rates_hz, lane } = self;
        rates_hz.sort_unstable_by(f64::total_cmp);
        let mean = if rates_hz.is_empty() { 0.0 } else { rates_hz.iter().sum::<f64>() / rates_hz.len() as f64 };
        let round_trips = Spread::from(&gauges.round_trips);
        report.round_trips =
            RoundTrips { count: round_trips.count, p50_us: round_trips.p50_us, p99_us: round_trips.p99_us };
        report.warm_up = WarmUp { connect: Spread::from(&gauges.connects), ..report.warm_up };
        report.play = Play {
            snapshot_hz_mean: mean,
            snapshot_hz_p1: rates_hz.get(rates_hz.len() / 100).copied().unwrap_or_default(),
            snapshot_interval: Spread::from(&gauges.intervals),
            input_lag: Spread::from(&gauges.input_lags),
            traffic: counts.traffic,
            lane_expected: lane.sent_count,
            lane_lost: lane.lost_count,
            inputs: counts.inputs,
            events: gauges.events,
            divergences: counts.divergences,
            corrections: counts.corrections,
            latency: Latency {
                time: Spread::from(&gauges.latencies),
                unseen: gauges.unseen,
                out_of_sight: gauges.out_of_sight,
            },
            ..report.play
        };
        report.bots.sort_by(|one, other| one.name.cmp(&other.name));
        report
    }
}
