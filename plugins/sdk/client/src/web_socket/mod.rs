//! The wire over a WebSocket: TLS where there is any, an upgrade, then envelopes as MessagePack, and datagrams of the lane in messages
//! of their own.

mod handshake;
mod messages;
mod renewal;
mod tcp;
mod transport;

use std::collections::VecDeque;
use std::io::{ErrorKind, Read, Write};
use std::time::Duration;

use hypogeum_envelope::limits::ENVELOPE_BYTES_MAX;
use hypogeum_envelope::{CloseCode, Decoder, FrameLimits, Incoming, Opcode, write_masked_frame};
use hypogeum_protocol::limits::LANE_BYTE;
use hypogeum_protocol::link::Lane;

use self::handshake::{Handshake, NotUpgraded};
use self::messages::Heard;
use self::renewal::Renewal;
use self::transport::{Transport, is_for_now};
use crate::http::{SocketConnection, SocketTls};
use crate::wire::{Ending, Traffic, Wire, WireState};

/// What a server may send at once. It fragments nothing; a proxy in between may.
const FRAMES: FrameLimits = FrameLimits { message_bytes_max: ENVELOPE_BYTES_MAX, fragments_max: 64 };
/// Bytes taken from the stream in one go, and how often in one update.
const READ_BYTES: usize = 4 * 1_024;
const READS_PER_UPDATE_MAX: usize = 64;
/// Datagrams that wait to be taken; beyond them the oldest are lost, as on the way.
const DATAGRAMS_WAITING_MAX: usize = 64;
/// Bytes that wait for a server that does not read. Beyond them no datagram joins them: the next one says the same, and more.
const UNSENT_BYTES_MAX: usize = 4 * 1_024;
/// Bytes of messages that wait for it. Beyond them it has gone away.
const UNSENT_MESSAGES_BYTES_MAX: usize = 1 << 20;
/// What the server closes with where an access token is not good, or no longer.
const TOKEN_OVER: u16 = CloseCode::Unauthorized.number();
/// How long a connection and its upgrade may take.
const UPGRADE_MAX: Duration = Duration::from_secs(10);

/// A WebSocket over any stream that does not block: it says [`ErrorKind::WouldBlock`] where it has nothing, and where it has no
/// room. The stream may still be connecting. Where the connection has TLS, it is spoken over the stream from the first byte on, and a
/// server that cannot prove itself is [`Ending::BadServer`].
///
/// It opens with the first [`Wire::update`]s; the hello then carries the access token of the connection. With that token it ends:
/// see [`WebSocketWire::wants_token`].
#[derive(Debug)]
pub struct WebSocketWire<S> {
    transport: Transport<S>,
    connection: SocketConnection,
    renewal: Renewal,
    /// The hello is said: another token is shown in a message of its own.
    has_spoken: bool,
    close_code: Option<u16>,
    stage: Stage,
    decoder: Decoder,
    /// Frames on their way out; what stands before `written` is gone.
    out: Vec<u8>,
    written: usize,
    messages: VecDeque<Vec<u8>>,
    datagrams: VecDeque<Vec<u8>>,
    age: Duration,
    refusal: Option<String>,
    traffic: Traffic,
}

#[derive(Debug)]
enum Stage {
    Upgrading(Handshake),
    Open,
    Closed(Ending),
}

impl<S: Read + Write> WebSocketWire<S> {
    /// A WebSocket on a stream that is connected to `connection.address`, or about to be.
    #[must_use]
    pub fn new(stream: S, connection: SocketConnection) -> Self {
        let handshake = Handshake::new();
        let out = handshake.request(&connection.host).into_bytes();
        let session = connection.tls.as_ref().map(SocketTls::session).transpose();
        // Nothing of it ever leaves in the clear where TLS cannot begin.
        let stage = if session.is_ok() { Stage::Upgrading(handshake) } else { Stage::Closed(Ending::BadServer) };
        Self {
            transport: Transport::new(stream, session.unwrap_or_default()),
            renewal: Renewal::of(Duration::from_secs(connection.expires_in_s)),
            connection,
            has_spoken: false,
            close_code: None,
            stage,
            decoder: Decoder::of_server(FRAMES),
            out,
            written: 0,
            messages: VecDeque::new(),
            datagrams: VecDeque::new(),
            age: Duration::ZERO,
            refusal: None,
            traffic: Traffic::default(),
        }
    }

