//! How far a log has got to the disk, as the tick sees it.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use parking_lot::Mutex;

/// Written by the journal's thread, read by the tick. Steps count from 1; 0: nothing yet.
#[derive(Debug, Default)]
pub struct LogState {
    part: AtomicU32,
    durable_tick: AtomicU32,
    durable_grants: AtomicU32,
    settlement_durable: AtomicBool,
    put_away: AtomicBool,
    lost: AtomicBool,
    waiting: Mutex<Vec<Waiting>>,
}

/// Somebody who waits for a step to be on the disk.
struct Waiting {
    tick: u32,
    then: Box<dyn FnOnce(bool) + Send>,
}

impl fmt::Debug for Waiting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Waiting({})", self.tick)
    }
}

impl LogState {
    /// The number of the part that is written; 0 where the log has no parts. A part before it may be on its way to its file.
    #[must_use]
    pub fn part(&self) -> u32 {
        self.part.load(Ordering::Acquire)
    }

    /// The last step that a power failure would leave.
    #[must_use]
    pub fn durable_tick(&self) -> u32 {
        self.durable_tick.load(Ordering::Acquire)
    }

    /// How many records of grants and of visits a power failure would leave, those of an earlier run included.
    #[must_use]
    pub fn durable_grants(&self) -> u32 {
        self.durable_grants.load(Ordering::Acquire)
    }

    /// Whether a power failure would leave the settlement.
    #[must_use]
    pub fn is_settlement_durable(&self) -> bool {
        self.settlement_durable.load(Ordering::Acquire)
    }

    /// Whether the finished log lies in its file.
    #[must_use]
    pub fn is_put_away(&self) -> bool {
        self.put_away.load(Ordering::Acquire)
    }

    /// Whether steps are missing, because the disk took too long or failed: the match can neither be proved nor resumed.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// Calls `then` once a power failure would leave step `tick`, with `true`; with `false` where it never will, because the log is
    /// lost. Where that is known already it is called at once, otherwise by the journal's thread, which waits for it: it should do
    /// no more than tell somebody. It is dropped where the journal ends before.
    pub fn when_durable(&self, tick: u32, then: impl FnOnce(bool) + Send + 'static) {
        let mut waiting = self.waiting.lock();
        // Whoever changes one of these looks for those who wait afterwards, under the same lock.
        if tick <= self.durable_tick() || self.is_lost() {
            drop(waiting);
            then(tick <= self.durable_tick());
        } else {
            waiting.push(Waiting { tick, then: Box::new(then) });
        }
    }

    /// Calls those who need not wait any more.
    fn call(&self) {
        let (tick, is_lost) = (self.durable_tick(), self.is_lost());
        let called: Vec<Waiting> = {
            let mut waiting = self.waiting.lock();
            waiting.extract_if(.., |one| is_lost || one.tick <= tick).collect()
        };
        for one in called {
            (one.then)(one.tick <= tick);
        }
    }

    pub(crate) fn note_part(&self, part: u32) {
        self.part.store(part, Ordering::Release);
    }

    pub(crate) fn note_durable(&self, tick: u32, grants: u32, settled: bool) {
        self.durable_tick.store(tick, Ordering::Release);
        self.durable_grants.store(grants, Ordering::Release);
        if settled {
            self.settlement_durable.store(true, Ordering::Release);
        }
        self.call();
    }

    pub(crate) fn note_put_away(&self) {
        self.put_away.store(true, Ordering::Release);
    }

    pub(crate) fn lose(&self) {
        self.lost.store(true, Ordering::Release);
        self.call();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// What everyone was told who waited, by the step they waited for.
    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<(u32, bool)>>>);

    impl Told {
        fn wait(&self, state: &LogState, tick: u32) {
            let told = Arc::clone(&self.0);
            state.when_durable(tick, move |is_durable| told.lock().push((tick, is_durable)));
        }

        fn take(&self) -> Vec<(u32, bool)> {
            std::mem::take(&mut self.0.lock())
        }
    }

    #[test]
    fn whoever_waits_for_a_step_is_called_once_it_is_on_the_disk() {
        let (state, told) = (LogState::default(), Told::default());
        [2, 1, 3].into_iter().for_each(|tick| told.wait(&state, tick));
        assert!(told.take().is_empty(), "nothing is on the disk yet");
        state.note_durable(2, 0, false);
        assert_eq!(told.take(), [(2, true), (1, true)], "in the order in which they came");
        told.wait(&state, 2);
        assert_eq!(told.take(), [(2, true)], "at once where it is there already");
        state.note_durable(3, 0, false);
        assert_eq!(told.take(), [(3, true)], "each once");
    }

    #[test]
    fn whoever_waits_for_a_log_that_is_lost_learns_it() {
        let (state, told) = (LogState::default(), Told::default());
        state.note_durable(1, 0, false);
        told.wait(&state, 2);
        state.lose();
        assert_eq!(told.take(), [(2, false)], "it will never be there");
        told.wait(&state, 1);
        told.wait(&state, 3);
        assert_eq!(told.take(), [(1, true), (3, false)], "what was on the disk before still is");
    }
}
