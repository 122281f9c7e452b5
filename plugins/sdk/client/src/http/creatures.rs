//! The creatures of an account.

use hypogeum_creature_messages::{CreatureId, CreatureStats, GameId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, Login};

/// A creature of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Creature {
    /// Its number, by which it is chosen.
    #[serde(rename = "creature_id")]
    pub id: CreatureId,
    /// What it is called.
    pub name: String,
    /// The key of its type.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is made of.
    pub stats: CreatureStats,
    /// Points it has not given to a stat yet.
    pub points: u32,
    /// Pairings it has won.
    pub won: u32,
    /// Pairings it has lost.
    pub lost: u32,
    /// Pairings it has won since it lost one.
    pub streak: u32,
    /// The most it has won so.
    pub best_streak: u32,
    /// Games it has won as champion.
    pub titles: u32,
    /// The game that holds it.
    #[serde(rename = "game_id", default)]
    pub game: Option<GameId>,
}

#[derive(Deserialize)]
struct Creatures {
    creatures: Vec<Creature>,
}

impl Api {
    /// Makes a creature of a type; `points` go to its stats, and those that are not given are kept.
    ///
    /// # Errors
    /// As [`Api::characters`], with 400 where the name, the type or the points are not good, and 409 where the account has too many.
    pub fn create_creature(
        &self,
        login: &Login,
        (name, kind): (&str, &str),
        points: CreatureStats,
    ) -> Result<Creature, ApiError> {
        self.create_creature_once(login, (name, kind), points, "")
    }

    /// The same, by a key of at most 64 bytes by which the request is known when it is sent again: it is the same creature then. Empty:
    /// each is another.
    ///
    /// # Errors
    /// As [`Api::create_creature`], with 404 where the creature of that key was released since.
    pub fn create_creature_once(
        &self,
        login: &Login,
        (name, kind): (&str, &str),
        points: CreatureStats,
        key: &str,
    ) -> Result<Creature, ApiError> {
        let body = json!({ "name": name, "type": kind, "points": points, "key": key });
        self.post("/v1/creatures", Some(login), &body)
    }

    /// The account's creatures, in the order they were made.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn creatures(&self, login: &Login) -> Result<Vec<Creature>, ApiError> {
        let answer: Creatures = self.get("/v1/creatures", login)?;
        Ok(answer.creatures)
    }

    /// One of the account's creatures.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none, and 403 where it is somebody else's.
    pub fn creature(&self, login: &Login, CreatureId(id): CreatureId) -> Result<Creature, ApiError> {
        self.get(&format!("/v1/creatures/{id}"), login)
    }

    /// Calls a creature otherwise.
    ///
    /// # Errors
    /// As [`Api::creature`], with 400 where the name is not good.
    pub fn rename_creature(&self, login: &Login, CreatureId(id): CreatureId, name: &str) -> Result<Creature, ApiError> {
        self.ask("PATCH", &format!("/v1/creatures/{id}"), Some(login), Some(&json!({ "name": name })))
    }

    /// Gives points that a creature has kept to its stats.
    ///
    /// # Errors
    /// As [`Api::creature`], with 400 where it has fewer or a stat would be too high, and 409 where a game holds it.
    pub fn allocate_stats(
        &self,
        login: &Login,
        creature: CreatureId,
        points: CreatureStats,
    ) -> Result<Creature, ApiError> {
        self.allocate_stats_once(login, creature, points, "")
    }

    /// The same, by a key of at most 64 bytes by which the request is known when it is sent again for that creature: nothing more is given
    /// then. Empty: each gives.
    ///
    /// # Errors
    /// As [`Api::allocate_stats`].
    pub fn allocate_stats_once(
        &self,
        login: &Login,
        CreatureId(id): CreatureId,
        points: CreatureStats,
        key: &str,
    ) -> Result<Creature, ApiError> {
        let body = json!({ "points": points, "key": key });
        self.post(&format!("/v1/creatures/{id}/allocate-stats"), Some(login), &body)
    }

    /// Releases a creature, for good.
    ///
    /// # Errors
    /// As [`Api::creature`], with 409 where a game holds it.
    pub fn release_creature(&self, login: &Login, CreatureId(id): CreatureId) -> Result<(), ApiError> {
        self.delete::<Value>(&format!("/v1/creatures/{id}"), login).map(drop)
    }
}
