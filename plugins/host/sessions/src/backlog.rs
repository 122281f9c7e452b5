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
    /// At `n`: the last tick after which no more than `n` were left.
    last_tick: [u64; WAITING_MAX],
}

impl Backlog {
    /// Nothing was left over before this tick.
    pub(crate) const fn since(tick: u64) -> Self {
        Self { last_tick: [tick; WAITING_MAX] }
    }

    /// Notes that after this tick `left` inputs wait on, and says whether at least one was left after each of the last ticks.
    pub(crate) fn is_spare(&mut self, left: usize, tick: u64, tick_hz: u32) -> bool {
        self.last_tick.iter_mut().skip(left).for_each(|last| *last = tick);
        tick - self.last_tick[0] >= window_ticks(tick_hz)
    }

    /// One is dropped: of all that were left, there would have been one less.
    pub(crate) fn shorten(&mut self, tick: u64) {
        self.last_tick.rotate_left(1);
        self.last_tick[WAITING_MAX - 1] = tick;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
