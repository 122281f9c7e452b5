//! Accounts, as the gateway asks for them.

use hypogeum_accounts::{AccountName, AccountRecord, AccountStore, AccountStoreError, NetworkMark};
use hypogeum_protocol::AccountId;

use crate::creation::{Created, GUEST_HASH};
use crate::refusal::Refusal;
use crate::rows::unsigned;
use crate::sql::Row;
use crate::store::Store;
use crate::transaction::Pools;

impl AccountStore for Store {
    async fn create(&self, name: &AccountName, hash: String) -> Result<AccountId, AccountStoreError> {
        match self.creations().create(name, hash).await? {
            Created::New(account) => Ok(account),
            Created::Found(_) | Created::OfCharacter => Err(AccountStoreError::NameTaken),
        }
    }

    async fn guest(&self, name: &AccountName) -> Result<AccountRecord, AccountStoreError> {
        // Most guests come again, and reading costs no sync.
        let found = match self.find(name).await? {
            Some(record) => record,
            None => match self.creations().create(name, GUEST_HASH.to_owned()).await? {
                Created::New(id) => AccountRecord { id, name: name.shown().to_owned(), hash: None, seen_at: None },
                Created::Found(record) => record,
                Created::OfCharacter => return Err(AccountStoreError::NameTaken),
            },
        };
        if found.is_guest() { Ok(found) } else { Err(AccountStoreError::NameTaken) }
    }

    async fn find(&self, name: &AccountName) -> Result<Option<AccountRecord>, AccountStoreError> {
        let runtime = self.runtime().ok_or(AccountStoreError::Unavailable)?;
        let search = find(self.pools().clone(), name.clone());
        let found = runtime.spawn(search).await.map_err(|_| AccountStoreError::Unavailable)?;
        found.map_err(|refusal| account_error(&refusal))
    }
}

/// The error for a caller. The cause goes to the log, with no name in it.
pub(crate) fn account_error(refusal: &Refusal) -> AccountStoreError {
    tracing::warn!(error = %refusal, "an account could not be read or written");
    AccountStoreError::Unavailable
}

async fn find(pools: Pools, name: AccountName) -> Result<Option<AccountRecord>, Refusal> {
    let find = "SELECT id, name, hash, seen_network FROM accounts
         WHERE canonical = $1 OR (clash_of = $1 AND name = $2)";
    let rows = pools.read(find, &[name.canonical().into(), name.typed().into()]).await?;
    let mut records: Vec<AccountRecord> = rows.iter().map(record_of).collect::<Result<_, _>>()?;
    // Of two old accounts whose names are one today, the one that is called exactly so.
    let exact = records.iter().position(|record| record.name == name.typed()).unwrap_or(0);
    Ok(if records.is_empty() { None } else { Some(records.swap_remove(exact)) })
}

/// Reads columns `id`, `name`, `hash` and `seen_network`.
pub(crate) fn record_of(row: &Row) -> Result<AccountRecord, Refusal> {
    let id = AccountId(unsigned(row.number("id")?));
    let hash = row.text("hash")?;
    let seen_at = row.bytes("seen_network")?.and_then(|mark| mark.try_into().ok()).map(NetworkMark);
    let hash = (hash != GUEST_HASH).then(|| hash.to_owned());
    Ok(AccountRecord { id, name: row.text("name")?.to_owned(), hash, seen_at })
}
