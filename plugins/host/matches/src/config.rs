//! What an operator sets of matches.

use bevy_ecs::prelude::Resource;

/// How matches are held.
#[derive(Resource, Clone, Debug)]
pub struct MatchesConfig {
    /// How long running matches may go on once the server drains, in seconds.
    pub drain_grace_s: u32,
    /// The number of every match's seed, for demonstrations: who knows it can foresee every roll. `None` asks
    /// [`SeedSource`](hypogeum_hosting::SeedSource).
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
    /// After the grace they are undone: what was brought into them returns to the stashes.
    Undo,
    /// They stand still at once, and go on at the next start. Only matches that are recorded can.
    Suspend,
}
