//! Clients that completed the handshake and then send what no honest one would.

mod common;

use std::net::UdpSocket;
use std::time::Duration;

use common::{KEY, Tick, edge, unix_s, until};
use hypogeum_client::ClientSocket;
use hypogeum_netcode::{Client, ClientState, ConnectToken};
use hypogeum_netcode::{ConnectionState, DropReason};
use hypogeum_protocol::link::{CloseReason, Lane, SessionTicket};
use hypogeum_protocol::{AccountId, ConnectionId, SessionId};
use hypogeum_udp::UdpEdge;

const STEP: Duration = Duration::from_millis(5);

fn token(edge: &UdpEdge, session: u64) -> Vec<u8> {
    let ticket = SessionTicket { account: AccountId(1), name: "mallory".to_owned(), character: None };
    edge.token_mint().mint(SessionId(session), &ticket, unix_s()).to_vec()
}

/// A client that speaks netcode and whatever it likes inside.
struct Mallory {
    netcode: Client,
    socket: UdpSocket,
}

impl Mallory {
    fn connected(edge: &UdpEdge, tick: &mut Tick, session: u64) -> (Self, ConnectionId) {
        let token = ConnectToken::read(&token(edge, session)).expect("our token reads");
        let socket = UdpSocket::bind("127.0.0.1:0").expect("any port is free");
        socket.set_nonblocking(true).expect("the system allows it");
        let mut mallory = Self { netcode: Client::new(token).expect("it names a server"), socket };
        let connection = until("the handshake", || {
            mallory.update();
            tick.take(edge);
            (mallory.netcode.state() == ClientState::Connected)
                .then(|| tick.connection_of(SessionId(session)))
                .flatten()
        });
        (mallory, connection)
    }

    fn update(&mut self) {
        let mut buffer = [0; 2_048];
        while let Ok((length, _)) = self.socket.recv_from(&mut buffer) {
            let _ = self.netcode.receive(&mut buffer[..length]);
        }
        let socket = &self.socket;
        self.netcode.update(STEP, &mut |to, bytes| {
            socket.send_to(bytes, to).expect("loopback takes it");
        });
    }

    /// Sends `payload` sealed as it should be, and hands the datagram back.
    fn send(&mut self, payload: &[u8]) -> Vec<u8> {
        let (socket, mut sent) = (&self.socket, Vec::new());
        let fits = self.netcode.send_payload(payload, &mut |to, bytes| {
            socket.send_to(bytes, to).expect("loopback takes it");
            sent = bytes.to_vec();
        });
        assert!(fits, "the payload fits a datagram");
        sent
    }
}

/// A slice packet: kind 2 is reliable, 3 is not; numbers below 64 are one byte.
fn slice(kind: u8, channel: u8, message: u8, index: u8, count: u8) -> Vec<u8> {
    let mut packet = vec![kind, 0, channel, message, index, count];
    packet.extend_from_slice(&(1_200_u16 | 1 << 14).to_be_bytes());
    packet.resize(packet.len() + 1_200, 0xAA);
    packet
}

#[test]
fn a_packet_that_crashes_stock_renet_closes_its_sender_and_nobody_else() {
    // Message 0, slice 0 of 1,000,000 (0x0F4240, four bytes), one byte of it.
    let claims_a_million = vec![2, 0, 2, 0, 0, 0x80, 0x0F, 0x42, 0x40, 1, 0xAA];
    let packets: Vec<Vec<u8>> = vec![
        slice(2, 2, 0, 1, 1),
        slice(2, 1, 0, 63, 2),
        slice(3, 0, 0, 5, 2),
        slice(2, 2, 0, 0, 63),
        claims_a_million,
        vec![0, 0, 9, 0, 0],
        vec![0, 0, 2, 0xFF, 0xFF, 0],
        vec![0, 0, 2, 0, 1, 0, 0],
        vec![4, 0, 1, 5, 0],
        vec![4],
        vec![1, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0],
    ];
    let edge = edge();
    let mut tick = Tick::default();
    let mut honest = ClientSocket::connect(&token(&edge, 1_000)).expect("our token is good");
    let honest_connection = until("the honest client to connect", || {
        honest.update(STEP);
        tick.take(&edge);
        (honest.state() == ConnectionState::Connected).then(|| tick.connection_of(SessionId(1_000))).flatten()
    });
    for (number, packet) in packets.iter().enumerate() {
        let (mut mallory, connection) = Mallory::connected(&edge, &mut tick, number as u64 + 1);
        mallory.send(packet);
        until(&format!("packet {number} to close its sender"), || {
            honest.update(STEP);
            tick.take(&edge);
            tick.closed.contains(&(connection, CloseReason::Hostile)).then_some(())
        });
        until("the sender to be notified", || {
            mallory.update();
            matches!(mallory.netcode.state(), ClientState::Ended(_)).then_some(())
        });

        honest.send(Lane::ReliableOrdered, vec![number as u8 + 1]).expect("it is connected");
        honest.flush();
        until("the honest client to be heard", || {
            honest.update(STEP);
            tick.take(&edge);
            tick.frames.contains(&(honest_connection, Lane::ReliableOrdered, vec![number as u8 + 1])).then_some(())
        });
    }
    assert_eq!(tick.closed.len(), packets.len(), "nobody else was disconnected");
    assert_eq!(edge.counters().dropped(DropReason::Hostile), packets.len() as u64, "each is counted once");
}

