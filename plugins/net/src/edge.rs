//! The UDP edge: a thread that owns its socket and meets the tick through two queues.

use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hypogeum_protocol::limits;
use hypogeum_protocol::link::{ClassQueue, FromEdge, ToEdge};
use socket2::{Domain, Protocol, Socket, Type};

use crate::counters::{Counters, CountersSnapshot, DropReason};
use crate::error::NetError;
use crate::host::{Host, Queues};
use crate::mint::TokenMint;
use crate::netcode::{KEY_BYTES, ServerConfig};

/// Asked of the system for each direction; the default of 212,992 bytes holds 250 datagrams. It grants what it allows.
const SOCKET_BUFFER_BYTES: usize = 4 << 20;
/// The longest a round waits for a datagram, and so the longest a message of the tick waits to leave.
const ROUND: Duration = Duration::from_millis(2);
/// Datagrams taken per round, so that a flood cannot keep the tick's messages from leaving.
const DATAGRAMS_PER_ROUND_MAX: usize = 1_024;
/// The longest a full send buffer may stop the thread for one datagram.
const SEND_WAIT_MAX: Duration = Duration::from_millis(1);
/// How long shutdown waits for clients to acknowledge what was sent.
const SHUTDOWN_LINGER: Duration = Duration::from_millis(500);
/// Longer than any datagram of the standard, so that an oversized one shows.
const RECEIVE_BYTES: usize = 2_048;

/// How a [`UdpEdge`] is set up.
#[derive(Clone)]
pub struct NetConfig {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// What clients are told to connect to, in order; at most 32. Empty: the address listened on, loopback where that
    /// is "any". A port of 0 stands for the one listened on.
    pub public: Vec<SocketAddr>,
    /// What connect tokens are sealed with. Every server of a deployment has its own.
    pub private_key: [u8; KEY_BYTES],
    /// Game and wire format, [`limits::NETCODE_PROTOCOL_ID`] unless a test wants another.
    pub protocol_id: u64,
    /// Connections at once: 1 to 2²⁴.
    pub connections_max: usize,
    /// Seconds of silence after which a connection ends; 0: never.
    pub timeout_s: u32,
    /// Seconds a connect token is good for, at least 1.
    pub token_lifetime_s: u32,
    /// Connection requests examined per second, at least 1.
    pub handshakes_per_s_max: u32,
}

impl NetConfig {
    /// The usual numbers for `listen` and `private_key`: 10,000 connections, 5 s timeout, tokens of 30 s.
    #[must_use]
    pub fn new(listen: SocketAddr, private_key: [u8; KEY_BYTES]) -> Self {
        Self {
            listen,
            public: Vec::new(),
            private_key,
            protocol_id: limits::NETCODE_PROTOCOL_ID,
            connections_max: 10_000,
            timeout_s: 5,
            token_lifetime_s: 30,
            handshakes_per_s_max: 10_000,
        }
    }

    fn check(&self) -> Result<(), NetError> {
        let range = |field, value: u64, fits: bool, expected| {
            if fits { Ok(()) } else { Err(NetError::OutOfRange { field, value, expected }) }
        };
        let connections_fit = (1..=1 << 24).contains(&self.connections_max);
        range("connections_max", self.connections_max as u64, connections_fit, "1 to 16777216")?;
        range("token_lifetime_s", self.token_lifetime_s.into(), self.token_lifetime_s > 0, "at least 1")?;
        range("handshakes_per_s_max", self.handshakes_per_s_max.into(), self.handshakes_per_s_max > 0, "at least 1")
    }

    fn public_addresses(&self, bound: SocketAddr) -> Vec<SocketAddr> {
        if self.public.is_empty() {
            let ip = match bound.ip() {
                IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
                ip => ip,
            };
            return vec![SocketAddr::new(ip, bound.port())];
        }
        let with_port = |address: &SocketAddr| match address.port() {
            0 => SocketAddr::new(address.ip(), bound.port()),
            _ => *address,
        };
        self.public.iter().map(with_port).collect()
    }
}

