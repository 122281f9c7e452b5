//! What clients do that are none: each hurts its own connection and nothing else.

mod common;

use std::time::Duration;

use common::Server;
use hypogeum_envelope::Codec;
use hypogeum_protocol::limits;
use hypogeum_protocol::link::{CloseReason, FromEdge};
use serde_json::json;
use tungstenite::Message;

/// A frame as a client sends it: first byte, contents, a mask of nothing.
fn frame(first: u8, contents: &[u8]) -> Vec<u8> {
    assert!(contents.len() < 126, "a short one");
    [&[first, 0x80 | contents.len() as u8, 0, 0, 0, 0], contents].concat()
}

#[test]
fn no_hello_in_time_is_told_so() {
    let mut server = Server::start(|config| config.hello_timeout = Duration::from_secs(1));
    let mut silent = server.stranger(Codec::Json);
    let mut unanswered = server.stranger(Codec::MessagePack);
    unanswered.hello("slow", Some(1));
    for client in [&mut silent, &mut unanswered] {
        let (code, heard) = client.closed();
        assert_eq!((code, &heard[0]["payload"]["code"]), (4408, &json!("hello_first")), "{heard:?}");
    }
    server.is_well();
}

#[test]
fn no_token_no_entry() {
    let mut server = Server::start(|_| {});
    for (token, expected) in [("bad", (4401, "unauthorized")), ("busy", (1013, "unavailable"))] {
        for codec in Codec::ALL {
            let mut client = server.stranger(codec);
            client.hello(token, Some(9));
            let (code, heard) = client.closed();
            assert_eq!((code, heard[0]["payload"]["code"].as_str()), (expected.0, Some(expected.1)), "{heard:?}");
            assert_eq!(heard[0]["id"], 9, "it answers the hello");
        }
    }
    assert_eq!(server.edge.counters().opened, 0, "the tick has heard of nobody");
    server.is_well();
}

#[test]
fn the_first_message_is_a_hello_with_a_token() {
    let mut server = Server::start(|_| {});
    let wrong = [
        (json!({"v": 1, "type": "ping", "id": 2, "payload": {"nonce": 1}}), "hello_first"),
        (
            json!({"v": 1, "type": "hello", "payload": {"protocol_version": limits::PROTOCOL_VERSION, "client": "", "locale": ""}}),
            "malformed",
        ),
        (json!({"v": 1, "type": "hello", "payload": {"access_token": "good-1"}}), "malformed"),
        (
            json!({"v": 1, "type": "hello", "payload": {
                "protocol_version": limits::PROTOCOL_VERSION, "client": "x".repeat(65), "locale": "", "access_token": "good-1"
            }}),
            "out_of_range",
        ),
        (json!({"v": 7}), "malformed"),
        (json!([]), "malformed"),
    ];
    for (message, expected) in wrong {
        let mut client = server.stranger(Codec::Json);
        client.say(&message);
        let (code, heard) = client.closed();
        assert_eq!((code, heard[0]["payload"]["code"].as_str()), (1008, Some(expected)), "{message}: {heard:?}");
    }
    let mut client = server.stranger(Codec::MessagePack);
    client.socket.send(Message::binary(vec![5, 1, 0, 0])).expect("it can be sent");
    assert_eq!(client.closed().0, 1008, "state before the hello");
    server.is_well();
}

#[test]
fn a_hello_of_another_version_learns_which_are_spoken_whatever_else_is_in_it() {
    let mut server = Server::start(|_| {});
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    let hellos = [
        json!({"protocol_version": max + 1, "client": "later", "locale": "en", "access_token": "good-1"}),
        json!({"protocol_version": min - 1, "client": "earlier", "locale": "en", "access_token": "bad"}),
        json!({"protocol_version": 70_000, "name": ["nothing", "of", "today"]}),
    ];
    for hello in hellos {
        for codec in Codec::ALL {
            let mut client = server.stranger(codec);
            client.say_payload("hello", Some(4_000_000_000), &hello);
            let (code, heard) = client.closed();
            let expected = json!({"v": 1, "type": "error", "id": 4_000_000_000_u32, "payload": {
                "code": "version_mismatch", "message": "the server does not speak this version of the protocol",
                "about": "hello", "min": min, "max": max
            }});
            assert_eq!((code, heard), (4426, vec![expected]), "{hello} over {codec:?}");
        }
    }
    assert_eq!(server.edge.counters().opened, 0, "the tick has heard of nobody, and no token was looked at");
    for version in [min, max] {
        let mut client = server.stranger(Codec::Json);
        let hello = json!({"protocol_version": version, "client": "", "locale": "", "access_token": "good-1"});
        client.say_payload("hello", None, &hello);
        server.expect("one that is spoken comes in", |event| match event {
            FromEdge::Opened { .. } => Some(()),
            _ => None,
        });
    }
    server.is_well();
}

