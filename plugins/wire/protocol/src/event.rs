//! What happens in a match, as clients are told.

use serde::{Deserialize, Serialize};

use crate::error::ErrorCode;
use crate::ids::NetId;

/// Something a client perceives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GameEvent {
    /// `target` lost `amount` hp to `source` (nobody: a hazard).
    Damaged {
        /// Who did it.
        source: NetId,
        /// Who was hit.
        target: NetId,
        /// Hit points lost.
        amount: u32,
        /// A critical hit.
        critical: bool,
    },
    /// `target` evaded `source`.
    Dodged {
        /// Who attacked.
        source: NetId,
        /// Who evaded.
        target: NetId,
    },
    /// `who` died.
    Died {
        /// Who.
        who: NetId,
        /// By whom; nobody: a hazard or giving up.
        by: NetId,
    },
    /// An effect begins on `who`.
    EffectBegan {
        /// Who.
        who: NetId,
        /// Index of the effect in the content.
        effect: u16,
    },
    /// An effect ends on `who`.
    EffectEnded {
        /// Who.
        who: NetId,
        /// Index of the effect in the content.
        effect: u16,
    },
    /// `who` stands in an open exit and will be out in `ticks`.
    ExtractionBegan {
        /// Who.
        who: NetId,
        /// How long it takes.
        ticks: u32,
    },
    /// `who` was hurt or left the exit.
    ExtractionBroken {
        /// Who.
        who: NetId,
    },
    /// `who` is out.
    Extracted {
        /// Who.
        who: NetId,
    },
    /// An exit opens or closes.
    ExitChanged {
        /// Its place in [`crate::ServerMessage::MatchStarted`].
        exit: u8,
        /// Open now.
        open: bool,
    },
    /// An act of this client was refused by the world.
    Refused {
        /// Its sequence.
        seq: u32,
        /// Why.
        code: ErrorCode,
    },
}
