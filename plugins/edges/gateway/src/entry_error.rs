//! Why nobody opened, entered, left or called off a game.

use axum::http::StatusCode;
use hypogeum_tournaments::EntryError;
use serde_json::{Value, json};

use crate::creatures;

/// The HTTP status of a refusal.
pub(crate) const fn status(error: &EntryError) -> StatusCode {
    match error {
        EntryError::NoSuchGame => StatusCode::NOT_FOUND,
        EntryError::NotYours => StatusCode::FORBIDDEN,
        EntryError::Creature(error) => creatures::status(error),
        _ => StatusCode::CONFLICT,
    }
}

/// The stable name of a refusal.
pub(crate) const fn code(error: &EntryError) -> &'static str {
    match error {
        EntryError::NoSuchGame => "no_such_game",
        EntryError::NotYours => "not_your_game",
        EntryError::Started => "game_started",
        EntryError::CalledOff => "game_called_off",
        EntryError::Full => "game_full",
        EntryError::AlreadyEntered(_) => "already_entered",
        EntryError::TooManyOfYours { .. } => "too_many_of_yours",
        EntryError::TooManyEntries => "too_many_entries",
        EntryError::NotEntered(_) => "not_entered",
        EntryError::TooManyOpenGames => "too_many_open_games",
        EntryError::NoRoom => "no_room",
        EntryError::NotEnough { .. } => "not_enough",
        EntryError::Creature(error) => creatures::code(error),
    }
}

/// What a program needs to know to do better.
pub(crate) fn details(error: &EntryError) -> Option<Value> {
    match error {
        EntryError::AlreadyEntered(creature) | EntryError::NotEntered(creature) => {
            Some(json!({ "creature": creature }))
        }
        EntryError::TooManyOfYours { most } => Some(json!({ "most": most })),
        EntryError::NotEnough { needed, found } => Some(json!({ "needed": needed, "found": found })),
        EntryError::Creature(error) => creatures::details(error),
        _ => None,
    }
}
