//! `[world]`

use std::collections::BTreeSet;

use serde::Deserialize;

/// The persistent world.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WorldConfig {
    /// Whether its places are opened and characters may enter. What an earlier run has opened goes on in any case.
    pub(crate) open: bool,
    /// How often all characters in its places are written to the database, in seconds; 0: only when they rise, die or trade.
    pub(crate) checkpoint_s: u32,
    /// Numbers of accounts that may type the words of game masters, as a login is answered with them.
    pub(crate) game_masters: BTreeSet<u64>,
}

impl Default for WorldConfig {
    fn default() -> Self {
        Self { open: true, checkpoint_s: 60, game_masters: BTreeSet::new() }
    }
}
