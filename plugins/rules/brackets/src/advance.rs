//! What followed from a result.

use serde::{Deserialize, Serialize};

use crate::entrants::Entrant;
use crate::pairing::{Outcome, PairingId, Target};

/// One thing that followed. First comes what happened, in its order; then, from [`Self::RoundOver`] on, what holds now and
/// did not before.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Advance {
    /// A game of a series was won.
    GameWon {
        /// Of which series.
        pairing: PairingId,
        /// Games won by each side so far.
        wins: [u8; 2],
    },
    /// Will play no more. What it had to play yet is lost as soon as its opponent is known.
    Withdrew(Entrant),
    /// A pairing is over: by the last game, by forfeit, or as someone in it has withdrawn.
    Decided {
        /// Which one.
        pairing: PairingId,
        /// How it ended.
        outcome: Outcome,
    },
    /// An entrant's next pairing is known, but for what its opponent is; after a win or after a loss that is not the last.
    Moved {
        /// Who goes on.
        entrant: Entrant,
        /// To which side of which pairing.
        to: Target,
    },
    /// Has nothing more to play, and is not champion. Only in eliminations.
    Out(Entrant),
    /// Has nobody to play against in a round that has just been paired: as good as a win in a Swiss tournament, a rest in a
    /// round robin.
    Bye {
        /// Who rests.
        entrant: Entrant,
        /// In which round, from 1 on.
        round: u8,
    },
    /// All pairings of a round are over. In an elimination a later round may have begun before.
    RoundOver {
        /// From 1 on.
        round: u8,
    },
    /// A pairing can be played from now on.
    Ready(PairingId),
    /// Has won the tournament; third place may be open yet.
    Champion(Entrant),
    /// Nothing more will be played.
    Over,
}
