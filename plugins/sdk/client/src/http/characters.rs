//! The characters of an account: names and faces to play under, each with a place and a body of its own in open shards. Stash,
//! wallet, rating and experience are the account's.

use hypogeum_protocol::CharacterId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, Login};

/// A character of an account: a name and a face to play under.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Character {
    /// Its number, by which it is chosen, renamed and deleted.
    #[serde(rename = "character_id")]
    pub id: CharacterId,
    /// How it is shown.
    pub name: String,
    /// When it was made, in seconds since 1970.
    pub created_s: u64,
}

#[derive(Deserialize)]
struct Characters {
    characters: Vec<Character>,
}

impl Api {
    /// The account's characters, in the order they were made.
    ///
    /// # Errors
    /// As [`Api::register`], with 401 where the login has expired or was closed.
    pub fn characters(&self, login: &Login) -> Result<Vec<Character>, ApiError> {
        let answer: Characters = self.get("/v1/characters", login)?;
        Ok(answer.characters)
    }

    /// Makes a character.
    ///
    /// # Errors
    /// As [`Api::characters`], with 409 where the name is taken or the account has eight.
    pub fn create_character(&self, login: &Login, name: &str) -> Result<Character, ApiError> {
        self.post("/v1/characters", Some(login), &json!({ "name": name }))
    }

    /// Deletes a character; what was won with it is its account's, and what it carried is in the stash.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where the account has no such character, and 409 where it is in a shard.
    pub fn delete_character(&self, login: &Login, CharacterId(id): CharacterId) -> Result<(), ApiError> {
        self.delete::<Value>(&format!("/v1/characters/{id}"), login).map(drop)
    }
}
