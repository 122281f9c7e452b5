//! One waiting player, or a party that waits as one.

use hypogeum_content::Id;
use hypogeum_protocol::{AccountId, SessionId};
use hypogeum_shard::ModeRule;

/// A request to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket<W = SessionId> {
    /// Who waits, as the line tells people apart: a session, an account. It has one ticket at most.
    pub who: W,
    /// The account that queues; of a party its leader.
    pub account: AccountId,
    /// Rating as shown; of a party what [`PartyTerms::rate`](crate::PartyTerms::rate) makes of its members'.
    pub rating: i32,
    /// How many people it is for, 1 and up: they are in one lobby, or in none.
    pub size: u16,
    /// What it wants to play: the place of its terms.
    pub mode: Id<ModeRule>,
    /// Host tick it joined at.
    pub joined_tick: u64,
}

impl<W> Ticket<W> {
    /// How many people it is for.
    #[must_use]
    pub fn people(&self) -> usize {
        usize::from(self.size.max(1))
    }
}
