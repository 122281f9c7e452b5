//! Runs the host's ticks at a fixed rate, by absolute deadlines: a late tick never makes all later ones late.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use bevy_app::App;
use hypogeum_hosting::{Bell, Load};
use hypogeum_metering::Histogram;
use hypogeum_shard::host::BetweenTicks;

use crate::heartbeat::Heartbeat;

/// Ticks made up for at once before the clock is moved instead: more would starve the sockets.
const CATCH_UP_TICKS_MAX: u32 = 5;
/// How long the thread rests after what it has done between two ticks: what comes meanwhile is done together.
const BETWEEN_TICKS_REST: Duration = Duration::from_millis(1);

/// How long ticks took since the start, shared with what reports it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TickTimes(Arc<Counted>);

#[derive(Debug, Default)]
struct Counted {
    took: Histogram,
    /// Ticks that began more than a period late.
    late: AtomicU64,
}

/// Percentiles of the tick's duration in milliseconds, to within 3 %; the longest exactly.
#[derive(Clone, Copy, Debug, Default, serde::Serialize)]
pub(crate) struct TickMs {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

impl TickTimes {
    pub(crate) fn record(&self, took: Duration, late: bool) {
        self.0.took.record(took);
        self.0.late.fetch_add(u64::from(late), Ordering::Relaxed);
    }

    /// The percentiles so far.
    pub(crate) fn percentiles(&self) -> TickMs {
        let ms = |us: u64| us as f64 / 1_000.0;
        let took = &self.0.took;
        TickMs { p50: ms(took.at(500)), p99: ms(took.at(990)), max: ms(took.max_us()) }
    }

    /// Ticks so far, and how many of them began more than a period late.
    pub(crate) fn on_time(&self) -> (u64, u64) {
        (self.0.took.count(), self.0.late.load(Ordering::Relaxed))
    }
}

/// What ticks are measured by.
type Gauges<'a> = (&'a TickTimes, &'a Load, &'a Heartbeat);

/// The thread that an app lives on. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct TickThread {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl TickThread {
    /// Builds an app on a thread of its own and runs its ticks there, and what is between them where `bell` is rung.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub(crate) fn start(
        build: impl FnOnce() -> App + Send + 'static,
        tick_hz: u16,
        (times, load, heartbeat): Gauges<'_>,
        bell: Bell,
    ) -> io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let (times, load, heartbeat) = (times.clone(), load.clone(), heartbeat.clone());
        let thread = thread::Builder::new().name("tick".to_owned()).spawn(move || {
            let mut app = build();
            heartbeat.beat();
            run(&mut app, tick_hz, (&times, &load, &heartbeat), (&bell, &stopped));
        })?;
        Ok(Self { stop, thread: Some(thread) })
    }

    /// Whether ticks go on.
    pub(crate) fn is_running(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| !thread.is_finished())
    }

    /// Ends after the tick that runs; doing it again does nothing.
    pub(crate) fn finish(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the tick thread panicked");
        }
    }
}

impl Drop for TickThread {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Updates `app` once each period until `stop` is raised; one update is one tick. Where `bell` is rung in between, it does what
/// cannot wait.
fn run(app: &mut App, tick_hz: u16, (times, load, heartbeat): Gauges<'_>, (bell, stop): (&Bell, &AtomicBool)) {
    let period = Duration::from_secs(1) / u32::from(tick_hz);
    let mut deadline = Instant::now();
    while !stop.load(Ordering::Relaxed) {
        let began = Instant::now();
        if let Some(early) = deadline.checked_duration_since(began) {
            if bell.wait(early) {
                app.world_mut().run_schedule(BetweenTicks);
                thread::sleep(BETWEEN_TICKS_REST.min(deadline.saturating_duration_since(Instant::now())));
            }
            continue;
        }
        let behind = began - deadline;
        if behind > period * CATCH_UP_TICKS_MAX {
            tracing::warn!("too slow: skipping {} ms", behind.as_millis());
            deadline = began;
        }
        app.update();
        heartbeat.beat();
        let took = began.elapsed();
        times.record(took, behind > period);
        load.note(took, period, behind);
        deadline += period;
    }
}
