//! What the tick gives: messages into renet's lanes, datagrams straight out.

use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::link::{CloseReason, Lane, ToEdge};

use super::{Host, find};
use crate::connection::key;
use hypogeum_netcode::DropReason;
use hypogeum_netcode::SendError;
use hypogeum_netcode::{ClientKey, ServerOutlet};

/// Messages taken from the tick's queue per round, so that receiving goes on.
const OUTGOING_PER_ROUND_MAX: usize = 8_192;
/// Datagrams of the tick sent per round: about a millisecond's worth, in which the socket's buffer fills by a tenth at
/// most.
const LEAVING_PER_ROUND_MAX: usize = 256;

impl Host {
    /// Sends the tick's datagrams, so many that receiving goes on. `true` where some are left.
    pub(super) fn send_leaving(&mut self, send: &mut ServerOutlet<'_>) -> bool {
        if self.leaving.get(self.sent.0).is_none() {
            self.link.workers[self.worker].datagrams.take_batches(&mut self.leaving);
            self.sent = (0, 0);
        }
        let mut room = LEAVING_PER_ROUND_MAX;
        while let Some(batch) = self.leaving.get(self.sent.0) {
            let (start, end) = (self.sent.1, batch.len().min(self.sent.1 + room));
            for index in start..end {
                let Some((connection, datagram)) = batch.get(index) else { break };
                if !self.server.send_payload(key(connection), datagram, send) {
                    self.server.tally.count_drop(DropReason::ConnectionGone);
                }
            }
            room -= end - start;
            if end < batch.len() {
                self.sent.1 = end;
                return true;
            }
            self.sent = (self.sent.0 + 1, 0);
        }
        false
    }

    pub(super) fn take_outgoing(&mut self, send: &mut ServerOutlet<'_>) {
        let mut outgoing = std::mem::take(&mut self.outgoing);
        self.link.workers[self.worker].frames.drain_into(&mut outgoing, OUTGOING_PER_ROUND_MAX);
        for message in outgoing.drain(..) {
            match message {
                ToEdge::Frame { connection, lane, bytes, .. } => self.queue_frame(connection, lane, bytes, send),
                ToEdge::Close { connection, reason } => self.begin_close(key(connection), reason),
                // Clients send keep-alives: who is silent is known anyway.
                ToEdge::Probe { .. } => {}
            }
        }
        self.outgoing = outgoing;
    }

    fn queue_frame(&mut self, connection: ConnectionId, lane: Lane, bytes: Vec<u8>, send: &mut ServerOutlet<'_>) {
        let client = key(connection);
        let Some(connection) = find(&mut self.connections, client) else {
            self.server.tally.count_drop(DropReason::ConnectionGone);
            return;
        };
        match connection.link.send(lane, bytes) {
            Ok(()) => {
                if !connection.is_fresh {
                    connection.is_fresh = true;
                    self.fresh.push(client);
                }
            }
            Err(error) => {
                self.server.tally.count_drop(DropReason::Unsendable);
                // A reliable lane with a hole in it would be a lie; an unreliable one is allowed to lose.
                if lane != Lane::Unreliable {
                    let congested = error == SendError::Full;
                    self.end(client, if congested { CloseReason::Congested } else { CloseReason::ByServer }, send);
                }
            }
        }
    }

    pub(super) fn flush(&mut self, client: ClientKey, send: &mut ServerOutlet<'_>) {
        let Some(connection) = find(&mut self.connections, client) else {
            return;
        };
        connection.is_fresh = false;
        let server = &mut self.server;
        connection.link.flush(self.now, &mut |packet| {
            if !server.send_payload(client, packet, send) {
                server.tally.count_drop(DropReason::Unsendable);
            }
        });
        if let Some(at) = connection.link.due_at() {
            self.due.sooner(client.slot(), at);
        }
    }
}
