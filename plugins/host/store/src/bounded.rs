//! A queue that refuses instead of growing.

use std::collections::VecDeque;

use parking_lot::{Condvar, Mutex, MutexGuard};

/// A first-in first-out queue that refuses instead of growing.
#[derive(Debug)]
pub struct Bounded<T> {
    state: Mutex<State<T>>,
    changed: Condvar,
    items_max: usize,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<T>,
    closed: bool,
}

impl<T> Bounded<T> {
    /// An empty queue of at most `items_max`.
    #[must_use]
    pub fn new(items_max: usize) -> Self {
        let state = State { waiting: VecDeque::new(), closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), items_max: items_max.max(1) }
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        // A poisoned queue still holds whole items: a panic elsewhere is no reason to lose them.
        self.state.lock()
    }

    /// Appends without waiting.
    ///
    /// # Errors
    /// The item itself where the queue is full or closed.
    pub fn try_push(&self, item: T) -> Result<(), T> {
        let mut state = self.state();
        if state.closed || state.waiting.len() >= self.items_max {
            return Err(item);
        }
        state.waiting.push_back(item);
        self.changed.notify_all();
        Ok(())
    }

    /// Appends, waiting for room.
    ///
    /// # Errors
    /// The item itself where the queue is closed, also while waiting.
    pub fn push(&self, item: T) -> Result<(), T> {
        let mut state = self.state();
        while !state.closed && state.waiting.len() >= self.items_max {
            self.changed.wait(&mut state);
        }
        if state.closed {
            return Err(item);
        }
        state.waiting.push_back(item);
        self.changed.notify_all();
        Ok(())
    }

    /// Takes the first item without waiting.
    pub fn try_pop(&self) -> Option<T> {
        let item = self.state().waiting.pop_front();
        if item.is_some() {
            self.changed.notify_all();
        }
        item
    }

    /// Takes the first item if `wanted` says so, without waiting.
    pub fn try_pop_if(&self, wanted: impl FnOnce(&T) -> bool) -> Option<T> {
        let mut state = self.state();
        if !state.waiting.front().is_some_and(wanted) {
            return None;
        }
        let item = state.waiting.pop_front();
        self.changed.notify_all();
        item
    }

    /// Takes the first item, waiting for one; `None` once the queue is closed and empty.
    pub fn pop(&self) -> Option<T> {
        let mut state = self.state();
        loop {
            if let Some(item) = state.waiting.pop_front() {
                self.changed.notify_all();
                return Some(item);
            }
            if state.closed {
                return None;
            }
            self.changed.wait(&mut state);
        }
    }

    /// Takes nothing more in; what waits can still be taken out.
    pub fn close(&self) {
        self.state().closed = true;
        self.changed.notify_all();
    }

    /// Whether nothing more is taken.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.state().waiting.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_hands_the_item_back() {
        let queue = Bounded::new(2);
        assert_eq!((queue.try_push(1), queue.try_push(2)), (Ok(()), Ok(())), "two fit");
        assert_eq!(queue.try_push(3), Err(3), "the third comes back");
        assert_eq!(queue.try_pop(), Some(1), "first in, first out");
        assert_eq!(queue.try_push(3), Ok(()), "there is room again");
        assert_eq!(queue.try_pop_if(|item| *item == 3), None, "the second stands first, not the third");
        assert_eq!(queue.try_pop_if(|item| *item == 2), Some(2), "so the second comes out");
    }

    #[test]
    fn a_closed_queue_gives_out_what_waits_and_then_ends() {
        let queue = Bounded::new(2);
        queue.try_push(1).unwrap();
        queue.close();
        assert_eq!(queue.try_push(2), Err(2), "nothing more goes in");
        assert_eq!(queue.pop(), Some(1), "what waits comes out");
        assert_eq!(queue.pop(), None, "and then it ends");
    }

    #[test]
    fn a_writer_waits_for_room_and_a_reader_for_items() {
        let queue = Bounded::new(1);
        let read = std::thread::scope(|scope| {
            scope.spawn(|| {
                for item in 0..100 {
                    queue.push(item).unwrap();
                }
                queue.close();
            });
            std::iter::from_fn(|| queue.pop()).collect::<Vec<_>>()
        });
        assert_eq!(read, (0..100).collect::<Vec<_>>(), "everything arrives, in order");
    }
}
