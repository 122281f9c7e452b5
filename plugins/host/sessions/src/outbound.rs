//! Messages on their way out.

use std::collections::BTreeSet;

use bevy_ecs::prelude::{Query, Res, ResMut, Resource};
use hypogeum_journal::Recorder;
use hypogeum_protocol::link::{Class, CloseReason, EdgeLink, ToEdge};
use hypogeum_protocol::{ConnectionId, ErrorCode, ServerMessage};
use serde::Serialize;

use crate::Edge;
use crate::about::About;
use crate::durability::DurabilityBarriers;
use crate::encoding::{Prepared, answering, reliable};
use crate::session::{Presence, SessionIndex};

/// Frames that may wait for an edge that does not take them, closes aside: of those each connection has one.
const WAITING_MAX: usize = 65_536;

/// This tick's frames.
#[derive(Resource, Debug, Default)]
pub struct Outbound {
    frames: Vec<(Class, ToEdge)>,
    /// Messages that wait until a step is on the disk.
    barriers: DurabilityBarriers,
    dropped: u64,
}

impl Outbound {
    /// Sends one message over the reliable ordered channel.
    pub fn send(&mut self, connection: ConnectionId, message: &ServerMessage) {
        self.frames.push(reliable(connection, message));
    }

    /// As [`Outbound::send`], a message that goes to many, with the part that is for this connection alone.
    pub fn send_prepared<P: Serialize>(&mut self, connection: ConnectionId, message: &Prepared<P>, part: &P) {
        self.frames.push(message.reliable(connection, part));
    }

    /// Sends frames already written, in their order.
    pub fn append(&mut self, frames: &mut Vec<(Class, ToEdge)>) {
        self.frames.append(frames);
    }

    /// As [`Outbound::send`], a message that answers another.
    pub fn answer(&mut self, connection: ConnectionId, about: About, message: &ServerMessage) {
        self.frames.push(answering(connection, message, about.request));
    }

    /// Sends an error.
    pub fn refuse(&mut self, connection: ConnectionId, code: ErrorCode, about: About, retry_after_ms: u32) {
        self.answer(connection, about, &ServerMessage::Error { code, about: about.tag, retry_after_ms });
    }

    /// Drops messages whose log was lost, so that their connections can be notified.
    pub fn drop_lost_barriers(&mut self) {
        self.barriers.drop_lost(&mut self.frames);
    }

    /// From now on everything sent to a connection waits until this step of a shard is in its log on the disk.
    pub fn hold_until_durable(&mut self, connection: ConnectionId, recorder: &Recorder, tick: u32) {
        self.barriers.hold_until_durable(connection, recorder, tick);
    }

    /// A connection is gone: what waits for it is dropped.
    pub(crate) fn forget(&mut self, connection: ConnectionId) {
        self.barriers.forget(connection);
    }

    /// Frames that no edge took for too long, so far.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Ends a connection after what was sent to it.
    pub fn close(&mut self, connection: ConnectionId, reason: CloseReason) {
        self.frames.push((Class::Critical, ToEdge::Close { connection, reason }));
    }

    /// Finds out whether somebody is still there: see [`ToEdge::Probe`]. One that finds no room is not repeated.
    pub(crate) fn probe(&mut self, connection: ConnectionId) {
        self.frames.push((Class::Gameplay, ToEdge::Probe { connection }));
    }

