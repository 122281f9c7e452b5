//! Who is in whose party, as whoever keeps parties says.

use std::fmt;

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::AccountId;

/// A party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its number: what is said in it is kept under that.
    pub id: u64,
    /// Who leads it: one of its members.
    pub leader: AccountId,
    /// Everyone in it. Who has been in it longest comes first.
    pub members: Vec<AccountId>,
}

/// Keeps parties.
pub trait Parties: Send + Sync + 'static {
    /// The party that an account is in.
    fn party_of(&self, account: AccountId) -> Option<Party>;

    /// Another number than before once somebody has come into a party, has left one, or leads one since.
    fn revision(&self) -> u64;
}

/// Whom others ask about parties. By default it knows none.
#[derive(Resource)]
pub struct PartyLookup(pub Box<dyn Parties>);

struct NoParties;

impl Parties for NoParties {
    fn party_of(&self, _account: AccountId) -> Option<Party> {
        None
    }

    fn revision(&self) -> u64 {
        0
    }
}

impl Default for PartyLookup {
    fn default() -> Self {
        Self(Box::new(NoParties))
    }
}

impl fmt::Debug for PartyLookup {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PartyLookup")
    }
}
