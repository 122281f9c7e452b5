//! Who has which seat of an open shard, as its log says.

use std::collections::BTreeMap;

use hypogeum_protocol::{AccountId, CharacterId, ItemId, MatchId, Seat};
use hypogeum_shard::{Command, CommandBody};
use serde::{Deserialize, Serialize};

use crate::entry::EndedVisit;
use crate::part::Part;

/// A visit to an open shard, as the log says it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The number by which the store knows it.
    pub id: MatchId,
    /// Who it is.
    pub account: AccountId,
    /// What was checked out for it.
    pub brought: Vec<ItemId>,
    /// The character that was checked out for it.
    pub character: Option<CharacterId>,
}

impl Visit {
    /// Whether the store holds something for it.
    #[must_use]
    pub const fn has_brought(&self) -> bool {
        self.character.is_some() || !self.brought.is_empty()
    }
}

/// Visits to an open shard that go on, and those that ended in the last step without a record: they were worth nothing, or a
/// crash came first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visitors {
    seated: BTreeMap<Seat, Visit>,
    /// The lowest number that no seat has had: one that was somebody's before is never given again, as in the shard.
    next: u32,
    leaving: BTreeMap<Seat, Visit>,
    /// The highest number that a visit has had, of each server: they are told apart by their numbers.
    last: BTreeMap<u16, MatchId>,
}

impl Visitors {
    /// Those whom a part takes over.
    pub(crate) fn of(part: &Part) -> Self {
        Self {
            seated: part.seated.iter().cloned().collect(),
            next: part.next_seat,
            leaving: part.leaving.iter().cloned().collect(),
            last: part.last_visits.iter().map(|id| (id.server(), *id)).collect(),
        }
    }

    /// Writes them into the beginning of a part.
    pub(crate) fn write(&self, part: &mut Part) {
        let visits = |seats: &BTreeMap<Seat, Visit>| seats.iter().map(|(seat, visit)| (*seat, visit.clone())).collect();
        (part.seated, part.leaving) = (visits(&self.seated), visits(&self.leaving));
        (part.next_seat, part.last_visits) = (self.next, self.last.values().copied().collect());
    }

    /// Takes the commands of the next step.
    pub(crate) fn follow(&mut self, commands: &[Command]) {
        self.leaving.clear();
        for Command { seat, body } in commands {
            match body {
                CommandBody::Join { visit, brings } => {
                    let last = self.last.entry(visit.server()).or_insert(*visit);
                    *last = (*last).max(*visit);
                    if u32::from(seat.0) < self.next {
                        continue;
                    }
                    self.next = u32::from(seat.0) + 1;
                    if let Some(account) = brings.occupant.account() {
                        let brought = brings.items.iter().map(|item| item.id).collect();
                        let character = brings.character.as_ref().map(|character| character.id);
                        self.seated.insert(*seat, Visit { id: *visit, account, brought, character });
                    }
                }
                CommandBody::Leave => {
                    if let Some(visit) = self.seated.remove(seat) {
                        self.leaving.insert(*seat, visit);
                    }
                }
                _ => {}
            }
        }
    }

    /// The visit of a seat is on record. Returns whether it is the one that has ended there.
    pub(crate) fn recorded(&mut self, ended: &EndedVisit) -> bool {
        let left = self.leaving.remove(&ended.seat);
        left.is_some_and(|visit| {
            let known = (visit.id, visit.account, visit.brought.as_slice(), visit.character);
            known == (ended.visit, ended.grant.account, ended.brought.as_slice(), ended.character)
        })
    }

    /// Visits that go on, in the order of seats.
    pub(crate) fn seated(&self) -> impl Iterator<Item = &Visit> {
        self.seated.values()
    }

    /// Visits that ended in the last step and are not on record, in the order of seats.
    pub(crate) fn leaving(&self) -> impl Iterator<Item = (Seat, &Visit)> {
        self.leaving.iter().map(|(seat, visit)| (*seat, visit))
    }

    /// The highest number that a visit has had, of each server.
    pub(crate) fn last_ids(&self) -> impl Iterator<Item = MatchId> {
        self.last.values().copied()
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::{Grant, Outcome};
    use hypogeum_shard::{LineupSeat, Occupant};

    use super::*;

    fn join(seat: u16, account: u64) -> Command {
        let occupant = Occupant::Account(AccountId(account));
        let brings =
            LineupSeat { occupant, name: "Ada".to_owned(), level: 1, rating: 0, items: Vec::new(), character: None };
        let body = CommandBody::Join { visit: MatchId(1_000 + account), brings: Box::new(brings) };
        Command { seat: Seat(seat), body }
    }

    fn leave(seat: u16) -> Command {
        Command { seat: Seat(seat), body: CommandBody::Leave }
    }

    fn ended(seat: u16, account: u64, visit: u64) -> EndedVisit {
        let grant = Grant { account: AccountId(account), ..Grant::nothing(Outcome::Extracted) };
        EndedVisit { seat: Seat(seat), visit: MatchId(visit), brought: Vec::new(), character: None, grant }
    }

    #[test]
    fn who_left_is_known_until_the_next_step_or_the_record() {
        let mut visitors = Visitors::default();
        visitors.follow(&[join(0, 70), join(1, 80), join(1, 99)]);
        visitors.follow(&[leave(0), leave(1), leave(5)]);
        let leaving: Vec<_> = visitors.leaving().map(|(seat, visit)| (seat, visit.account)).collect();
        assert_eq!(leaving, [(Seat(0), AccountId(70)), (Seat(1), AccountId(80))], "the first to take a seat has it");
        assert!(visitors.recorded(&ended(0, 70, 1_070)), "that one is on record");
        assert!(!visitors.clone().recorded(&ended(1, 99, 1_099)), "the other visit was somebody else's");
        let other = EndedVisit { character: Some(CharacterId(4)), ..ended(1, 80, 1_080) };
        assert!(!visitors.clone().recorded(&other), "and it brought no character");
        assert_eq!(visitors.leaving().count(), 1, "one of them is on record");
        visitors.follow(&[leave(1), join(0, 70), leave(0)]);
        assert_eq!(visitors.leaving().count(), 0, "nobody leaves twice, and no seat is given twice");
        let last: Vec<MatchId> = visitors.last_ids().collect();
        assert_eq!(last, [MatchId(1_099)], "also a number that was given in vain is never given again");
        let mut part = Part::first();
        visitors.write(&mut part);
        assert_eq!(Visitors::of(&part), visitors, "a part takes all of it over");
    }
}
