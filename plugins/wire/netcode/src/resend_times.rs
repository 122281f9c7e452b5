//! When renet would send something again, so that nobody flushes it before.
//!
//! A flush that has nothing to send is not free: renet makes an ack of its own in each, and remembers for three seconds
//! that it was sent. A link that looked every 50 ms for what has to be sent again kept 60 of them, some 6 KB.

use std::time::Duration;

use crate::resend_pace::RENET_RESEND;

/// Times are told apart by so much of renet's time: 7 ms of a short link's, 50 of the longest's.
const SLOT: Duration = Duration::from_millis(10);
/// The oldest time that is still of interest and the newest are fewer slots apart than there are bits.
const _: () = assert!(RENET_RESEND.as_millis() / SLOT.as_millis() + 1 < u32::BITS as u128, "all times have a bit");

/// Times at which something reliable left and has not been sent again since. What of it is acknowledged is not known
/// here: a look too many finds nothing.
#[derive(Debug, Default)]
pub(crate) struct ResendTimes {
    /// Bit `n` is the slot `newest - n`.
    slots: u32,
    newest: u64,
}

impl ResendTimes {
    /// renet was flushed at `renet_now`, its own time, which never goes back. `has_sent`: something reliable left.
    pub(crate) fn flushed(&mut self, renet_now: Duration, has_sent: bool) {
        // Whatever was due was sent again now, or was acknowledged.
        while let Some((slot, at)) = self.oldest()
            && at <= renet_now
        {
            self.slots &= !(1 << slot);
        }
        if has_sent {
            let now = (renet_now.as_millis() / SLOT.as_millis()) as u64;
            let passed = u32::try_from(now - self.newest).unwrap_or(u32::MAX);
            self.slots = self.slots.checked_shl(passed).unwrap_or(0) | 1;
            self.newest = now;
        }
    }

    /// Everything that was sent is acknowledged.
    pub(crate) fn settled(&mut self) {
        self.slots = 0;
    }

    /// By when, in renet's time, something may have to be sent again.
    pub(crate) fn next(&self) -> Option<Duration> {
        self.oldest().map(|(_, at)| at)
    }

    /// The oldest slot by its bit, and when all that left in it may be sent again.
    fn oldest(&self) -> Option<(u32, Duration)> {
        let slot = self.slots.checked_ilog2()?;
        let end_ms = (self.newest - u64::from(slot) + 1) * SLOT.as_millis() as u64;
        Some((slot, Duration::from_millis(end_ms) + RENET_RESEND))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn each_sending_is_looked_at_once_after_its_time() {
        let mut times = ResendTimes::default();
        assert_eq!(times.next(), None, "nothing was sent");
        times.flushed(ms(1_004), true);
        times.flushed(ms(1_009), true);
        times.flushed(ms(1_250), true);
        assert_eq!(times.next(), Some(ms(1_310)), "the first two share a slot, which ends at 1,010");
        times.flushed(ms(1_300), false);
        assert_eq!(times.next(), Some(ms(1_310)), "a flush before that sent none of them again");
        times.flushed(ms(1_310), true);
        assert_eq!(times.next(), Some(ms(1_560)), "now the third is next");
        times.flushed(ms(1_600), false);
        assert_eq!(times.next(), Some(ms(1_620)), "and then what was sent again");
        times.settled();
        assert_eq!(times.next(), None, "an ack of everything leaves nothing to do");
    }

    #[test]
    fn a_sending_in_every_slot_is_remembered_until_its_time() {
        let mut times = ResendTimes::default();
        for at in (0..3_000).step_by(5) {
            times.flushed(ms(at), true);
            let expected = (at / 10 * 10).saturating_sub(300) + 310;
            assert_eq!(times.next(), Some(ms(expected)), "at {at} ms the oldest is not 310 ms old");
        }
        times.flushed(ms(90_000), true);
        assert_eq!(times.next(), Some(ms(90_310)), "after a pause all older ones are done with");
    }
}
