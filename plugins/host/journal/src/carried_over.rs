//! What one part of a log hands on to the next. Who writes a log and who reads one both follow it with this, and come to the same.

use std::collections::BTreeSet;

use hypogeum_protocol::{MatchId, Seat};
use hypogeum_shard::{Command, StateHash};

use crate::entry::{Header, VisitEntry};
use crate::part::Part;
use crate::visitors::Visitors;

/// Who is in the shard and what they were promised, and visits of which a database may have to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CarriedOver {
    pub(crate) visitors: Visitors,
    /// Seats that were promised something, and may have been told.
    pub(crate) promised: BTreeSet<Seat>,
    /// What visits were worth that a database may lack which knows `granted`, in the order in which they ended.
    pub(crate) ended: Vec<VisitEntry>,
    /// The visit that the store has granted last.
    pub(crate) granted: Option<MatchId>,
    /// How many of `ended`, the first ones, an earlier run has left. The store has them all since the start, but in what order it got
    /// them is not known: a backup of it may lack any.
    earlier: usize,
}

impl CarriedOver {
    /// As the log begins.
    pub(crate) fn of(header: &Header) -> Self {
        let Some(part) = header.part.as_deref() else { return Self::default() };
        Self {
            visitors: Visitors::of(part),
            promised: part.promised.iter().copied().collect(),
            ended: part.ended.clone(),
            granted: part.granted,
            earlier: 0,
        }
    }

    /// Takes the commands of the next step.
    pub(crate) fn follow(&mut self, commands: &[Command]) {
        self.visitors.follow(commands);
    }

    /// A visit is on record.
    pub(crate) fn visit(&mut self, entry: VisitEntry) {
        self.visitors.recorded(&entry.ended);
        self.ended.push(entry);
    }

    /// As an earlier run has left it, of which the store has what visits on record were worth.
    pub(crate) fn left(
        visitors: Visitors,
        promised: BTreeSet<Seat>,
        (ended, granted): (Vec<VisitEntry>, Option<MatchId>),
    ) -> Self {
        let earlier = ended.len();
        Self { visitors, promised, ended, granted, earlier }
    }

    /// The store has granted a visit. What it has granted before is in every database that knows this one.
    pub(crate) fn grant(&mut self, visit: MatchId) {
        let mut earlier = std::mem::take(&mut self.earlier);
        self.ended.retain(|entry| {
            let is_earlier = earlier > 0;
            earlier = earlier.saturating_sub(1);
            !is_earlier && entry.ended.visit != visit
        });
        self.granted = Some(visit);
    }

    /// How the part begins that follows a step.
    pub(crate) fn next_part(&self, number: u32, tick: u32, hash: StateHash) -> Part {
        let mut part = Part { number, tick, hash, granted: self.granted, ..Part::default() };
        self.visitors.write(&mut part);
        let is_here = |seat: &&Seat| part.seated.iter().chain(&part.leaving).any(|(here, _)| here == *seat);
        part.promised = self.promised.iter().filter(is_here).copied().collect();
        part.ended.clone_from(&self.ended);
        part
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{AccountId, Grant, Outcome};

    use super::*;
    use crate::entry::EndedVisit;

    fn visit(visit: u64) -> VisitEntry {
        let grant = Grant { account: AccountId(visit), ..Grant::nothing(Outcome::Extracted) };
        let ended = EndedVisit { seat: Seat(0), visit: MatchId(visit), brought: Vec::new(), character: None, grant };
        VisitEntry { tick: 1, hash: StateHash(0), ended }
    }

    fn left(carried: &CarriedOver) -> (Option<u64>, Vec<u64>) {
        let part = carried.next_part(2, 1, StateHash(0));
        (part.granted.map(|it| it.0), part.ended.iter().map(|entry| entry.ended.visit.0).collect())
    }

    #[test]
    fn a_visit_is_handed_on_until_the_store_has_granted_it() {
        let mut carried = CarriedOver::default();
        [5, 6, 7].into_iter().for_each(|number| carried.visit(visit(number)));
        assert_eq!(left(&carried), (None, vec![5, 6, 7]), "none is granted yet");
        carried.grant(MatchId(6));
        assert_eq!(left(&carried), (Some(6), vec![5, 7]), "one was faster than the other");
    }

    #[test]
    fn what_an_earlier_run_has_left_is_handed_on_until_something_is_granted() {
        let mut carried = CarriedOver::default();
        [5, 6].into_iter().for_each(|number| carried.visit(visit(number)));
        let CarriedOver { visitors, promised, ended, granted, .. } = carried;
        let mut carried = CarriedOver::left(visitors, promised, (ended, granted));
        carried.visit(visit(9));
        carried.visit(visit(8));
        assert_eq!(left(&carried), (None, vec![5, 6, 9, 8]), "a backup made at the start may lack any");
        carried.grant(MatchId(8));
        assert_eq!(left(&carried), (Some(8), vec![9]), "one that knows the eighth knows those before the start");
    }
}
