//! So much a second, and a little more after a silence.

use std::time::Duration;

/// What somebody may still do: filled at a steady rate up to a burst.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    left: u32,
    filled_at: Duration,
}

/// How fast an [`Allowance`] fills, and how far.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Earned each second.
    pub per_s: u32,
    /// Most that is ever there.
    pub burst: u32,
}

impl Allowance {
    /// A whole burst, earned by `now`.
    #[must_use]
    pub fn full(rate: Rate, now: Duration) -> Self {
        Self { left: rate.burst, filled_at: now }
    }

    /// What is left at `now`.
    pub fn left(&mut self, rate: Rate, now: Duration) -> u32 {
        let passed_ms = now.saturating_sub(self.filled_at).as_millis() as u64;
        let earned = passed_ms.saturating_mul(rate.per_s.into()) / 1_000;
        if earned > 0 {
            self.left = u64::from(self.left).saturating_add(earned).min(rate.burst.into()) as u32;
            self.filled_at = now;
        }
        self.left
    }

    /// Takes one, if there is one.
    pub fn spend(&mut self, rate: Rate, now: Duration) -> bool {
        let may = self.left(rate, now) > 0;
        self.left -= u32::from(may);
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_the_rate() {
        let rate = Rate { per_s: 10, burst: 3 };
        let mut allowance = Allowance::full(rate, Duration::ZERO);
        let spent = |allowance: &mut Allowance, ms| {
            (0..100).filter(|_| allowance.spend(rate, Duration::from_millis(ms))).count()
        };
        assert_eq!(spent(&mut allowance, 0), 3, "the burst is there from the start");
        assert_eq!(spent(&mut allowance, 99), 0, "a tenth of a second earns one");
        assert_eq!(spent(&mut allowance, 100), 1, "no earlier");
        assert_eq!(spent(&mut allowance, 60_000), 3, "silence earns no more than a burst");
    }
}
