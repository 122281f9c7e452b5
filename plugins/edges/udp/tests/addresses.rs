//! One port on every address of a machine: both families, and answers from the address that was called.

mod common;

use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

use common::{KEY, Tick, until};
use hypogeum_client::ClientSocket;
use hypogeum_netcode::ConnectionState;
use hypogeum_protocol::link::{Class, Lane, SessionTicket, ToEdge};
use hypogeum_protocol::{AccountId, SessionId};
use hypogeum_udp::{NetConfig, UdpEdge};

const STEP: Duration = Duration::from_millis(5);

fn edge(listen: &str, public: &[&str]) -> UdpEdge {
    let mut config = NetConfig::new(listen.parse().expect("an address"), KEY);
    config.public = public.iter().map(|address| address.parse().expect("an address")).collect();
    UdpEdge::bind(config).expect("any port is free")
}

/// Lets a client connect by the edge's token and hear one message; returns where it found the server.
fn heard(edge: &UdpEdge, tick: &mut Tick, session: u64) {
    let ticket = SessionTicket { account: AccountId(session), name: "Zoë".to_owned(), character: None };
    let token = edge.token_mint().mint(SessionId(session), &ticket, common::unix_s());
    let mut client = ClientSocket::connect(&token).expect("the mint's token can be used");
    let connection = until("the client to connect", || {
        client.update(STEP);
        tick.take(edge);
        (client.state() == ConnectionState::Connected).then(|| tick.connection_of(SessionId(session))).flatten()
    });
    // More than one batch of datagrams, so that batches are filled and sent from the right address, too.
    let count = 100;
    for number in 0..count {
        let down = ToEdge::Frame { connection, lane: Lane::ReliableOrdered, bytes: vec![number; 1_000], answers: None };
        edge.link().out(connection).frames.push(Class::Gameplay, down).expect("the queue has room");
    }
    let mut next = 0;
    until("every message to arrive", || {
        client.update(STEP);
        while let Some(message) = client.receive(Lane::ReliableOrdered) {
            assert_eq!(message, vec![next; 1_000], "in order and whole");
            next += 1;
        }
        (next == count).then_some(())
    });
    client.disconnect();
}

#[test]
fn any_of_ipv6_serves_both_families() {
    for announced in ["127.0.0.1:0", "[::1]:0"] {
        let edge = edge("[::]:0", &[announced]);
        heard(&edge, &mut Tick::default(), 1);
    }
}

#[test]
fn without_a_public_address_a_client_of_either_family_finds_it() {
    let edge = edge("[::]:0", &[]);
    let announced = edge.token_mint().addresses().to_vec();
    let port = edge.local_addr().port();
    let both: [SocketAddr; 2] =
        [format!("[::1]:{port}").parse().expect("one"), format!("127.0.0.1:{port}").parse().expect("one")];
    assert_eq!(announced, both, "clients get an address of each family");
    heard(&edge, &mut Tick::default(), 1);
}

#[test]
fn an_answer_leaves_from_the_address_that_was_called() {
    // To loopback the system answers from 127.0.0.1 by default; a client listens only to the address it called.
    for listen in ["0.0.0.0:0", "[::]:0"] {
        for called in ["127.0.0.1:0", "127.0.0.2:0", "127.8.9.10:0"] {
            let edge = edge(listen, &[called]);
            heard(&edge, &mut Tick::default(), 1);
        }
    }
}

#[test]
fn clients_of_many_addresses_at_once_are_answered_each_from_its_own() {
    // More addresses than batches are kept for.
    let called: Vec<String> = (1..=12).map(|last| format!("127.0.3.{last}:0")).collect();
    let called: Vec<&str> = called.iter().map(String::as_str).collect();
    let edge = edge("0.0.0.0:0", &called);
    let announced = edge.token_mint().addresses().to_vec();
    let mut tick = Tick::default();
    let mut clients: Vec<ClientSocket> = (0..announced.len())
        .map(|number| {
            let ticket = SessionTicket { account: AccountId(number as u64), name: "Zoë".to_owned(), character: None };
            // The same server under another of its names.
            let mut addresses = announced.clone();
            addresses.rotate_left(number);
            let mint =
                hypogeum_netcode::TokenMint::new(KEY, hypogeum_protocol::limits::NETCODE_PROTOCOL_ID, addresses, 5, 30);
            let token = mint.expect("a mint").mint(SessionId(number as u64), &ticket, common::unix_s());
            ClientSocket::connect(&token).expect("it can be used")
        })
        .collect();
    until("all to connect", || {
        for client in &mut clients {
            client.update(STEP);
        }
        tick.take(&edge);
        clients.iter().all(|client| client.state() == ConnectionState::Connected).then_some(())
    });
    assert!(
        clients.iter().all(|client| client.socket_generation() == 0),
        "each was answered by the address it called first, none had to try another"
    );
}

#[test]
fn an_address_without_an_answer_costs_a_moment_and_the_next_gets_its_turn() {
    let silent = UdpSocket::bind("127.0.0.1:0").expect("any port is free");
    let silent = silent.local_addr().expect("it has an address");
    let edge = edge("127.0.0.1:0", &[&silent.to_string(), "127.0.0.1:0"]);
    heard(&edge, &mut Tick::default(), 1);
}