#[test]
fn a_message_whose_slice_count_changes_closes_its_sender() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut mallory, connection) = Mallory::connected(&edge, &mut tick, 1);
    mallory.send(&slice(2, 2, 0, 0, 2));
    let mut second = slice(2, 2, 0, 0, 1);
    second[1] = 1;
    mallory.send(&second);
    until("the sender to be closed", || {
        tick.take(&edge);
        tick.closed.contains(&(connection, CloseReason::Hostile)).then_some(())
    });
}

#[test]
fn a_datagram_sent_twice_counts_once() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut mallory, connection) = Mallory::connected(&edge, &mut tick, 1);
    // A small unreliable packet with one message, and the very same datagram again.
    let datagram = mallory.send(&[1, 0, 0, 0, 1, 3, 7, 7, 7]);
    mallory.socket.send_to(&datagram, edge.local_addr()).expect("loopback takes it");
    until("the copy to be dropped", || (edge.counters().dropped(DropReason::Replayed) > 0).then_some(()));
    tick.take(&edge);
    assert_eq!(tick.frames, [(connection, Lane::Unreliable, vec![7; 3])], "the message came once");
    assert!(tick.closed.is_empty(), "a replay says nothing about the client: the connection stands");
}

#[test]
fn a_payload_of_an_unknown_lane_is_counted_and_ignored() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut mallory, _) = Mallory::connected(&edge, &mut tick, 1);
    mallory.send(&[6, 1, 2, 3]);
    until("it to be counted", || (edge.counters().dropped(DropReason::UnknownLane) > 0).then_some(()));
    tick.take(&edge);
    assert!(tick.closed.is_empty(), "a later protocol may have more lanes");
}

#[test]
fn a_token_does_not_work_a_second_time() {
    let edge = edge();
    let mut tick = Tick::default();
    let token = token(&edge, 1);
    let mut first = ClientSocket::connect(&token).expect("our token is good");
    until("the first client to connect", || {
        first.update(STEP);
        (first.state() == ConnectionState::Connected).then_some(())
    });
    first.disconnect();
    until("the goodbye to be heard", || {
        tick.take(&edge);
        (tick.closed.len() == 1).then_some(())
    });
    let mut second = ClientSocket::connect(&token).expect("it reads like any other");
    until("the refusal to be counted", || {
        second.update(STEP);
        (edge.counters().dropped(DropReason::TokenReused) > 0).then_some(())
    });
    assert_eq!(second.state(), ConnectionState::Connecting, "nobody answers");
    assert_eq!(edge.counters().connections_opened, 1, "there was one connection");
}

#[test]
fn a_ticket_nobody_here_wrote_is_turned_away() {
    let edge = edge();
    let token = renet_netcode::ConnectToken::generate(
        Duration::from_secs(unix_s()),
        hypogeum_protocol::limits::NETCODE_PROTOCOL_ID,
        30,
        1,
        5,
        vec![edge.local_addr()],
        Some(&[0xFF; 256]),
        &KEY,
    )
    .expect("stock renetcode makes a token");
    let mut bytes = Vec::new();
    token.write(&mut bytes).expect("a vector takes it");
    let mut client = ClientSocket::connect(&bytes).expect("we read stock tokens");
    until("the client to be turned away", || {
        client.update(STEP);
        matches!(client.state(), ConnectionState::Closed(_)).then_some(())
    });
    let mut tick = Tick::default();
    tick.take(&edge);
    assert!(tick.opened.is_empty() && tick.closed.is_empty(), "the tick never hears of it");
    assert_eq!(edge.counters().dropped(DropReason::TicketUnreadable), 1, "it is counted");
}
