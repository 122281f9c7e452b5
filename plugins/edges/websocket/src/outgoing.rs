//! What the tick says: messages of our own codec become envelopes, state leaves as it is.

use hypogeum_envelope::{Codec, ErrorBody, Opcode, Payload, STATE, write_frame};
use hypogeum_protocol::link::{CloseReason, Lane, RequestId, ToEdge};
use hypogeum_protocol::{ConnectionId, ServerMessage, base64, codec};

use crate::CloseCode;
use crate::connection::Stage;
use crate::outbox::Full;
use crate::worker::Worker;

/// Messages taken from the tick's queue in one round, so that reading goes on.
const OUTGOING_PER_ROUND_MAX: usize = 8_192;

/// The message that was written last, in each codec that somebody wanted it in.
#[derive(Debug, Default)]
pub(crate) struct Written {
    bytes: Vec<u8>,
    payloads: [Option<Payload>; Codec::ALL.len()],
}

impl Written {
    /// A message of our own codec in another; `None` where it is none.
    fn payload(&mut self, bytes: &[u8], codec: Codec) -> Option<&Payload> {
        if self.bytes != bytes {
            self.bytes = bytes.to_vec();
            self.payloads = Default::default();
        }
        let written = &mut self.payloads[codec as usize];
        if written.is_none() {
            *written = write(bytes, codec);
        }
        written.as_ref()
    }
}

fn write(bytes: &[u8], codec: Codec) -> Option<Payload> {
    match codec::decode_server(bytes) {
        Ok(ServerMessage::Error { code, about, retry_after_ms }) => {
            Payload::of_type(codec, ErrorBody::TYPE, &ErrorBody::of(code, about, retry_after_ms))
        }
        Ok(message) => Payload::of_message(codec, &message),
        Err(error) => {
            tracing::error!(%error, "a message of the tick cannot be read");
            None
        }
    }
}

impl Worker {
    /// Takes what the tick has said since.
    pub(crate) fn take_outgoing(&mut self) {
        let mut outgoing = std::mem::take(&mut self.outgoing);
        self.lent.link().workers[self.number].frames.drain_into(&mut outgoing, OUTGOING_PER_ROUND_MAX);
        self.has_outgoing = outgoing.len() >= OUTGOING_PER_ROUND_MAX;
        for order in outgoing.drain(..) {
            match order {
                ToEdge::Frame { connection, lane, bytes, answers } => self.tell(connection, lane, &bytes, answers),
                ToEdge::Close { connection, reason } => match self.slot_of(connection) {
                    Some(slot) => self.close(slot, CloseCode::of(reason)),
                    None => self.tally.strangers += 1,
                },
                ToEdge::Probe { connection } => self.probe(connection),
            }
        }
        self.outgoing = outgoing;
        let mut leaving = std::mem::take(&mut self.leaving);
        self.lent.link().workers[self.number].datagrams.take_batches(&mut leaving);
        for batch in &leaving {
            for (connection, datagram) in batch.iter() {
                self.show(connection, datagram);
            }
        }
        self.leaving = leaving;
    }

    /// Tells a client something.
    fn tell(&mut self, id: ConnectionId, lane: Lane, bytes: &[u8], answers: Option<RequestId>) {
        let Some(slot) = self.slot_of(id) else {
            self.tally.strangers += 1;
            return;
        };
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let Some(payload) = self.last_written.payload(bytes, connection.codec) else { return };
        if matches!(connection.stage, Stage::Closing { .. }) {
            return;
        }
        if lane == Lane::Unreliable {
            let (opcode, envelope) = (connection.opcode(), payload.envelope(None));
            let is_replaced = connection.outbox.replace_state(|out| write_frame(opcode, &envelope, out));
            self.tally.state_replaced += u64::from(is_replaced);
            return self.note_fresh(slot);
        }
        let said = connection.say(payload, answers.map(|request| request.0), self.config.waiting_bytes_max);
        self.note_said(slot, said);
    }

    /// Shows a client the state: the bytes of the datagram lane.
    fn show(&mut self, id: ConnectionId, datagram: &[u8]) {
        let Some(slot) = self.slot_of(id) else {
            self.tally.strangers += 1;
            return;
        };
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if matches!(connection.stage, Stage::Closing { .. }) {
            return;
        }
        let is_replaced = match connection.codec {
            Codec::MessagePack => connection.outbox.replace_state(|out| write_frame(Opcode::Binary, datagram, out)),
            Codec::Json => {
                let text = base64(datagram);
                let Some(payload) = Payload::of_type(Codec::Json, STATE, text.as_str()) else { return };
                let envelope = payload.envelope(None);
                connection.outbox.replace_state(|out| write_frame(Opcode::Text, &envelope, out))
            }
        };
        self.tally.state_replaced += u64::from(is_replaced);
        self.note_fresh(slot);
    }

    /// Something waits for a client, or found no room: then it does not read, and there is nobody to tell.
    pub(crate) fn note_said(&mut self, slot: usize, said: Result<(), Full>) {
        match said {
            Ok(()) => self.note_fresh(slot),
            Err(Full) => self.end(slot, CloseReason::Congested),
        }
    }

    /// Begins to close a connection: its client is told why, after what waits for it.
    pub(crate) fn close(&mut self, slot: usize, code: CloseCode) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if matches!(connection.stage, Stage::Closing { .. }) {
            return;
        }
        let until = self.now + self.config.last_words_max;
        connection.stage = Stage::Closing { code, until, is_mutual: false };
        let contents = [&code.number().to_be_bytes(), code.reason().as_bytes()].concat();
        connection.outbox.push_last(|out| write_frame(Opcode::Close, &contents, out));
        self.note_fresh(slot);
    }
}
