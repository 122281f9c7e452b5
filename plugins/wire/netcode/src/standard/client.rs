//! The client's side of the standard.

use std::net::SocketAddr;
use std::time::Duration;

use super::packet::{self, Packet};
use super::replay::ReplayWindow;
use super::seal::PacketKey;
use super::token::{ConnectToken, TokenError};
use super::{CHALLENGE_BYTES, DATAGRAM_BYTES_MAX, DISCONNECT_COPIES, SendFn, keep_alive_every};
use crate::counters::DropReason;

/// Silence after which a token's next address gets its turn: fifteen unanswered requests. Often the first one is of a
/// family this machine has no way for.
const NEXT_SERVER_AFTER: Duration = Duration::from_millis(1_500);
/// How often an unanswered handshake packet is repeated: ten times a second, as the standard suggests.
const HANDSHAKE_EVERY: Duration = Duration::from_millis(100);

/// Why a client's connection ended, or never came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The token expired before any server answered: ask for a new one.
    TokenExpired,
    /// The server is full.
    Denied,
    /// No server of the token answered.
    Unanswered,
    /// Nothing heard for the time the token allows.
    TimedOut,
    /// The server said goodbye.
    ByServer,
    /// We said goodbye.
    ByClient,
}

/// Where a client is in the life of its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientState {
    /// Shows its token until challenged.
    Requesting,
    /// Answers the challenge until told it is connected.
    Responding,
    /// Told that it is connected: payloads go both ways.
    Connected,
    /// Over for good.
    Ended(Ended),
}

/// One client connection without a socket. Its clock starts at zero.
#[derive(Debug)]
pub struct Client {
    token: ConnectToken,
    send_key: PacketKey,
    receive_key: PacketKey,
    replay: ReplayWindow,
    state: ClientState,
    address_index: usize,
    challenge: (u64, Box<[u8; CHALLENGE_BYTES]>),
    sequence: u64,
    now: Duration,
    heard_at: Duration,
    sent_at: Option<Duration>,
    out: Box<[u8; DATAGRAM_BYTES_MAX]>,
}

impl Client {
    /// A client that begins to request with its first [`Self::update`].
    ///
    /// # Errors
    /// [`TokenError::AddressCount`] where the token names no server.
    pub fn new(token: ConnectToken) -> Result<Self, TokenError> {
        if token.addresses.is_empty() {
            return Err(TokenError::AddressCount(0));
        }
        Ok(Self {
            send_key: PacketKey::new(&token.client_to_server_key),
            receive_key: PacketKey::new(&token.server_to_client_key),
            token,
            replay: ReplayWindow::default(),
            state: ClientState::Requesting,
            address_index: 0,
            challenge: (0, Box::new([0; CHALLENGE_BYTES])),
            sequence: 0,
            now: Duration::ZERO,
            heard_at: Duration::ZERO,
            sent_at: None,
            out: Box::new([0; DATAGRAM_BYTES_MAX]),
        })
    }

    /// Where it is in its life.
    #[must_use]
    pub fn state(&self) -> ClientState {
        self.state
    }

    /// The server it talks to, or tries to.
    #[must_use]
    pub fn server_address(&self) -> SocketAddr {
        self.token.addresses[self.address_index]
    }

