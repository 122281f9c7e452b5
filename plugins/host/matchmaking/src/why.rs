//! Why a ticket still waits.

use hypogeum_content::Id;
use hypogeum_content::def::RatingWindow;
use hypogeum_shard::ModeRule;

/// Tickets that are looked at for a [`Why`], the nearest in rating first.
pub const LOOKED_AT_MAX: usize = 256;

/// How the wait of a ticket stands, and which of those nearest to it fell to which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Why {
    /// What it waits for.
    pub mode: Id<ModeRule>,
    /// For how long it has.
    pub waited_ticks: u64,
    /// How long the middle one waited of those who went last; `None`: nobody has gone.
    pub usual_ticks: Option<u64>,
    /// Rating distance it accepts now.
    pub window: u32,
    /// How that began and grows.
    pub growth: RatingWindow,
    /// People in line for the mode, its own included.
    pub in_line: usize,
    /// Other tickets that were looked at, at most [`LOOKED_AT_MAX`], without those ruled_out: each of them is one of the four that follow.
    pub looked_at: usize,
    /// It might play with these.
    pub fitting: usize,
    /// Their rating is beyond its window.
    pub beyond_window: usize,
    /// Its rating is beyond their window.
    pub beyond_theirs: usize,
    /// They are parties for whom a match has no room beside it.
    pub too_many: usize,
    /// Its query rules these out, or theirs rule it out.
    pub ruled_out: usize,
    /// How its query stands; `None`: it has neither query nor properties.
    pub asks: Option<Asks>,
}

/// How the query of a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asks {
    /// How many of its should clauses still hold.
    pub shoulds: usize,
    /// Ticks until one fewer does; `None`: none holds, or the mode lets none go.
    pub next_relaxed_ticks: Option<u64>,
}
