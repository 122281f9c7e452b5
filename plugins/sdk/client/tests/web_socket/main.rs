//! The wire over a WebSocket, and a server's end that is written by hand.

mod pipe;
mod renewal;
mod tls;

use std::time::Duration;

use hypogeum_client::{Change, Client, Ending, SocketConnection, WebSocketWire, Wire, WireState};
use hypogeum_envelope::{Codec, ErrorBody, Opcode, Payload, read_head, read_message};
use hypogeum_protocol::limits::LANE_BYTE;
use hypogeum_protocol::{ClientMessage, ServerMessage};
use pipe::Pipe;

const CODEC: Codec = Codec::MessagePack;
/// Datagrams that wait for a client at most.
const WAITING_MAX: usize = 64;
/// How long an upgrade may take.
const UPGRADE_MAX: Duration = Duration::from_secs(10);

/// A wire, and the server's end of its stream.
fn wire() -> (WebSocketWire<Pipe>, Pipe) {
    let pipe = Pipe::new();
    let connection = SocketConnection {
        address: "127.0.0.1:9".parse().expect("an address"),
        host: "localhost".to_owned(),
        access_token: "secret".to_owned(),
        expires_in_s: 900,
        character: None,
        tls: None,
    };
    (WebSocketWire::new(pipe.clone(), connection), pipe)
}

fn connecting() -> (Client<WebSocketWire<Pipe>>, Pipe) {
    let (wire, server) = wire();
    (Client::new(wire), server)
}

fn open() -> (Client<WebSocketWire<Pipe>>, Pipe) {
    let (mut client, server) = connecting();
    assert!(client.poll(Duration::ZERO).is_empty(), "it has asked for the upgrade");
    server.agree();
    assert_eq!(client.poll(Duration::ZERO), [Change::Opened], "it was agreed to");
    (client, server)
}

#[test]
fn messages_go_as_envelopes_and_come_as_such() {
    let (mut client, server) = open();
    client.hello("test");
    client.ping();
    client.flush();
    let frames = server.frames();
    let kinds: Vec<String> = frames
        .iter()
        .map(|(opcode, bytes)| {
            assert_eq!(*opcode, Opcode::Binary, "MessagePack comes in binary messages");
            read_head(CODEC, bytes).expect("an envelope").kind
        })
        .collect();
    assert_eq!(kinds, ["hello", "ping"], "in their order");
    let ping = read_message(CODEC, &frames[1].1, "ping");
    assert_eq!(ping, Ok(ClientMessage::Ping { nonce: 1 }), "as it was said");

    let pong = Payload::of_message(CODEC, &ServerMessage::Pong { nonce: 1 }).expect("it can be written");
    server.say_frame(Opcode::Binary, &pong.envelope(Some(2)));
    let error = Payload::of_type(CODEC, ErrorBody::TYPE, &ErrorBody::new("unauthorized", "no", None));
    server.say_frame(Opcode::Binary, &error.expect("it can be written").envelope(None));
    server.say_frame(Opcode::Binary, b"\x80");
    assert_eq!(client.poll(Duration::ZERO), [Change::Pong { nonce: 1 }, Change::Unreadable]);
}

#[test]
fn datagrams_are_messages_of_their_own_and_the_oldest_are_lost() {
    let (mut wire, server) = wire();
    wire.update(Duration::ZERO);
    server.agree();
    for number in 0..=WAITING_MAX {
        server.say_frame(Opcode::Binary, &[LANE_BYTE, number as u8]);
    }
    wire.update(Duration::ZERO);
    let mut datagram = Vec::new();
    assert!(wire.take_lane(&mut datagram), "there are some");
    assert_eq!(datagram, [LANE_BYTE, 1], "the oldest had to go");
    wire.send_lane(&[LANE_BYTE, 9]);
    assert_eq!(server.frames(), [(Opcode::Binary, vec![LANE_BYTE, 9])], "and up it goes as it is");
    server.ways().room = 0;
    for _ in 0..1_000 {
        wire.send_lane(&[LANE_BYTE; 100]);
    }
    server.ways().room = usize::MAX;
    wire.flush();
    let sent = server.frames().len();
    assert!((1..100).contains(&sent), "a server that does not read misses some: {sent} of 1,000 waited");
    assert_eq!(wire.state(), WireState::Open, "and that is all");
}

#[test]
fn a_ping_is_answered_and_a_close_too() {
    for (code, expected) in [
        (Some(1001_u16), Ending::ByServer),
        (Some(4401), Ending::Unanswered),
        (Some(4409), Ending::ByServer),
        (Some(4410), Ending::TimedOut),
        (None, Ending::ByServer),
    ] {
        let (mut client, server) = open();
        server.say_frame(Opcode::Ping, b"?");
        let contents = code.map_or(Vec::new(), |code| code.to_be_bytes().to_vec());
        server.say_frame(Opcode::Close, &contents);
        assert_eq!(client.poll(Duration::ZERO), [Change::Closed(expected)], "{code:?}");
        assert_eq!(server.frames(), [(Opcode::Pong, Vec::new()), (Opcode::Close, contents)], "it says the same");
    }
}

#[test]
fn whatever_breaks_off_is_told_by_its_reason() {
    let (mut client, server) = open();
    server.ways().is_over = true;
    assert_eq!(client.poll(Duration::ZERO), [Change::Closed(Ending::TimedOut)], "a link that broke");

    let (mut client, server) = open();
    server.say(&[0xFF, 0]);
    assert_eq!(client.poll(Duration::ZERO), [Change::Closed(Ending::BadServer)], "no frames");

    let (mut client, server) = connecting();
    client.poll(Duration::ZERO);
    server.say(b"HTTP/1.1 503 Service Unavailable\r\n\r\n{\"code\":\"busy\"}");
    assert_eq!(client.poll(Duration::ZERO), [Change::Closed(Ending::Denied)], "no room");

    let (mut client, _) = connecting();
    assert_eq!(client.poll(UPGRADE_MAX), [Change::Closed(Ending::Unanswered)], "nobody is there");

    let (mut client, server) = open();
    client.close();
    assert_eq!(server.frames(), [(Opcode::Close, 1_000_u16.to_be_bytes().to_vec())], "a goodbye");
    assert_eq!(client.state(), WireState::Closed(Ending::ByClient));
}
