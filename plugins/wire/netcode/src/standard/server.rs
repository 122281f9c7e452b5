//! The server's side of the standard: any number of clients, found by hash.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_protocol::limits;
use hypogeum_protocol::link::USER_DATA_BYTES;

use super::client_key::{ClientKey, SLOT_BITS};
use super::handshake::{CHALLENGE_LIFETIME, Pending};
use super::handshake_budget::HandshakeBudget;
use super::packet::{self, Packet};
use super::registry::Registry;
use super::replay::ReplayWindow;
use super::seal::PacketKey;
use super::{
    DATAGRAM_BYTES_MAX, DISCONNECT_COPIES, HANDSHAKE_SEQUENCE, KEY_BYTES, Route, ServerOutlet, keep_alive_every,
};
use crate::counters::{CountersSnapshot, DropReason};
use crate::due_times::DueTimes;

/// See [`limits::QUIET_AFTER_MS`].
const QUIET_AFTER: Duration = Duration::from_millis(limits::QUIET_AFTER_MS as u64);
/// How often what expired is forgotten.
const TIDY_EVERY: Duration = Duration::from_millis(500);

/// What a server needs to know.
#[derive(Clone)]
pub struct ServerConfig {
    /// The key tokens are sealed with.
    pub private_key: [u8; KEY_BYTES],
    /// Game and wire format.
    pub protocol_id: u64,
    /// The addresses tokens call this server by.
    pub addresses: Vec<SocketAddr>,
    /// Clients connected at once, of all servers with the same [`Registry`]; at most 2²⁴.
    pub clients_max: usize,
    /// Connection requests examined per second; each costs about 5 µs of decryption.
    pub handshakes_per_s_max: u32,
    /// So many of them of one network: a /24 of IPv4, a /48 of IPv6.
    pub handshakes_per_s_per_prefix_max: u32,
}

/// What a datagram meant.
#[derive(Debug)]
pub enum Received<'d> {
    /// Nothing the caller must know.
    Nothing,
    /// A handshake is complete.
    Connected {
        /// The new connection.
        client: ClientKey,
        /// The netcode client id of its token.
        client_id: u64,
        /// How long the way there and back took, where the first challenge was answered.
        round_trip: Option<Duration>,
        /// What its token says about it.
        user_data: Box<[u8; USER_DATA_BYTES]>,
    },
    /// A genuine payload.
    Payload {
        /// Who sent it.
        client: ClientKey,
        /// The decrypted bytes.
        bytes: &'d [u8],
    },
    /// The client said goodbye.
    Disconnected {
        /// Who it was.
        client: ClientKey,
    },
}

pub(super) struct Peer {
    pub(super) client: ClientKey,
    pub(super) route: Route,
    pub(super) client_id: u64,
    pub(super) send_key: PacketKey,
    pub(super) receive_key: PacketKey,
    pub(super) replay: ReplayWindow,
    pub(super) sequence: u64,
    pub(super) timeout: Option<Duration>,
    pub(super) heard_at: Duration,
    /// Its silence was reported.
    pub(super) is_quiet: bool,
    pub(super) sent_at: Duration,
}

impl Peer {
    fn hear(&mut self, now: Duration, quiet_changes: &mut Vec<(ClientKey, bool)>) {
        self.heard_at = now;
        if self.is_quiet {
            self.is_quiet = false;
            quiet_changes.push((self.client, false));
        }
    }
}

/// The state of all connections and handshakes of one UDP port.
pub struct Server {
    pub(super) config: ServerConfig,
    pub(super) registry: Arc<Registry>,
    /// What happened since somebody took the count.
    pub tally: CountersSnapshot,
    pub(super) peers: Vec<Option<Peer>>,
    pub(super) free_slots: Vec<usize>,
    pub(super) slot_by_address: HashMap<SocketAddr, usize>,
    /// When each slot may have to be kept alive, or have timed out.
    pub(super) due: DueTimes,
    /// Client ids of connections that ended and were not released yet.
    ended: Vec<u64>,
    /// Connections that fell silent, or spoke again, since somebody asked.
    quiet_changes: Vec<(ClientKey, bool)>,
    pub(super) pending: HashMap<SocketAddr, Pending>,
    pub(super) challenge_key: PacketKey,
    pub(super) challenge_sequence: u64,
    pub(super) handshake_sequence: u64,
    pub(super) opened_count: u64,
    pub(super) handshakes: HandshakeBudget,
    tidied_at: Duration,
    pub(super) now: Duration,
    pub(super) unix_s: u64,
    pub(super) out: Box<[u8; DATAGRAM_BYTES_MAX]>,
}

