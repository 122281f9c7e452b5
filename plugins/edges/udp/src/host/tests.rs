//! A host and many client cores, by hand and clock, without sockets.

use std::collections::HashMap;
use std::net::SocketAddr;

use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{AccountId, ConnectionId, limits};

use super::*;
use hypogeum_netcode::Ended;
use hypogeum_netcode::TokenMint;
use hypogeum_netcode::{ClientCore, ConnectionState, EndReason};

const KEY: [u8; 32] = [5; 32];
const NOW_UNIX_S: u64 = 50_000;
const STEP: Duration = Duration::from_millis(10);

fn server_address() -> SocketAddr {
    "10.0.0.1:27500".parse().unwrap()
}

/// A host, its clients by address, and a wire between them that loses nothing.
struct TestEdge {
    host: Host,
    mint: TokenMint,
    counters: Arc<Counters>,
    link: EdgeLink,
    clients: HashMap<SocketAddr, ClientCore>,
    now: Duration,
    incoming: Vec<FromEdge>,
    /// Of a hundred datagrams so many are lost, as many come twice, and as many come late.
    trouble_percent: u64,
    dice: u64,
    /// Those that come late, on their way up and down.
    late: [Vec<(SocketAddr, Vec<u8>)>; 2],
}

impl TestEdge {
    fn new(queue_items_max: usize, timeout_s: u32) -> Self {
        let counters = Arc::new(Counters::default());
        let link = EdgeLink::new(1, queue_items_max);
        let protocol_id = limits::NETCODE_PROTOCOL_ID;
        let config = ServerConfig {
            private_key: KEY,
            protocol_id,
            addresses: vec![server_address()],
            clients_max: 5_000,
            handshakes_per_s_max: 10_000,
            handshakes_per_s_per_prefix_max: 10_000,
        };
        let host = Host::new(
            config,
            Arc::new(Registry::new(5_000)),
            link.clone(),
            0,
            counters.clone(),
            Duration::ZERO,
            NOW_UNIX_S,
        );
        let mint = TokenMint::new(KEY, protocol_id, vec![server_address()], timeout_s, 30).unwrap();
        Self {
            host,
            mint,
            counters,
            link,
            clients: HashMap::new(),
            now: Duration::ZERO,
            incoming: Vec::new(),
            trouble_percent: 0,
            dice: 0x9E37_79B9_7F4A_7C15,
            late: Default::default(),
        }
    }

    /// What a bad wire makes of datagrams.
    fn trouble(&mut self, way: usize, sent: Vec<(SocketAddr, Vec<u8>)>) -> Vec<(SocketAddr, Vec<u8>)> {
        if self.trouble_percent == 0 {
            return sent;
        }
        let mut arrived = Vec::new();
        for datagram in sent {
            self.dice ^= self.dice << 13;
            self.dice ^= self.dice >> 7;
            self.dice ^= self.dice << 17;
            match self.dice % 100 / self.trouble_percent {
                0 => {}
                1 => arrived.extend([datagram.clone(), datagram]),
                2 => self.late[way].push(datagram),
                _ => arrived.push(datagram),
            }
        }
        if self.dice.is_multiple_of(3) {
            arrived.append(&mut self.late[way]);
        }
        arrived
    }

    fn add_client(&mut self, number: u16) -> SocketAddr {
        let [high, low] = number.to_be_bytes();
        self.add_client_at(SocketAddr::from(([127, 1, high, low], 5_000)), number)
    }

    fn add_client_at(&mut self, address: SocketAddr, number: u16) -> SocketAddr {
        let ticket =
            SessionTicket { account: AccountId(number.into()), name: format!("player {number}"), character: None };
        let token = self.mint.mint(SessionId(u64::from(number) + 1), &ticket, NOW_UNIX_S);
        self.clients.insert(address, ClientCore::new(&token).expect("our token is good"));
        address
    }

    /// Time passes for everyone; the tick takes at most `taken_max` items per step.
    fn run(&mut self, steps: usize, taken_max: usize) {
        for _ in 0..steps {
            self.now += STEP;
            let mut up = Vec::new();
            for (address, client) in &mut self.clients {
                client.update(STEP, &mut |_, bytes| up.push((*address, bytes.to_vec())));
                client.flush(&mut |_, bytes| up.push((*address, bytes.to_vec())));
            }
            let up = self.trouble(0, up);
            let mut down = Vec::new();
            self.host.advance(self.now, NOW_UNIX_S + self.now.as_secs());
            for (from, mut datagram) in up {
                self.host.receive(from, &mut datagram, &mut |to, bytes| down.push((to.peer, bytes.to_vec())));
            }
            self.host.work(&mut |to, bytes| down.push((to.peer, bytes.to_vec())));
            let down = self.trouble(1, down);
            for (to, mut datagram) in down {
                if let Some(client) = self.clients.get_mut(&to) {
                    client.receive_datagram(server_address(), &mut datagram, &mut |_, _| {});
                }
            }
            self.link.incoming.drain_into(&mut self.incoming, taken_max);
        }
    }

