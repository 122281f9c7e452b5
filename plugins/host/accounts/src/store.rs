//! Where accounts are kept, as those who ask see it.

use std::future::Future;

use hypogeum_protocol::AccountId;

use crate::name::AccountName;
use crate::network::NetworkMark;

/// An account as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRecord {
    /// Its number, which no other has.
    pub id: AccountId,
    /// How it is shown.
    pub name: String,
    /// PHC string of the password: see [`crate::hash_password`]. A guest has none, so no password opens its account.
    pub hash: Option<String>,
    /// Where it was last logged in from by password, if it ever was.
    pub seen_at: Option<NetworkMark>,
}

impl AccountRecord {
    /// Whether it was made without a password.
    #[must_use]
    pub const fn is_guest(&self) -> bool {
        self.hash.is_none()
    }
}

/// Why an account could not be created or found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountStoreError {
    /// An account has that name, or a living character.
    #[error("the name is taken")]
    NameTaken,
    /// The store cannot answer now; nothing was changed.
    #[error("accounts are unavailable now")]
    Unavailable,
}

/// Keeps accounts. Calls may come from any thread and any async runtime.
pub trait AccountStore: Send + Sync + 'static {
    /// Keeps a new account with everything a new account is given, all or nothing. A name belongs to one account, as its
    /// own or as that of a character of its: so [`AccountStoreError::NameTaken`] also where a living character has it.
    fn create(
        &self,
        name: &AccountName,
        hash: String,
    ) -> impl Future<Output = Result<AccountId, AccountStoreError>> + Send;

    /// The guest of that name, made like any new account if the name is free. [`AccountStoreError::NameTaken`] where it
    /// belongs to an account with a password, or to a character.
    fn guest(&self, name: &AccountName) -> impl Future<Output = Result<AccountRecord, AccountStoreError>> + Send;

    /// The account of that name, if there is one.
    fn find(&self, name: &AccountName)
    -> impl Future<Output = Result<Option<AccountRecord>, AccountStoreError>> + Send;
}
