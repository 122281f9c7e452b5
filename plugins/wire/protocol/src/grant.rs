//! What somebody gets out of a shard: read off its world, kept in its log, given by the store.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, ItemId};
use crate::parts::{Outcome, StashItem};

/// An item outside all shards.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StashedItem {
    /// Its name for ever.
    pub id: ItemId,
    /// Key of its template.
    pub template: String,
}

impl From<StashedItem> for StashItem {
    fn from(item: StashedItem) -> Self {
        Self { item: item.id, template: item.template }
    }
}

impl Grant {
    /// A grant of nothing, for nobody, at the first place: the base of others.
    #[must_use]
    pub const fn nothing(outcome: Outcome) -> Self {
        Self {
            account: AccountId(0),
            outcome,
            kills: 0,
            damage_dealt: 0,
            xp_gained: 0,
            currency_gained: 0,
            placement: 1,
            items_secured: Vec::new(),
        }
    }
}

/// What a shard was worth for one seat, and how it went there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Whose; 0 for a seat that nobody took: nothing is given to it.
    pub account: AccountId,
    /// How it ended.
    pub outcome: Outcome,
    /// Players and NPCs killed.
    pub kills: u32,
    /// Hit points taken off others.
    pub damage_dealt: u32,
    /// Experience earned, to be added to the account's.
    pub xp_gained: u32,
    /// Currency earned, not negative.
    pub currency_gained: i64,
    /// Place among all seats, 1 is best; equal places are a draw. Final once the shard is over.
    pub placement: u16,
    /// What it got out with: brought, found, or taken from others, in the order of names in the shard. Everything else
    /// that was brought is lost.
    pub items_secured: Vec<StashedItem>,
}
