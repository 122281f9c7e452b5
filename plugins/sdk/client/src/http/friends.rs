//! Friends, requests to become some, blocks, and who may see where one is.

use hypogeum_protocol::AccountId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, Login};

/// How somebody stands to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FriendState {
    /// They are friends.
    Friend,
    /// The caller has asked, and has no answer.
    Sent,
    /// The other has asked, and has no answer.
    Received,
    /// The caller blocks the other.
    Blocked,
}

/// Where somebody is, as far as the caller may see it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FriendWhereabouts {
    /// Not connected, or nobody is to know.
    Offline,
    /// Connected, and in nothing.
    Online,
    /// In a match.
    InMatch {
        /// The key of its mode.
        mode: String,
    },
    /// In a place of the persistent world.
    InPlace {
        /// The key of the place.
        place: String,
    },
}

/// Somebody that the caller has to do with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Friend {
    /// The account of that somebody.
    #[serde(rename = "account_id")]
    pub account: AccountId,
    /// The name of that account.
    pub name: String,
    /// How it stands.
    pub state: FriendState,
    /// Since when, in seconds since 1970.
    pub since_s: i64,
    /// Where it is.
    pub presence: FriendWhereabouts,
}

/// A page of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FriendPage {
    /// In the order of their numbers.
    pub friends: Vec<Friend>,
    /// Ask for what is after this to see more; `None`: there are none.
    pub next: Option<String>,
}

impl Api {
    /// A page of those that the caller has to do with, 100 at most, in any state; the first one, or the one after a page's `next`.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn friends(&self, login: &Login, after: Option<&str>) -> Result<FriendPage, ApiError> {
        let query = after.map(|after| format!("?after={after}")).unwrap_or_default();
        self.get(&format!("/v1/friends{query}"), login)
    }

    /// Asks whoever is called so to be friends, or takes their request.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where nobody is called so, 400 where the caller is, and 409 where a list is full.
    pub fn befriend(&self, login: &Login, name: &str) -> Result<Friend, ApiError> {
        self.post("/v1/friends", Some(login), &json!({ "name": name }))
    }

    /// Takes a request.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none, and 409 where a list is full.
    pub fn accept_friend(&self, login: &Login, account: AccountId) -> Result<Friend, ApiError> {
        self.post(&format!("/v1/friends/{}/accept", account.0), Some(login), &json!({}))
    }

    /// Ends a friendship, declines a request or takes one back.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none.
    pub fn remove_friend(&self, login: &Login, account: AccountId) -> Result<(), ApiError> {
        self.delete::<Value>(&format!("/v1/friends/{}", account.0), login).map(drop)
    }

    /// Blocks whoever is called so: neither hears or invites the other, and they are friends no longer.
    ///
    /// # Errors
    /// As [`Api::befriend`].
    pub fn block(&self, login: &Login, name: &str) -> Result<Friend, ApiError> {
        self.post("/v1/blocks", Some(login), &json!({ "name": name }))
    }

    /// Blocks somebody no longer.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where it is not blocked.
    pub fn unblock(&self, login: &Login, account: AccountId) -> Result<(), ApiError> {
        self.delete::<Value>(&format!("/v1/blocks/{}", account.0), login).map(drop)
    }

    /// Says who may see where the caller is: `everybody`, `friends` or `nobody`.
    ///
    /// # Errors
    /// As [`Api::characters`], with 400 for another word.
    pub fn set_visible_to(&self, login: &Login, whom: &str) -> Result<(), ApiError> {
        self.post::<Value>("/v1/presence", Some(login), &json!({ "visible_to": whom })).map(drop)
    }
}
