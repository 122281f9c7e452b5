//! How logs are written and kept.

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How a [`JournalThread`](crate::JournalThread) writes.
#[derive(Clone, Debug)]
pub struct JournalConfig {
    /// Where logs lie: `running/` and `finished/` are made in it.
    pub folder: PathBuf,
    /// How long a step may wait for the disk if nobody waits for it. Whatever a client must not be sent before it is durable
    /// is synced at once.
    pub sync_interval: Duration,
    /// Steps from one recorded state hash to the next, 1 and up.
    pub hash_every_ticks: u32,
    /// When a part of a log ends.
    pub parts: PartLimits,
    /// Which finished logs are kept.
    pub retention: Retention,
    /// When logs and parts begin: seconds since 1970.
    pub unix_s: fn() -> u64,
}

impl JournalConfig {
    /// The usual numbers: a sync each quarter of a second, every hash, parts of 64 MiB or a day, everything kept for 30 days and up
    /// to 10 GiB.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            sync_interval: Duration::from_millis(250),
            hash_every_ticks: 1,
            parts: PartLimits::default(),
            retention: Retention::default(),
            unix_s,
        }
    }
}

/// When a part of a log ends: at the first snapshot at which it has reached one of these. What recovery reads is one part, and at most
/// what is written from one snapshot to the next on top of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartLimits {
    /// Bytes of its records; 0: each snapshot begins a part.
    pub bytes: u64,
    /// Time since it began, by the clock of the machine, restarts included.
    pub age: Duration,
}

impl Default for PartLimits {
    fn default() -> Self {
        Self { bytes: 64 << 20, age: Duration::from_secs(24 * 3_600) }
    }
}

/// Which finished logs are kept; of those beyond it the oldest go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// All together, in bytes.
    pub bytes_max: u64,
    /// Each, since its match or its part ended.
    pub age_max: Duration,
    /// Finished parts of one log, the newest; `None`: as many as the other limits leave.
    pub parts_max: Option<u32>,
}

impl Default for Retention {
    fn default() -> Self {
        Self { bytes_max: 10 << 30, age_max: Duration::from_secs(30 * 24 * 3_600), parts_max: None }
    }
}

/// Seconds since 1970, by the clock of the machine.
pub(crate) fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
