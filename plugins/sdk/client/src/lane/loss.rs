//! Which of a server's datagrams never came.

use std::ops::AddAssign;

/// Datagrams of the lane by their numbers, as far as those that came tell. What is still on its way counts as lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LaneLoss {
    /// Datagrams that the server sent.
    pub sent_count: u64,
    /// Those of them that never came.
    pub lost_count: u64,
}

impl AddAssign for LaneLoss {
    fn add_assign(&mut self, other: Self) {
        self.sent_count += other.sent_count;
        self.lost_count += other.lost_count;
    }
}

/// The numbers that the datagrams of one match had: they begin afresh with each.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NumbersSeen {
    /// The lowest and the highest.
    range: Option<(u64, u64)>,
    came_count: u64,
}

impl NumbersSeen {
    /// One has come, once. Its number never wraps.
    pub(super) fn note(&mut self, number: u64) {
        let (first, last) = self.range.unwrap_or((number, number));
        self.range = Some((first.min(number), last.max(number)));
        self.came_count += 1;
    }

    pub(super) fn loss(&self) -> LaneLoss {
        let sent_count = self.range.map_or(0, |(first, last)| last - first + 1);
        LaneLoss { sent_count, lost_count: sent_count.saturating_sub(self.came_count) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(numbers: impl IntoIterator<Item = u64>) -> (u64, u64) {
        let mut seen = NumbersSeen::default();
        numbers.into_iter().for_each(|number| seen.note(number));
        let LaneLoss { sent_count, lost_count } = seen.loss();
        (sent_count, lost_count)
    }

    #[test]
    fn gaps_are_losses_and_overtaken_ones_are_not() {
        assert_eq!(loss([]), (0, 0), "nothing was sent, as far as is known");
        assert_eq!(loss([7, 8, 10, 9, 11]), (5, 0), "nine came late");
        assert_eq!(loss([7, 9, 12]), (6, 3), "eight, ten and eleven never came");
        assert_eq!(loss([9, 8]), (2, 0), "even the first may be overtaken");
    }
}
