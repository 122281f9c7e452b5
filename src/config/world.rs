//! `[world]`

use serde::Deserialize;

/// The persistent world.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct WorldConfig {
    /// Whether its places are opened and characters may enter. What an earlier run has opened goes on in any case.
    pub(crate) open: bool,
}

impl Default for WorldConfig {
    fn default() -> Self {
        Self { open: true }
    }
}
