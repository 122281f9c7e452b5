//! What the store is asked for in its order, also by a store that is away for a while.

use std::collections::BTreeMap;

/// Longest pause between two tries, in seconds: a database that is back grants within ten.
pub(crate) const RETRY_S_MAX: u32 = 4;

/// What waits to be asked for, in the order in which it came. While the store cannot, it is asked for the first alone: the others
/// follow once that is granted.
#[derive(Debug)]
pub struct InTurn<T> {
    waiting: BTreeMap<u64, T>,
    numbered: u64,
    /// Tries in a row that failed, and when the next is due.
    failed: u32,
    due_tick: u64,
}

impl<T> Default for InTurn<T> {
    fn default() -> Self {
        Self { waiting: BTreeMap::new(), numbered: 0, failed: 0, due_tick: 0 }
    }
}

impl<T> InTurn<T> {
    /// Whether nothing waits. What the store was asked for and has not answered does not.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Takes its turn after all that came before. Returns the number of the turn.
    pub fn join(&mut self, what: T) -> u64 {
        self.numbered += 1;
        self.waiting.insert(self.numbered, what);
        self.numbered
    }

    /// What is to be asked for now, and the number of its turn; `None` where nothing is.
    pub fn next(&mut self, tick: u64) -> Option<(u64, T)> {
        if tick < self.due_tick {
            return None;
        }
        let next = self.waiting.pop_first()?;
        if self.failed > 0 {
            // Nothing else before there is an answer.
            self.due_tick = u64::MAX;
        }
        Some(next)
    }

    /// One was answered: the others have their turn.
    pub fn answered(&mut self) {
        self.failed = 0;
        self.due_tick = 0;
    }

    /// One could not be granted now, and waits in its old place. Returns whether it is the first failure in a row.
    pub fn failed(&mut self, number: u64, what: T, tick: u64, tick_hz: u32) -> bool {
        self.waiting.insert(number, what);
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
        let mut turns = InTurn::default();
        let numbers = [7, 5, 9].map(|id| (turns.join(id), id));
        assert_eq!(turns.next(0).map(|(_, id)| id), Some(7), "all are asked for at once");
        assert_eq!(turns.next(0).map(|(_, id)| id), Some(5), "in their order");
        // The last is not asked for before the first two have failed.
        assert!(turns.failed(numbers[0].0, numbers[0].1, 10, 30), "this is the first failure in a row");
        assert!(!turns.failed(numbers[1].0, numbers[1].1, 10, 30), "this is the second");
        assert_eq!(turns.next(39), None, "nothing is tried for a second");
        assert_eq!(turns.next(40).map(|(_, id)| id), Some(7), "then the first");
        assert_eq!(turns.next(1_000), None, "and nothing else before it is answered");
        assert!(!turns.failed(numbers[0].0, numbers[0].1, 1_000, 30), "it is still away");
        assert_eq!(turns.next(1_059), None, "the pause grows");
        assert_eq!(turns.next(1_060).map(|(_, id)| id), Some(7), "then the first again");
        turns.answered();
        assert_eq!(turns.next(1_061).map(|(_, id)| id), Some(5), "and the others after it");
        assert_eq!(turns.next(1_061).map(|(_, id)| id), Some(9), "all of them");
        assert_eq!(turns.next(1_061), None, "nobody waits any more");
    }
}
