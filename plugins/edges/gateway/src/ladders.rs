//! Ladders: which there are, what somebody is rated, and a place in line for a rated battle.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::{Extension, Json};
use hypogeum_creature_messages::{CreatureId, EntrantSetup, GameId, TournamentSetup};
use hypogeum_hosting::AnswerError;
use hypogeum_ladders::{
    FallOut, JoinLadder, Ladder, Ladders, LaddersPort, QueueAnswer, QueueError, QueueState, RatedGame,
};
use hypogeum_protocol::AccountId;
use hypogeum_store::RatedRefusal;
use hypogeum_tournaments::CreatureError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, RequestBody};
use crate::caller::Caller;
use crate::entries::check_key;
use crate::error::ApiError;
use crate::game_error::GameError;
use crate::games::{entrant, not_own};
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::{FellOutWord, RequestKey};
use crate::query::Query;
use crate::store::GatewayStore;

/// Why nothing was done with a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// No ladder has this key.
    #[error("there is no such ladder")]
    NoSuchLadder,
    /// The caller waits already, by another request.
    #[error("one person has one place in line")]
    AlreadyQueued,
    /// The caller's battle begins.
    #[error("the battle begins: it is too late to leave")]
    Starting,
    /// The caller is in a rated battle.
    #[error("a rated battle of yours is going on")]
    InRatedGame(GameId),
}

impl LadderError {
    /// The HTTP status it is answered with.
    pub(crate) const fn status(self) -> StatusCode {
        match self {
            Self::NoSuchLadder => StatusCode::NOT_FOUND,
            Self::AlreadyQueued | Self::Starting | Self::InRatedGame(_) => StatusCode::CONFLICT,
        }
    }

    /// Its stable name.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::NoSuchLadder => "no_such_ladder",
            Self::AlreadyQueued => "already_queued",
            Self::Starting => "battle_starting",
            Self::InRatedGame(_) => "in_rated_game",
        }
    }

    /// What a program needs to know to do better.
    pub(crate) fn details(self) -> Option<Value> {
        match self {
            Self::InRatedGame(game) => Some(json!({ "game": game })),
            Self::NoSuchLadder | Self::AlreadyQueued | Self::Starting => None,
        }
    }
}

/// The ladders of the game, and what is answered to those who ask which there are.
#[derive(Clone, Debug)]
pub(crate) struct GameLadders {
    ladders: Ladders,
    port: LaddersPort,
    answer: KeptAnswer,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Ladders)]
pub(crate) struct LaddersBody<'a> {
    ladders: Vec<LadderBody<'a>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Ladder)]
struct LadderBody<'a> {
    key: &'a str,
    name: &'a str,
    description: &'a str,
    tournament: &'a str,
    ranks: Vec<RankBody<'a>>,
    battles_min: u32,
    has_seasons: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = LadderRank)]
struct RankBody<'a> {
    key: &'a str,
    name: &'a str,
    from: u32,
}

impl<'a> From<&'a Ladder> for LadderBody<'a> {
    fn from(ladder: &'a Ladder) -> Self {
        let ranks = ladder.ranks.iter().map(|rank| RankBody { key: &rank.key, name: &rank.name, from: rank.from });
        Self {
            key: &ladder.key,
            name: &ladder.name,
            description: &ladder.description,
            tournament: &ladder.tournament,
            ranks: ranks.collect(),
            battles_min: ladder.battles_min,
            has_seasons: ladder.season.is_some(),
        }
    }
}

impl GameLadders {
    /// Words the answer once.
    ///
    /// # Errors
    /// [`serde_json::Error`] where it is no JSON, which it always is: it has text and numbers alone.
    pub(crate) fn new(ladders: Ladders, port: LaddersPort) -> Result<Self, serde_json::Error> {
        let answer = KeptAnswer::new(&LaddersBody { ladders: ladders.iter().map(LadderBody::from).collect() })?;
        Ok(Self { ladders, port, answer })
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = Rating)]
pub(crate) struct RatingBody {
    ladder: String,
    account_id: u64,
    rating: i32,
    rank: String,
    battles: u32,
    battles_ever: u32,
    season_s: i64,
    #[schema(value_type = i64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_s: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JoinQueue {
    ladder: String,
    creature_id: u64,
    /// The same request again is the same place in line.
    #[serde(default)]
    #[schema(value_type = RequestKey)]
    key: String,
}

impl RequestBody for JoinQueue {
    const SHAPE: &'static str = r#"{"ladder": string, "creature_id": number, "key"?: string}"#;
}

/// A place in line, or what came of it.
#[derive(Serialize, ToSchema)]
#[schema(as = QueuePlace)]
#[serde(tag = "state", rename_all = "snake_case")]
pub(crate) enum QueueBody {
    Nowhere,
    Waiting {
        ladder: String,
        creature_id: u64,
        rating: i32,
        /// How far away a rating may be now.
        window: u32,
        /// How many are in reach, the caller included.
        waiting: usize,
        since_s: i64,
    },
    Starting,
    Playing {
        game_id: u64,
    },
    FellOut {
        #[schema(value_type = FellOutWord)]
        reason: &'static str,
    },
}

