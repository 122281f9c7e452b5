//! `[server]`

use std::path::PathBuf;

use hypogeum_matches::OnDrain;
use hypogeum_sessions::SecondDevice;
use serde::Deserialize;

/// How the server as a whole plays: its pace, its matches, and what becomes of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ServerConfig {
    /// Where a server's own files live, and the database where no other is named; made if missing.
    pub(crate) data_dir: PathBuf,
    /// Where the content lives.
    pub(crate) assets_dir: PathBuf,
    /// Ticks a second, and steps a second of matches whose modes do not say theirs, 10–60.
    pub(crate) tick_hz: u16,
    /// Which server this is: its matches, and the items found in them, carry it in their names.
    pub(crate) number: u16,
    /// Threads that step matches; 0: one for each core.
    pub(crate) step_threads: usize,
    /// How long a match keeps the seat of a lost client.
    pub(crate) linger_s: u32,
    /// How long a place in a queue waits for its lost client.
    pub(crate) queue_linger_s: u32,
    /// How long running matches may go on after a signal to stop.
    pub(crate) drain_s: u32,
    /// What becomes of them then.
    pub(crate) on_stop: OnStopConfig,
    /// How long a match that a crash or a stop has interrupted waits for its players at the next start.
    pub(crate) resume_s: u32,
    /// What becomes of a connection when its account connects a second time.
    pub(crate) second_device: SecondDeviceConfig,
    /// Matches that run at once.
    pub(crate) matches_max: usize,
    /// The seed of every match; without it each draws its own.
    pub(crate) match_seed: Option<u64>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            data_dir: "data".into(),
            assets_dir: "assets".into(),
            tick_hz: 30,
            step_threads: 0,
            linger_s: 60,
            queue_linger_s: 10,
            drain_s: 0,
            on_stop: OnStopConfig::Undo,
            resume_s: 10,
            second_device: SecondDeviceConfig::TakesOver,
            number: 0,
            matches_max: 2_500,
            match_seed: None,
        }
    }
}

impl ServerConfig {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        if !(10..=60).contains(&self.tick_hz) {
            return Err(("tick_hz", format!("found {}, expected 10 to 60", self.tick_hz)));
        }
        if self.step_threads > 64 {
            return Err(("step_threads", format!("found {}, expected 0 to 64", self.step_threads)));
        }
        if self.linger_s > 3_600 {
            return Err(("linger_s", format!("found {}, expected 0 to 3600", self.linger_s)));
        }
        if self.queue_linger_s > 600 {
            return Err(("queue_linger_s", format!("found {}, expected 0 to 600", self.queue_linger_s)));
        }
        if !(1..=100_000).contains(&self.matches_max) {
            return Err(("matches_max", format!("found {}, expected 1 to 100000", self.matches_max)));
        }
        if self.drain_s > 3_600 {
            return Err(("drain_s", format!("found {}, expected 0 to 3600", self.drain_s)));
        }
        if self.resume_s > 3_600 {
            return Err(("resume_s", format!("found {}, expected 0 to 3600", self.resume_s)));
        }
        Ok(())
    }
}

/// `on_stop` of `[server]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OnStopConfig {
    /// They are undone: what was brought into them returns to the stashes.
    Undo,
    /// They go on at the next start.
    Suspend,
}

impl From<OnStopConfig> for OnDrain {
    fn from(on_stop: OnStopConfig) -> Self {
        match on_stop {
            OnStopConfig::Undo => Self::Undo,
            OnStopConfig::Suspend => Self::Suspend,
        }
    }
}

/// `second_device` of `[server]`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SecondDeviceConfig {
    /// The first one ends.
    TakesOver,
    /// The second one is refused while the first one lives.
    IsRefused,
}

impl From<SecondDeviceConfig> for SecondDevice {
    fn from(second: SecondDeviceConfig) -> Self {
        match second {
            SecondDeviceConfig::TakesOver => Self::TakesOver,
            SecondDeviceConfig::IsRefused => Self::IsRefused,
        }
    }
}
