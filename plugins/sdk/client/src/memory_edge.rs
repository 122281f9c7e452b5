//! An edge inside one process: its clients sit beside the server, and nothing is between them but queues.

use std::collections::BTreeMap;
use std::fmt;

use hypogeum_protocol::link::{Class, CloseReason, DatagramBatch, FromEdge, Lane, LentLink, SessionTicket, ToEdge};
use hypogeum_protocol::{ConnectionId, SessionId};

use crate::{Ending, MemoryPeer, MemoryWire};

/// The server's ends of [`MemoryWire`]s, and what carries between them and a tick. It has no thread: anyone who ticks
/// the server calls [`MemoryEdge::take_in`] before each tick and [`MemoryEdge::give_out`] after it, so that the same is
/// carried each time.
pub struct MemoryEdge {
    lent: LentLink,
    peers: BTreeMap<ConnectionId, MemoryPeer>,
    /// Connections opened so far.
    opened: u64,
    /// Room to work in, used again in each tick.
    datagrams: DatagramBatch,
    bytes: Vec<u8>,
    orders: Vec<ToEdge>,
}

impl fmt::Debug for MemoryEdge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("MemoryEdge").field("connections", &self.peers.len()).finish_non_exhaustive()
    }
}

/// Clients said more than the server takes in a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("more messages than the server takes in a tick")]
pub struct QueueFull;

impl MemoryEdge {
    /// An edge with the first of the workers it is lent; it needs no other.
    #[must_use]
    pub fn new(lent: LentLink) -> Self {
        Self {
            lent,
            peers: BTreeMap::new(),
            opened: 0,
            datagrams: DatagramBatch::default(),
            bytes: Vec::new(),
            orders: Vec::new(),
        }
    }

    /// Connects as the one of the ticket. The server hears of it in its next tick.
    ///
    /// # Errors
    /// [`QueueFull`]; nothing is connected.
    pub fn connect(&mut self, ticket: SessionTicket) -> Result<MemoryWire, QueueFull> {
        let connection = self.lent.name(self.lent.workers().start, self.opened + 1);
        let session = SessionId(connection.0);
        self.bring(Class::Critical, FromEdge::Opened { connection, session, ticket, hello: None })?;
        self.opened += 1;
        let (wire, peer) = MemoryWire::pair();
        self.peers.insert(connection, peer);
        Ok(wire)
    }

    /// Gives the server what clients have said.
    ///
    /// # Errors
    /// [`QueueFull`]: some of it is lost.
    pub fn take_in(&mut self) -> Result<(), QueueFull> {
        let mut taken = Ok(());
        let mut gone = Vec::new();
        for (&connection, peer) in &self.peers {
            while let Some((lane, bytes)) = peer.receive() {
                let class = if lane == Lane::Unreliable { Class::Cosmetic } else { Class::Gameplay };
                taken = taken.and(self.bring(class, FromEdge::Frame { connection, lane, bytes, request: None }));
            }
            while peer.receive_lane(&mut self.bytes) {
                self.datagrams.push(connection, &self.bytes);
            }
            if peer.closed().is_some() {
                gone.push(connection);
            }
        }
        self.lent.link().datagrams.leave(&mut self.datagrams);
        for connection in gone {
            self.peers.remove(&connection);
            let closed = FromEdge::Closed { connection, reason: CloseReason::ByPeer };
            taken = taken.and(self.bring(Class::Critical, closed));
        }
        taken
    }

    /// Gives clients what the server has said. Who is no longer there hears nothing.
    pub fn give_out(&mut self) {
        let worker = &self.lent.link().workers[self.lent.workers().start];
        worker.datagrams.take(&mut self.datagrams);
        for (connection, datagram) in self.datagrams.iter() {
            if let Some(peer) = self.peers.get(&connection) {
                peer.send_lane(datagram);
            }
        }
        self.datagrams.clear();
        worker.frames.drain_into(&mut self.orders, usize::MAX);
        for order in self.orders.drain(..) {
            match order {
                ToEdge::Frame { connection, bytes, .. } => {
                    if let Some(peer) = self.peers.get(&connection) {
                        peer.send(bytes);
                    }
                }
                ToEdge::Close { connection, .. } => {
                    if let Some(peer) = self.peers.get(&connection) {
                        peer.close(Ending::ByServer);
                    }
                }
                // In one process nobody falls silent.
                ToEdge::Probe { .. } => {}
            }
        }
    }

    fn bring(&self, class: Class, event: FromEdge) -> Result<(), QueueFull> {
        self.lent.link().incoming.push(class, event).map_err(|_| QueueFull)
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::AccountId;
    use hypogeum_protocol::link::EdgeLink;

    use super::*;
    use crate::Wire;

    fn ticket() -> SessionTicket {
        SessionTicket { account: AccountId(7), name: "Ada".to_owned(), character: None }
    }

    #[test]
    fn two_edges_at_one_link_hear_what_is_said_to_their_own() {
        let (link, lent) = EdgeLink::lend(16, [1, 1]);
        let mut edges = lent.map(MemoryEdge::new);
        let mut wires = edges.each_mut().map(|edge| edge.connect(ticket()).expect("the queue has room"));
        let mut news = Vec::new();
        link.incoming.drain_into(&mut news, usize::MAX);
        let connections: Vec<_> = news
            .iter()
            .map(|news| match news {
                FromEdge::Opened { connection, .. } => *connection,
                other => panic!("nothing else has happened: {other:?}"),
            })
            .collect();
        assert_ne!(connections[0], connections[1], "both are the first of their edge, and named apart");
        for (nth, connection) in connections.iter().enumerate() {
            let frame = ToEdge::Frame {
                connection: *connection,
                lane: Lane::ReliableOrdered,
                bytes: vec![nth as u8],
                answers: None,
            };
            link.out(*connection).frames.push(Class::Gameplay, frame).expect("the queue has room");
        }
        edges.iter_mut().for_each(MemoryEdge::give_out);
        assert_eq!(wires.each_mut().map(Wire::receive), [Some(vec![0]), Some(vec![1])], "each hears its own");
    }

    #[test]
    fn a_full_queue_is_said_and_connects_nobody() {
        let mut edge = MemoryEdge::new(LentLink::of_one(1, 1));
        let _first = edge.connect(ticket()).expect("the queue has room for one");
        assert!(matches!(edge.connect(ticket()), Err(QueueFull)), "and for no other");
        assert_eq!(edge.peers.len(), 1, "who was refused is not kept");
    }
}
