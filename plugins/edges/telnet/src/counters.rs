//! What the edge counts.

use std::sync::Arc;

use hypogeum_protocol::link::CloseReason;
use parking_lot::Mutex;

/// Traffic and drops so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TelnetCounters {
    /// Connections that were taken.
    pub accepted: u64,
    /// Those for which there was no room, in all or of their address.
    pub refused: u64,
    /// Those that entered the tick.
    pub opened: u64,
    /// Closed connections that were opened, in the order of [`CloseReason::ALL`].
    pub closed: [u64; CloseReason::ALL.len()],
    /// Bytes read from sockets.
    pub bytes_in: u64,
    /// Bytes written to sockets.
    pub bytes_out: u64,
    /// Writes to sockets.
    pub writes: u64,
    /// Lines of clients.
    pub lines_in: u64,
    /// Lines that were too long, or too many.
    pub lines_dropped: u64,
    /// Connections that did what no honest client does.
    pub hostile: u64,
    /// Messages of the tick for connections that were gone.
    pub strangers: u64,
}

impl TelnetCounters {
    pub(crate) fn count_close(&mut self, reason: CloseReason) {
        if let Some(at) = CloseReason::ALL.iter().position(|other| *other == reason) {
            self.closed[at] += 1;
        }
    }
}

/// The counters of an edge, as its thread publishes them.
#[derive(Clone, Debug, Default)]
pub(crate) struct SharedCounters(Arc<Mutex<TelnetCounters>>);

impl SharedCounters {
    pub(crate) fn publish(&self, counters: &TelnetCounters) {
        *self.0.lock() = *counters;
    }

    pub(crate) fn now(&self) -> TelnetCounters {
        *self.0.lock()
    }
}
