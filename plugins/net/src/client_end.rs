//! The client's end of a connection, for the SDK: netcode and renet over one socket, driven by its owner's clock.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use hypogeum_protocol::link::Lane;

use crate::counters::{Counters, CountersSnapshot, DropReason};
use crate::error::NetError;
use crate::link::{Link, LinkFault, SendError, Side};
use crate::netcode::{Client, ClientState, ConnectToken, Ended, Outlet};
use crate::renet_wire;

/// Datagrams taken per update: a client gets a few per tick.
const DATAGRAMS_PER_UPDATE_MAX: usize = 1_024;
const RECEIVE_BYTES: usize = 2_048;

/// Where a connection is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndState {
    /// The handshake is under way.
    Connecting,
    /// Messages flow.
    Connected,
    /// Over for good; to connect again takes a new token.
    Closed(EndReason),
}

/// Why a connection ended, or never came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// What netcode says.
    Netcode(Ended),
    /// The server sent what no honest server sends.
    BadServer,
}

/// A client connection without a socket: datagrams in, datagrams out.
#[derive(Debug)]
pub struct ClientCore {
    netcode: Client,
    link: Link,
    counters: Counters,
    now: Duration,
    bad_server: bool,
}

impl ClientCore {
    /// A connection that begins with the first [`Self::update`].
    ///
    /// # Errors
    /// [`NetError::Token`] where the bytes are no connect token.
    pub fn new(token: &[u8]) -> Result<Self, NetError> {
        Ok(Self {
            netcode: Client::new(ConnectToken::read(token)?)?,
            link: Link::new(Side::Client, Duration::ZERO),
            counters: Counters::default(),
            now: Duration::ZERO,
            bad_server: false,
        })
    }

    /// Where the connection is in its life.
    #[must_use]
    pub fn state(&self) -> EndState {
        match self.netcode.state() {
            _ if self.bad_server => EndState::Closed(EndReason::BadServer),
            ClientState::Requesting | ClientState::Responding => EndState::Connecting,
            ClientState::Connected => EndState::Connected,
            ClientState::Ended(ended) => EndState::Closed(EndReason::Netcode(ended)),
        }
    }

    /// The server it talks to, or tries to.
    #[must_use]
    pub fn server_address(&self) -> SocketAddr {
        self.netcode.server_address()
    }

    /// Takes one datagram, which is decrypted in place.
    pub fn receive_datagram(&mut self, from: SocketAddr, datagram: &mut [u8], send: &mut Outlet<'_>) {
        self.counters.count_in(datagram.len());
        if from != self.netcode.server_address() {
            self.counters.count_drop(DropReason::Stray);
            return;
        }
        match self.netcode.receive(datagram) {
            Ok(None) => {}
            Ok(Some(payload)) if payload.first().is_some_and(|kind| renet_wire::KINDS.contains(kind)) => {
                let outcome: Result<(), LinkFault> = self.link.receive(payload, self.now);
                if let Err(fault) = outcome {
                    tracing::debug!(%fault, "left the server for what it sent");
                    self.counters.count_drop(DropReason::Hostile);
                    self.netcode.disconnect(&mut counted(&self.counters, send));
                    self.bad_server = true;
                }
            }
            Ok(Some(_)) => self.counters.count_drop(DropReason::UnknownLane),
            Err(reason) => self.counters.count_drop(reason),
        }
    }

    /// Moves time, and sends what the handshake needs and what is due of acks and resends.
    pub fn update(&mut self, elapsed: Duration, send: &mut Outlet<'_>) {
        self.now += elapsed;
        self.netcode.update(elapsed, &mut counted(&self.counters, send));
        if self.link.is_due(self.now) {
            self.flush(send);
        }
    }

    /// The next whole message of a lane.
    pub fn receive(&mut self, lane: Lane) -> Option<Vec<u8>> {
        if self.bad_server { None } else { self.link.take(lane) }
    }

    /// Queues a message until the next [`Self::flush`].
    ///
    /// # Errors
    /// [`SendError`]; the message is dropped.
    pub fn send(&mut self, lane: Lane, bytes: Vec<u8>) -> Result<(), SendError> {
        if matches!(self.state(), EndState::Closed(_)) {
            return Err(SendError::NotConnected);
        }
        self.link.send(lane, bytes)
    }

