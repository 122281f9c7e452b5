//! Who somebody is: the first message, and a token in place of one that ends.

use std::time::Duration;

use hypogeum_envelope::{
    CloseCode, Codec, Credentials, EnvelopeError, ErrorBody, Head, Payload, RENEWED, Renewed, read_message,
    read_payload,
};
use hypogeum_protocol::link::{Class, FromEdge, RequestId};
use hypogeum_protocol::{ClientMessage, ErrorCode, limits};
use serde::Deserialize;

use crate::connection::{RENEWALS, Stage};
use crate::doorkeeper::{Admitted, Answer, Doorkeeper, Refusal};
use crate::worker::{Mail, Worker};

/// The type of the first message.
const HELLO: &str = "hello";
/// Its tag in our own codec, by which an error says what it is about.
const HELLO_TAG: u8 = 0;
/// When a renewal may be asked for again while another one is looked at.
const BUSY: Duration = Duration::from_secs(1);

/// A hello, or a renewal, whose credentials are being looked at.
#[derive(Debug)]
pub(crate) struct Asking {
    /// The hello; `None`: the tick has it already.
    pub(crate) hello: Option<ClientMessage>,
    /// What it asked for, and by which number.
    pub(crate) head: Head,
    /// Since when.
    pub(crate) asked_at: Duration,
}

/// Whether a hello says that it is of a version which is not spoken here. All else in it may be another then, so nothing else of it
/// is looked at, its token neither.
fn is_of_another_version(codec: Codec, bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Versioned {
        protocol_version: u64,
    }

    let spoken = u64::from(limits::PROTOCOL_VERSION_MIN)..=u64::from(limits::PROTOCOL_VERSION);
    read_payload::<Versioned>(codec, bytes).is_ok_and(|hello| !spoken.contains(&hello.protocol_version))
}

