//! What a match changes for those who played it: pure arithmetic, done by the store inside its transaction.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_economy::CURRENCY_MAX;
use hypogeum_protocol::{AccountId, Grant, ItemId, MatchId, SettledReport, ShardId, StashedItem, limits};
use serde::{Deserialize, Serialize};

use crate::level::level_of;
use crate::rating::{Skill, rate_free_for_all};

/// Results one order lists: as many as clients a server has by default.
pub const SEATS_MAX: usize = 16_384;
/// Items one seat secures: as many as it can carry.
pub const ITEMS_SECURED_MAX: usize = limits::INVENTORY_ITEMS_MAX;
/// Most experience an account has; far beyond the highest level.
const XP_MAX: u64 = 1_000_000_000_000_000;

/// Everything the store needs to know about the end of a match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementOrder {
    /// The match, as its escrow was taken.
    pub match_id: MatchId,
    /// The shard in which it was earned: the origin of what was found there. A match is its own.
    pub shard: ShardId,
    /// One per account that played. Seats of nobody (account 0) are ignored.
    pub results: Vec<Grant>,
}

/// What makes an order nonsense. Nothing of such an order is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// More than [`SEATS_MAX`].
    #[error("{0} results, at most {SEATS_MAX} are possible")]
    TooManyResults(usize),
    /// One account, two results.
    #[error("two results for account {0}")]
    TwoResults(AccountId),
    /// Less than nothing earned.
    #[error("account {0} earned less than nothing")]
    NegativeCurrency(AccountId),
    /// More than [`ITEMS_SECURED_MAX`].
    #[error("account {0} secured more than {ITEMS_SECURED_MAX} items")]
    TooManyItems(AccountId),
    /// More than [`ITEMS_CHANGED_MAX`](limits::ITEMS_CHANGED_MAX).
    #[error("the result of account {0} changes too many items")]
    TooManyChanges(AccountId),
    /// Its body or its place is longer than it may be.
    #[error("the character of account {0} is too long")]
    CharacterTooLong(AccountId),
}

impl SettlementOrder {
    /// Of a match, which is a shard of its own.
    #[must_use]
    pub const fn of_match(match_id: MatchId, results: Vec<Grant>) -> Self {
        Self { match_id, shard: ShardId(match_id.0), results }
    }

    /// The results of accounts: seats of nobody are none of the store's business.
    pub fn accounts(&self) -> impl Iterator<Item = &Grant> {
        self.results.iter().filter(|result| result.account.0 != 0)
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first [`OrderError`] found.
    pub fn check(&self) -> Result<(), OrderError> {
        if self.results.len() > SEATS_MAX {
            return Err(OrderError::TooManyResults(self.results.len()));
        }
        let mut seen = BTreeSet::new();
        for result in self.accounts() {
            if !seen.insert(result.account) {
                return Err(OrderError::TwoResults(result.account));
            }
            if result.currency_gained < 0 {
                return Err(OrderError::NegativeCurrency(result.account));
            }
            if result.items_secured.len() > ITEMS_SECURED_MAX {
                return Err(OrderError::TooManyItems(result.account));
            }
            if result.items_changed.len() > limits::ITEMS_CHANGED_MAX {
                return Err(OrderError::TooManyChanges(result.account));
            }
            if result.character.as_ref().is_some_and(|character| !character.is_within_limits()) {
                return Err(OrderError::CharacterTooLong(result.account));
            }
        }
        Ok(())
    }
}

/// What an account has before the settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// Experience in all, which its level follows from.
    pub xp: u64,
    /// Currency in its wallet, 0 and up.
    pub currency: i64,
    /// Skill as it was rated last.
    pub skill: Skill,
    /// Items that still fit into the stash. What it brought left room there.
    pub stash_free: u32,
}

/// An item the match holds in escrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EscrowedItem {
    /// Who brought it.
    pub owner: AccountId,
    /// The item, with the template the store knows.
    pub item: StashedItem,
}

/// What an account has after its settlement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatSettlement {
    /// The account that is settled.
    pub account: AccountId,
    /// The report it is sent.
    pub report: SettledReport,
    /// Experience after it.
    pub xp: u64,
    /// Currency after it; the report says by how much it grew.
    pub currency: i64,
    /// Skill after it.
    pub skill: Skill,
    /// What goes into its stash.
    pub kept: Vec<StashedItem>,
    /// Items that did not fit and are lost, or that it had no right to.
    pub turned_away: u32,
}

/// Computes what every account of `order` with a balance gets at the end of a match, in the order of the results: what
/// [`settle_seats`] gives it, and its new rating.
#[must_use]
pub fn settle(
    order: &SettlementOrder,
    balances: &BTreeMap<AccountId, Balance>,
    escrow: &[EscrowedItem],
) -> Vec<SeatSettlement> {
    let skills = rate(order, balances);
    let mut settlements = settle_seats(order, balances, escrow);
    for settlement in &mut settlements {
        if let Some(skill) = skills.get(&settlement.account) {
            settlement.skill = *skill;
            settlement.report.rating = skill.shown();
        }
    }
    settlements
}