    fn frames(&self) -> Vec<Vec<u8>> {
        let frame = |item: &FromEdge| match item {
            FromEdge::Frame { bytes, .. } => Some(bytes.clone()),
            _ => None,
        };
        self.incoming.iter().filter_map(frame).collect()
    }

    fn opened(&self) -> Vec<ConnectionId> {
        let opened = |item: &FromEdge| match item {
            FromEdge::Opened { connection, .. } => Some(*connection),
            _ => None,
        };
        self.incoming.iter().filter_map(opened).collect()
    }

    fn closed(&self) -> Vec<(ConnectionId, CloseReason)> {
        let closed = |item: &FromEdge| match item {
            FromEdge::Closed { connection, reason } => Some((*connection, *reason)),
            _ => None,
        };
        self.incoming.iter().filter_map(closed).collect()
    }
}

#[test]
fn three_thousand_clients_each_get_their_own_answer() {
    let mut edge = TestEdge::new(10_000, 5);
    for number in 0..3_000 {
        edge.add_client(number);
    }
    edge.run(20, usize::MAX);
    let opened = edge.opened();
    assert_eq!(opened.len(), 3_000, "everyone is let in");
    let sessions: HashMap<ConnectionId, u64> = edge
        .incoming
        .iter()
        .filter_map(|item| match item {
            FromEdge::Opened { connection, session, .. } => Some((*connection, session.0)),
            _ => None,
        })
        .collect();
    for connection in opened {
        let bytes = sessions[&connection].to_le_bytes().to_vec();
        let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes, answers: None };
        edge.link.workers[0].frames.push(Class::Gameplay, frame).expect("the queue has room");
    }
    edge.run(5, usize::MAX);
    for client in edge.clients.values_mut() {
        assert_eq!(client.state(), ConnectionState::Connected, "everyone is connected");
    }
    for number in 0..3_000_u16 {
        let [high, low] = number.to_be_bytes();
        let address = SocketAddr::from(([127, 1, high, low], 5_000));
        let client = edge.clients.get_mut(&address).expect("it was added");
        let expected = (u64::from(number) + 1).to_le_bytes().to_vec();
        assert_eq!(client.receive(Lane::ReliableOrdered), Some(expected), "client {number} gets what is meant for it");
        assert_eq!(client.receive(Lane::ReliableOrdered), None, "and nothing else");
    }
}

#[test]
fn a_tick_that_takes_little_loses_no_reliable_message() {
    let mut edge = TestEdge::new(4, 5);
    let address = edge.add_client(0);
    edge.run(20, usize::MAX);
    let client = edge.clients.get_mut(&address).expect("it was added");
    for number in 0..200_u8 {
        client.send(Lane::ReliableOrdered, vec![number]).expect("the channel has room");
        client.send(Lane::Unreliable, vec![number; 3]).expect("the channel has room");
    }
    edge.run(400, 2);
    let reliable: Vec<u8> = edge.frames().iter().filter(|bytes| bytes.len() == 1).map(|bytes| bytes[0]).collect();
    assert!(reliable.iter().copied().eq(0..200), "each waits for its turn, in order: {reliable:?}");
    let counters = edge.counters.snapshot();
    let dropped = counters.dropped(DropReason::QueueFull) + counters.dropped(DropReason::Throttled);
    assert!(dropped > 0, "the unreliable ones are dropped and counted instead");
    assert!(edge.closed().is_empty(), "and nobody is disconnected");
}

#[test]
fn a_client_that_stops_reading_is_closed_as_congested() {
    let mut edge = TestEdge::new(1_000, 0);
    let address = edge.add_client(0);
    edge.run(20, usize::MAX);
    let connection = edge.opened()[0];
    edge.clients.remove(&address);
    for _ in 0..20 {
        let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes: vec![1; 60_000], answers: None };
        edge.link.workers[0].frames.push(Class::Gameplay, frame).expect("the queue has room");
    }
    edge.run(5, usize::MAX);
    assert_eq!(edge.closed(), [(connection, CloseReason::Congested)], "a mebibyte unread is the end");
}

