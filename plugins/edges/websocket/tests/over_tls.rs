//! The same over TLS, by a client of another library: the session is the worker's, and nobody notices.

mod common;

use std::io::Read;
use std::time::Duration;

use common::{Server, Wire};
use hypogeum_envelope::Codec;
use hypogeum_protocol::link::{Class, CloseReason, DatagramBatch, RequestId, ToEdge};
use hypogeum_protocol::{ClientMessage, ServerMessage};
use serde_json::json;
use tungstenite::Message;

#[test]
fn messages_and_state_pass_both_ways_by_both_versions() {
    let mut server = Server::start_tls(|_| {});
    for codec in Codec::ALL {
        let (mut client, connection) = server.player(codec, 7);
        // Far more than one may say at once: they wait in the socket.
        for nonce in 0..200 {
            client.say_payload("ping", Some(nonce), &json!({ "nonce": nonce }));
        }
        for nonce in 0..200 {
            let expected = (ClientMessage::Ping { nonce: nonce.into() }, Some(RequestId(nonce)));
            assert_eq!(server.expect_message(connection), expected, "{codec:?}");
        }
    }
    let (mut client, connection) = server.player(Codec::MessagePack, 7);
    client.socket.send(Message::binary(vec![5, 1, 0, 0])).expect("it can be sent");
    let mut batch = DatagramBatch::default();
    Server::until("the state arrives", || {
        server.link.datagrams.take(&mut batch);
        !batch.is_empty()
    });
    assert_eq!(batch.get(0), Some((connection, &[5, 1, 0, 0][..])), "as it was sent");
    server.is_well();
}

#[test]
fn a_tick_costs_a_connection_one_write() {
    const TICKS: u64 = 100;
    const MESSAGES: u64 = 6;
    let mut server = Server::start_tls(|_| {});
    let (mut client, connection) = server.player(Codec::MessagePack, 7);
    let before = server.edge.counters().writes;
    for tick in 0..TICKS {
        for message in 0..MESSAGES {
            server.answer(connection, &ServerMessage::Pong { nonce: tick * MESSAGES + message }, None);
        }
        server.show(connection, &[5; 600]);
        for message in 0..MESSAGES {
            assert_eq!(client.hear()["payload"]["nonce"], tick * MESSAGES + message, "in their order");
        }
        assert_eq!(client.receive(), Message::binary(vec![5; 600]), "and the state after them");
    }
    let writes = server.edge.counters().writes - before;
    // A worker that happens to wake while a tick still speaks writes twice.
    assert!(writes < TICKS * 3 / 2, "{writes} writes in {TICKS} ticks of {MESSAGES} messages and state");
}

#[test]
fn a_tick_that_says_more_than_is_encrypted_at_once_arrives_whole() {
    let mut server = Server::start_tls(|_| {});
    let (mut client, connection) = server.player(Codec::Json, 7);
    for tick in 0..30 {
        server.answer(connection, &ServerMessage::Told { tick, body: vec![7; 10_000] }, None);
    }
    server.show(connection, &[5; 1_000]);
    for tick in 0..30 {
        assert_eq!(client.hear()["payload"]["tick"], tick, "in their order");
    }
    assert_eq!(client.hear()["type"], "state", "and the state after them");
}

#[test]
fn a_client_that_reads_again_sees_the_newest_state() {
    let mut server = Server::start_tls(|config| config.unread_max = Duration::from_secs(60));
    let (mut client, connection) = server.player(Codec::MessagePack, 7);
    let state = |number: u32| [&[5][..], &number.to_le_bytes(), &[0; 1_000]].concat();
    let mut shown = 0;
    Server::until("it does not read, so state is replaced", || {
        for _ in 0..50 {
            shown += 1;
            server.show(connection, &state(shown));
        }
        server.edge.counters().state_replaced > 200
    });
    let mut seen = 0;
    while client.receive() != Message::binary(state(shown)) {
        seen += 1;
    }
    assert!(seen + 200 < shown, "{seen} of {shown} waited on the way, the others were replaced");
    server.is_well();
}

