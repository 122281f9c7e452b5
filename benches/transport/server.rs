//! The two servers, and the measure of what their threads cost.

use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hypogeum_protocol::link::{DatagramBatch, EdgeLink, FromEdge};
use hypogeum_protocol::{ConnectionId, limits};
use hypogeum_udp::{NetConfig, UdpEdge};
use nix::time::{ClockId, clock_gettime};
use renet::{ConnectionConfig, DefaultChannel, RenetServer, ServerEvent};
use renet_netcode::{NetcodeServerTransport, ServerAuthentication, ServerConfig};

use crate::harness::thread_time;
use crate::traffic::{self, DOWN_BYTES, UP_BYTES};
use crate::{Load, MEASURED, Swarm, SwarmCounts, Turn, WARM_UP};

/// What both servers seal tokens with.
pub(crate) const KEY: [u8; 32] = [7; 32];
/// The longest all clients may take to connect.
const PATIENCE: Duration = Duration::from_secs(60);
/// Asked for both servers' sockets: with the system's default both would lose most of what arrives between two ticks.
const SOCKET_BUFFER_BYTES: usize = 4 << 20;

/// Seconds since 1970.
pub(crate) fn unix_time() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970")
}

/// What the server saw while it was measured.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) ticks: u64,
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) spoiled: u64,
}

/// A server under measure.
pub(crate) trait Server {
    /// Takes what came and sends `sequence` to everyone; counts both.
    fn tick(&mut self, elapsed: Duration, sequence: u32, counts: &mut Counts);
    /// Clients connected.
    fn connected(&self) -> usize;
}

/// Our edge, and what a tick must know of its clients.
pub(crate) struct OurServer {
    edge: UdpEdge,
    link: EdgeLink,
    clients: Vec<(ConnectionId, u64)>,
    news: Vec<FromEdge>,
    arrived: DatagramBatch,
    leaving: Vec<DatagramBatch>,
    /// Session by place: the edge numbers places of a worker from 0 on.
    sessions: std::collections::HashMap<ConnectionId, u64>,
}

impl OurServer {
    /// Listens on any port.
    pub(crate) fn bind(clients_max: usize) -> Self {
        let mut config = NetConfig::new("127.0.0.1:0".parse().expect("an address"), KEY);
        config.connections_max = clients_max;
        config.timeout_s = 15;
        config.workers = 1;
        let edge = UdpEdge::bind(config).expect("any port is free");
        let link = edge.link();
        let leaving = link.workers.iter().map(|_| DatagramBatch::default()).collect();
        Self {
            edge,
            link,
            clients: Vec::new(),
            news: Vec::new(),
            arrived: DatagramBatch::default(),
            leaving,
            sessions: Default::default(),
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.edge.local_addr()
    }
}

impl Server for OurServer {
    fn tick(&mut self, _elapsed: Duration, sequence: u32, counts: &mut Counts) {
        self.link.incoming.drain_into(&mut self.news, usize::MAX);
        for item in self.news.drain(..) {
            match item {
                FromEdge::Opened { connection, session, .. } => {
                    self.clients.push((connection, session.0));
                    self.sessions.insert(connection, session.0);
                }
                FromEdge::Quiet { .. } => {}
                other => panic!("nobody leaves and nobody sends messages: {other:?}"),
            }
        }
        self.link.datagrams.take(&mut self.arrived);
        for (connection, datagram) in self.arrived.iter() {
            let session = self.sessions.get(&connection).copied().unwrap_or_default();
            counts.received += 1;
            counts.spoiled += u64::from(traffic::read(datagram, session, UP_BYTES).is_none());
        }
        for (connection, session) in &self.clients {
            self.leaving[self.link.worker_of(*connection)].push_with(*connection, |bytes| {
                let start = bytes.len();
                bytes.resize(start + DOWN_BYTES, 0);
                traffic::write(&mut bytes[start..], *session, sequence);
            });
        }
        counts.sent += self.clients.len() as u64;
        for (worker, leaving) in self.link.workers.iter().zip(&mut self.leaving) {
            worker.datagrams.leave(leaving);
        }
        self.edge.wake();
    }

