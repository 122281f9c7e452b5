//! How long each stage of the tick takes.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bevy_app::{App, FixedUpdate};
use bevy_ecs::prelude::{IntoScheduleConfigs, ResMut, Resource};
use hypogeum_metering::Histogram;
use hypogeum_shard::host::HostSystems;

/// Names of the stages, in their order.
pub const STAGES: [&str; 8] = ["receive", "admit", "route", "step", "settle", "replicate", "send", "persist"];

/// A histogram for each stage, in the order of [`STAGES`]. Clones share them.
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

/// Time, as the runner of the host measures it: this crate has no clock.
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
