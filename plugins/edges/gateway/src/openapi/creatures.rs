//! Types of creatures, and the creatures of an account.

use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_tournaments::{CreatureError, CreatureNameError, CreatureRuleError};
use utoipa::openapi::path::HttpMethod;

use super::route::{Passes, Route};
use crate::creature_types::TypesBody;
use crate::creatures::{Allotment, Creature, Creatures, NewCreature, Released, Renaming};
use crate::error::ApiError;
use crate::game_error::GameError;

const THIS: CreatureId = CreatureId(1);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/creature-types", "list_creature_types", "The types of creatures, and how new ones are made.")
            .passes(Passes::Strangers)
            .answers_kept::<TypesBody<'static>>("All types.")
            .refuses([ApiError::NotFound]),
        Route::get("/v1/creatures", "list_creatures", "The creatures of the account.")
            .answers::<Creatures>(200, "All of them."),
        Route::post("/v1/creatures", "create_creature", "Makes a creature.")
            .takes::<NewCreature>()
            .answers::<Creature>(201, "It is made.")
            .answers::<Creature>(200, "The same request has made it before.")
            .refuses([ApiError::NotFound, invalid_name(), unfit()])
            .refuses([ApiError::UnknownCreatureType { found: String::new(), known: Vec::new() }])
            .refuses(rules())
            .refuses([CreatureError::NoSuchAccount, CreatureError::TooMany, CreatureError::NoSuchCreature(THIS)]),
        Route::get("/v1/creatures/{id}", "show_creature", "A creature of the account.")
            .answers::<Creature>(200, "The creature.")
            .refuses(whose()),
        Route::new(HttpMethod::Patch, "/v1/creatures/{id}", "rename_creature", "Calls a creature otherwise.")
            .takes::<Renaming>()
            .answers::<Creature>(200, "The creature.")
            .refuses([invalid_name()])
            .refuses(whose()),
        Route::delete("/v1/creatures/{id}", "release_creature", "Releases a creature, for good.")
            .answers::<Released>(200, "It is gone.")
            .refuses(whose())
            .refuses([in_game()]),
        Route::post(
            "/v1/creatures/{id}/allocate-stats",
            "grow_creature",
            "Gives points that a creature has kept to its stats.",
        )
        .takes::<Allotment>()
        .answers::<Creature>(200, "The creature.")
        .refuses([unfit()])
        .refuses(rules())
        .refuses(whose())
        .refuses([in_game(), CreatureError::Changed(THIS)]),
    ]
}

fn invalid_name() -> ApiError {
    ApiError::InvalidCreatureName(CreatureNameError::Empty)
}

/// A key that cannot be kept, or a game that cannot be played.
pub(super) fn unfit() -> ApiError {
    GameError::Unfit(String::new()).into()
}

fn rules() -> [ApiError; 2] {
    let points = CreatureRuleError::TooManyPoints { wanted: 1, left: 0 };
    [points, CreatureRuleError::TooHigh { stat: "luck", found: 2, most: 1 }].map(ApiError::CreatureRule)
}

/// A creature that is not there, or somebody else's.
pub(super) fn whose() -> [CreatureError; 2] {
    [CreatureError::NoSuchCreature(THIS), CreatureError::NotYours(THIS)]
}

/// A creature that a game holds.
pub(super) fn in_game() -> CreatureError {
    CreatureError::InGame { creature: THIS, game: GameId(1) }
}
