//! Who waits for one mode, and who goes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;

use hypogeum_content::Id;
use hypogeum_content::def::FillRule;
use hypogeum_protocol::SessionId;
use hypogeum_shard::ModeRule;

use crate::census::Census;
use crate::criteria::Asked;
use crate::group::{Admission, Candidate, Group};
use crate::sketch::Sketch;
use crate::{Asks, Criteria, LOOKED_AT_MAX, Terms, Ticket, Why};

/// Tickets looked at on either side of a rating; twice the largest lobby where that is more.
const NEIGHBOURS_MIN: usize = 1_024;
/// Tickets of all modes looked at in one tick, give or take one lobby. Who was not reached is looked at in the next: so a crowd that
/// cannot meet, as ten thousand with windows that never reach each other, costs a bounded part of each tick.
const LOOKS_MAX: usize = 1 << 15;
/// Up to this many tickets the line is counted ticket by ticket, above by ratings alone.
const COUNTED_MAX: usize = 512;
/// Where those nearest do not fit together, as parties may not, all ways to put so many of them together are tried.
const TRIED_MAX: usize = 48;
/// Steps that this takes at most for one ticket.
const TRIES_MAX: usize = 2_048;
/// Tickets that went last whose waits are known.
const WAITS_MAX: usize = 64;
/// Looks that reading a query counts as.
const COMPARED_LOOKS: usize = 4;
/// Looks that each step counts as: it may copy the group it is tried on.
const TRY_LOOKS: usize = 4;

/// People who will play together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lobby<W = SessionId> {
    /// The mode they play.
    pub mode: Id<ModeRule>,
    /// Who, the longest waiting first, and behind them those who came later ([`Matchmaker::admit_late`](crate::Matchmaker::admit_late)).
    /// Each ticket is for as many people as it says.
    pub members: Vec<Ticket<W>>,
    /// What each of them says of itself and asks of others, in the same order.
    pub criteria: Vec<Criteria>,
    /// Seats an autopilot takes.
    pub filled: usize,
}

/// A ticket's place in the line of its mode: the tick it joined at, and its number among all. Who joined first stands first, and who
/// comes back with an old ticket has its place again.
pub(crate) type Serial = (u64, u64);

/// The line of one mode.
#[derive(Debug)]
pub(crate) struct Queue<W> {
    mode: Id<ModeRule>,
    terms: Terms,
    line: BTreeMap<Serial, Ticket<W>>,
    /// What a search looks at of thousands.
    by_rating: BTreeMap<(i32, Serial), Glance<W>>,
    /// Of those that say something of themselves, or ask something of others.
    criteria: BTreeMap<Serial, Criteria>,
    by_who: BTreeMap<W, Serial>,
    census: Census,
    sweep: Sweep,
    /// How long those waited who went last, in ticks, at most [`WAITS_MAX`].
    waits: VecDeque<u64>,
}

/// What a search sees of a ticket without looking it up.
#[derive(Clone, Copy, Debug)]
struct Glance<W> {
    who: W,
    size: u16,
    has_criteria: bool,
    sketch: Sketch,
}

/// One pass through the line, from the longest waiting on; mostly it takes one tick.
#[derive(Debug, Default)]
struct Sweep {
    /// Where it goes on.
    next: Serial,
    /// Those whom an older ticket waits for, though their lobby does not go yet, are not poached by a younger one.
    promised: BTreeSet<Serial>,
}

