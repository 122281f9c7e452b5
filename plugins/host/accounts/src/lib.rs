//! Who someone is: names, passwords, access tokens and lockout.
//!
//! No I/O and no clock except the expiry check of [`TokenKeys::verify`]: where accounts are kept is behind
//! [`AccountStore`], and anyone who asks about lockout passes the time in.
//!
//! | idea | type |
//! |---|---|
//! | what an account may be called, and when two names are the same | [`AccountName`] |
//! | what a password must be, and how it is kept (argon2id) | [`Password`], [`hash_password`], [`verify_password`] |
//! | how a caller proves who it is (JWT, at most 15 minutes) | [`TokenKeys`], [`Claims`] |
//! | how a login outlives its access tokens | [`RefreshToken`], [`RefreshKey`], [`LoginStore`] |
//! | the names and faces an account plays under | [`CharacterStore`], [`CharacterRecord`] |
//! | how guessing is slowed down, and not where an account was last | [`Lockout`], [`NetworkMark`] |
//! | what programs keep with an account, with versions, permissions and a quota | [`StorageStore`], [`StoredObject`], [`StorageUsage`] |
//! | where accounts are kept, those of guests without a password | [`AccountStore`], [`AccountRecord`] |

mod characters;
mod error;
mod lockout;
mod logins;
mod name;
mod name_key;
mod name_letters;
mod network;
mod password;
mod recent;
mod refresh;
mod storage;
mod store;
mod token;

pub use characters::{CHARACTERS_MAX, CharacterError, CharacterRecord, CharacterStore};
pub use error::{AccountError, Unauthorized};
pub use lockout::{Attempt, Lockout, LockoutPolicy};
pub use logins::{LoginStore, NewLogin, REFRESH_GRACE_S, Rotation};
pub use name::AccountName;
pub use network::{NetworkKey, NetworkMark};
pub use password::{Password, hash_password, verify_nobody, verify_password};
pub use recent::{Recent, network_of};
pub use refresh::{REFRESH_TOKEN_S, RefreshKey, RefreshToken};
pub use storage::{
    KeptObject, ObjectWrite, STORAGE_BYTES_MAX, STORAGE_NAME_CHARS_MAX, STORAGE_OBJECTS_MAX, STORAGE_VALUE_BYTES_MAX,
    StorageError, StorageName, StoragePlace, StorageReader, StorageStore, StorageUsage, StorageWriter, StoredObject,
};
pub use store::{AccountRecord, AccountStore, AccountStoreError};
pub use token::{ACCESS_TOKEN_S_MAX, Claims, TokenKeys};
