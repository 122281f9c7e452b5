//! What is due without anybody having said something.

use std::time::Duration;

use hypogeum_envelope::{ErrorBody, Opcode, write_frame};
use hypogeum_protocol::link::{Class, CloseReason, FromEdge};
use hypogeum_protocol::{ConnectionId, ErrorCode, limits};

use crate::CloseCode;
use crate::connection::{Connection, Stage};
use crate::worker::Worker;

/// Silence after a ping that the tick is told of.
const QUIET_AFTER: Duration = Duration::from_millis(limits::QUIET_AFTER_MS as u64);

/// What is due for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    /// It has had its time to read its last words.
    End,
    /// It does not read, or too slowly.
    Congested,
    NoHello,
    Expired,
    NoPong,
    /// Nobody says whose the token of a renewal is.
    NoVerdict,
    Ping,
    Quiet,
}

impl Worker {
    /// Looks at every connection.
    pub(crate) fn sweep(&mut self) {
        for slot in 0..self.slots.len() {
            let Some(connection) = self.slots[slot].as_ref() else { continue };
            match self.due(connection) {
                Due::Nothing => {}
                Due::End => self.end(slot, CloseReason::ByServer),
                // Should it read now, it learns why.
                Due::Congested => self.close(slot, CloseCode::NotReading),
                Due::NoHello => {
                    let code = ErrorCode::HelloFirst;
                    let id = connection.asking.as_ref().and_then(|asking| asking.head.id);
                    self.say_error(slot, id, &ErrorBody::new(code.name(), code.message(), None));
                    self.close(slot, CloseCode::NoHello);
                }
                Due::Expired => {
                    let message = "the access token is over: bring another one by a renew before";
                    self.say_error(slot, None, &ErrorBody::new("token_expired", message, None));
                    self.close(slot, CloseCode::Unauthorized);
                }
                Due::NoPong => self.close(slot, CloseCode::TimedOut),
                Due::NoVerdict => self.give_renewal_up(slot),
                Due::Ping => self.ping(slot),
                Due::Quiet => self.report_quiet(slot),
            }
        }
    }

    fn due(&self, connection: &Connection) -> Due {
        let (now, config) = (self.now, &self.config);
        let since = |then: Duration| now.saturating_sub(then);
        let unanswered = connection.unanswered_since.map(since);
        match connection.stage {
            Stage::Closing { until, .. } if until <= now => Due::End,
            Stage::Closing { .. } => Due::Nothing,
            _ if connection.outbox.lags_since().is_some_and(|then| since(then) >= config.unread_max) => Due::Congested,
            Stage::Arriving | Stage::Checking if since(connection.came_at) >= config.hello_timeout => Due::NoHello,
            Stage::Arriving | Stage::Checking => Due::Nothing,
            Stage::Open if connection.expires_at <= now => Due::Expired,
            Stage::Open if unanswered.is_some_and(|silence| silence >= config.pong_timeout) => Due::NoPong,
            Stage::Open if connection.asking.as_ref().is_some_and(|it| since(it.asked_at) >= config.hello_timeout) => {
                Due::NoVerdict
            }
            Stage::Open if since(connection.pinged_at) >= config.ping_every => Due::Ping,
            Stage::Open if !connection.is_quiet && unanswered.is_some_and(|silence| silence >= QUIET_AFTER) => {
                Due::Quiet
            }
            Stage::Open => Due::Nothing,
        }
    }

    /// The tick wants to know whether somebody is there: without a pong it is told so after [`QUIET_AFTER`].
    pub(crate) fn probe(&mut self, id: ConnectionId) {
        let slot = self.slot_of(id);
        let is_open = |slot: &usize| self.slots[*slot].as_ref().is_some_and(|it| it.stage == Stage::Open);
        if let Some(slot) = slot.filter(is_open) {
            self.ping(slot);
        }
    }

    fn ping(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        connection.pinged_at = self.now;
        connection.unanswered_since.get_or_insert(self.now);
        let said = connection.outbox.push(self.config.waiting_bytes_max, |out| write_frame(Opcode::Ping, &[], out));
        self.note_said(slot, said);
    }

    fn report_quiet(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        connection.is_quiet = true;
        let quiet = FromEdge::Quiet { connection: connection.id, is_quiet: true };
        // A tick that has no room for it does without: it only decides who stays when an account connects twice.
        let _ = self.lent.link().incoming.push(Class::Critical, quiet);
    }
}