impl From<QueueState> for QueueBody {
    fn from(state: QueueState) -> Self {
        match state {
            QueueState::Nowhere => Self::Nowhere,
            QueueState::Starting => Self::Starting,
            QueueState::Playing(GameId(game_id)) => Self::Playing { game_id },
            QueueState::Waiting(position) => Self::Waiting {
                ladder: position.ladder,
                creature_id: position.creature.0,
                rating: position.rating,
                window: position.window,
                waiting: position.waiting,
                since_s: position.since_s,
            },
            QueueState::FellOut(why) => Self::FellOut {
                reason: match why {
                    FallOut::Vanished => "vanished",
                    FallOut::Refused(RatedRefusal::CreatureNotFree) => "creature_not_free",
                    FallOut::Refused(RatedRefusal::InRatedGame) => "in_rated_game",
                    FallOut::Failed => "failed",
                },
            },
        }
    }
}

fn game<S: GatewayStore>(gateway: &Gateway<S>) -> Result<&GameLadders, ApiError> {
    gateway.ladders.as_ref().ok_or(ApiError::NotFound)
}

/// What the tick has answered.
fn answered(answer: Result<QueueAnswer, AnswerError>) -> Result<QueueState, ApiError> {
    match answer {
        Ok(Ok(state)) => Ok(state),
        Ok(Err(QueueError::UnknownLadder)) => Err(LadderError::NoSuchLadder.into()),
        Ok(Err(QueueError::AlreadyQueued)) => Err(LadderError::AlreadyQueued.into()),
        Ok(Err(QueueError::Starting)) => Err(LadderError::Starting.into()),
        Ok(Err(QueueError::Full)) => Err(ApiError::Busy),
        Ok(Err(QueueError::Draining)) => Err(ApiError::Draining),
        Err(_) => Err(ApiError::Unavailable),
    }
}

fn now_s<S: GatewayStore>() -> Result<i64, ApiError> {
    Gateway::<S>::now_s().map(|now_s| i64::try_from(now_s).unwrap_or(i64::MAX))
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Ok(game(&gateway)?.answer.respond(&headers))
}

pub(crate) async fn rating<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    key: Result<Path<String>, PathRejection>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<RatingBody>, ApiError> {
    let Path(key) = key.map_err(|_| ApiError::NotFound)?;
    let ladder = game(&gateway)?.ladders.find(&key).ok_or(LadderError::NoSuchLadder)?;
    let query = Query::read(query.as_deref(), &["account_id"])?;
    let account = query.value("account_id")?.map_or(caller.account, AccountId);
    let now_s = now_s::<S>()?;
    let kept = gateway.store.ladder_rating(&key, account).await?;
    let now = ladder.rating_at(kept, now_s);
    let rating = now.skill.shown();
    Ok(Json(RatingBody {
        rank: ladder.rank(rating).map(|rank| rank.key.clone()).unwrap_or_default(),
        ladder: key,
        account_id: account.0,
        rating,
        battles: now.battles,
        battles_ever: now.battles_ever,
        season_s: now.season_s,
        ends_s: ladder.season_end_s(now_s),
    }))
}

pub(crate) async fn join<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(wanted): JsonBody<JoinQueue>,
) -> Result<Json<QueueBody>, ApiError> {
    let JoinQueue { ladder: key_of_ladder, creature_id, key } = wanted;
    check_key(&key)?;
    let game = game(&gateway)?;
    let ladder = game.ladders.find(&key_of_ladder).ok_or(LadderError::NoSuchLadder)?;
    let (account, creature) = (caller.account, CreatureId(creature_id));
    // Where the same request has led to it, the caller is told which it is.
    if let Some(RatedGame { game, .. }) = gateway.store.rated_game(account).await? {
        return Err(LadderError::InRatedGame(game).into());
    }
    let own = gateway.store.creatures(account).await?;
    let Some(record) = own.iter().find(|record| record.id == creature) else {
        return Err(not_own(&gateway.store, creature).await?);
    };
    if let Some(game) = record.game {
        return Err(CreatureError::InGame { creature, game }.into());
    }
    // Two who cannot fight would only be held by their battle.
    let own = entrant(record, &caller.name);
    let other = EntrantSetup { creature: CreatureId(u64::MAX), owner: AccountId(u64::MAX), ..own.clone() };
    let (tournament, entrants) = (ladder.tournament.clone(), vec![own, other]);
    let setup = TournamentSetup { game: GameId(0), tournament, entrants, size: 2, fill: None, begins_unix_ms: 0 };
    gateway.games.check.check(&setup).map_err(GameError::Unfit)?;
    let kept = gateway.store.ladder_rating(&ladder.key, account).await?;
    let rating = ladder.rating_at(kept, now_s::<S>()?).skill.shown();
    let wanted = JoinLadder { account, ladder: ladder.key.clone(), creature, rating, key };
    answered(game.port.join(wanted).await).map(|state| Json(state.into()))
}

pub(crate) async fn look<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<QueueBody>, ApiError> {
    let state = answered(game(&gateway)?.port.look(caller.account).await)?;
    let state = match state {
        // A server that has started since knows nothing of it; the database does.
        QueueState::Nowhere => match gateway.store.rated_game(caller.account).await? {
            Some(RatedGame { game, .. }) => QueueState::Playing(game),
            None => QueueState::Nowhere,
        },
        state => state,
    };
    Ok(Json(state.into()))
}

pub(crate) async fn leave<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<QueueBody>, ApiError> {
    answered(game(&gateway)?.port.leave(caller.account).await).map(|state| Json(state.into()))
}
