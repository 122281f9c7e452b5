//! The datagram lane over real sockets.

mod common;

use std::os::fd::AsFd;

use common::{STEP, Tick, config, connected, edge, send_datagram, send_frame, token, until};
use hypogeum_client::ClientSocket;
use hypogeum_netcode::{ConnectionState, DropReason};
use hypogeum_protocol::SessionId;
use hypogeum_protocol::limits::{LANE_BYTE, LANE_BYTES_MAX};
use hypogeum_protocol::link::{DatagramBatch, Lane};
use hypogeum_udp::{NetConfig, UdpEdge};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

fn datagram(number: u8, length: usize) -> Vec<u8> {
    let mut bytes = vec![number; length];
    bytes[0] = LANE_BYTE;
    bytes
}

#[test]
fn datagrams_of_every_length_pass_both_ways() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut client, connection) = connected(&edge, &mut tick, 1);
    let mut taken = Vec::new();
    for (number, length) in [1, 2, 24, 600, LANE_BYTES_MAX].into_iter().enumerate() {
        let sent = datagram(number as u8, length);
        assert!(client.send_lane(&sent), "{length} bytes can be sent");
        until("it to reach the tick", || {
            tick.take(&edge);
            tick.datagrams.contains(&(connection, sent.clone())).then_some(())
        });
        send_datagram(&edge, connection, &sent);
        until("it to reach the client", || {
            client.update(STEP);
            client.take_lane(&mut taken).then_some(())
        });
        assert_eq!(taken, sent, "{length} bytes come down as they were");
    }
    assert!(!client.take_lane(&mut taken) && taken.is_empty(), "each comes once");
    for refused in [vec![], vec![LANE_BYTE + 1], vec![LANE_BYTE; LANE_BYTES_MAX + 1]] {
        assert!(!client.send_lane(&refused), "{} bytes are none of this lane", refused.len());
    }
    assert_eq!(edge.counters().dropped_in_all(), 0, "nothing was lost on the way");
}

#[test]
fn nothing_is_sent_on_the_lane_before_the_connection_stands() {
    let edge = edge();
    let mut client = ClientSocket::connect(&token(&edge, 1)).expect("our token is good");
    assert!(!client.send_lane(&[LANE_BYTE]), "there is nobody to send to");
    assert_eq!(client.counters().datagrams_out, 0, "and nothing leaves");
}

#[test]
fn one_who_floods_the_lane_loses_only_his_own() {
    let edge = edge();
    let mut tick = Tick::default();
    let (mut loud, loud_connection) = connected(&edge, &mut tick, 1);
    let (mut quiet, quiet_connection) = connected(&edge, &mut tick, 2);
    let flood = datagram(9, 600);
    for round in 1..=30_u8 {
        for _ in 0..100 {
            loud.send_lane(&flood);
        }
        assert!(quiet.send_lane(&datagram(round, 24)), "the quiet one is connected");
        until("the quiet one to be heard", || {
            tick.take(&edge);
            tick.datagrams.contains(&(quiet_connection, datagram(round, 24))).then_some(())
        });
    }
    until("the flood to be looked at", || (edge.counters().datagrams_in >= 3_030).then_some(()));
    tick.take(&edge);
    let passed = tick.datagrams.iter().filter(|(from, _)| *from == loud_connection).count() as u64;
    let dropped = edge.counters().dropped(DropReason::Throttled);
    assert_eq!(passed + dropped, 3_000, "each is passed on or counted");
    assert!(dropped > 0, "most are more than anybody may send");
    // It may still speak.
    loud.send(Lane::ReliableOrdered, b"sorry".to_vec()).expect("it is connected");
    loud.flush();
    until("the loud one to be heard", || {
        loud.update(STEP);
        tick.take(&edge);
        tick.frames.contains(&(loud_connection, Lane::ReliableOrdered, b"sorry".to_vec())).then_some(())
    });
}

#[test]
fn an_end_driven_by_readiness_alone_connects_and_hears() {
    let edge = edge();
    let mut tick = Tick::default();
    let mut client = ClientSocket::connect(&token(&edge, 1)).expect("our token is good");
    let mut taken = Vec::new();
    let driven = |client: &mut ClientSocket, edge: &UdpEdge, tick: &mut Tick| {
        let mut watched = [PollFd::new(client.as_fd(), PollFlags::POLLIN)];
        let is_ready = poll(&mut watched, PollTimeout::ZERO).expect("the socket can be watched") > 0;
        if is_ready {
            client.receive_ready();
        }
        client.advance(STEP);
        tick.take(edge);
        is_ready
    };
    let connection = until("it to connect", || {
        driven(&mut client, &edge, &mut tick);
        (client.state() == ConnectionState::Connected).then(|| tick.connection_of(SessionId(1))).flatten()
    });
    send_datagram(&edge, connection, &datagram(3, 30));
    send_frame(&edge, connection, b"hello".to_vec());
    let message = until("the message to arrive", || {
        driven(&mut client, &edge, &mut tick);
        client.receive(Lane::ReliableOrdered)
    });
    assert_eq!(message, b"hello", "it is whole");
    until("the datagram to arrive", || {
        driven(&mut client, &edge, &mut tick);
        client.take_lane(&mut taken).then_some(())
    });
    assert_eq!(taken, datagram(3, 30), "it is whole, too");
    assert_eq!(client.socket_generation(), 0, "the first address answered");
}

#[test]
fn a_client_over_ipv6_is_as_good() {
    let listen = "[::1]:0".parse().expect("an address");
    if std::net::UdpSocket::bind(listen).is_err() {
        // This machine has no IPv6; there is nothing to show.
        return;
    }
    let edge = UdpEdge::bind(NetConfig { listen, workers: 2, ..config() }).expect("any port is free");
    let mut tick = Tick::default();
    let (mut client, connection) = connected(&edge, &mut tick, 1);
    let mut taken = Vec::new();
    // More than one batch each way.
    let numbers = 0..100_u8;
    for number in numbers.clone() {
        assert!(client.send_lane(&datagram(number, 24)), "it is connected");
        until("the datagram to reach the tick", || {
            tick.take(&edge);
            let throttled = edge.counters().dropped(DropReason::Throttled);
            (tick.datagrams.len() as u64 + throttled > u64::from(number)).then_some(())
        });
    }
    assert!(tick.datagrams.iter().all(|(from, bytes)| *from == connection && bytes.len() == 24), "all are its own");
    let mut batch = DatagramBatch::default();
    numbers.clone().for_each(|number| batch.push(connection, &datagram(number, 600)));
    edge.link().out(connection).datagrams.leave(&mut batch);
    edge.wake();
    let mut last = None;
    until("the last one to come down", || {
        client.update(STEP);
        while client.take_lane(&mut taken) {
            last = taken.get(1).copied();
        }
        (last == Some(99)).then_some(())
    });
}
