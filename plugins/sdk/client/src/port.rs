//! The wire over anything that carries datagrams: for programs that drive thousands of clients over sockets of their
//! own making.

use std::net::SocketAddr;
use std::time::Duration;

use hypogeum_netcode::{ClientCore, TokenError};
use hypogeum_protocol::link::Lane;

use crate::udp::{LANES, wire_state};
use crate::wire::{Traffic, Wire, WireState};

/// Longest datagram taken; the longest that is sent is shorter.
const RECEIVE_BYTES: usize = 2_048;
/// Datagrams taken per update at most.
const DATAGRAMS_PER_UPDATE_MAX: usize = 1_024;

/// What carries one client's datagrams.
pub trait DatagramPort {
    /// Sends one to the server. It may be lost.
    fn send(&mut self, to: SocketAddr, datagram: &[u8]);
    /// Puts the next one that came from `server` into the buffer and says how long it is; `None` where there is none.
    fn receive(&mut self, server: SocketAddr, buffer: &mut [u8]) -> Option<usize>;
}

/// A netcode connection over a [`DatagramPort`]. Its handshake begins with the first [`Wire::update`].
#[derive(Debug)]
pub struct PortWire<P> {
    core: ClientCore,
    port: P,
    /// Messages that found no room to leave.
    unsent_count: u64,
    /// Messages wait for a flush. To ask renet each time costs more than everything else.
    has_unflushed: bool,
    /// Something arrived that may have completed a message. To ask renet each time costs as much as a datagram.
    has_heard: bool,
}

impl<P: DatagramPort> PortWire<P> {
    /// A connection by a connect token.
    ///
    /// # Errors
    /// [`TokenError`] where the token is none.
    pub fn connect(token: &[u8], port: P) -> Result<Self, TokenError> {
        let core = ClientCore::new(token)?;
        Ok(Self { core, port, unsent_count: 0, has_unflushed: false, has_heard: false })
    }

    /// The server it talks to, or tries to.
    #[must_use]
    pub fn server_address(&self) -> SocketAddr {
        self.core.server_address()
    }

    /// Messages that were given up because the connection was over or its channel full.
    #[must_use]
    pub const fn unsent_count(&self) -> u64 {
        self.unsent_count
    }
}

impl<P: DatagramPort> Wire for PortWire<P> {
    fn update(&mut self, elapsed: Duration) {
        let Self { core, port, has_heard, .. } = self;
        let mut buffer = [0; RECEIVE_BYTES];
        for _ in 0..DATAGRAMS_PER_UPDATE_MAX {
            let server = core.server_address();
            let Some(length) = port.receive(server, &mut buffer) else { break };
            if let Some(datagram) = buffer.get_mut(..length) {
                core.receive_datagram(server, datagram, &mut |to, bytes| port.send(to, bytes));
            }
        }
        *has_heard |= core.take_heard();
        core.update(elapsed, &mut |to, bytes| port.send(to, bytes));
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        if !self.has_heard {
            return None;
        }
        let message = LANES.iter().find_map(|lane| self.core.receive(*lane));
        self.has_heard = message.is_some();
        message
    }

    fn send(&mut self, lane: Lane, bytes: Vec<u8>) {
        self.unsent_count += u64::from(self.core.send(lane, bytes).is_err());
        self.has_unflushed = true;
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        let Self { core, port, .. } = self;
        let sent = core.send_lane(datagram, &mut |to, bytes| port.send(to, bytes));
        self.unsent_count += u64::from(!sent);
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        self.core.take_lane(out)
    }

    fn flush(&mut self) {
        if !std::mem::take(&mut self.has_unflushed) {
            return;
        }
        let Self { core, port, .. } = self;
        core.flush(&mut |to, bytes| port.send(to, bytes));
    }

    fn state(&self) -> WireState {
        wire_state(self.core.state())
    }

    fn traffic(&self) -> Traffic {
        Traffic::of(self.core.counters())
    }

    fn close(&mut self) {
        let Self { core, port, .. } = self;
        core.disconnect(&mut |to, bytes| port.send(to, bytes));
    }
}
