//! Why nothing was done with a game of creatures.

use axum::http::StatusCode;
use hypogeum_creature_messages::TournamentRefusal;
use serde_json::{Value, json};

/// Why nothing was done with a game of creatures.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GameError {
    /// It cannot be played as it is wanted, and why.
    #[error("{0}")]
    Unfit(String),
    /// Nobody has started a game of this number.
    #[error("there is no such game")]
    NoSuchGame,
    /// No such battle was fought in it, or it is not kept.
    #[error("there is no such battle")]
    NoSuchBattle,
    /// The creature of this number is somebody else's, or a machine's.
    #[error("that creature is not yours")]
    NotYourEntrant,
    /// It is over.
    #[error("the game is over")]
    Over,
    /// People still enter it.
    #[error("the game has not begun")]
    Open,
    /// It was never played.
    #[error("the game was called off")]
    CalledOff,
    /// The tournament refuses it.
    #[error("{}", words(*.0))]
    Refused(TournamentRefusal),
}

impl GameError {
    /// The HTTP status it is answered with.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Unfit(_)
            | Self::Refused(TournamentRefusal::TooManyPoints { .. } | TournamentRefusal::TooHigh { .. }) => {
                StatusCode::BAD_REQUEST
            }
            Self::NoSuchGame | Self::NoSuchBattle | Self::Refused(TournamentRefusal::NoSuchEntrant) => {
                StatusCode::NOT_FOUND
            }
            Self::NotYourEntrant => StatusCode::FORBIDDEN,
            Self::Over | Self::Open | Self::CalledOff | Self::Refused(_) => StatusCode::CONFLICT,
        }
    }

    /// Its stable name.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Unfit(_) => "unfit_game",
            Self::NoSuchGame => "no_such_game",
            Self::NoSuchBattle => "no_such_battle",
            Self::NotYourEntrant => "not_your_entrant",
            Self::Over => "game_over",
            Self::Open => "game_open",
            Self::CalledOff => "game_called_off",
            Self::Refused(refusal) => code(*refusal),
        }
    }

    /// What a program needs to know to do better.
    pub(crate) fn details(&self) -> Option<Value> {
        match self {
            Self::Refused(TournamentRefusal::OtherTurn { turn }) => Some(json!({ "turn": turn })),
            Self::Refused(TournamentRefusal::TooManyPoints { left }) => Some(json!({ "left": left })),
            Self::Refused(TournamentRefusal::TooHigh { most }) => Some(json!({ "most": most })),
            _ => None,
        }
    }
}

/// The stable name of what a tournament refuses.
const fn code(refusal: TournamentRefusal) -> &'static str {
    match refusal {
        TournamentRefusal::NoSuchEntrant => "no_such_entrant",
        TournamentRefusal::NotInBattle => "not_in_battle",
        TournamentRefusal::OtherTurn { .. } => "other_turn",
        TournamentRefusal::AlreadyChosen => "already_chosen",
        TournamentRefusal::UsedUp => "used_up",
        TournamentRefusal::TooManyPoints { .. } => "too_many_points",
        TournamentRefusal::TooHigh { .. } => "stat_too_high",
        TournamentRefusal::InBattle => "in_battle",
        TournamentRefusal::NotAsked => "not_asked",
        TournamentRefusal::Gone => "gone",
        TournamentRefusal::Over => "game_over",
    }
}

/// What is said of it to people.
fn words(refusal: TournamentRefusal) -> String {
    match refusal {
        TournamentRefusal::NoSuchEntrant => "no creature has this number here".to_owned(),
        TournamentRefusal::NotInBattle => "it fights no such battle now".to_owned(),
        TournamentRefusal::OtherTurn { turn } => format!("it is turn {turn}"),
        TournamentRefusal::AlreadyChosen => "it has chosen already".to_owned(),
        TournamentRefusal::UsedUp => "that cannot be used again in this round".to_owned(),
        TournamentRefusal::TooManyPoints { left } => format!("it has {left} points"),
        TournamentRefusal::TooHigh { most } => format!("no stat can be more than {most}"),
        TournamentRefusal::InBattle => "it fights".to_owned(),
        TournamentRefusal::NotAsked => "nobody has asked for that".to_owned(),
        TournamentRefusal::Gone => "it takes part no longer".to_owned(),
        TournamentRefusal::Over => "the game is over".to_owned(),
    }
}
