//! The UDP edge over real sockets: our client end against it, and what must not get in.

mod common;

use std::net::UdpSocket;
use std::time::Duration;

use common::{KEY, Tick, edge, until};
use hypogeum_client::ClientSocket;
use hypogeum_netcode::{ConnectionState, DropReason, EndReason, Ended, TokenMint};
use hypogeum_protocol::link::{Class, CloseReason, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{AccountId, SessionId};
use hypogeum_udp::{NetConfig, NetError, UdpEdge};

const STEP: Duration = Duration::from_millis(5);

fn ticket() -> SessionTicket {
    SessionTicket { account: AccountId(7), name: "Zoë".to_owned(), character: None }
}

fn connect(edge: &UdpEdge, session: u64) -> ClientSocket {
    let token = edge.token_mint().mint(SessionId(session), &ticket(), common::unix_s());
    ClientSocket::connect(&token).expect("the mint's token can be used")
}

/// A client that is connected, and its name at the tick.
fn connected(edge: &UdpEdge, tick: &mut Tick, session: u64) -> (ClientSocket, hypogeum_protocol::ConnectionId) {
    let mut client = connect(edge, session);
    let connection = until("the client to connect", || {
        client.update(STEP);
        tick.take(edge);
        (client.state() == ConnectionState::Connected).then(|| tick.connection_of(SessionId(session))).flatten()
    });
    (client, connection)
}

#[test]
fn a_client_connects_talks_on_every_lane_and_says_goodbye() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, connection) = connected(&edge, &mut tick, 5);
    assert_eq!(tick.tickets, [(SessionId(5), ticket())], "the tick learns who it is");

    for lane in [Lane::Unreliable, Lane::ReliableUnordered, Lane::ReliableOrdered] {
        client.send(lane, b"up".to_vec()).expect("the client is connected");
        client.flush();
        until("the message to reach the tick", || {
            client.update(STEP);
            tick.take(&edge);
            tick.frames.contains(&(connection, lane, b"up".to_vec())).then_some(())
        });
        let down = ToEdge::Frame { connection, lane, bytes: vec![lane as u8; 1_000], answers: None };
        edge.link().out(connection).frames.push(Class::Gameplay, down).expect("the queue has room");
        let message = until("the answer to arrive", || {
            client.update(STEP);
            client.receive(lane)
        });
        assert_eq!(message, vec![lane as u8; 1_000], "{lane:?} carries what was sent");
    }
    client.disconnect();
    until("the tick to hear the goodbye", || {
        tick.take(&edge);
        tick.closed.contains(&(connection, CloseReason::ByPeer)).then_some(())
    });
    let counters = edge.counters();
    assert_eq!((counters.connections_opened, counters.connections_closed), (1, 1), "both are counted once");
    assert!(counters.bytes_in > 0 && counters.bytes_out > counters.datagrams_out, "traffic is counted");
}

#[test]
fn a_map_sized_message_arrives_whole_and_the_close_after_it_waits() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, connection) = connected(&edge, &mut tick, 1);
    let map: Vec<u8> = (0..60_000_u32).map(|n| n as u8).collect();
    let frame = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes: map.clone(), answers: None };
    edge.link().out(connection).frames.push(Class::Critical, frame).expect("the queue has room");
    let close = ToEdge::Close { connection, reason: CloseReason::TakenOver };
    edge.link().out(connection).frames.push(Class::Critical, close).expect("the queue has room");
    let message = until("the map to arrive", || {
        client.update(STEP);
        client.receive(Lane::ReliableOrdered)
    });
    assert!(message == map, "the map is put together from its slices");
    until("the close to follow", || {
        client.update(STEP);
        tick.take(&edge);
        let over = client.state() == ConnectionState::Closed(EndReason::Netcode(Ended::ByServer));
        (over && tick.closed.contains(&(connection, CloseReason::TakenOver))).then_some(())
    });
}

#[test]
fn shutdown_says_goodbye_to_everyone() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, connection) = connected(&edge, &mut tick, 1);
    edge.shutdown();
    until("the client to hear of it", || {
        client.update(STEP);
        (client.state() == ConnectionState::Closed(EndReason::Netcode(Ended::ByServer))).then_some(())
    });
    tick.take(&edge);
    assert_eq!(tick.closed, [(connection, CloseReason::ByServer)], "the tick is notified as well");
}

