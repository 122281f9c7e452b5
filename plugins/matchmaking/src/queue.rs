//! Who waits for one mode, and who goes.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_content::Id;
use hypogeum_content::def::{FillRule, ModeDef};
use hypogeum_protocol::SessionId;

use crate::{Terms, Ticket};

/// Tickets looked at on either side of a rating: enough for the largest lobby several times over.
const NEIGHBOURS_MAX: usize = 1_024;

/// People who will play together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lobby {
    /// What.
    pub mode: Id<ModeDef>,
    /// Who, the longest waiting first.
    pub members: Vec<Ticket>,
    /// Seats an autopilot takes.
    pub filled: usize,
}

/// A ticket's place in the line of its mode: who joined first stands first.
type Serial = u64;

/// The line of one mode.
#[derive(Debug)]
pub(crate) struct Queue {
    mode: Id<ModeDef>,
    terms: Terms,
    line: BTreeMap<Serial, Ticket>,
    by_rating: BTreeSet<(i32, Serial)>,
    by_session: BTreeMap<SessionId, Serial>,
}

/// Tickets that may all meet each other, growing: what a newcomer must fit.
struct Group {
    members: Vec<Serial>,
    /// Everyone's window reaches from here…
    floor: i64,
    /// …to here.
    ceiling: i64,
    lowest: i64,
    highest: i64,
}

impl Group {
    fn of(serial: Serial, rating: i64, window: i64) -> Self {
        let (floor, ceiling) = (rating - window, rating + window);
        Self { members: vec![serial], floor, ceiling, lowest: rating, highest: rating }
    }

    fn admit(&mut self, serial: Serial, rating: i64, window: i64) -> bool {
        let welcome = (self.floor..=self.ceiling).contains(&rating);
        let content = rating - window <= self.lowest && self.highest <= rating + window;
        if welcome && content {
            self.members.push(serial);
            self.floor = self.floor.max(rating - window);
            self.ceiling = self.ceiling.min(rating + window);
            self.lowest = self.lowest.min(rating);
            self.highest = self.highest.max(rating);
        }
        welcome && content
    }
}

impl Queue {
    pub(crate) fn new(mode: Id<ModeDef>, terms: Terms) -> Self {
        Self { mode, terms, line: BTreeMap::new(), by_rating: BTreeSet::new(), by_session: BTreeMap::new() }
    }

    pub(crate) const fn terms(&self) -> &Terms {
        &self.terms
    }

    pub(crate) fn len(&self) -> usize {
        self.line.len()
    }

    pub(crate) fn ticket(&self, session: SessionId) -> Option<&Ticket> {
        self.line.get(self.by_session.get(&session)?)
    }

    /// All tickets, the longest waiting first.
    pub(crate) fn tickets(&self) -> impl Iterator<Item = &Ticket> {
        self.line.values()
    }

    pub(crate) fn join(&mut self, serial: Serial, ticket: Ticket) {
        self.by_rating.insert((ticket.rating, serial));
        self.by_session.insert(ticket.session, serial);
        self.line.insert(serial, ticket);
    }

    pub(crate) fn leave(&mut self, session: SessionId) -> Option<Ticket> {
        let serial = self.by_session.remove(&session)?;
        self.take(serial)
    }

    fn take(&mut self, serial: Serial) -> Option<Ticket> {
        let ticket = self.line.remove(&serial)?;
        self.by_rating.remove(&(ticket.rating, serial));
        self.by_session.remove(&ticket.session);
        Some(ticket)
    }

    /// Lobbies that go at `tick`. Their tickets are no longer in line.
    pub(crate) fn form(&mut self, tick: u64) -> Vec<Lobby> {
        let mut lobbies = Vec::new();
        // Whoever an older ticket waits for, though their lobby does not go yet, is not poached by a younger one.
        let mut promised = BTreeSet::new();
        let anchors: Vec<Serial> = self.line.keys().copied().collect();
        for anchor in anchors {
            if promised.contains(&anchor) || !self.line.contains_key(&anchor) {
                continue;
            }
            let Some(group) = self.group_around(anchor, tick, &promised) else { continue };
            match self.filled_if_it_goes(&group, tick) {
                Some(filled) => {
                    let mut serials = group;
                    serials.sort_unstable();
                    let members = serials.into_iter().filter_map(|serial| self.take(serial)).collect();
                    lobbies.push(Lobby { mode: self.mode, members, filled });
                }
                // Too few to be a lobby: they stay free for others. Enough: they wait together for more.
                None if group.len() >= self.terms.players_min => promised.extend(group),
                None => {}
            }
        }
        lobbies
    }

    /// The anchor and those nearest in rating who may all meet each other, up to `players_max`.
    fn group_around(&self, anchor: Serial, tick: u64, promised: &BTreeSet<Serial>) -> Option<Vec<Serial>> {
        let ticket = self.line.get(&anchor)?;
        let window = |ticket: &Ticket| i64::from(self.terms.window_at(ticket, tick));
        let mut group = Group::of(anchor, i64::from(ticket.rating), window(ticket));
        let key = (ticket.rating, anchor);
        let mut below = self.by_rating.range(..key).rev().take(NEIGHBOURS_MAX).peekable();
        let mut above = self
            .by_rating
            .range((std::ops::Bound::Excluded(key), std::ops::Bound::Unbounded))
            .take(NEIGHBOURS_MAX)
            .peekable();
        while group.members.len() < self.terms.players_max {
            let distance = |(rating, _): &(i32, Serial)| rating.abs_diff(ticket.rating);
            let nearest = match (below.peek().copied(), above.peek().copied()) {
                // Of two equally near the longer waiting one.
                (Some(low), Some(high)) if (distance(low), low.1) < (distance(high), high.1) => below.next(),
                (_, Some(_)) => above.next(),
                (Some(_), None) => below.next(),
                (None, None) => None,
            };
            let Some(&(rating, serial)) = nearest else { break };
            if i64::from(rating.abs_diff(ticket.rating)) > window(ticket) {
                break;
            }
            if promised.contains(&serial) {
                continue;
            }
            if let Some(candidate) = self.line.get(&serial) {
                group.admit(serial, i64::from(rating), window(candidate));
            }
        }
        Some(group.members)
    }

    /// How many seats are filled if the group goes now; `None` if it waits.
    fn filled_if_it_goes(&self, group: &[Serial], tick: u64) -> Option<usize> {
        let waited =
            |serial: &Serial| self.line.get(serial).map_or(0, |ticket| tick.saturating_sub(ticket.joined_tick));
        let waited_long = group.iter().map(waited).max().unwrap_or(0) >= self.terms.wait_ticks;
        if group.len() >= self.terms.players_min {
            let nobody_new = group.iter().map(waited).min().unwrap_or(0) >= self.terms.gather_ticks;
            return (group.len() >= self.terms.players_max || nobody_new || waited_long).then_some(0);
        }
        (waited_long && self.terms.fill == FillRule::Autopilot).then(|| self.terms.players_min - group.len())
    }
}
