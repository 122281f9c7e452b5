//! Accounts, as the gateway asks for them.

use std::sync::Arc;

use hypogeum_accounts::{AccountName, AccountRecord, AccountStore, AccountStoreError};
use hypogeum_progression::{STASH_CAPACITY_DEFAULT, Skill, StarterKit};
use hypogeum_protocol::AccountId;
use sqlx::{Row, SqlitePool};

use crate::rows::{BEGIN_WRITING, Changes, Refusal, now_s, signed, unsigned};
use crate::store::Store;

/// The source event of the starter kit.
const STARTER_EVENT: &str = "starter";

impl AccountStore for Store {
    async fn create(&self, name: &AccountName, hash: String) -> Result<AccountId, AccountStoreError> {
        let runtime = self.runtime().ok_or(AccountStoreError::Unavailable)?;
        let creation = create(self.pools().writer.clone(), name.clone(), hash, Arc::clone(self.starter()));
        runtime.spawn(creation).await.map_err(|_| AccountStoreError::Unavailable)?.map_err(told)
    }

    async fn find(&self, name: &AccountName) -> Result<Option<AccountRecord>, AccountStoreError> {
        let runtime = self.runtime().ok_or(AccountStoreError::Unavailable)?;
        let search = find(self.pools().reader.clone(), name.clone());
        runtime.spawn(search).await.map_err(|_| AccountStoreError::Unavailable)?.map_err(told)
    }
}

/// What a caller is told. The cause goes to the log, with no name in it.
fn told(refusal: Refusal) -> AccountStoreError {
    match refusal {
        Refusal::Sql(sqlx::Error::Database(error)) if error.is_unique_violation() => AccountStoreError::NameTaken,
        other => {
            tracing::warn!(error = %other, "an account could not be read or written");
            AccountStoreError::Unavailable
        }
    }
}

async fn create(
    writer: SqlitePool,
    name: AccountName,
    hash: String,
    starter: Arc<StarterKit>,
) -> Result<AccountId, Refusal> {
    let mut changes = writer.begin_with(BEGIN_WRITING).await?;
    let created = sqlx::query("INSERT INTO accounts (canonical, name, hash, created_s) VALUES (?, ?, ?, ?)")
        .bind(name.canonical())
        .bind(name.shown())
        .bind(hash)
        .bind(now_s())
        .execute(&mut *changes)
        .await?;
    let account = AccountId(unsigned(created.last_insert_rowid()));
    grant_starter_kit(&mut changes, account, &starter).await?;
    changes.commit().await?;
    Ok(account)
}

async fn grant_starter_kit(changes: &mut Changes, account: AccountId, starter: &StarterKit) -> Result<(), Refusal> {
    let newcomer = Skill::default();
    sqlx::query(
        "INSERT INTO profiles (account, currency, skill_mean_micros, skill_deviation_micros, stash_capacity)
         VALUES (?, ?, ?, ?, ?)",
    )
    .bind(signed(account.0))
    .bind(starter.currency)
    .bind(newcomer.mean_micros)
    .bind(newcomer.deviation_micros)
    .bind(STASH_CAPACITY_DEFAULT)
    .execute(&mut **changes)
    .await?;
    for item in starter.items_for(account) {
        insert_item(changes, account, &item).await?;
    }
    sqlx::query(
        "INSERT INTO grants (account, source_event, kind, amount, report, granted_s)
         VALUES (?, ?, 'starter', ?, '{}', ?)",
    )
    .bind(signed(account.0))
    .bind(STARTER_EVENT)
    .bind(starter.currency)
    .bind(now_s())
    .execute(&mut **changes)
    .await?;
    enter(changes, account, starter.currency, STARTER_EVENT).await
}

/// Puts a new item into a stash.
pub(crate) async fn insert_item(
    changes: &mut Changes,
    account: AccountId,
    item: &hypogeum_progression::StashedItem,
) -> Result<(), Refusal> {
    sqlx::query("INSERT INTO items (origin, serial, account, template, place) VALUES (?, ?, ?, ?, 'stash')")
        .bind(signed(item.id.origin))
        .bind(item.id.serial)
        .bind(signed(account.0))
        .bind(&item.template)
        .execute(&mut **changes)
        .await?;
    Ok(())
}

/// Two entries that sum to zero: the account gains `amount`, the house loses it. Zero moves nothing.
pub(crate) async fn enter(
    changes: &mut Changes,
    account: AccountId,
    amount: i64,
    source_event: &str,
) -> Result<(), Refusal> {
    if amount == 0 {
        return Ok(());
    }
    for (holder, change) in [(Some(signed(account.0)), amount), (None, -amount)] {
        sqlx::query("INSERT INTO ledger (account, amount, source_event, entered_s) VALUES (?, ?, ?, ?)")
            .bind(holder)
            .bind(change)
            .bind(source_event)
            .bind(now_s())
            .execute(&mut **changes)
            .await?;
    }
    Ok(())
}

async fn find(reader: SqlitePool, name: AccountName) -> Result<Option<AccountRecord>, Refusal> {
    let row = sqlx::query("SELECT id, name, hash FROM accounts WHERE canonical = ?")
        .bind(name.canonical())
        .fetch_optional(&reader)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let id = AccountId(unsigned(row.try_get("id")?));
    Ok(Some(AccountRecord { id, name: row.try_get("name")?, hash: row.try_get("hash")? }))
}
