//! What an operator sets of games, and what time it is.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bevy_ecs::prelude::Resource;

/// What games are made of.
#[derive(Resource, Clone, Debug, PartialEq, Eq)]
pub struct GamesConfig {
    /// The kind of shard that a game is.
    pub kind: String,
}

impl Default for GamesConfig {
    fn default() -> Self {
        Self { kind: "tournament".to_owned() }
    }
}

/// Milliseconds since 1970, by whatever clock the host has.
#[derive(Resource, Clone)]
pub struct GamesClock(Arc<dyn Fn() -> u64 + Send + Sync>);

impl GamesClock {
    /// A clock of the host's own.
    pub fn new(now_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    pub(crate) fn now_ms(&self) -> u64 {
        (self.0)()
    }

    /// Seconds since 1970.
    pub(crate) fn now_s(&self) -> i64 {
        i64::try_from(self.now_ms() / 1_000).unwrap_or(i64::MAX)
    }
}

impl Default for GamesClock {
    /// The machine's clock.
    fn default() -> Self {
        let since = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::new(move || u64::try_from(since().as_millis()).unwrap_or(u64::MAX))
    }
}

impl fmt::Debug for GamesClock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("GamesClock")
    }
}
