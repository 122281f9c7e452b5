//! Whether anyone is let in.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the server admits players: the host opens and closes it, `/readyz` and every `POST` look at it. Closed at
/// first. A clone is the same door.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    open: Arc<AtomicBool>,
}

impl Admission {
    /// Lets players in.
    pub fn open(&self) {
        self.open.store(true, Ordering::Release);
    }

    /// Lets nobody in any more: the server drains.
    pub fn close(&self) {
        self.open.store(false, Ordering::Release);
    }

    /// Whether players are let in.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.load(Ordering::Acquire)
    }
}
