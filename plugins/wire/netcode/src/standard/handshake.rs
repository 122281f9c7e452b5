//! How a stranger becomes a client: request, challenge, response.

use std::time::Duration;

use hypogeum_protocol::link::USER_DATA_BYTES;

use super::client_key::{ClientKey, SLOT_BITS};
use super::packet::{self, Packet, Request};
use super::replay::ReplayWindow;
use super::seal::PacketKey;
use super::server::{Peer, Received, Server};
use super::token::PrivateToken;
use super::{CHALLENGE_BYTES, Route, ServerOutlet, TAG_BYTES};
use crate::counters::DropReason;

/// How long a challenge waits for its response.
pub(super) const CHALLENGE_LIFETIME: Duration = Duration::from_secs(10);

/// A peer that showed a genuine token and was challenged: whether it receives at its address is not known yet.
pub(super) struct Pending {
    pub(super) tag: [u8; TAG_BYTES],
    pub(super) client_id: u64,
    pub(super) send_key: PacketKey,
    pub(super) receive_key: PacketKey,
    pub(super) replay: ReplayWindow,
    pub(super) timeout: Option<Duration>,
    pub(super) user_data: Box<[u8; USER_DATA_BYTES]>,
    pub(super) asked_at: Duration,
    /// Number and time of the first challenge: its answer tells the round trip.
    first_challenge: (u64, Duration),
}

impl Server {
    pub(super) fn receive_request(
        &mut self,
        from: Route,
        datagram: &[u8],
        send: &mut ServerOutlet<'_>,
    ) -> Result<(), DropReason> {
        let request = packet::read_request(datagram, self.config.protocol_id)?;
        if self.unix_s >= request.expires_unix_s {
            return Err(DropReason::TokenExpired);
        }
        if self.slot_by_address.contains_key(&from.peer) {
            return Err(DropReason::AlreadyConnected);
        }
        let pending_max = self.config.clients_max + 1_024;
        if !self.pending.contains_key(&from.peer) && self.pending.len() >= pending_max {
            return Err(DropReason::HandshakesBusy);
        }
        if !self.handshakes.spend(from.peer, self.now) {
            return Err(DropReason::HandshakesBusy);
        }
        let tag = request.tag();
        self.registry.check(&tag, from.peer, self.now)?;
        let token = self.open_token(&request)?;
        let has_room = self.registry.bind(tag, token.client_id, from.peer, request.expires_unix_s)?;

        let send_key = PacketKey::new(&token.server_to_client_key);
        if !has_room {
            self.pending.remove(&from.peer);
            self.send_handshake(from, &Packet::Denied, &send_key, send);
            return Err(DropReason::ServerFull);
        }
        self.challenge_sequence += 1;
        let sequence = self.challenge_sequence;
        let sealed = self.seal_challenge(sequence, token.client_id, &token.user_data[..]);
        self.send_handshake(from, &Packet::Challenge { sequence, sealed: &sealed }, &send_key, send);
        match self.pending.get_mut(&from.peer) {
            Some(pending) if pending.tag == tag => pending.asked_at = self.now,
            _ => {
                let pending = Pending {
                    tag,
                    client_id: token.client_id,
                    send_key,
                    receive_key: PacketKey::new(&token.client_to_server_key),
                    replay: ReplayWindow::default(),
                    timeout: u64::try_from(token.timeout_s).ok().filter(|&s| s > 0).map(Duration::from_secs),
                    user_data: token.user_data,
                    asked_at: self.now,
                    first_challenge: (sequence, self.now),
                };
                self.pending.insert(from.peer, pending);
            }
        }
        Ok(())
    }

    fn open_token(&self, request: &Request<'_>) -> Result<PrivateToken, DropReason> {
        let (protocol_id, key) = (self.config.protocol_id, &self.config.private_key);
        let token = PrivateToken::open(request.private, request.nonce, protocol_id, request.expires_unix_s, key)
            .map_err(|_| DropReason::TokenForged)?;
        if token.addresses.iter().any(|address| self.config.addresses.contains(address)) {
            Ok(token)
        } else {
            Err(DropReason::TokenElsewhere)
        }
    }

    fn seal_challenge(&self, sequence: u64, client_id: u64, user_data: &[u8]) -> [u8; CHALLENGE_BYTES] {
        let mut sealed = [0; CHALLENGE_BYTES];
        sealed[..8].copy_from_slice(&client_id.to_le_bytes());
        sealed[8..8 + USER_DATA_BYTES].copy_from_slice(user_data);
        let fits = self.challenge_key.seal(sequence, b"", &mut sealed);
        debug_assert!(fits, "a challenge has room for its tag");
        sealed
    }

    pub(super) fn receive_response<'d>(
        &mut self,
        from: Route,
        datagram: &'d mut [u8],
        send: &mut ServerOutlet<'_>,
    ) -> Result<Received<'d>, DropReason> {
        let pending = self.pending.get_mut(&from.peer).ok_or(DropReason::Stray)?;
        let packet = packet::open(datagram, self.config.protocol_id, &pending.receive_key, &mut pending.replay)?;
        let Packet::Response { sequence, sealed } = packet else {
            return Err(DropReason::Unexpected);
        };
        let mut sealed = *sealed;
        let challenge = self.challenge_key.open(sequence, b"", &mut sealed).ok_or(DropReason::Forged)?;
        if challenge.first_chunk() != Some(&pending.client_id.to_le_bytes()) {
            return Err(DropReason::Forged);
        }
        let pending = self.pending.remove(&from.peer).ok_or(DropReason::Stray)?;
        let (first, challenged_at) = pending.first_challenge;
        let round_trip = (sequence == first).then(|| self.now.saturating_sub(challenged_at));
        if let Err(reason) = self.registry.admit(&pending.tag, pending.client_id, from.peer) {
            if reason == DropReason::ServerFull {
                self.send_handshake(from, &Packet::Denied, &pending.send_key, send);
            }
            return Err(reason);
        }
        let slot = self.free_slots.pop().unwrap_or_else(|| {
            self.peers.push(None);
            self.peers.len() - 1
        });
        self.opened_count += 1;
        let client = ClientKey(self.opened_count << SLOT_BITS | slot as u64);
        self.slot_by_address.insert(from.peer, slot);
        self.peers[slot] = Some(Peer {
            client,
            route: from,
            client_id: pending.client_id,
            send_key: pending.send_key,
            receive_key: pending.receive_key,
            replay: pending.replay,
            sequence: 0,
            timeout: pending.timeout,
            heard_at: self.now,
            is_quiet: false,
            sent_at: self.now,
        });
        self.send_keep_alive(slot, send);
        self.look_again(slot);
        Ok(Received::Connected { client, client_id: pending.client_id, round_trip, user_data: pending.user_data })
    }

    fn send_handshake(&mut self, to: Route, packet: &Packet<'_>, key: &PacketKey, send: &mut ServerOutlet<'_>) {
        let sequence = self.handshake_sequence;
        self.handshake_sequence += 1;
        if let Some(length) = packet::seal(packet, self.config.protocol_id, sequence, key, &mut self.out) {
            send(to, &self.out[..length]);
        }
    }
}