impl Server {
    /// A server without clients. Servers of one port share a registry. `now` is any clock that only goes forward; `unix_s` judges the age of tokens.
    #[must_use]
    pub fn new(mut config: ServerConfig, registry: Arc<Registry>, now: Duration, unix_s: u64) -> Self {
        config.clients_max = config.clients_max.min(1 << SLOT_BITS);
        Self {
            registry,
            tally: CountersSnapshot::default(),
            peers: Vec::new(),
            free_slots: Vec::new(),
            slot_by_address: HashMap::new(),
            due: DueTimes::default(),
            ended: Vec::new(),
            quiet_changes: Vec::new(),
            pending: HashMap::new(),
            challenge_key: PacketKey::new(&super::random_bytes()),
            challenge_sequence: 0,
            handshake_sequence: HANDSHAKE_SEQUENCE,
            opened_count: 0,
            handshakes: HandshakeBudget::new(config.handshakes_per_s_max, config.handshakes_per_s_per_prefix_max, now),
            tidied_at: now,
            now,
            unix_s,
            out: Box::new([0; DATAGRAM_BYTES_MAX]),
            config,
        }
    }

    /// Clients connected now.
    #[must_use]
    pub fn clients_count(&self) -> usize {
        self.slot_by_address.len()
    }

    /// Keys of all connected clients.
    pub fn clients(&self) -> impl Iterator<Item = ClientKey> + '_ {
        self.peers.iter().flatten().map(|peer| peer.client)
    }

    /// Moves time. `now` never goes back; an earlier one is ignored.
    pub fn advance(&mut self, now: Duration, unix_s: u64) {
        self.now = self.now.max(now);
        self.unix_s = unix_s;
    }

    /// Takes one datagram, which is decrypted in place; answers it through `send` where the standard has an answer.
    /// What is wrong with it is counted and nothing else.
    pub fn receive<'d>(
        &mut self,
        from: impl Into<Route>,
        datagram: &'d mut [u8],
        send: &mut ServerOutlet<'_>,
    ) -> Received<'d> {
        let from = from.into();
        let received = if datagram.len() > DATAGRAM_BYTES_MAX {
            Err(DropReason::Oversized)
        } else if packet::is_request(datagram) {
            self.receive_request(from, datagram, send).map(|()| Received::Nothing)
        } else if let Some(&slot) = self.slot_by_address.get(&from.peer) {
            self.receive_connected(slot, datagram, send)
        } else if self.pending.contains_key(&from.peer) {
            self.receive_response(from, datagram, send)
        } else {
            Err(DropReason::Stray)
        };
        received.unwrap_or_else(|reason| {
            self.tally.count_drop(reason);
            Received::Nothing
        })
    }

    fn receive_connected<'d>(
        &mut self,
        slot: usize,
        datagram: &'d mut [u8],
        send: &mut ServerOutlet<'_>,
    ) -> Result<Received<'d>, DropReason> {
        let peer = self.peers.get_mut(slot).and_then(Option::as_mut).ok_or(DropReason::Stray)?;
        let client = peer.client;
        let packet = packet::open(datagram, self.config.protocol_id, &peer.receive_key, &mut peer.replay)?;
        match packet {
            Packet::Payload(bytes) => {
                peer.hear(self.now, &mut self.quiet_changes);
                Ok(Received::Payload { client, bytes })
            }
            Packet::KeepAlive { .. } => {
                peer.hear(self.now, &mut self.quiet_changes);
                Ok(Received::Nothing)
            }
            Packet::Disconnect => {
                self.remove(slot);
                Ok(Received::Disconnected { client })
            }
            // It has not heard yet that it is connected: the keep-alive was lost. It asks again several times a second.
            Packet::Response { .. } => {
                self.send_keep_alive(slot, send);
                Ok(Received::Nothing)
            }
            Packet::Denied | Packet::Challenge { .. } => Err(DropReason::Unexpected),
        }
    }

    /// Sends a payload. `false` where the client is gone or the payload is too long for a datagram.
    pub fn send_payload(&mut self, client: ClientKey, payload: &[u8], send: &mut ServerOutlet<'_>) -> bool {
        match self.peer(client) {
            Some(_) => self.send_sealed(client.slot(), &Packet::Payload(payload), send),
            None => false,
        }
    }

    /// Ends a connection and tells the peer. `false` where it was gone already.
    pub fn disconnect(&mut self, client: ClientKey, send: &mut ServerOutlet<'_>) -> bool {
        if self.peer(client).is_none() {
            return false;
        }
        for _ in 0..DISCONNECT_COPIES {
            self.send_sealed(client.slot(), &Packet::Disconnect, send);
        }
        self.remove(client.slot());
        true
    }

    /// A client's connection is being closed for what it sent: its address waits before it comes in again.
    pub fn penalize(&mut self, client: ClientKey) {
        if let Some(peer) = self.peer(client) {
            self.registry.penalize(peer.route.peer.ip(), self.now);
        }
    }

    /// Ends what timed out, adding it to `timed_out`, and keeps the rest alive. Wants to be called a few times a second.
    pub fn sweep(&mut self, timed_out: &mut Vec<ClientKey>, send: &mut ServerOutlet<'_>) {
        let mut from = 0;
        while let Some(slot) = self.due.take_due(from, self.now) {
            from = slot + 1;
            let Some(peer) = &mut self.peers[slot] else { continue };
            let client = peer.client;
            if !peer.is_quiet && self.now.saturating_sub(peer.heard_at) >= QUIET_AFTER {
                peer.is_quiet = true;
                self.quiet_changes.push((client, true));
            }
            if peer.timeout.is_some_and(|timeout| self.now.saturating_sub(peer.heard_at) > timeout) {
                self.disconnect(client, send);
                timed_out.push(client);
                continue;
            }
            if self.now.saturating_sub(peer.sent_at) >= keep_alive_every(peer.timeout) {
                self.send_keep_alive(slot, send);
            }
            self.look_again(slot);
        }
        if self.now.saturating_sub(self.tidied_at) >= TIDY_EVERY {
            self.tidied_at = self.now;
            self.registry.expire(self.unix_s);
            let now = self.now;
            self.pending.retain(|_, pending| now.saturating_sub(pending.asked_at) < CHALLENGE_LIFETIME);
        }
    }

    pub(super) fn look_again(&mut self, slot: usize) {
        if let Some(Some(peer)) = self.peers.get(slot) {
            self.due.sooner(slot, peer.sent_at + keep_alive_every(peer.timeout));
            if !peer.is_quiet {
                self.due.sooner(slot, peer.heard_at + QUIET_AFTER);
            }
            if let Some(timeout) = peer.timeout {
                self.due.sooner(slot, peer.heard_at.saturating_add(timeout) + Duration::from_nanos(1));
            }
        }
    }

    /// Lets the clients of connections that ended connect again. It waits to be asked, so that anyone who passes on
    /// news can tell of an end before another server of the port tells of the next beginning.
    pub fn release_ended(&mut self) {
        self.registry.release(&mut self.ended);
    }

    /// Connections that fell silent (`true`) for [`limits::QUIET_AFTER_MS`], or spoke again, since this was asked last.
    pub fn take_quiet_changes(&mut self, out: &mut Vec<(ClientKey, bool)>) {
        out.append(&mut self.quiet_changes);
    }

    /// What was counted since this was asked last.
    pub fn take_tally(&mut self) -> CountersSnapshot {
        std::mem::take(&mut self.tally)
    }

    fn peer(&self, client: ClientKey) -> Option<&Peer> {
        self.peers.get(client.slot())?.as_ref().filter(|peer| peer.client == client)
    }

    pub(super) fn send_keep_alive(&mut self, slot: usize, send: &mut ServerOutlet<'_>) {
        let clients_max = self.config.clients_max as u32;
        self.send_sealed(slot, &Packet::KeepAlive { client_index: slot as u32, clients_max }, send);
    }

    fn send_sealed(&mut self, slot: usize, packet: &Packet<'_>, send: &mut ServerOutlet<'_>) -> bool {
        let Some(peer) = self.peers.get_mut(slot).and_then(Option::as_mut) else {
            return false;
        };
        let sequence = peer.sequence;
        let Some(length) = packet::seal(packet, self.config.protocol_id, sequence, &peer.send_key, &mut self.out)
        else {
            return false;
        };
        peer.sequence += 1;
        peer.sent_at = self.now;
        send(peer.route, &self.out[..length]);
        true
    }

    fn remove(&mut self, slot: usize) {
        if let Some(peer) = self.peers.get_mut(slot).and_then(Option::take) {
            self.slot_by_address.remove(&peer.route.peer);
            self.ended.push(peer.client_id);
            self.free_slots.push(slot);
        }
    }
}
