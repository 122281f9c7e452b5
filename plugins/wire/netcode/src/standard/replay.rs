//! Which sequences of one direction of one connection were seen.

/// Sequences remembered behind the newest one; the standard's number.
pub(crate) const WINDOW: u64 = 256;
const WORD_BITS: u64 = 64;

/// A sliding window over sequence numbers: each passes once, and none older than [`WINDOW`].
#[derive(Clone, Debug, Default)]
pub(crate) struct ReplayWindow {
    /// One past the newest sequence accepted: 0 while nothing was.
    end: u64,
    /// Bit `sequence % WINDOW` is set for each of the last `WINDOW` sequences that was seen.
    seen: [u64; (WINDOW / WORD_BITS) as usize],
}

impl ReplayWindow {
    /// Whether `sequence` was accepted before, or is too old to know.
    pub(crate) fn is_replay(&self, sequence: u64) -> bool {
        if sequence >= self.end {
            // The last number there is cannot be remembered, so it is never taken.
            return sequence == u64::MAX;
        }
        self.end - sequence > WINDOW || self.seen[Self::word(sequence)] & Self::bit(sequence) != 0
    }

    /// Remembers an authenticated `sequence` that was no replay.
    pub(crate) fn accept(&mut self, sequence: u64) {
        if sequence >= self.end {
            if sequence - self.end >= WINDOW {
                self.seen = Default::default();
            } else {
                for skipped in self.end..sequence {
                    self.seen[Self::word(skipped)] &= !Self::bit(skipped);
                }
            }
            self.end = sequence.saturating_add(1);
        }
        self.seen[Self::word(sequence)] |= Self::bit(sequence);
    }

    fn word(sequence: u64) -> usize {
        (sequence % WINDOW / WORD_BITS) as usize
    }

    fn bit(sequence: u64) -> u64 {
        1 << (sequence % WORD_BITS)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_sequence_passes_once() {
        let mut window = ReplayWindow::default();
        for sequence in [0, 1, 5, 3, 300, 299, 600] {
            assert!(!window.is_replay(sequence), "{sequence} is new");
            window.accept(sequence);
            assert!(window.is_replay(sequence), "{sequence} was just seen");
        }
        assert!(!window.is_replay(345), "345 is within the window of 600 and was never seen");
        assert!(window.is_replay(344), "344 has left the window of 600");
        assert!(window.is_replay(u64::MAX), "the last number of all cannot be remembered");
    }

    proptest! {
        #[test]
        fn the_window_agrees_with_a_set(sequences in prop::collection::vec(prop_oneof![0_u64..1_000, 0_u64..u64::MAX], 1..400)) {
            let mut window = ReplayWindow::default();
            let mut seen = BTreeSet::new();
            for sequence in sequences {
                let newest = seen.last().copied();
                let too_old = newest.is_some_and(|newest: u64| newest.saturating_sub(sequence) >= WINDOW);
                prop_assert_eq!(window.is_replay(sequence), too_old || seen.contains(&sequence));
                if !window.is_replay(sequence) {
                    window.accept(sequence);
                    seen.insert(sequence);
                }
            }
        }
    }
}
