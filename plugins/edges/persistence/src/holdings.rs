//! What accounts have to trade with: wallets, room, and items that move only where they still are.

use std::collections::BTreeMap;

use hypogeum_economy::{CURRENCY_MAX, EconomyError, ItemVersion};
use hypogeum_protocol::AccountId;

use crate::refusal::Refusal;
use crate::rows::{signed, table, unsigned};
use crate::sql::{Bind, Row};
use crate::transaction::Transaction;

/// What an account has, read while nobody else changes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holding {
    pub(crate) currency: i64,
    pub(crate) stashed: u32,
    pub(crate) stash_capacity: u32,
}

impl Holding {
    /// The wallet after `gained`, which may be below zero.
    pub(crate) fn wallet_after(&self, gained: i64) -> Result<i64, EconomyError> {
        let after = self.currency.checked_add(gained).ok_or(EconomyError::InvalidAmount(gained))?;
        if after < 0 {
            return Err(EconomyError::NotEnough { needed: gained.saturating_neg(), found: self.currency });
        }
        if after > CURRENCY_MAX { Err(EconomyError::WalletFull) } else { Ok(after) }
    }

    /// Whether so many items fit when so many others leave. A stash that is too full already may shrink.
    pub(crate) fn check_room(&self, coming: usize, leaving: usize) -> Result<(), EconomyError> {
        let (coming, leaving) = (coming as u64, leaving as u64);
        let after = (u64::from(self.stashed) + coming).saturating_sub(leaving);
        let fits = coming <= leaving || after <= u64::from(self.stash_capacity);
        if fits { Ok(()) } else { Err(EconomyError::StashFull) }
    }
}

/// Locks accounts in the order of their numbers, and reads what they have; one that does not exist is missing.
pub(crate) async fn lock_holdings(
    changes: &mut Transaction,
    accounts: &[AccountId],
) -> Result<BTreeMap<AccountId, Holding>, Refusal> {
    let asked = table(&accounts.iter().map(|account| signed(account.0)).collect::<Vec<_>>())?;
    changes.lock_accounts(&asked).await?;
    let holdings = "SELECT account, currency, stash_capacity,
                (SELECT COUNT(*) FROM items WHERE items.account = profiles.account AND place = 'stash'
                    AND character IS NULL) AS stashed
         FROM profiles WHERE account IN (SELECT CAST(value AS BIGINT) FROM json_each($1))";
    let holding = |row: &Row| {
        let holding = Holding {
            currency: row.number("currency")?,
            stashed: row.small("stashed")?,
            stash_capacity: row.small("stash_capacity")?,
        };
        Ok((AccountId(unsigned(row.number("account")?)), holding))
    };
    changes.rows(holdings, &[asked.into()]).await?.iter().map(holding).collect()
}

/// Sets a wallet; the ledger's entries are written beside it.
pub(crate) async fn set_wallet(changes: &mut Transaction, account: AccountId, currency: i64) -> Result<(), Refusal> {
    let set = "UPDATE profiles SET currency = $1 WHERE account = $2";
    changes.run(set, &[currency.into(), signed(account.0).into()]).await?;
    Ok(())
}

/// The item's name and the version it was seen at, and its owner, as the statements below find them.
fn binds(owner: AccountId, seen: ItemVersion) -> [Bind; 4] {
    let ItemVersion { item, version } = seen;
    [signed(item.origin).into(), i64::from(item.serial).into(), signed(version).into(), signed(owner.0).into()]
}

/// Moves an item from the stash of `from` to that of `to` if it is there as it was seen, and not bound.
pub(crate) async fn move_item(
    changes: &mut Transaction,
    seen: ItemVersion,
    from: AccountId,
    to: AccountId,
) -> Result<(), Refusal> {
    let [origin, serial, version, owner] = binds(from, seen);
    let step = "UPDATE items SET account = $5, version = version + 1
         WHERE origin = $1 AND serial = $2 AND version = $3 AND account = $4 AND place = 'stash'
            AND character IS NULL AND bound = 0";
    if changes.run(step, &[origin, serial, version, owner, signed(to.0).into()]).await? == 0 {
        return Err(unlike(changes, seen, from).await?.into());
    }
    Ok(())
}

/// Takes an item out of the world if it is in the stash of `owner` as it was seen, and not bound.
pub(crate) async fn take_away(changes: &mut Transaction, seen: ItemVersion, owner: AccountId) -> Result<(), Refusal> {
    let take = "DELETE FROM items
         WHERE origin = $1 AND serial = $2 AND version = $3 AND account = $4 AND place = 'stash'
            AND character IS NULL AND bound = 0";
    if changes.run(take, &binds(owner, seen)).await? == 0 {
        return Err(unlike(changes, seen, owner).await?.into());
    }
    Ok(())
}

/// Whether an item is in the stash of `owner` as it was seen.
pub(crate) async fn check_item(changes: &mut Transaction, seen: ItemVersion, owner: AccountId) -> Result<(), Refusal> {
    let look = "SELECT serial FROM items
         WHERE origin = $1 AND serial = $2 AND version = $3 AND account = $4 AND place = 'stash'
            AND character IS NULL AND bound = 0";
    if changes.rows(look, &binds(owner, seen)).await?.is_empty() {
        return Err(unlike(changes, seen, owner).await?.into());
    }
    Ok(())
}

/// How an item is other than it was seen.
async fn unlike(changes: &mut Transaction, seen: ItemVersion, owner: AccountId) -> Result<EconomyError, Refusal> {
    let ItemVersion { item, version: expected } = seen;
    let look =
        "SELECT account, version, bound, CASE WHEN character IS NULL THEN place ELSE 'carried' END AS place FROM items
         WHERE origin = $1 AND serial = $2";
    let rows = changes.rows(look, &[signed(item.origin).into(), i64::from(item.serial).into()]).await?;
    let Some(row) = rows.first() else { return Ok(EconomyError::NoSuchItem(item)) };
    if row.number("account")? != signed(owner.0) {
        return Ok(EconomyError::NotOwner(item));
    }
    let is_stashed = row.text("place")? == "stash";
    if is_stashed && row.number("bound")? != 0 {
        return Ok(EconomyError::ItemBound(item));
    }
    let found = if is_stashed { Some(unsigned(row.number("version")?)) } else { None };
    Ok(EconomyError::Conflict { item, expected, found })
}
