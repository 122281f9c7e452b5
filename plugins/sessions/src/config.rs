//! What an operator sets, and where seeds come from.

use std::fmt;
use std::sync::Arc;

use bevy_ecs::prelude::Resource;

/// How sessions are held.
#[derive(Resource, Clone, Debug)]
pub struct SessionsConfig {
    /// Steps a second of host and matches, 10–60.
    pub tick_hz: u32,
    /// How long a participant whose connection is gone keeps its session, in seconds.
    pub linger_s: u32,
    /// How long running matches may go on once the server drains, in seconds.
    pub drain_grace_s: u32,
    /// Ticks from one snapshot to the next, 1 and up; 2 at 30 Hz are 15 a second.
    pub snapshot_interval_ticks: u32,
    /// The first match's id, higher than any of an earlier run: the store knows them all.
    pub match_id_base: u64,
    /// Every match's seed; `None` asks [`SeedSource`].
    pub match_seed: Option<u64>,
    /// Sessions held at once; further connections are refused.
    pub sessions_max: usize,
    /// Frames taken from the edges in one tick.
    pub frames_per_tick_max: usize,
}

impl Default for SessionsConfig {
    fn default() -> Self {
        Self {
            tick_hz: 30,
            linger_s: 60,
            drain_grace_s: 10,
            snapshot_interval_ticks: 2,
            match_id_base: 1,
            match_seed: None,
            sessions_max: 10_000,
            frames_per_tick_max: 32_768,
        }
    }
}

impl SessionsConfig {
    /// Seconds as ticks.
    pub(crate) fn ticks(&self, seconds: u32) -> u64 {
        u64::from(seconds) * u64::from(self.tick_hz)
    }

    /// Ticks as milliseconds, rounded up.
    pub(crate) fn ms(&self, ticks: u64) -> u32 {
        u32::try_from((ticks * 1_000).div_ceil(u64::from(self.tick_hz.max(1)))).unwrap_or(u32::MAX)
    }

    /// Milliseconds as ticks, rounded up.
    pub(crate) fn ticks_of_ms(&self, ms: u32) -> u64 {
        (u64::from(ms) * u64::from(self.tick_hz)).div_ceil(1_000)
    }
}

/// Where the seed of a match comes from: the operating system's randomness in earnest, a counter in tests.
#[derive(Resource, Clone)]
pub struct SeedSource(Arc<dyn Fn() -> u64 + Send + Sync>);

impl SeedSource {
    /// Seeds from `draw`, called once for each match.
    pub fn new(draw: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(draw))
    }

    pub(crate) fn draw(&self) -> u64 {
        (self.0)()
    }
}

impl fmt::Debug for SeedSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SeedSource")
    }
}
