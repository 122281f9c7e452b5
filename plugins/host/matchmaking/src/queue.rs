//! Who waits for one mode, and who goes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use hypogeum_content::Id;
use hypogeum_content::def::FillRule;
use hypogeum_protocol::SessionId;
use hypogeum_shard::ModeRule;

use crate::census::Census;
use crate::{Terms, Ticket};

/// Tickets looked at on either side of a rating; twice the largest lobby where that is more.
const NEIGHBOURS_MIN: usize = 1_024;
/// Tickets looked at in one tick, give or take one lobby. Who was not reached is looked at in the next: so a crowd that
/// cannot meet, as ten thousand with windows that never reach each other, costs a bounded part of each tick.
const LOOKS_MAX: usize = 1 << 16;
/// Up to this many tickets the line is counted ticket by ticket, above by ratings alone.
const COUNTED_MAX: usize = 512;

/// People who will play together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lobby<W = SessionId> {
    /// The mode they play.
    pub mode: Id<ModeRule>,
    /// Who, the longest waiting first.
    pub members: Vec<Ticket<W>>,
    /// Seats an autopilot takes.
    pub filled: usize,
}

/// A ticket's place in the line of its mode: the tick it joined at, and its number among all. Who joined first stands first, and who
/// comes back with an old ticket has its place again.
type Serial = (u64, u64);

/// The line of one mode.
#[derive(Debug)]
pub(crate) struct Queue<W> {
    mode: Id<ModeRule>,
    terms: Terms,
    line: BTreeMap<Serial, Ticket<W>>,
    by_rating: BTreeSet<(i32, Serial)>,
    by_who: BTreeMap<W, Serial>,
    census: Census,
    sweep: Sweep,
}

/// One pass through the line, from the longest waiting on; mostly it takes one tick.
#[derive(Debug, Default)]
struct Sweep {
    /// Where it goes on.
    next: Serial,
    /// Those whom an older ticket waits for, though their lobby does not go yet, are not poached by a younger one.
    promised: BTreeSet<Serial>,
}

/// Tickets that may all meet each other, growing: what a newcomer must fit.
struct Group {
    members: Vec<Serial>,
    /// The lowest rating that every member's window accepts.
    floor: i64,
    /// The highest rating that every member's window accepts.
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

impl<W: Copy + Ord> Queue<W> {
    pub(crate) fn new(mode: Id<ModeRule>, terms: Terms) -> Self {
        Self {
            mode,
            terms,
            line: BTreeMap::new(),
            by_rating: BTreeSet::new(),
            by_who: BTreeMap::new(),
            census: Census::new(),
            sweep: Sweep::default(),
        }
    }

    pub(crate) const fn terms(&self) -> &Terms {
        &self.terms
    }

    pub(crate) fn len(&self) -> usize {
        self.line.len()
    }

    pub(crate) fn ticket(&self, who: W) -> Option<&Ticket<W>> {
        self.line.get(self.by_who.get(&who)?)
    }

    /// All tickets, the longest waiting first.
    pub(crate) fn tickets(&self) -> impl Iterator<Item = &Ticket<W>> {
        self.line.values()
    }

    pub(crate) fn join(&mut self, number: u64, ticket: Ticket<W>) {
        let serial = (ticket.joined_tick, number);
        self.by_rating.insert((ticket.rating, serial));
        self.census.add(ticket.rating);
        self.by_who.insert(ticket.who, serial);
        self.line.insert(serial, ticket);
    }

    pub(crate) fn leave(&mut self, who: W) -> Option<Ticket<W>> {
        let serial = self.by_who.get(&who).copied()?;
        self.take(serial)
    }

    fn take(&mut self, serial: Serial) -> Option<Ticket<W>> {
        let ticket = self.line.remove(&serial)?;
        self.by_rating.remove(&(ticket.rating, serial));
        self.census.remove(ticket.rating);
        self.by_who.remove(&ticket.who);
        Some(ticket)
    }

    /// How many may meet `ticket` at `tick`, itself included. In a line longer than [`COUNTED_MAX`] those count, too, who
    /// are within the ticket's window, though it is not within theirs yet.
    pub(crate) fn within_reach(&self, ticket: &Ticket<W>, tick: u64) -> usize {
        if self.len() > COUNTED_MAX {
            return self.census.around(ticket.rating, self.terms.window_at(ticket, tick));
        }
        self.tickets().filter(|other| self.terms.meet(ticket, other, tick)).count()
    }

