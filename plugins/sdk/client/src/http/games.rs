//! Games of creatures: tournaments, and the battles in them.

use hypogeum_creature_messages::{BattleMove, BattleView, CreatureId, CreatureStats, GameId, TournamentView};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Api, ApiError, Login};

/// A game that somebody starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGame {
    /// The key of the tournament.
    pub tournament: String,
    /// Creatures that take part, the best seed first.
    pub creatures: Vec<CreatureId>,
    /// How many take part with the machines.
    pub size: u8,
    /// The key of the machines' level.
    pub opponents: Option<String>,
    /// By which the same request is known when it is sent again; empty: each is another game.
    pub key: String,
}

/// A game in a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GameBrief {
    /// Which one.
    #[serde(rename = "game_id")]
    pub id: GameId,
    /// The key of the tournament.
    pub tournament: String,
    /// How many take part with the machines.
    pub size: u8,
    /// How far it is: `open`, `running`, `over` or `called_off`.
    pub state: String,
    /// Whether it is over, or was called off.
    pub is_over: bool,
    /// When it was started, in seconds since 1970.
    pub created_s: u64,
}

#[derive(Deserialize)]
struct Games {
    games: Vec<GameBrief>,
}

impl Api {
    /// Starts a game: its creatures are in it until it is over. Returns it as it stands.
    ///
    /// # Errors
    /// As [`Api::creature`], with 400 where it cannot be played so, and 409 where a creature is in another game.
    pub fn start_game(&self, login: &Login, game: &NewGame) -> Result<TournamentView, ApiError> {
        let NewGame { tournament, creatures, size, opponents, key } = game;
        let mut body = json!({ "tournament": tournament, "creature_ids": creatures, "size": size, "key": key });
        if let (Some(opponents), Value::Object(fields)) = (opponents, &mut body) {
            fields.insert("opponents".to_owned(), json!(opponents));
        }
        self.post("/v1/games", Some(login), &body)
    }

    /// Games of the account before one, the newest first.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn games(&self, login: &Login, before: Option<GameId>) -> Result<Vec<GameBrief>, ApiError> {
        let query = before.map(|GameId(id)| format!("?after={id}")).unwrap_or_default();
        let answer: Games = self.get(&format!("/v1/games{query}"), login)?;
        Ok(answer.games)
    }

    /// A game as it stands, whoever's it is; one that people still enter is asked for by [`Api::shown_game`].
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where there is none.
    pub fn game(&self, login: &Login, GameId(id): GameId) -> Result<TournamentView, ApiError> {
        self.get(&format!("/v1/games/{id}"), login)
    }

    /// Says what a creature does in the turn of its battle that is to come. Returns the game as it stands then: where the other
    /// side has chosen, too, the turn is over.
    ///
    /// # Errors
    /// As [`Api::game`], with 403 where the creature is somebody else's, and 409 where it cannot be done now.
    pub fn make_move(
        &self,
        login: &Login,
        GameId(id): GameId,
        (entrant, battle): (u8, &BattleView),
        what: BattleMove,
    ) -> Result<TournamentView, ApiError> {
        let BattleView { pairing, game, turn, .. } = battle;
        let body = json!({ "entrant": entrant, "pairing": pairing, "game": game, "turn": turn, "move": what });
        self.post(&format!("/v1/games/{id}/move"), Some(login), &body)
    }

    /// Gives points to the stats of a creature that has won; those that are not given are kept, and it goes on.
    ///
    /// # Errors
    /// As [`Api::make_move`].
    pub fn allocate_stats_in_game(
        &self,
        login: &Login,
        game: GameId,
        (entrant, points): (u8, CreatureStats),
    ) -> Result<TournamentView, ApiError> {
        self.allocate_stats_in_game_once(login, game, (entrant, points), "")
    }

    /// The same, by a key of at most 64 bytes by which the request is known when it is sent again, among the last 16 of that creature:
    /// nothing more is given then. Empty: each gives.
    ///
    /// # Errors
    /// As [`Api::make_move`].
    pub fn allocate_stats_in_game_once(
        &self,
        login: &Login,
        GameId(id): GameId,
        (entrant, points): (u8, CreatureStats),
        key: &str,
    ) -> Result<TournamentView, ApiError> {
        let body = json!({ "entrant": entrant, "points": points, "key": key });
        self.post(&format!("/v1/games/{id}/allocate-stats"), Some(login), &body)
    }

    /// Says that a creature is ready for its round.
    ///
    /// # Errors
    /// As [`Api::make_move`].
    pub fn ready(&self, login: &Login, GameId(id): GameId, entrant: u8) -> Result<TournamentView, ApiError> {
        self.post(&format!("/v1/games/{id}/ready"), Some(login), &json!({ "entrant": entrant }))
    }

    /// Takes a creature out of a game: it loses what it fights and what is to come.
    ///
    /// # Errors
    /// As [`Api::make_move`].
    pub fn withdraw(&self, login: &Login, GameId(id): GameId, entrant: u8) -> Result<TournamentView, ApiError> {
        self.post(&format!("/v1/games/{id}/withdraw"), Some(login), &json!({ "entrant": entrant }))
    }

    /// The log of a battle, by its pairing and its number among the battles of the two, from 1.
    ///
    /// # Errors
    /// As [`Api::game`].
    pub fn battle_log(
        &self,
        login: &Login,
        GameId(id): GameId,
        (pairing, game): (u16, u8),
    ) -> Result<String, ApiError> {
        let path = format!("/v1/games/{id}/battles/{pairing}/{game}/log");
        let bytes = self.ask_bytes("GET", &path, Some(login), None)?;
        String::from_utf8(bytes).map_err(|error| self.unreadable(&path, error))
    }
}
