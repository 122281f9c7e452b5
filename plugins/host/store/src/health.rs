//! Whether what is kept can be kept now.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bevy_ecs::prelude::Resource;

/// How the store does. A clone looks at the same store.
#[derive(Resource, Clone, Debug, Default)]
pub struct StoreHealth {
    degraded: Arc<AtomicBool>,
}

impl StoreHealth {
    /// Whether the last request failed in a way that may pass. Play goes on; what is to be kept waits.
    #[must_use]
    pub fn is_degraded(&self) -> bool {
        self.degraded.load(Ordering::Acquire)
    }

    /// Says that a request failed. For the store.
    pub fn degrade(&self) {
        self.degraded.store(true, Ordering::Release);
    }

    /// Says that a request was answered. For the store.
    pub fn recover(&self) {
        self.degraded.store(false, Ordering::Release);
    }
}
