//! What a bad link did.

use hypogeum_link_conditioner::LinkCounters;
use serde::Serialize;

/// What a bad link did, all bots and threads together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkReport {
    /// As `--link` takes them.
    pub conditions: String,
    /// Toward the server.
    pub up: LinkSide,
    /// From the server.
    pub down: LinkSide,
}

/// One direction of it, in datagrams of UDP and segments of WebSockets' streams.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkSide {
    /// That went in.
    pub pushed: u64,
    /// That came out, copies included.
    pub passed: u64,
    /// That the conditions took; a segment came later instead, however often it was lost.
    pub lost: u64,
    /// That got a copy.
    pub duplicated: u64,
    /// That were overtaken.
    pub reordered: u64,
    /// With a bit flipped.
    pub corrupted: u64,
    /// For which there was no room: those are the swarm's fault, not the conditions'.
    pub overflowed: u64,
}

impl LinkReport {
    pub(crate) fn add(&mut self, other: &Self) {
        self.up.add(&other.up);
        self.down.add(&other.down);
    }
}

impl LinkSide {
    pub(crate) const fn of(counters: LinkCounters) -> Self {
        let LinkCounters { pushed, passed, lost, duplicated, reordered, corrupted, overflowed, .. } = counters;
        Self { pushed, passed, lost, duplicated, reordered, corrupted, overflowed }
    }

    pub(crate) const fn add(&mut self, other: &Self) {
        self.pushed += other.pushed;
        self.passed += other.passed;
        self.lost += other.lost;
        self.duplicated += other.duplicated;
        self.reordered += other.reordered;
        self.corrupted += other.corrupted;
        self.overflowed += other.overflowed;
    }
}
