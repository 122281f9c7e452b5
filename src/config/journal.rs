//! `[journal]`

use std::path::Path;
use std::time::Duration;

use hypogeum_journal::{JournalConfig, PartLimits, Retention};
use serde::Deserialize;

/// How matches and places are recorded, and for how long that is kept.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct JournalTable {
    /// Seconds of a match from one snapshot to the next: so much is played again after a crash.
    pub(crate) snapshot_s: u32,
    /// How long a step waits for the disk if nobody waits for it: so much a power failure may take back.
    pub(crate) sync_ms: u64,
    /// Steps from one recorded state to the next.
    pub(crate) hash_every_ticks: u32,
    /// Mebibytes of a place's log, and hours, after which it goes on in another part; 0 mebibytes: at each snapshot.
    pub(crate) part_mb: u64,
    pub(crate) part_hours: u64,
    /// Finished parts of a place's log that are kept, the newest; absent: as many as the limits below leave.
    pub(crate) keep_parts: Option<u32>,
    /// Days a finished match's log is kept, or a finished part of a place's.
    pub(crate) keep_days: u64,
    /// Mebibytes all finished logs may take; the oldest go first.
    pub(crate) keep_mib: u64,
}

impl Default for JournalTable {
    fn default() -> Self {
        Self {
            snapshot_s: 10,
            sync_ms: 250,
            hash_every_ticks: 1,
            part_mb: 64,
            part_hours: 24,
            keep_parts: None,
            keep_days: 30,
            keep_mib: 10_240,
        }
    }
}

impl JournalTable {
    /// Checks what types cannot.
    pub(crate) fn validate(&self) -> Result<(), (&'static str, String)> {
        let range = |key, found: u64, (least, most): (u64, u64)| {
            let fits = (least..=most).contains(&found);
            if fits { Ok(()) } else { Err((key, format!("found {found}, expected {least} to {most}"))) }
        };
        range("snapshot_s", self.snapshot_s.into(), (1, 120))?;
        range("sync_ms", self.sync_ms, (1, 10_000))?;
        range("hash_every_ticks", self.hash_every_ticks.into(), (1, 3_600))?;
        range("part_mb", self.part_mb, (0, 1_024))?;
        range("part_hours", self.part_hours, (1, 8_760))?;
        range("keep_days", self.keep_days, (0, 36_500))?;
        range("keep_mib", self.keep_mib, (0, 1 << 30))
    }

    /// As the journal wants it, in a data directory.
    pub(crate) fn to_journal(&self, data: &Path) -> JournalConfig {
        JournalConfig {
            sync_interval: Duration::from_millis(self.sync_ms),
            hash_every_ticks: self.hash_every_ticks,
            parts: PartLimits { bytes: self.part_mb << 20, age: Duration::from_secs(self.part_hours * 3_600) },
            retention: Retention {
                bytes_max: self.keep_mib << 20,
                age_max: Duration::from_secs(self.keep_days * 24 * 3_600),
                parts_max: self.keep_parts,
            },
            ..JournalConfig::new(data.join("journal"))
        }
    }
}
