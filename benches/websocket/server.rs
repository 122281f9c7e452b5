//! The servers whose cost per client and tick is measured in this process: ours, and a bare loop around epoll.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::limits::EDGE_QUEUE_FRAMES_MAX;
use hypogeum_protocol::link::{DatagramBatch, EdgeLink, FromEdge};
use hypogeum_websocket::{WebSocketConfig, WebSocketEdge};
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use rustls::ServerConfig;

use crate::reception::receive;
use crate::traffic::{self, DOWN_BYTES, DOWN_FRAME_BYTES, UP_BYTES, UP_FRAME_BYTES, now_ns};

/// The shortest time that epoll waits.
const SHORTEST_WAIT: Duration = Duration::from_millis(1);

/// What a server saw while it was measured.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) ticks: u64,
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) spoiled: u64,
}

/// A server under measure.
pub(crate) trait Server {
    /// Where it listens.
    fn address(&self) -> SocketAddr;
    /// Takes what came and sends `sequence` to everyone; counts both.
    fn tick(&mut self, sequence: u32, counts: &mut Counts);
    /// Clients connected.
    fn connected(&self) -> usize;
    /// Does what it does between two ticks.
    fn rest(&mut self, until: Instant, counts: &mut Counts);
}

/// Our edge, and what a tick must know of its clients.
pub(crate) struct OurServer {
    edge: WebSocketEdge,
    link: EdgeLink,
    address: SocketAddr,
    clients: Vec<(ConnectionId, u32)>,
    news: Vec<FromEdge>,
    arrived: DatagramBatch,
    leaving: Vec<DatagramBatch>,
    sessions: std::collections::HashMap<ConnectionId, u32>,
}

impl OurServer {
    /// Listens on any port, in the clear.
    pub(crate) fn start(clients_max: usize) -> Self {
        Self::start_with(None, clients_max)
    }

    /// The same by TLS.
    pub(crate) fn start_tls(tls: Arc<ServerConfig>, clients_max: usize) -> Self {
        Self::start_with(Some(tls), clients_max)
    }

    fn start_with(tls: Option<Arc<ServerConfig>>, clients_max: usize) -> Self {
        let config = WebSocketConfig { connections_max: clients_max, ..WebSocketConfig::default() };
        let (link, [lent]) = EdgeLink::lend(EDGE_QUEUE_FRAMES_MAX, [config.workers]);
        let edge = WebSocketEdge::start(&config, &lent).expect("it can be started");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("any port is free");
        let address = listener.local_addr().expect("it is bound");
        let door = edge.door();
        std::thread::spawn(move || receive(&listener, &door, tls.as_ref()));
        let leaving = link.workers.iter().map(|_| DatagramBatch::default()).collect();
        Self {
            edge,
            link,
            address,
            clients: Vec::new(),
            news: Vec::new(),
            arrived: DatagramBatch::default(),
            leaving,
            sessions: Default::default(),
        }
    }
}

impl Server for OurServer {
    fn address(&self) -> SocketAddr {
        self.address
    }

    fn tick(&mut self, sequence: u32, counts: &mut Counts) {
        self.link.incoming.drain_into(&mut self.news, usize::MAX);
        for item in self.news.drain(..) {
            match item {
                FromEdge::Opened { connection, session, .. } => {
                    self.clients.push((connection, session.0 as u32));
                    self.sessions.insert(connection, session.0 as u32);
                }
                FromEdge::Closed { connection, .. } => {
                    self.clients.retain(|(open, _)| *open != connection);
                    self.sessions.remove(&connection);
                }
                // The hello, which nobody needs to answer here.
                FromEdge::Frame { .. } | FromEdge::Quiet { .. } => {}
            }
        }
        self.link.datagrams.take(&mut self.arrived);
        for (connection, datagram) in self.arrived.iter() {
            let session = self.sessions.get(&connection).copied().unwrap_or_default();
            counts.received += 1;
            counts.spoiled += u64::from(traffic::read(datagram, session, UP_BYTES).is_none());
        }
        let at_ns = now_ns();
        for (connection, session) in &self.clients {
            self.leaving[self.link.worker_of(*connection)].push_with(*connection, |bytes| {
                let start = bytes.len();
                bytes.resize(start + DOWN_BYTES, 0);
                traffic::write(&mut bytes[start..], *session, sequence, at_ns);
            });
        }
        counts.sent += self.clients.len() as u64;
        for (worker, leaving) in self.link.workers.iter().zip(&mut self.leaving) {
            worker.datagrams.leave(leaving);
        }
        self.edge.waker().wake();
    }

    fn connected(&self) -> usize {
        self.clients.len()
    }

    fn rest(&mut self, until: Instant, _: &mut Counts) {
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
    }
}

/// A loop around epoll that reads and writes as many bytes, and knows nothing of what they mean.
pub(crate) struct BareServer {
    listener: TcpListener,
    epoll: Epoll,
    streams: Vec<TcpStream>,
    /// Bytes read that are no whole frame of a client yet.
    read_bytes: u64,
}

impl BareServer {
    /// Listens on any port.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("any port is free");
        listener.set_nonblocking(true).expect("a socket need not block");
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).expect("the system has an epoll");
        Self { listener, epoll, streams: Vec::new(), read_bytes: 0 }
    }
}

impl Server for BareServer {
    fn address(&self) -> SocketAddr {
        self.listener.local_addr().expect("it is bound")
    }

    fn tick(&mut self, sequence: u32, counts: &mut Counts) {
        while let Ok((stream, _)) = self.listener.accept() {
            stream.set_nonblocking(true).and_then(|()| stream.set_nodelay(true)).expect("a socket of its own");
            let event = EpollEvent::new(EpollFlags::EPOLLIN, self.streams.len() as u64);
            self.epoll.add(&stream, event).expect("it can be watched");
            self.streams.push(stream);
        }
        let bytes = [sequence as u8; DOWN_FRAME_BYTES];
        for mut stream in &self.streams {
            // One that has no room now is no figure: the clients count what they are sent.
            counts.sent += u64::from(stream.write(&bytes).is_ok_and(|count| count == bytes.len()));
        }
    }

    fn connected(&self) -> usize {
        self.streams.len()
    }

    fn rest(&mut self, until: Instant, counts: &mut Counts) {
        let mut events = [EpollEvent::empty(); 1_024];
        let mut buffer = [0; 16 * 1_024];
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let is_last = left < SHORTEST_WAIT;
            // Epoll knows no shorter times; to ask it again and again would be work that nobody needs.
            std::thread::sleep(if is_last { left } else { Duration::ZERO });
            let timeout = if is_last { Duration::ZERO } else { left };
            let timeout = EpollTimeout::try_from(timeout).unwrap_or(EpollTimeout::ZERO);
            let count = self.epoll.wait(&mut events, timeout).unwrap_or(0);
            for event in events.iter().take(count) {
                let mut stream = &self.streams[event.data() as usize];
                self.read_bytes += stream.read(&mut buffer).unwrap_or(0) as u64;
            }
            counts.received += self.read_bytes / UP_FRAME_BYTES as u64;
            self.read_bytes %= UP_FRAME_BYTES as u64;
            if is_last {
                return;
            }
        }
    }
}
