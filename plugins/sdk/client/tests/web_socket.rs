//! The wire over a WebSocket, and a server's end that is written by hand.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use hypogeum_client::{Change, Client, Ending, SocketConnection, WebSocketWire, Wire, WireState};
use hypogeum_envelope::{
    Codec, Decoder, ErrorBody, FrameLimits, Incoming, Opcode, Payload, read_head, read_message, write_frame,
};
use hypogeum_protocol::limits::LANE_BYTE;
use hypogeum_protocol::{ClientMessage, ServerMessage};

const CODEC: Codec = Codec::MessagePack;
/// Datagrams that wait for a client at most.
const WAITING_MAX: usize = 64;
/// How long an upgrade may take.
const UPGRADE_MAX: Duration = Duration::from_secs(10);

/// Both ways of a stream in memory.
#[derive(Debug, Default)]
struct Ways {
    up: Vec<u8>,
    down: Vec<u8>,
    /// Bytes that find room on the way up.
    room: usize,
    is_over: bool,
}

#[derive(Clone, Debug)]
struct Pipe(Arc<Mutex<Ways>>);

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut ways = self.ways();
        let count = buffer.len().min(ways.down.len());
        if count == 0 && !ways.is_over {
            return Err(ErrorKind::WouldBlock.into());
        }
        buffer[..count].copy_from_slice(&ways.down.drain(..count).collect::<Vec<_>>());
        Ok(count)
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut ways = self.ways();
        let count = bytes.len().min(ways.room);
        if count == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        ways.room -= count;
        ways.up.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A wire, and the server's end of its stream.
fn wire() -> (WebSocketWire<Pipe>, Pipe) {
    let pipe = Pipe(Arc::new(Mutex::new(Ways { room: usize::MAX, ..Ways::default() })));
    let connection = SocketConnection {
        address: "127.0.0.1:9".parse().expect("an address"),
        host: "localhost".to_owned(),
        access_token: "secret".to_owned(),
        character: None,
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

impl Pipe {
    /// Agrees to the upgrade that was asked for.
    fn agree(&self) {
        let request = String::from_utf8(self.sent()).expect("HTTP is text");
        let key = request.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).expect("it has a key");
        let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
        let subprotocol = CODEC.subprotocol();
        self.say(
            format!(
                "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {accept}\r\n\
                 sec-websocket-protocol: {subprotocol}\r\n\r\n"
            )
            .as_bytes(),
        );
    }

    fn ways(&self) -> MutexGuard<'_, Ways> {
        self.0.lock().expect("nobody panicked")
    }

    fn say(&self, bytes: &[u8]) {
        self.ways().down.extend_from_slice(bytes);
    }

    fn say_frame(&self, opcode: Opcode, contents: &[u8]) {
        let mut frame = Vec::new();
        write_frame(opcode, contents, &mut frame);
        self.say(&frame);
    }

    fn sent(&self) -> Vec<u8> {
        std::mem::take(&mut self.ways().up)
    }

    /// What was sent, frame by frame.
    fn frames(&self) -> Vec<(Opcode, Vec<u8>)> {
        let mut decoder = Decoder::new(FrameLimits { message_bytes_max: 1 << 20, fragments_max: 4 });
        decoder.feed(&self.sent());
        let mut frames = Vec::new();
        while let Some(incoming) = decoder.take_next().expect("a client's frames are masked") {
            frames.push(match incoming {
                Incoming::Binary(bytes) => (Opcode::Binary, bytes.to_vec()),
                Incoming::Text(bytes) => (Opcode::Text, bytes.to_vec()),
                Incoming::Ping(bytes) => (Opcode::Ping, bytes.to_vec()),
                Incoming::Pong => (Opcode::Pong, Vec::new()),
                Incoming::Close(code) => (Opcode::Close, code.map_or(Vec::new(), |code| code.to_be_bytes().to_vec())),
            });
        }
        frames
    }
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
