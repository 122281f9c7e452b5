//! Games of creatures: kinds of tournaments, games that are entered, games that are played.

use hypogeum_creature_messages::{CreatureId, TournamentRefusal};
use hypogeum_tournaments::{CreatureError, EntryError, GAMES_PER_PAGE_MAX, OPEN_GAMES_PER_PAGE_MAX};

use super::creatures::{in_game, unfit, whose};
use super::route::{Passes, Route};
use super::views::{Bracket, Game};
use crate::entries::{EnterGame, LeaveGame, OpenGameBody, OpenGames};
use crate::error::ApiError;
use crate::game_error::GameError;
use crate::games::{AllocateStats, Entrant, Games, MakeMove, StartGame};
use crate::tournament_kinds::KindsBody;

const THIS: CreatureId = CreatureId(1);

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/v1/tournaments", "list_tournaments", "The kinds of tournaments.")
            .passes(Passes::Strangers)
            .answers_kept::<KindsBody<'static>>("All kinds.")
            .refuses([ApiError::NotFound]),
        Route::get("/v1/games", "list_games", "Games of the account, the newest first.")
            .page("^[0-9]+$", GAMES_PER_PAGE_MAX)
            .query_number("before", "The same as `after`, by an older name.", Some(0))
            .answers::<Games>(200, "A page of games."),
        Route::post("/v1/games", "start_game", "Starts a game, or opens one for people to enter.")
            .takes::<StartGame>()
            .answers_either::<OpenGameBody, Game>(201, "It has begun, or is open.")
            .answers_either::<OpenGameBody, Game>(200, "The same request has started it before.")
            .refuses([unfit(), ApiError::TryLater, ApiError::Busy])
            .refuses(whose())
            .refuses([in_game(), CreatureError::NoSuchAccount, CreatureError::Twice(THIS), CreatureError::TooManyGames])
            .refuses([GameError::NoSuchGame, GameError::Open, GameError::CalledOff, GameError::Over])
            .refuses([EntryError::Started, EntryError::TooManyOpenGames, EntryError::NoRoom]),
        Route::get("/v1/games/{id}", "show_game", "A game as it stands, whoever plays in it.")
            .answers_either::<OpenGameBody, Game>(200, "The game.")
            .refuses([ApiError::Busy, GameError::NoSuchGame.into()]),
        Route::get("/v1/games/{id}/bracket", "show_bracket", "Who meets whom in a game.")
            .answers::<Bracket>(200, "The bracket.")
            .refuses(not_there()),
        Route::get("/v1/games/{id}/battles/{pairing}/{game}/log", "show_battle_log", "The log of a battle.")
            .answers_kept_text("The log.")
            .refuses(not_there())
            .refuses([GameError::NoSuchBattle]),
    ];
    routes.extend(entered());
    routes.extend(played());
    routes
}

/// Games that people enter one by one.
fn entered() -> [Route; 5] {
    [
        Route::get("/v1/open-games", "list_open_games", "Games that people enter, in the order of their numbers.")
            .page("^[0-9]+$", OPEN_GAMES_PER_PAGE_MAX)
            .answers::<OpenGames>(200, "A page of games."),
        Route::get("/v1/games/{id}/entries", "list_entries", "Who has entered a game.")
            .answers::<OpenGameBody>(200, "The game with its entries.")
            .refuses([GameError::NoSuchGame]),
        Route::post("/v1/games/{id}/enter", "enter_game", "Enters a game with a creature, and pays the fee.")
            .takes::<EnterGame>()
            .answers::<OpenGameBody>(201, "It is in.")
            .answers::<OpenGameBody>(200, "The same request has entered it before.")
            .refuses([unfit(), ApiError::TryLater])
            .refuses(whose())
            .refuses([in_game(), CreatureError::NoSuchAccount])
            .refuses([EntryError::NoSuchGame, EntryError::Started, EntryError::CalledOff, EntryError::Full])
            .refuses([EntryError::AlreadyEntered(THIS), EntryError::TooManyOfYours { most: 1 }])
            .refuses([EntryError::TooManyEntries, EntryError::NotEnough { needed: 2, found: 1 }]),
        Route::post(
            "/v1/games/{id}/leave",
            "leave_game",
            "Takes a creature out of an open game, and gets the fee back.",
        )
        .takes::<LeaveGame>()
        .answers::<OpenGameBody>(200, "It is out.")
        .refuses([EntryError::NoSuchGame, EntryError::Started, EntryError::CalledOff])
        .refuses([EntryError::NotEntered(THIS)]),
        Route::post("/v1/games/{id}/call-off", "call_game_off", "Calls an open game off that the account has opened.")
            .answers::<OpenGameBody>(200, "It is called off.")
            .refuses([EntryError::NoSuchGame, EntryError::NotYours, EntryError::Started]),
    ]
}

/// What creatures do in games.
fn played() -> [Route; 4] {
    use TournamentRefusal as Refusal;
    [
        Route::post("/v1/games/{id}/move", "make_move", "What a creature does in the turn to come.")
            .takes::<MakeMove>()
            .refuses(
                [Refusal::NotInBattle, Refusal::OtherTurn { turn: 1 }, Refusal::AlreadyChosen].map(GameError::Refused),
            )
            .refuses([GameError::Refused(Refusal::UsedUp)]),
        Route::post(
            "/v1/games/{id}/allocate-stats",
            "give_points",
            "Gives points that a creature has won in a game to its stats.",
        )
        .takes::<AllocateStats>()
        .refuses([unfit(), GameError::Refused(Refusal::InBattle).into()])
        .refuses([Refusal::TooManyPoints { left: 1 }, Refusal::TooHigh { most: 1 }].map(GameError::Refused)),
        Route::post("/v1/games/{id}/ready", "be_ready", "Says that a creature is ready for its next battle.")
            .takes::<Entrant>()
            .refuses([GameError::Refused(Refusal::NotAsked)]),
        Route::post("/v1/games/{id}/withdraw", "withdraw", "Takes a creature out of a game that is played.")
            .takes::<Entrant>(),
    ]
    .map(|route| {
        let route = route.answers::<Game>(200, "The game as it stands then.").refuses(not_there());
        let refused = [Refusal::NoSuchEntrant, Refusal::Gone, Refusal::Over].map(GameError::Refused);
        route.refuses([GameError::NotYourEntrant, GameError::Over]).refuses(refused)
    })
}

/// A game that is not there to be looked at.
fn not_there() -> [ApiError; 4] {
    [GameError::NoSuchGame.into(), GameError::Open.into(), GameError::CalledOff.into(), ApiError::Busy]
}
