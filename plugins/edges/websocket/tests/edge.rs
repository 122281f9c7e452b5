//! What the edge does between clients and a tick, over real sockets.

mod common;

use std::time::Duration;

use common::{Client, Server};
use hypogeum_envelope::Codec;
use hypogeum_protocol::link::{CloseReason, DatagramBatch, FromEdge, RequestId, ToEdge};
use hypogeum_protocol::{AccountId, CharacterId, ClientMessage, ErrorCode, ServerMessage, SessionId, base64, limits};
use hypogeum_websocket::NoRoom;
use serde_json::json;
use tungstenite::Message;

#[test]
fn somebody_with_a_good_token_comes_in_by_their_hello() {
    let mut server = Server::start(|_| {});
    for (codec, number) in [(Codec::MessagePack, 7), (Codec::Json, 8)] {
        let mut client = server.stranger(codec);
        client.hello(&format!("good-{number}"), Some(3));
        let (connection, session, ticket) = server.expect("it comes in", |event| match event {
            FromEdge::Opened { connection, session, ticket, .. } => Some((*connection, *session, ticket.clone())),
            _ => None,
        });
        assert_eq!((session, ticket.account), (SessionId(number + 1_000), AccountId(number)), "as the doorkeeper says");
        let (message, request) = server.expect_message(connection);
        assert!(matches!(message, ClientMessage::Hello { .. }), "its hello follows: {message:?}");
        let error = ServerMessage::Error { code: ErrorCode::TooSoon, about: 0, retry_after_ms: 250 };
        server.answer(connection, &error, request);
        server.answer(connection, &ServerMessage::Goodbye, None);
        server.edge.waker().wake();
        let expected = json!({"v": 1, "type": "error", "id": 3, "payload": {
            "code": "too_soon", "message": "too soon: wait", "retry_after_ms": 250, "about": "hello"
        }});
        assert_eq!(client.hear(), expected, "the answer has the number of its request");
        assert_eq!(client.hear(), json!({"v": 1, "type": "goodbye"}), "what answers nothing has none");
    }
}

#[test]
fn messages_arrive_whole_in_order_and_with_their_numbers_however_many_there_are() {
    let mut server = Server::start(|_| {});
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
}

#[test]
fn state_is_the_bytes_of_the_datagram_lane_both_ways() {
    let mut server = Server::start(|_| {});
    let up = [5, 1, 0, 0];
    let down: Vec<u8> = [5].into_iter().chain(0..255).collect();
    for codec in Codec::ALL {
        let (mut client, connection) = server.player(codec, 7);
        match codec {
            Codec::MessagePack => client.socket.send(Message::binary(up.to_vec())).expect("it can be sent"),
            Codec::Json => client.say_payload("state", None, &base64(&up).into()),
        }
        let mut batch = DatagramBatch::default();
        Server::until("the state arrives", || {
            server.link.datagrams.take(&mut batch);
            !batch.is_empty()
        });
        assert_eq!(batch.get(0), Some((connection, &up[..])), "as it was sent");
        server.show(connection, &down);
        match codec {
            Codec::MessagePack => assert_eq!(client.receive(), Message::binary(down.clone()), "as it is"),
            Codec::Json => {
                assert_eq!(client.hear(), json!({"v": 1, "type": "state", "payload": base64(&down)}), "as text");
            }
        }
    }
}

