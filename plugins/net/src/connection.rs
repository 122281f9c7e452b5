//! One connection of an edge: what it may send, what waits, and how it is to end.

use std::time::Duration;

use hypogeum_protocol::link::{Class, ClassQueue, CloseReason, FromEdge, Lane};
use hypogeum_protocol::{ConnectionId, limits};

use crate::counters::{Counters, DropReason};
use crate::link::{Link, Side};
use crate::netcode::ClientKey;

/// Messages a connection may send at once after a silence: two ticks' worth and a little.
const BURST_MESSAGES: u32 = 3 * limits::CLIENT_MESSAGES_PER_TICK_MAX as u32;
/// Messages per second in the long run: [`limits::CLIENT_MESSAGES_PER_TICK_MAX`] at 30 ticks.
const MESSAGES_PER_S: u32 = 30 * limits::CLIENT_MESSAGES_PER_TICK_MAX as u32;

/// A connection as the edge sees it.
pub(crate) struct Connection {
    pub(crate) client: ClientKey,
    worker: usize,
    pub(crate) link: Link,
    /// A reliable message the tick's queue had no room for.
    held: Option<(Lane, Vec<u8>)>,
    allowance: u32,
    allowance_filled_at: Duration,
    pub(crate) closing: Option<(CloseReason, Duration)>,
    /// In the list of those to flush.
    pub(crate) is_fresh: bool,
    /// In the list of those with messages waiting.
    pub(crate) is_waiting: bool,
}

impl Connection {
    pub(crate) fn new(client: ClientKey, worker: usize, now: Duration) -> Self {
        Self {
            client,
            worker,
            link: Link::new(Side::Server, now),
            held: None,
            allowance: BURST_MESSAGES,
            allowance_filled_at: now,
            closing: None,
            is_fresh: false,
            is_waiting: false,
        }
    }

    /// Moves whole messages of one connection to the tick, as many as it may send. `true` where some wait and this is to be
    /// called again.
    pub(crate) fn pass_on(&mut self, incoming: &ClassQueue<FromEdge>, counters: &Counters, now: Duration) -> bool {
        self.earn(now);
        let connection = name(self.client, self.worker);
        let frame = |lane, bytes| FromEdge::Frame { connection, lane, bytes };
        // Reliable messages wait for the queue here, one of them out of its channel, the rest in it; what may wait there
        // the guard and the channel bound.
        for lane in [Lane::ReliableOrdered, Lane::ReliableUnordered] {
            while self.allowance > 0 || self.closing.is_some() {
                let held = self.held.take();
                let Some((lane, bytes)) = held.or_else(|| self.link.take(lane).map(|bytes| (lane, bytes))) else {
                    break;
                };
                if self.closing.is_some() {
                    continue;
                }
                if let Err(FromEdge::Frame { bytes, .. }) = incoming.push(Class::Gameplay, frame(lane, bytes)) {
                    self.held = Some((lane, bytes));
                    break;
                }
                self.allowance -= 1;
            }
        }
        let may_wait = self.held.is_some() || self.allowance == 0;
        while let Some(bytes) = self.link.take(Lane::Unreliable) {
            if self.closing.is_some() {
                continue;
            }
            if self.allowance == 0 {
                counters.count_drop(DropReason::Throttled);
                continue;
            }
            self.allowance -= 1;
            if incoming.push(Class::Cosmetic, frame(Lane::Unreliable, bytes)).is_err() {
                counters.count_drop(DropReason::QueueFull);
            }
        }
        may_wait
    }

    /// Whether the tick may be given one more datagram of this connection.
    pub(crate) fn may_send_datagram(&mut self, now: Duration) -> bool {
        self.earn(now);
        let may = self.allowance > 0 && self.closing.is_none();
        self.allowance -= u32::from(may);
        may
    }

    fn earn(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.allowance_filled_at);
        let earned = passed.as_millis() * u128::from(MESSAGES_PER_S) / 1_000;
        if earned > 0 {
            self.allowance = (u128::from(self.allowance) + earned).min(u128::from(BURST_MESSAGES)) as u32;
            self.allowance_filled_at = now;
        }
    }
}

/// The connection's name at the tick.
pub(crate) fn name(client: ClientKey, worker: usize) -> ConnectionId {
    ConnectionId(client.to_u64() << ConnectionId::WORKER_BITS | worker as u64)
}

/// The worker's key of a connection's name.
pub(crate) fn key(connection: ConnectionId) -> ClientKey {
    ClientKey::from_u64(connection.0 >> ConnectionId::WORKER_BITS)
}
