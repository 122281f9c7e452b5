//! All connections of one port between the standard below and the tick's queues above, without a socket.

mod outgoing;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_protocol::link::{Class, CloseReason, DatagramBatch, EdgeLink, FromEdge, SessionTicket, ToEdge};
use hypogeum_protocol::{SessionId, limits};

use crate::connection::{Connection, name};
use hypogeum_netcode::DueTimes;
use hypogeum_netcode::LinkFault;
use hypogeum_netcode::RENET_KINDS;
use hypogeum_netcode::{ClientKey, Received, Registry, Route, Server, ServerConfig, ServerOutlet};
use hypogeum_netcode::{Counters, DropReason};

/// How often timeouts, keep-alives, acks and resends are looked at.
const SWEEP_EVERY: Duration = Duration::from_millis(20);

/// Every connection of one port.
pub(crate) struct Host {
    server: Server,
    connections: Vec<Option<Connection>>,
    link: EdgeLink,
    /// Which of the edge's workers this is.
    worker: usize,
    counters: Arc<Counters>,
    /// When the link of each slot, or its close, may have to be looked at.
    due: DueTimes,
    fresh: Vec<ClientKey>,
    quiet_changes: Vec<(ClientKey, bool)>,
    waiting: VecDeque<ClientKey>,
    /// Closes that the tick's queue had no room for; at most one per connection.
    unreported: VecDeque<FromEdge>,
    outgoing: Vec<ToEdge>,
    /// What came on the datagram lane since the tick's box was filled last.
    arrived: DatagramBatch,
    /// What is to leave on the datagram lane.
    leaving: VecDeque<DatagramBatch>,
    /// How many of these batches have left, and how many datagrams of the next one.
    sent: (usize, usize),
    now: Duration,
    swept_at: Duration,
}

impl Host {
    pub(crate) fn new(
        config: ServerConfig,
        registry: Arc<Registry>,
        link: EdgeLink,
        worker: usize,
        counters: Arc<Counters>,
        now: Duration,
        unix_s: u64,
    ) -> Self {
        Self {
            server: Server::new(config, registry, now, unix_s),
            connections: Vec::new(),
            link,
            worker,
            counters,
            due: DueTimes::default(),
            fresh: Vec::new(),
            quiet_changes: Vec::new(),
            waiting: VecDeque::new(),
            unreported: VecDeque::new(),
            outgoing: Vec::new(),
            arrived: DatagramBatch::default(),
            leaving: VecDeque::new(),
            sent: (0, 0),
            now,
            swept_at: now,
        }
    }

    /// Moves time; see [`Server::advance`].
    pub(crate) fn advance(&mut self, now: Duration, unix_s: u64) {
        self.now = self.now.max(now);
        self.server.advance(now, unix_s);
    }

    /// Takes one datagram.
    pub(crate) fn receive(&mut self, from: impl Into<Route>, datagram: &mut [u8], send: &mut ServerOutlet<'_>) {
        match self.server.receive(from, datagram, send) {
            Received::Nothing => {}
            Received::Connected { client, client_id, round_trip, user_data } => {
                let ticket = SessionTicket::from_user_data(&user_data);
                self.open(client, SessionId(client_id), ticket, round_trip, send);
            }
            Received::Payload { client, bytes } => self.receive_payload(client, bytes, send),
            Received::Disconnected { client } => self.forget(client, CloseReason::ByPeer),
        }
    }

    fn open(
        &mut self,
        client: ClientKey,
        session: SessionId,
        ticket: Option<SessionTicket>,
        round_trip: Option<Duration>,
        send: &mut ServerOutlet<'_>,
    ) {
        let Some(ticket) = ticket else {
            self.server.tally.count_drop(DropReason::TicketUnreadable);
            self.server.disconnect(client, send);
            return;
        };
        let opened = FromEdge::Opened { connection: name(client, self.worker), session, ticket, hello: None };
        // With closes waiting it would overtake the close of the session's last connection.
        if !self.unreported.is_empty() || self.link.incoming.push(Class::Critical, opened).is_err() {
            self.server.tally.count_drop(DropReason::QueueFull);
            self.server.disconnect(client, send);
            return;
        }
        self.server.tally.connections_opened += 1;
        if self.connections.len() <= client.slot() {
            self.connections.resize_with(client.slot() + 1, || None);
        }
        self.connections[client.slot()] = Some(Connection::new(client, self.worker, self.now, round_trip));
    }

    fn receive_payload(&mut self, client: ClientKey, bytes: &[u8], send: &mut ServerOutlet<'_>) {
        let Some(connection) = find(&mut self.connections, client) else {
            return;
        };
        if bytes.first() == Some(&limits::LANE_BYTE) && bytes.len() <= limits::LANE_BYTES_MAX {
            if connection.may_send_datagram(self.now) {
                self.arrived.push(name(client, self.worker), bytes);
            } else {
                self.server.tally.count_drop(DropReason::Throttled);
            }
            return;
        }
        if !bytes.first().is_some_and(|kind| RENET_KINDS.contains(kind)) {
            self.server.tally.count_drop(DropReason::UnknownLane);
            return;
        }
        if let Err(fault) = connection.link.receive(bytes, self.now) {
            self.server.tally.count_drop(DropReason::Hostile);
            tracing::debug!(connection = client.to_u64(), %fault, "closed a connection for what it sent");
            let reason = match fault {
                LinkFault::Closed(reason) => reason,
                LinkFault::Malformed(_) | LinkFault::Panicked => CloseReason::Hostile,
            };
            if reason == CloseReason::Hostile {
                self.server.penalize(client);
            }
            self.end(client, reason, send);
            return;
        }
        if let Some(at) = connection.link.due_at() {
            self.due.sooner(client.slot(), at);
        }
        self.pass_on(client);
    }

