//! One waiting player.

use hypogeum_content::Id;
use hypogeum_protocol::{AccountId, SessionId};
use hypogeum_shard::ModeRule;

/// A request to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket<W = SessionId> {
    /// Who waits, as the line tells people apart: a session, an account. It has one ticket at most.
    pub who: W,
    /// The account that queues.
    pub account: AccountId,
    /// Rating as shown.
    pub rating: i32,
    /// What it wants to play: the place of its terms.
    pub mode: Id<ModeRule>,
    /// Host tick it joined at.
    pub joined_tick: u64,
}