/// The skill that every account of `order` with a balance has after a match. It takes the results of all: until the last
/// seat is done, nobody's place among them is known.
#[must_use]
pub fn rate(order: &SettlementOrder, balances: &BTreeMap<AccountId, Balance>) -> BTreeMap<AccountId, Skill> {
    let seats: Vec<(&Grant, &Balance)> = seated(order, balances).collect();
    let skills: Vec<_> = seats.iter().map(|(result, balance)| (balance.skill, result.placement)).collect();
    seats.iter().map(|(result, _)| result.account).zip(rate_free_for_all(&skills)).collect()
}

/// The results of accounts that have a balance.
fn seated<'a>(
    order: &'a SettlementOrder,
    balances: &'a BTreeMap<AccountId, Balance>,
) -> impl Iterator<Item = (&'a Grant, &'a Balance)> {
    order.accounts().filter_map(|result| Some((result, balances.get(&result.account)?)))
}

/// Computes what seats get, in the order of the results; ratings stay as they are. Enough for seats that are done while
/// their match goes on.
///
/// An item is kept once, by the first who secured it, and only where the match can have given it: it was brought into
/// this match by someone (then the store's word on its template counts, and the shard's on its state), or the shard minted
/// it (its `origin` is the shard). Brought items go into the stash before found ones. What does not fit is lost.
#[must_use]
pub fn settle_seats(
    order: &SettlementOrder,
    balances: &BTreeMap<AccountId, Balance>,
    escrow: &[EscrowedItem],
) -> Vec<SeatSettlement> {
    let mut held: BTreeMap<ItemId, &StashedItem> = escrow.iter().map(|held| (held.item.id, &held.item)).collect();
    let mut minted = BTreeSet::new();

    seated(order, balances)
        .map(|(result, balance)| {
            let room = usize::try_from(balance.stash_free).unwrap_or(usize::MAX);
            let mut kept = Vec::new();
            let mut found = Vec::new();
            for secured in &result.items_secured {
                if let Some(brought) = held.remove(&secured.id) {
                    kept.push(StashedItem { state: secured.state, ..(*brought).clone() });
                } else if secured.id.origin == order.shard.0 && minted.insert(secured.id) {
                    found.push(secured.clone());
                }
            }
            kept.append(&mut found);
            kept.truncate(room);
            let turned_away = result.items_secured.len() - kept.len();
            let xp = balance.xp.saturating_add(u64::from(result.xp_gained)).min(XP_MAX);
            let currency = balance.currency.saturating_add(result.currency_gained).min(CURRENCY_MAX);
            SeatSettlement {
                account: result.account,
                report: SettledReport {
                    outcome: result.outcome,
                    kills: result.kills,
                    damage_dealt: result.damage_dealt,
                    xp_gained: result.xp_gained,
                    level: level_of(xp),
                    items_secured: count(kept.len()),
                    currency_gained: currency - balance.currency,
                    rating: balance.skill.shown(),
                },
                xp,
                currency,
                skill: balance.skill,
                kept,
                turned_away: count(turned_away),
            }
        })
        .collect()
}

