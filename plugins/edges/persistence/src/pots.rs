//! Fees, refunds and prizes of games that people enter. Each coin stands in the ledger: what an account pays goes to the house, what it
//! gets comes from it, and what nobody gets stays there.

use std::collections::BTreeMap;

use hypogeum_creature_messages::{CreatureId, CreatureResult, GameId};
use hypogeum_economy::CURRENCY_MAX;
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::prize;

use crate::entry_rows::{accounts_of, entries, find};
use crate::grants::enter;
use crate::holdings::{lock_holdings, set_wallet};
use crate::refusal::Refusal;
use crate::rows::signed;
use crate::transaction::Transaction;

/// What the ledger calls a fee.
pub(crate) fn entry_event(game: GameId) -> String {
    format!("game-entry:{game}")
}

/// What the ledger calls a fee that is given back.
pub(crate) fn refund_event(game: GameId) -> String {
    format!("game-refund:{game}")
}

/// What the ledger calls a prize.
fn prize_event(game: GameId) -> String {
    format!("game-prize:{game}")
}

/// Wallets into which something is paid. One that is full takes no more, as after a match: what does not fit stays with the house, and nobody
/// else has to wait for it.
pub(crate) struct Wallets {
    currency: BTreeMap<AccountId, i64>,
    gained: BTreeMap<AccountId, i64>,
}

impl Wallets {
    /// Locks accounts in the order of their numbers, and reads what they have.
    pub(crate) async fn lock(changes: &mut Transaction, accounts: &[AccountId]) -> Result<Self, Refusal> {
        let holdings = lock_holdings(changes, accounts).await?;
        let currency = holdings.into_iter().map(|(account, holding)| (account, holding.currency)).collect();
        Ok(Self { currency, gained: BTreeMap::new() })
    }

    /// Pays an amount, 0 or more. Returns what of it fits.
    pub(crate) fn credit(&mut self, account: AccountId, amount: i64) -> i64 {
        let Some(&currency) = self.currency.get(&account) else { return 0 };
        let gained = self.gained.entry(account).or_default();
        let room = CURRENCY_MAX.saturating_sub(currency.saturating_add(*gained)).max(0);
        let paid = amount.clamp(0, room);
        *gained = gained.saturating_add(paid);
        paid
    }

    /// Writes what was paid.
    pub(crate) async fn keep(self, changes: &mut Transaction, event: &str) -> Result<(), Refusal> {
        for (account, gained) in self.gained.iter().filter(|(_, gained)| **gained != 0) {
            let currency = self.currency.get(account).copied().unwrap_or_default();
            set_wallet(changes, *account, currency.saturating_add(*gained)).await?;
        }
        enter(changes, self.gained, event).await
    }
}

/// Pays the prizes of a game that is over. It is locked, with those who are in it; one that nobody has entered has none.
pub(crate) async fn pay(changes: &mut Transaction, id: GameId, results: &[CreatureResult]) -> Result<(), Refusal> {
    let Some(game) = find(changes, id).await? else { return Ok(()) };
    let entries = entries(changes, id).await?;
    let results: BTreeMap<CreatureId, &CreatureResult> =
        results.iter().rev().map(|result| (result.creature, result)).collect();
    let fees: i64 = entries.iter().map(|row| row.fee).sum();
    let pot = fees.saturating_add(game.terms.purse);
    let mut wallets = Wallets::lock(changes, &accounts_of(&entries)).await?;
    for row in &entries {
        let won = results
            .get(&row.entry.creature)
            .map_or(0, |result| prize(pot, &game.terms.prizes_percent, (result.rank, result.sharing)));
        let paid = wallets.credit(row.entry.account, won);
        changes.run("UPDATE game_entries SET prize = $1 WHERE id = $2", &[paid.into(), row.id.into()]).await?;
    }
    wallets.keep(changes, &prize_event(id)).await?;
    close(changes, id, game.terms.purse).await
}

/// Notes what of fees and purse nobody got.
pub(crate) async fn close(changes: &mut Transaction, game: GameId, purse: i64) -> Result<(), Refusal> {
    let close = "UPDATE game_terms SET burnt = $2 + CAST(
            (SELECT COALESCE(SUM(fee - COALESCE(refund, 0) - COALESCE(prize, 0)), 0) FROM game_entries WHERE game = $1)
            AS BIGINT)
         WHERE game = $1";
    changes.run(close, &[signed(game.0).into(), purse.into()]).await.map(drop)
}
