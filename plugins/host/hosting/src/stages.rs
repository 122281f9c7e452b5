//! How long each stage of the tick takes.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use bevy_app::{App, FixedUpdate};
use bevy_ecs::prelude::{IntoScheduleConfigs, ResMut, Resource};
use hypogeum_shard::host::HostSystems;

/// Buckets for each doubling: within 12 % of the truth.
const STEPS: usize = 8;
const BUCKETS: usize = STEPS * 32;

/// Durations by how often they occurred, from a microsecond to an hour. Written by one thread, read by any.
#[derive(Debug)]
pub struct Histogram([AtomicU64; BUCKETS]);

impl Default for Histogram {
    fn default() -> Self {
        Self([const { AtomicU64::new(0) }; BUCKETS])
    }
}

fn bucket(us: u64) -> usize {
    let us = us.max(1);
    let doubling = us.ilog2() as usize;
    let step = if doubling < 3 { (us as usize) << (3 - doubling) } else { (us >> (doubling - 3)) as usize } - STEPS;
    (doubling * STEPS + step).min(BUCKETS - 1)
}

/// The highest number of microseconds in a bucket.
const fn highest(bucket: usize) -> u64 {
    let (doubling, step) = (bucket / STEPS, (bucket % STEPS + STEPS + 1) as u64);
    let end = if doubling < 3 { step.div_ceil(1 << (3 - doubling)) } else { step << (doubling - 3) };
    end.saturating_sub(1)
}

impl Histogram {
    /// Counts one duration.
    pub fn record(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        self.0[bucket(us)].fetch_add(1, Relaxed);
    }

    /// The duration that this share (0 to 1,000 thousandths) of all did not exceed, in microseconds, to within 12 %; 0 without any.
    #[must_use]
    pub fn at(&self, thousandths: u64) -> u64 {
        let counts: Vec<u64> = self.0.iter().map(|count| count.load(Relaxed)).collect();
        let total: u64 = counts.iter().sum();
        let wanted = (total * thousandths).div_ceil(1_000).max(1);
        let mut seen = 0;
        for (bucket, count) in counts.iter().enumerate() {
            seen += count;
            if seen >= wanted {
                return highest(bucket);
            }
        }
        0
    }

    /// Counts from nothing again.
    pub fn clear(&self) {
        self.0.iter().for_each(|count| count.store(0, Relaxed));
    }

    /// How many durations were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().map(|count| count.load(Relaxed)).sum()
    }
}

/// Names of the stages, in their order.
pub const STAGES: [&str; 8] = ["receive", "admit", "route", "step", "settle", "replicate", "send", "persist"];

/// A histogram for each stage, in the order of [`STAGES`]. A clone is another handle on the same.
#[derive(Clone, Debug, Default)]
pub struct StageTimes(Arc<[Histogram; STAGES.len()]>);

impl StageTimes {
    /// Counts from nothing again.
    pub fn clear(&self) {
        self.0.iter().for_each(Histogram::clear);
    }

    /// Each stage by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Histogram)> {
        STAGES.into_iter().zip(self.0.iter())
    }
}

/// Time as whoever runs the host measures it: this crate has no clock.
#[derive(Clone)]
pub struct HostClock(Arc<dyn Fn() -> Duration + Send + Sync>);

impl HostClock {
    /// A clock that only goes forward.
    pub fn new(now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }
}

impl Default for HostClock {
    /// A clock that stands still.
    fn default() -> Self {
        Self::new(|| Duration::ZERO)
    }
}

impl fmt::Debug for HostClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HostClock")
    }
}

/// The stage that runs, and since when.
#[derive(Resource, Debug)]
struct Stopwatch {
    clock: HostClock,
    times: StageTimes,
    since: Duration,
}

fn start(mut watch: ResMut<Stopwatch>) {
    watch.since = (watch.clock.0)();
}

fn stop<const STAGE: usize>(mut watch: ResMut<Stopwatch>) {
    let now = (watch.clock.0)();
    watch.times.0[STAGE].record(now.saturating_sub(watch.since));
    watch.since = now;
}

/// Measures every stage of `FixedUpdate` from now on.
pub(crate) fn measure(app: &mut App, clock: HostClock, times: StageTimes) {
    use HostSystems::{Admit, Persist, Receive, Replicate, Route, Send, Settle, Step};
    app.insert_resource(Stopwatch { clock, times, since: Duration::ZERO }).add_systems(
        FixedUpdate,
        (
            start.before(Receive),
            stop::<0>.after(Receive).before(Admit),
            stop::<1>.after(Admit).before(Route),
            stop::<2>.after(Route).before(Step),
            stop::<3>.after(Step).before(Settle),
            stop::<4>.after(Settle).before(Replicate),
            stop::<5>.after(Replicate).before(Send),
            stop::<6>.after(Send).before(Persist),
            stop::<7>.after(Persist),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_within_an_eighth_of_the_truth() {
        for us in [1, 2, 3, 7, 8, 9, 100, 999, 12_345, 33_333, 5_000_000] {
            let histogram = Histogram::default();
            histogram.record(Duration::from_micros(us));
            let told = histogram.at(500);
            assert!(told >= us && told <= us + us / 8 + 1, "{us} µs are told as {told}");
        }
    }

    #[test]
    fn percentiles_are_by_rank() {
        let histogram = Histogram::default();
        assert_eq!(histogram.at(990), 0, "nothing was counted");
        (0..99).for_each(|_| histogram.record(Duration::from_micros(10)));
        histogram.record(Duration::from_micros(1_000));
        assert!(histogram.at(990) < 12, "99 of 100 are short");
        assert!(histogram.at(1_000) >= 1_000, "and one is not");
    }
}
