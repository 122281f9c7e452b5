//! Several workers on one port: the system picks one for each client, and they must not disagree.

mod common;

use std::collections::BTreeSet;

use common::{STEP, Tick, config, connected, send_datagram, send_frame, token, until};
use hypogeum_client::ClientSocket;
use hypogeum_netcode::Ended;
use hypogeum_netcode::{ConnectionState, DropReason, EndReason};
use hypogeum_protocol::ConnectionId;
use hypogeum_protocol::limits::LANE_BYTE;
use hypogeum_protocol::link::{Class, CloseReason, Lane, ToEdge};
use hypogeum_udp::{NetConfig, NetError, UdpEdge};

const WORKERS: usize = 3;
/// So many that all on one worker of three is out of the question: 3⁻³⁹.
const CLIENTS: u64 = 40;

fn edge_of(workers: usize, connections_max: usize) -> UdpEdge {
    UdpEdge::bind(NetConfig { workers, connections_max, ..config() }).expect("any port is free")
}

fn all_connected(edge: &UdpEdge, tick: &mut Tick) -> Vec<(ClientSocket, ConnectionId)> {
    (1..=CLIENTS).map(|session| connected(edge, tick, session)).collect()
}

/// A client beside `connection` that another worker has; the token says nothing about workers, so it takes a few tries.
fn connected_to_another_worker(edge: &UdpEdge, tick: &mut Tick, connection: ConnectionId) -> ClientSocket {
    for session in 1_000.. {
        let (client, other) = connected(edge, tick, session);
        if other.worker() != connection.worker() {
            return client;
        }
    }
    unreachable!("sessions do not end")
}

#[test]
fn clients_spread_over_the_workers_and_all_are_served() {
    let edge = edge_of(WORKERS, 1_000);
    let mut tick = Tick::default();
    let mut clients = all_connected(&edge, &mut tick);
    let names: BTreeSet<ConnectionId> = clients.iter().map(|(_, connection)| *connection).collect();
    assert_eq!(names.len(), clients.len(), "no two connections have the same name");
    let workers: BTreeSet<usize> = names.iter().map(|connection| connection.worker()).collect();
    assert!(workers.len() > 1 && workers.iter().all(|worker| *worker < WORKERS), "several workers serve: {workers:?}");
    for (number, (client, connection)) in clients.iter_mut().enumerate() {
        let (datagram, message) = ([LANE_BYTE, number as u8], vec![number as u8]);
        assert!(client.send_lane(&datagram), "it is connected");
        client.send(Lane::ReliableOrdered, message.clone()).expect("it is connected");
        client.flush();
        send_datagram(&edge, *connection, &datagram);
        send_frame(&edge, *connection, message.clone());
        let mut taken = Vec::new();
        let (mut has_datagram, mut has_message) = (false, false);
        until("both to pass both ways", || {
            client.update(STEP);
            tick.take(&edge);
            has_datagram |= client.take_lane(&mut taken) && taken == datagram;
            has_message |= client.receive(Lane::ReliableOrdered).is_some_and(|bytes| bytes == message);
            let up = tick.datagrams.contains(&(*connection, datagram.to_vec()))
                && tick.frames.contains(&(*connection, Lane::ReliableOrdered, message.clone()));
            (up && has_datagram && has_message).then_some(())
        });
    }
}

#[test]
fn a_token_spent_at_one_worker_is_spent_at_all() {
    let edge = edge_of(WORKERS, 1_000);
    let mut tick = Tick::default();
    let used = token(&edge, 1);
    let mut first = ClientSocket::connect(&used).expect("our token is good");
    until("the first to connect", || {
        first.update(STEP);
        (first.state() == ConnectionState::Connected).then_some(())
    });
    first.disconnect();
    until("the goodbye to be heard", || {
        tick.take(&edge);
        (tick.closed.len() == 1).then_some(())
    });
    // From so many ports the system picks every worker.
    let mut others: Vec<ClientSocket> =
        (0..CLIENTS).map(|_| ClientSocket::connect(&used).expect("it reads like any other")).collect();
    until("every attempt to be refused", || {
        others.iter_mut().for_each(|other| other.update(STEP));
        (edge.counters().dropped(DropReason::TokenReused) >= CLIENTS).then_some(())
    });
    assert_eq!(edge.counters().connections_opened, 1, "it opened one connection and no more");
}

