//! How many of the waiting inputs a link needs: as many as its jitter once made it use up, and no more.

use crate::steering::WAITING_MAX;

/// What was not needed for two thirds of a second is not needed: with the ticks it takes to drop five, one by one, that is
/// less than a second.
fn window_ticks(tick_hz: u32) -> u64 {
    (u64::from(tick_hz) * 2 / 3).max(1)
}

/// The least number of inputs that were left over lately, exactly, in a word for each number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Backlog {
    /// The last tick after which none were left, which counts for every number: with most clients that is nearly every tick.
    emptied_tick: u64,
    /// At `n`: the last tick after which no more than `n`, but some, were left.
    last_tick: [u64; WAITING_MAX],
}

impl Backlog {
    /// Nothing was left over before this tick.
    pub(crate) const fn since(tick: u64) -> Self {
        Self { emptied_tick: tick, last_tick: [0; WAITING_MAX] }
    }

    /// Notes that after this tick `left` inputs wait on, and says whether at least one was left after each of the last ticks.
    #[inline]
    pub(crate) fn is_spare(&mut self, left: usize, tick: u64, tick_hz: u32) -> bool {
        if left == 0 {
            self.emptied_tick = tick;
            return false;
        }
        self.last_tick.iter_mut().skip(left).for_each(|last| *last = tick);
        tick - self.last_tick[0].max(self.emptied_tick) >= window_ticks(tick_hz)
    }

    /// One is dropped: of all that were left, there would have been one less.
    pub(crate) fn shorten(&mut self, tick: u64) {
        let emptied_tick = self.emptied_tick;
        self.last_tick.iter_mut().for_each(|last| *last = emptied_tick.max(*last));
        self.last_tick.rotate_left(1);
        self.last_tick[WAITING_MAX - 1] = tick;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_tick_that_leaves_none_counts_for_every_number(
            lefts in prop::collection::vec(prop_oneof![1 => Just(0), 20 => 1..WAITING_MAX], 1..200),
        ) {
            let (mut backlog, mut written_out) = (Backlog::since(7), [7_u64; WAITING_MAX]);
            for (tick, left) in (8..).zip(lefts) {
                written_out.iter_mut().skip(left).for_each(|last| *last = tick);
                let is_spare = tick - written_out[0] >= window_ticks(6);
                prop_assert_eq!(backlog.is_spare(left, tick, 6), is_spare, "tick {}", tick);
                if is_spare {
                    written_out.rotate_left(1);
                    written_out[WAITING_MAX - 1] = tick;
                    backlog.shorten(tick);
                }
            }
        }
    }

    #[test]
    fn what_is_used_up_now_and_then_is_needed() {
        let mut backlog = Backlog::default();
        for tick in 1..300 {
            let left = if tick % 19 == 0 { 0 } else { 3 };
            assert!(!backlog.is_spare(left, tick, 30), "tick {tick}: all three were used within the last 19 ticks");
        }
    }

    #[test]
    fn what_is_never_used_up_is_spare_one_by_one() {
        let (mut backlog, mut left, mut dropped) = (Backlog::default(), 5, Vec::new());
        for tick in 100..200 {
            // The first tick finds nothing, as after a gap.
            if backlog.is_spare(if tick == 100 { 0 } else { left }, tick, 30) {
                backlog.shorten(tick);
                left -= 1;
                dropped.push(tick - 100);
            }
        }
        assert_eq!(
            dropped,
            [20, 21, 22, 23, 24],
            "one a tick after two thirds of a second, until nothing is left over"
        );
    }
}
