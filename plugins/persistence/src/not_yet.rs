//! What this store cannot keep yet: it says so, and keeps nothing.

use hypogeum_accounts::{
    AccountName, AccountStoreError, CharacterError, CharacterRecord, CharacterStore, LoginStore, NewLogin, Rotation,
};
use hypogeum_progression::{Bought, EconomyError, EconomyStore, ItemVersion, StashEntry, Trade, TradeOffer};
use hypogeum_protocol::{AccountId, CharacterId, TradeId};

use crate::store::Store;

impl LoginStore for Store {
    async fn open_login(&self, _: NewLogin) -> Result<(), AccountStoreError> {
        Err(AccountStoreError::Unavailable)
    }

    async fn rotate(&self, _: [u8; 32], _: [u8; 32], _: u64, _: u64) -> Result<Rotation, AccountStoreError> {
        Err(AccountStoreError::Unavailable)
    }

    async fn is_login_open(&self, _: AccountId, _: u64) -> Result<bool, AccountStoreError> {
        Err(AccountStoreError::Unavailable)
    }

    async fn close_login(&self, _: AccountId, _: u64) -> Result<bool, AccountStoreError> {
        Err(AccountStoreError::Unavailable)
    }

    async fn close_all_logins(&self, _: AccountId) -> Result<u32, AccountStoreError> {
        Err(AccountStoreError::Unavailable)
    }
}

impl CharacterStore for Store {
    async fn characters(&self, _: AccountId) -> Result<Vec<CharacterRecord>, AccountStoreError> {
        Err(AccountStoreError::Unavailable)
    }

    async fn create_character(&self, _: AccountId, _: &AccountName) -> Result<CharacterRecord, CharacterError> {
        Err(CharacterError::Unavailable)
    }

    async fn delete_character(&self, _: AccountId, _: CharacterId) -> Result<bool, AccountStoreError> {
        Err(AccountStoreError::Unavailable)
    }
}

impl EconomyStore for Store {
    async fn stash(&self, _: AccountId) -> Result<Vec<StashEntry>, EconomyError> {
        Err(EconomyError::Unavailable)
    }

    async fn propose(&self, _: TradeOffer) -> Result<TradeId, EconomyError> {
        Err(EconomyError::Unavailable)
    }

    async fn trades(&self, _: AccountId) -> Result<Vec<Trade>, EconomyError> {
        Err(EconomyError::Unavailable)
    }

    async fn accept(&self, _: AccountId, _: TradeId) -> Result<Trade, EconomyError> {
        Err(EconomyError::Unavailable)
    }

    async fn cancel(&self, _: AccountId, _: TradeId) -> Result<(), EconomyError> {
        Err(EconomyError::Unavailable)
    }

    async fn buy(&self, _: AccountId, _: u64, _: &str, _: i64) -> Result<Bought, EconomyError> {
        Err(EconomyError::Unavailable)
    }

    async fn sell(&self, _: AccountId, _: ItemVersion, _: i64) -> Result<i64, EconomyError> {
        Err(EconomyError::Unavailable)
    }
}
