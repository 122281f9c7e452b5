//! How far a log has got to the disk, as the tick sees it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Written by the journal's thread, read by the tick. Steps count from 1; 0: nothing yet.
#[derive(Debug, Default)]
pub struct LogState {
    part: AtomicU32,
    durable_tick: AtomicU32,
    durable_grants: AtomicU32,
    settlement_durable: AtomicBool,
    put_away: AtomicBool,
    lost: AtomicBool,
}

impl LogState {
    /// The number of the part that is written; 0 where the log has no parts. A part before it may be on its way to its file.
    #[must_use]
    pub fn part(&self) -> u32 {
        self.part.load(Ordering::Acquire)
    }

    /// The last step that a power failure would leave.
    #[must_use]
    pub fn durable_tick(&self) -> u32 {
        self.durable_tick.load(Ordering::Acquire)
    }

    /// How many records of grants and of visits a power failure would leave, those of an earlier run included.
    #[must_use]
    pub fn durable_grants(&self) -> u32 {
        self.durable_grants.load(Ordering::Acquire)
    }

    /// Whether a power failure would leave the settlement.
    #[must_use]
    pub fn is_settlement_durable(&self) -> bool {
        self.settlement_durable.load(Ordering::Acquire)
    }

    /// Whether the finished log lies in its file.
    #[must_use]
    pub fn is_put_away(&self) -> bool {
        self.put_away.load(Ordering::Acquire)
    }

    /// Whether steps are missing, because the disk took too long or failed: the match can neither be proved nor resumed.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    pub(crate) fn note_part(&self, part: u32) {
        self.part.store(part, Ordering::Release);
    }

    pub(crate) fn note_durable(&self, tick: u32, grants: u32, settled: bool) {
        self.durable_tick.store(tick, Ordering::Release);
        self.durable_grants.store(grants, Ordering::Release);
        if settled {
            self.settlement_durable.store(true, Ordering::Release);
        }
    }

    pub(crate) fn note_put_away(&self) {
        self.put_away.store(true, Ordering::Release);
    }

    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
    }
}
