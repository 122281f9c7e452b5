//! One waiting player.

use hypogeum_content::Id;
use hypogeum_protocol::{AccountId, SessionId};
use hypogeum_shard::ModeRule;

/// A request to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose presence; it has one ticket at most.
    pub session: SessionId,
    /// The account that queues.
    pub account: AccountId,
    /// Rating as shown.
    pub rating: i32,
    /// What it wants to play.
    pub mode: Id<ModeRule>,
    /// Host tick it joined at.
    pub joined_tick: u64,
}
