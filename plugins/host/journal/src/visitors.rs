//! Who has which seat of an open shard, as its log says.

use std::collections::BTreeMap;

use hypogeum_protocol::{AccountId, Seat};
use hypogeum_shard::{Command, CommandBody};

/// Accounts in the seats of an open shard, and those that left in the last step without a record of their visit: it was
/// worth nothing, or a crash came first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Visitors {
    seated: BTreeMap<Seat, AccountId>,
    /// The lowest number that no seat has had: one that was somebody's before is never given again, as in the shard.
    next: u32,
    leaving: BTreeMap<Seat, AccountId>,
}

impl Visitors {
    /// Takes the commands of the next step.
    pub(crate) fn follow(&mut self, commands: &[Command]) {
        self.leaving.clear();
        for Command { seat, body } in commands {
            match body {
                CommandBody::Join(brings) => {
                    if u32::from(seat.0) < self.next {
                        continue;
                    }
                    self.next = u32::from(seat.0) + 1;
                    if let Some(account) = brings.occupant.account() {
                        self.seated.insert(*seat, account);
                    }
                }
                CommandBody::Leave => {
                    if let Some(account) = self.seated.remove(seat) {
                        self.leaving.insert(*seat, account);
                    }
                }
                _ => {}
            }
        }
    }

    /// The visit of a seat is on record.
    pub(crate) fn recorded(&mut self, seat: Seat) {
        self.leaving.remove(&seat);
    }

    /// Who left in the last step without a record, in the order of seats.
    pub(crate) fn leaving(&self) -> impl Iterator<Item = (Seat, AccountId)> {
        self.leaving.iter().map(|(seat, account)| (*seat, *account))
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_shard::{LineupSeat, Occupant};

    use super::*;

    fn join(seat: u16, account: u64) -> Command {
        let occupant = Occupant::Account(AccountId(account));
        let brings = LineupSeat { occupant, name: "Ada".to_owned(), level: 1, rating: 0, items: Vec::new() };
        Command { seat: Seat(seat), body: CommandBody::Join(Box::new(brings)) }
    }

    fn leave(seat: u16) -> Command {
        Command { seat: Seat(seat), body: CommandBody::Leave }
    }

    #[test]
    fn who_left_is_known_until_the_next_step_or_the_record() {
        let mut visitors = Visitors::default();
        visitors.follow(&[join(0, 70), join(1, 80), join(1, 99)]);
        visitors.follow(&[leave(0), leave(1), leave(5)]);
        let leaving: Vec<_> = visitors.leaving().collect();
        assert_eq!(leaving, [(Seat(0), AccountId(70)), (Seat(1), AccountId(80))], "the first to take a seat has it");
        visitors.recorded(Seat(0));
        assert_eq!(visitors.leaving().count(), 1, "one of them is on record");
        visitors.follow(&[leave(1), join(0, 70), leave(0)]);
        assert_eq!(visitors.leaving().count(), 0, "nobody leaves twice, and no seat is given twice");
    }
}