    /// Takes one datagram from [`Self::server_address`], decrypting it in place; a payload is handed back.
    ///
    /// # Errors
    /// Why the datagram was dropped; the connection is as before.
    pub fn receive<'d>(&mut self, datagram: &'d mut [u8]) -> Result<Option<&'d [u8]>, DropReason> {
        if datagram.len() > DATAGRAM_BYTES_MAX {
            return Err(DropReason::Oversized);
        }
        let packet = packet::open(datagram, self.token.protocol_id, &self.receive_key, &mut self.replay)?;
        match (packet, self.state) {
            (Packet::Challenge { sequence, sealed }, ClientState::Requesting) => {
                self.challenge = (sequence, Box::new(*sealed));
                self.state = ClientState::Responding;
                self.sent_at = None;
            }
            // A copy of what was answered already.
            (Packet::Challenge { .. }, ClientState::Responding | ClientState::Connected) => {}
            (Packet::Denied, ClientState::Requesting | ClientState::Responding) => {
                self.state = ClientState::Ended(Ended::Denied);
            }
            (Packet::KeepAlive { .. }, ClientState::Responding) => self.state = ClientState::Connected,
            (Packet::KeepAlive { .. }, ClientState::Connected) => {}
            (Packet::Payload(bytes), ClientState::Connected) => {
                self.heard_at = self.now;
                return Ok(Some(bytes));
            }
            (Packet::Disconnect, ClientState::Connected | ClientState::Responding) => {
                self.state = ClientState::Ended(Ended::ByServer);
            }
            _ => return Err(DropReason::Unexpected),
        }
        self.heard_at = self.now;
        Ok(None)
    }

    /// Moves time and sends what is due.
    pub fn update(&mut self, elapsed: Duration, send: &mut SendFn<'_>) {
        self.now += elapsed;
        let silent = self.now - self.heard_at;
        let timeout = u64::try_from(self.token.timeout_s).ok().filter(|&s| s > 0).map(Duration::from_secs);
        let timed_out = timeout.is_some_and(|timeout| silent > timeout);
        let lifetime_s = self.token.expires_unix_s.saturating_sub(self.token.created_unix_s);
        match self.state {
            ClientState::Ended(_) => return,
            ClientState::Connected if timed_out => self.state = ClientState::Ended(Ended::TimedOut),
            ClientState::Connected => {}
            _ if self.now.as_secs() >= lifetime_s => self.state = ClientState::Ended(Ended::TokenExpired),
            ClientState::Requesting if self.has_another_server() && silent > NEXT_SERVER_AFTER => {
                self.try_next_server()
            }
            _ if timed_out => self.try_next_server(),
            _ => {}
        }
        let is_connected = self.state == ClientState::Connected;
        let every = if is_connected { keep_alive_every(timeout) } else { HANDSHAKE_EVERY };
        if self.sent_at.is_none_or(|sent_at| self.now - sent_at >= every) {
            self.send_due(send);
        }
    }

    fn has_another_server(&self) -> bool {
        self.address_index + 1 < self.token.addresses.len()
    }

    fn try_next_server(&mut self) {
        if !self.has_another_server() {
            self.state = ClientState::Ended(Ended::Unanswered);
            return;
        }
        self.address_index += 1;
        self.state = ClientState::Requesting;
        self.heard_at = self.now;
        self.sent_at = None;
        self.replay = ReplayWindow::default();
    }

    fn send_due(&mut self, send: &mut SendFn<'_>) {
        match self.state {
            ClientState::Requesting => {
                let length = packet::write_request(&self.token, &mut self.out);
                self.sent_at = Some(self.now);
                send(self.server_address(), &self.out[..length]);
            }
            ClientState::Responding => {
                let (sequence, sealed) = self.challenge.clone();
                self.send_sealed(&Packet::Response { sequence, sealed: &sealed }, send);
            }
            ClientState::Connected => {
                self.send_sealed(&Packet::KeepAlive { client_index: 0, clients_max: 0 }, send);
            }
            ClientState::Ended(_) => {}
        }
    }

    /// Sends a payload. `false` where it is not connected or the payload is too long for a datagram.
    pub fn send_payload(&mut self, payload: &[u8], send: &mut SendFn<'_>) -> bool {
        self.state == ClientState::Connected && self.send_sealed(&Packet::Payload(payload), send)
    }

    /// Ends the connection and tells the server.
    pub fn disconnect(&mut self, send: &mut SendFn<'_>) {
        if matches!(self.state, ClientState::Connected | ClientState::Responding) {
            for _ in 0..DISCONNECT_COPIES {
                self.send_sealed(&Packet::Disconnect, send);
            }
        }
        if !matches!(self.state, ClientState::Ended(_)) {
            self.state = ClientState::Ended(Ended::ByClient);
        }
    }

    fn send_sealed(&mut self, packet: &Packet<'_>, send: &mut SendFn<'_>) -> bool {
        let sealed = packet::seal(packet, self.token.protocol_id, self.sequence, &self.send_key, &mut self.out);
        let Some(length) = sealed else {
            return false;
        };
        self.sequence += 1;
        self.sent_at = Some(self.now);
        send(self.server_address(), &self.out[..length]);
        true
    }
}
