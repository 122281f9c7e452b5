//! How logs are written and kept.

use std::path::PathBuf;
use std::time::Duration;

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
    /// Which finished logs are kept.
    pub retention: Retention,
}

impl JournalConfig {
    /// The usual numbers: a sync each quarter of a second, every hash, everything kept for 30 days and up to 10 GiB.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, sync_interval: Duration::from_millis(250), hash_every_ticks: 1, retention: Retention::default() }
    }
}

/// Which finished logs are kept; of those beyond it the oldest go first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// All together, in bytes.
    pub bytes_max: u64,
    /// Each, since its match ended.
    pub age_max: Duration,
}

impl Default for Retention {
    fn default() -> Self {
        Self { bytes_max: 10 << 30, age_max: Duration::from_secs(30 * 24 * 3_600) }
    }
}
