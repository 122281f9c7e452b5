//! What is earned beside matches: achievements, days in a row, seasons.

use serde::Deserialize;
use serde_json::Value;

use super::{Api, ApiError, Login};

/// What somebody gets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Reward {
    /// Added to the wallet; 0: none.
    pub currency: i64,
    /// The key of a cosmetic.
    pub cosmetic: Option<String>,
}

/// An achievement, and how far the caller has come.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Achievement {
    /// By which it is known.
    pub key: String,
    /// Shown to players.
    pub name: String,
    /// Says what it takes.
    pub description: String,
    /// What was counted so far, at most `at`.
    pub progress: i64,
    /// What it counts to.
    pub at: i64,
    /// When it was reached, in seconds since 1970.
    pub done_s: Option<u64>,
    /// What it earns.
    pub reward: Reward,
}

/// A table of daily rewards, and how the caller stands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DailyTable {
    /// By which it is asked for.
    pub key: String,
    /// The first day first.
    pub days: Vec<Reward>,
    /// In days of UTC since 1970.
    pub today: i64,
    /// How many were taken in a row.
    pub streak: u64,
    /// Whether today's was taken.
    pub is_claimed: bool,
}

/// What came for today.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct DailyClaim {
    /// In days of UTC since 1970.
    pub today: i64,
    /// How many were taken in a row.
    pub streak: u64,
    /// Whether it came by this very request.
    pub is_new: bool,
    /// What today brings.
    pub reward: Reward,
    /// What the wallet holds now.
    pub balance: i64,
}

/// What a season of a board has given.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SeasonReward {
    /// The key of the board.
    pub leaderboard: String,
    /// When the season began, in seconds since 1970.
    pub season_s: i64,
    /// The rank at its end.
    pub rank: u64,
    /// What was given.
    pub reward: Reward,
    /// When it was given, in seconds since 1970.
    pub granted_s: u64,
}

#[derive(Deserialize)]
struct Achievements {
    achievements: Vec<Achievement>,
}

#[derive(Deserialize)]
struct Tables {
    tables: Vec<DailyTable>,
}

#[derive(Deserialize)]
struct Rewards {
    rewards: Vec<SeasonReward>,
}

impl Api {
    /// All achievements, and how far the caller has come.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn achievements(&self, login: &Login) -> Result<Vec<Achievement>, ApiError> {
        let answer: Achievements = self.get("/v1/achievements", login)?;
        Ok(answer.achievements)
    }

    /// All tables of daily rewards, and how the caller stands.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn daily(&self, login: &Login) -> Result<Vec<DailyTable>, ApiError> {
        let answer: Tables = self.get("/v1/daily", login)?;
        Ok(answer.tables)
    }

    /// Takes what a table has for today. Asked again that day it gives nothing more.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is no such table.
    pub fn claim_daily(&self, login: &Login, table: &str) -> Result<DailyClaim, ApiError> {
        self.post(&format!("/v1/daily/{table}/claim"), Some(login), &Value::Null)
    }

    /// What seasons have given the caller, the last first.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn season_rewards(&self, login: &Login, count: usize) -> Result<Vec<SeasonReward>, ApiError> {
        let answer: Rewards = self.get(&format!("/v1/season-rewards?count={count}"), login)?;
        Ok(answer.rewards)
    }
}