/// A UDP port with its thread. Dropping it says goodbye to every client.
#[derive(Debug)]
pub struct UdpEdge {
    /// What the tick takes: connections and messages.
    pub incoming: Arc<ClassQueue<FromEdge>>,
    /// What the tick gives: messages and goodbyes. Each leaves within about 2 ms.
    pub outgoing: Arc<ClassQueue<ToEdge>>,
    counters: Arc<Counters>,
    local_addr: SocketAddr,
    mint: TokenMint,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl UdpEdge {
    /// Opens the port and starts the thread.
    ///
    /// # Errors
    /// Any [`NetError`]; nothing is left behind.
    pub fn bind(config: NetConfig) -> Result<Self, NetError> {
        config.check()?;
        let socket = open_socket(config.listen).map_err(|source| match source.kind() {
            ErrorKind::AddrInUse => NetError::PortTaken(config.listen),
            _ => NetError::Bind { address: config.listen, source },
        })?;
        let bind_error = |source| NetError::Bind { address: config.listen, source };
        let local_addr = socket.local_addr().map_err(bind_error)?;
        let addresses = config.public_addresses(local_addr);
        let mint = TokenMint::new(
            config.private_key,
            config.protocol_id,
            addresses.clone(),
            config.timeout_s,
            config.token_lifetime_s,
        )?;

        let counters = Arc::new(Counters::default());
        let queues = Queues {
            incoming: Arc::new(ClassQueue::new(limits::EDGE_QUEUE_FRAMES_MAX)),
            outgoing: Arc::new(ClassQueue::new(limits::EDGE_QUEUE_FRAMES_MAX)),
        };
        let server = ServerConfig {
            private_key: config.private_key,
            protocol_id: config.protocol_id,
            addresses,
            clients_max: config.connections_max,
            handshakes_per_s_max: config.handshakes_per_s_max,
        };
        let clock = Clock::start();
        let host = Host::new(server, queues.clone(), counters.clone(), Duration::ZERO, clock.unix_s(Duration::ZERO));
        let stop = Arc::new(AtomicBool::new(false));
        let mut thread = SocketThread { socket, host, clock, counters: counters.clone(), stop: stop.clone() };
        let thread = std::thread::Builder::new()
            .name(format!("udp-{}", local_addr.port()))
            .spawn(move || thread.run())
            .map_err(NetError::Thread)?;
        let Queues { incoming, outgoing } = queues;
        Ok(Self { incoming, outgoing, counters, local_addr, mint, stop, thread: Some(thread) })
    }

    /// The address listened on, with the port that was taken.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// What makes connect tokens for this port.
    #[must_use]
    pub fn token_mint(&self) -> TokenMint {
        self.mint.clone()
    }

    /// Traffic and drops so far.
    #[must_use]
    pub fn counters(&self) -> CountersSnapshot {
        self.counters.snapshot()
    }

    /// The counters themselves, for one who reports them while the edge is owned elsewhere.
    #[must_use]
    pub fn shared_counters(&self) -> Arc<Counters> {
        self.counters.clone()
    }

    /// Sends what waits, says goodbye to every client, and ends the thread. Takes half a second at most; doing it again
    /// does nothing. Whatever is in [`Self::incoming`] stays there.
    pub fn shutdown(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the socket thread panicked");
        }
    }
}

impl Drop for UdpEdge {
    fn drop(&mut self) {
        self.shutdown();
    }
}

fn open_socket(listen: SocketAddr) -> io::Result<UdpSocket> {
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

/// Monotonic time, and the wall clock as it was at the start moved along by it: a clock set back or forth later
/// neither times anybody out nor makes tokens younger.
#[derive(Clone, Copy)]
struct Clock {
    started: Instant,
    unix_at_start: Duration,
}

impl Clock {
    fn start() -> Self {
        let unix_at_start = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), unix_at_start }
    }

    fn unix_s(&self, elapsed: Duration) -> u64 {
        (self.unix_at_start + elapsed).as_secs()
    }
}

struct SocketThread {
    socket: UdpSocket,
    host: Host,
    clock: Clock,
    counters: Arc<Counters>,
    stop: Arc<AtomicBool>,
}

impl SocketThread {
    fn run(&mut self) {
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
