//! What a client proves itself by.

use std::fmt;

use hypogeum_protocol::CharacterId;
use serde::{Deserialize, Serialize};

/// What a client proves itself by, in its first message: beside the fields of the hello. One that renews its token says the token alone.
#[derive(Clone, Deserialize)]
pub struct Credentials {
    /// The access token of a login.
    pub access_token: String,
    /// The character that it plays; `None`: it plays under its account's name.
    #[serde(default)]
    pub character_id: Option<CharacterId>,
}

impl fmt::Debug for Credentials {
    /// A token is a secret.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("character_id", &self.character_id).finish_non_exhaustive()
    }
}

/// The payload of a `renewed`: the new token is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewed {
    /// Seconds until it ends, and the connection with it.
    pub expires_in_s: u64,
}
