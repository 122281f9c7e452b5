//! Formats, what else a tournament is played by, and the limits of both.

use serde::{Deserialize, Serialize};

use crate::error::BracketError;

/// A duel is the smallest tournament.
pub const ENTRANTS_MIN: u8 = 2;
/// Six rounds of single elimination; a set of entrants is one machine word.
pub const ENTRANTS_MAX: u8 = 64;
/// Games in the longest series.
pub const BEST_OF_MAX: u8 = 9;
/// Home and away. At 64 entrants that is 4,032 pairings, the most any bracket has.
pub const LEGS_MAX: u8 = 2;

/// How entrants come to meet.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Who loses is out. Standard seeding: 1..n is folded, so that the sum of seeds is the same in each pairing and the
    /// best two can meet in the final only.
    SingleElimination {
        /// Those who lose a semifinal meet once more. Needs two semifinals, so four entrants; without them the one who
        /// lost the only semifinal is third.
        third_place: bool,
    },
    /// Who loses twice is out. The upper bracket is one of single elimination; its losers enter the lower bracket in each
    /// second of its rounds, crossed over so that a rematch comes as late as it can.
    DoubleElimination {
        /// Who comes from the upper bracket has not lost yet: where they lose the grand final, it is played once more.
        /// Without this the grand final decides, though its loser may have lost only once.
        grand_final_reset: bool,
    },
    /// All play in every round, against others of equal points (after FIDE's Dutch system, Handbook C.04.3, without
    /// colours): within a score group the upper half meets the lower half, who is left over meets the next group. A round
    /// is paired when the one before is over.
    Swiss {
        /// From 1 on. At most as many are played as everyone could play without meeting anyone twice: one fewer than
        /// entrants, or as many as entrants where their number is odd.
        rounds: u8,
    },
    /// Everyone meets everyone (the circle method, as in Berger tables). A round opens when the one before is over.
    RoundRobin {
        /// How often each two meet, 1..=[`LEGS_MAX`]; in the second leg the sides are swapped.
        legs: u8,
    },
}

impl Format {
    /// Losing means to be out, so nothing can be drawn.
    #[must_use]
    pub const fn is_elimination(self) -> bool {
        matches!(self, Self::SingleElimination { .. } | Self::DoubleElimination { .. })
    }
}

/// What a tournament is played by.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules {
    /// How entrants come to meet.
    pub format: Format,
    /// The most games of a series, odd and 1..=[`BEST_OF_MAX`]: who has won more than half of them has won it.
    pub best_of: u8,
    /// Another length for a final, a grand final and its reset. Formats without a final have none.
    pub final_best_of: Option<u8>,
    /// Whether some may rest for want of an opponent. Where not, an elimination needs a power of two, and the others need
    /// an even number of entrants.
    pub allows_byes: bool,
}

impl Rules {
    /// Whether these rules can be played by anyone, for who reads them long before anybody enters.
    ///
    /// # Errors
    /// A number out of its range, or a final's length in a format without one.
    pub fn check(&self) -> Result<(), BracketError> {
        let lengths = [Some(self.best_of), self.final_best_of];
        let is_length = |games: &u8| games % 2 == 1 && *games <= BEST_OF_MAX;
        if let Some(games) = lengths.into_iter().flatten().find(|games| !is_length(games)) {
            return Err(BracketError::BestOf(games));
        }
        match self.format {
            Format::Swiss { rounds: 0 } => Err(BracketError::NoRounds),
            Format::RoundRobin { legs } if !(1..=LEGS_MAX).contains(&legs) => Err(BracketError::Legs(legs)),
            format if self.final_best_of.is_some() && !format.is_elimination() => Err(BracketError::NoFinal),
            _ => Ok(()),
        }
    }

    /// Whether so many entrants can play by these rules.
    ///
    /// # Errors
    /// As [`Self::check`]; too few or too many; or a number that needs byes where none are allowed.
    pub fn check_entrants(&self, entrants: u8) -> Result<(), BracketError> {
        self.check()?;
        if !(ENTRANTS_MIN..=ENTRANTS_MAX).contains(&entrants) {
            return Err(BracketError::Entrants(entrants));
        }
        let comes_out_even =
            if self.format.is_elimination() { entrants.is_power_of_two() } else { entrants.is_multiple_of(2) };
        if comes_out_even || self.allows_byes { Ok(()) } else { Err(BracketError::Byes(entrants)) }
    }
}