    /// Sends what was queued, if the connection is up; else it waits.
    pub fn flush(&mut self, send: &mut Outlet<'_>) {
        if self.state() != EndState::Connected {
            return;
        }
        let (netcode, counters) = (&mut self.netcode, &self.counters);
        let mut send = counted(counters, send);
        self.link.flush(self.now, &mut |packet| {
            if !netcode.send_payload(packet, &mut send) {
                counters.count_drop(DropReason::Unsendable);
            }
        });
    }

    /// Says goodbye. What was queued and not flushed is lost.
    pub fn disconnect(&mut self, send: &mut Outlet<'_>) {
        self.netcode.disconnect(&mut counted(&self.counters, send));
    }

    /// Traffic and drops so far.
    #[must_use]
    pub fn counters(&self) -> CountersSnapshot {
        self.counters.snapshot()
    }
}

fn counted<'a>(counters: &'a Counters, send: &'a mut Outlet<'_>) -> impl FnMut(SocketAddr, &[u8]) + 'a {
    move |to, bytes| {
        counters.count_out(bytes.len());
        send(to, bytes);
    }
}

/// A client connection with its own socket. Nothing happens between calls: update it every frame.
#[derive(Debug)]
pub struct ClientEnd {
    core: ClientCore,
    socket: UdpSocket,
}

impl ClientEnd {
    /// Opens a socket on any free port and begins to connect with the next [`Self::update`].
    ///
    /// # Errors
    /// [`NetError::Token`] where the bytes are no connect token, [`NetError::Bind`] where there is no socket to be had.
    pub fn connect(token: &[u8]) -> Result<Self, NetError> {
        let core = ClientCore::new(token)?;
        let socket = open_socket(core.server_address())?;
        Ok(Self { core, socket })
    }

    /// Takes what arrived, moves time by `elapsed`, and sends what is due.
    pub fn update(&mut self, elapsed: Duration) {
        let mut buffer = [0; RECEIVE_BYTES];
        for _ in 0..DATAGRAMS_PER_UPDATE_MAX {
            match self.socket.recv_from(&mut buffer) {
                Ok((length, from)) => {
                    let socket = &self.socket;
                    self.core.receive_datagram(from, &mut buffer[..length], &mut |to, bytes| send(socket, to, bytes));
                }
                // The server's port is closed just now: its timeout decides.
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) => {}
                Err(_) => break,
            }
        }
        let server = self.core.server_address();
        self.core.update(elapsed, &mut |to, bytes| send(&self.socket, to, bytes));
        if self.core.server_address().is_ipv4() != server.is_ipv4()
            && let Ok(socket) = open_socket(self.core.server_address())
        {
            // The next address of the token is of the other family.
            self.socket = socket;
        }
    }

    /// The next whole message of a lane.
    pub fn receive(&mut self, lane: Lane) -> Option<Vec<u8>> {
        self.core.receive(lane)
    }

    /// Queues a message until the next [`Self::flush`]; while connecting it waits.
    ///
    /// # Errors
    /// [`SendError`]; the message is dropped.
    pub fn send(&mut self, lane: Lane, bytes: Vec<u8>) -> Result<(), SendError> {
        self.core.send(lane, bytes)
    }

    /// Sends what was queued.
    pub fn flush(&mut self) {
        self.core.flush(&mut |to, bytes| send(&self.socket, to, bytes));
    }

    /// Where the connection is in its life.
    #[must_use]
    pub fn state(&self) -> EndState {
        self.core.state()
    }

    /// Says goodbye. What was queued and not flushed is lost.
    pub fn disconnect(&mut self) {
        self.core.disconnect(&mut |to, bytes| send(&self.socket, to, bytes));
    }

    /// Traffic and drops so far.
    #[must_use]
    pub fn counters(&self) -> CountersSnapshot {
        self.core.counters()
    }

    /// The address of this end.
    ///
    /// # Errors
    /// What the system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }
}

fn open_socket(server: SocketAddr) -> Result<UdpSocket, NetError> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let open = || {
        let socket = UdpSocket::bind(any)?;
        socket.set_nonblocking(true)?;
        Ok(socket)
    };
    open().map_err(|source| NetError::Bind { address: any, source })
}

fn send(socket: &UdpSocket, to: SocketAddr, bytes: &[u8]) {
    // A datagram that does not leave is a datagram lost: renet sends again, netcode times out.
    let _ = socket.send_to(bytes, to);
}