#[test]
fn who_is_closed_for_what_it_sends_again_and_again_has_to_wait() {
    let mut edge = TestEdge::new(100, 5);
    let mut number = 0;
    let mut comes_in = |edge: &mut TestEdge, address: [u8; 4]| {
        number += 1;
        edge.incoming.clear();
        edge.add_client_at(SocketAddr::from((address, 5_000 + number)), number);
        edge.run(20, usize::MAX);
        edge.opened().first().copied()
    };
    for _ in 0..4 {
        let connection = comes_in(&mut edge, [198, 51, 100, 1]).expect("it may come in");
        let close = ToEdge::Close { connection, reason: CloseReason::Hostile };
        edge.link.workers[0].frames.push(Class::Critical, close).expect("the queue has room");
        while edge.closed().is_empty() {
            edge.run(1, usize::MAX);
        }
    }
    assert_eq!(comes_in(&mut edge, [198, 51, 100, 1]), None, "the fourth time it has to wait");
    assert!(edge.counters.snapshot().dropped(DropReason::HeldOff) > 0, "which is counted");
    assert!(comes_in(&mut edge, [198, 51, 100, 2]).is_some(), "its neighbour need not");
    edge.run(100, usize::MAX);
    assert!(comes_in(&mut edge, [198, 51, 100, 1]).is_some(), "after a while it may come in again");
}

#[test]
fn news_of_a_close_waits_for_room_in_the_queue() {
    let mut edge = TestEdge::new(2, 1);
    let addresses = [edge.add_client(0), edge.add_client(1)];
    edge.run(20, usize::MAX);
    assert_eq!(edge.opened().len(), 2, "both are connected");
    for address in addresses {
        edge.clients.remove(&address);
    }
    for _ in 0..2 {
        let filler = FromEdge::Closed { connection: ConnectionId(0), reason: CloseReason::ByPeer };
        edge.link.incoming.push(Class::Critical, filler).expect("the queue is empty");
    }
    edge.run(200, 0);
    edge.run(3, 2);
    let timed_out = edge.closed().iter().filter(|(_, reason)| *reason == CloseReason::TimedOut).count();
    assert_eq!(timed_out, 2, "no close is lost");
}

#[test]
fn an_unreliable_message_too_long_is_dropped_and_a_reliable_one_ends_the_lie() {
    let mut edge = TestEdge::new(100, 5);
    let address = edge.add_client(0);
    edge.run(20, usize::MAX);
    let connection = edge.opened()[0];
    let frame = |lane, length| ToEdge::Frame { connection, lane, bytes: vec![1; length], answers: None };
    edge.link.workers[0].frames.push(Class::Gameplay, frame(Lane::Unreliable, 1_201)).expect("the queue has room");
    edge.run(5, usize::MAX);
    assert_eq!(edge.counters.snapshot().dropped(DropReason::Unsendable), 1, "it is counted");
    assert!(edge.closed().is_empty(), "and the connection stands");
    edge.link.workers[0]
        .frames
        .push(Class::Gameplay, frame(Lane::ReliableOrdered, 70_000))
        .expect("the queue has room");
    edge.run(5, usize::MAX);
    assert_eq!(edge.closed(), [(connection, CloseReason::ByServer)], "a reliable lane has no holes");
    let state = edge.clients[&address].state();
    assert_eq!(state, ConnectionState::Closed(EndReason::Netcode(Ended::ByServer)), "the client is notified");
    edge.link.workers[0].frames.push(Class::Gameplay, frame(Lane::Unreliable, 1)).expect("the queue has room");
    edge.run(5, usize::MAX);
    assert_eq!(edge.counters.snapshot().dropped(DropReason::ConnectionGone), 1, "what comes late is counted");
}

