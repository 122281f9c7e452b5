//! Why a party does not queue, and why one still waits.

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
        /// The first of the party who is not.
        account: AccountId,
    },
    /// A member waits, or plays, or is in a place of the world.
    MemberBusy {
        /// The first of the party who does.
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

/// How a wait stands, and which of those nearest in rating fell to which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueWhy {
    /// Key of the mode that is waited for.
    pub mode: String,
    /// For how long this client has waited.
    pub waited_ms: u32,
    /// How much longer it may take, going by those who went last. `None`: nobody has gone, or they waited less than this client.
    pub estimate_ms: Option<u32>,
    /// Rating distance accepted now.
    pub window: u32,
    /// Rating distance accepted at first.
    pub window_start: u32,
    /// How much that grows each second.
    pub window_per_s: u32,
    /// And how far it grows.
    pub window_max: u32,
    /// People in line for the mode, the own party included.
    pub in_line: u16,
    /// Others in line that were looked at, the nearest in rating first, at most 256. A party is one. Each is one of the four that follow.
    pub looked_at: u16,
    /// This client might play with these.
    pub fitting: u16,
    /// Their rating is beyond its window.
    pub beyond_window: u16,
    /// Its rating is beyond their window.
    pub beyond_theirs: u16,
    /// They are parties for whom a match has no room beside it.
    pub too_many: u16,
}
