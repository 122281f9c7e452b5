//! What the HTTP door asks of a database.

use std::future::Future;

use hypogeum_protocol::AccountId;
use hypogeum_protocol::limits::IGNORED_MAX;
use hypogeum_store::{FRIENDS_MAX, OPEN_REQUESTS_MAX, VisibleTo};

/// How somebody stands to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FriendState {
    /// They are friends.
    Friend,
    /// The account has asked, and has no answer.
    Sent,
    /// The other has asked, and has no answer.
    Received,
    /// The account blocks the other.
    Blocked,
}

impl FriendState {
    /// Each, once.
    pub const ALL: [Self; 4] = [Self::Friend, Self::Sent, Self::Received, Self::Blocked];

    /// Its name, in databases and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Friend => "friend",
            Self::Sent => "sent",
            Self::Received => "received",
            Self::Blocked => "blocked",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Somebody that an account has to do with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FriendRecord {
    /// The account of that somebody.
    pub account: AccountId,
    /// The name of that account.
    pub name: String,
    /// How it stands.
    pub state: FriendState,
    /// Since when, in seconds since 1970.
    pub since_s: i64,
}

/// Why nothing was done about a friend or a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SocialError {
    /// Nobody is called so.
    #[error("nobody is called so")]
    NoSuchName,
    /// It is the account itself.
    #[error("that is you")]
    Oneself,
    /// The account blocks that person.
    #[error("you block them: unblock them first")]
    Blocking,
    /// There is no request of that person.
    #[error("there is no request of theirs")]
    NoSuchRequest,
    /// That person is neither a friend nor in an open request; or is not blocked.
    #[error("there is nobody of that number on the list")]
    NotListed,
    /// The account has as many friends as it may.
    #[error("an account has at most {FRIENDS_MAX} friends")]
    TooManyFriends,
    /// The account has as many open requests as it may.
    #[error("an account has at most {OPEN_REQUESTS_MAX} open requests")]
    TooManyRequests,
    /// The other has as many friends, or requests, as it may.
    #[error("they can have no more friends, or requests, now")]
    TheirsFull,
    /// The account ignores as many as it may.
    #[error("an account mutes and blocks at most {IGNORED_MAX} others")]
    TooManyBlocks,
    /// The store does not answer.
    #[error("the store is unavailable")]
    Unavailable,
}

/// Friends in a database.
pub trait FriendStore: Send + Sync + 'static {
    /// Those that an account has to do with, in the order of their numbers, as far as they are in `state`; `None`: in any.
    fn friends(
        &self,
        account: AccountId,
        state: Option<FriendState>,
        after: Option<AccountId>,
        count: usize,
    ) -> impl Future<Output = Result<Vec<FriendRecord>, SocialError>> + Send;

    /// Asks whoever is called so, an account or a character of one, to be friends. Who has been asked by them is their friend at once; asked again it
    /// does nothing. With whom a block of theirs stands in the way is answered as others are, and they are told nothing: the answer says whether they are.
    fn befriend(
        &self,
        account: AccountId,
        name: &str,
    ) -> impl Future<Output = Result<(FriendRecord, bool), SocialError>> + Send;

    /// Takes a request.
    fn accept_friend(
        &self,
        account: AccountId,
        other: AccountId,
    ) -> impl Future<Output = Result<FriendRecord, SocialError>> + Send;

    /// Ends a friendship, declines a request or takes one back.
    fn remove_friend(
        &self,
        account: AccountId,
        other: AccountId,
    ) -> impl Future<Output = Result<(), SocialError>> + Send;

    /// Blocks whoever is called so, as in a chat: friendship and requests between both end.
    fn block(&self, account: AccountId, name: &str) -> impl Future<Output = Result<FriendRecord, SocialError>> + Send;

    /// Blocks somebody no longer. Who is only muted stays so.
    fn unblock(&self, account: AccountId, other: AccountId) -> impl Future<Output = Result<(), SocialError>> + Send;

    /// Who may see where an account is.
    fn visible_to(&self, account: AccountId) -> impl Future<Output = Result<VisibleTo, SocialError>> + Send;

    /// Says who may see where an account is.
    fn set_visible_to(
        &self,
        account: AccountId,
        visible_to: VisibleTo,
    ) -> impl Future<Output = Result<(), SocialError>> + Send;
}
