//! A client and a real port: handshake, messages of every size, and the end.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use hypogeum_client::{Change, Client, Connection, Ending, Steering, UdpWire, WireState};
use hypogeum_protocol::lane::{DownHead, DownWriter, Up};
use hypogeum_protocol::link::{Class, CloseReason, DatagramBatch, FromEdge, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{
    AccountId, Block, ClientMessage, ConnectionId, MatchId, NetId, ServerMessage, SessionId, Snapshot, codec,
};
use hypogeum_udp::{NetConfig, UdpEdge};

/// Longer than any of this takes; it only ends a test that would hang.
const PATIENCE: Duration = Duration::from_secs(30);

struct Port {
    edge: UdpEdge,
    heard: Vec<FromEdge>,
}

impl Port {
    fn open() -> Self {
        let listen = "127.0.0.1:0".parse().expect("an address");
        Self { edge: UdpEdge::bind(NetConfig::new(listen, [7; 32])).expect("a free port"), heard: Vec::new() }
    }

    fn connection(&self, session: u64) -> Connection {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        let ticket = SessionTicket { account: AccountId(6), name: "Ada".into(), character: None };
        let token = self.edge.token_mint().mint(SessionId(session), &ticket, now).to_vec();
        let server_address = self.edge.local_addr();
        Connection { token, server_address, session_id: session, protocol_version: 1, expires_in_s: 30 }
    }

    fn say(&self, connection: ConnectionId, lane: Lane, message: &ServerMessage) {
        let frame = ToEdge::Frame { connection, lane, bytes: codec::encode(message), answers: None };
        self.edge.link().out(connection).frames.push(Class::Gameplay, frame).expect("the queue has room");
    }

    /// The first thing heard that `wanted` knows.
    fn heard<T>(&mut self, wanted: impl Fn(&FromEdge) -> Option<T>) -> Option<T> {
        self.edge.link().incoming.drain_into(&mut self.heard, 1_000);
        self.heard.iter().find_map(wanted)
    }
}

/// Polls a client until `done` says what was waited for.
fn until<T>(
    client: &mut Client<UdpWire>,
    what: &str,
    mut done: impl FnMut(&[Change], &Client<UdpWire>) -> Option<T>,
) -> T {
    let began = Instant::now();
    let (mut last, mut seen) = (began, Vec::new());
    while began.elapsed() < PATIENCE {
        let now = Instant::now();
        seen.extend(client.poll(now - last));
        last = now;
        client.flush();
        if let Some(found) = done(&seen, client) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    panic!("{what}: not within {PATIENCE:?}; seen so far: {seen:?}");
}

fn opened(port: &mut Port, client: &mut Client<UdpWire>, named: u64) -> ConnectionId {
    until(client, "the connection opens at both ends", |changes, _| {
        let opened = port.heard(|item| match item {
            FromEdge::Opened { connection, session, .. } if session.0 == named => Some(*connection),
            _ => None,
        });
        opened.filter(|_| changes.contains(&Change::Opened))
    })
}

fn welcome() -> ServerMessage {
    ServerMessage::Welcome {
        session: SessionId(1),
        account: AccountId(6),
        name: "Ada".into(),
        protocol_version: 1,
        tick_hz: 30,
        content_hash: [0; 32],
        modes: vec![],
        current_match: None,
        locale: String::new(),
    }
}

fn started(obstacles: Vec<Block>) -> ServerMessage {
    ServerMessage::MatchStarted {
        match_id: MatchId(1),
        mode: "blitz".into(),
        tick_hz: 30,
        avatar: NetId(1),
        radius: 102,
        side: 38_400,
        obstacles,
        pois: vec![],
        exits: vec![],
    }
}

#[test]
fn a_hello_an_input_and_a_map_cross_a_real_port() {
    let mut port = Port::open();
    let mut client = Client::connect(&port.connection(9)).expect("a good token");
    let connection = opened(&mut port, &mut client, 9);
    client.hello("test");
    client.steer(Steering { pace: 100, ..Steering::default() });
    until(&mut client, "hello and input arrive", |_, _| {
        let hello = port.heard(|item| match item {
            FromEdge::Frame { lane: Lane::ReliableOrdered, bytes, .. } => codec::decode_client(bytes).ok(),
            _ => None,
        });
        let inputs = port.heard(|item| match item {
            FromEdge::Frame { lane: Lane::Unreliable, bytes, .. } => codec::decode_client(bytes).ok(),
            _ => None,
        });
        matches!(hello.zip(inputs), Some((ClientMessage::Hello { .. }, ClientMessage::Inputs { .. }))).then_some(())
    });

    // A map of some 20 KiB comes in slices.
    let obstacles = vec![Block { x_min: 70_000, y_min: -70_000, x_max: 70_001, y_max: 70_002 }; 1_000];
    port.say(connection, Lane::ReliableOrdered, &started(obstacles));
    until(&mut client, "the whole map arrives", |_, client| {
        client.view().current.as_ref().filter(|current| current.obstacles.len() == 1_000).map(drop)
    });
    for tick in 1..=3 {
        let snapshot = ServerMessage::Snapshot(Snapshot { tick, ..Snapshot::default() });
        port.say(connection, Lane::Unreliable, &snapshot);
    }
    until(&mut client, "the newest snapshot stands", |_, client| {
        client.view().snapshot.as_ref().filter(|snapshot| snapshot.tick == 3).map(drop)
    });
    let traffic = client.traffic();
    assert!(traffic.bytes_in > 20_000 && traffic.datagrams_out > 2, "the traffic is counted: {traffic:?}");
}

#[test]
fn datagrams_of_the_lane_cross_a_real_port() {
    let mut port = Port::open();
    let mut client = Client::connect(&port.connection(13)).expect("a good token");
    let connection = opened(&mut port, &mut client, 13);
    port.say(connection, Lane::ReliableOrdered, &welcome());
    port.say(connection, Lane::ReliableOrdered, &started(vec![]));
    let link = port.edge.link();
    let mut arrived = DatagramBatch::default();
    until(&mut client, "the lane is offered", |_, _| {
        link.datagrams.take(&mut arrived);
        arrived.iter().find_map(|(from, up)| (from == connection).then(|| Up::read(up).expect("it reads")))
    });
    let mut seq = 0;
    until(&mut client, "a datagram is answered with an ack", |_, client| {
        let mut batch = DatagramBatch::default();
        seq += 1;
        let head = DownHead { seq, tick: seq.into(), ..DownHead::default() };
        batch.push_with(connection, |out| DownWriter::begin(out, &head, 1_180).finish());
        link.out(connection).datagrams.leave(&mut batch);
        link.datagrams.take(&mut arrived);
        let acked = arrived.iter().any(|(_, up)| Up::read(up).expect("it reads").ack.is_some());
        (acked && client.is_on_lane() && client.snapshot_count() > 0).then_some(())
    });
}

#[test]
fn each_end_hears_when_the_other_one_goes() {
    let mut port = Port::open();
    let mut client = Client::connect(&port.connection(10)).expect("a good token");
    let connection = opened(&mut port, &mut client, 10);
    port.say(connection, Lane::ReliableOrdered, &ServerMessage::Goodbye);
    let close = ToEdge::Close { connection, reason: CloseReason::ByServer };
    port.edge.link().out(connection).frames.push(Class::Gameplay, close).expect("the queue has room");
    until(&mut client, "goodbye and the end", |changes, _| {
        changes.contains(&Change::Closed(Ending::ByServer)).then_some(())
    });
    assert!(client.view().goodbye, "the goodbye came before the end");
    assert_eq!(client.state(), WireState::Closed(Ending::ByServer), "and it is over");

    let mut client = Client::connect(&port.connection(11)).expect("a good token");
    let connection = opened(&mut port, &mut client, 11);
    client.close();
    until(&mut client, "the server hears of it", |_, _| {
        port.heard(|item| match item {
            FromEdge::Closed { connection: gone, reason: CloseReason::ByPeer } if *gone == connection => Some(()),
            _ => None,
        })
    });
}

#[test]
fn bytes_that_are_no_token_are_refused_at_once() {
    let port = Port::open();
    let mut connection = port.connection(12);
    connection.token.truncate(100);
    assert!(Client::<UdpWire>::connect(&connection).is_err(), "a hundred bytes are no token");
}
