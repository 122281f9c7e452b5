//! Wakes the thread that runs the ticks, between two of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

/// By which threads beside the tick say that something is to be done before the next one, in
/// [`BetweenTicks`](hypogeum_shard::host::BetweenTicks). A clone is the same bell; nobody need listen to it.
///
/// ```
/// use std::time::Duration;
///
/// use hypogeum_hosting::Bell;
///
/// let bell = Bell::default();
/// bell.ring();
/// assert!(bell.wait(Duration::from_secs(60)), "it has been rung: nobody waits");
/// assert!(!bell.wait(Duration::ZERO), "and that is known now");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    is_rung: Mutex<bool>,
    something: Condvar,
}

impl Bell {
    /// Wakes who waits, or is about to.
    pub fn ring(&self) {
        *self.0.is_rung.lock() = true;
        self.0.something.notify_one();
    }

    /// Waits until it is rung, or has been since the last time, but no longer than `longest`. Returns whether it was.
    pub fn wait(&self, longest: Duration) -> bool {
        let until = Instant::now() + longest;
        let mut is_rung = self.0.is_rung.lock();
        while !*is_rung && !self.0.something.wait_until(&mut is_rung, until).timed_out() {}
        std::mem::take(&mut *is_rung)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_is_woken_by_another_thread() {
        let bell = Bell::default();
        let rung = bell.clone();
        let ringing = std::thread::spawn(move || rung.ring());
        assert!(bell.wait(Duration::from_secs(3_600)), "it need not wait to the end");
        ringing.join().expect("it only rings");
    }
}
