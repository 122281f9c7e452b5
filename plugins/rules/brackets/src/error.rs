//! What is refused. A refusal leaves a bracket as it was.

use thiserror::Error;

use crate::entrants::Entrant;
use crate::pairing::PairingId;
use crate::rules::{BEST_OF_MAX, ENTRANTS_MAX, ENTRANTS_MIN, LEGS_MAX};

/// Why a bracket cannot be, or why something cannot happen in it.
#[derive(Error, Clone, Copy, PartialEq, Eq, Debug)]
pub enum BracketError {
    /// Too few, or too many.
    #[error("{0} entrants are not from {ENTRANTS_MIN} to {ENTRANTS_MAX}")]
    Entrants(u8),
    /// The rules allow no byes, and the number of entrants needs some.
    #[error("{0} entrants cannot all be paired, and the rules allow no byes")]
    Byes(u8),
    /// A series of no such length is played.
    #[error("a series is best of an odd number up to {BEST_OF_MAX}, not of {0}")]
    BestOf(u8),
    /// A Swiss tournament of no rounds.
    #[error("a Swiss tournament has at least one round")]
    NoRounds,
    /// A round robin of none or of too many legs.
    #[error("{0} legs are not from 1 to {LEGS_MAX}")]
    Legs(u8),
    /// A length is given for the final of a format that has none.
    #[error("only eliminations have a final")]
    NoFinal,
    /// No pairing has this number, or none yet.
    #[error("there is no pairing {}", .0.0)]
    UnknownPairing(PairingId),
    /// Its outcome is known, or it is not needed.
    #[error("pairing {} is over", .0.0)]
    AlreadyOver(PairingId),
    /// A side is still to be decided, or its round is not open.
    #[error("pairing {} cannot be played yet", .0.0)]
    NotReady(PairingId),
    /// Somebody has to go on.
    #[error("pairing {} cannot be drawn: someone has to go on", .0.0)]
    NoDraws(PairingId),
    /// No entrant has this number.
    #[error("there is no entrant {}", .0.0)]
    UnknownEntrant(Entrant),
    /// The entrant is on neither side of the pairing.
    #[error("entrant {} is not in pairing {}", .entrant.0, .pairing.0)]
    NotInPairing {
        /// Who is asked for.
        entrant: Entrant,
        /// The pairing, in which two others meet.
        pairing: PairingId,
    },
    /// Nobody withdraws twice.
    #[error("entrant {} has withdrawn", .0.0)]
    AlreadyWithdrawn(Entrant),
    /// Nothing is left to withdraw from.
    #[error("the tournament is over")]
    Over,
}
