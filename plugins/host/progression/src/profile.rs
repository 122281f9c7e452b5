//! What an account has.

use hypogeum_protocol::{AccountId, ItemId, MatchId, SettledReport, StashedItem};

use crate::level::level_of;
use crate::rating::Skill;

/// What an account has, at the moment it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whose it is.
    pub account: AccountId,
    /// The name as shown.
    pub name: String,
    /// Experience ever gained.
    pub xp: u64,
    /// Currency, 0 to [`CURRENCY_MAX`](hypogeum_economy::CURRENCY_MAX).
    pub currency: i64,
    /// How well it plays.
    pub skill: Skill,
    /// The stash, in the order of item ids. What a running match holds in escrow is not in it.
    pub stash: Vec<StashedItem>,
    /// How many items fit.
    pub stash_capacity: u32,
    /// Reports it has not acknowledged, oldest first: `StoreRequest::AcknowledgeReport` takes one off.
    pub unacknowledged: Vec<(MatchId, SettledReport)>,
}

impl Profile {
    /// The level its experience is enough for.
    #[must_use]
    pub fn level(&self) -> u32 {
        level_of(self.xp)
    }

    /// The rating as shown.
    #[must_use]
    pub fn rating(&self) -> i32 {
        self.skill.shown()
    }
}

/// What a new account is given, once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StarterKit {
    /// Template keys, one per item.
    pub templates: Vec<String>,
    /// Currency, 0 to [`CURRENCY_MAX`](hypogeum_economy::CURRENCY_MAX).
    pub currency: i64,
}

impl StarterKit {
    /// The items as `account` gets them, each with its name for ever.
    #[must_use]
    pub fn items_for(&self, account: AccountId) -> Vec<StashedItem> {
        let origin = ItemId::STARTER_BIT | account.0;
        let named = |(serial, template): (u32, &String)| StashedItem::new(ItemId { origin, serial }, template.clone());
        (1..).zip(&self.templates).map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starter_kit_gives_every_account_items_of_its_own() {
        let kit = StarterKit { templates: vec!["knife".into(), "knife".into()], currency: 0 };
        let mut names: Vec<_> =
            (1..=3).flat_map(|account| kit.items_for(AccountId(account))).map(|item| item.id).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 6, "three accounts with two items each hold six different items");
    }
}
