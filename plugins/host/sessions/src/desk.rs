//! What nearly every system of this crate has at hand.

use bevy_ecs::prelude::{Commands, Res, ResMut};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{AccountId, ErrorCode, ServerMessage, limits};

use crate::board::Counters;
use crate::drain::Drain;
use crate::post::{ABOUT_NOTHING, Post};
use crate::recording::Journal;
use crate::session::{Kept, Presence, SessionIndex, SessionItem, Stage};
use crate::settling::Settlements;
use crate::store::Store;
use crate::{HostTick, Library, Queues, SessionsConfig};

/// The resources of the trade.
#[derive(SystemParam)]
pub(crate) struct Desk<'w, 's> {
    pub(crate) tick: Res<'w, HostTick>,
    pub(crate) config: Res<'w, SessionsConfig>,
    pub(crate) library: Res<'w, Library>,
    pub(crate) draining: Res<'w, Drain>,
    pub(crate) post: ResMut<'w, Post>,
    pub(crate) store: ResMut<'w, Store>,
    pub(crate) queues: ResMut<'w, Queues>,
    pub(crate) directory: ResMut<'w, SessionIndex>,
    pub(crate) counters: ResMut<'w, Counters>,
    pub(crate) journal: ResMut<'w, Journal>,
    pub(crate) settlements: ResMut<'w, Settlements>,
    pub(crate) commands: Commands<'w, 's>,
}

impl Desk<'_, '_> {
    /// Tells a session something, if somebody listens.
    pub(crate) fn tell(&mut self, presence: &Presence, message: &ServerMessage) {
        if let Some(connection) = presence.listening() {
            self.post.tell(connection, message);
        }
    }

    /// Answers message `about` with an error.
    pub(crate) fn refuse(&mut self, session: &mut SessionItem, code: ErrorCode, about: u8, retry_after_ms: u32) {
        use crate::meter::Operation;
        let Some(connection) = session.presence.connection else { return };
        self.counters.refused += 1;
        if session.meter.take(Operation::Error, self.tick.0).is_ok() {
            self.post.refuse(connection, code, about, retry_after_ms);
        }
    }

    /// Answers what is no message, which closes the connection when it happens too often.
    pub(crate) fn refuse_malformed(&mut self, session: &mut SessionItem, about: u8) {
        self.counters.malformed += 1;
        session.meter.malformed += 1;
        self.refuse(session, ErrorCode::Malformed, about, 0);
        if session.meter.malformed >= limits::MALFORMED_MESSAGES_MAX {
            session.presence.closing = Some(CloseReason::Hostile);
        }
    }

    /// An account has shown that it heard how its matches went: it will not be told again. Telling alone is no proof: the
    /// link may have been dead already. Whoever says goodbye or asks for another match has heard.
    pub(crate) fn heard(&mut self, account: AccountId, kept: &mut Kept) {
        self.store.heard(account, kept);
    }

    /// Tells a session of trouble it did not cause, and makes it idle.
    pub(crate) fn send_home(&mut self, session: &mut SessionItem, code: ErrorCode) {
        *session.stage = Stage::Idle;
        if let Some(connection) = session.presence.listening() {
            self.post.refuse(connection, code, ABOUT_NOTHING, 1_000);
        }
        if session.presence.connection.is_none() {
            // Nothing keeps a session without connection once it has no seat.
            session.presence.closing = Some(CloseReason::ByServer);
        }
    }
}
