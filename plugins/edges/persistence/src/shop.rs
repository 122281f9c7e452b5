//! The shop: the house sells items it makes, and buys items that are gone then.

use hypogeum_economy::{Bought, CURRENCY_MAX, EconomyError, ItemVersion};
use hypogeum_protocol::{AccountId, ItemId, StashedItem};

use crate::change::Change;
use crate::grants::{enter, insert_items};
use crate::holdings::{Holding, lock_holdings, set_wallet, take_away};
use crate::refusal::Refusal;
use crate::rows::{now_s, signed, unsigned};
use crate::store::Store;
use crate::transaction::Transaction;

/// Makes an item for an account, which pays for it.
pub(crate) struct Buy {
    pub(crate) account: AccountId,
    pub(crate) key: u64,
    pub(crate) template: String,
    pub(crate) price: i64,
}

impl Change for Buy {
    type Done = Bought;

    async fn apply(&self, changes: &mut Transaction) -> Result<Bought, Refusal> {
        let holding = only(changes, self.account).await?;
        let (account, key) = (signed(self.account.0), signed(self.key));
        let before = "SELECT origin, serial FROM purchases WHERE account = $1 AND key = $2";
        if let Some(row) = changes.rows(before, &[account.into(), key.into()]).await?.first() {
            let item = ItemId { origin: unsigned(row.number("origin")?), serial: row.small("serial")? };
            return Ok(Bought { item, balance: holding.currency });
        }
        check_price(self.price)?;
        let balance = holding.wallet_after(-self.price)?;
        holding.check_room(1, 0)?;
        let next = "SELECT COALESCE(MAX(serial), 0) + 1 AS next FROM purchases WHERE account = $1";
        let next = changes.rows(next, &[account.into()]).await?;
        let serial = next.first().map_or(Ok(1), |row| row.small("next"))?;
        let item = ItemId { origin: ItemId::SHOP_BIT | self.account.0, serial };
        let stashed = StashedItem::new(item, self.template.clone());
        insert_items(changes, [(self.account, None, &stashed)]).await?;
        let bought = "INSERT INTO purchases (account, key, origin, serial, price, bought_s)
             VALUES ($1, $2, $3, $4, $5, $6)";
        let (origin, serial) = (signed(item.origin), i64::from(serial));
        let binds = [account.into(), key.into(), origin.into(), serial.into(), self.price.into(), now_s().into()];
        changes.run(bought, &binds).await?;
        set_wallet(changes, self.account, balance).await?;
        enter(changes, [(self.account, -self.price)], &format!("buy:{item}")).await?;
        Ok(Bought { item, balance })
    }
}

/// What an account bought with a key before.
pub(crate) async fn bought(store: &Store, account: AccountId, key: u64) -> Result<Option<Bought>, Refusal> {
    let before = "SELECT origin, serial, currency FROM purchases JOIN profiles ON profiles.account = purchases.account
         WHERE purchases.account = $1 AND key = $2";
    let rows = store.rows(before, vec![signed(account.0).into(), signed(key).into()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let item = ItemId { origin: unsigned(row.number("origin")?), serial: row.small("serial")? };
    Ok(Some(Bought { item, balance: row.number("currency")? }))
}

/// Takes an item from an account, which is paid for it.
pub(crate) struct Sell {
    pub(crate) account: AccountId,
    pub(crate) item: ItemVersion,
    pub(crate) price: i64,
}

impl Change for Sell {
    type Done = i64;

    async fn apply(&self, changes: &mut Transaction) -> Result<i64, Refusal> {
        let holding = only(changes, self.account).await?;
        let ItemVersion { item, version } = self.item;
        let (origin, serial, version) = (signed(item.origin), i64::from(item.serial), signed(version));
        let account = signed(self.account.0);
        let before = "SELECT price FROM sales WHERE origin = $1 AND serial = $2 AND version = $3 AND account = $4";
        let binds = [origin.into(), serial.into(), version.into(), account.into()];
        if !changes.rows(before, &binds).await?.is_empty() {
            return Ok(holding.currency);
        }
        check_price(self.price)?;
        take_away(changes, self.item, self.account).await?;
        let balance = holding.wallet_after(self.price)?;
        let sold =
            "INSERT INTO sales (origin, serial, version, account, price, sold_s) VALUES ($1, $2, $3, $4, $5, $6)";
        let binds = [origin.into(), serial.into(), version.into(), account.into(), self.price.into(), now_s().into()];
        changes.run(sold, &binds).await?;
        set_wallet(changes, self.account, balance).await?;
        enter(changes, [(self.account, self.price)], &format!("sell:{item}")).await?;
        Ok(balance)
    }
}

/// What an account has in its wallet now, if it sold that item as it was seen.
pub(crate) async fn sold(store: &Store, account: AccountId, seen: ItemVersion) -> Result<Option<i64>, Refusal> {
    let before = "SELECT currency FROM sales JOIN profiles ON profiles.account = sales.account
         WHERE origin = $1 AND serial = $2 AND version = $3 AND sales.account = $4";
    let ItemVersion { item, version } = seen;
    let (origin, serial, version) = (signed(item.origin), i64::from(item.serial), signed(version));
    let binds = vec![origin.into(), serial.into(), version.into(), signed(account.0).into()];
    store.rows(before, binds).await?.first().map(|row| row.number("currency")).transpose()
}

async fn only(changes: &mut Transaction, account: AccountId) -> Result<Holding, Refusal> {
    let holdings = lock_holdings(changes, &[account]).await?;
    Ok(*holdings.get(&account).ok_or(EconomyError::NoSuchAccount)?)
}

fn check_price(price: i64) -> Result<(), EconomyError> {
    if (1..=CURRENCY_MAX).contains(&price) { Ok(()) } else { Err(EconomyError::InvalidAmount(price)) }
}
