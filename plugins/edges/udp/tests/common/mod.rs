//! What the tests over real sockets share: an edge on a free port, a tick that remembers, and waiting for events.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hypogeum_client::ClientSocket;
use hypogeum_netcode::ConnectionState;
use hypogeum_protocol::link::{Class, CloseReason, DatagramBatch, FromEdge, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{AccountId, ConnectionId, SessionId};
use hypogeum_udp::{NetConfig, UdpEdge};

/// The key of every server in these tests.
pub const KEY: [u8; 32] = [3; 32];
/// A wait that lasts longer than this is a failure; it bounds a hang, not a speed.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const STEP: Duration = Duration::from_millis(5);

pub fn config() -> NetConfig {
    NetConfig::new("127.0.0.1:0".parse().unwrap(), KEY)
}

pub fn edge() -> UdpEdge {
    UdpEdge::bind(config()).expect("any port is free")
}

pub fn ticket() -> SessionTicket {
    SessionTicket { account: AccountId(7), name: "Zoë".to_owned(), character: None }
}

pub fn token(edge: &UdpEdge, session: u64) -> Vec<u8> {
    edge.token_mint().mint(SessionId(session), &ticket(), unix_s()).to_vec()
}

/// A client that is connected, and its name at the tick.
pub fn connected(edge: &UdpEdge, tick: &mut Tick, session: u64) -> (ClientSocket, ConnectionId) {
    let mut client = ClientSocket::connect(&token(edge, session)).expect("the mint's token can be used");
    let connection = until("the client to connect", || {
        client.update(STEP);
        tick.take(edge);
        (client.state() == ConnectionState::Connected).then(|| tick.connection_of(SessionId(session))).flatten()
    });
    (client, connection)
}

/// Gives the edge one datagram to send.
pub fn send_datagram(edge: &UdpEdge, connection: ConnectionId, datagram: &[u8]) {
    let mut batch = DatagramBatch::default();
    batch.push(connection, datagram);
    edge.link().out(connection).datagrams.leave(&mut batch);
    edge.wake();
}

/// Gives the edge one message to send.
pub fn send_frame(edge: &UdpEdge, connection: ConnectionId, bytes: Vec<u8>) {
    let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes, answers: None };
    edge.link().out(connection).frames.push(Class::Gameplay, frame).expect("the queue has room");
    edge.wake();
}

pub fn unix_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs()
}

/// Looks again every 5 ms until `look` sees something.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(Instant::now() < deadline, "waited {PATIENCE:?} for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// What a tick saw of an edge.
#[derive(Default)]
pub struct Tick {
    pub opened: Vec<(ConnectionId, SessionId)>,
    pub tickets: Vec<(SessionId, SessionTicket)>,
    pub frames: Vec<(ConnectionId, Lane, Vec<u8>)>,
    pub datagrams: Vec<(ConnectionId, Vec<u8>)>,
    pub closed: Vec<(ConnectionId, CloseReason)>,
    pub quiet: Vec<(ConnectionId, bool)>,
    pub opened_after_frame: bool,
}

impl Tick {
    pub fn take(&mut self, edge: &UdpEdge) {
        let mut datagrams = DatagramBatch::default();
        edge.link().datagrams.take(&mut datagrams);
        self.datagrams.extend(datagrams.iter().map(|(connection, bytes)| (connection, bytes.to_vec())));
        let mut news = Vec::new();
        edge.link().incoming.drain_into(&mut news, usize::MAX);
        for item in news {
            match item {
                FromEdge::Opened { connection, session, ticket, .. } => {
                    self.opened.push((connection, session));
                    self.tickets.push((session, ticket));
                }
                FromEdge::Frame { connection, lane, bytes, .. } => {
                    self.opened_after_frame |= !self.opened.iter().any(|(opened, _)| *opened == connection);
                    self.frames.push((connection, lane, bytes));
                }
                FromEdge::Closed { connection, reason } => self.closed.push((connection, reason)),
                FromEdge::Quiet { connection, is_quiet } => self.quiet.push((connection, is_quiet)),
            }
        }
    }

    pub fn connection_of(&self, session: SessionId) -> Option<ConnectionId> {
        self.opened.iter().find(|(_, opened)| *opened == session).map(|(connection, _)| *connection)
    }
}
