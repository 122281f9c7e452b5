//! Trades and the shop, as the gateway asks for them.

use hypogeum_progression::{Bought, EconomyError, EconomyStore, ItemVersion, StashEntry, Trade, TradeOffer};
use hypogeum_protocol::{AccountId, TradeId};

use crate::refusal::Refusal;
use crate::rows::{item_of, signed, unsigned};
use crate::shop::{Buy, Sell};
use crate::sql::Row;
use crate::store::Store;
use crate::trades::{self, Accept, Cancel, Propose};

impl EconomyStore for Store {
    async fn stash(&self, account: AccountId) -> Result<Vec<StashEntry>, EconomyError> {
        let stash = "SELECT origin, serial, template, version FROM items WHERE account = $1 AND place = 'stash'";
        let entry = |row: &Row| {
            let item = item_of(row)?;
            Ok(StashEntry { item: item.id, template: item.template, version: unsigned(row.number("version")?) })
        };
        let rows = self.rows(stash, vec![signed(account.0).into()]).await;
        let found: Result<Vec<StashEntry>, Refusal> = rows.and_then(|rows| rows.iter().map(entry).collect());
        // The database orders signed numbers.
        let in_order = |mut stash: Vec<StashEntry>| {
            stash.sort_unstable();
            stash
        };
        found.map(in_order).map_err(told)
    }

    async fn propose(&self, offer: TradeOffer) -> Result<TradeId, EconomyError> {
        self.change(Propose(offer)).await.map_err(told)
    }

    async fn trades(&self, account: AccountId) -> Result<Vec<Trade>, EconomyError> {
        trades::list(self, account).await.map_err(told)
    }

    async fn accept(&self, by: AccountId, trade: TradeId) -> Result<Trade, EconomyError> {
        self.change(Accept { by, trade }).await.map_err(told)
    }

    async fn cancel(&self, by: AccountId, trade: TradeId) -> Result<(), EconomyError> {
        self.change(Cancel { by, trade }).await.map_err(told)
    }

    async fn buy(&self, account: AccountId, key: u64, template: &str, price: i64) -> Result<Bought, EconomyError> {
        self.change(Buy { account, key, template: template.to_owned(), price }).await.map_err(told)
    }

    async fn sell(&self, account: AccountId, item: ItemVersion, price: i64) -> Result<i64, EconomyError> {
        self.change(Sell { account, item, price }).await.map_err(told)
    }
}

/// What a caller is told. A cause that is none of theirs goes to the log.
fn told(refusal: Refusal) -> EconomyError {
    match refusal {
        Refusal::Economy(error) => error,
        other => {
            tracing::warn!(error = %other, "nothing could change hands");
            EconomyError::Unavailable
        }
    }
}