fn count(items: usize) -> u32 {
    u32::try_from(items).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use hypogeum_protocol::Outcome;

    use super::*;

    const MATCH: MatchId = MatchId(9);
    const ADA: AccountId = AccountId(1);
    const BOB: AccountId = AccountId(2);

    fn item(origin: u64, serial: u32) -> StashedItem {
        StashedItem::new(ItemId { origin, serial }, "knife")
    }

    fn result(account: AccountId, placement: u16, items_secured: Vec<StashedItem>) -> Grant {
        Grant {
            account,
            outcome: if items_secured.is_empty() { Outcome::Died } else { Outcome::Extracted },
            kills: 2,
            damage_dealt: 70,
            xp_gained: 150,
            currency_gained: 30,
            placement,
            items_secured,
            items_changed: Vec::new(),
            character: None,
        }
    }

    fn order(results: Vec<Grant>) -> SettlementOrder {
        SettlementOrder::of_match(MATCH, results)
    }

    fn balances(stash_free: u32) -> BTreeMap<AccountId, Balance> {
        let balance = Balance { xp: 0, currency: 5, skill: Skill::default(), stash_free };
        [(ADA, balance), (BOB, balance)].into()
    }

    fn ids(settlement: &SeatSettlement) -> Vec<ItemId> {
        settlement.kept.iter().map(|item| item.id).collect()
    }

    #[test]
    fn a_survivor_keeps_what_it_brought_found_and_took_from_the_dead() {
        let escrow = [EscrowedItem { owner: ADA, item: item(3, 1) }, EscrowedItem { owner: BOB, item: item(3, 2) }];
        let order = order(vec![result(ADA, 1, vec![item(9, 1), item(3, 1), item(3, 2)]), result(BOB, 2, vec![])]);
        let settled = settle(&order, &balances(10), &escrow);
        assert_eq!(
            ids(&settled[0]),
            [item(3, 1).id, item(3, 2).id, item(9, 1).id],
            "brought items come before found ones"
        );
        assert!(settled[1].kept.is_empty(), "the dead keep nothing");
        assert_eq!((settled[0].xp, settled[0].report.level), (150, 2), "150 xp are enough for level 2");
        assert_eq!((settled[0].currency, settled[0].report.currency_gained), (35, 30), "the wallet grew by 30");
        assert!(settled[0].report.rating > settled[1].report.rating, "the winner is rated above the loser");
    }

    #[test]
    fn a_seat_that_is_done_early_gets_all_but_its_rating() {
        let escrow = [EscrowedItem { owner: ADA, item: item(3, 1) }];
        let whole = order(vec![result(ADA, 1, vec![item(3, 1)]), result(BOB, 2, vec![])]);
        let early = order(vec![result(ADA, 1, vec![item(3, 1)])]);
        let (alone, at_the_end) = (settle_seats(&early, &balances(9), &escrow), settle(&whole, &balances(9), &escrow));
        assert_eq!((alone[0].xp, alone[0].currency), (at_the_end[0].xp, at_the_end[0].currency), "it earns the same");
        assert_eq!(alone[0].kept, at_the_end[0].kept, "and keeps the same");
        assert_eq!(alone[0].skill, Skill::default(), "how good that was is known at the end");
        assert_eq!(rate(&whole, &balances(9))[&ADA], at_the_end[0].skill, "and is then what it would have been");
    }

    #[test]
    fn nobody_keeps_an_item_of_another_match_or_one_item_twice() {
        let order =
            order(vec![result(ADA, 1, vec![item(8, 1), item(9, 1), item(9, 1)]), result(BOB, 1, vec![item(9, 1)])]);
        let settled = settle(&order, &balances(10), &[]);
        assert_eq!(ids(&settled[0]), [item(9, 1).id], "only the item this match minted is kept, and once");
        assert_eq!(settled[0].turned_away, 2, "the other two are turned away");
        assert!(settled[1].kept.is_empty(), "who comes second gets nothing");
    }

    #[test]
    fn the_store_knows_the_template_of_what_was_brought() {
        let mut lie = item(3, 1);
        lie.template = "crown".into();
        let settled = settle(
            &order(vec![result(ADA, 1, vec![lie])]),
            &balances(9),
            &[EscrowedItem { owner: ADA, item: item(3, 1) }],
        );
        assert_eq!(settled[0].kept[0].template, "knife", "an order cannot turn a knife into a crown");
    }

    #[test]
    fn what_does_not_fit_is_lost_and_not_reported_as_secured() {
        let secured = vec![item(9, 1), item(9, 2), item(3, 1)];
        let escrow = [EscrowedItem { owner: ADA, item: item(3, 1) }];
        let settled = settle(&order(vec![result(ADA, 1, secured)]), &balances(2), &escrow);
        assert_eq!(ids(&settled[0]), [item(3, 1).id, item(9, 1).id], "what was brought goes in first");
        assert_eq!((settled[0].report.items_secured, settled[0].turned_away), (2, 1), "two kept, one lost");
    }

    #[test]
    fn a_full_wallet_takes_no_more() {
        let mut balances = balances(0);
        balances.get_mut(&ADA).unwrap().currency = CURRENCY_MAX - 10;
        let settled = settle(&order(vec![result(ADA, 1, vec![])]), &balances, &[]);
        assert_eq!(settled[0].report.currency_gained, 10, "only what fits is gained");
    }

    #[test]
    fn contradictory_orders_are_refused() {
        let twice = order(vec![result(ADA, 1, vec![]), result(ADA, 2, vec![])]);
        assert_eq!(twice.check(), Err(OrderError::TwoResults(ADA)), "one account has one result");
        let mut debt = order(vec![result(BOB, 1, vec![])]);
        debt.results[0].currency_gained = -1;
        assert_eq!(debt.check(), Err(OrderError::NegativeCurrency(BOB)), "nobody earns a debt");
        let hoard = order(vec![result(ADA, 1, (0..65).map(|serial| item(9, serial)).collect())]);
        assert_eq!(hoard.check(), Err(OrderError::TooManyItems(ADA)), "nobody carries 65 items");
        let nobodies = order(vec![result(AccountId(0), 1, vec![]), result(AccountId(0), 1, vec![])]);
        assert_eq!(nobodies.check(), Ok(()), "filled seats are ignored");
    }
}