#[test]
fn a_client_that_falls_silent_times_out() {
    let mut config = NetConfig::new("127.0.0.1:0".parse().unwrap(), KEY);
    config.timeout_s = 1;
    let edge = UdpEdge::bind(config).expect("any port is free");
    let mut tick = Tick::default();
    let (_client, connection) = connected(&edge, &mut tick, 1);
    until("the connection to time out", || {
        tick.take(&edge);
        tick.closed.contains(&(connection, CloseReason::TimedOut)).then_some(())
    });
}

#[test]
fn a_taken_port_is_named() {
    let edge = edge();
    let config = NetConfig::new(edge.local_addr(), KEY);
    let error = UdpEdge::bind(config).expect_err("the port is taken");
    assert!(matches!(error, NetError::PortTaken(address) if address == edge.local_addr()), "unexpected {error:?}");
    let sentence = format!("UDP port {} is taken", edge.local_addr().port());
    assert!(error.to_string().starts_with(&sentence), "the message names the port: {error}");
}

#[test]
fn tokens_of_other_keys_games_and_times_are_refused_and_counted() {
    let edge = edge();
    let now = common::unix_s();
    let address = vec![edge.local_addr()];
    let protocol = hypogeum_protocol::limits::NETCODE_PROTOCOL_ID;
    let mint = |key, protocol| TokenMint::new(key, protocol, address.clone(), 5, 30).expect("one address is enough");
    for (mint, now, reason) in [
        (mint([9; 32], protocol), now, DropReason::TokenForged),
        (mint(KEY, protocol + 1), now, DropReason::WrongProtocol),
        (mint(KEY, protocol), now - 60, DropReason::TokenExpired),
    ] {
        let token = mint.mint(SessionId(1), &ticket(), now);
        let mut client = ClientSocket::connect(&token).expect("the client cannot tell");
        until("the refusal to be counted", || {
            client.update(STEP);
            (edge.counters().dropped(reason) > 0).then_some(())
        });
        assert_eq!(client.state(), ConnectionState::Connecting, "nobody answers");
    }
    assert_eq!(edge.counters().datagrams_out, 0, "not one datagram left");
}

#[test]
fn junk_is_counted_and_the_honest_play_on() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, connection) = connected(&edge, &mut tick, 1);
    let flooder = UdpSocket::bind("127.0.0.1:0").expect("any port is free");
    for length in 0..1_500_usize {
        let junk: Vec<u8> = (0..length).map(|index| (index * 31 + length) as u8).collect();
        flooder.send_to(&junk, edge.local_addr()).expect("loopback takes it");
        if length % 50 == 0 {
            // A small socket buffer would lose some of it, and what is lost cannot be counted.
            until("the edge to keep up", || (edge.counters().dropped_in_all() >= length as u64).then_some(()));
        }
    }
    client.send(Lane::ReliableOrdered, b"still here".to_vec()).expect("it is connected");
    client.flush();
    until("the honest message to arrive", || {
        client.update(STEP);
        tick.take(&edge);
        tick.frames.contains(&(connection, Lane::ReliableOrdered, b"still here".to_vec())).then_some(())
    });
    until("the junk to be counted", || (edge.counters().dropped_in_all() >= 1_500).then_some(()));
    assert!(tick.closed.is_empty(), "nobody was disconnected");
}

#[test]
fn a_flood_of_reliable_messages_loses_none() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, _) = connected(&edge, &mut tick, 1);
    // Ten times the burst a connection may send: the rest waits its turn.
    for number in 0..500_u16 {
        client.send(Lane::ReliableOrdered, number.to_le_bytes().to_vec()).expect("the channel has room");
    }
    until("all messages to arrive", || {
        client.update(STEP);
        tick.take(&edge);
        (tick.frames.len() >= 500).then_some(())
    });
    let numbers: Vec<u16> = tick.frames.iter().map(|(_, _, bytes)| u16::from_le_bytes([bytes[0], bytes[1]])).collect();
    assert!(numbers.iter().copied().eq(0..500), "each arrives once and in order: {numbers:?}");
    assert!(!tick.opened_after_frame, "and never before its connection");
}

#[test]
fn waking_the_thread_leaves_no_trace() {
    let edge = edge();
    let mut tick = Tick::default();
    for _ in 0..100 {
        edge.wake();
    }
    connected(&edge, &mut tick, 1);
    assert_eq!(edge.counters().dropped_in_all(), 0, "a wake is no datagram of anybody's");
}
