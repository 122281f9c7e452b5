//! Games that people enter one by one: opened, entered, left, called off and looked at.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_creature_messages::{CreatureId, GameId};
use hypogeum_protocol::AccountId;
use hypogeum_store::Seeding;
use hypogeum_tournaments::{Entry, EntryStage, NewOpenGame, OPEN_GAMES_PER_PAGE_MAX, OpenGame};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{NoBody, PathId, PathIdWith, RequestBody};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::game_error::GameError;
use crate::gateway::Gateway;
use crate::openapi::values::{Currency, GameStage, RequestKey, SeedingWord, StartsInSeconds};
use crate::query::Query;
use crate::store::GatewayStore;

/// Most bytes of a key by which a request is known again.
pub(crate) const KEY_BYTES_MAX: usize = 64;
/// Longest time for which somebody opens a game: a week.
pub(crate) const STARTS_IN_S_MAX: u32 = 604_800;

/// How a game is opened instead of started.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OpenPart {
    /// Seconds until it starts, unless it is full before.
    #[schema(value_type = StartsInSeconds)]
    starts_in_s: u32,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnterGame {
    creature_id: u64,
    /// The same request again is the same entry.
    #[serde(default)]
    #[schema(value_type = RequestKey)]
    key: String,
}

impl RequestBody for EnterGame {
    const SHAPE: &'static str = r#"{"creature_id": number, "key"?: string}"#;
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaveGame {
    creature_id: u64,
}

impl RequestBody for LeaveGame {
    const SHAPE: &'static str = r#"{"creature_id": number}"#;
}

/// A game that people enter, or have entered.
#[derive(Serialize, ToSchema)]
#[schema(as = OpenGame)]
pub(crate) struct OpenGameBody {
    game_id: u64,
    tournament: String,
    #[schema(value_type = GameStage)]
    state: &'static str,
    #[schema(value_type = u64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<u64>,
    size: u8,
    #[schema(value_type = String)]
    #[serde(skip_serializing_if = "Option::is_none")]
    opponents: Option<String>,
    starts_s: u64,
    per_person_max: u8,
    people_min: u8,
    #[schema(value_type = Currency)]
    entry_fee: i64,
    #[schema(value_type = Currency)]
    purse: i64,
    pot: i64,
    #[schema(value_type = Vec<u32>)]
    prizes_percent: Vec<u8>,
    #[schema(value_type = SeedingWord)]
    seeding: &'static str,
    #[schema(value_type = String)]
    #[serde(skip_serializing_if = "Option::is_none")]
    seeding_ladder: Option<String>,
    entered: u8,
    #[schema(value_type = Vec<EntryBody>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<Vec<EntryBody>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    draw: String,
    created_s: u64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = GameEntry)]
struct EntryBody {
    creature_id: u64,
    account_id: u64,
    owner_name: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    entered_s: u64,
    #[schema(value_type = Currency)]
    #[serde(skip_serializing_if = "Option::is_none")]
    prize: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct OpenGames {
    games: Vec<OpenGameBody>,
    next: Option<String>,
}

/// What seeds go by, as it is told.
pub(crate) const fn seeding_text(seeding: &Seeding) -> &'static str {
    match seeding {
        Seeding::EntryOrder => "entry_order",
        Seeding::Drawn => "drawn",
        Seeding::Rating { .. } => "rating",
    }
}

/// The ladder that seeds go by, where they do.
pub(crate) fn seeding_ladder(seeding: &Seeding) -> Option<&str> {
    match seeding {
        Seeding::Rating { ladder } => Some(ladder),
        Seeding::EntryOrder | Seeding::Drawn => None,
    }
}

/// How far a game is, as it is told.
pub(crate) const fn stage_text(stage: EntryStage) -> &'static str {
    match stage {
        EntryStage::Open => "open",
        EntryStage::Running => "running",
        EntryStage::Over => "over",
        EntryStage::CalledOff => "called_off",
    }
}

impl From<Entry> for EntryBody {
    fn from(entry: Entry) -> Self {
        let Entry { creature, account, account_name, name, kind, entered_s, prize } = entry;
        Self { creature_id: creature.0, account_id: account.0, owner_name: account_name, name, kind, entered_s, prize }
    }
}

impl OpenGameBody {
    /// A game as it is told, with its entries.
    pub(crate) fn whole(mut game: OpenGame) -> Self {
        let entries = std::mem::take(&mut game.entries).into_iter().map(EntryBody::from).collect();
        Self { entries: Some(entries), ..Self::brief(game) }
    }

