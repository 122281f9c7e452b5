//! Boards of who is best.

use serde::Deserialize;

use super::{Api, ApiError, Login, Reward};

/// A board there is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Leaderboard {
    /// By which it is asked for.
    pub key: String,
    /// Shown to players.
    pub name: String,
    /// Says what it counts.
    pub description: String,
    /// What becomes of a score when another comes: `best`, `set`, `increment`, `decrement`.
    pub operator: String,
    /// `descending`: more is better; `ascending`: less.
    pub order: String,
    /// Where its scores come from: `games_won`, `submissions` …
    pub counts: String,
    /// Whether it begins again by a schedule.
    pub has_seasons: bool,
    /// What the best get when a season is over, the first ranks first.
    #[serde(default)]
    pub rewards: Vec<LeaderboardReward>,
}

/// What ranks get, from behind those of the step before.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LeaderboardReward {
    /// The last rank that gets it.
    pub to_rank: u64,
    /// What it gets.
    pub reward: Reward,
}

/// A part of a board.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LeaderboardPage {
    /// Its key.
    pub leaderboard: String,
    /// Of which season it is.
    pub season: LeaderboardSeason,
    /// In the order of ranks.
    pub entries: Vec<LeaderboardEntry>,
    /// For [`LeaderboardQuery::After`]; `None`: nobody is behind them.
    pub next: Option<String>,
}

/// A season of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct LeaderboardSeason {
    /// When it began, in seconds since 1970; 0: the board has none.
    pub season_s: i64,
    /// When it ends, where it goes on and will.
    pub ends_s: Option<i64>,
    /// Whether it is over: it stays as it was.
    pub is_over: bool,
    /// How many have a score in it.
    pub entry_count: u64,
}

/// Somebody on a board.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct LeaderboardEntry {
    /// 1 is the best; each is given once.
    pub rank: u64,
    /// Whose score it is.
    pub account_id: u64,
    /// What that person is called.
    pub name: String,
    /// The score.
    pub score: i64,
}

/// Which part of a board is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaderboardQuery<'q> {
    /// From this rank on.
    From(u64),
    /// Behind another page, by its [`LeaderboardPage::next`].
    After(&'q str),
    /// Around the caller.
    AroundMe,
    /// Around an account.
    Around(u64),
}

#[derive(Deserialize)]
struct Leaderboards {
    leaderboards: Vec<Leaderboard>,
}

#[derive(Deserialize)]
struct Seasons {
    seasons: Vec<LeaderboardSeason>,
}

impl Api {
    /// The boards there are.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn leaderboards(&self, login: &Login) -> Result<Vec<Leaderboard>, ApiError> {
        let answer: Leaderboards = self.get("/v1/leaderboards", login)?;
        Ok(answer.leaderboards)
    }

    /// A part of a board, at most `count` entries; of the season that goes on, or of the one that began at `season_s`.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is no such board or season.
    pub fn leaderboard(
        &self,
        login: &Login,
        key: &str,
        (query, season_s, count): (LeaderboardQuery<'_>, Option<i64>, usize),
    ) -> Result<LeaderboardPage, ApiError> {
        let (path, query) = match query {
            LeaderboardQuery::From(rank) => ("", format!("&from={rank}")),
            LeaderboardQuery::After(next) => ("", format!("&after={next}")),
            LeaderboardQuery::AroundMe => ("/around", String::new()),
            LeaderboardQuery::Around(account) => ("/around", format!("&account_id={account}")),
        };
        let season = season_s.map(|season_s| format!("&season={season_s}")).unwrap_or_default();
        self.get(&format!("/v1/leaderboards/{key}{path}?count={count}{query}{season}"), login)
    }

    /// Seasons of a board in which anybody has a score, the latest first.
    ///
    /// # Errors
    /// As [`Api::leaderboard`].
    pub fn leaderboard_seasons(&self, login: &Login, key: &str) -> Result<Vec<LeaderboardSeason>, ApiError> {
        let answer: Seasons = self.get(&format!("/v1/leaderboards/{key}/seasons"), login)?;
        Ok(answer.seasons)
    }
}
