//! Games that people enter one by one.

use hypogeum_creature_messages::{CreatureId, GameId, TournamentView};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, Login};

/// A game that somebody opens for others to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewOpenGame {
    /// The key of the tournament.
    pub tournament: String,
    /// How many may take part with the machines; `None`: as many as the tournament allows.
    pub size: Option<u8>,
    /// The key of the machines' level that fills it; `None`: only people's creatures take part.
    pub opponents: Option<String>,
    /// Seconds until it starts, unless it is full before.
    pub starts_in_s: u32,
    /// By which the same request is known when it is sent again; empty: each is another game.
    pub key: String,
}

/// A game that people enter, or have entered.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct OpenGame {
    /// Which one.
    #[serde(rename = "game_id")]
    pub id: GameId,
    /// The key of the tournament.
    pub tournament: String,
    /// How far it is: `open`, `running`, `over` or `called_off`.
    pub state: String,
    /// Who has opened it; `None`: the house.
    pub account_id: Option<u64>,
    /// How many may take part with the machines; how many do, once it has started.
    pub size: u8,
    /// When it starts unless it is full before, in seconds since 1970.
    pub starts_s: u64,
    /// What it costs to enter.
    pub entry_fee: i64,
    /// All fees, and what the house adds.
    pub pot: i64,
    /// Percent of the pot for each place.
    pub prizes_percent: Vec<u8>,
    /// What seeds go by: `entry_order`, `drawn` or `rating`.
    pub seeding: String,
    /// The key of the ladder whose ratings they go by, where they do.
    #[serde(default)]
    pub seeding_ladder: Option<String>,
    /// How many creatures have entered and not left.
    pub entered: u8,
    /// These, in the order of entry; none in a list.
    #[serde(default)]
    pub entries: Vec<Entry>,
    /// The key by which seeds were drawn, once it has started.
    #[serde(default)]
    pub draw: String,
}

/// A creature that has entered a game.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Entry {
    /// Which one.
    #[serde(rename = "creature_id")]
    pub creature: CreatureId,
    /// Whose it is.
    pub account_id: u64,
    /// What that person is called.
    pub owner_name: String,
    /// What it is called.
    pub name: String,
    /// What it has won, once the game is over.
    pub prize: Option<i64>,
}

/// A game as it is shown: while people enter it, and once it is played.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ShownGame {
    /// People enter it, or it was called off.
    Entering(Box<OpenGame>),
    /// It is played, or over.
    Playing(Box<TournamentView>),
}

#[derive(Deserialize)]
struct OpenGames {
    games: Vec<OpenGame>,
}

impl Api {
    /// Opens a game for everyone to enter.
    ///
    /// # Errors
    /// As [`Api::characters`], with 400 where it cannot be played so, and 409 where the account has too many open.
    pub fn open_game(&self, login: &Login, game: &NewOpenGame) -> Result<OpenGame, ApiError> {
        let NewOpenGame { tournament, size, opponents, starts_in_s, key } = game;
        let mut body = json!({ "tournament": tournament, "key": key, "open": { "starts_in_s": starts_in_s } });
        if let Value::Object(fields) = &mut body {
            fields.extend(size.map(|size| ("size".to_owned(), json!(size))));
            fields.extend(opponents.as_ref().map(|level| ("opponents".to_owned(), json!(level))));
        }
        self.post("/v1/games", Some(login), &body)
    }

    /// Enters a game with a creature, which it holds from then on, and pays the fee. `key` names the entry: sent again, nothing more is done;
    /// empty, each request is another.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is no such game or creature, 403 where the creature is somebody else's, and 409 where
    /// it cannot be done: the code says why.
    pub fn enter_game(
        &self,
        login: &Login,
        GameId(id): GameId,
        (creature, key): (CreatureId, &str),
    ) -> Result<OpenGame, ApiError> {
        let body = json!({ "creature_id": creature, "key": key });
        self.post(&format!("/v1/games/{id}/enter"), Some(login), &body)
    }

    /// Leaves an open game with a creature: the fee is given back.
    ///
    /// # Errors
    /// As [`Api::enter_game`].
    pub fn leave_game(&self, login: &Login, GameId(id): GameId, creature: CreatureId) -> Result<OpenGame, ApiError> {
        self.post(&format!("/v1/games/{id}/leave"), Some(login), &json!({ "creature_id": creature }))
    }

    /// Calls an open game off that the account has opened: all fees are given back.
    ///
    /// # Errors
    /// As [`Api::enter_game`], with 403 where somebody else has opened it.
    pub fn call_game_off(&self, login: &Login, GameId(id): GameId) -> Result<OpenGame, ApiError> {
        self.post(&format!("/v1/games/{id}/call-off"), Some(login), &json!({}))
    }

    /// Open games behind one, in the order of their numbers, at most 100.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn open_games(&self, login: &Login, GameId(after): GameId) -> Result<Vec<OpenGame>, ApiError> {
        let answer: OpenGames = self.get(&format!("/v1/open-games?after={after}"), login)?;
        Ok(answer.games)
    }

    /// Who has entered a game and what they have won, however far it is.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none, or one person has started it.
    pub fn game_entries(&self, login: &Login, GameId(id): GameId) -> Result<OpenGame, ApiError> {
        self.get(&format!("/v1/games/{id}/entries"), login)
    }

    /// A game as it stands, whoever's it is, whether it is played already or not.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none.
    pub fn shown_game(&self, login: &Login, GameId(id): GameId) -> Result<ShownGame, ApiError> {
        self.get(&format!("/v1/games/{id}"), login)
    }
}
