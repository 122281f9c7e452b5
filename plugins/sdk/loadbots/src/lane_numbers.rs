//! Which of a server's datagrams never came.

/// The numbers a bot's datagrams had on the datagram lane.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LaneNumbers {
    /// The highest, as if it never wrapped, and how many came.
    newest: Option<u64>,
    first: u64,
    came: u64,
}

impl LaneNumbers {
    pub(crate) fn note(&mut self, seq: u16) {
        self.came += 1;
        let Some(newest) = self.newest else {
            // Away from zero, so that an overtaken one does not lie before the beginning.
            let number = (1 << 16) + u64::from(seq);
            (self.newest, self.first) = (Some(number), number);
            return;
        };
        let ahead = seq.wrapping_sub(newest as u16).cast_signed();
        let number = newest.saturating_add_signed(ahead.into());
        self.newest = Some(newest.max(number));
        self.first = self.first.min(number);
    }

    /// How many were sent, as far as can be told.
    pub(crate) fn expected(&self) -> u64 {
        self.newest.map_or(0, |newest| newest - self.first + 1)
    }

    /// How many of those never came.
    pub(crate) fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.came)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(seqs: impl IntoIterator<Item = u16>) -> (u64, u64) {
        let mut numbers = LaneNumbers::default();
        seqs.into_iter().for_each(|seq| numbers.note(seq));
        (numbers.expected(), numbers.lost())
    }

    #[test]
    fn gaps_are_losses_and_overtaken_ones_are_not() {
        assert_eq!(numbers([]), (0, 0), "nothing was sent, as far as is known");
        assert_eq!(numbers([7, 8, 10, 9, 11]), (5, 0), "nine came late");
        assert_eq!(numbers([7, 9, 12]), (6, 3), "eight, ten and eleven never came");
        assert_eq!(numbers([65_534, 1, 65_535, 2]), (5, 1), "zero never came, past the end of the numbers");
        assert_eq!(numbers([1, 0]), (2, 0), "even the first may be overtaken");
    }
}
