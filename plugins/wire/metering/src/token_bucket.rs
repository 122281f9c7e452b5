//! So much a second, and a burst after a silence.

use std::time::Duration;

/// What a token consists of. At one token a second a microsecond earns one part, so no earning is ever rounded away.
const PARTS: u64 = 1_000_000;

/// How fast a [`TokenBucket`] fills, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Tokens earned each second; at 0 none ever come back.
    pub per_s: u32,
    /// Most tokens that are ever there.
    pub burst: u32,
}

impl Rate {
    const fn full(self) -> u64 {
        self.burst as u64 * PARTS
    }
}

/// What somebody may still do: filled at a steady rate up to a burst. Times are those of any clock that does not run
/// backwards; where one does, nothing is earned until it has caught up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenBucket {
    /// Millionths of a token, at most a burst.
    left: u64,
    /// Microseconds of the caller's clock.
    filled_us: u64,
}

impl TokenBucket {
    /// A whole burst, as of `now`.
    #[must_use]
    pub fn full(rate: Rate, now: Duration) -> Self {
        Self { left: rate.full(), filled_us: micros(now) }
    }

    /// How many tokens are left at `now`.
    pub fn left(&mut self, rate: Rate, now: Duration) -> u32 {
        self.fill(rate, now);
        u32::try_from(self.left / PARTS).unwrap_or(u32::MAX)
    }

    /// Takes a token.
    ///
    /// # Errors
    /// How long until there is one, where there is none now.
    pub fn take(&mut self, rate: Rate, now: Duration) -> Result<(), Duration> {
        self.fill(rate, now);
        match self.left.checked_sub(PARTS) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None if rate.per_s == 0 => Err(Duration::MAX),
            None => Err(Duration::from_micros((PARTS - self.left).div_ceil(rate.per_s.into()))),
        }
    }

    fn fill(&mut self, rate: Rate, now: Duration) {
        let now_us = micros(now);
        let earned = now_us.saturating_sub(self.filled_us).saturating_mul(rate.per_s.into());
        self.left = self.left.saturating_add(earned).min(rate.full());
        self.filled_us = self.filled_us.max(now_us);
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_burst_and_then_the_rate() {
        let rate = Rate { per_s: 10, burst: 3 };
        let mut bucket = TokenBucket::full(rate, Duration::ZERO);
        let taken = |bucket: &mut TokenBucket, ms| {
            (0..100).filter(|_| bucket.take(rate, Duration::from_millis(ms)).is_ok()).count()
        };
        assert_eq!(taken(&mut bucket, 0), 3, "the burst is there from the start");
        assert_eq!(taken(&mut bucket, 99), 0, "a tenth of a second earns one");
        assert_eq!(bucket.take(rate, Duration::from_millis(99)), Err(Duration::from_millis(1)), "and it says when");
        assert_eq!(taken(&mut bucket, 100), 1, "no earlier");
        assert_eq!(taken(&mut bucket, 60_000), 3, "silence earns no more than a burst");
    }

    #[test]
    fn a_rate_of_nothing_gives_its_burst_and_no_more() {
        let rate = Rate { per_s: 0, burst: 1 };
        let mut bucket = TokenBucket::full(rate, Duration::ZERO);
        assert_eq!(bucket.take(rate, Duration::ZERO), Ok(()), "the burst is there");
        assert_eq!(bucket.take(rate, Duration::MAX), Err(Duration::MAX), "and nothing comes after it");
    }

    #[test]
    fn a_clock_that_runs_backwards_earns_nothing() {
        let rate = Rate { per_s: 1_000, burst: 2 };
        let mut bucket = TokenBucket::full(rate, Duration::from_secs(9));
        assert_eq!((0..9).filter(|_| bucket.take(rate, Duration::from_secs(1)).is_ok()).count(), 2, "only the burst");
        assert_eq!(bucket.left(rate, Duration::from_secs(9)), 0, "until the clock has caught up");
        assert_eq!(bucket.left(rate, Duration::from_millis(9_001)), 1, "then it earns again");
    }

    proptest! {
        #[test]
        fn no_more_than_burst_and_rate_is_ever_given(
            per_s in 0..5_000_u32,
            burst in 0..500_u32,
            waits_us in prop::collection::vec(0..300_000_u64, 0..200),
        ) {
            let rate = Rate { per_s, burst };
            let mut bucket = TokenBucket::full(rate, Duration::ZERO);
            let (mut now_us, mut taken) = (0, 0_u64);
            for wait_us in waits_us {
                now_us += wait_us;
                while bucket.take(rate, Duration::from_micros(now_us)).is_ok() {
                    taken += 1;
                }
                let most = u64::from(burst) + now_us * u64::from(per_s) / PARTS;
                prop_assert!(taken <= most, "{taken} were taken of {most}");
            }
        }
    }
}
