//! Who is in a shard that players enter and leave while it runs.

use std::collections::BTreeMap;

use bevy_app::App;
use bevy_ecs::prelude::{IntoScheduleConfigs, Res, ResMut, Resource};
use hypogeum_protocol::{MatchId, Seat};
use serde::{Deserialize, Serialize};

use crate::{CommandBody, Inbox, LineupSeat, ResourceState, ShardApp, ShardSchedule, ShardSystems};

/// Everyone who is in an open shard. The kernel keeps it by [`CommandBody::Join`] and [`CommandBody::Leave`], before the first
/// stage of a step: those who enter are in it in that step already, and those who leave are not any more. The body of a character is
/// the kind's from the [`CommandBody::Join`] on, and none is kept here.
#[derive(Resource, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupants {
    seats: BTreeMap<Seat, (MatchId, LineupSeat)>,
    /// The lowest number that no seat has had.
    next: u32,
}

impl ResourceState for Occupants {
    const NAME: &'static str = "occupants";
}

impl Occupants {
    /// Everyone, by rising seats.
    pub fn iter(&self) -> impl Iterator<Item = (Seat, &LineupSeat)> {
        self.seats.iter().map(|(seat, (_, occupant))| (*seat, occupant))
    }

    /// Who sits in a seat.
    #[must_use]
    pub fn get(&self, seat: Seat) -> Option<&LineupSeat> {
        self.seats.get(&seat).map(|(_, occupant)| occupant)
    }

    /// The number of the visit of whoever sits in a seat.
    #[must_use]
    pub fn visit_of(&self, seat: Seat) -> Option<MatchId> {
        self.seats.get(&seat).map(|(visit, _)| *visit)
    }

    /// The number of the next seat: 0 and up, in the order of entering. 65,536 and more have no seat left to take.
    #[must_use]
    pub const fn next_seat(&self) -> u32 {
        self.next
    }

    /// Seats somebody, unless the number was somebody's before.
    fn enter(&mut self, seat: Seat, visit: MatchId, occupant: &LineupSeat) {
        if u32::from(seat.0) >= self.next {
            self.next = u32::from(seat.0) + 1;
            let mut occupant = occupant.clone();
            if let Some(character) = &mut occupant.character {
                character.body = Vec::new();
            }
            self.seats.insert(seat, (visit, occupant));
        }
    }
}

/// Lets a shard have [`Occupants`]: anyone who builds one of an open kind calls this.
pub(crate) fn register(app: &mut App) {
    app.register_resource_state::<Occupants>().add_systems(ShardSchedule, keep_occupants.before(ShardSystems::Apply));
}

fn keep_occupants(inbox: Res<Inbox>, mut occupants: ResMut<Occupants>) {
    for command in &inbox.0 {
        match &command.body {
            CommandBody::Join { visit, brings } => occupants.enter(command.seat, *visit, brings),
            // Unchanged where nobody sat there, so that no other hash is worked out.
            CommandBody::Leave if occupants.seats.contains_key(&command.seat) => {
                occupants.seats.remove(&command.seat);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::AccountId;

    use super::*;
    use crate::Occupant;

    fn occupant(account: u64) -> LineupSeat {
        let occupant = Occupant::Account(AccountId(account));
        LineupSeat {
            occupant,
            name: format!("player{account}"),
            level: 1,
            rating: 0,
            items: Vec::new(),
            character: None,
        }
    }

    #[test]
    fn a_number_is_given_once() {
        let mut occupants = Occupants::default();
        occupants.enter(Seat(0), MatchId(1), &occupant(1));
        occupants.enter(Seat(2), MatchId(2), &occupant(2));
        assert_eq!(occupants.next_seat(), 3, "numbers rise");
        occupants.seats.remove(&Seat(2));
        occupants.enter(Seat(2), MatchId(3), &occupant(3));
        occupants.enter(Seat(1), MatchId(3), &occupant(3));
        assert_eq!(
            occupants.iter().map(|(seat, _)| seat).collect::<Vec<_>>(),
            [Seat(0)],
            "nobody sits where somebody sat"
        );
        assert_eq!(occupants.visit_of(Seat(0)), Some(MatchId(1)), "whose visit it is stays as it was");
    }
}