#[test]
fn a_wire_that_loses_repeats_and_reorders_carries_every_reliable_message_once() {
    let mut edge = TestEdge::new(10_000, 5);
    edge.trouble_percent = 10;
    let addresses: Vec<SocketAddr> = (0..8).map(|number| edge.add_client(number)).collect();
    edge.run(300, usize::MAX);
    let opened = edge.opened();
    assert_eq!(opened.len(), 8, "the handshake gets through");
    for round in 0..100_u8 {
        for address in &addresses {
            let client = edge.clients.get_mut(address).expect("it was added");
            client.send(Lane::ReliableOrdered, vec![round; 40]).expect("the channel has room");
            client.send(Lane::Unreliable, vec![round; 50]).expect("the channel has room");
        }
        for connection in &opened {
            let length = if round % 10 == 0 { 5_000 } else { 60 };
            for (lane, bytes) in [(Lane::ReliableOrdered, vec![round; length]), (Lane::Unreliable, vec![round; 600])] {
                let frame = ToEdge::Frame { connection: *connection, lane, bytes, answers: None };
                edge.link.workers[0].frames.push(Class::Gameplay, frame).expect("the queue has room");
            }
        }
        edge.run(3, usize::MAX);
    }
    edge.run(600, usize::MAX);
    for connection in &opened {
        let received: Vec<u8> = edge
            .incoming
            .iter()
            .filter_map(|item| match item {
                FromEdge::Frame { connection: from, lane: Lane::ReliableOrdered, bytes, .. } if from == connection => {
                    Some(bytes[0])
                }
                _ => None,
            })
            .collect();
        assert!(received.iter().copied().eq(0..100), "{connection} is heard once and in order: {received:?}");
    }
    for address in &addresses {
        let client = edge.clients.get_mut(address).expect("it was added");
        assert_eq!(client.state(), ConnectionState::Connected, "nobody was disconnected");
        let received = std::iter::from_fn(|| client.receive(Lane::ReliableOrdered)).map(|bytes| bytes[0]);
        assert!(received.eq(0..100), "every client hears everything once and in order");
    }
    assert!(edge.closed().is_empty(), "no connection was closed");
    assert!(edge.counters.snapshot().dropped(DropReason::Replayed) > 0, "copies were dropped on the way");
}

#[test]
fn a_client_that_comes_back_at_once_is_closed_before_it_is_opened_again() {
    let mut edge = TestEdge::new(100, 5);
    let address = edge.add_client(0);
    edge.run(20, usize::MAX);
    let first = edge.opened()[0];
    // It says goodbye and shows the next token before the tick, or even the next round, has looked.
    let mut goodbye = Vec::new();
    let client = edge.clients.get_mut(&address).expect("it was added");
    client.disconnect(&mut |_, bytes| goodbye.push(bytes.to_vec()));
    for mut datagram in goodbye {
        edge.host.receive(address, &mut datagram, &mut |_, _| {});
    }
    edge.add_client(0);
    edge.run(20, usize::MAX);
    let order: Vec<(ConnectionId, bool)> = edge
        .incoming
        .iter()
        .filter_map(|item| match item {
            FromEdge::Opened { connection, .. } => Some((*connection, true)),
            FromEdge::Closed { connection, .. } => Some((*connection, false)),
            FromEdge::Frame { .. } | FromEdge::Quiet { .. } => None,
        })
        .collect();
    let second = edge.opened()[1];
    assert_ne!(first, second, "a connection's name is not used again");
    assert_eq!(order, [(first, true), (first, false), (second, true)], "the tick sees it in that order");
}

#[test]
fn the_last_message_arrives_on_a_bad_link() {
    let mut edge = TestEdge::new(100_000, 5);
    for number in 0..1_000 {
        edge.add_client(number);
    }
    edge.run(20, usize::MAX);
    let opened = edge.opened();
    assert_eq!(opened.len(), 1_000, "everyone is let in");
    // One of ten is lost each way, as many come twice or late.
    edge.trouble_percent = 10;
    let last = b"goodbye".to_vec();
    for connection in opened {
        let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes: last.clone(), answers: None };
        let close = ToEdge::Close { connection, reason: CloseReason::ByServer };
        for item in [frame, close] {
            edge.link.workers[0].frames.push(Class::Critical, item).expect("the queue has room");
        }
    }
    edge.run(500, usize::MAX);
    assert_eq!(edge.host.connections_count(), 0, "all of them are closed in the end");
    let heard = edge.clients.values_mut().filter_map(|client| client.receive(Lane::ReliableOrdered)).count();
    assert!(heard >= 999, "{heard} of 1,000 heard the last word");
}

#[test]
fn silence_and_its_end_are_reported_once_each() {
    let mut edge = TestEdge::new(100, 5);
    let address = edge.add_client(0);
    edge.run(20, usize::MAX);
    let [connection] = edge.opened()[..] else { panic!("one is let in") };
    let reported = |edge: &TestEdge| -> Vec<bool> {
        let is_quiet = |item: &FromEdge| match item {
            FromEdge::Quiet { connection: whose, is_quiet } if *whose == connection => Some(*is_quiet),
            _ => None,
        };
        edge.incoming.iter().filter_map(is_quiet).collect()
    };
    edge.run(300, usize::MAX);
    assert!(reported(&edge).is_empty(), "keep-alives are enough");
    let client = edge.clients.remove(&address).expect("it was added");
    edge.run(300, usize::MAX);
    assert_eq!(reported(&edge), [true], "after a second and a half of silence it is said, once");
    edge.clients.insert(address, client);
    edge.run(100, usize::MAX);
    assert_eq!(reported(&edge), [true, false], "and so is the first sign of life");
}