impl<W: Copy + Ord> Queue<W> {
    pub(crate) fn new(mode: Id<ModeRule>, terms: Terms) -> Self {
        Self {
            mode,
            terms,
            line: BTreeMap::new(),
            by_rating: BTreeMap::new(),
            criteria: BTreeMap::new(),
            by_who: BTreeMap::new(),
            census: Census::new(),
            sweep: Sweep::default(),
            waits: VecDeque::new(),
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

    pub(crate) fn join(&mut self, number: u64, ticket: Ticket<W>, criteria: Criteria) {
        let serial = (ticket.joined_tick, number);
        let sketch = Sketch::of(&criteria);
        let glance = Glance { who: ticket.who, size: ticket.size, has_criteria: !criteria.is_empty(), sketch };
        if glance.has_criteria {
            self.criteria.insert(serial, criteria);
        }
        self.by_rating.insert((ticket.rating, serial), glance);
        self.census.add(ticket.rating, ticket.size);
        self.by_who.insert(ticket.who, serial);
        self.line.insert(serial, ticket);
    }

    pub(crate) fn leave(&mut self, who: W) -> Option<Ticket<W>> {
        let serial = self.by_who.get(&who).copied()?;
        self.take(serial).map(|(ticket, _)| ticket)
    }

    fn take(&mut self, serial: Serial) -> Option<(Ticket<W>, Criteria)> {
        let ticket = self.line.remove(&serial)?;
        self.by_rating.remove(&(ticket.rating, serial));
        let criteria = self.criteria.remove(&serial).unwrap_or_default();
        self.census.remove(ticket.rating, ticket.size);
        self.by_who.remove(&ticket.who);
        Some((ticket, criteria))
    }

    /// Takes those who go at `tick` out of line, with their criteria.
    fn take_all(&mut self, serials: Vec<Serial>, tick: u64) -> (Vec<Ticket<W>>, Vec<Criteria>) {
        let (members, criteria): (Vec<_>, Vec<_>) = serials.into_iter().filter_map(|serial| self.take(serial)).unzip();
        self.note_waits(&members, tick);
        (members, criteria)
    }

    /// Takes those out of line who fit into a lobby that has gone and is not full, the nearest to its first member in rating first;
    /// they are its members from then on. `apart` as in [`Self::form`].
    pub(crate) fn admit_late(
        &mut self,
        lobby: &mut Lobby<W>,
        tick: u64,
        apart: &dyn Fn(&Ticket<W>) -> Vec<W>,
    ) -> usize {
        let Some(first) = lobby.members.first() else { return 0 };
        let people: usize = lobby.members.iter().map(Ticket::people).sum();
        if people >= self.terms.players_max || self.line.is_empty() {
            return 0;
        }
        let mut group: Option<Group<'_, W>> = None;
        for (place, (ticket, criteria)) in (0..).zip(lobby.members.iter().zip(&lobby.criteria)) {
            let asked = self.asked_of(criteria, ticket.joined_tick, tick);
            let (serial, rating, people) = ((ticket.joined_tick, place), ticket.rating.into(), ticket.people());
            let window = self.terms.window_at(ticket, tick).into();
            let sketch = Sketch::of(criteria);
            let member = Candidate { serial, who: ticket.who, rating, window, people, asked, sketch };
            match &mut group {
                Some(group) => group.add(&member, apart(ticket)),
                None => group = Some(Group::of(member, apart(ticket))),
            }
        }
        let Some(mut group) = group else { return 0 };
        let known = group.members.len();
        for (key, glance) in self.nearest((first.rating, Serial::default()), self.neighbours_max()) {
            if group.people >= self.terms.players_max {
                break;
            }
            if !group.may_agree(glance.sketch) {
                continue;
            }
            let candidate = self.candidate(key, glance, tick);
            group.admit(&candidate, &self.terms, || self.line.get(&key.1).map(apart).unwrap_or_default());
        }
        let (people, newcomers) = (group.people, group.members.split_off(known));
        let (members, criteria) = self.take_all(newcomers, tick);
        let count = members.len();
        lobby.filled = self.terms.players_min.saturating_sub(people).min(lobby.filled);
        lobby.members.extend(members);
        lobby.criteria.extend(criteria);
        count
    }

    /// How many people may meet `ticket` at `tick`, its own included. In a line longer than [`COUNTED_MAX`] those count, too, who
    /// are within the ticket's window, though it is not within theirs yet.
    pub(crate) fn within_reach(&self, ticket: &Ticket<W>, tick: u64) -> usize {
        if self.len() > COUNTED_MAX {
            return self.census.around(ticket.rating, self.terms.window_at(ticket, tick));
        }
        self.tickets().filter(|other| self.terms.meet(ticket, other, tick)).map(Ticket::people).sum()
    }

    /// Lobbies that go at `tick`, at most `lobbies_max`. Their tickets are no longer in line. `apart` names those who must not play
    /// with a ticket. Adds to `looks` how many tickets it looked at, up to [`LOOKS_MAX`].
    pub(crate) fn form(
        &mut self,
        tick: u64,
        lobbies_max: usize,
        apart: &dyn Fn(&Ticket<W>) -> Vec<W>,
        looks: &mut usize,
    ) -> Vec<Lobby<W>> {
        let mut lobbies = Vec::new();
        if lobbies_max == 0 {
            return lobbies;
        }
        let mut sweep = std::mem::take(&mut self.sweep);
        let oldest_tick = self.line.values().next().map_or(tick, |ticket| ticket.joined_tick);
        let filling = self.terms.fill == FillRule::Autopilot && self.waited_long(oldest_tick, tick);
        let anchors: Vec<Serial> = self.line.range(sweep.next..).map(|(serial, _)| *serial).collect();
        for anchor in anchors {
            if *looks >= LOOKS_MAX || lobbies.len() >= lobbies_max {
                self.sweep = Sweep { next: anchor, ..sweep };
                break;
            }
            let Some(&ticket) = self.line.get(&anchor) else { continue };
            if sweep.promised.contains(&anchor) {
                continue;
            }
            *looks += 1;
            let window = self.terms.window_at(&ticket, tick);
            if !filling && self.census.around(ticket.rating, window) < self.terms.players_min {
                // Too few, whatever their windows.
                continue;
            }
            let group = self.group_around((anchor, &ticket), tick, (&sweep.promised, apart), looks);
            let filled = self.filled_if_it_goes(&group, tick);
            let (people, mut serials) = (group.people, group.members);
            match filled {
                Some(filled) => {
                    serials.sort_unstable();
                    let (members, criteria) = self.take_all(serials, tick);
                    lobbies.push(Lobby { mode: self.mode, members, criteria, filled });
                }
                // Too few to be a lobby: they stay free for others. Enough: they wait together for more.
                None if people >= self.terms.players_min => sweep.promised.extend(serials),
                None => {}
            }
        }
        lobbies
    }

    fn note_waits(&mut self, gone: &[Ticket<W>], tick: u64) {
        self.waits.extend(gone.iter().map(|ticket| tick.saturating_sub(ticket.joined_tick)));
        self.waits.drain(..self.waits.len().saturating_sub(WAITS_MAX));
    }

    /// Why somebody's ticket still waits; `None` where it has none here.
    pub(crate) fn why(&self, who: W, tick: u64) -> Option<Why> {
        let serial = *self.by_who.get(&who)?;
        let ticket = self.line.get(&serial)?;
        let key = (ticket.rating, serial);
        let own = self.candidate(key, self.glance(serial, ticket), tick);
        let alone = Group::of(own, Vec::new());
        let mut waits: Vec<u64> = self.waits.iter().copied().collect();
        waits.sort_unstable();
        let mut why = Why {
            mode: self.mode,
            waited_ticks: tick.saturating_sub(ticket.joined_tick),
            usual_ticks: waits.get(waits.len() / 2).copied(),
            window: self.terms.window_at(ticket, tick),
            growth: self.terms.window,
            in_line: self.census.around(0, u32::MAX),
            looked_at: 0,
            fitting: 0,
            beyond_window: 0,
            beyond_theirs: 0,
            too_many: 0,
            ruled_out: 0,
            asks: None,
        };
        if !own.asked.criteria.is_empty() {
            why.asks = Some(self.asks(own.asked.shoulds, why.waited_ticks));
        }
        for (near, whose) in self.nearest(key, LOOKED_AT_MAX).take(LOOKED_AT_MAX) {
            let other = self.candidate(near, whose, tick);
            let is_beyond = i64::from(near.0.abs_diff(ticket.rating)) > own.window;
            let fell_to = match alone.admission(&other, &self.terms) {
                Admission::OutOfReach if is_beyond => &mut why.beyond_window,
                Admission::OutOfReach => &mut why.beyond_theirs,
                Admission::TooMany => &mut why.too_many,
                Admission::RuledOut => {
                    why.ruled_out += 1;
                    continue;
                }
                // Who is kept apart from whom is nobody's to find out.
                Admission::Admitted | Admission::KeptApart => &mut why.fitting,
            };
            *fell_to += 1;
            why.looked_at += 1;
        }
        Some(why)
    }

    fn asks(&self, shoulds: usize, waited: u64) -> Asks {
        let relax_ticks = self.terms.relax_ticks.filter(|_| shoulds > 0);
        Asks { shoulds, next_relaxed_ticks: relax_ticks.map(|every| every - waited % every) }
    }

    fn waited_long(&self, joined_tick: u64, tick: u64) -> bool {
        tick.saturating_sub(joined_tick) >= self.terms.wait_ticks
    }

    /// The anchor and those nearest in rating who may all meet each other, up to `players_max` people. Adds to `looks` how many
    /// tickets it looked at.
    fn group_around(
        &self,
        (anchor, ticket): (Serial, &Ticket<W>),
        tick: u64,
        (promised, apart): (&BTreeSet<Serial>, &dyn Fn(&Ticket<W>) -> Vec<W>),
        looks: &mut usize,
    ) -> Group<'_, W> {
        let apart_from = |serial: Serial| self.line.get(&serial).map(apart).unwrap_or_default();
        let first = self.candidate((ticket.rating, anchor), self.glance(anchor, ticket), tick);
        let wanted = first.sketch.asking(first.asked.criteria, first.asked.shoulds);
        let mut group = Group::of(first, apart(ticket));
        let mut near = Vec::new();
        let mut has_turned_away = false;
        // Where people choose whom they want, the one who suits may stand anywhere; who has waited long looks at all.
        let looks_far = !self.criteria.is_empty() && self.waited_long(ticket.joined_tick, tick);
        let neighbours_max = if looks_far { usize::MAX } else { self.neighbours_max() };
        for (key, whose) in self.nearest((ticket.rating, anchor), neighbours_max) {
            if group.people >= self.terms.players_max {
                break;
            }
            *looks += 1;
            if i64::from(key.0.abs_diff(ticket.rating)) > first.window {
                break;
            }
            if promised.contains(&key.1) {
                continue;
            }
            if !wanted.may_agree(whose.sketch) {
                *looks += 1;
                continue;
            }
            *looks += COMPARED_LOOKS * (group.comparisons() + usize::from(whose.has_criteria));
            let candidate = self.candidate(key, whose, tick);
            let admission = group.admit(&candidate, &self.terms, || apart_from(key.1));
            // Whether the anchor alone would do for it.
            let is_near = i64::from(key.0.abs_diff(ticket.rating)) <= candidate.window;
            if is_near && near.len() < TRIED_MAX && first.asked.agrees(candidate.asked) {
                near.push(candidate);
            }
            has_turned_away |= match admission {
                Admission::Admitted => false,
                Admission::TooMany | Admission::KeptApart | Admission::RuledOut => true,
                // Of many alike others soon come; who has waited long goes with whom it can.
                Admission::OutOfReach => is_near && self.waited_long(ticket.joined_tick, tick),
            };
        }
        if group.people >= self.terms.players_min || !has_turned_away {
            return group;
        }
        let alone = Group::of(first, apart(ticket));
        let mut tries_left = TRIES_MAX;
        let found = alone.completed(&near, &self.terms, &apart_from, &mut tries_left);
        *looks += TRY_LOOKS * (TRIES_MAX - tries_left);
        let Some(mut found) = found else { return group };
        for candidate in &near {
            if !found.members.contains(&candidate.serial) {
                found.admit(candidate, &self.terms, || apart_from(candidate.serial));
            }
        }
        found
    }

    fn glance(&self, serial: Serial, ticket: &Ticket<W>) -> Glance<W> {
        let criteria = self.criteria.get(&serial);
        let sketch = criteria.map_or(Sketch::NOTHING, Sketch::of);
        Glance { who: ticket.who, size: ticket.size, has_criteria: criteria.is_some(), sketch }
    }

    fn candidate(&self, (rating, serial): (i32, Serial), glance: Glance<W>, tick: u64) -> Candidate<'_, W> {
        let window = i64::from(self.terms.window_since(serial.0, tick));
        let asked = if glance.has_criteria { self.asked(serial, tick) } else { Asked::NOTHING };
        let Glance { who, size, sketch, .. } = glance;
        Candidate { serial, who, rating: rating.into(), window, people: size.into(), asked, sketch }
    }

