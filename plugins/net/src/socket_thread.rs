//! The thread that owns a socket: receives in rounds, works between them, sleeps where nothing comes.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use socket2::{Domain, Protocol, Socket, Type};

use crate::config::reachable_ip;
use crate::counters::{Counters, DropReason};
use crate::host::Host;

/// Asked of the system for each direction; the default of 212,992 bytes holds 250 datagrams. It grants what it allows.
const SOCKET_BUFFER_BYTES: usize = 4 << 20;
/// How long a round waits for a datagram. The system rounds it up to its timer's steps, 4 to 8 ms on most Linux.
const ROUND: Duration = Duration::from_millis(2);
/// Datagrams taken per round, so that a flood cannot keep the tick's messages from leaving.
const DATAGRAMS_PER_ROUND_MAX: usize = 1_024;
/// The longest a full send buffer may stop the thread for one datagram.
const SEND_WAIT_MAX: Duration = Duration::from_millis(1);
/// How long shutdown waits for clients to acknowledge what was sent.
const SHUTDOWN_LINGER: Duration = Duration::from_millis(500);
/// Longer than any datagram of the standard, so that an oversized one shows.
const RECEIVE_BYTES: usize = 2_048;

pub(crate) fn open_socket(listen: SocketAddr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::for_address(listen), Type::DGRAM, Some(Protocol::UDP))?;
    if listen.is_ipv6() {
        socket.set_only_v6(true)?;
    }
    // The system cuts these to what it allows, or refuses where it allows no change: slower, but it works.
    for result in [socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES), socket.set_send_buffer_size(SOCKET_BUFFER_BYTES)] {
        if let Err(error) = result {
            tracing::warn!(%error, "the socket keeps its small buffers");
        }
    }
    socket.bind(&listen.into())?;
    socket.set_read_timeout(Some(ROUND))?;
    socket.set_write_timeout(Some(SEND_WAIT_MAX))?;
    Ok(socket.into())
}

/// A socket whose datagrams end the wait of the one bound to `edge`, and its address.
pub(crate) fn open_waker(edge: SocketAddr) -> io::Result<(UdpSocket, SocketAddr)> {
    let ip = reachable_ip(edge);
    let socket = UdpSocket::bind((ip, 0))?;
    socket.connect((ip, edge.port()))?;
    socket.set_nonblocking(true)?;
    let address = socket.local_addr()?;
    Ok((socket, address))
}

/// Monotonic time, and the wall clock as it was at the start moved along by it: a clock set back or forth later
/// neither times anybody out nor makes tokens younger.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
    unix_at_start: Duration,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let unix_at_start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), unix_at_start }
    }

    pub(crate) fn now_unix_s(&self) -> u64 {
        self.unix_s(self.started.elapsed())
    }

    #[cfg(test)]
    pub(crate) fn started_at(unix_at_start: Duration) -> Self {
        Self { started: Instant::now(), unix_at_start }
    }

    pub(crate) fn unix_s(&self, elapsed: Duration) -> u64 {
        (self.unix_at_start + elapsed).as_secs()
    }
}

pub(crate) struct SocketThread {
    pub(crate) socket: UdpSocket,
    pub(crate) waker_address: SocketAddr,
    pub(crate) host: Host,
    pub(crate) clock: Clock,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stop: Arc<AtomicBool>,
}

impl SocketThread {
    pub(crate) fn run(&mut self) {
        while !self.stop.load(Ordering::Relaxed) {
            self.round();
        }
        // What the tick said last is in the queue: take it before closing.
        self.round();
        self.host.begin_shutdown();
        let deadline = Instant::now() + SHUTDOWN_LINGER;
        while self.host.connections_count() > 0 && Instant::now() < deadline {
            self.round();
        }
        self.host.end_all(&mut |to, bytes| send(&self.socket, &self.counters, to, bytes));
        self.host.work(&mut |_, _| {});
    }

    /// Receives for at most [`ROUND`], sleeping where nothing comes, then does the rest of the work once.
    fn round(&mut self) {
        let mut buffer = [0; RECEIVE_BYTES];
        let round_ends = self.clock.started.elapsed() + ROUND;
        for _ in 0..DATAGRAMS_PER_ROUND_MAX {
            let received = self.socket.recv_from(&mut buffer);
            let now = self.clock.started.elapsed();
            self.host.advance(now, self.clock.unix_s(now));
            match received {
                Ok((_, from)) if from == self.waker_address => break,
                Ok((length, from)) => {
                    let (socket, counters) = (&self.socket, &self.counters);
                    self.host.receive(from, &mut buffer[..length], &mut |to, bytes| send(socket, counters, to, bytes));
                }
                Err(error) => match error.kind() {
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => break,
                    // The port of some earlier receiver is closed; that says nothing about the next datagram.
                    ErrorKind::Interrupted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused => {}
                    _ => {
                        // The interface is gone, or the like: wait instead of spinning until it is back.
                        std::thread::sleep(ROUND);
                        break;
                    }
                },
            }
            if now >= round_ends {
                break;
            }
        }
        let (socket, counters) = (&self.socket, &self.counters);
        self.host.work(&mut |to, bytes| send(socket, counters, to, bytes));
    }
}

fn send(socket: &UdpSocket, counters: &Counters, to: SocketAddr, bytes: &[u8]) {
    match socket.send_to(bytes, to) {
        Ok(_) => counters.count_out(bytes.len()),
        Err(_) => counters.count_drop(DropReason::SendFailed),
    }
}
