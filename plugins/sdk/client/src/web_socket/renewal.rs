//! When the access token of a connection is to be replaced: before it ends, for the connection ends with it.

use std::io::{Read, Write};
use std::time::Duration;

use super::{Stage, TOKEN_OVER, WebSocketWire, messages};
use crate::http::Login;

/// How long before its end, where it is good for long enough; otherwise a quarter of its time.
const LEAD: Duration = Duration::from_secs(60);
/// Between two tries.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// How long a token is good for, and how far the next one is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Renewal {
    left: Duration,
    step: Step,
}

#[derive(Clone, Copy, Debug)]
enum Step {
    /// The next one is wanted after so long.
    Waiting(Duration),
    /// Somebody gets it, or it was shown to the server.
    UnderWay,
}

impl Renewal {
    /// Of a token that is good for so long from now on.
    pub(super) fn of(expires_in: Duration) -> Self {
        let lead = LEAD.min(expires_in / 4);
        Self { left: expires_in, step: Step::Waiting(expires_in - lead) }
    }

    pub(super) const fn advance(&mut self, elapsed: Duration) {
        self.left = self.left.saturating_sub(elapsed);
        if let Step::Waiting(wait) = &mut self.step {
            *wait = wait.saturating_sub(elapsed);
        }
    }

    /// Whether it is time; says so once.
    pub(super) const fn take_due(&mut self) -> bool {
        let is_due = matches!(self.step, Step::Waiting(wait) if wait.is_zero());
        if is_due {
            self.step = Step::UnderWay;
        }
        is_due
    }

    /// Nothing came of it. The old one stays as good as it is.
    pub(super) const fn again(&mut self) {
        // An answer for the connection before says nothing of this one.
        if matches!(self.step, Step::UnderWay) {
            self.step = Step::Waiting(AGAIN_AFTER);
        }
    }

    /// How long the token is good for still.
    pub(super) const fn left(&self) -> Duration {
        self.left
    }
}

impl<S: Read + Write> WebSocketWire<S> {
    /// Whether its access token ends soon, and the connection with it. Says so once: whoever drives this then gets another one of the
    /// same account, by [`Api::refresh`](crate::Api::refresh) on another thread, and either [`WebSocketWire::renew`]s it or says
    /// [`WebSocketWire::renew_later`]. [`crate::Reconnect`] does all of that.
    pub fn wants_token(&mut self) -> bool {
        matches!(self.stage, Stage::Open) && self.renewal.take_due()
    }

    /// Shows the server the access token of this login, in place of the one before: it leaves with the next [`Wire::flush`](crate::Wire::flush). One that
    /// the server does not take changes nothing, and [`WebSocketWire::wants_token`] asks again.
    pub fn renew(&mut self, login: &Login) {
        login.access_token.clone_into(&mut self.connection.access_token);
        if !self.has_spoken {
            // The hello shows it.
            self.renewal = Renewal::of(Duration::from_secs(login.expires_in_s));
        } else if matches!(self.stage, Stage::Open)
            && let Some(envelope) = messages::renewal(&login.access_token)
        {
            self.say(&envelope);
        }
    }

    /// There is no other access token just now: [`WebSocketWire::wants_token`] asks again in five seconds.
    pub fn renew_later(&mut self) {
        self.renewal.again();
    }

    /// How long the access token is good for still, counted from when this was made, or from when the server took the last one.
    #[must_use]
    pub const fn token_left(&self) -> Duration {
        self.renewal.left()
    }

    /// Whether the server has closed the connection because of its access token.
    #[must_use]
    pub const fn is_token_over(&self) -> bool {
        matches!(self.close_code, Some(TOKEN_OVER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_replaced_a_minute_before_its_end_or_after_three_quarters_of_it() {
        for (expires_in_s, due_s) in [(900, 840), (100, 75), (0, 0)] {
            let mut renewal = Renewal::of(Duration::from_secs(expires_in_s));
            if due_s > 0 {
                renewal.advance(Duration::from_secs(due_s) - Duration::from_nanos(1));
                assert!(!renewal.take_due(), "a token of {expires_in_s} s is good for long enough");
                renewal.advance(Duration::from_nanos(1));
            }
            assert!(renewal.take_due(), "after {due_s} s of {expires_in_s} s it is time");
            assert!(!renewal.take_due(), "and somebody gets one");
            assert_eq!(renewal.left(), Duration::from_secs(expires_in_s - due_s));
        }
    }

    #[test]
    fn what_failed_is_tried_again_later() {
        let mut renewal = Renewal::of(Duration::from_secs(900));
        renewal.advance(Duration::from_secs(850));
        assert!(renewal.take_due(), "it is time");
        renewal.again();
        renewal.advance(AGAIN_AFTER - Duration::from_nanos(1));
        assert!(!renewal.take_due(), "not at once");
        renewal.advance(Duration::from_nanos(1));
        assert!(renewal.take_due(), "but soon");
    }
}