#[test]
fn what_is_no_frame_or_of_the_wrong_kind_closes_with_its_code() {
    let mut server = Server::start(|_| {});
    let endless: Vec<u8> = (0..100).flat_map(|part| frame(if part == 0 { 0x02 } else { 0x00 }, &[1])).collect();
    let huge = [0x82, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0];
    let cases: [(&str, Codec, Vec<u8>, u16); 8] = [
        ("a frame of 4 GiB", Codec::MessagePack, huge.to_vec(), 1009),
        ("fragments without end", Codec::MessagePack, endless, 1009),
        ("text where binary is expected", Codec::MessagePack, frame(0x81, b"{}"), 1003),
        ("binary where text is expected", Codec::Json, frame(0x82, b"{}"), 1003),
        ("text that is none", Codec::Json, frame(0x81, &[0xFF, 0xFE]), 1007),
        ("an unmasked frame", Codec::Json, vec![0x81, 0x02, b'{', b'}'], 1002),
        ("compression that nobody agreed on", Codec::Json, frame(0xC1, b"{}"), 1002),
        ("no opcode", Codec::Json, frame(0x83, b""), 1002),
    ];
    for (what, codec, bytes, expected) in cases {
        let (mut client, connection) = server.player(codec, 7);
        client.send_raw(&bytes);
        assert_eq!(client.closed().0, expected, "{what}");
        drop(client);
        assert_eq!(server.expect_end(connection), CloseReason::Hostile, "{what}");
        // And before the hello.
        let mut stranger = server.stranger(codec);
        stranger.send_raw(&bytes);
        assert_eq!(stranger.closed().0, expected, "{what}, of a stranger");
    }
    server.is_well();
}

#[test]
fn malformed_envelopes_are_answered_until_they_are_too_many() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player(Codec::Json, 7);
    let wrong = [
        "{",
        "[]",
        "null",
        r#"{"v":1}"#,
        r#"{"v":1,"type":"dance","id":3}"#,
        r#"{"v":1,"type":"state","payload":"?"}"#,
        r#"{"v":1,"type":"state","payload":"AAAA"}"#,
        r#"{"v":1,"type":"ping","payload":{"nonce":"x"}}"#,
    ];
    for text in wrong {
        client.socket.send(Message::text(text)).expect("it can be sent");
    }
    let (code, heard) = client.closed();
    assert_eq!((code, heard.len()), (1008, 8), "each is answered, the last one ends it: {heard:?}");
    assert!(heard.iter().all(|answer| answer["payload"]["code"] == "malformed"), "{heard:?}");
    assert_eq!(heard[4]["id"], 3, "with the number, where that could be read");
    assert!(heard[4]["payload"]["message"].as_str().is_some_and(|why| why.contains("dance")), "and why: {heard:?}");
    drop(client);
    assert_eq!(server.expect_end(connection), CloseReason::Hostile);
    server.is_well();
}

#[test]
fn whoever_ignores_the_end_is_told_of_it_once() {
    let mut server = Server::start(|config| config.last_words_max = Duration::from_millis(300));
    let (mut client, connection) = server.player(Codec::Json, 7);
    client.send_raw(&[0x81, 0x02, b'{', b'}']);
    assert_eq!(server.expect_end(connection), CloseReason::Hostile, "it is gone, though it has read nothing");
    Server::until("the count is there", || server.edge.counters().shut > 0);
    assert_eq!(server.edge.counters().shut, 1, "nobody goes round and round for it meanwhile");
    drop(client);
    server.is_well();
}

#[test]
fn each_ping_has_its_pong() {
    let mut server = Server::start(|_| {});
    let (mut client, _) = server.player(Codec::Json, 7);
    client.send_raw(&[frame(0x89, b"a"), frame(0x89, b"b")].concat());
    let mut pongs = Vec::new();
    while pongs.len() < 2 {
        if let Message::Pong(bytes) = client.socket.read().expect("something comes") {
            pongs.push(bytes.to_vec());
        }
    }
    assert_eq!(pongs, [b"a", b"b"], "each with what it was asked by");
    server.is_well();
}

#[test]
fn a_flood_of_state_and_pings_is_dropped_and_costs_nobody_else() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player(Codec::MessagePack, 7);
    for _ in 0..2_000 {
        client.send_raw(&frame(0x82, &[5, 1, 0, 0]));
    }
    for _ in 0..100 {
        client.send_raw(&frame(0x89, b"?"));
    }
    client.say_payload("leave_queue", None, &json!({}));
    server.expect_message(connection);
    assert!(server.edge.counters().state_dropped > 1_000, "more than anybody needs: {:?}", server.edge.counters());
    server.is_well();
}
