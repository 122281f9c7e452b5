//! One waiting player.

use hypogeum_content::Id;
use hypogeum_content::def::ModeDef;
use hypogeum_protocol::{AccountId, SessionId};

/// A wish to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose presence; it has one ticket at most.
    pub session: SessionId,
    /// Who.
    pub account: AccountId,
    /// Rating as shown.
    pub rating: i32,
    /// What it wants to play.
    pub mode: Id<ModeDef>,
    /// Host tick it joined at.
    pub joined_tick: u64,
}
