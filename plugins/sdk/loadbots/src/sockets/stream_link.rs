//! The bad link that streams go over, segment by segment.

use std::time::Duration;

use hypogeum_link_conditioner::{KEYS_MAX, Link, LinkConditions};

use crate::link_report::LinkSide;

/// What TCP puts into one segment.
pub(super) const SEGMENT_BYTES: usize = 1_400;

/// The link that all streams go over, up and down.
#[derive(Debug)]
pub(super) struct StreamLink {
    pub(super) up: Link,
    pub(super) down: Link,
    /// The bot of each key of the link.
    owners: Vec<usize>,
    opened: u32,
}

impl StreamLink {
    pub(super) fn new(conditions: LinkConditions, seed: u64) -> Self {
        let (up, down) = Link::stream_pair(conditions, seed);
        Self { up, down, owners: Vec::new(), opened: 0 }
    }

    /// A key that no connection has, nor had lately.
    pub(super) fn next_key(&mut self, owner: usize) -> u32 {
        let key = self.opened % KEYS_MAX;
        self.opened = self.opened.wrapping_add(1);
        match self.owners.get_mut(key as usize) {
            Some(place) => *place = owner,
            None => self.owners.push(owner),
        }
        key
    }

    /// The next segment that has left the link for the server by now: whose it is, and what it says.
    pub(super) fn next_leaving(&mut self, now: Duration) -> Option<(usize, u32, Vec<u8>)> {
        let due = self.up.pop_due(now)?;
        let (key, bytes) = (due.key, due.bytes.to_vec());
        Some((self.owners.get(key as usize).copied()?, key, bytes))
    }

    /// The same on the way down.
    pub(super) fn next_arrived(&mut self, now: Duration) -> Option<(usize, u32, Vec<u8>)> {
        let due = self.down.pop_due(now)?;
        let (key, bytes) = (due.key, due.bytes.to_vec());
        Some((self.owners.get(key as usize).copied()?, key, bytes))
    }

    pub(super) fn sides(&self) -> (LinkSide, LinkSide) {
        (LinkSide::of(self.up.counters()), LinkSide::of(self.down.counters()))
    }
}

/// Pushes bytes as segments. They find room: that was looked at before.
pub(super) fn push(link: &mut Link, now: Duration, key: u32, bytes: &[u8]) {
    for segment in bytes.chunks(SEGMENT_BYTES) {
        link.push(now, key, segment);
    }
}
