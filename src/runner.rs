//! Runs the host's ticks at a fixed rate, by absolute deadlines: a late tick never makes all later ones late.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use bevy_app::App;
use hypogeum_sessions::Load;

use crate::heartbeat::Heartbeat;

/// Ticks made up for at once before the clock is moved instead: more would starve the sockets.
const CATCH_UP_TICKS_MAX: u32 = 5;
/// Samples the percentiles are taken from: an hour at 30 Hz.
const SAMPLES_MAX: usize = 108_000;

/// How long ticks took, shared with whoever reports it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TickTimes(Arc<Mutex<Samples>>);

#[derive(Debug, Default)]
struct Samples {
    /// Microseconds of the newest ticks; the oldest is overwritten.
    us: Vec<u32>,
    at: usize,
    max_us: u32,
    late: u64,
    total: u64,
}

/// Percentiles of the tick's duration in milliseconds.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(crate) struct TickMs {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl TickTimes {
    pub(crate) fn record(&self, took: Duration, late: bool) {
        let us = u32::try_from(took.as_micros()).unwrap_or(u32::MAX);
        let mut samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        samples.max_us = samples.max_us.max(us);
        samples.late += u64::from(late);
        samples.total += 1;
        if samples.us.len() < SAMPLES_MAX {
            samples.us.push(us);
        } else {
            let at = samples.at;
            samples.us[at] = us;
            samples.at = (at + 1) % SAMPLES_MAX;
        }
    }

    /// The percentiles so far.
    pub(crate) fn percentiles(&self) -> TickMs {
        let samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sorted = samples.us.clone();
        let max = f64::from(samples.max_us) / 1_000.0;
        drop(samples);
        sorted.sort_unstable();
        let at =
            |share: usize| sorted.get(sorted.len().saturating_sub(1) * share / 100).map_or(0.0, |us| f64::from(*us));
        TickMs { p50: at(50) / 1_000.0, p99: at(99) / 1_000.0, max }
    }

    /// Ticks so far, and how many of them began more than a period late.
    pub(crate) fn on_time(&self) -> (u64, u64) {
        let samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (samples.total, samples.late)
    }
}

/// Updates `app` once each period until `stop` is raised; one update is one tick, and `ticked` is called after it.
pub(crate) fn run(
    app: &mut App,
    tick_hz: u16,
    (times, load, heartbeat): (&TickTimes, &Load, &Heartbeat),
    stop: &AtomicBool,
    mut ticked: impl FnMut(),
) {
    let period = Duration::from_secs(1) / u32::from(tick_hz);
    let mut deadline = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        if let Some(early) = deadline.checked_duration_since(began) {
            thread::sleep(early);
            continue;
        }
        let behind = began - deadline;
        if behind > period * CATCH_UP_TICKS_MAX {
            tracing::warn!("too slow: skipping {} ms", behind.as_millis());
            deadline = began;
        }
        app.update();
        ticked();
        heartbeat.beat();
        let took = began.elapsed();
        times.record(took, behind > period);
        load.note(took, period, behind);
        deadline += period;
    }
}
