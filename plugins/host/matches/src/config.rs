//! What an operator sets of matches, and where their seeds come from.

use std::fmt;
use std::sync::Arc;

use bevy_ecs::prelude::Resource;
use hypogeum_shard::Seed;

/// How matches are held.
#[derive(Resource, Clone, Debug)]
pub struct MatchesConfig {
    /// How long running matches may go on once the server drains, in seconds.
    pub drain_grace_s: u32,
    /// The first match's id, higher than any of an earlier run: the store knows them all.
    pub match_id_base: u64,
    /// The number of every match's seed, for demonstrations: who knows it can foresee every roll. `None` asks
    /// [`SeedSource`].
    pub match_seed: Option<u64>,
    /// What becomes of running matches when the server drains.
    pub on_drain: OnDrain,
    /// Settlements that may wait for the store before no match begins any more.
    pub settlements_waiting_max: usize,
    /// Matches that run or are about to begin at once: while there are so many, no lobby forms.
    pub matches_max: usize,
}

impl Default for MatchesConfig {
    fn default() -> Self {
        Self {
            drain_grace_s: 10,
            match_id_base: 1,
            match_seed: None,
            on_drain: OnDrain::Undo,
            settlements_waiting_max: 256,
            matches_max: 2_500,
        }
    }
}

/// What becomes of running matches when the server drains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDrain {
    /// After the grace they are undone: what was brought into them goes home.
    Undo,
    /// They stand still at once, and go on at the next start. Only matches that are recorded can.
    Suspend,
}

/// Where the seed of a match comes from: the operating system's randomness in earnest, a counter in tests.
#[derive(Resource, Clone)]
pub struct SeedSource(Arc<dyn Fn() -> Seed + Send + Sync>);

impl SeedSource {
    /// Seeds from `draw`, called once for each match.
    pub fn new(draw: impl Fn() -> Seed + Send + Sync + 'static) -> Self {
        Self(Arc::new(draw))
    }

    pub(crate) fn draw(&self) -> Seed {
        (self.0)()
    }
}

impl fmt::Debug for SeedSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SeedSource")
    }
}
