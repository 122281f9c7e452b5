//! A client's socket around a [`ClientCore`], driven by its owner's clock.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use hypogeum_protocol::link::Lane;

use hypogeum_netcode::{ClientCore, ConnectionState, CountersSnapshot, SendError, TokenError};

/// Datagrams taken per update: a client gets a few per tick.
const DATAGRAMS_PER_UPDATE_MAX: usize = 1_024;
const RECEIVE_BYTES: usize = 2_048;

/// What keeps a client from connecting.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The connect token cannot be used.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The system gives no socket.
    #[error("no UDP socket can be opened: {0}")]
    Socket(#[from] io::Error),
}

/// A client connection with its own socket. Nothing happens between calls: update it every frame.
#[derive(Debug)]
pub struct ClientSocket {
    core: ClientCore,
    /// Connected to the server tried just now, so that the system drops what strangers send.
    socket: UdpSocket,
    generation: u32,
}

impl ClientSocket {
    /// Opens a socket on any free port and begins to connect with the next [`Self::update`].
    ///
    /// # Errors
    /// [`ConnectError`].
    pub fn connect(token: &[u8]) -> Result<Self, ConnectError> {
        let core = ClientCore::new(token)?;
        let socket = open_socket(core.server_address())?;
        Ok(Self { core, socket, generation: 0 })
    }

    /// Takes what arrived, moves time by `elapsed`, and sends what is due.
    pub fn update(&mut self, elapsed: Duration) {
        self.receive_ready();
        self.advance(elapsed);
    }

    /// Takes what arrived. A driver of many ends calls it only where the system says that [this one](AsFd) has something
    /// to read; [`Self::update`] does it each time.
    pub fn receive_ready(&mut self) {
        let mut buffer = [0; RECEIVE_BYTES];
        for _ in 0..DATAGRAMS_PER_UPDATE_MAX {
            match self.socket.recv(&mut buffer) {
                Ok(length) => {
                    let (socket, from) = (&self.socket, self.core.server_address());
                    self.core.receive_datagram(from, &mut buffer[..length], &mut |_, bytes| send(socket, bytes));
                }
                // The server's port is closed just now: its timeout decides.
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset) => {}
                Err(_) => break,
            }
        }
    }

    /// Moves time by `elapsed` and sends what is due. Where nothing is, the system is not asked for anything, so it costs
    /// little to let thousands of ends age a few times a second.
    pub fn advance(&mut self, elapsed: Duration) {
        let server = self.core.server_address();
        self.core.update(elapsed, &mut |_, bytes| send(&self.socket, bytes));
        if self.core.server_address() != server
            && let Ok(socket) = open_socket(self.core.server_address())
        {
            // The token's next address. Anyone who watches the old socket has nothing more to see there.
            self.socket = socket;
            self.generation += 1;
        }
    }

    /// How often the socket was replaced: once for each further server address of the token that had to be tried.
    /// Anyone who watches the [file descriptor](AsFd) registers the new one where this changes.
    #[must_use]
    pub fn socket_generation(&self) -> u32 {
        self.generation
    }

    /// Sends one datagram on the datagram lane; see [`ClientCore::send_lane`].
    pub fn send_lane(&mut self, payload: &[u8]) -> bool {
        self.core.send_lane(payload, &mut |_, bytes| send(&self.socket, bytes))
    }

    /// Takes one datagram of the datagram lane; see [`ClientCore::take_lane`].
    pub fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        self.core.take_lane(out)
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
        self.core.flush(&mut |_, bytes| send(&self.socket, bytes));
    }

    /// Where the connection is in its life.
    #[must_use]
    pub fn state(&self) -> ConnectionState {
        self.core.state()
    }

    /// Says goodbye. What was queued and not flushed is lost.
    pub fn disconnect(&mut self) {
        self.core.disconnect(&mut |_, bytes| send(&self.socket, bytes));
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

fn open_socket(server: SocketAddr) -> Result<UdpSocket, ConnectError> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let open = || -> io::Result<UdpSocket> {
        let socket = UdpSocket::bind(any)?;
        socket.set_nonblocking(true)?;
        // No way there, perhaps no IPv6 at all: nothing leaves, and the token's next address gets its turn.
        let _ = socket.connect(server);
        Ok(socket)
    };
    Ok(open()?)
}

fn send(socket: &UdpSocket, bytes: &[u8]) {
    // A datagram that does not leave is a datagram lost: renet sends again, netcode times out.
    let _ = socket.send(bytes);
}

impl AsFd for ClientSocket {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}
