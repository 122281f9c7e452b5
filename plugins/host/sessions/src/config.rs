//! What an operator sets of sessions.

use bevy_ecs::prelude::Resource;

/// How sessions are held.
#[derive(Resource, Clone, Debug)]
pub struct SessionsConfig {
    /// Steps a second of the host, 10–60.
    pub tick_hz: u32,
    /// How long a participant whose connection is gone keeps its seat, in seconds. Then the seat is given up.
    pub linger_s: u32,
    /// How long a session whose link broke keeps its place in a queue, in seconds.
    pub queue_linger_s: u32,
    /// What becomes of a connection when its account connects a second time.
    pub second_device: SecondDevice,
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
            second_device: SecondDevice::TakesOver,
            sessions_max: 10_000,
            frames_per_tick_max: 32_768,
        }
    }
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
    /// Seconds as ticks.
    #[must_use]
    pub fn ticks(&self, seconds: u32) -> u64 {
        u64::from(seconds) * u64::from(self.tick_hz)
    }

    /// Ticks as milliseconds, rounded up.
    #[must_use]
    pub fn ms(&self, ticks: u64) -> u32 {
        u32::try_from((ticks * 1_000).div_ceil(u64::from(self.tick_hz.max(1)))).unwrap_or(u32::MAX)
    }

    /// Milliseconds as ticks, rounded up.
    #[must_use]
    pub fn ticks_of_ms(&self, ms: u32) -> u64 {
        (u64::from(ms) * u64::from(self.tick_hz)).div_ceil(1_000)
    }
}
