//! Who takes part in a match: drawn up by the host, kept in the log, built upon by the kind.

use hypogeum_protocol::{AccountId, CharacterSheet, MatchId, StashedItem, codec};
use serde::{Deserialize, Deserializer, Serialize};

use crate::kind::{SeatBrief, ShardBrief};

/// Who sits in a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Occupant {
    /// A player, by account.
    Account(AccountId),
    /// A brain, in a seat that nobody took.
    Autopilot,
}

impl Occupant {
    /// The account of a player.
    #[must_use]
    pub const fn account(self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(account),
            Self::Autopilot => None,
        }
    }
}

/// What a match is made from besides its [`ShardConfig`](crate::ShardConfig): the setup of every
/// [`MatchKind`](crate::MatchKind). It names content by keys, so it means the same in every build. Seat n is entry n.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchLineup {
    /// Its name; the origin of every item found in it.
    pub match_id: MatchId,
    /// Key of the mode.
    pub mode: String,
    /// [`ModeRule::definition`](crate::ModeRule::definition), as it was when the match began.
    pub definition: String,
    /// Who takes part.
    pub seats: Vec<LineupSeat>,
    /// Who came together, by seat: those with the same number above 0 share a team, where the mode has teams. What is missing
    /// is 0: nobody's party. Not written where nobody came with anybody, as no log of former builds has it.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "parties_if_any")]
    pub parties: Vec<u16>,
}

/// What follows the seats; nothing where the bytes end there.
fn parties_if_any<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u16>, D::Error> {
    Ok(codec::vec_as_it_comes(deserializer).unwrap_or_default())
}

/// Who sits in a seat, and what it brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineupSeat {
    /// The account or autopilot in it.
    pub occupant: Occupant,
    /// Shown to others.
    pub name: String,
    /// Experience level, 1 and up.
    pub level: u32,
    /// Skill, as matchmaking knows it.
    pub rating: i32,
    /// What it brings, held in escrow.
    pub items: Vec<StashedItem>,
    /// The character it plays in an open shard, as it came out of the last one; `items` are then what that carries. `None`
    /// where an account plays under its own name, and in matches.
    pub character: Option<CharacterSheet>,
}

impl MatchLineup {
    /// What a host keeps in mind of it.
    #[must_use]
    pub fn brief(&self) -> ShardBrief {
        let seat = |seat: &LineupSeat| SeatBrief {
            occupant: seat.occupant,
            name: seat.name.clone(),
            items: seat.items.iter().map(|item| item.id).collect(),
        };
        ShardBrief { title: self.mode.clone(), seats: self.seats.iter().map(seat).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_seats_than_there_are_numbers_panic_nobody() {
        let seat = SeatBrief { occupant: Occupant::Account(AccountId(1)), name: String::new(), items: Vec::new() };
        let brief = ShardBrief { title: String::new(), seats: vec![seat; 70_000] };
        let numbered = brief.players().last().expect("there are some").0;
        assert_eq!((brief.players().count(), numbered.0), (65_536, u16::MAX), "those that have a number are told");
    }

    #[test]
    fn the_lineup_of_a_former_build_has_no_parties() {
        let seat = LineupSeat {
            occupant: Occupant::Account(AccountId(1)),
            name: "Ada".to_owned(),
            level: 1,
            rating: 1_500,
            items: Vec::new(),
            character: None,
        };
        let former = codec::encode(&(MatchId(9), "trio", "", vec![seat.clone()]));
        let mut lineup = MatchLineup {
            match_id: MatchId(9),
            mode: "trio".to_owned(),
            definition: String::new(),
            seats: vec![seat],
            parties: Vec::new(),
        };
        assert_eq!(codec::decode::<MatchLineup, 4_096>(&former).as_ref(), Ok(&lineup), "it is read");
        assert_eq!(codec::encode(&lineup), former, "and is the same bytes again");
        lineup.parties = vec![300];
        assert_eq!(
            codec::decode::<MatchLineup, 4_096>(&codec::encode(&lineup)).as_ref(),
            Ok(&lineup),
            "parties are kept"
        );
    }
}
