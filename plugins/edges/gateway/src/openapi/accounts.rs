//! Coming in, staying in, and the characters of an account.

use hypogeum_accounts::AccountError;
use hypogeum_economy::EconomyError;
use hypogeum_progression::MATCHES_PER_PAGE_MAX;

use super::route::{Passes, Route, body_refusals};
use super::views::{GuestLogin, Login, NewAccount};
use crate::accounts::{Credentials, Registered};
use crate::characters::{Character, Characters, Deleted, NewCharacter};
use crate::connect::{Connect, PlayAs};
use crate::error::ApiError;
use crate::guests::GuestName;
use crate::logins::{Closed, Presented};
use crate::matches::{MatchBody, MatchesBody};
use crate::profile::ProfileBody;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = Vec::from(strangers());
    routes.extend(reached());
    routes.extend([
        Route::post("/v1/connect", "connect", "A token for one connection to the game, over UDP.")
            .may_take::<PlayAs>()
            .answers::<Connect>(200, "The token and where to go.")
            .refuses([ApiError::NoSuchCharacter]),
        Route::post("/v1/logout", "logout", "Closes the login that the access token is of.")
            .answers::<Closed>(200, "How many were closed."),
        Route::post("/v1/logout/everywhere", "logout_everywhere", "Closes every login of the account.")
            .answers::<Closed>(200, "How many were closed."),
        Route::get("/v1/characters", "list_characters", "The characters of the account.")
            .answers::<Characters>(200, "All of them."),
        Route::post("/v1/characters", "create_character", "Makes a character.")
            .takes::<NewCharacter>()
            .answers::<Character>(201, "It is made.")
            .refuses([invalid_name(), ApiError::NameTaken, ApiError::TooManyCharacters])
            .refuses([EconomyError::NoSuchAccount]),
        Route::delete("/v1/characters/{id}", "delete_character", "Deletes a character, for good.")
            .answers::<Deleted>(200, "It is gone.")
            .refuses([ApiError::NoSuchCharacter, ApiError::CharacterInShard]),
    ]);
    routes
}

/// What an account is, and what it has played.
fn reached() -> [Route; 3] {
    [
        Route::get("/v1/profile", "show_profile", "What the account is, and what it has reached.")
            .answers::<ProfileBody>(200, "The profile.")
            .refuses(body_refusals())
            .refuses([EconomyError::NoSuchAccount]),
        Route::get("/v1/matches", "list_matches", "Matches of the account that are over, the latest first.")
            .page("^[0-9]+\\.[0-9]+$", MATCHES_PER_PAGE_MAX)
            .answers::<MatchesBody>(200, "A page of matches."),
        Route::get("/v1/matches/{id}", "show_match", "A match of the account that is over.")
            .answers_kept::<MatchBody>("The match, as it ended for the account.")
            .refuses([ApiError::NoSuchMatch]),
    ]
}

fn strangers() -> [Route; 4] {
    [
        Route::post("/v1/accounts", "register", "Makes an account.")
            .takes::<NewAccount>()
            .answers::<Registered>(201, "It is made.")
            .refuses([invalid_name(), ApiError::WeakPassword(AccountError::PasswordShort), ApiError::NameTaken])
            .refuses([ApiError::TryLater, ApiError::Busy]),
        Route::post("/v1/login", "login", "Opens a login by name and password.")
            .takes::<Credentials>()
            .answers::<Login>(200, "An open login.")
            .refuses([ApiError::WrongCredentials, ApiError::LockedOut { retry_after_ms: 1 }, ApiError::Busy]),
        Route::post("/v1/refresh", "refresh", "Uses a refresh token up, for the next tokens.")
            .takes::<Presented>()
            .answers::<Login>(200, "The next tokens.")
            .refuses([ApiError::RefreshRefused, ApiError::RefreshReused]),
        Route::post("/v1/guests", "come_as_guest", "Lets a guest in: an account without a password.")
            .takes::<GuestName>()
            .answers::<GuestLogin>(200, "The guest is in.")
            .refuses([invalid_name(), ApiError::GuestsRefused, ApiError::NameTaken, ApiError::TryLater]),
    ]
    .map(|route| route.passes(Passes::Strangers))
}

fn invalid_name() -> ApiError {
    ApiError::InvalidName(AccountError::NameShape)
}