    fn connected(&self) -> usize {
        self.clients.len()
    }
}

/// renet and renet_netcode as their examples use them.
pub(crate) struct StockServer {
    renet: RenetServer,
    transport: NetcodeServerTransport,
    address: SocketAddr,
    clients: Vec<u64>,
}

impl StockServer {
    /// Listens on any port.
    pub(crate) fn bind(clients_max: usize) -> Self {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).expect("a socket");
        socket.set_recv_buffer_size(SOCKET_BUFFER_BYTES).expect("the system takes the number");
        socket.set_send_buffer_size(SOCKET_BUFFER_BYTES).expect("the system takes the number");
        socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("any port is free");
        let socket = UdpSocket::from(socket);
        let address = socket.local_addr().expect("it is bound");
        let config = ServerConfig {
            current_time: unix_time(),
            max_clients: clients_max,
            protocol_id: limits::NETCODE_PROTOCOL_ID,
            public_addresses: vec![address],
            authentication: ServerAuthentication::Secure { private_key: KEY },
        };
        let transport = NetcodeServerTransport::new(config, socket).expect("the socket is fine");
        Self { renet: RenetServer::new(ConnectionConfig::default()), transport, address, clients: Vec::new() }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Server for StockServer {
    fn tick(&mut self, elapsed: Duration, sequence: u32, counts: &mut Counts) {
        self.renet.update(elapsed);
        self.transport.update(elapsed, &mut self.renet).expect("loopback works");
        while let Some(event) = self.renet.get_event() {
            match event {
                ServerEvent::ClientConnected { client_id } => self.clients.push(client_id),
                ServerEvent::ClientDisconnected { client_id, reason } => panic!("{client_id} left: {reason:?}"),
            }
        }
        for client in &self.clients {
            while let Some(datagram) = self.renet.receive_message(*client, DefaultChannel::Unreliable) {
                counts.received += 1;
                counts.spoiled += u64::from(traffic::read(&datagram, *client, UP_BYTES).is_none());
            }
            let mut bytes = vec![0; DOWN_BYTES];
            traffic::write(&mut bytes, *client, sequence);
            self.renet.send_message(*client, DefaultChannel::Unreliable, bytes);
        }
        counts.sent += self.clients.len() as u64;
        self.transport.send_packets(&mut self.renet);
    }

    fn connected(&self) -> usize {
        self.clients.len()
    }
}

/// Waits for all clients, lets them play, and takes the time of this process's threads.
pub(crate) fn measured(mut server: impl Server, swarm: Swarm, load: Load) -> (Turn, Counts, SwarmCounts) {
    let clients_count = load.clients;
    let mut counts = Counts::default();
    let mut sequence = 0;
    let mut last = Instant::now();
    let mut play = |until: &mut dyn FnMut(&dyn Server) -> bool, counts: &mut Counts| {
        let mut deadline = Instant::now();
        while !until(&server) {
            sequence += 1;
            let now = Instant::now();
            server.tick(now - last, sequence, counts);
            last = now;
            counts.ticks += 1;
            deadline += load.tick;
            std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
        }
    };
    let started = Instant::now();
    play(
        &mut |server| {
            let connected = server.connected();
            assert!(
                started.elapsed() < PATIENCE,
                "{connected} of {clients_count} clients are connected after {PATIENCE:?}"
            );
            connected == clients_count
        },
        &mut counts,
    );
    let started = Instant::now();
    play(&mut |_| started.elapsed() >= WARM_UP, &mut counts);
    let sent_before = counts.sent;
    counts = Counts::default();
    let (before, started) = (cpu_times(), Instant::now());
    play(&mut |_| started.elapsed() >= MEASURED, &mut counts);
    let after = cpu_times();
    let measured = counts;
    let swarm = swarm.end();
    let client_ticks = (measured.ticks * clients_count as u64) as f64;
    let us = |times: (u64, u64)| times.0 as f64 / 1_000.0 / client_ticks;
    let workers = |times: (u64, u64)| times.1 as f64 / 1_000.0 / client_ticks;
    let turn = Turn { us_per_client_tick: us(after) - us(before), of_workers: workers(after) - workers(before) };
    // The clients count everything from the first datagram to the last.
    (turn, Counts { sent: sent_before + measured.sent, ..measured }, swarm)
}

/// Nanoseconds on a CPU so far: of all threads of this process, and of those besides this one, which are the workers.
fn cpu_times() -> (u64, u64) {
    let all = Duration::from(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("the system keeps accounts"));
    let workers = all.saturating_sub(thread_time());
    (all.as_nanos() as u64, workers.as_nanos() as u64)
}
