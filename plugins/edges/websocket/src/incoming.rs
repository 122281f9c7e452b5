//! What clients say: frames become messages, messages go to the tick.

use std::io::{ErrorKind, Read};

use hypogeum_envelope::{
    Codec, EnvelopeError, ErrorBody, Head, Incoming, Opcode, Payload, RENEW, STATE, read_head, read_message,
    read_payload, write_frame,
};
use hypogeum_protocol::link::{Class, CloseReason, FromEdge, Lane, RequestId};
use hypogeum_protocol::{ClientMessage, ErrorCode, codec, from_base64, limits};

use crate::CloseCode;
use crate::connection::{Connection, DATAGRAMS, MESSAGES, Stage};
use crate::worker::{READ_BYTES, Worker};

/// Reads from one socket in one round.
const READS_PER_ROUND: usize = 4;

/// What a client has said, taken out of its frames.
enum Said {
    Nothing,
    Message(Vec<u8>),
    State(Vec<u8>),
    Ping(Vec<u8>),
    Close(Option<u16>),
    Wrong(CloseCode),
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// All that has arrived is taken.
    Dry,
    /// More is there, and has to wait.
    Waits,
    /// There is no more of this connection.
    Gone,
}

impl Worker {
    /// Reads what a socket has, as much as one round allows.
    pub(crate) fn read(&mut self, slot: usize) {
        for _ in 0..READS_PER_ROUND {
            match self.take_said(slot) {
                Progress::Dry => {}
                Progress::Waits | Progress::Gone => return,
            }
            let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
            if connection.transport.has_ended() && !matches!(connection.stage, Stage::Closing { .. }) {
                return self.end(slot, CloseReason::TimedOut);
            }
            match connection.stream.read(&mut self.scratch) {
                // Without a close frame that is a link that broke.
                Ok(0) => return self.end(slot, CloseReason::TimedOut),
                Ok(count) => {
                    self.tally.bytes_in += count as u64;
                    // What came in part was all there is: what comes later is told anew, unless it is the end that was told already.
                    let is_part = count < READ_BYTES && !connection.has_ended;
                    let is_closing = matches!(connection.stage, Stage::Closing { .. });
                    if !is_closing && connection.open(&self.scratch[..count]).is_err() {
                        return self.refuse_tls(slot);
                    }
                    let is_all = is_part && !connection.transport.has_ended();
                    if !is_closing {
                        connection.unanswered_since = None;
                        self.note_heard(slot);
                        self.note_answer(slot);
                    }
                    if is_all {
                        self.take_said(slot);
                        return;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return self.end(slot, CloseReason::TimedOut),
            }
        }
        self.note_waiting(slot);
    }

    /// What came is no TLS, or was changed on its way.
    fn refuse_tls(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        connection.transport.complain(&mut connection.stream);
        self.end(slot, CloseReason::Hostile);
    }

    /// Lets TLS answer where it has to.
    fn note_answer(&mut self, slot: usize) {
        let connection = self.slots.get(slot).and_then(Option::as_ref);
        if connection.is_some_and(|connection| connection.transport.has_answer()) {
            self.note_fresh(slot);
        }
    }

    fn note_heard(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if std::mem::take(&mut connection.is_quiet) {
            let heard = FromEdge::Quiet { connection: connection.id, is_quiet: false };
            // A tick that has no room for it does without: it only decides who stays when an account connects twice.
            let _ = self.lent.link().incoming.push(Class::Critical, heard);
        }
    }

    /// Takes the messages that have arrived, as many as may be taken.
    fn take_said(&mut self, slot: usize) -> Progress {
        loop {
            let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return Progress::Gone };
            if let Some(held) = connection.held.take()
                && let Err(held) = self.lent.link().incoming.offer(Class::Gameplay, held)
            {
                connection.held = Some(held);
                self.note_waiting(slot);
                return Progress::Waits;
            }
            match connection.stage {
                // Its answer lets it read on.
                Stage::Checking => return Progress::Waits,
                Stage::Closing { .. } => return Progress::Dry,
                Stage::Arriving | Stage::Open => {}
            }
            if connection.messages.left(MESSAGES, self.now) == 0 {
                self.note_waiting(slot);
                return Progress::Waits;
            }
            match next_said(connection) {
                Said::Nothing => return Progress::Dry,
                Said::Message(bytes) => {
                    let _ = connection.messages.take(MESSAGES, self.now);
                    self.take_message(slot, &bytes);
                }
                Said::State(bytes) => self.take_state(slot, &bytes),
                Said::Ping(bytes) => {
                    let _ = connection.messages.take(MESSAGES, self.now);
                    self.answer_ping(slot, &bytes);
                }
                Said::Close(code) => {
                    self.answer_close(slot, code);
                    return Progress::Gone;
                }
                Said::Wrong(code) => {
                    self.close(slot, code);
                    return Progress::Gone;
                }
            }
        }
    }

    fn take_message(&mut self, slot: usize, bytes: &[u8]) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        self.tally.messages_in += 1;
        let head = match read_head(connection.codec, bytes) {
            Ok(head) => head,
            Err(error) => return self.refuse_malformed(slot, None, &error),
        };
        if connection.stage == Stage::Arriving {
            return self.take_hello(slot, &head, bytes);
        }
        match (head.kind.as_str(), connection.codec) {
            (STATE, Codec::Json) => match read_payload::<String>(Codec::Json, bytes).map(|text| from_base64(&text)) {
                Ok(Some(state)) => self.take_state(slot, &state),
                Ok(None) => {
                    let error = EnvelopeError::Malformed("expected a string of base64".to_owned());
                    self.refuse_malformed(slot, head.id, &error);
                }
                Err(error) => self.refuse_malformed(slot, head.id, &error),
            },
            (RENEW, _) => self.take_renewal(slot, &head, bytes),
            _ => match read_message::<ClientMessage>(connection.codec, bytes, &head.kind) {
                Ok(message) => self.pass_on(slot, &message, &head),
                Err(error) => self.refuse_malformed(slot, head.id, &error),
            },
        }
    }

