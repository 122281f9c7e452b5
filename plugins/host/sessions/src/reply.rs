//! Answers to sessions, counted and within what each may have.

use bevy_ecs::prelude::{Res, ResMut};
use bevy_ecs::system::SystemParam;
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{ErrorCode, ServerMessage, limits};

use crate::HostTick;
use crate::about::About;
use crate::counters::Counters;
use crate::meter::Operation;
use crate::outbound::Outbound;
use crate::session::{Presence, SessionItem, Stage};

/// What is needed to answer a session.
#[derive(SystemParam)]
pub struct Reply<'w> {
    /// The tick of the host it is now: allowances are counted by it.
    pub tick: Res<'w, HostTick>,
    /// Messages on their way out.
    pub outbound: ResMut<'w, Outbound>,
    /// What was refused.
    pub counters: ResMut<'w, Counters>,
}

impl Reply<'_> {
    /// Sends a session a message, if it is connected.
    pub fn send(&mut self, presence: &Presence, message: &ServerMessage) {
        if let Some(connection) = presence.listening() {
            self.outbound.send(connection, message);
        }
    }

    /// Answers a message, if the session is connected.
    pub fn answer(&mut self, presence: &Presence, about: About, message: &ServerMessage) {
        if let Some(connection) = presence.listening() {
            self.outbound.answer(connection, about, message);
        }
    }

    /// Answers the message that it is about with an error.
    pub fn refuse(&mut self, session: &mut SessionItem, code: ErrorCode, about: About, retry_after_ms: u32) {
        let Some(connection) = session.presence.connection else { return };
        self.counters.refused += 1;
        if session.meter.take(Operation::Error, self.tick.0).is_ok() {
            self.outbound.refuse(connection, code, about, retry_after_ms);
        }
    }

    /// Answers a message that means nothing where its session is.
    pub fn refuse_here(&mut self, session: &mut SessionItem, about: About) {
        self.counters.wrong_state += 1;
        self.refuse(session, ErrorCode::WrongState, about, 0);
    }

    /// Answers what is no message, which closes the connection when it happens too often.
    pub(crate) fn refuse_malformed(&mut self, session: &mut SessionItem, about: About) {
        self.counters.malformed += 1;
        session.meter.malformed += 1;
        self.refuse(session, ErrorCode::Malformed, about, 0);
        if session.meter.malformed >= limits::MALFORMED_MESSAGES_MAX {
            session.presence.closing = Some(CloseReason::Hostile);
        }
    }

    /// Sends a session an error it did not cause, and takes its place away, as [`Self::free`] does.
    pub fn make_idle(&mut self, session: &mut SessionItem, code: ErrorCode) {
        self.make_idle_about(session, code, About::NOTHING);
    }

    /// As [`Self::make_idle`], with an error that answers what it has asked for.
    pub fn make_idle_about(&mut self, session: &mut SessionItem, code: ErrorCode, about: About) {
        if let Some(connection) = session.presence.listening() {
            self.outbound.refuse(connection, code, about, 1_000);
        }
        Self::free(session);
    }

    /// Takes the place of a session away: it is idle. One that is connected and has not said hello finds an ordinary session
    /// when it does, and nothing keeps one without connection.
    pub fn free(session: &mut SessionItem) {
        *session.stage = if session.presence.listening().is_some() { Stage::Idle } else { Stage::Arriving };
        if session.presence.connection.is_none() {
            session.presence.closing = Some(CloseReason::ByServer);
        }
    }

    /// Says goodbye and closes the connection: the server stops.
    pub fn send_away(&mut self, session: &mut SessionItem) {
        if session.presence.closing.is_none() {
            if let Some(connection) = session.presence.connection {
                self.outbound.send(connection, &ServerMessage::Goodbye);
            }
            session.presence.closing = Some(CloseReason::ByServer);
        }
    }
}