    /// What a ticket says of itself and asks of others at `tick`.
    fn asked(&self, serial: Serial, tick: u64) -> Asked<'_> {
        self.criteria.get(&serial).map_or(Asked::NOTHING, |criteria| self.asked_of(criteria, serial.0, tick))
    }

    fn asked_of<'a>(&self, criteria: &'a Criteria, joined_tick: u64, tick: u64) -> Asked<'a> {
        Asked { criteria, shoulds: self.terms.shoulds_left(criteria.query.shoulds(), joined_tick, tick) }
    }

    /// Tickets looked at on either side of a rating.
    fn neighbours_max(&self) -> usize {
        self.terms.players_max.saturating_mul(2).max(NEIGHBOURS_MIN)
    }

    /// Those around a ticket, the nearest in rating first.
    fn nearest(&self, key: (i32, Serial), neighbours_max: usize) -> impl Iterator<Item = ((i32, Serial), Glance<W>)> {
        let mut below = self.by_rating.range(..key).rev().take(neighbours_max).peekable();
        let mut above = self.by_rating.range((Bound::Excluded(key), Bound::Unbounded)).take(neighbours_max).peekable();
        std::iter::from_fn(move || {
            let distance = |rating: i32| rating.abs_diff(key.0);
            let nearest = match (below.peek(), above.peek()) {
                // Of two equally near the longer waiting one.
                (Some((low, _)), Some((high, _))) if (distance(low.0), low.1) < (distance(high.0), high.1) => {
                    below.next()
                }
                (_, Some(_)) => above.next(),
                (Some(_), None) => below.next(),
                (None, None) => None,
            };
            nearest.map(|(found, whose)| (*found, *whose))
        })
    }

    /// How many seats are filled if the group goes now; `None` if it waits.
    fn filled_if_it_goes(&self, group: &Group<'_, W>, tick: u64) -> Option<usize> {
        let joined = |serial: &Serial| self.line.get(serial).map_or(tick, |ticket| ticket.joined_tick);
        let waited_long = || group.members.iter().any(|serial| self.waited_long(joined(serial), tick));
        if group.people >= self.terms.players_min {
            let nobody_new =
                || group.members.iter().all(|serial| tick.saturating_sub(joined(serial)) >= self.terms.gather_ticks);
            return (group.people >= self.terms.players_max || nobody_new() || waited_long()).then_some(0);
        }
        (self.terms.fill == FillRule::Autopilot && waited_long()).then(|| self.terms.players_min - group.people)
    }
}
