//! What an operator sets, and where seeds come from.

use std::fmt;
use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_shard::Seed;

/// How sessions are held.
#[derive(Resource, Clone, Debug)]
pub struct SessionsConfig {
    /// Steps a second of host and matches, 10–60.
    pub tick_hz: u32,
    /// How long a participant whose connection is gone keeps its seat, in seconds. Then the seat is given up.
    pub linger_s: u32,
    /// How long a session whose link broke keeps its place in a queue, in seconds.
    pub queue_linger_s: u32,
    /// How long running matches may go on once the server drains, in seconds.
    pub drain_grace_s: u32,
    /// Ticks from one snapshot to the next, 1 and up; 2 at 30 Hz are 15 a second.
    pub snapshot_interval_ticks: u32,
    /// The first match's id, higher than any of an earlier run: the store knows them all.
    pub match_id_base: u64,
    /// The number of every match's seed, for demonstrations: who knows it can foresee every roll. `None` asks
    /// [`SeedSource`].
    pub match_seed: Option<u64>,
    /// How long a match of an earlier run stands still for its players to come back, in seconds.
    pub resume_s: u32,
    /// What becomes of running matches when the server drains.
    pub on_drain: OnDrain,
    /// What becomes of a connection when its account connects a second time.
    pub second_device: SecondDevice,
    /// Settlements that may wait for the store before no match begins any more.
    pub settlements_waiting_max: usize,
    /// Matches that run or are about to begin at once: while there are so many, no lobby forms.
    pub matches_max: usize,
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
            queue_linger_s: 10,
            drain_grace_s: 10,
            snapshot_interval_ticks: 2,
            match_id_base: 1,
            match_seed: None,
            resume_s: 10,
            on_drain: OnDrain::Undo,
            second_device: SecondDevice::TakesOver,
            settlements_waiting_max: 256,
            matches_max: 2_500,
            sessions_max: 10_000,
            frames_per_tick_max: 32_768,
        }
    }
}

/// What becomes of running matches when the server drains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDrain {
    /// After the grace they are undone: what was brought into them goes home.
    Undo,
    /// They stand still at once, and go on at the next start. Only matches that are recorded can.
    Suspend,
}

/// What becomes of a connection when its account connects a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondDevice {
    /// The first one ends.
    TakesOver,
    /// The second one is refused while the first one lives.
    IsRefused,
}

impl SessionsConfig {
    /// The host tick until which resumed matches wait for their players.
    pub(crate) fn resume_ticks(&self) -> u64 {
        self.ticks(self.resume_s)
    }

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
pub struct SeedSource(Arc<dyn Fn() -> Seed + Send + Sync>);

impl SeedSource {
    /// Seeds from `draw`, called once for each match.
    pub fn new(draw: impl Fn() -> Seed + Send + Sync + 'static) -> Self {
        Self(Arc::new(draw))
    }

    pub(crate) fn draw(&self) -> Seed {
        (self.0)()
    }
}

impl fmt::Debug for SeedSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SeedSource")
    }
}
