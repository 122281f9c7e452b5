//! The session a client has, and its beginning and end.

use hypogeum_protocol::{AccountId, MatchId, ModeInfo, SessionId};

use super::{Change, View};

/// Who this client is, and what the server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Names this session among all the server has.
    pub id: SessionId,
    /// The account that plays.
    pub account: AccountId,
    /// The name under which others see it.
    pub name: String,
    /// The protocol spoken.
    pub protocol_version: u16,
    /// Ticks a second of the server. [`View::tick_hz`] says how many steps a second there are where the client plays.
    pub tick_hz: u16,
    /// BLAKE3 of the server's content.
    pub content_hash: [u8; 32],
    /// What can be queued for.
    pub modes: Vec<ModeInfo>,
    /// The match the account was in at the welcome; its announcement follows.
    pub current_match: Option<MatchId>,
    /// The locale of the words that the server sends.
    pub locale: String,
}

impl View {
    /// Steps a second of the match under way, else ticks a second of the server; 30 before the welcome. What a snapshot or an event
    /// says in ticks is counted in these.
    #[must_use]
    pub fn tick_hz(&self) -> u16 {
        let current = self.current.as_ref().map(|current| current.tick_hz);
        let told = current.or_else(|| self.session.as_ref().map(|session| session.tick_hz));
        told.map_or(30, |tick_hz| tick_hz.max(1))
    }

    pub(super) fn welcomed(&mut self, session: Session) -> Change {
        // A match that ended while the connection was lost is not announced as over: the welcome alone says so.
        if self.current.as_ref().is_some_and(|current| Some(current.id) != session.current_match) {
            self.current = None;
        }
        self.session = Some(session);
        Change::Welcomed
    }

    pub(super) const fn left_alone(&mut self) -> Change {
        self.goodbye = true;
        Change::Goodbye
    }

    /// Forgets what only a connection holds. The match goes on, or the next welcome says otherwise.
    pub(crate) fn disconnect(&mut self) {
        self.session = None;
        self.queue = None;
        self.loadout = None;
        self.goodbye = false;
    }
}
