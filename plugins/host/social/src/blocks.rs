//! Who blocks whom, as far as those are here who do.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::{Message, Resource};
use hypogeum_protocol::AccountId;

/// Whom those block who are here.
#[derive(Resource, Debug, Default)]
pub struct Blocks(BTreeMap<AccountId, BTreeSet<AccountId>>);

/// Somebody blocks somebody, or does no longer, by the door of HTTP. Read in the tick in which it is written.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockChanged {
    /// Who blocks.
    pub account: AccountId,
    /// Whom.
    pub other: AccountId,
    /// `false`: no longer.
    pub is_blocked: bool,
}

impl Blocks {
    /// Whether a block of either stands between two: neither hears the other, invites it or is matched with it. What somebody has settled who is
    /// not here is not known.
    #[must_use]
    pub fn is_blocked(&self, one: AccountId, other: AccountId) -> bool {
        self.blocks(one, other) || self.blocks(other, one)
    }

    fn blocks(&self, account: AccountId, other: AccountId) -> bool {
        self.0.get(&account).is_some_and(|blocked| blocked.contains(&other))
    }

    pub(crate) fn set_all(&mut self, account: AccountId, blocked: impl IntoIterator<Item = AccountId>) {
        let blocked: BTreeSet<AccountId> = blocked.into_iter().collect();
        if blocked.is_empty() {
            self.0.remove(&account);
        } else {
            self.0.insert(account, blocked);
        }
    }

    pub(crate) fn set(&mut self, account: AccountId, other: AccountId, is_blocked: bool) {
        if is_blocked {
            self.0.entry(account).or_default().insert(other);
        } else if let Some(blocked) = self.0.get_mut(&account) {
            blocked.remove(&other);
            if blocked.is_empty() {
                self.0.remove(&account);
            }
        }
    }

    pub(crate) fn forget(&mut self, account: AccountId) {
        self.0.remove(&account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_either_stands_between_two() {
        let (ada, bob, eve) = (AccountId(1), AccountId(2), AccountId(3));
        let mut blocks = Blocks::default();
        blocks.set_all(ada, [bob]);
        assert!(blocks.is_blocked(ada, bob) && blocks.is_blocked(bob, ada), "whoever is asked first");
        assert!(!blocks.is_blocked(ada, eve), "others are not concerned");
        blocks.set(eve, ada, true);
        blocks.set(ada, bob, false);
        assert!(!blocks.is_blocked(ada, bob) && blocks.is_blocked(ada, eve), "each changes alone");
        blocks.forget(eve);
        assert!(!blocks.is_blocked(ada, eve), "who is gone is not known");
    }
}
