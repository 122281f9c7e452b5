//! Ladders: what people are rated, and a place in line for a rated battle.

use hypogeum_creature_messages::{CreatureId, GameId};
use serde::Deserialize;
use serde_json::json;

use super::{Api, ApiError, Login};

/// What somebody is rated on a ladder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LadderStanding {
    /// The key of the ladder.
    pub ladder: String,
    /// Whose rating it is.
    pub account_id: u64,
    /// A newcomer has 1,500.
    pub rating: i32,
    /// The key of the rank that the rating has.
    pub rank: String,
    /// Rated battles of the season.
    pub battles: u32,
    /// All rated battles.
    pub battles_ever: u32,
    /// When the season began, in seconds since 1970; 0: the ladder has none.
    pub season_s: i64,
}

/// A place in line for a rated battle, or what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LadderPlace {
    /// Not in line.
    Nowhere,
    /// In line. Ask again every few seconds: who vanishes falls out.
    Waiting {
        /// The key of the ladder.
        ladder: String,
        /// The creature that fights.
        creature_id: u64,
        /// What its owner is rated.
        rating: i32,
        /// How far away a rating may be now.
        window: u32,
        /// How many are in reach, oneself included.
        waiting: usize,
        /// Since when, in seconds since 1970.
        since_s: i64,
    },
    /// Somebody was found, and the battle begins.
    Starting,
    /// The battle has begun.
    Playing {
        /// The game that it is.
        game_id: GameId,
    },
    /// Out of the line again.
    FellOut {
        /// Why: `vanished`, `creature_not_free`, `in_rated_game`, `failed`.
        reason: String,
    },
}

impl Api {
    /// What the caller is rated on a ladder.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is no such ladder.
    pub fn ladder_standing(&self, login: &Login, ladder: &str) -> Result<LadderStanding, ApiError> {
        self.get(&format!("/v1/ladders/{ladder}/rating"), login)
    }

    /// Gets in line for a rated battle. The same again, by its key, is the same place.
    ///
    /// # Errors
    /// As [`Api::creature`], with 404 where there is no such ladder, and 409 where one waits or fights already.
    pub fn join_ladder(
        &self,
        login: &Login,
        ladder: &str,
        (creature, key): (CreatureId, &str),
    ) -> Result<LadderPlace, ApiError> {
        let body = json!({ "ladder": ladder, "creature_id": creature, "key": key });
        self.post("/v1/ladder-queue", Some(login), &body)
    }

    /// How it stands with the caller's place in line.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn ladder_place(&self, login: &Login) -> Result<LadderPlace, ApiError> {
        self.get("/v1/ladder-queue", login)
    }

    /// Leaves the line.
    ///
    /// # Errors
    /// As [`Api::characters`], with 409 where the battle begins.
    pub fn leave_ladder(&self, login: &Login) -> Result<LadderPlace, ApiError> {
        self.delete("/v1/ladder-queue", login)
    }
}