#[test]
fn a_client_id_is_connected_once_whatever_the_worker() {
    let edge = edge_of(2, 1_000);
    let mut tick = Tick::default();
    let (first, connection) = connected(&edge, &mut tick, 1);
    let mut others: Vec<ClientSocket> =
        (0..CLIENTS).map(|_| ClientSocket::connect(&token(&edge, 1)).expect("each token is good")).collect();
    until("every worker to have refused some", || {
        others.iter_mut().for_each(|other| other.update(STEP));
        (edge.counters().dropped(DropReason::AlreadyConnected) >= 2 * CLIENTS).then_some(())
    });
    tick.take(&edge);
    assert_eq!(tick.opened.len(), 1, "the session is connected once");
    // The tick lets a newer one win by closing the older.
    let close = ToEdge::Close { connection, reason: CloseReason::TakenOver };
    edge.link().out(connection).frames.push(Class::Critical, close).expect("the queue has room");
    until("exactly one of them to get in", || {
        others.iter_mut().for_each(|other| other.update(STEP));
        tick.take(&edge);
        (tick.opened.len() == 2).then_some(())
    });
    assert_eq!(tick.closed, [(connection, CloseReason::TakenOver)], "after the first was closed");
    drop(first);
}

#[test]
fn places_are_for_the_whole_port() {
    let edge = edge_of(WORKERS, 8);
    let mut tick = Tick::default();
    let _clients: Vec<_> = (1..=8).map(|session| connected(&edge, &mut tick, session)).collect();
    let mut late: Vec<ClientSocket> = (100..100 + CLIENTS)
        .map(|session| ClientSocket::connect(&token(&edge, session)).expect("each token is good"))
        .collect();
    until("all others to be denied", || {
        late.iter_mut().for_each(|client| client.update(STEP));
        let denied = ConnectionState::Closed(EndReason::Netcode(Ended::Denied));
        late.iter().all(|client| client.state() == denied).then_some(())
    });
    assert_eq!(edge.counters().connections_opened, 8, "eight places are eight places");
}

#[test]
fn every_worker_says_goodbye() {
    let edge = edge_of(WORKERS, 1_000);
    let mut tick = Tick::default();
    let mut clients = all_connected(&edge, &mut tick);
    let (_, first) = clients[0];
    clients.push((connected_to_another_worker(&edge, &mut tick, first), first));
    assert!(edge.is_running(), "all workers run");
    edge.shutdown();
    assert!(!edge.is_running(), "none does");
    until("all clients to hear of it", || {
        clients.iter_mut().for_each(|(client, _)| client.update(STEP));
        let over = ConnectionState::Closed(EndReason::Netcode(Ended::ByServer));
        clients.iter().all(|(client, _)| client.state() == over).then_some(())
    });
    tick.take(&edge);
    assert_eq!(tick.closed.len(), tick.opened.len(), "the tick hears of each");
}

#[test]
fn a_port_that_several_workers_share_is_taken_for_everyone_else() {
    let edge = edge_of(2, 10);
    for workers in [1, 2] {
        let mut config = config();
        (config.listen, config.workers) = (edge.local_addr(), workers);
        let error = UdpEdge::bind(config).expect_err("another server has it");
        assert!(matches!(error, NetError::PortTaken(_)), "it names the reason: {error:?}");
    }
    let too_many = NetConfig { workers: NetConfig::WORKERS_MAX + 1, ..config() };
    assert!(matches!(UdpEdge::bind(too_many), Err(NetError::OutOfRange { field: "workers", .. })), "16 are enough");
    assert!(edge.is_running(), "the first one is undisturbed");
}