impl Worker {
    /// Takes the first message: a hello, with a token in it.
    pub(crate) fn take_hello(&mut self, slot: usize, head: &Head, bytes: &[u8]) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if head.kind != HELLO {
            let code = ErrorCode::HelloFirst;
            self.say_error(slot, head.id, &ErrorBody::new(code.name(), code.message(), None));
            return self.close(slot, CloseCode::Policy);
        }
        if is_of_another_version(connection.codec, bytes) {
            let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
            let error = ErrorBody::of(ErrorCode::VersionMismatch { min, max }, HELLO_TAG, 0);
            self.say_error(slot, head.id, &error);
            return self.close(slot, CloseCode::OtherVersion);
        }
        let hello = read_message::<ClientMessage>(connection.codec, bytes, HELLO);
        let credentials = read_payload::<Credentials>(connection.codec, bytes);
        match hello.and_then(|hello| credentials.map(|credentials| (hello, credentials))) {
            Ok((hello, credentials)) => match hello.validate() {
                Ok(()) => {
                    connection.stage = Stage::Checking;
                    let asking = Asking { hello: Some(hello), head: head.clone(), asked_at: self.now };
                    self.ask(slot, asking, |doorkeeper, answer| doorkeeper.check(credentials, answer));
                }
                Err(code) => {
                    self.say_error(slot, head.id, &ErrorBody::new(code.name(), code.message(), None));
                    self.close(slot, CloseCode::Policy);
                }
            },
            Err(error) => self.refuse_malformed(slot, head.id, &error),
        }
    }

    /// Takes a token in place of the one that ends.
    pub(crate) fn take_renewal(&mut self, slot: usize, head: &Head, bytes: &[u8]) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        match read_payload::<Credentials>(connection.codec, bytes) {
            Ok(_) if connection.asking.is_some() => self.renew_later(slot, head, BUSY),
            Ok(Credentials { access_token, .. }) => match connection.renewals.take(RENEWALS, self.now) {
                Ok(()) => {
                    let asking = Asking { hello: None, head: head.clone(), asked_at: self.now };
                    self.ask(slot, asking, |doorkeeper, answer| doorkeeper.renew(access_token, answer));
                }
                Err(wait) => self.renew_later(slot, head, wait),
            },
            Err(error) => self.refuse_malformed(slot, head.id, &error),
        }
    }

    fn renew_later(&mut self, slot: usize, head: &Head, wait: Duration) {
        let (code, wait_ms) = (ErrorCode::TooSoon, wait.as_millis().max(1) as u64);
        self.say_error(slot, head.id, &ErrorBody::new(code.name(), code.message(), Some(wait_ms)));
    }

    fn ask(&mut self, slot: usize, asking: Asking, ask: impl FnOnce(&dyn Doorkeeper, Answer)) {
        let mailbox = self.mailbox();
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        connection.asked_count = connection.asked_count.wrapping_add(1);
        connection.asking = Some(Box::new(asking));
        let (question, doorkeeper) = ((connection.id, connection.asked_count), connection.doorkeeper.clone());
        ask(&*doorkeeper, Box::new(move |verdict| mailbox.leave(Mail::Checked(question, verdict))));
    }

    /// Nobody has said whose the token of a renewal is: the client may ask again.
    pub(crate) fn give_renewal_up(&mut self, slot: usize) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let id = connection.asking.take().and_then(|asking| asking.head.id);
        let code = ErrorCode::Unavailable;
        self.say_error(slot, id, &ErrorBody::new(code.name(), code.message(), Some(1_000)));
    }

    /// The doorkeeper has answered the question of this number. One that was given up is none any more.
    pub(crate) fn take_verdict(&mut self, slot: usize, number: u32, verdict: Result<Admitted, Refusal>) {
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        if connection.asked_count != number || matches!(connection.stage, Stage::Closing { .. }) {
            return;
        }
        let Some(asking) = connection.asking.take() else { return };
        let Asking { hello, head, .. } = *asking;
        match (verdict, hello) {
            (Ok(admitted), Some(hello)) if connection.stage == Stage::Checking => {
                self.open(slot, admitted, &hello, &head);
            }
            (Ok(admitted), None) if connection.account == Some(admitted.ticket.account) => {
                connection.expires_at = self.now.saturating_add(admitted.expires_in);
                let renewed = Renewed { expires_in_s: admitted.expires_in.as_secs() };
                if let Some(payload) = Payload::of_type(connection.codec, RENEWED, &renewed) {
                    let said = connection.say(&payload, head.id, self.config.waiting_bytes_max);
                    self.note_said(slot, said);
                }
            }
            // The old token stays as good as it is.
            (Ok(_), None) => {
                let error = EnvelopeError::Malformed("this token is another account's".to_owned());
                self.refuse_malformed(slot, head.id, &error);
            }
            (Err(Refusal { code, message, retry_after_ms }), hello) => {
                let (body, is_for_now) = (ErrorBody::new(code, message, retry_after_ms), retry_after_ms.is_some());
                match hello {
                    // Whoever shows one bad token after the other does not renew.
                    None if !is_for_now => self.refuse_wrong(slot, head.id, &body),
                    None => self.say_error(slot, head.id, &body),
                    Some(_) => {
                        self.say_error(slot, head.id, &body);
                        self.close(slot, if is_for_now { CloseCode::TryLater } else { CloseCode::Unauthorized });
                    }
                }
            }
            // It was closed meanwhile.
            (Ok(_), Some(_)) => {}
        }
    }

    /// Somebody may come in: the tick is told who, and what they said.
    fn open(&mut self, slot: usize, admitted: Admitted, hello: &ClientMessage, head: &Head) {
        // With closes waiting it would overtake the close of the session's last connection.
        let has_unreported = self.has_unreported();
        let Some(connection) = self.slots.get_mut(slot).and_then(Option::as_mut) else { return };
        let Admitted { session, ticket, expires_in } = admitted;
        let account = ticket.account;
        let number = head.id.map(RequestId);
        let opened = FromEdge::Opened { connection: connection.id, session, ticket, hello: number };
        if has_unreported || self.lent.link().incoming.push(Class::Critical, opened).is_err() {
            let code = ErrorCode::Unavailable;
            self.say_error(slot, head.id, &ErrorBody::new(code.name(), code.message(), Some(1_000)));
            return self.close(slot, CloseCode::TryLater);
        }
        self.tally.opened += 1;
        connection.stage = Stage::Open;
        connection.account = Some(account);
        connection.expires_at = self.now.saturating_add(expires_in);
        self.pass_on(slot, hello, head);
        // What it has said meanwhile.
        self.note_waiting(slot);
    }
}
