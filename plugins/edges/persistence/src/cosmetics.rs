//! What accounts have to wear: bought, given back, put on and taken off.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_economy::{
    COSMETIC_REFUND_S, Cosmetic, CosmeticBought, CosmeticError, CosmeticSlot, CosmeticStore, EconomyError,
    LOOKED_AT_MAX, Wardrobe,
};
use hypogeum_progression::level_of;
use hypogeum_protocol::AccountId;

use crate::change::Change;
use crate::clock::clock_s;
use crate::grants::enter;
use crate::holdings::{Holding, lock_holdings, set_wallet};
use crate::refusal::Refusal;
use crate::rows::{signed, table, unsigned};
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::Transaction;

impl CosmeticStore for Store {
    async fn wardrobe(&self, account: AccountId) -> Result<Wardrobe, CosmeticError> {
        // One statement, so all of it is of one moment. Where there are no cosmetics, that row is the account's alone.
        let all = "SELECT currency, xp, COALESCE(cosmetics.cosmetic, '') AS cosmetic,
                 CAST(CASE WHEN cosmetics_worn.cosmetic IS NULL THEN 0 ELSE 1 END AS BIGINT) AS worn
             FROM profiles LEFT JOIN cosmetics ON cosmetics.account = profiles.account
             LEFT JOIN cosmetics_worn ON cosmetics_worn.account = cosmetics.account
                AND cosmetics_worn.cosmetic = cosmetics.cosmetic
             WHERE profiles.account = $1";
        let rows = self.rows(all, vec![signed(account.0).into()]).await;
        rows.and_then(|rows| wardrobe_of(&rows)).map_err(cosmetic_error)
    }

    async fn buy_cosmetic(
        &self,
        account: AccountId,
        key: u64,
        cosmetic: &Cosmetic,
        seen: i64,
    ) -> Result<CosmeticBought, CosmeticError> {
        self.change(Buy { account, key, cosmetic: cosmetic.clone(), seen }).await.map_err(cosmetic_error)
    }

    async fn refund_cosmetic(&self, account: AccountId, key: u64) -> Result<i64, CosmeticError> {
        self.change(Refund { account, key }).await.map_err(cosmetic_error)
    }

    async fn equip_cosmetic(
        &self,
        account: AccountId,
        cosmetic: &str,
        slot: CosmeticSlot,
    ) -> Result<(), CosmeticError> {
        self.change(Equip { account, cosmetic: cosmetic.to_owned(), slot }).await.map_err(cosmetic_error)
    }

    async fn worn_by(&self, names: Vec<String>) -> Result<BTreeMap<String, BTreeSet<String>>, CosmeticError> {
        if names.len() > LOOKED_AT_MAX {
            return Err(CosmeticError::TooManyNames(names.len()));
        }
        let worn = "SELECT canonical, cosmetic FROM json_each($1) CROSS JOIN accounts CROSS JOIN cosmetics_worn
             WHERE canonical = value ->> 0 AND cosmetics_worn.account = accounts.id
             UNION SELECT canonical, cosmetic FROM json_each($1) CROSS JOIN characters CROSS JOIN cosmetics_worn
             WHERE canonical = value ->> 0 AND deleted_s IS NULL AND cosmetics_worn.account = characters.account";
        // Controls are in nobody's name, and PostgreSQL reads no JSON with a zero in it.
        let names = names.into_iter().filter(|name| !name.contains(char::is_control));
        let rows: Vec<[String; 1]> = names.map(|name| [name]).collect();
        let asked = table(&rows).map_err(cosmetic_error)?;
        let rows = self.rows(worn, vec![asked.into()]).await;
        let by_name = |rows: Vec<Row>| {
            let mut worn: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for row in &rows {
                worn.entry(row.text("canonical")?.to_owned()).or_default().insert(row.text("cosmetic")?.to_owned());
            }
            Ok(worn)
        };
        rows.and_then(by_name).map_err(cosmetic_error)
    }

    async fn unequip_cosmetic(&self, account: AccountId, cosmetic: &str) -> Result<(), CosmeticError> {
        self.change(Unequip { account, cosmetic: cosmetic.to_owned() }).await.map_err(cosmetic_error)
    }
}

fn wardrobe_of(rows: &[Row]) -> Result<Wardrobe, Refusal> {
    let mut wardrobe = Wardrobe::default();
    for row in rows {
        wardrobe.currency = row.number("currency")?;
        wardrobe.xp = unsigned(row.number("xp")?);
        let cosmetic = row.text("cosmetic")?;
        if cosmetic.is_empty() {
            continue;
        }
        if row.number("worn")? != 0 {
            wardrobe.worn.insert(cosmetic.to_owned());
        }
        wardrobe.owned.insert(cosmetic.to_owned());
    }
    Ok(wardrobe)
}

