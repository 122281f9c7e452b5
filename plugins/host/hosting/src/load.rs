//! How busy the host is, and what it gives up first.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use bevy_ecs::prelude::Resource;

/// Share of the period, in percent, above which something is given up.
const BUSY_PERCENT: u32 = 80;
/// Share below which it is taken back.
const EASY_PERCENT: u32 = 50;
/// Ticks between two steps up, so that a step shows its effect first.
const STEP_UP_TICKS: u32 = 10;
/// Ticks of ease before a step down: three seconds at 30 Hz.
const STEP_DOWN_TICKS: u32 = 90;
/// Longest ease asked for before a step down: a minute at 30 Hz.
const PATIENCE_TICKS_MAX: u32 = 1_800;
/// Send rate goes first, in three steps, then what is far.
const LEVEL_MAX: u32 = 4;

/// How busy the host's ticks are; the runner notes how long each took. Clones share it.
///
/// The level says what is given up: 1 to 3 lower the rate of snapshots to 15, 10 and 5 a second, 4 cuts what is shown to
/// the cells around. Beyond that only time is left, and that is the runner's to let go.
#[derive(Resource, Clone, Debug, Default)]
pub struct Load(Arc<LoadMeter>);

#[derive(Debug, Default)]
struct LoadMeter {
    level: AtomicU32,
    /// Mean share of the period used, in hundredths of a percent.
    used: AtomicU32,
    /// An edge was seen to lag behind.
    lags: AtomicBool,
    /// Ticks since the level changed, and ticks of ease in a row.
    since_change: AtomicU32,
    ease: AtomicU32,
    /// Ticks of ease before the next step down.
    patience: AtomicU32,
    steps_up: AtomicU32,
}

impl Load {
    /// Notes that an edge has not taken yet what the last tick left for it.
    pub fn note_lag(&self) {
        self.0.lags.store(true, Relaxed);
    }

    /// Notes a tick that took `took` of `period` and began `behind` late. Called by one thread.
    pub fn note(&self, took: Duration, period: Duration, behind: Duration) {
        let meter = &*self.0;
        let percent = (took.as_micros() * 10_000 / period.as_micros().max(1)).min(100_000) as u32;
        let used = (meter.used.load(Relaxed) * 7 + percent) / 8;
        meter.used.store(used, Relaxed);
        let lags = meter.lags.swap(false, Relaxed);
        let busy = lags || used > BUSY_PERCENT * 100 || behind > period;
        let eases = !busy && used < EASY_PERCENT * 100;
        let ease = if eases { meter.ease.load(Relaxed) + 1 } else { 0 };
        meter.ease.store(ease, Relaxed);
        let (level, since) = (meter.level.load(Relaxed), meter.since_change.load(Relaxed).saturating_add(1));
        let patience = meter.patience.load(Relaxed).max(STEP_DOWN_TICKS);
        let next = if busy && level < LEVEL_MAX && since >= STEP_UP_TICKS {
            // A step down that had to be taken back was too early.
            let was_early = since < 2 * STEP_DOWN_TICKS && meter.steps_up.load(Relaxed) > 0;
            meter.patience.store(if was_early { (patience * 2).min(PATIENCE_TICKS_MAX) } else { patience }, Relaxed);
            meter.steps_up.fetch_add(1, Relaxed);
            level + 1
        } else if level > 0 && ease >= patience {
            meter.ease.store(0, Relaxed);
            level - 1
        } else {
            level
        };
        meter.level.store(next, Relaxed);
        meter.since_change.store(if next == level { since } else { 0 }, Relaxed);
    }

    /// What is given up now: 0 is nothing.
    #[must_use]
    pub fn level(&self) -> u32 {
        self.0.level.load(Relaxed)
    }

    /// How often something more was given up.
    #[must_use]
    pub fn steps_up(&self) -> u32 {
        self.0.steps_up.load(Relaxed)
    }
}

/// Snapshots a second, the fastest first.
const RATES_HZ: [u32; 4] = [30, 15, 10, 5];
/// Things around that fit the fastest rate, and the second.
const CROWDS: [u32; 2] = [40, 80];

/// What decides how often one participant is shown what it sees.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RateFactors {
    /// Things that it sees now.
    pub(crate) crowd: u32,
    /// The last datagram had no room for everything.
    pub(crate) overflowed: bool,
    /// Ticks since the newest datagram that is known to have arrived.
    pub(crate) unconfirmed_ticks: u32,
    /// How much is shed, as [`Load::level`] says.
    pub(crate) level: u32,
}

/// Ticks from one snapshot to the next.
pub(crate) fn interval_ticks(tick_hz: u32, at: RateFactors) -> u32 {
    let crowd = CROWDS.iter().filter(|most| at.crowd > **most).count();
    // A link that confirms nothing for long carries less than it is given.
    let link = match at.unconfirmed_ticks {
        ticks if ticks > tick_hz => 3,
        ticks if ticks > tick_hz / 2 => 2,
        _ => usize::from(at.overflowed),
    };
    let load = (at.level as usize).min(RATES_HZ.len() - 1);
    tick_hz.div_ceil(RATES_HZ[crowd.max(link).max(load)]).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIOD: Duration = Duration::from_millis(33);

    fn notes(load: &Load, ticks: u32, took_ms: u64) {
        for _ in 0..ticks {
            load.note(Duration::from_millis(took_ms), PERIOD, Duration::ZERO);
        }
    }

    #[test]
    fn a_busy_host_gives_up_step_by_step_and_takes_back_when_it_eases() {
        let load = Load::default();
        notes(&load, 30, 5);
        assert_eq!(load.level(), 0, "nothing to give up for");
        notes(&load, 22, 32);
        assert!((1..=2).contains(&load.level()), "one step shows its effect before the next: {}", load.level());
        notes(&load, 100, 32);
        assert_eq!(load.level(), LEVEL_MAX, "in the end everything there is to give up");
        notes(&load, 60, 5);
        assert_eq!(load.level(), LEVEL_MAX, "a moment of ease is not trusted");
        notes(&load, 6 * PATIENCE_TICKS_MAX, 5);
        assert_eq!(load.level(), 0, "lasting ease is");
    }

    #[test]
    fn an_edge_that_lags_counts_as_a_busy_tick() {
        let load = Load::default();
        for _ in 0..30 {
            load.note_lag();
            load.note(Duration::from_millis(5), PERIOD, Duration::ZERO);
        }
        assert!(load.level() >= 2, "whatever the tick itself takes: {}", load.level());
    }

    #[test]
    fn crowd_link_and_load_each_lower_the_rate() {
        let rate = |at| 30 / interval_ticks(30, at);
        let quiet = RateFactors::default();
        assert_eq!(rate(quiet), 30, "nothing in the way");
        assert_eq!(rate(RateFactors { crowd: 60, ..quiet }), 15, "some around");
        assert_eq!(rate(RateFactors { crowd: 300, ..quiet }), 10, "a crowd");
        assert_eq!(rate(RateFactors { unconfirmed_ticks: 31, ..quiet }), 5, "nobody answers");
        assert_eq!(rate(RateFactors { level: 9, crowd: 60, ..quiet }), 5, "the host is at its end");
        assert_eq!(interval_ticks(20, quiet), 1, "never more often than there are ticks");
    }
}
