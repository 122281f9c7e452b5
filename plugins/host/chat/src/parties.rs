//! Who is in whose party, as whoever keeps parties says.

use std::fmt;

use bevy_ecs::prelude::Resource;
use hypogeum_protocol::AccountId;

/// A party, as far as it talks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its number: what is said in it is kept under that.
    pub id: u64,
    /// Everyone in it.
    pub members: Vec<AccountId>,
}

/// Keeps parties.
pub trait Parties: Send + Sync + 'static {
    /// The party that an account is in.
    fn party_of(&self, account: AccountId) -> Option<Party>;
}

/// Whom the chat asks about parties. By default it knows none; then the company that somebody keeps in a place of the world is its party.
#[derive(Resource)]
pub struct PartyLookup(pub Box<dyn Parties>);

struct NoParties;

impl Parties for NoParties {
    fn party_of(&self, _account: AccountId) -> Option<Party> {
        None
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