/// The error for a caller. A cause that is none of theirs goes to the log.
fn cosmetic_error(refusal: Refusal) -> CosmeticError {
    match refusal {
        Refusal::Cosmetic(error) => error,
        Refusal::Economy(error) => error.into(),
        other => {
            tracing::warn!(error = %other, "nothing could be done with a cosmetic");
            EconomyError::Unavailable.into()
        }
    }
}

/// Locks an account, and reads what it has to pay with.
async fn lock(changes: &mut Transaction, account: AccountId) -> Result<Holding, Refusal> {
    let holdings = lock_holdings(changes, &[account]).await?;
    Ok(*holdings.get(&account).ok_or(EconomyError::NoSuchAccount)?)
}

async fn owned(changes: &mut Transaction, account: AccountId) -> Result<BTreeSet<String>, Refusal> {
    let all = "SELECT cosmetic FROM cosmetics WHERE account = $1";
    let rows = changes.rows(all, &[signed(account.0).into()]).await?;
    rows.iter().map(|row| Ok(row.text("cosmetic")?.to_owned())).collect()
}

/// What of a cosmetic an account does not have becomes its, and is paid for.
struct Buy {
    account: AccountId,
    key: u64,
    cosmetic: Cosmetic,
    seen: i64,
}

impl Change for Buy {
    type Done = CosmeticBought;

    async fn apply(&self, changes: &mut Transaction) -> Result<CosmeticBought, Refusal> {
        let holding = lock(changes, self.account).await?;
        let (account, key) = (signed(self.account.0), signed(self.key));
        let before = "SELECT cosmetic, price FROM cosmetic_purchases WHERE account = $1 AND key = $2";
        if let Some(row) = changes.rows(before, &[account.into(), key.into()]).await?.first() {
            let (cosmetic, price) = (row.text("cosmetic")?.to_owned(), row.number("price")?);
            return Ok(CosmeticBought { cosmetic, price, balance: holding.currency });
        }
        let owned = owned(changes, self.account).await?;
        let price = self.price(changes, &owned).await?;
        let balance = holding.wallet_after(-price)?;
        let bought = "INSERT INTO cosmetic_purchases (account, key, cosmetic, price, bought_s)
             VALUES ($1, $2, $3, $4, $5)";
        let cosmetic = self.cosmetic.key.as_str();
        let now_s = clock_s(changes).await?;
        changes.run(bought, &[account.into(), key.into(), cosmetic.into(), price.into(), now_s.into()]).await?;
        let own = "INSERT INTO cosmetics (account, cosmetic, purchase)
             SELECT $2, value ->> 0, $3 FROM json_each($1)";
        let parts: Vec<[&str; 1]> = self.cosmetic.missing(&owned).map(|part| [part]).collect();
        changes.run(own, &[table(&parts)?.into(), account.into(), key.into()]).await?;
        set_wallet(changes, self.account, balance).await?;
        enter(changes, [(self.account, -price)], &format!("cosmetic:{}", self.key)).await?;
        Ok(CosmeticBought { cosmetic: cosmetic.to_owned(), price, balance })
    }
}

impl Buy {
    /// What it costs somebody who has these, if it is sold to them at what they saw.
    async fn price(&self, changes: &mut Transaction, owned: &BTreeSet<String>) -> Result<i64, Refusal> {
        let Self { account, cosmetic, seen, .. } = self;
        if !cosmetic.is_sold {
            return Err(CosmeticError::NotSold(cosmetic.key.clone()).into());
        }
        let xp = "SELECT xp FROM profiles WHERE account = $1";
        let rows = changes.rows(xp, &[signed(account.0).into()]).await?;
        let xp = rows.first().map_or(Ok(0), |row| row.number("xp"))?;
        let (needed, found) = (cosmetic.level_min, level_of(unsigned(xp)));
        if found < needed {
            return Err(CosmeticError::LevelTooLow { needed, found }.into());
        }
        let price = cosmetic.price_for(owned);
        let price = price.ok_or_else(|| CosmeticError::AlreadyOwned(cosmetic.key.clone()))?;
        if price != *seen {
            return Err(EconomyError::PriceChanged { expected: *seen, found: price }.into());
        }
        Ok(price)
    }
}

/// What was bought is taken away, and paid back.
struct Refund {
    account: AccountId,
    key: u64,
}

impl Change for Refund {
    type Done = i64;

