//! What is asked of friends: those of people who have come.

use hypogeum_protocol::AccountId;

/// Friends that one account has.
pub const FRIENDS_MAX: usize = 500;
/// Requests of one account that have no answer, and as many that it has not answered.
pub const OPEN_REQUESTS_MAX: usize = 100;

/// Who may see where somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VisibleTo {
    /// Whoever looks.
    Everybody,
    /// Its friends.
    #[default]
    Friends,
    /// Nobody: it is always away.
    Nobody,
}

impl VisibleTo {
    /// Each, once.
    pub const ALL: [Self; 3] = [Self::Everybody, Self::Friends, Self::Nobody];

    /// Its name, in databases and answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Friends => "friends",
            Self::Nobody => "nobody",
        }
    }

    /// The one of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|visible_to| visible_to.name() == name)
    }
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocialRequest {
    /// What accounts have settled about others. One that nobody knows has nothing.
    Load {
        /// The accounts.
        accounts: Vec<AccountId>,
    },
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocialReply {
    /// Answers [`SocialRequest::Load`], in the order asked.
    Loaded(Vec<SocialSettings>),
}

/// What an account has settled about others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocialSettings {
    /// Whose settings these are.
    pub account: AccountId,
    /// What the account is called, whatever character it plays; empty: nobody knows it.
    pub name: String,
    /// Its friends, at most [`FRIENDS_MAX`].
    pub friends: Vec<AccountId>,
    /// Whom it blocks, at most [`IGNORED_MAX`](hypogeum_protocol::limits::IGNORED_MAX).
    pub blocked: Vec<AccountId>,
    /// Who may see where it is.
    pub visible_to: VisibleTo,
}