    /// Why the server does not let this login in, by a code of HTTP: `unauthorized`, `busy`. Codes of the session come as
    /// [`crate::Change::Refused`] instead.
    #[must_use]
    pub fn refusal(&self) -> Option<&str> {
        self.refusal.as_deref()
    }

    /// What the server has closed it with: a code of RFC 6455, or of section 9 of `PROTOCOL.md`.
    #[must_use]
    pub const fn close_code(&self) -> Option<u16> {
        self.close_code
    }

    /// The stream it runs over.
    #[must_use]
    pub const fn stream(&self) -> &S {
        self.transport.stream()
    }

    fn say(&mut self, envelope: &[u8]) {
        self.traffic.datagrams_out += 1;
        write_masked_frame(Opcode::Binary, envelope, rand::random(), &mut self.out);
    }

    fn read(&mut self) {
        let mut buffer = [0; READ_BYTES];
        for _ in 0..READS_PER_UPDATE_MAX {
            match self.transport.read(&mut buffer) {
                // Without a close frame that is a link that broke.
                Ok(0) => return self.break_off(),
                Ok(length) => {
                    self.take(buffer.get(..length).unwrap_or_default());
                    if matches!(self.stage, Stage::Closed(_)) {
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // It is no TLS, or nobody vouches for who it is.
                Err(error) if error.kind() == ErrorKind::InvalidData => return self.end(Ending::BadServer),
                Err(_) => return self.break_off(),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let Stage::Upgrading(handshake) = &mut self.stage else { return self.take_frames(bytes) };
        match handshake.take(bytes) {
            Ok(None) => {}
            Ok(Some(rest)) => {
                self.stage = Stage::Open;
                self.take_frames(&rest);
            }
            Err(NotUpgraded::Refused(code)) => {
                self.refusal = Some(code);
                self.end(Ending::Denied);
            }
            Err(NotUpgraded::Nonsense) => self.end(Ending::BadServer),
        }
    }

    fn take_frames(&mut self, bytes: &[u8]) {
        let Self { decoder, messages, datagrams, out, traffic, refusal, renewal, .. } = self;
        decoder.feed(bytes);
        let ended = loop {
            match decoder.take_next() {
                Ok(None) => return,
                Ok(Some(Incoming::Binary(bytes))) if bytes.first() == Some(&LANE_BYTE) => {
                    traffic.datagrams_in += 1;
                    let is_full = datagrams.len() >= DATAGRAMS_WAITING_MAX;
                    let mut datagram = if is_full { datagrams.pop_front() } else { None }.unwrap_or_default();
                    datagram.clear();
                    datagram.extend_from_slice(bytes);
                    datagrams.push_back(datagram);
                }
                Ok(Some(Incoming::Binary(bytes))) => {
                    traffic.datagrams_in += 1;
                    match messages::hear(bytes) {
                        Some(Heard::Message(message)) => messages.push_back(message),
                        Some(Heard::Refused(code)) => *refusal = Some(code),
                        Some(Heard::Renewed(expires_in_s)) => *renewal = Renewal::of(Duration::from_secs(expires_in_s)),
                        Some(Heard::NotRenewed) => renewal.again(),
                        // Nothing is no message of our own codec: the client counts what it cannot read.
                        None => messages.push_back(Vec::new()),
                    }
                }
                Ok(Some(Incoming::Ping(bytes))) => {
                    traffic.datagrams_in += 1;
                    write_masked_frame(Opcode::Pong, bytes, rand::random(), out);
                }
                Ok(Some(Incoming::Pong)) => traffic.datagrams_in += 1,
                Ok(Some(Incoming::Close(code))) => {
                    let contents = code.map(u16::to_be_bytes);
                    let contents = contents.as_ref().map_or(&[][..], |code| code);
                    write_masked_frame(Opcode::Close, contents, rand::random(), out);
                    self.transport.end_with_next();
                    self.close_code = code;
                    break ending(code);
                }
                Ok(Some(Incoming::Text(_))) | Err(_) => break Ending::BadServer,
            }
        };
        // First: whoever cannot be told any more has ended for that reason all the same.
        self.end(ended);
        self.write();
    }

    fn write(&mut self) {
        loop {
            match self.transport.write(self.out.get(self.written..).unwrap_or_default()) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if is_for_now(&error) => return,
                Err(_) => return self.break_off(),
            }
            if self.written == self.out.len() {
                break;
            }
        }
        self.out.clear();
        self.written = 0;
    }

    fn unsent_bytes(&self) -> usize {
        self.out.len() - self.written + self.transport.waiting_bytes()
    }

    /// The stream is gone: nobody was there, or nobody is any more.
    fn break_off(&mut self) {
        self.end(match self.stage {
            Stage::Upgrading(_) => Ending::Unanswered,
            _ => Ending::TimedOut,
        });
    }

    fn end(&mut self, ending: Ending) {
        if !matches!(self.stage, Stage::Closed(_)) {
            self.stage = Stage::Closed(ending);
        }
    }
}

/// Why a connection ended that its server closed with this code.
fn ending(code: Option<u16>) -> Ending {
    match code {
        // The token has ended, or there was no hello in time for it.
        Some(TOKEN_OVER | 4408) => Ending::Unanswered,
        // One of the two did not hear the other.
        Some(4410 | 4411) => Ending::TimedOut,
        Some(_) | None => Ending::ByServer,
    }
}

impl<S: Read + Write> Wire for WebSocketWire<S> {
    fn update(&mut self, elapsed: Duration) {
        if matches!(self.stage, Stage::Closed(_)) {
            return;
        }
        self.age += elapsed;
        self.renewal.advance(elapsed);
        self.read();
        if matches!(self.stage, Stage::Upgrading(_)) && self.age >= UPGRADE_MAX {
            self.end(Ending::Unanswered);
        }
        if !matches!(self.stage, Stage::Closed(_)) {
            self.write();
        }
    }

    fn receive(&mut self) -> Option<Vec<u8>> {
        self.messages.pop_front()
    }

    fn send(&mut self, _lane: Lane, bytes: Vec<u8>) {
        if !matches!(self.stage, Stage::Open) {
            return;
        }
        if self.unsent_bytes() > UNSENT_MESSAGES_BYTES_MAX {
            return self.end(Ending::TimedOut);
        }
        if let Some(envelope) = messages::envelope(&bytes, &self.connection) {
            self.has_spoken = true;
            self.say(&envelope);
        }
    }

    fn send_lane(&mut self, datagram: &[u8]) {
        if matches!(self.stage, Stage::Open) && self.unsent_bytes() <= UNSENT_BYTES_MAX {
            self.traffic.datagrams_out += 1;
            write_masked_frame(Opcode::Binary, datagram, rand::random(), &mut self.out);
            self.write();
        }
    }

    fn take_lane(&mut self, out: &mut Vec<u8>) -> bool {
        out.clear();
        let Some(datagram) = self.datagrams.pop_front() else { return false };
        *out = datagram;
        true
    }

    fn flush(&mut self) {
        if !matches!(self.stage, Stage::Closed(_)) {
            self.write();
        }
    }

    fn state(&self) -> WireState {
        match self.stage {
            Stage::Upgrading(_) => WireState::Connecting,
            Stage::Open => WireState::Open,
            Stage::Closed(ending) => WireState::Closed(ending),
        }
    }

    fn traffic(&self) -> Traffic {
        let (bytes_in, bytes_out) = self.transport.carried();
        Traffic { bytes_in, bytes_out, ..self.traffic }
    }

    fn close(&mut self) {
        let is_open = matches!(self.stage, Stage::Open);
        self.end(Ending::ByClient);
        if is_open {
            write_masked_frame(Opcode::Close, &1_000_u16.to_be_bytes(), rand::random(), &mut self.out);
            self.transport.end_with_next();
            self.write();
        }
    }
}
