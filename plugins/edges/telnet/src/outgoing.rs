//! What the tick says: messages of our own codec become words, and data beside them. State is for clients with a map.

use std::sync::Arc;

use hypogeum_protocol::link::{CloseReason, ToEdge};
use hypogeum_protocol::{ConnectionId, ServerMessage, codec};

use crate::connection::Stage;
use crate::phrase::{self, Phrase};
use crate::play::Said;
use crate::worker::Worker;

/// Messages taken from the tick's queue in one round, so that reading goes on.
const OUTGOING_PER_ROUND_MAX: usize = 8_192;

impl Worker {
    /// Takes what the tick has said since.
    pub(crate) fn take_outgoing(&mut self) {
        let mut outgoing = std::mem::take(&mut self.outgoing);
        self.lent.link().workers[self.number].frames.drain_into(&mut outgoing, OUTGOING_PER_ROUND_MAX);
        self.has_outgoing = outgoing.len() >= OUTGOING_PER_ROUND_MAX;
        for order in outgoing.drain(..) {
            match order {
                ToEdge::Frame { connection, bytes, .. } => self.tell(connection, &bytes),
                ToEdge::Close { connection, reason } => match self.slot_of(connection) {
                    Some(slot) => self.close(slot, reason, farewell(reason).as_ref()),
                    None => self.tally.strangers += 1,
                },
                // Somebody at a keyboard says nothing for minutes. Whether they are there the system finds out.
                ToEdge::Probe { .. } => {}
            }
        }
        self.outgoing = outgoing;
    }

    /// Tells somebody something.
    fn tell(&mut self, id: ConnectionId, bytes: &[u8]) {
        let Some(slot) = self.slot_of(id) else {
            self.tally.strangers += 1;
            return;
        };
        let Some(message) = self.decode(bytes) else { return };
        let words = Arc::clone(&self.words);
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if connection.stage != Stage::Open {
            return;
        }
        let (mut said, locale) = (Vec::new(), std::mem::take(&mut connection.locale));
        let reader = connection.reader(&*words, &locale);
        connection.play.hear(&message, reader, |it| said.push(it));
        connection.locale = locale;
        let mut is_over = false;
        for said in said {
            let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
            match said {
                Said::Words(style, text) => connection.print(style, &text),
                Said::Phrase(phrase) => connection.say(&phrase, &*words),
                Said::Data(message, body) => connection.tell(message, &body),
                Said::Vitals => connection.is_vitals_due = true,
                Said::Answer(message) => self.pass_on(slot, &message),
                Said::Over => is_over = true,
            }
        }
        self.note_fresh(slot);
        if is_over {
            return self.close(slot, CloseReason::ByPeer, Some(&Phrase::new(phrase::GOODBYE)));
        }
        // What was typed before they were in.
        self.take_lines(slot);
    }

    /// A message, read once where many are told the same.
    fn decode(&mut self, bytes: &[u8]) -> Option<Arc<ServerMessage>> {
        if let Some((last, message)) = &self.last_read
            && last == bytes
        {
            return Some(Arc::clone(message));
        }
        match codec::decode_server(bytes) {
            Ok(message) => {
                let message = Arc::new(message);
                self.last_read = Some((bytes.to_vec(), Arc::clone(&message)));
                Some(message)
            }
            Err(error) => {
                tracing::error!(%error, "a message of the tick cannot be read");
                None
            }
        }
    }
}

/// What somebody is told whom the tick sends away.
const fn farewell(reason: CloseReason) -> Option<Phrase> {
    match reason {
        CloseReason::TakenOver => Some(Phrase::new(phrase::TAKEN_OVER)),
        CloseReason::Congested => Some(Phrase::new(phrase::NOT_READING)),
        _ => None,
    }
}