#[test]
fn a_tick_costs_a_connection_one_write() {
    const TICKS: u64 = 100;
    const MESSAGES: u64 = 6;
    let mut server = Server::start(|_| {});
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
fn a_client_that_reads_again_sees_the_newest_state() {
    let mut server = Server::start(|config| config.unread_max = Duration::from_secs(60));
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
fn a_client_that_does_not_read_is_gone_and_hurts_nobody() {
    let mut server = Server::start(|config| {
        (config.unread_max, config.last_words_max) = (Duration::from_millis(200), Duration::from_millis(200));
    });
    let (_silent, connection) = server.player(Codec::MessagePack, 7);
    Server::until("it is found not to read", || {
        (0..50).for_each(|_| server.show(connection, &[5; 1_100]));
        server.edge.counters().closed != [0; CloseReason::ALL.len()]
    });
    server.is_well();
    assert_eq!(server.expect_end(connection), CloseReason::Congested);
}

#[test]
fn messages_for_a_client_that_does_not_read_are_bounded() {
    let mut server = Server::start(|config| {
        (config.waiting_bytes_max, config.unread_max) = (64 << 10, Duration::from_secs(60));
    });
    let (_silent, connection) = server.player(Codec::Json, 7);
    let told = ServerMessage::Told { tick: 1, body: vec![7; 10_000] };
    let mut said = 0;
    while server.edge.counters().closed == [0; CloseReason::ALL.len()] {
        server.answer(connection, &told, None);
        server.edge.waker().wake();
        said += 1;
        assert!(said < 100_000, "something has to hold them");
        std::thread::yield_now();
    }
    assert_eq!(server.expect_end(connection), CloseReason::Congested, "a hole in what is promised would be a lie");
    server.is_well();
}

#[test]
fn pings_keep_a_silent_connection_open_and_find_one_that_is_gone() {
    let mut server = Server::start(|config| {
        (config.ping_every, config.pong_timeout) = (Duration::from_millis(50), Duration::from_millis(300));
    });
    let (mut awake, _) = server.player(Codec::MessagePack, 7);
    let (asleep, gone) = server.player(Codec::MessagePack, 8);
    for _ in 0..10 {
        // Reading a ping is what answers it.
        assert!(matches!(awake.socket.read(), Ok(Message::Ping(_))), "nothing else comes");
        awake.socket.flush().expect("the pong leaves");
    }
    assert_eq!(server.expect_end(gone), CloseReason::TimedOut, "no pong comes of it");
    drop(asleep);
    server.is_well();
}

#[test]
fn a_token_that_ends_ends_the_connection_unless_another_one_comes() {
    let mut server = Server::start(|_| {});
    let (mut renewed, stays) = server.newcomer(Codec::Json, "brief-7");
    renewed.say(&json!({"v": 1, "type": "renew", "id": 4, "payload": {"access_token": "good-7"}}));
    assert_eq!(renewed.hear(), json!({"v": 1, "type": "renewed", "id": 4, "payload": {"expires_in_s": 900}}));
    renewed.say(&json!({"v": 1, "type": "renew", "id": 5, "payload": {"access_token": "good-8"}}));
    assert_eq!(renewed.hear()["payload"]["code"], "malformed", "a token of somebody else");
    renewed.say(&json!({"v": 1, "type": "renew", "id": 6, "payload": {"access_token": "bad"}}));
    assert_eq!(renewed.hear()["payload"]["code"], "unauthorized", "no token: the old one is as good as it was");

    let (mut expired, ends) = server.newcomer(Codec::MessagePack, "brief-9");
    let (code, heard) = expired.closed();
    assert_eq!((code, &heard[0]["payload"]["code"]), (4401, &json!("token_expired")), "{heard:?}");
    assert_eq!(server.expect_end(ends), CloseReason::ByServer);
    renewed.say(&json!({"v": 1, "type": "ping", "payload": {"nonce": 1}}));
    assert_eq!(server.expect_message(stays).0, ClientMessage::Ping { nonce: 1 }, "the other goes on");
}

#[test]
fn a_renewal_that_nobody_answers_is_given_up_and_its_late_answer_means_nothing() {
    let mut server = Server::start(|config| config.hello_timeout = Duration::from_secs(1));
    let (mut client, connection) = server.player(Codec::Json, 7);
    let renew = |client: &mut Client, id: u32, token: &str| {
        client.say(&json!({"v": 1, "type": "renew", "id": id, "payload": {"access_token": token}}));
    };
    renew(&mut client, 1, "late-7");
    renew(&mut client, 2, "good-7");
    let busy = client.hear();
    assert_eq!((&busy["id"], &busy["payload"]["code"]), (&json!(2), &json!("too_soon")), "one at a time");
    let given_up = client.hear();
    assert_eq!((&given_up["id"], &given_up["payload"]["code"]), (&json!(1), &json!("unavailable")), "{given_up}");
    assert!(given_up["payload"]["retry_after_ms"].is_u64(), "it may be asked for again: {given_up}");
    renew(&mut client, 3, "good-7");
    let renewed = json!({"v": 1, "type": "renewed", "id": 3, "payload": {"expires_in_s": 900}});
    assert_eq!(client.hear(), renewed, "by its own answer, and not by that of the first");
    client.say(&json!({"v": 1, "type": "ping", "payload": {"nonce": 1}}));
    assert_eq!(server.expect_message(connection).0, ClientMessage::Ping { nonce: 1 }, "and it goes on");
}

#[test]
fn bad_renewals_are_limited_and_too_many_of_them_end_the_connection() {
    let mut server = Server::start(|_| {});
    let (mut client, connection) = server.player(Codec::Json, 7);
    let mut renew = |id: u32| {
        client.say(&json!({"v": 1, "type": "renew", "id": id, "payload": {"access_token": "bad"}}));
        let answer = client.hear();
        assert_eq!(answer["id"], id, "{answer}");
        answer["payload"]["code"].as_str().map(str::to_owned).expect("an error")
    };
    let asked: Vec<String> = (0..8).map(&mut renew).collect();
    let looked_at = asked.iter().filter(|code| *code == "unauthorized").count();
    assert!((4..8).contains(&looked_at), "a burst, and then one a second: {asked:?}");
    assert!(asked.iter().all(|code| code == "unauthorized" || code == "too_soon"), "{asked:?}");
    for _ in looked_at..8 {
        client.say(&json!({}));
    }
    assert_eq!(client.closed().0, 1008, "each counts as what is malformed does");
    drop(client);
    assert_eq!(server.expect_end(connection), CloseReason::Hostile);
    server.is_well();
}

#[test]
fn a_character_is_named_by_a_number_or_a_string_of_its_digits() {
    let mut server = Server::start(|_| {});
    for codec in Codec::ALL {
        for character in [json!(7), json!("18446744073709551615")] {
            let mut client = server.stranger(codec);
            let hello = json!({
                "protocol_version": limits::PROTOCOL_VERSION, "client": "", "locale": "", "access_token": "good-1", "character_id": character
            });
            client.say_payload("hello", None, &hello);
            let played = server.expect("it comes in", |event| match event {
                FromEdge::Opened { ticket, .. } => Some(ticket.character),
                _ => None,
            });
            let expected = character.as_u64().unwrap_or(u64::MAX);
            assert_eq!(played, Some(CharacterId(expected)), "{codec:?}");
        }
    }
}

#[test]
fn a_message_that_is_too_long_for_the_tick_stays_at_the_edge() {
    let mut server = Server::start(|_| {});
    for codec in Codec::ALL {
        let (mut client, connection) = server.player(codec, 7);
        let words = "x".repeat(3_000);
        let chat = json!({"channel": "global", "to": "", "words": words, "is_emote": false});
        client.say_payload("chat", Some(6), &chat);
        client.say_payload("ping", None, &json!({"nonce": 1}));
        assert_eq!(
            server.expect_message(connection).0,
            ClientMessage::Ping { nonce: 1 },
            "the tick hears the next one"
        );
        let answer = client.hear();
        assert_eq!((&answer["id"], &answer["payload"]["code"]), (&json!(6), &json!("malformed")), "{answer}");
    }
    Server::until("each is counted", || server.edge.counters().malformed == 2);
}

#[test]
fn what_waits_for_room_in_the_queue_is_no_drop() {
    let mut server = Server::with_queues(2, |_| {});
    let (mut client, connection) = server.player(Codec::MessagePack, 7);
    for nonce in 0..20 {
        client.say_payload("ping", None, &json!({ "nonce": nonce }));
    }
    Server::until("the third waits for room", || server.edge.counters().messages_in > 3);
    for nonce in 0..20 {
        assert_eq!(server.expect_message(connection).0, ClientMessage::Ping { nonce }, "each comes, in its order");
    }
    assert_eq!(server.link.incoming.dropped(), [0; 3], "and nothing was dropped");
}

#[test]
fn whether_somebody_is_there_is_found_out_at_once() {
    let mut server = Server::start(|_| {});
    let (mut awake, here) = server.player(Codec::MessagePack, 7);
    let (asleep, gone) = server.player(Codec::Json, 8);
    server.probe(here);
    assert!(matches!(awake.socket.read(), Ok(Message::Ping(_))), "it is asked long before the next ping is due");
    awake.socket.flush().expect("the pong leaves");
    server.probe(gone);
    let quiet = server.expect("somebody is silent", |event| match event {
        FromEdge::Quiet { connection, is_quiet: true } => Some(*connection),
        _ => None,
    });
    assert_eq!(quiet, gone, "and not the one that has answered");
    drop(asleep);
}

#[test]
fn a_network_has_so_many_sockets_and_whoever_finds_no_room_is_counted() {
    let mut server = Server::start(|config| {
        (config.connections_per_address_max, config.connections_per_network_max) = (2, 3);
    });
    let door = server.edge.door();
    let room = |address: &str| door.room_for(address.parse().expect("an address"));
    let held: Vec<_> = ["192.0.2.1", "192.0.2.1", "192.0.2.2"].map(|address| room(address).expect("room")).into();
    assert_eq!(room("192.0.2.1").err(), Some(NoRoom::OfAddress), "one address has two");
    assert_eq!(room("192.0.2.200").err(), Some(NoRoom::OfNetwork), "its /24 has three");
    assert!(room("192.0.3.1").is_ok(), "the next /24 has its own");
    let counted = server.edge.counters();
    assert_eq!(
        (counted.no_room, counted.no_room_for_address, counted.no_room_for_network),
        (0, 1, 1),
        "by what was full"
    );
    drop(held);
    assert!(room("192.0.2.200").is_ok(), "sockets that are closed make room");
    server.is_well();
}

#[test]
fn whoever_ends_it_is_told_apart() {
    let mut server = Server::start(|_| {});
    let (mut leaving, left) = server.player(Codec::MessagePack, 7);
    leaving.socket.close(None).expect("it can be closed");
    assert_eq!(server.expect_end(left), CloseReason::ByPeer, "it says goodbye");

    let (broken, cut) = server.player(Codec::MessagePack, 8);
    drop(broken);
    assert_eq!(server.expect_end(cut), CloseReason::TimedOut, "its link broke");

    let reasons = [
        (CloseReason::TakenOver, 4409),
        (CloseReason::Hostile, 1008),
        (CloseReason::ByServer, 1001),
        (CloseReason::TryLater, 1013),
    ];
    for (reason, code) in reasons {
        let (mut client, connection) = server.player(Codec::Json, 9);
        server.answer(connection, &ServerMessage::Goodbye, None);
        let close = ToEdge::Close { connection, reason };
        server.link.out(connection).frames.push(hypogeum_protocol::link::Class::Critical, close).expect("room");
        server.edge.waker().wake();
        assert_eq!(client.closed(), (code, vec![json!({"v": 1, "type": "goodbye"})]), "its last words come first");
        drop(client);
        assert_eq!(server.expect_end(connection), reason);
    }
}

#[test]
fn a_server_that_ends_says_so_to_everyone() {
    let mut server = Server::start(|_| {});
    let mut clients: Vec<Client> = (1..4).map(|number| server.player(Codec::Json, number).0).collect();
    let reading = std::thread::spawn(move || clients.iter_mut().map(|client| client.closed().0).collect::<Vec<u16>>());
    server.edge.shutdown();
    assert_eq!(reading.join().expect("they read to the end"), [1001, 1001, 1001]);
    assert!(!server.edge.is_running(), "it shows that it ended");
}
