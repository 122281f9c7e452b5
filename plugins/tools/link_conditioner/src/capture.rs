//! What an eavesdropper has: the datagrams of late, to send again.

use std::collections::VecDeque;

/// How many are remembered: more than the 256 of netcode's replay window, so that some are older than it.
const CAPTURED_MAX: usize = 1_024;

/// The last datagrams of one direction, each with the client it belongs to.
#[derive(Debug, Default)]
pub(crate) struct Capture {
    datagrams: VecDeque<(u32, Vec<u8>)>,
}

impl Capture {
    pub(crate) fn add(&mut self, client: u32, datagram: &[u8]) {
        let mut bytes = Vec::new();
        if self.datagrams.len() >= CAPTURED_MAX
            && let Some((_, oldest)) = self.datagrams.pop_front()
        {
            bytes = oldest;
            bytes.clear();
        }
        bytes.extend_from_slice(datagram);
        self.datagrams.push_back((client, bytes));
    }

    /// Drops what belongs to a client that is gone.
    pub(crate) fn forget(&mut self, client: u32) {
        self.datagrams.retain(|(of, _)| *of != client);
    }

    /// The oldest that are remembered.
    pub(crate) fn oldest(&self, count: usize) -> impl Iterator<Item = (u32, &[u8])> {
        self.datagrams.iter().take(count).map(|(client, bytes)| (*client, bytes.as_slice()))
    }
}