    /// Lobbies that go at `tick`, at most `lobbies_max`. Their tickets are no longer in line.
    pub(crate) fn form(&mut self, tick: u64, lobbies_max: usize) -> Vec<Lobby<W>> {
        let mut lobbies = Vec::new();
        if lobbies_max == 0 {
            return lobbies;
        }
        let mut sweep = std::mem::take(&mut self.sweep);
        let oldest_tick = self.line.values().next().map_or(tick, |ticket| ticket.joined_tick);
        let filling = self.terms.fill == FillRule::Autopilot && self.waited_long(oldest_tick, tick);
        let anchors: Vec<Serial> = self.line.range(sweep.next..).map(|(serial, _)| *serial).collect();
        let mut looks = 0;
        for anchor in anchors {
            if looks >= LOOKS_MAX || lobbies.len() >= lobbies_max {
                self.sweep = Sweep { next: anchor, ..sweep };
                break;
            }
            let Some(&ticket) = self.line.get(&anchor) else { continue };
            if sweep.promised.contains(&anchor) {
                continue;
            }
            looks += 1;
            let window = self.terms.window_at(&ticket, tick);
            if !filling && self.census.around(ticket.rating, window) < self.terms.players_min {
                // Too few, whatever their windows.
                continue;
            }
            let group = self.group_around(anchor, &ticket, tick, &sweep.promised, &mut looks);
            match self.filled_if_it_goes(&group, tick) {
                Some(filled) => {
                    let mut serials = group;
                    serials.sort_unstable();
                    let members = serials.into_iter().filter_map(|serial| self.take(serial)).collect();
                    lobbies.push(Lobby { mode: self.mode, members, filled });
                }
                // Too few to be a lobby: they stay free for others. Enough: they wait together for more.
                None if group.len() >= self.terms.players_min => sweep.promised.extend(group),
                None => {}
            }
        }
        lobbies
    }

    fn waited_long(&self, joined_tick: u64, tick: u64) -> bool {
        tick.saturating_sub(joined_tick) >= self.terms.wait_ticks
    }

    /// The anchor and those nearest in rating who may all meet each other, up to `players_max`. Adds to `looks` how many
    /// it looked at.
    fn group_around(
        &self,
        anchor: Serial,
        ticket: &Ticket<W>,
        tick: u64,
        promised: &BTreeSet<Serial>,
        looks: &mut usize,
    ) -> Vec<Serial> {
        let own_window = self.terms.window_at(ticket, tick);
        let mut group = Group::of(anchor, i64::from(ticket.rating), i64::from(own_window));
        let key = (ticket.rating, anchor);
        let neighbours_max = self.terms.players_max.saturating_mul(2).max(NEIGHBOURS_MIN);
        let mut below = self.by_rating.range(..key).rev().take(neighbours_max).peekable();
        let mut above = self.by_rating.range((Bound::Excluded(key), Bound::Unbounded)).take(neighbours_max).peekable();
        while group.members.len() < self.terms.players_max {
            let distance = |(rating, _): &(i32, Serial)| rating.abs_diff(ticket.rating);
            let nearest = match (below.peek(), above.peek()) {
                // Of two equally near the longer waiting one.
                (Some(low), Some(high)) if (distance(low), low.1) < (distance(high), high.1) => below.next(),
                (_, Some(_)) => above.next(),
                (Some(_), None) => below.next(),
                (None, None) => None,
            };
            let Some(&(rating, serial)) = nearest else { break };
            *looks += 1;
            if rating.abs_diff(ticket.rating) > own_window {
                break;
            }
            if !promised.contains(&serial) {
                group.admit(serial, i64::from(rating), i64::from(self.terms.window_since(serial.0, tick)));
            }
        }
        group.members
    }

    /// How many seats are filled if the group goes now; `None` if it waits.
    fn filled_if_it_goes(&self, group: &[Serial], tick: u64) -> Option<usize> {
        let joined = |serial: &Serial| self.line.get(serial).map_or(tick, |ticket| ticket.joined_tick);
        let waited_long = || group.iter().any(|serial| self.waited_long(joined(serial), tick));
        if group.len() >= self.terms.players_min {
            let nobody_new =
                || group.iter().all(|serial| tick.saturating_sub(joined(serial)) >= self.terms.gather_ticks);
            return (group.len() >= self.terms.players_max || nobody_new() || waited_long()).then_some(0);
        }
        (self.terms.fill == FillRule::Autopilot && waited_long()).then(|| self.terms.players_min - group.len())
    }
}
