//! How much somebody has asked in the last sixty seconds.

use crate::quota::Quota;

/// The minute is counted in slots of so many milliseconds.
const SLOT_MS: u64 = 5_000;
/// Those of a minute, and the one that reaches into it: so never more is let pass in any sixty seconds, and what was asked counts
/// for 65 s at most.
const SLOTS: u64 = 60_000 / SLOT_MS + 1;

/// What was asked in each slot of the last minute. Times are milliseconds of any clock that does not run backwards.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RollingMinute {
    counts: [u16; SLOTS as usize],
    /// The number of the newest slot.
    newest: u64,
}

impl RollingMinute {
    /// Counts one more, unless there were as many as may be.
    ///
    /// # Errors
    /// Milliseconds until the oldest of them count no more.
    pub(crate) fn count(&mut self, most: u16, now_ms: u64) -> Result<(), u64> {
        self.forget_before(now_ms);
        if self.total() >= u32::from(most) {
            let oldest = self.slots().filter(|(_, count)| *count > 0).map(|(slot, _)| slot).min();
            return Err(oldest.map_or(SLOT_MS, ends_ms).saturating_sub(now_ms));
        }
        self.counts[place_of(self.newest)] += 1;
        Ok(())
    }

    /// What may still be asked, as of the last one that was counted or not.
    pub(crate) fn quota(&self, most: u16, now_ms: u64) -> Quota {
        let newest = self.slots().filter(|(_, count)| *count > 0).map(|(slot, _)| slot).max();
        Quota {
            limit: most.into(),
            remaining: u32::from(most).saturating_sub(self.total()),
            reset_ms: newest.map_or(0, |slot| ends_ms(slot).saturating_sub(now_ms)),
        }
    }

    fn forget_before(&mut self, now_ms: u64) {
        let newest = self.newest.max(now_ms / SLOT_MS);
        for slot in (self.newest + 1..=newest).take(SLOTS as usize) {
            self.counts[place_of(slot)] = 0;
        }
        self.newest = newest;
    }

    fn total(&self) -> u32 {
        self.counts.iter().copied().map(u32::from).sum()
    }

    /// The slots that there were, each with what was asked in it.
    fn slots(&self) -> impl Iterator<Item = (u64, u16)> + '_ {
        let first = self.newest.saturating_sub(SLOTS - 1);
        (first..=self.newest).map(|slot| (slot, self.counts[place_of(slot)]))
    }
}

const fn place_of(slot: u64) -> usize {
    (slot % SLOTS) as usize
}

/// When what was asked in a slot counts no more.
const fn ends_ms(slot: u64) -> u64 {
    (slot + SLOTS) * SLOT_MS
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sixty_pass_at_once_and_the_next_when_they_are_a_minute_old() {
        let mut minute = RollingMinute::default();
        let passed = (0..100).filter(|_| minute.count(60, 1_000).is_ok()).count();
        assert_eq!(passed, 60, "so many may be asked at once");
        assert_eq!(minute.quota(60, 1_000), Quota { limit: 60, remaining: 0, reset_ms: 64_000 }, "then none is left");
        assert_eq!(minute.count(60, 30_000), Err(35_000), "and it is said when there is");
        assert_eq!(minute.count(60, 64_999), Err(1), "no earlier");
        assert_eq!(minute.count(60, 65_000), Ok(()), "and no later");
        assert_eq!(minute.quota(60, 65_000).remaining, 59, "all of them are");
    }

    proptest! {
        #[test]
        fn in_no_sixty_seconds_pass_more_than_may_and_who_waits_passes(
            most in 1..20_u16,
            waits_ms in prop::collection::vec(0..20_000_u64, 1..200),
        ) {
            let mut minute = RollingMinute::default();
            let (mut now_ms, mut passed) = (0, Vec::new());
            for wait_ms in waits_ms {
                now_ms += wait_ms;
                if let Err(wait_ms) = minute.count(most, now_ms) {
                    prop_assert!((1..=65_000).contains(&wait_ms), "nobody waits {wait_ms} ms");
                    now_ms += wait_ms;
                    prop_assert_eq!(minute.count(most, now_ms), Ok(()), "who waits as long as it is told passes");
                }
                passed.push(now_ms);
                let last_minute = passed.iter().filter(|at_ms| **at_ms + 60_000 > now_ms).count();
                prop_assert!(last_minute <= usize::from(most), "{last_minute} passed in a minute, {most} may");
            }
        }
    }
}
