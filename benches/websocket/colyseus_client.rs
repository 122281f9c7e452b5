//! A client of Colyseus: a seat over HTTP, a WebSocket, a word that it has joined, then messages of bytes.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use hypogeum_envelope::{Decoder, FrameLimits, Incoming, Opcode, write_masked_frame};
use serde_json::Value;

use crate::swarm::{Player, connect};
use crate::traffic::DOWN_BYTES;

/// Tags of its protocol, from `@colyseus/shared-types`.
const JOIN_ROOM: u8 = 10;
const ROOM_DATA_BYTES: u8 = 17;
/// The mask of all frames: what it is changes nothing of what it costs.
const MASK: [u8; 4] = [1, 2, 3, 4];
/// The room.
pub(crate) const ROOM: &str = "bench";

pub(crate) struct ColyseusPlayer {
    stream: TcpStream,
    decoder: Decoder,
    has_joined: bool,
    out: Vec<u8>,
}

impl ColyseusPlayer {
    /// Takes a seat and connects to it. Waits for both.
    pub(crate) fn join(address: SocketAddr) -> Self {
        let mut http = TcpStream::connect(address).expect("it listens");
        let head = format!("POST /matchmake/joinOrCreate/{ROOM} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
        write!(http, "{head}content-type: application/json\r\ncontent-length: 2\r\n\r\n{{}}").expect("it is asked");
        let mut answer = String::new();
        http.read_to_string(&mut answer).expect("it answers");
        let (_, body) = answer.split_once("\r\n\r\n").expect("an answer of HTTP");
        let seat: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("a seat: {answer}"));
        let text = |key: &str| seat[key].as_str().unwrap_or_else(|| panic!("a seat: {seat}")).to_owned();
        let (process, room, session) = (text("processId"), text("roomId"), text("sessionId"));

        let mut stream = connect(address);
        stream.set_nonblocking(false).expect("a socket can wait");
        let path = format!("/{process}/{room}?sessionId={session}");
        let upgrade = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13";
        let key = "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==";
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n{upgrade}\r\n{key}\r\n\r\n").expect("it is asked");
        let mut reader = BufReader::new(&stream);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            assert!(reader.read_line(&mut line).expect("it answers") > 0, "it agrees to the upgrade");
        }
        let mut decoder = Decoder::of_server(FrameLimits { message_bytes_max: 1 << 20, fragments_max: 64 });
        decoder.feed(reader.buffer());
        stream.set_nonblocking(true).expect("a socket need not block");
        Self { stream, decoder, has_joined: false, out: Vec::new() }
    }

    fn say(&mut self, opcode: Opcode, contents: &[u8]) {
        self.out.clear();
        write_masked_frame(opcode, contents, MASK, &mut self.out);
        // One that finds no room is missing at the server.
        let _ = self.stream.write(&self.out);
    }
}

impl Player for ColyseusPlayer {
    fn update(&mut self, _: Duration, each: &mut dyn FnMut(&[u8])) {
        let mut buffer = [0; 16 * 1_024];
        while let Ok(count @ 1..) = self.stream.read(&mut buffer) {
            self.decoder.feed(&buffer[..count]);
        }
        let (mut joins, mut pings) = (false, Vec::new());
        while let Some(incoming) = self.decoder.take_next().expect("a server's frames") {
            match incoming {
                Incoming::Binary(bytes) if bytes.first() == Some(&JOIN_ROOM) => joins = true,
                Incoming::Binary(bytes) if bytes.len() >= DOWN_BYTES => each(bytes),
                Incoming::Ping(bytes) => pings.push(bytes.to_vec()),
                Incoming::Close(code) => panic!("a client was closed: {code:?}"),
                _ => {}
            }
        }
        for bytes in pings {
            self.say(Opcode::Pong, &bytes);
        }
        if joins {
            self.has_joined = true;
            self.say(Opcode::Binary, &[JOIN_ROOM]);
        }
    }

    fn send(&mut self, bytes: &[u8]) {
        if self.has_joined {
            // The type of the message is the text "i", as MessagePack.
            let message = [&[ROOM_DATA_BYTES, 0xA1, b'i'], bytes].concat();
            self.say(Opcode::Binary, &message);
        }
    }
}
