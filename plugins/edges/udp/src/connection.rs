//! One connection of an edge: what it may send, what waits, and how it is to end.

use std::time::Duration;

use hypogeum_metering::{Rate, TokenBucket};
use hypogeum_protocol::link::{Class, ClassQueue, CloseReason, FromEdge, Lane};
use hypogeum_protocol::{ConnectionId, limits};

use hypogeum_netcode::ClientKey;
use hypogeum_netcode::{CountersSnapshot, DropReason};
use hypogeum_netcode::{Link, Side};

/// Messages of one connection: [`limits::CLIENT_MESSAGES_PER_TICK_MAX`] at 30 ticks, and after a silence two ticks' worth
/// and a little.
const MESSAGES: Rate = Rate {
    per_s: 30 * limits::CLIENT_MESSAGES_PER_TICK_MAX as u32,
    burst: 3 * limits::CLIENT_MESSAGES_PER_TICK_MAX as u32,
};
/// Datagrams of one connection: twice what the fastest client sends, one per tick at 60 Hz.
const DATAGRAMS: Rate = Rate { per_s: 120, burst: 16 };

/// A connection as the edge sees it.
pub(crate) struct Connection {
    pub(crate) client: ClientKey,
    worker: usize,
    pub(crate) link: Link,
    /// A reliable message the tick's queue had no room for.
    held: Option<(Lane, Vec<u8>)>,
    messages: TokenBucket,
    datagrams: TokenBucket,
    pub(crate) closing: Option<(CloseReason, Duration)>,
    /// In the list of those to flush.
    pub(crate) is_fresh: bool,
    /// In the list of those with messages waiting.
    pub(crate) is_waiting: bool,
}

impl Connection {
    pub(crate) fn new(client: ClientKey, worker: usize, now: Duration, round_trip: Option<Duration>) -> Self {
        Self {
            client,
            worker,
            link: Link::new(Side::Server, now, round_trip),
            held: None,
            messages: TokenBucket::full(MESSAGES, now),
            datagrams: TokenBucket::full(DATAGRAMS, now),
            closing: None,
            is_fresh: false,
            is_waiting: false,
        }
    }

    /// Moves whole messages of one connection to the tick, as many as it may send. `true` where some wait and this is to be
    /// called again.
    pub(crate) fn pass_on(
        &mut self,
        incoming: &ClassQueue<FromEdge>,
        counters: &mut CountersSnapshot,
        now: Duration,
    ) -> bool {
        let connection = name(self.client, self.worker);
        let frame = |lane, bytes| FromEdge::Frame { connection, lane, bytes, request: None };
        // Reliable messages wait for the queue here, one of them out of its channel, the rest in it; what may wait there
        // the guard and the channel bound.
        for lane in [Lane::ReliableOrdered, Lane::ReliableUnordered] {
            while self.messages.left(MESSAGES, now) > 0 || self.closing.is_some() {
                let held = self.held.take();
                let Some((lane, bytes)) = held.or_else(|| self.link.take(lane).map(|bytes| (lane, bytes))) else {
                    break;
                };
                if self.closing.is_some() {
                    continue;
                }
                if let Err(FromEdge::Frame { bytes, .. }) = incoming.offer(Class::Gameplay, frame(lane, bytes)) {
                    self.held = Some((lane, bytes));
                    break;
                }
                // One is there: the loop has looked.
                let _ = self.messages.take(MESSAGES, now);
            }
        }
        let may_wait = self.held.is_some() || self.messages.left(MESSAGES, now) == 0;
        while let Some(bytes) = self.link.take(Lane::Unreliable) {
            if self.closing.is_some() {
                continue;
            }
            if self.messages.take(MESSAGES, now).is_err() {
                counters.count_drop(DropReason::Throttled);
                continue;
            }
            if incoming.push(Class::Cosmetic, frame(Lane::Unreliable, bytes)).is_err() {
                counters.count_drop(DropReason::QueueFull);
            }
        }
        may_wait
    }

    /// Whether the tick may be given one more datagram of this connection.
    pub(crate) fn may_send_datagram(&mut self, now: Duration) -> bool {
        self.closing.is_none() && self.datagrams.take(DATAGRAMS, now).is_ok()
    }
}

/// The connection's name at the tick.
pub(crate) fn name(client: ClientKey, worker: usize) -> ConnectionId {
    ConnectionId::of_worker(worker, client.to_u64())
}

/// The worker's key of a connection's name.
pub(crate) fn key(connection: ConnectionId) -> ClientKey {
    ClientKey::from_u64(connection.0 >> ConnectionId::WORKER_BITS)
}
