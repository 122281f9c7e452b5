//! Password hashing: a bounded number at once, off the threads that answer requests.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::ApiError;

/// Who may hash now, and who may wait for it.
#[derive(Debug)]
pub(crate) struct Hashing {
    at_once: Arc<Semaphore>,
    in_line: Arc<Semaphore>,
}

/// The right to hash one password.
pub(crate) struct HashingTurn {
    _running: OwnedSemaphorePermit,
    _in_line: OwnedSemaphorePermit,
}

impl Hashing {
    pub(crate) fn new(at_once: usize, queue_max: usize) -> Self {
        let at_once = at_once.clamp(1, 1_024);
        let in_line = at_once + queue_max.min(1 << 20);
        Self { at_once: Arc::new(Semaphore::new(at_once)), in_line: Arc::new(Semaphore::new(in_line)) }
    }

    /// Waits for a turn; refuses at once where too many wait already.
    pub(crate) async fn turn(&self) -> Result<HashingTurn, ApiError> {
        let in_line = Arc::clone(&self.in_line).try_acquire_owned().map_err(|_| ApiError::Busy)?;
        let running = Arc::clone(&self.at_once).acquire_owned().await.map_err(|_| ApiError::Unavailable)?;
        Ok(HashingTurn { _running: running, _in_line: in_line })
    }
}

impl HashingTurn {
    /// Uses the turn. It ends with the work, even where nobody waits for the result any more.
    pub(crate) async fn run<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let hashing = tokio::task::spawn_blocking(move || {
            let _turn = self;
            work()
        });
        hashing.await.map_err(|_| ApiError::Unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_the_line_full_is_refused_at_once() {
        let hashing = Hashing::new(1, 0);
        let turn = hashing.turn().await.unwrap();
        assert_eq!(hashing.turn().await.err(), Some(ApiError::Busy), "nobody may wait, so the second is refused");
        assert_eq!(turn.run(|| 5).await, Ok(5), "the first does its work");
        assert!(hashing.turn().await.is_ok(), "and then there is room again");
    }
}
