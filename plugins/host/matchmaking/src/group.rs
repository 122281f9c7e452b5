//! Tickets that may all play together, growing.

use std::collections::BTreeSet;

use crate::queue::Serial;

/// A ticket that may be taken in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate<W> {
    pub(crate) serial: Serial,
    pub(crate) who: W,
    pub(crate) rating: i64,
    /// The rating distance it accepts now.
    pub(crate) window: i64,
    /// How many people it is for.
    pub(crate) people: usize,
}

/// What became of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Admission {
    /// It is in.
    Admitted,
    /// Its rating is beyond a member's window, or a member's beyond its own.
    OutOfReach,
    /// It would be welcome, but its people find no room beside those who are in.
    TooMany,
    /// It would be welcome, but it and a member are to be kept apart.
    KeptApart,
}

/// Tickets that may all meet each other: what a newcomer must fit.
#[derive(Clone, Debug)]
pub(crate) struct Group<W> {
    pub(crate) members: Vec<Serial>,
    /// How many people they are for.
    pub(crate) people: usize,
    /// Who must not come to them.
    apart: BTreeSet<W>,
    /// The lowest rating that every member's window accepts.
    floor: i64,
    /// The highest rating that every member's window accepts.
    ceiling: i64,
    lowest: i64,
    highest: i64,
}

impl<W: Copy + Ord> Group<W> {
    /// One ticket, and those from whom it is kept apart.
    pub(crate) fn of(first: Candidate<W>, apart: Vec<W>) -> Self {
        let Candidate { serial, rating, window, people, .. } = first;
        Self {
            members: vec![serial],
            people,
            apart: apart.into_iter().collect(),
            floor: rating - window,
            ceiling: rating + window,
            lowest: rating,
            highest: rating,
        }
    }

    /// What becomes of a candidate among at most `people_max`.
    pub(crate) fn admission(&self, newcomer: &Candidate<W>, people_max: usize) -> Admission {
        let Candidate { who, rating, window, people, .. } = *newcomer;
        let is_welcome = (self.floor..=self.ceiling).contains(&rating);
        let is_content = rating - window <= self.lowest && self.highest <= rating + window;
        if !(is_welcome && is_content) {
            return Admission::OutOfReach;
        }
        if self.people + people > people_max {
            return Admission::TooMany;
        }
        if self.apart.contains(&who) {
            return Admission::KeptApart;
        }
        Admission::Admitted
    }

    /// Takes a candidate in where it fits among at most `people_max`; `apart` says from whom it is kept apart.
    pub(crate) fn admit(
        &mut self,
        newcomer: &Candidate<W>,
        people_max: usize,
        apart: impl FnOnce() -> Vec<W>,
    ) -> Admission {
        let admission = self.admission(newcomer, people_max);
        if admission != Admission::Admitted {
            return admission;
        }
        let Candidate { serial, rating, window, people, .. } = *newcomer;
        self.members.push(serial);
        self.people += people;
        self.apart.extend(apart());
        self.floor = self.floor.max(rating - window);
        self.ceiling = self.ceiling.min(rating + window);
        self.lowest = self.lowest.min(rating);
        self.highest = self.highest.max(rating);
        Admission::Admitted
    }

    /// A group of at least `people_min` with this one in it, if some of the candidates make one: all ways are tried as far as
    /// `looks_left` reaches. `apart` says from whom a candidate is kept apart.
    pub(crate) fn completed(
        &self,
        candidates: &[Candidate<W>],
        (people_min, people_max): (usize, usize),
        apart: &dyn Fn(Serial) -> Vec<W>,
        looks_left: &mut usize,
    ) -> Option<Self> {
        if self.people >= people_min {
            return Some(self.clone());
        }
        let mut people_left: usize = candidates.iter().map(|candidate| candidate.people).sum();
        for (place, candidate) in candidates.iter().enumerate() {
            if self.people + people_left < people_min || *looks_left == 0 {
                return None;
            }
            *looks_left -= 1;
            people_left -= candidate.people;
            if self.admission(candidate, people_max) != Admission::Admitted {
                continue;
            }
            let mut larger = self.clone();
            larger.admit(candidate, people_max, || apart(candidate.serial));
            let rest = candidates.get(place + 1..).unwrap_or_default();
            if let Some(found) = larger.completed(rest, (people_min, people_max), apart, looks_left) {
                return Some(found);
            }
        }
        None
    }
}
