//! Friends and parties: where somebody is, what one does in a party, and who is in it.

use serde::{Deserialize, Serialize};

use crate::codec;
use crate::ids::AccountId;
use crate::limits;
use crate::readable;

/// Where somebody is, as far as others may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// Not connected, or nobody is to know.
    #[default]
    Offline,
    /// Connected, and in nothing.
    Online,
    /// In a match.
    InMatch {
        /// The key of its mode, at most [`limits::PLACE_BYTES_MAX`] bytes.
        mode: String,
    },
    /// In a place of the persistent world.
    InPlace {
        /// The key of the place, at most [`limits::PLACE_BYTES_MAX`] bytes.
        place: String,
    },
}

/// Where a friend is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FriendPresence {
    /// The friend.
    pub account: AccountId,
    /// Where it is, as far as it lets its friends know.
    pub whereabouts: Whereabouts,
}

/// What one does in a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyAct {
    /// Invites somebody who is here, as any member may. Who is in no party founds one, and leads it.
    Invite {
        /// The name of an account or character, whole; at most [`limits::NAME_BYTES_MAX`] bytes.
        name: String,
    },
    /// Takes an invitation, and leaves the party one is in.
    Accept {
        /// The party of the invitation.
        #[serde(deserialize_with = "readable::wide")]
        party: u64,
    },
    /// Puts an invitation away.
    Decline {
        /// The party of the invitation.
        #[serde(deserialize_with = "readable::wide")]
        party: u64,
    },
    /// Leaves the party. Where its leader leaves, who has been in it longest leads it.
    Leave,
    /// Puts somebody out of the party, as its leader may.
    Kick {
        /// Another member.
        account: AccountId,
    },
    /// Lets another member lead, as the leader may.
    Promote {
        /// Another member.
        account: AccountId,
    },
    /// Says what the party is about, as its leader may.
    Label {
        /// Empty: nothing. At most [`limits::PARTY_LABEL_BYTES_MAX`] bytes that can be read.
        label: String,
    },
}

impl PartyAct {
    /// Whether every length is within its bound.
    #[must_use]
    pub const fn in_range(&self) -> bool {
        match self {
            Self::Invite { name } => name.len() <= limits::NAME_BYTES_MAX,
            Self::Label { label } => label.len() <= limits::PARTY_LABEL_BYTES_MAX,
            Self::Accept { .. } | Self::Decline { .. } | Self::Leave | Self::Kick { .. } | Self::Promote { .. } => true,
        }
    }
}

/// Somebody in a party.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyMember {
    /// The member; it may be the leader, or oneself.
    pub account: AccountId,
    /// As others are shown it.
    pub name: String,
    /// Whether it is connected.
    pub is_here: bool,
}

/// A party, as its members see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyInfo {
    /// Its number, up to 2^53 - 1.
    #[serde(deserialize_with = "readable::wide")]
    pub party: u64,
    /// What it is about; empty: its leader has not said.
    pub label: String,
    /// Who leads it: one of its members.
    pub leader: AccountId,
    /// How many it takes.
    pub members_max: u8,
    /// Who has been in it longest comes first. At most [`limits::PARTY_MEMBERS_MAX`].
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub members: Vec<PartyMember>,
    /// Names of those who are invited and have not answered. At most [`limits::PARTY_INVITED_MAX`].
    #[serde(deserialize_with = "codec::vec_as_it_comes")]
    pub invited: Vec<String>,
}
