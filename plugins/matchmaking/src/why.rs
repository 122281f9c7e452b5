//! Why a ticket still waits.

use hypogeum_content::def::FillRule;
use hypogeum_protocol::SessionId;

use crate::Ticket;
use crate::queue::Queue;

/// Rejected candidates listed by name; the rest are only counted.
pub const REJECTED_LISTED_MAX: usize = 32;

/// The rule that keeps a candidate out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Farther away than this ticket accepts.
    OutsideOwnWindow {
        /// Distance of the ratings.
        distance: u32,
    },
    /// Farther away than the candidate accepts.
    OutsideTheirWindow {
        /// Distance of the ratings.
        distance: u32,
        /// What the candidate accepts now.
        window: u32,
    },
}

/// A candidate and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Who.
    pub session: SessionId,
    /// Its rating.
    pub rating: i32,
    /// Why not.
    pub rule: Rule,
}

/// Everything that decides how long a ticket still waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// Ticks waited so far.
    pub waited_ticks: u64,
    /// Rating distance accepted when it joined.
    pub window_at_first: u32,
    /// Rating distance accepted now.
    pub window: u32,
    /// The widest it gets.
    pub window_max: u32,
    /// Candidates within reach, itself included.
    pub within_reach: usize,
    /// Participants the mode wants at least.
    pub wanted: usize,
    /// Ticks until seats are filled for it; `None` where the mode fills none.
    pub filled_in_ticks: Option<u64>,
    /// Candidates kept out, all of them.
    pub rejected_count: usize,
    /// The first of them, the longest waiting first.
    pub rejected: Vec<Rejected>,
}

pub(crate) fn explain(queue: &Queue, ticket: &Ticket, tick: u64) -> Why {
    let terms = queue.terms();
    let window = terms.window_at(ticket, tick);
    let waited_ticks = tick.saturating_sub(ticket.joined_tick);
    let mut why = Why {
        waited_ticks,
        window_at_first: terms.window_at(ticket, ticket.joined_tick),
        window,
        window_max: terms.window.max,
        within_reach: 0,
        wanted: terms.players_min,
        filled_in_ticks: (terms.fill == FillRule::Autopilot).then(|| terms.wait_ticks.saturating_sub(waited_ticks)),
        rejected_count: 0,
        rejected: Vec::new(),
    };
    for other in queue.tickets() {
        let distance = ticket.rating.abs_diff(other.rating);
        let theirs = terms.window_at(other, tick);
        let rule = if distance > window {
            Rule::OutsideOwnWindow { distance }
        } else if distance > theirs {
            Rule::OutsideTheirWindow { distance, window: theirs }
        } else {
            why.within_reach += 1;
            continue;
        };
        why.rejected_count += 1;
        if why.rejected.len() < REJECTED_LISTED_MAX {
            why.rejected.push(Rejected { session: other.session, rating: other.rating, rule });
        }
    }
    why
}
