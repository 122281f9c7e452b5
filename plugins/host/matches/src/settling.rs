//! The order in which matches are granted, also by a store that is away for a while.

use std::collections::BTreeMap;

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::MatchId;

/// Longest pause between two tries to settle, in seconds: a database that is back grants within ten.
pub(crate) const RETRY_S_MAX: u32 = 4;

/// Matches whose worth is on the disk and that the store is not asked to grant now, in the order in which they got there.
/// While the store cannot, it is asked for the first alone: the others follow once that is granted.
#[derive(Resource, Debug, Default)]
pub(crate) struct Settlements {
    waiting: BTreeMap<u64, MatchId>,
    numbered: u64,
    /// Tries in a row that failed, and when the next is due.
    failed: u32,
    due_tick: u64,
}

impl Settlements {
    /// A match's turn is after all that came before.
    pub(crate) fn join(&mut self, match_id: MatchId) -> u64 {
        self.numbered += 1;
        self.waiting.insert(self.numbered, match_id);
        self.numbered
    }

    /// The next match to ask for now.
    pub(crate) fn next(&mut self, tick: u64) -> Option<MatchId> {
        if tick < self.due_tick {
            return None;
        }
        let (_, match_id) = self.waiting.pop_first()?;
        if self.failed > 0 {
            // Nothing else before there is an answer.
            self.due_tick = u64::MAX;
        }
        Some(match_id)
    }

    /// One was answered: the others have their turn.
    pub(crate) fn answered(&mut self) {
        self.failed = 0;
        self.due_tick = 0;
    }

    /// One could not be granted now, and waits in its old place. Returns whether that is news.
    pub(crate) fn failed(&mut self, number: u64, match_id: MatchId, tick: u64, tick_hz: u32) -> bool {
        self.waiting.insert(number, match_id);
        // Several that were asked for together fail together: that is one try.
        if self.failed == 0 || self.due_tick == u64::MAX {
            let pause_s = 1_u32.checked_shl(self.failed).unwrap_or(RETRY_S_MAX).clamp(1, RETRY_S_MAX);
            self.due_tick = tick + u64::from(pause_s * tick_hz);
            self.failed = self.failed.saturating_add(1);
            return self.failed == 1;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_back_grants_in_the_order_of_the_ends() {
        let mut settlements = Settlements::default();
        let numbers = [7, 5, 9].map(|id| (settlements.join(MatchId(id)), MatchId(id)));
        assert_eq!(settlements.next(0), Some(MatchId(7)), "all are asked for at once");
        assert_eq!(settlements.next(0), Some(MatchId(5)), "in their order");
        // The last is not asked for before the first two have failed.
        assert!(settlements.failed(numbers[0].0, numbers[0].1, 10, 30), "the first failure is news");
        assert!(!settlements.failed(numbers[1].0, numbers[1].1, 10, 30), "the second is none");
        assert_eq!(settlements.next(39), None, "nothing is tried for a second");
        assert_eq!(settlements.next(40), Some(MatchId(7)), "then the first");
        assert_eq!(settlements.next(1_000), None, "and nothing else before it is answered");
        assert!(!settlements.failed(numbers[0].0, numbers[0].1, 1_000, 30), "it is still away");
        assert_eq!(settlements.next(1_059), None, "the pause grows");
        assert_eq!(settlements.next(1_060), Some(MatchId(7)), "then the first again");
        settlements.answered();
        assert_eq!(settlements.next(1_061), Some(MatchId(5)), "and the others after it");
        assert_eq!(settlements.next(1_061), Some(MatchId(9)), "all of them");
        assert_eq!(settlements.next(1_061), None, "nobody waits any more");
    }
}