    /// Gives a message to the tick, in the words of our own codec.
    pub(crate) fn pass_on(&mut self, slot: usize, message: &ClientMessage, head: &Head) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let bytes = codec::encode(message);
        if bytes.len() > limits::CLIENT_MESSAGE_BYTES_MAX {
            let (length, max) = (bytes.len(), limits::CLIENT_MESSAGE_BYTES_MAX);
            let why = format!("in the codec of UDP it has {length} bytes, and a message at most {max}");
            let error = EnvelopeError::Malformed(why);
            return self.refuse_malformed(slot, head.id, &error);
        }
        let request = head.id.map(RequestId);
        let frame = |lane| FromEdge::Frame { connection: connection.id, lane, bytes, request };
        let incoming = &self.lent.link().incoming;
        if matches!(message, ClientMessage::Inputs { .. }) {
            let dropped = incoming.push(Class::Cosmetic, frame(Lane::Unreliable)).is_err();
            self.tally.state_dropped += u64::from(dropped);
        } else if let Err(frame) = incoming.offer(Class::Gameplay, frame(Lane::ReliableOrdered)) {
            connection.held = Some(frame);
        }
    }

    /// Gives state to the tick: the bytes of the datagram lane.
    fn take_state(&mut self, slot: usize, bytes: &[u8]) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let is_state = bytes.first() == Some(&limits::LANE_BYTE) && bytes.len() <= limits::LANE_BYTES_MAX;
        if connection.stage != Stage::Open {
            self.close(slot, CloseCode::Policy);
        } else if !is_state {
            self.refuse_malformed(slot, None, &EnvelopeError::Malformed("a state frame that is none".to_owned()));
        } else if connection.datagrams.take(DATAGRAMS, self.now).is_err() {
            self.tally.state_dropped += 1;
        } else {
            self.arrived.push(connection.id, bytes);
        }
    }

    /// Answers what is no message, which closes the connection when it happens too often.
    pub(crate) fn refuse_malformed(&mut self, slot: usize, id: Option<u32>, error: &EnvelopeError) {
        self.refuse_wrong(slot, id, &ErrorBody::new(ErrorCode::Malformed.name(), error.to_string(), None));
    }

    /// The same with another error, for what no honest client sends often either.
    pub(crate) fn refuse_wrong(&mut self, slot: usize, id: Option<u32>, body: &ErrorBody) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        self.tally.malformed += 1;
        connection.malformed += 1;
        let is_too_often =
            connection.malformed >= limits::MALFORMED_MESSAGES_MAX || connection.stage == Stage::Arriving;
        self.say_error(slot, id, body);
        if is_too_often {
            self.close(slot, CloseCode::Policy);
        }
    }

    /// Says what is in the way.
    pub(crate) fn say_error(&mut self, slot: usize, id: Option<u32>, body: &ErrorBody) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if let Some(payload) = Payload::of_type(connection.codec, ErrorBody::TYPE, body) {
            let said = connection.say(&payload, id, self.config.waiting_bytes_max);
            self.note_said(slot, said);
        }
    }

    fn answer_ping(&mut self, slot: usize, bytes: &[u8]) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let max = self.config.waiting_bytes_max;
        let said = connection.outbox.push(max, |out| write_frame(Opcode::Pong, bytes, out));
        self.note_said(slot, said);
    }

    /// The client wants to end: it is told the same, and that is all.
    fn answer_close(&mut self, slot: usize, code: Option<u16>) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let until = self.now + self.config.last_words_max;
        connection.stage = Stage::Closing { code: CloseCode::Normal, until, is_mutual: true };
        let contents = code.map(u16::to_be_bytes);
        let contents = contents.as_ref().map_or(&[][..], |code| code);
        connection.outbox.push_last(|out| write_frame(Opcode::Close, contents, out));
        self.note_fresh(slot);
    }
}

/// The next thing that a client has said. What came of a ping is heard, and that is all.
fn next_said(connection: &mut Connection) -> Said {
    let Connection { decoder, codec, .. } = connection;
    loop {
        return match decoder.take_next() {
            Ok(None) => Said::Nothing,
            Ok(Some(Incoming::Text(bytes))) => match codec {
                Codec::MessagePack => Said::Wrong(CloseCode::WrongKind),
                Codec::Json if std::str::from_utf8(bytes).is_err() => Said::Wrong(CloseCode::NotText),
                Codec::Json => Said::Message(bytes.to_vec()),
            },
            Ok(Some(Incoming::Binary(bytes))) => match codec {
                Codec::Json => Said::Wrong(CloseCode::WrongKind),
                // No map begins with this byte.
                Codec::MessagePack if bytes.first() == Some(&limits::LANE_BYTE) => Said::State(bytes.to_vec()),
                Codec::MessagePack => Said::Message(bytes.to_vec()),
            },
            Ok(Some(Incoming::Ping(bytes))) => Said::Ping(bytes.to_vec()),
            Ok(Some(Incoming::Pong)) => continue,
            Ok(Some(Incoming::Close(code))) => Said::Close(code),
            Err(error) => Said::Wrong(CloseCode::of_frame(error)),
        };
    }
}