    fn pass_on(&mut self, client: ClientKey) {
        if let Some(connection) = find(&mut self.connections, client)
            && connection.pass_on(&self.link.incoming, &mut self.server.tally, self.now)
            && !connection.is_waiting
        {
            connection.is_waiting = true;
            self.waiting.push_back(client);
        }
    }

    /// Everything that is not caused by a datagram: the tick's messages, what waits, and every [`SWEEP_EVERY`] a sweep.
    /// `true` where datagrams of the tick are left for the next call.
    pub(crate) fn work(&mut self, send: &mut ServerOutlet<'_>) -> bool {
        self.link.datagrams.leave(&mut self.arrived);
        self.report_quiet();
        self.take_outgoing(send);
        for _ in 0..self.waiting.len() {
            if let Some(client) = self.waiting.pop_front()
                && let Some(connection) = find(&mut self.connections, client)
            {
                connection.is_waiting = false;
                self.pass_on(client);
            }
        }
        let mut fresh = std::mem::take(&mut self.fresh);
        for client in fresh.drain(..) {
            self.flush(client, send);
        }
        self.fresh = fresh;
        self.report_closes();
        if self.now.saturating_sub(self.swept_at) >= SWEEP_EVERY {
            self.swept_at = self.now;
            self.sweep(send);
        }
        let more = self.send_leaving(send);
        self.counters.add(&self.server.take_tally());
        more
    }

    fn report_quiet(&mut self) {
        self.server.take_quiet_changes(&mut self.quiet_changes);
        for (client, is_quiet) in self.quiet_changes.drain(..) {
            let connection = name(client, self.worker);
            // A tick that has no room for it does without: it only decides who stays when an account connects twice.
            let _ = self.link.incoming.push(Class::Critical, FromEdge::Quiet { connection, is_quiet });
        }
    }

    fn begin_close(&mut self, client: ClientKey, reason: CloseReason) {
        let is_new = find(&mut self.connections, client).is_some_and(|connection| connection.closing.is_none());
        if is_new && reason == CloseReason::Hostile {
            self.server.penalize(client);
        }
        if let Some(connection) = find(&mut self.connections, client)
            && connection.closing.is_none()
        {
            connection.closing = Some((reason, self.now + connection.link.last_words_max()));
            self.due.sooner(client.slot(), self.now);
            if !connection.is_fresh {
                connection.is_fresh = true;
                self.fresh.push(client);
            }
        }
    }

    fn sweep(&mut self, send: &mut ServerOutlet<'_>) {
        let mut timed_out = Vec::new();
        self.server.sweep(&mut timed_out, send);
        for client in timed_out {
            self.forget(client, CloseReason::TimedOut);
        }
        let mut from = 0;
        while let Some(slot) = self.due.take_due(from, self.now) {
            from = slot + 1;
            let Some(Some(connection)) = self.connections.get(slot) else { continue };
            let client = connection.client;
            if let Some((reason, deadline)) = connection.closing
                && (deadline <= self.now || (connection.link.is_settled() && !connection.link.is_due(self.now)))
            {
                self.end(client, reason, send);
                continue;
            }
            if connection.link.is_due(self.now) {
                self.flush(client, send);
            }
            self.look_again(client);
        }
    }

    fn look_again(&mut self, client: ClientKey) {
        if let Some(connection) = find(&mut self.connections, client) {
            let closing = connection.closing.map(|_| self.now + SWEEP_EVERY);
            if let Some(at) = connection.link.due_at().into_iter().chain(closing).min() {
                self.due.sooner(client.slot(), at);
            }
        }
    }

    /// Begins to close everything, for the end of the process.
    pub(crate) fn begin_shutdown(&mut self) {
        for client in self.server.clients().collect::<Vec<_>>() {
            self.begin_close(client, CloseReason::ByServer);
        }
    }

    /// Ends everything at once.
    pub(crate) fn end_all(&mut self, send: &mut ServerOutlet<'_>) {
        for client in self.server.clients().collect::<Vec<_>>() {
            self.end(client, CloseReason::ByServer, send);
        }
    }

    /// Connections open now.
    pub(crate) fn connections_count(&self) -> usize {
        self.server.clients_count()
    }

    fn end(&mut self, client: ClientKey, reason: CloseReason, send: &mut ServerOutlet<'_>) {
        self.server.disconnect(client, send);
        self.forget(client, reason);
    }

    fn forget(&mut self, client: ClientKey, reason: CloseReason) {
        if find(&mut self.connections, client).is_none() {
            return;
        }
        let connection = self.connections[client.slot()].take();
        // A connection that was being closed ends for that reason, whatever came between.
        let reason = connection.and_then(|connection| connection.closing).map_or(reason, |(reason, _)| reason);
        self.server.tally.count_close(reason);
        self.unreported.push_back(FromEdge::Closed { connection: name(client, self.worker), reason });
        self.report_closes();
    }

    fn report_closes(&mut self) {
        while let Some(close) = self.unreported.pop_front() {
            if let Err(close) = self.link.incoming.offer(Class::Critical, close) {
                self.unreported.push_front(close);
                return;
            }
        }
        // Once the close is reported, the tick may get the same session's next connection, perhaps from another worker.
        self.server.release_ended();
    }
}

fn find(connections: &mut [Option<Connection>], client: ClientKey) -> Option<&mut Connection> {
    connections.get_mut(client.slot())?.as_mut().filter(|connection| connection.client == client)
}

#[cfg(test)]
mod tests;
