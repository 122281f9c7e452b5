//! What a match is made from, besides its seed.

use hypogeum_content::Id;
use hypogeum_content::def::ModeDef;
use hypogeum_items::Item;
use hypogeum_protocol::{AccountId, MatchId};

/// A match about to begin. Seat n is entry n.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchSetup {
    /// Its name; the origin of every item found in it.
    pub match_id: MatchId,
    /// What is played.
    pub mode: Id<ModeDef>,
    /// Who takes part, at most as many as the mode allows.
    pub seats: Vec<SeatSetup>,
    /// Who came together, by seat: those with the same number above 0 share a team, where the mode has teams. What is missing is
    /// 0: nobody's party.
    pub parties: Vec<u16>,
}

/// Who sits in a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatSetup {
    /// Whose; 0 for a seat that nobody took.
    pub account: AccountId,
    /// Shown to others.
    pub name: String,
    /// Experience level, 1 and up.
    pub level: u32,
    /// Skill, as matchmaking knows it.
    pub rating: i32,
    /// Played by a brain from the start.
    pub autopilot: bool,
    /// What it brings, held in escrow; worn where a slot is free. A seat that nobody took and that has nothing here
    /// brings the starter items of its mode.
    pub items: Vec<Item>,
}