    /// The same as a line of a list.
    fn brief(game: OpenGame) -> Self {
        let pot = game.pot();
        let OpenGame { id, account, terms, stage, entered, draw, created_s, .. } = game;
        Self {
            game_id: id.0,
            tournament: terms.tournament,
            state: stage_text(stage),
            account_id: (account != AccountId(0)).then_some(account.0),
            size: terms.size,
            opponents: terms.fill,
            starts_s: terms.starts_s,
            per_person_max: terms.per_person_max,
            people_min: terms.people_min,
            entry_fee: terms.entry_fee,
            purse: terms.purse,
            pot,
            prizes_percent: terms.prizes_percent,
            seeding: seeding_text(&terms.seeding),
            seeding_ladder: seeding_ladder(&terms.seeding).map(str::to_owned),
            entered,
            entries: None,
            draw,
            created_s,
        }
    }
}

/// Whether a key can be kept.
///
/// # Errors
/// [`GameError::Unfit`].
pub(crate) fn check_key(key: &str) -> Result<(), GameError> {
    if key.len() > KEY_BYTES_MAX {
        return Err(GameError::Unfit(format!("the key has more than {KEY_BYTES_MAX} bytes")));
    }
    if key.chars().any(char::is_control) {
        return Err(GameError::Unfit("the key has characters that cannot be shown".to_owned()));
    }
    Ok(())
}

/// Opens a game for everyone to enter.
pub(crate) async fn open<S: GatewayStore>(
    gateway: &Gateway<S>,
    account: AccountId,
    (tournament, size, opponents): (&str, Option<u8>, Option<&str>),
    (OpenPart { starts_in_s }, request_key): (OpenPart, String),
) -> Result<(StatusCode, OpenGameBody), ApiError> {
    let unfit = |why: String| ApiError::from(GameError::Unfit(why));
    if !(1..=STARTS_IN_S_MAX).contains(&starts_in_s) {
        return Err(unfit(format!("starts_in_s is {starts_in_s}, expected 1 to {STARTS_IN_S_MAX}")));
    }
    let kind = gateway.tournaments.kinds.find(tournament);
    let kind = kind.ok_or_else(|| unfit("there is no such tournament".to_owned()))?;
    let starts_s = Gateway::<S>::now_s()?.saturating_add(starts_in_s.into());
    let terms = kind.terms(size.unwrap_or(kind.entrants_max), opponents, starts_s).map_err(unfit)?;
    gateway.check_grants()?;
    let (game, is_new) = gateway.store.open_game(NewOpenGame { account, terms, request_key }).await?;
    Ok((created(is_new), OpenGameBody::whole(game)))
}

/// The status of what was made, now or by the same request before.
pub(crate) const fn created(is_new: bool) -> StatusCode {
    if is_new { StatusCode::CREATED } else { StatusCode::OK }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    RawQuery(query): RawQuery,
    _: NoBody,
) -> Result<Json<OpenGames>, ApiError> {
    let page = Query::read(query.as_deref(), &["after", "count"])?.page(OPEN_GAMES_PER_PAGE_MAX)?;
    let games = gateway.store.open_games(GameId(page.after.unwrap_or(0)), page.count).await?;
    let next = page.next(&games, |last| last.id.to_string());
    Ok(Json(OpenGames { games: games.into_iter().map(OpenGameBody::brief).collect(), next }))
}

/// The entries of a game, however far it is.
pub(crate) async fn show<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    PathId(id): PathId,
) -> Result<Json<OpenGameBody>, ApiError> {
    match gateway.store.entered_game(GameId(id)).await? {
        Some(game) => Ok(Json(OpenGameBody::whole(game))),
        None => Err(GameError::NoSuchGame.into()),
    }
}

pub(crate) async fn enter<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, EnterGame { creature_id, key }): PathIdWith<EnterGame>,
) -> Result<(StatusCode, Json<OpenGameBody>), ApiError> {
    check_key(&key)?;
    gateway.check_grants()?;
    let by = (caller.account, CreatureId(creature_id));
    let (game, is_new) = gateway.store.enter_game(GameId(id), by, &key).await?;
    Ok((created(is_new), Json(OpenGameBody::whole(game))))
}

pub(crate) async fn leave<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, LeaveGame { creature_id }): PathIdWith<LeaveGame>,
) -> Result<Json<OpenGameBody>, ApiError> {
    let game = gateway.store.leave_game(GameId(id), (caller.account, CreatureId(creature_id))).await?;
    Ok(Json(OpenGameBody::whole(game)))
}

pub(crate) async fn call_off<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<OpenGameBody>, ApiError> {
    let game = gateway.store.call_game_off(GameId(id), caller.account).await?;
    Ok(Json(OpenGameBody::whole(game)))
}
