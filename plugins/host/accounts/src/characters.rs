//! Characters, as those who ask see them.
//!
//! A character is the name and the face an account plays under: all of an account's characters share its stash, wallet, rating
//! and experience. In open shards it also has a place and a body, and carries things; deleting it loses the first two, and
//! puts the things into the stash.

use std::future::Future;

use hypogeum_protocol::{AccountId, CharacterId};

use crate::name::AccountName;
use crate::store::AccountStoreError;

/// Living characters of one account: as many as a screen to choose from shows.
pub const CHARACTERS_MAX: usize = 8;

/// A character as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharacterRecord {
    /// Its number, which no other has.
    pub id: CharacterId,
    /// Whose it is.
    pub account: AccountId,
    /// How it is shown.
    pub name: String,
    /// When it was made, in seconds since 1970.
    pub created_s: u64,
}

/// Why a character could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CharacterError {
    /// A living character has that name, of this account or another, or another account has.
    #[error("the name is taken")]
    NameTaken,
    /// The account has [`CHARACTERS_MAX`] already.
    #[error("an account has at most {CHARACTERS_MAX} characters")]
    TooMany,
    /// No such account.
    #[error("there is no such account")]
    NoSuchAccount,
    /// It is in a shard: it has to leave that before it can be deleted.
    #[error("the character is in a shard: leave first")]
    InShard,
    /// The store cannot answer now; nothing was changed.
    #[error("characters are unavailable now")]
    Unavailable,
}

/// Keeps characters. Calls may come from any thread and any async runtime.
pub trait CharacterStore: Send + Sync + 'static {
    /// The living characters of `account`, in the order of their numbers; none where there is no such account.
    fn characters(
        &self,
        account: AccountId,
    ) -> impl Future<Output = Result<Vec<CharacterRecord>, AccountStoreError>> + Send;

    /// Makes a character; its number was never used before. Names are unique among living characters by
    /// [`AccountName::canonical`]. Who plays without a character plays under the account's name, so no character has
    /// the name of somebody else's account, nor a new account that of a character; one's own name is one's own.
    fn create_character(
        &self,
        account: AccountId,
        name: &AccountName,
    ) -> impl Future<Output = Result<CharacterRecord, CharacterError>> + Send;

    /// Deletes a character of `account`: its name is free again, its number is not, and what it carried is in the stash. Whether
    /// it lived.
    fn delete_character(
        &self,
        account: AccountId,
        id: CharacterId,
    ) -> impl Future<Output = Result<bool, CharacterError>> + Send;
}
