//! What is due without anybody having said something.

use std::time::Duration;

use hypogeum_protocol::link::CloseReason;

use crate::connection::{Connection, Stage};
use crate::phrase::{self, Phrase};
use crate::worker::Worker;

/// What is due for a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Nothing,
    /// It has had its time to read its last words, or to agree on keys.
    End,
    /// It does not read, or too slowly.
    Congested,
    NoLogin,
    Idle,
    /// Its login has ended, and nobody says that it goes on.
    Expired,
    Renewal,
    KeepAlive,
}

impl Worker {
    /// Looks at every connection, and at the door.
    pub(crate) fn sweep(&mut self) {
        self.is_accepting = !self.has_stopped();
        for slot in 0..self.slots.len() {
            let Some(connection) = self.slots[slot].as_mut() else { continue };
            let due = due(connection, self.now, &self.config);
            let say = |id| Some(Phrase::new(id));
            match due {
                Due::Nothing => {}
                Due::End => self.end(slot, CloseReason::TimedOut),
                Due::Congested => self.close(slot, CloseReason::Congested, say(phrase::NOT_READING).as_ref()),
                Due::NoLogin => self.close(slot, CloseReason::TimedOut, say(phrase::LOGIN_TIMEOUT).as_ref()),
                Due::Idle => self.close(slot, CloseReason::TimedOut, say(phrase::IDLE).as_ref()),
                Due::Expired => self.close(slot, CloseReason::ByServer, say(phrase::LOGIN_CLOSED).as_ref()),
                Due::Renewal => self.renew(slot),
                Due::KeepAlive => {
                    connection.keep_alive();
                    self.note_fresh(slot);
                }
            }
        }
    }
}

fn due(connection: &Connection, now: Duration, config: &crate::TelnetConfig) -> Due {
    let since = |then: Duration| now.saturating_sub(then);
    let login = connection.login.as_ref();
    match connection.stage {
        Stage::Closing { until, .. } if until <= now => Due::End,
        Stage::Closing { .. } => Due::Nothing,
        _ if connection.outbox.lags_since().is_some_and(|then| since(then) >= config.unread_max) => Due::Congested,
        Stage::Shaking if since(connection.came_at) >= config.login_timeout / 10 => Due::End,
        Stage::Talking if since(connection.came_at) >= config.login_timeout => Due::NoLogin,
        // Whoever does not get into the world is not there.
        Stage::Open if !connection.play.is_in() && since(connection.came_at) >= 2 * config.login_timeout => {
            Due::NoLogin
        }
        Stage::Open if since(connection.typed_at) >= config.idle_timeout => Due::Idle,
        Stage::Open if login.is_some_and(|login| login.ends_at <= now) => Due::Expired,
        Stage::Open if login.is_some_and(|login| login.renew_at <= now) => Due::Renewal,
        Stage::Open if since(connection.written_at) >= config.keep_alive_every => Due::KeepAlive,
        Stage::Shaking | Stage::Talking | Stage::Open => Due::Nothing,
    }
}
