//! Whether a game can be played, before anybody begins it.

use std::fmt;
use std::sync::Arc;

use hypogeum_creature_messages::TournamentSetup;

/// Asks the rules whether a game can be played: whoever puts a server together knows which rules and which content.
#[derive(Clone)]
pub struct GameCheck(Arc<dyn Fn(&TournamentSetup) -> Result<(), String> + Send + Sync>);

impl GameCheck {
    /// Asks `check`: why a game cannot be played, for people.
    pub fn new(check: impl Fn(&TournamentSetup) -> Result<(), String> + Send + Sync + 'static) -> Self {
        Self(Arc::new(check))
    }

    /// Whether a game can be played.
    ///
    /// # Errors
    /// Why it cannot, for people.
    pub fn check(&self, setup: &TournamentSetup) -> Result<(), String> {
        (self.0)(setup)
    }
}

impl Default for GameCheck {
    /// Nothing can be played.
    fn default() -> Self {
        Self::new(|_| Err("this server has no games of creatures".to_owned()))
    }
}

impl fmt::Debug for GameCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("GameCheck")
    }
}
