//! How long to wait for an ack before a message is sent again: as long as this link takes, not always the same.
//!
//! renet's resend time is a constant of its configuration (300 ms): on a link of 300 ms there and back it sends everything
//! twice, on a short one it waits longer than it must. But renet knows no time except what it is told has passed. So the time
//! that passes for it is stretched or squeezed until its 300 ms are what the link needs.

use std::time::Duration;

use crate::link::ACK_AFTER;

/// renet's own constant, in `DefaultChannel::config` of renet 2.0.
pub(crate) const RENET_RESEND: Duration = Duration::from_millis(300);
/// What a link may need at least and at most. Stock peers acknowledge with their next flush, ours after [`ACK_AFTER`].
const RESEND_MIN: Duration = Duration::from_millis(200);
const RESEND_MAX: Duration = Duration::from_millis(1_500);
/// Beside the round trip and the peer's wait: jitter, and frames in which nobody looks.
const MARGIN: Duration = Duration::from_millis(50);

/// What one link needs, by what was seen of it.
#[derive(Debug)]
pub(crate) struct ResendPace {
    resend_after: Duration,
    /// When the newest message left.
    sent_at: Option<Duration>,
}

impl ResendPace {
    pub(crate) fn new(round_trip: Option<Duration>) -> Self {
        let resend_after = round_trip.map_or(RENET_RESEND, |it| needed(it + ACK_AFTER));
        Self { resend_after, sent_at: None }
    }

    pub(crate) fn resend_after(&self) -> Duration {
        self.resend_after
    }

    /// The time that passes for renet while `elapsed` passes.
    pub(crate) fn renet_time(&self, elapsed: Duration) -> Duration {
        let nanos = elapsed.as_nanos() * RENET_RESEND.as_nanos() / self.resend_after.as_nanos().max(1);
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// How long it takes until so much has passed for renet.
    pub(crate) fn real_time(&self, renet: Duration) -> Duration {
        let nanos = (renet.as_nanos() * self.resend_after.as_nanos()).div_ceil(RENET_RESEND.as_nanos());
        // Rounded up twice, for the way back rounds down.
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX)) + Duration::from_nanos(1)
    }

    /// Something new left.
    pub(crate) fn sent(&mut self, now: Duration) {
        self.sent_at = Some(now);
    }

    /// Everything is acknowledged now. What came later than a resend tells nothing: nobody knows which sending it answers
    /// (Karn's rule).
    pub(crate) fn settled(&mut self, now: Duration) {
        let Some(waited) = self.sent_at.take().map(|sent_at| now.saturating_sub(sent_at)) else { return };
        if waited < self.resend_after {
            let seen = needed(waited);
            // A quarter of what is new: one odd ack changes little, and a link that changed is followed within a few.
            self.resend_after = (self.resend_after * 3 + seen) / 4;
        } else {
            // A link that became slower would never be believed: every ack comes after a resend.
            self.resend_after = (self.resend_after * 3 / 2).min(RESEND_MAX);
        }
    }
}

/// What a link needs on which an ack takes `ack_after`.
fn needed(ack_after: Duration) -> Duration {
    (ack_after + ack_after / 4 + MARGIN).clamp(RESEND_MIN, RESEND_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    /// Sends and acknowledges `count` messages on a link whose acks take so long.
    fn acknowledged(pace: &mut ResendPace, ack_after: Duration, count: u32) {
        let mut now = Duration::ZERO;
        for _ in 0..count {
            pace.sent(now);
            now += ack_after;
            pace.settled(now);
        }
    }

    #[test]
    fn a_link_is_followed_to_whatever_it_becomes() {
        let mut pace = ResendPace::new(None);
        assert_eq!(pace.renet_time(ms(100)), ms(100), "as long as nothing is known, renet's time is everyone's");
        for (ack_after, least, most) in [(20, 200, 210), (400, 540, 600), (900, 1_100, 1_300), (60, 200, 215)] {
            acknowledged(&mut pace, ms(ack_after), 40);
            let after = pace.resend_after();
            assert!(after >= ms(least) && after <= ms(most), "acks after {ack_after} ms: resent after {after:?}");
            let renet = pace.renet_time(after);
            assert!(renet <= ms(301) && renet >= ms(299), "then renet thinks its 300 ms are over: {renet:?}");
            let there = pace.real_time(ms(123));
            assert!(pace.renet_time(there) >= ms(123), "after that time so much has passed for renet: {there:?}");
            assert!(pace.renet_time(there) < ms(124), "and no more: {there:?}");
        }
    }

    #[test]
    fn a_handshake_tells_the_first_pace() {
        assert_eq!(
            ResendPace::new(Some(ms(300))).resend_after(),
            ms(550),
            "round trip, the peer's wait, a quarter, a margin"
        );
        assert_eq!(ResendPace::new(Some(ms(0))).resend_after(), RESEND_MIN, "never hastier than the least");
        assert_eq!(ResendPace::new(Some(ms(60_000))).resend_after(), RESEND_MAX, "nor slower than the most");
    }
}
