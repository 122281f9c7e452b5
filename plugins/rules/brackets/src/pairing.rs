//! Two who meet: where in the bracket, how it stands, and what it leads to.

use serde::{Deserialize, Serialize};

use crate::entrants::Entrant;

/// A pairing's number in its bracket: from 0, in the order in which pairings are shown, without gaps.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PairingId(pub u16);

/// A side of a pairing.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Side {
    /// The better seed in a first round; who comes from the upper bracket; who has more points.
    First,
    /// The other.
    Second,
}

impl Side {
    /// In the order in which a pairing lists them.
    pub const BOTH: [Self; 2] = [Self::First, Self::Second];

    /// The opponent's.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    /// What belongs to this side of a pair.
    #[must_use]
    pub const fn of<T: Copy>(self, pair: [T; 2]) -> T {
        let [first, second] = pair;
        match self {
            Self::First => first,
            Self::Second => second,
        }
    }

    pub(crate) const fn of_mut<T>(self, pair: &mut [T; 2]) -> &mut T {
        let [first, second] = pair;
        match self {
            Self::First => first,
            Self::Second => second,
        }
    }
}

/// Who is on a side, or who will be.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// It is known.
    Taken(Entrant),
    /// Who wins an earlier pairing.
    WinnerOf(PairingId),
    /// Who loses an earlier pairing.
    LoserOf(PairingId),
}

impl Slot {
    /// Who it is, where that is known.
    #[must_use]
    pub const fn entrant(self) -> Option<Entrant> {
        match self {
            Self::Taken(entrant) => Some(entrant),
            Self::WinnerOf(_) | Self::LoserOf(_) => None,
        }
    }
}

/// Where someone goes from a pairing.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Target {
    /// To which pairing.
    pub pairing: PairingId,
    /// On which side of it.
    pub side: Side,
}

/// What a pairing is called, for others to put into words.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// A round of single elimination before the quarterfinals, by how many it has room for: 16, 32 or 64.
    RoundOf(u8),
    /// One of up to four.
    Quarterfinal,
    /// One of up to two.
    Semifinal,
    /// Who lost the semifinals.
    ThirdPlace,
    /// Its winner is champion.
    Final,
    /// A round of the upper bracket, counted in it from 1.
    Upper(u8),
    /// Its winner is in the grand final.
    UpperFinal,
    /// A round of the lower bracket, counted in it from 1.
    Lower(u8),
    /// Its winner is in the grand final, on the second side.
    LowerFinal,
    /// The upper bracket's winner against the lower's.
    GrandFinal,
    /// The grand final once more, where the lower bracket's winner has won it.
    GrandFinalReset,
    /// Of a Swiss tournament: the round says it all.
    Swiss,
    /// Of a round robin.
    RoundRobin {
        /// From 1 on.
        leg: u8,
    },
}

impl Place {
    pub(crate) const fn is_final(self) -> bool {
        matches!(self, Self::Final | Self::GrandFinal | Self::GrandFinalReset)
    }
}

/// How a pairing ended.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// A side won more than half of the games.
    Played {
        /// Which one.
        winner: Side,
    },
    /// The other side gave it up, did not come, or has withdrawn.
    Forfeited {
        /// Who has it without having to win it.
        winner: Side,
    },
    /// Neither was there.
    BothGone {
        /// In an elimination the better seed goes on all the same; elsewhere it is a loss for both.
        goes_on: Option<Side>,
    },
    /// Neither won. Not in eliminations.
    Drawn,
    /// The grand final left nothing to decide.
    NotNeeded,
}

impl Outcome {
    /// The side that has won, or goes on.
    #[must_use]
    pub const fn winner(self) -> Option<Side> {
        match self {
            Self::Played { winner } | Self::Forfeited { winner } => Some(winner),
            Self::BothGone { goes_on } => goes_on,
            Self::Drawn | Self::NotNeeded => None,
        }
    }
}

/// Two who meet, now or later.
#[derive(Serialize, Deserialize, Clone, PartialEq, Eq, Debug)]
pub struct Pairing {
    /// Its number.
    pub id: PairingId,
    /// From 1 on. What a pairing waits for is in earlier rounds, so all of one round can be played at once. The upper and the
    /// lower bracket of a double elimination share this count.
    pub round: u8,
    /// What it is called.
    pub place: Place,
    /// Odd: who wins more than half of so many games has won.
    pub best_of: u8,
    /// Who meets, in the order of [`Side::BOTH`].
    pub sides: [Slot; 2],
    /// Games won by each side.
    pub wins: [u8; 2],
    /// How it ended, where it has.
    pub outcome: Option<Outcome>,
    /// Where its winner goes. None where that ends the way, and outside of eliminations.
    pub winner_to: Option<Target>,
    /// Where its loser goes. None where the loser is out, and outside of eliminations.
    pub loser_to: Option<Target>,
}

impl Pairing {
    pub(crate) const fn new(id: PairingId, round: u8, place: Place, best_of: u8, sides: [Slot; 2]) -> Self {
        Self { id, round, place, best_of, sides, wins: [0, 0], outcome: None, winner_to: None, loser_to: None }
    }

    /// Both, where both are known.
    #[must_use]
    pub fn entrants(&self) -> Option<[Entrant; 2]> {
        let [first, second] = self.sides;
        Some([first.entrant()?, second.entrant()?])
    }

    /// Who is on a side, where that is known.
    #[must_use]
    pub const fn entrant(&self, side: Side) -> Option<Entrant> {
        side.of(self.sides).entrant()
    }

    /// The side an entrant is on.
    #[must_use]
    pub fn side_of(&self, entrant: Entrant) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.entrant(*side) == Some(entrant))
    }

    /// The side that won or goes on, where it is over.
    #[must_use]
    pub fn winner(&self) -> Option<Side> {
        self.outcome.and_then(Outcome::winner)
    }
}
