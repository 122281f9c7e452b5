//! Logins that outlive an access token: families of refresh tokens, as those who ask see them.
//!
//! A login by password opens a family with its first refresh token. Showing that one gets the next, and so on; each is
//! good once. An answer may get lost, so a used one that is shown again gets the same next one, for
//! [`REFRESH_GRACE_S`] and while the next one is unused. Any other that is shown again has been copied: nobody can tell
//! the thief from the owner, so the whole family is closed and the owner logs in again.

use std::future::Future;

use hypogeum_protocol::AccountId;

use crate::network::NetworkMark;
use crate::store::AccountStoreError;

/// How long the same answer is given again to a refresh token whose successor nobody has used, in seconds. Long enough
/// for a client to notice that its answer is lost, and for a server that died to be started again.
pub const REFRESH_GRACE_S: u64 = 30;

/// A login that begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewLogin {
    /// Its number: random, never 0. Every access token names it.
    pub login: u64,
    /// Whose it is.
    pub account: AccountId,
    /// Digest of its first refresh token: see [`crate::RefreshToken::digest`].
    pub token_digest: [u8; 32],
    /// Where it comes from: the account was last seen there from now on.
    pub seen_at: NetworkMark,
    /// Now, in seconds since 1970.
    pub now_s: u64,
    /// When that token ends, in seconds since 1970.
    pub expires_s: u64,
}

/// What became of a refresh token that was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was good, and is used now: the next one takes its place. Or it did so a moment ago, and the same holds still.
    Rotated {
        /// The login it belongs to.
        login: u64,
        /// Whose it is.
        account: AccountId,
        /// The account's name, as shown.
        name: String,
    },
    /// It was used before, and not just now for this next one. Its login is closed now.
    Reused {
        /// The login that was closed.
        login: u64,
        /// Whose it was.
        account: AccountId,
    },
    /// Nobody knows it, or it has expired, or its login was closed before.
    Refused,
}

/// Keeps logins. Calls may come from any thread and any async runtime. Where a call fails, nothing was changed; whether
/// a call changed something before its answer got lost is not known to anyone but the store.
pub trait LoginStore: Send + Sync + 'static {
    /// Opens a login with its first refresh token.
    fn open_login(&self, new: NewLogin) -> impl Future<Output = Result<(), AccountStoreError>> + Send;

    /// Uses the token of digest `presented` and puts that of digest `next`, good until `expires_s`, in its place: in one
    /// transaction. Where that was done at most [`REFRESH_GRACE_S`] ago and `next` is unused, nothing changes and the answer
    /// is the same: so all who show the same token at the same time, with the same `next`, get [`Rotation::Rotated`]. A
    /// token is over at `now_s == expires_s`. Used ones are remembered for as long as they would have been good.
    fn rotate(
        &self,
        presented: [u8; 32],
        next: [u8; 32],
        now_s: u64,
        expires_s: u64,
    ) -> impl Future<Output = Result<Rotation, AccountStoreError>> + Send;

    /// Whether `login` is one of `account`'s and was not closed. It is not asked whether its refresh token has expired:
    /// access tokens end on their own.
    fn is_login_open(
        &self,
        account: AccountId,
        login: u64,
    ) -> impl Future<Output = Result<bool, AccountStoreError>> + Send;

    /// Closes a login of `account`: its refresh tokens are refused from now on. Whether it was open.
    fn close_login(
        &self,
        account: AccountId,
        login: u64,
    ) -> impl Future<Output = Result<bool, AccountStoreError>> + Send;

    /// Closes every login of `account`. How many were open.
    fn close_all_logins(&self, account: AccountId) -> impl Future<Output = Result<u32, AccountStoreError>> + Send;
}
