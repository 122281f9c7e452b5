//! Who blocks whom, as far as those are here who do.

use std::collections::{BTreeMap, BTreeSet};

use bevy_ecs::prelude::{Message, Resource};
use hypogeum_protocol::AccountId;

/// Whom those block who are here.
#[derive(Resource, Debug, Default)]
pub struct Blocks {
    /// Whom each blocks.
    blocked: BTreeMap<AccountId, BTreeSet<AccountId>>,
    /// The same from the other side: by whom each is blocked.
    blockers: BTreeMap<AccountId, BTreeSet<AccountId>>,
}

/// Somebody blocks somebody, or does no longer, by the door of HTTP. Read in the tick in which it is written.
#[derive(Message, Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockChanged {
    /// Who blocks.
    pub account: AccountId,
    /// Who is blocked.
    pub other: AccountId,
    /// `false`: no longer.
    pub is_blocked: bool,
}

impl Blocks {
    /// Whether a block of either stands between two: neither hears the other or invites it. What somebody has settled who is
    /// not here is not known.
    #[must_use]
    pub fn is_blocked(&self, one: AccountId, other: AccountId) -> bool {
        self.blocks(one, other) || self.blocks(other, one)
    }

    /// Whether nobody who is here blocks anybody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocked.is_empty()
    }

    /// Everyone between whom and an account a block of either stands. Who blocks and is blocked is named twice.
    pub fn around(&self, account: AccountId) -> impl Iterator<Item = AccountId> {
        let both = [self.blocked.get(&account), self.blockers.get(&account)];
        both.into_iter().flatten().flatten().copied()
    }

    fn blocks(&self, account: AccountId, other: AccountId) -> bool {
        self.blocked.get(&account).is_some_and(|blocked| blocked.contains(&other))
    }

    pub(crate) fn set_all(&mut self, account: AccountId, blocked: impl IntoIterator<Item = AccountId>) {
        self.forget(account);
        blocked.into_iter().for_each(|other| self.set(account, other, true));
    }

    /// Notes that somebody who is here blocks somebody, or does no longer.
    pub fn set(&mut self, account: AccountId, other: AccountId, is_blocked: bool) {
        if is_blocked {
            self.blocked.entry(account).or_default().insert(other);
            self.blockers.entry(other).or_default().insert(account);
        } else {
            take(&mut self.blocked, account, other);
            take(&mut self.blockers, other, account);
        }
    }

    pub(crate) fn forget(&mut self, account: AccountId) {
        for other in self.blocked.remove(&account).unwrap_or_default() {
            take(&mut self.blockers, other, account);
        }
    }
}

/// Takes one out of a set of another; no empty set stays.
fn take(sets: &mut BTreeMap<AccountId, BTreeSet<AccountId>>, of: AccountId, one: AccountId) {
    let Some(set) = sets.get_mut(&of) else { return };
    set.remove(&one);
    if set.is_empty() {
        sets.remove(&of);
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
        assert_eq!(
            [ada, bob].map(|one| blocks.around(one).collect::<Vec<_>>()),
            [vec![bob], vec![ada]],
            "from both sides"
        );
        blocks.set(eve, ada, true);
        blocks.set(ada, bob, false);
        assert!(!blocks.is_blocked(ada, bob) && blocks.is_blocked(ada, eve), "each changes alone");
        blocks.forget(eve);
        assert!(!blocks.is_blocked(ada, eve), "who is gone is not known");
        assert!(blocks.is_empty() && blocks.around(ada).next().is_none(), "from neither side");
    }
}
