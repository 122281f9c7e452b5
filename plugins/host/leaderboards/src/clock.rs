//! What time it is for boards.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bevy_ecs::prelude::Resource;

/// Seconds since 1970, by whatever clock the host has.
#[derive(Resource, Clone)]
pub struct UnixClock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl UnixClock {
    /// A clock of the host's own.
    pub fn new(now_s: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_s))
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn now_s(&self) -> i64 {
        (self.0)()
    }
}

impl Default for UnixClock {
    /// The machine's clock.
    fn default() -> Self {
        let since = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::new(move || i64::try_from(since().as_secs()).unwrap_or(i64::MAX))
    }
}

impl fmt::Debug for UnixClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UnixClock")
    }
}