    /// Whether everything has gone out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.barriers.is_empty()
    }

    /// Hands over what the edge takes. Returns connections that lost a promise because too much waits: a reliable
    /// channel with a hole in it is a lie, so they must be closed.
    fn flush(&mut self, edge: &EdgeLink) -> BTreeSet<ConnectionId> {
        let mut kept = Vec::new();
        let mut torn = BTreeSet::new();
        let mut full = 0_u64;
        let mut released = Vec::new();
        self.barriers.release(&mut released);
        released.append(&mut self.frames);
        for frame in released {
            let (class, frame) = match self.barriers.hold_back(frame) {
                Ok(Some(frame)) => frame,
                Ok(None) => continue,
                Err(connection) => {
                    torn.insert(connection);
                    self.dropped += 1;
                    continue;
                }
            };
            let worker = edge.worker_of(frame.connection());
            let queue = &edge.workers[worker].frames;
            // What was promised waits for room, in its order; a snapshot is replaced by the next.
            if class != Class::Critical {
                let _ = queue.push(class, frame);
            } else if full & 1 << worker != 0 {
                kept.push((class, frame));
            } else if let Err(frame) = queue.offer(class, frame) {
                full |= 1 << worker;
                kept.push((class, frame));
            }
        }
        let mut place = 0;
        kept.retain(|(_, frame)| {
            place += 1;
            match frame {
                ToEdge::Frame { connection, .. } if place > WAITING_MAX => {
                    torn.insert(*connection);
                    self.dropped += 1;
                    false
                }
                // Nobody would ask for it again: the connection would stay for as long as its peer likes.
                ToEdge::Frame { .. } | ToEdge::Close { .. } | ToEdge::Probe { .. } => true,
            }
        });
        self.frames = kept;
        torn
    }
}

/// Hands everything to the edges.
pub(crate) fn send(
    mut outbound: ResMut<Outbound>,
    edge: Res<Edge>,
    directory: Res<SessionIndex>,
    mut presences: Query<&mut Presence>,
) {
    for connection in outbound.flush(&edge.0) {
        let entity = directory.by_connection.get(&connection).copied();
        if let Some(mut presence) = entity.and_then(|entity| presences.get_mut(entity).ok()) {
            presence.closing.get_or_insert(CloseReason::Congested);
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::link::Lane;

    use super::*;

    #[test]
    fn a_full_edge_delays_promises_and_drops_snapshots() {
        let edge = EdgeLink::new(1, 2);
        let mut outbound = Outbound::default();
        for nonce in 0..3 {
            outbound.send(ConnectionId(1), &ServerMessage::Pong { nonce });
            let frame =
                ToEdge::Frame { connection: ConnectionId(1), lane: Lane::Unreliable, bytes: Vec::new(), answers: None };
            outbound.append(&mut vec![(Class::Cosmetic, frame)]);
        }
        outbound.flush(&edge);
        let mut out = Vec::new();
        edge.workers[0].frames.drain_into(&mut out, usize::MAX);
        outbound.flush(&edge);
        edge.workers[0].frames.drain_into(&mut out, usize::MAX);
        let reliable = out.iter().filter(|frame| matches!(frame, ToEdge::Frame { lane: Lane::ReliableOrdered, .. }));
        assert_eq!(reliable.count(), 3, "all three promises arrive, the last one a tick later");
        assert_eq!(out.len(), 5, "the third snapshot is dropped");
        assert_eq!(edge.workers[0].frames.dropped(), [0, 0, 1], "and counted, and nothing else is: it only waited");
        assert!(outbound.is_empty(), "nothing waits any more");
    }

    #[test]
    fn an_edge_that_takes_nothing_costs_the_connections_it_owes_and_no_close_is_lost() {
        let edge = EdgeLink::new(1, 1);
        let mut outbound = Outbound::default();
        for nonce in 0..=WAITING_MAX as u64 {
            outbound.send(ConnectionId(1), &ServerMessage::Pong { nonce });
        }
        assert!(outbound.flush(&edge).is_empty(), "one is taken, and the rest may wait");
        outbound.send(ConnectionId(2), &ServerMessage::Goodbye);
        outbound.send(ConnectionId(3), &ServerMessage::Goodbye);
        outbound.close(ConnectionId(3), CloseReason::ByServer);
        let torn = outbound.flush(&edge);
        assert_eq!(torn, [ConnectionId(2), ConnectionId(3)].into(), "who lost a promise is known, to be sent away");
        let awake = EdgeLink::new(1, 2 * WAITING_MAX);
        assert!(outbound.flush(&awake).is_empty() && outbound.is_empty(), "an edge that works again takes everything");
        let mut out = Vec::new();
        awake.workers[0].frames.drain_into(&mut out, usize::MAX);
        let closes = out.iter().filter(|frame| matches!(frame, ToEdge::Close { connection: ConnectionId(3), .. }));
        assert_eq!(closes.count(), 1, "a close is never dropped: nobody would ask for it again");
    }
}
