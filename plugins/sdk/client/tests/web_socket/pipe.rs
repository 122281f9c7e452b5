//! A stream in memory, and what a server that is written by hand says over it.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard};

use hypogeum_envelope::{Codec, Decoder, FrameLimits, Incoming, Opcode, write_frame};

/// Both ways of a stream in memory.
#[derive(Debug, Default)]
pub(crate) struct Ways {
    pub(crate) up: Vec<u8>,
    pub(crate) down: Vec<u8>,
    /// Bytes that find room on the way up.
    pub(crate) room: usize,
    pub(crate) is_over: bool,
    /// Writes that found room.
    pub(crate) writes: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct Pipe(Arc<Mutex<Ways>>);

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
        ways.writes += 1;
        ways.up.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Pipe {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(Ways { room: usize::MAX, ..Ways::default() })))
    }

    /// Agrees to the upgrade that was asked for.
    pub(crate) fn agree(&self) {
        let request = self.sent();
        self.say(&agreement(&request));
    }

    pub(crate) fn ways(&self) -> MutexGuard<'_, Ways> {
        self.0.lock().expect("nobody panicked")
    }

    pub(crate) fn say(&self, bytes: &[u8]) {
        self.ways().down.extend_from_slice(bytes);
    }

    pub(crate) fn say_frame(&self, opcode: Opcode, contents: &[u8]) {
        let mut frame = Vec::new();
        write_frame(opcode, contents, &mut frame);
        self.say(&frame);
    }

    pub(crate) fn sent(&self) -> Vec<u8> {
        std::mem::take(&mut self.ways().up)
    }

    /// What was sent, frame by frame.
    pub(crate) fn frames(&self) -> Vec<(Opcode, Vec<u8>)> {
        frames(&self.sent())
    }
}

/// The answer of a server that agrees to the upgrade of this request.
pub(crate) fn agreement(request: &[u8]) -> Vec<u8> {
    let request = String::from_utf8(request.to_vec()).expect("HTTP is text");
    let key = request.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).expect("it has a key");
    let accept = tungstenite::handshake::derive_accept_key(key.as_bytes());
    let subprotocol = Codec::MessagePack.subprotocol();
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {accept}\r\n\
         sec-websocket-protocol: {subprotocol}\r\n\r\n"
    )
    .into_bytes()
}

/// The frames that a client has sent.
pub(crate) fn frames(sent: &[u8]) -> Vec<(Opcode, Vec<u8>)> {
    let mut decoder = Decoder::new(FrameLimits { message_bytes_max: 1 << 20, fragments_max: 4 });
    decoder.feed(sent);
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
