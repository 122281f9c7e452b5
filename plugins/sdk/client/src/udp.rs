//! The wire over real UDP: netcode's handshake and encryption, renet's three channels.

use std::time::Duration;

use hypogeum_netcode::Ended;
use hypogeum_netcode::{ConnectionState, CountersSnapshot, EndReason};
use hypogeum_protocol::link::Lane;

use crate::client::Client;
use crate::client_socket::{ClientSocket, ConnectError};
use crate::http::Connection;
use crate::wire::{Ending, Traffic, Wire, WireState};

/// The lanes in the order their messages are taken: what was promised to arrive first.
pub(crate) const LANES: [Lane; 3] = [Lane::ReliableOrdered, Lane::ReliableUnordered, Lane::Unreliable];

/// A UDP socket of one client. Its handshake begins with the first [`Wire::update`].
#[derive(Debug)]
pub struct UdpWire {
    end: ClientSocket,
    /// Messages that found no room to leave.
    unsent_count: u64,
}

impl UdpWire {
    /// Opens a socket for a connect token.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub fn connect(token: &[u8]) -> Result<Self, ConnectError> {
        Ok(Self { end: ClientSocket::connect(token)?, unsent_count: 0 })
    }

    /// Messages that were given up because the connection was over or its channel full.
    #[must_use]
    pub const fn unsent_count(&self) -> u64 {
        self.unsent_count
    }
}

impl Client<UdpWire> {
    /// A client over UDP. Its handshake begins with the first [`Client::poll`]; [`crate::Change::Opened`] ends it.
    ///
    /// # Errors
    /// [`ConnectError`].
    pub fn connect(connection: &Connection) -> Result<Self, ConnectError> {
        UdpWire::connect(&connection.token).map(Self::new)
    }
}

impl Wire for UdpWire {
    fn update(&mut self, elapsed: Duration) {
        self.end.update(elapsed);
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        LANES.iter().find_map(|lane| self.end.receive(*lane))
    }

    fn send(&mut self, lane: Lane, bytes: Vec<u8>) {
        self.unsent_count += u64::from(self.end.send(lane, bytes).is_err());
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        self.unsent_count += u64::from(!self.end.send_lane(datagram));
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        self.end.take_lane(out)
    }

    fn flush(&mut self) {
        self.end.flush();
    }

    fn state(&self) -> WireState {
        wire_state(self.end.state())
    }

    fn traffic(&self) -> Traffic {
        Traffic::of(self.end.counters())
    }

    fn close(&mut self) {
        self.end.disconnect();
    }
}

pub(crate) const fn wire_state(state: ConnectionState) -> WireState {
    match state {
        ConnectionState::Connecting => WireState::Connecting,
        ConnectionState::Connected => WireState::Open,
        ConnectionState::Closed(EndReason::BadServer) => WireState::Closed(Ending::BadServer),
        ConnectionState::Closed(EndReason::Netcode(ended)) => WireState::Closed(ending(ended)),
    }
}

impl Traffic {
    pub(crate) const fn of(counters: CountersSnapshot) -> Self {
        Self {
            datagrams_in: counters.datagrams_in,
            datagrams_out: counters.datagrams_out,
            bytes_in: counters.bytes_in,
            bytes_out: counters.bytes_out,
        }
    }
}

const fn ending(ended: Ended) -> Ending {
    match ended {
        Ended::ByClient => Ending::ByClient,
        Ended::ByServer => Ending::ByServer,
        Ended::TimedOut => Ending::TimedOut,
        Ended::Denied => Ending::Denied,
        Ended::Unanswered | Ended::TokenExpired => Ending::Unanswered,
    }
}
