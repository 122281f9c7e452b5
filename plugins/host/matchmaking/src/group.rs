//! Tickets that may all play together, growing.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::Terms;
use crate::criteria::{Agreement, Asked, GroupCriteria};
use crate::queue::Serial;
use crate::sketch::Sketch;

/// A ticket that may be taken in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<'a, W> {
    pub(crate) serial: Serial,
    pub(crate) who: W,
    pub(crate) rating: i64,
    /// The rating distance it accepts now.
    pub(crate) window: i64,
    /// How many people it is for.
    pub(crate) people: usize,
    /// What it says of itself and asks of others now.
    pub(crate) asked: Asked<'a>,
    /// The same at a glance.
    pub(crate) sketch: Sketch,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is in.
    Admitted,
    /// Its rating is beyond a member's window, or a member's beyond its own.
    OutOfReach,
    /// It would be welcome, but its people find no room beside those who are in, or no team that takes all of them.
    TooMany,
    /// Its query rules a member out, or a member's rules it out.
    RuledOut,
    /// It would be welcome, but it and a member are to be kept apart.
    KeptApart,
}

/// Tickets that may all meet each other: what a newcomer must fit.
#[derive(Clone, Debug)]
pub(crate) struct Group<'a, W> {
    pub(crate) members: Vec<Serial>,
    /// How many people they are for.
    pub(crate) people: usize,
    /// How many each of those has that are parties, the largest first.
    parties: Vec<u32>,
    /// What they say of themselves and ask of others.
    criteria: GroupCriteria<'a>,
    /// The same at a glance.
    sketch: Sketch,
    /// Who must not come to them.
    apart: BTreeSet<W>,
    /// The lowest rating that every member's window accepts.
    floor: i64,
    /// The highest rating that every member's window accepts.
    ceiling: i64,
    lowest: i64,
    highest: i64,
}

impl<'a, W: Copy + Ord> Group<'a, W> {
    /// One ticket, and those from whom it is kept apart.
    pub(crate) fn of(first: Candidate<'a, W>, apart: Vec<W>) -> Self {
        let Candidate { serial, rating, window, people, asked, sketch, .. } = first;
        let mut criteria = GroupCriteria::default();
        criteria.add(asked);
        Self {
            members: vec![serial],
            people,
            parties: party_of(people).into_iter().collect(),
            criteria,
            sketch,
            apart: apart.into_iter().collect(),
            floor: rating - window,
            ceiling: rating + window,
            lowest: rating,
            highest: rating,
        }
    }

    /// What becomes of a candidate by a mode's terms.
    pub(crate) fn admission(&self, newcomer: &Candidate<'a, W>, terms: &Terms) -> Admission {
        let Candidate { who, rating, window, people, .. } = *newcomer;
        let is_welcome = (self.floor..=self.ceiling).contains(&rating);
        let is_content = rating - window <= self.lowest && self.highest <= rating + window;
        if !(is_welcome && is_content) {
            return Admission::OutOfReach;
        }
        if self.people + people > terms.players_max || !self.has_team_for(people, terms) {
            return Admission::TooMany;
        }
        let agreement = self.criteria.agreement(newcomer.asked);
        if agreement == Agreement::Disagreed {
            return Admission::RuledOut;
        }
        if self.apart.contains(&who) {
            return Admission::KeptApart;
        }
        if agreement == Agreement::TooMany { Admission::TooMany } else { Admission::Admitted }
    }

    /// Whether somebody may want to come to them, and they want it, as far as can be seen at a glance.
    pub(crate) const fn may_agree(&self, newcomer: Sketch) -> bool {
        self.sketch.may_agree(newcomer)
    }

    /// How many queries a newcomer is held against.
    pub(crate) const fn comparisons(&self) -> usize {
        self.criteria.comparisons()
    }

    /// Whether a party of so many has a team to itself or with others. Who comes alone has a place wherever one is left.
    fn has_team_for(&self, people: usize, terms: &Terms) -> bool {
        let (Some(teams), Some(party)) = (terms.teams, party_of(people)) else { return true };
        let mut parties = self.parties.clone();
        let at = parties.partition_point(|size| *size >= party);
        parties.insert(at, party);
        teams.keeps_together(&parties)
    }

    /// Takes a candidate in where it fits by a mode's terms; `apart` says from whom it is kept apart.
    pub(crate) fn admit(
        &mut self,
        newcomer: &Candidate<'a, W>,
        terms: &Terms,
        apart: impl FnOnce() -> Vec<W>,
    ) -> Admission {
        let admission = self.admission(newcomer, terms);
        if admission != Admission::Admitted {
            return admission;
        }
        self.add(newcomer, apart());
        admission
    }

    /// Takes somebody in, whether it fits or not: who is in is in.
    pub(crate) fn add(&mut self, newcomer: &Candidate<'a, W>, apart: Vec<W>) {
        let Candidate { serial, rating, window, people, asked, sketch, .. } = *newcomer;
        self.sketch = self.sketch.with(sketch);
        self.members.push(serial);
        self.people += people;
        self.parties.extend(party_of(people));
        self.parties.sort_unstable_by_key(|size| Reverse(*size));
        self.criteria.add(asked);
        self.apart.extend(apart);
        self.floor = self.floor.max(rating - window);
        self.ceiling = self.ceiling.min(rating + window);
        self.lowest = self.lowest.min(rating);
        self.highest = self.highest.max(rating);
    }

    /// A group of at least `players_min` people with this one in it, if some of the candidates make one: all ways are tried as far as
    /// `looks_left` reaches. `apart` says from whom a candidate is kept apart.
    pub(crate) fn completed(
        &self,
        candidates: &[Candidate<'a, W>],
        terms: &Terms,
        apart: &dyn Fn(Serial) -> Vec<W>,
        looks_left: &mut usize,
    ) -> Option<Self> {
        if self.people >= terms.players_min {
            return Some(self.clone());
        }
        let mut people_left: usize = candidates.iter().map(|candidate| candidate.people).sum();
        for (place, candidate) in candidates.iter().enumerate() {
            if self.people + people_left < terms.players_min || *looks_left == 0 {
                return None;
            }
            *looks_left -= 1;
            people_left -= candidate.people;
            if self.admission(candidate, terms) != Admission::Admitted {
                continue;
            }
            let mut larger = self.clone();
            larger.admit(candidate, terms, || apart(candidate.serial));
            let rest = candidates.get(place + 1..).unwrap_or_default();
            if let Some(found) = larger.completed(rest, terms, apart, looks_left) {
                return Some(found);
            }
        }
        None
    }
}

/// So many people as a party, where they are more than one.
fn party_of(people: usize) -> Option<u32> {
    u32::try_from(people).ok().filter(|people| *people > 1)
}