#[test]
fn a_client_that_does_not_read_is_gone_and_what_waits_for_it_is_bounded() {
    let mut server = Server::start_tls(|config| {
        (config.unread_max, config.last_words_max) = (Duration::from_millis(200), Duration::from_millis(200));
    });
    let (_silent, connection) = server.player(Codec::MessagePack, 7);
    Server::until("it is found not to read", || {
        (0..50).for_each(|_| server.show(connection, &[5; 1_100]));
        server.edge.counters().closed != [0; CloseReason::ALL.len()]
    });
    assert_eq!(server.expect_end(connection), CloseReason::Congested);

    let mut server = Server::start_tls(|config| {
        (config.waiting_bytes_max, config.unread_max) = (64 << 10, Duration::from_secs(60));
    });
    let (_silent, connection) = server.player(Codec::Json, 7);
    let mut said = 0;
    while server.edge.counters().closed == [0; CloseReason::ALL.len()] {
        server.answer(connection, &ServerMessage::Told { tick: 1, body: vec![7; 10_000] }, None);
        server.edge.waker().wake();
        said += 1;
        assert!(said < 100_000, "something has to hold them");
        std::thread::yield_now();
    }
    assert_eq!(server.expect_end(connection), CloseReason::Congested, "a hole in what is promised would be a lie");
    server.is_well();
}

#[test]
fn the_last_words_end_the_session_so_that_nobody_can_cut_it_short() {
    let mut server = Server::start_tls(|_| {});
    for codec in Codec::ALL {
        let (mut client, connection) = server.player(codec, 9);
        server.answer(connection, &ServerMessage::Goodbye, None);
        let close = ToEdge::Close { connection, reason: CloseReason::TakenOver };
        server.link.out(connection).frames.push(Class::Critical, close).expect("room");
        server.edge.waker().wake();
        assert_eq!(client.closed(), (4409, vec![json!({"v": 1, "type": "goodbye"})]), "its last words come first");
        let mut rest = Vec::new();
        let ended = client.socket.get_mut().read_to_end(&mut rest);
        assert_eq!((ended.expect("TLS says that this is the end"), rest.len()), (0, 0), "{codec:?}");
        drop(client);
        assert_eq!(server.expect_end(connection), CloseReason::TakenOver);
    }
}

#[test]
fn whoever_ends_it_is_told_apart() {
    let mut server = Server::start_tls(|_| {});
    let (mut leaving, left) = server.player(Codec::MessagePack, 7);
    leaving.socket.close(None).expect("it can be closed");
    assert_eq!(server.expect_end(left), CloseReason::ByPeer, "it says goodbye");

    let (broken, cut) = server.player(Codec::MessagePack, 8);
    drop(broken);
    assert_eq!(server.expect_end(cut), CloseReason::TimedOut, "its link broke");

    let (mut tired, quiet) = server.player(Codec::Json, 9);
    if let Wire::Tls(tls) = tired.socket.get_mut() {
        tls.conn.send_close_notify();
        tls.conn.write_tls(&mut tls.sock).expect("it leaves");
    }
    assert_eq!(server.expect_end(quiet), CloseReason::TimedOut, "TLS ends, and its socket stays open");
    server.is_well();
}

#[test]
fn what_is_no_tls_or_was_changed_on_its_way_hurts_its_own_connection_alone() {
    let mut server = Server::start_tls(|_| {});
    for wrong in [&[0; 64][..], b"GET / HTTP/1.1\r\n\r\n", &[23, 3, 3, 0, 32, 1, 2, 3]] {
        let (mut client, connection) = server.player(Codec::MessagePack, 7);
        client.send_raw(wrong);
        // A record that was begun has to end.
        client.send_raw(&[0; 32]);
        assert_eq!(server.expect_end(connection), CloseReason::Hostile, "{wrong:?}");
        server.is_well();
    }
}