    async fn apply(&self, changes: &mut Transaction) -> Result<i64, Refusal> {
        let holding = lock(changes, self.account).await?;
        let binds = [signed(self.account.0).into(), signed(self.key).into()];
        let bought =
            "SELECT price, bought_s, CAST(CASE WHEN refunded_s IS NULL THEN 0 ELSE 1 END AS BIGINT) AS refunded
             FROM cosmetic_purchases WHERE account = $1 AND key = $2";
        let rows = changes.rows(bought, &binds).await?;
        let row = rows.first().ok_or(CosmeticError::NoSuchPurchase(self.key))?;
        if row.number("refunded")? != 0 {
            return Ok(holding.currency);
        }
        let (price, bought_s) = (row.number("price")?, row.number("bought_s")?);
        let now_s = clock_s(changes).await?;
        if now_s - bought_s > COSMETIC_REFUND_S {
            return Err(CosmeticError::RefundOver.into());
        }
        let used = "SELECT cosmetic FROM cosmetics WHERE account = $1 AND purchase = $2 AND used = 1";
        if !changes.rows(used, &binds).await?.is_empty() {
            return Err(CosmeticError::Used.into());
        }
        let balance = holding.wallet_after(price)?;
        // What was earned since it was bought is theirs all the same.
        let keep = "UPDATE cosmetics SET purchase = NULL WHERE account = $1 AND purchase = $2 AND EXISTS
             (SELECT 1 FROM rewards WHERE rewards.account = cosmetics.account AND rewards.cosmetic = cosmetics.cosmetic)";
        changes.run(keep, &binds).await?;
        let take_off = "DELETE FROM cosmetics_worn WHERE account = $1 AND cosmetic IN
             (SELECT cosmetic FROM cosmetics WHERE account = $1 AND purchase = $2)";
        changes.run(take_off, &binds).await?;
        changes.run("DELETE FROM cosmetics WHERE account = $1 AND purchase = $2", &binds).await?;
        let note = "UPDATE cosmetic_purchases SET refunded_s = $3 WHERE account = $1 AND key = $2";
        let [account, key] = binds;
        changes.run(note, &[account, key, now_s.into()]).await?;
        set_wallet(changes, self.account, balance).await?;
        enter(changes, [(self.account, price)], &format!("cosmetic_refund:{}", self.key)).await?;
        Ok(balance)
    }
}

/// A cosmetic is worn in the place of another.
struct Equip {
    account: AccountId,
    cosmetic: String,
    slot: CosmeticSlot,
}

impl Change for Equip {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        lock(changes, self.account).await?;
        let (account, cosmetic) = (signed(self.account.0), self.cosmetic.as_str());
        let owned = "SELECT cosmetic FROM cosmetics WHERE account = $1 AND cosmetic = $2";
        if changes.rows(owned, &[account.into(), cosmetic.into()]).await?.is_empty() {
            return Err(CosmeticError::NotOwned(self.cosmetic.clone()).into());
        }
        // What a content has moved to another slot is worn there alone.
        let elsewhere = "DELETE FROM cosmetics_worn WHERE account = $1 AND cosmetic = $2";
        changes.run(elsewhere, &[account.into(), cosmetic.into()]).await?;
        let wear = "INSERT INTO cosmetics_worn (account, slot, cosmetic) VALUES ($1, $2, $3)
             ON CONFLICT (account, slot) DO UPDATE SET cosmetic = excluded.cosmetic";
        changes.run(wear, &[account.into(), self.slot.word().into(), cosmetic.into()]).await?;
        // In a match that goes on others see it at once.
        let note = "UPDATE cosmetics SET used = 1 WHERE account = $1 AND cosmetic = $2 AND used = 0 AND EXISTS
             (SELECT 1 FROM matches CROSS JOIN seats WHERE matches.state = 'running' AND matches.shard IS NULL
                AND seats.match_id = matches.id AND seats.account = $1 AND seats.settled = 0)";
        changes.run(note, &[account.into(), cosmetic.into()]).await?;
        Ok(())
    }
}

/// A cosmetic is worn no more.
struct Unequip {
    account: AccountId,
    cosmetic: String,
}

impl Change for Unequip {
    type Done = ();

    async fn apply(&self, changes: &mut Transaction) -> Result<(), Refusal> {
        lock(changes, self.account).await?;
        let take_off = "DELETE FROM cosmetics_worn WHERE account = $1 AND cosmetic = $2";
        changes.run(take_off, &[signed(self.account.0).into(), self.cosmetic.as_str().into()]).await?;
        Ok(())
    }
}

/// Notes that a match has begun in which these accounts wear what they wear. They are locked.
pub(crate) async fn note_worn(changes: &mut Transaction, accounts: &[i64]) -> Result<(), Refusal> {
    let note = "UPDATE cosmetics SET used = 1 WHERE used = 0
         AND account IN (SELECT CAST(value AS BIGINT) FROM json_each($1))
         AND EXISTS (SELECT 1 FROM cosmetics_worn WHERE cosmetics_worn.account = cosmetics.account
            AND cosmetics_worn.cosmetic = cosmetics.cosmetic)";
    changes.run(note, &[table(accounts)?.into()]).await?;
    Ok(())
}
