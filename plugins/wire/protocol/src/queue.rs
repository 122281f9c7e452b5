//! Why a party does not queue.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// What of a party was in the way when its leader, or another member, wanted to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueRefusal {
    /// Only the leader queues for a party.
    NotLeader {
        /// Who leads it.
        leader: AccountId,
    },
    /// It has more members than the mode takes of one party.
    PartyTooLarge {
        /// How many it has.
        members: u16,
        /// How many it may have.
        members_max: u16,
    },
    /// A member is not connected.
    MemberAway {
        /// Who.
        account: AccountId,
    },
    /// A member waits, or plays, or is in a place of the world.
    MemberBusy {
        /// Who.
        account: AccountId,
    },
    /// The ratings of its best and its worst member are further apart than the mode allows.
    RatingsTooWide {
        /// How far they are apart.
        spread: u32,
        /// How far they may be.
        spread_max: u32,
    },
}
