//! Trades and the shop, as the gateway asks for them.

use hypogeum_economy::{
    Bought, EconomyError, EconomyStore, Inventory, ItemPlace, ItemVersion, Stash, StashEntry, Trade, TradeMark,
    TradeOffer,
};
use hypogeum_protocol::{AccountId, CharacterId, MatchId, StashedItem, TradeId};

use crate::refusal::Refusal;
use crate::rows::{item_of, signed, unsigned};
use crate::shop::{self, Buy, Sell};
use crate::sql::Row;
use crate::store::Store;
use crate::trades::{self, Accept, Cancel, Propose};

impl EconomyStore for Store {
    async fn stash(&self, account: AccountId) -> Result<Stash, EconomyError> {
        // One statement, so wallet and items are those of one moment. No item has version 0: where there are none, that
        // row is the account's alone.
        let stash = "SELECT currency, stash_capacity, origin, serial, template, count, wear, bound, inside, COALESCE(version, 0) AS version
             FROM profiles LEFT JOIN items ON items.account = profiles.account AND place = 'stash' AND character IS NULL
             WHERE profiles.account = $1";
        let rows = self.rows(stash, vec![signed(account.0).into()]).await;
        rows.and_then(|rows| stash_of(&rows)).map_err(economy_error)
    }

    async fn inventory(&self, account: AccountId) -> Result<Inventory, EconomyError> {
        // As for the stash. What a shard holds for itself is its, whoever has left it there.
        let all = "SELECT currency, stash_capacity, origin, serial, template, count, wear, bound, inside, COALESCE(version, 0) AS version,
                 COALESCE(character, 0) AS character, COALESCE(match_id, 0) AS match_id
             FROM profiles LEFT JOIN items ON items.account = profiles.account AND (place = 'stash' OR EXISTS
                 (SELECT 1 FROM matches WHERE matches.id = match_id AND (shard IS NULL OR shard <> matches.id)))
             WHERE profiles.account = $1";
        let rows = self.rows(all, vec![signed(account.0).into()]).await;
        rows.and_then(|rows| inventory_of(&rows)).map_err(economy_error)
    }

    async fn propose(&self, offer: TradeOffer) -> Result<TradeId, EconomyError> {
        self.change(Propose(offer)).await.map_err(economy_error)
    }

    async fn trades(
        &self,
        account: AccountId,
        after: Option<TradeMark>,
        count: usize,
    ) -> Result<Vec<Trade>, EconomyError> {
        trades::list(self, account, after, count).await.map_err(economy_error)
    }

    async fn accept(&self, by: AccountId, trade: TradeId) -> Result<Trade, EconomyError> {
        self.change(Accept { by, trade }).await.map_err(economy_error)
    }

    async fn cancel(&self, by: AccountId, trade: TradeId) -> Result<(), EconomyError> {
        self.change(Cancel { by, trade }).await.map_err(economy_error)
    }

    async fn buy(&self, account: AccountId, key: u64, template: &str, price: i64) -> Result<Bought, EconomyError> {
        self.change(Buy { account, key, template: template.to_owned(), price }).await.map_err(economy_error)
    }

    async fn bought(&self, account: AccountId, key: u64) -> Result<Option<Bought>, EconomyError> {
        shop::bought(self, account, key).await.map_err(economy_error)
    }

    async fn sell(&self, account: AccountId, item: ItemVersion, price: i64) -> Result<i64, EconomyError> {
        self.change(Sell { account, item, price }).await.map_err(economy_error)
    }

    async fn sold(&self, account: AccountId, item: ItemVersion) -> Result<Option<i64>, EconomyError> {
        shop::sold(self, account, item).await.map_err(economy_error)
    }
}

/// Reads what [`EconomyStore::stash`] asks for.
fn stash_of(rows: &[Row]) -> Result<Stash, Refusal> {
    let mut stash = Stash::default();
    for row in rows {
        stash.currency = row.number("currency")?;
        stash.capacity = row.small("stash_capacity")?;
        stash.items.extend(entry_of(row)?);
    }
    // The database orders signed numbers.
    stash.items.sort_unstable();
    Ok(stash)
}

/// Reads what [`EconomyStore::inventory`] asks for.
fn inventory_of(rows: &[Row]) -> Result<Inventory, Refusal> {
    let mut inventory = Inventory::default();
    for row in rows {
        inventory.currency = row.number("currency")?;
        inventory.capacity = row.small("stash_capacity")?;
        let Some(entry) = entry_of(row)? else { continue };
        let named = |column| Ok::<_, Refusal>(Some(unsigned(row.number(column)?)).filter(|id| *id != 0));
        let (character, held) = (named("character")?.map(CharacterId), named("match_id")?.map(MatchId));
        let place = match (held, character) {
            (Some(into), by) => ItemPlace::Brought { into, by },
            (None, Some(character)) => ItemPlace::Carried(character),
            (None, None) => ItemPlace::Stash,
        };
        inventory.items.push((entry, place));
    }
    inventory.items.sort_unstable();
    Ok(inventory)
}

/// An item of a row; `None`: the row is the account's alone.
fn entry_of(row: &Row) -> Result<Option<StashEntry>, Refusal> {
    let version = unsigned(row.number("version")?);
    if version == 0 {
        return Ok(None);
    }
    let StashedItem { id: item, template, state } = item_of(row)?;
    Ok(Some(StashEntry { item, template, version, state }))
}

/// The error for a caller. A cause that is none of theirs goes to the log.
fn economy_error(refusal: Refusal) -> EconomyError {
    match refusal {
        Refusal::Economy(error) => error,
        other => {
            tracing::warn!(error = %other, "nothing could change hands");
            EconomyError::Unavailable
        }
    }
}
