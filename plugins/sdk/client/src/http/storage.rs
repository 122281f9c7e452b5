//! Objects that a program keeps with its player's account.

use hypogeum_protocol::AccountId;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Api, ApiError, Login, escaped};

/// Who may read an object, beside the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectReader {
    /// Its owner alone.
    #[default]
    Owner,
    /// Everybody with an account.
    Public,
}

/// Who may write an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectWriter {
    /// Its owner, and the server.
    Owner,
    /// The server alone.
    Server,
}

/// An object as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StoredObject {
    /// Whose it is.
    pub owner: AccountId,
    /// What it is kept among.
    pub collection: String,
    /// Which one it is there.
    pub key: String,
    /// A JSON object.
    pub value: Value,
    /// Who may read it.
    pub readable_by: ObjectReader,
    /// Who may write it.
    pub writable_by: ObjectWriter,
    /// Greater than that of all writes of its owner before.
    pub version: u64,
    /// When it was written, in seconds since 1970.
    pub written_s: i64,
}

/// A page of objects.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ObjectPage {
    /// In the order of their keys' bytes.
    pub objects: Vec<StoredObject>,
    /// Ask for what is after this to see more; `None`: there are none.
    pub next: Option<String>,
}

/// How much the caller keeps, and may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct StorageUsage {
    /// How many objects there are.
    pub objects: u64,
    /// How many there may be.
    pub objects_max: u64,
    /// How many bytes they have, names included.
    pub bytes: u64,
    /// How many they may have.
    pub bytes_max: u64,
    /// How many the value of one may have.
    pub value_bytes_max: u64,
}

/// What an object is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ObjectChange {
    /// A JSON object.
    pub value: Value,
    /// Who may read it from then on.
    pub readable_by: ObjectReader,
    /// The version that is replaced; 0: there must be none; `None`: whatever there is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_version: Option<u64>,
}

impl ObjectChange {
    /// This value, for its owner alone, whatever there was.
    #[must_use]
    pub const fn new(value: Value) -> Self {
        Self { value, readable_by: ObjectReader::Owner, if_version: None }
    }
}

fn query(parts: &[(&str, Option<String>)]) -> String {
    let there = parts.iter().filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}={value}")));
    let there: Vec<String> = there.collect();
    if there.is_empty() { String::new() } else { format!("?{}", there.join("&")) }
}

/// Where an object is.
fn path((collection, key): (&str, &str)) -> String {
    format!("/v1/storage/{}/{}", escaped(collection), escaped(key))
}

fn number(account: AccountId) -> String {
    account.0.to_string()
}

impl Api {
    /// How much the caller keeps, and may.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn storage(&self, login: &Login) -> Result<StorageUsage, ApiError> {
        self.get("/v1/storage", login)
    }

    /// A page of the objects of a collection, 32 at most: the first one, or the one after a page's `next`. `owner`: `None`: the caller's; else those
    /// that it shows to everybody.
    ///
    /// # Errors
    /// As [`Api::characters`], with 400 where no collection is called so.
    pub fn objects(
        &self,
        login: &Login,
        owner: Option<AccountId>,
        collection: &str,
        after: Option<&str>,
    ) -> Result<ObjectPage, ApiError> {
        let query = query(&[("owner", owner.map(number)), ("after", after.map(escaped))]);
        self.get(&format!("/v1/storage/{}{query}", escaped(collection)), login)
    }

    /// One object, by its collection and its key. `owner`: as in [`Api::objects`].
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none that the caller may read.
    pub fn object(
        &self,
        login: &Login,
        owner: Option<AccountId>,
        place: (&str, &str),
    ) -> Result<StoredObject, ApiError> {
        let query = query(&[("owner", owner.map(number))]);
        self.get(&format!("{}{query}", path(place)), login)
    }

    /// Writes an object of the caller's, by its collection and its key.
    ///
    /// # Errors
    /// As [`Api::characters`], with 409 `stale_version` where it is another version than it was to be: [`ApiError::found`] says which. 409 and 413 where
    /// there is too much, 403 where only the server writes it.
    pub fn write_object(
        &self,
        login: &Login,
        place: (&str, &str),
        change: &ObjectChange,
    ) -> Result<StoredObject, ApiError> {
        let path = path(place);
        let body = serde_json::to_value(change).map_err(|error| self.unreadable(&path, error))?;
        self.post(&path, Some(login), &body)
    }

    /// Deletes an object of the caller's, where it has this version; `None`: whichever it has.
    ///
    /// # Errors
    /// As [`Api::write_object`], with 404 where there is none.
    pub fn delete_object(&self, login: &Login, place: (&str, &str), if_version: Option<u64>) -> Result<(), ApiError> {
        let query = query(&[("if_version", if_version.map(|version| version.to_string()))]);
        self.delete::<Value>(&format!("{}{query}", path(place)), login).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_name_is_another_object() {
        assert_eq!(path(("saves", "slot-1")), "/v1/storage/saves/slot-1", "a good name is written as it is");
        assert_eq!(path(("saves", "slot#1?owner=2")), "/v1/storage/saves/slot%231%3Fowner%3D2", "it is no other slot");
    }

    #[test]
    fn a_query_has_what_is_asked_for() {
        assert_eq!(query(&[("owner", None), ("after", None)]), "", "nothing");
        assert_eq!(query(&[("owner", Some("7".to_owned())), ("after", None)]), "?owner=7", "one thing");
        let both = query(&[("owner", Some("7".to_owned())), ("after", Some("a".to_owned()))]);
        assert_eq!(both, "?owner=7&after=a", "both");
    }
}
