//! The creatures of an account: made, named, given points, released.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_creature_messages::{CreatureId, CreatureStats};
use hypogeum_protocol::AccountId;
use hypogeum_tournaments::{CreatureError, CreatureName, CreatureRecord, CreatureRuleError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::body::{JsonBody, PathId, PathIdWith, RequestBody};
use crate::caller::Caller;
use crate::entries::{check_key, created};
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::{CreatureNameText, Points, RequestKey, Stats};
use crate::store::GatewayStore;

/// Most characters of an unknown type that are repeated to the one who named it.
const FOUND_CHARS_MAX: usize = 64;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCreature {
    #[schema(value_type = CreatureNameText)]
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    #[schema(value_type = Points)]
    points: CreatureStats,
    /// The same request again is the same creature.
    #[serde(default)]
    #[schema(value_type = RequestKey)]
    key: String,
}

impl RequestBody for NewCreature {
    const SHAPE: &'static str = r#"{"name": string, "type": string, "points"?: points, "key"?: string}, points being {"speed"?: number, "health"?: number, "defence"?: number, "strength"?: number, "luck"?: number}, each from 0"#;
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Renaming {
    #[schema(value_type = CreatureNameText)]
    name: String,
}

impl RequestBody for Renaming {
    const SHAPE: &'static str = r#"{"name": string}"#;
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Allotment {
    #[schema(value_type = Points)]
    points: CreatureStats,
    /// The same request again gives nothing more.
    #[serde(default)]
    #[schema(value_type = RequestKey)]
    key: String,
}

impl RequestBody for Allotment {
    const SHAPE: &'static str = r#"{"points": {"speed"?: number, "health"?: number, "defence"?: number, "strength"?: number, "luck"?: number}, "key"?: string}, each from 0"#;
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Creature {
    creature_id: u64,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    #[schema(value_type = Stats)]
    stats: CreatureStats,
    points: u32,
    won: u32,
    lost: u32,
    streak: u32,
    best_streak: u32,
    titles: u32,
    #[schema(value_type = u64)]
    #[serde(skip_serializing_if = "Option::is_none")]
    game_id: Option<u64>,
    created_s: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Creatures {
    creatures: Vec<Creature>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ReleasedCreature)]
pub(crate) struct Released {
    creature_id: u64,
}

impl From<CreatureRecord> for Creature {
    fn from(record: CreatureRecord) -> Self {
        let CreatureRecord { id, name, kind, stats, points, won, lost, streak, best_streak, titles, .. } = record;
        let (creature_id, game_id, created_s) = (id.0, record.game.map(|game| game.0), record.created_s);
        Self { creature_id, name, kind, stats, points, won, lost, streak, best_streak, titles, game_id, created_s }
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Creatures>, ApiError> {
    let creatures = gateway.store.creatures(caller.account).await?;
    Ok(Json(Creatures { creatures: creatures.into_iter().map(Creature::from).collect() }))
}

pub(crate) async fn create<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(NewCreature { name, kind, points, key }): JsonBody<NewCreature>,
) -> Result<(StatusCode, Json<Creature>), ApiError> {
    let creatures = gateway.creatures()?;
    check_key(&key)?;
    let name = CreatureName::parse(&name).map_err(ApiError::InvalidCreatureName)?;
    let made_of = creatures.rules.create(&kind, points).map_err(|error| match error {
        CreatureRuleError::UnknownType => ApiError::UnknownCreatureType {
            found: kind.chars().take(FOUND_CHARS_MAX).collect(),
            known: creatures.known(),
        },
        error => ApiError::CreatureRule(error),
    })?;
    let (creature, is_new) = gateway.store.create_creature(caller.account, &name, &kind, made_of, &key).await?;
    tracing::debug!(account = %caller.account, creature = %creature.id, is_new, "creature made");
    Ok((created(is_new), Json(creature.into())))
}

pub(crate) async fn show<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<Creature>, ApiError> {
    own(&gateway.store, caller.account, CreatureId(id)).await.map(|creature| Json(creature.into()))
}

pub(crate) async fn rename<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, Renaming { name }): PathIdWith<Renaming>,
) -> Result<Json<Creature>, ApiError> {
    let name = CreatureName::parse(&name).map_err(ApiError::InvalidCreatureName)?;
    let creature = gateway.store.rename_creature(caller.account, CreatureId(id), &name).await?;
    Ok(Json(creature.into()))
}

/// Gives points that a creature has kept to its stats.
pub(crate) async fn allocate<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathIdWith(id, Allotment { points, key }): PathIdWith<Allotment>,
) -> Result<Json<Creature>, ApiError> {
    let rules = &gateway.creatures()?.rules;
    check_key(&key)?;
    let creature = own(&gateway.store, caller.account, CreatureId(id)).await?;
    // Looked up after the creature: where the same request is not known yet, the creature is as it was before it.
    if !key.is_empty() && gateway.store.has_grown(creature.id, &key).await? {
        return own(&gateway.store, caller.account, creature.id).await.map(|creature| Json(creature.into()));
    }
    if let Some(game) = creature.game {
        return Err(CreatureError::InGame { creature: creature.id, game }.into());
    }
    let was = (creature.stats, creature.points);
    let becomes = rules.grow(was, points).map_err(ApiError::CreatureRule)?;
    // It may have changed since it was looked at: then the store refuses.
    let creature = gateway.store.grow_creature(caller.account, creature.id, was, becomes, &key).await?;
    Ok(Json(creature.into()))
}

pub(crate) async fn release<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<Released>, ApiError> {
    gateway.store.release_creature(caller.account, CreatureId(id)).await?;
    tracing::debug!(account = %caller.account, creature = id, "creature released");
    Ok(Json(Released { creature_id: id }))
}

/// A creature of `account`.
async fn own<S: GatewayStore>(store: &S, account: AccountId, id: CreatureId) -> Result<CreatureRecord, ApiError> {
    let creature = store.creature(id).await?.ok_or(CreatureError::NoSuchCreature(id))?;
    if creature.account == account { Ok(creature) } else { Err(CreatureError::NotYours(id).into()) }
}

/// The HTTP status of a store's refusal.
pub(crate) const fn status(error: &CreatureError) -> StatusCode {
    match error {
        CreatureError::Twice(_) => StatusCode::BAD_REQUEST,
        CreatureError::NotYours(_) => StatusCode::FORBIDDEN,
        CreatureError::NoSuchAccount | CreatureError::NoSuchCreature(_) => StatusCode::NOT_FOUND,
        CreatureError::InGame { .. }
        | CreatureError::TooMany
        | CreatureError::TooManyGames
        | CreatureError::Changed(_) => StatusCode::CONFLICT,
        CreatureError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The stable name of such a refusal.
pub(crate) const fn code(error: &CreatureError) -> &'static str {
    match error {
        CreatureError::NoSuchAccount => "no_such_account",
        CreatureError::NoSuchCreature(_) => "no_such_creature",
        CreatureError::NotYours(_) => "not_your_creature",
        CreatureError::InGame { .. } => "creature_in_game",
        CreatureError::Twice(_) => "same_creature_twice",
        CreatureError::TooMany => "too_many_creatures",
        CreatureError::TooManyGames => "too_many_games",
        CreatureError::Changed(_) => "creature_changed",
        CreatureError::Unavailable => "unavailable",
    }
}

/// What a program needs to know to do better, as fields beside code and message.
pub(crate) fn details(error: &CreatureError) -> Option<Value> {
    match error {
        CreatureError::NoSuchCreature(creature)
        | CreatureError::NotYours(creature)
        | CreatureError::Twice(creature)
        | CreatureError::Changed(creature) => Some(json!({ "creature": creature })),
        CreatureError::InGame { creature, game } => Some(json!({ "creature": creature, "game": game })),
        _ => None,
    }
}

/// The stable name of a refusal by the game's rules.
pub(crate) const fn rule_code(error: &CreatureRuleError) -> &'static str {
    match error {
        CreatureRuleError::UnknownType => "unknown_creature_type",
        CreatureRuleError::TooManyPoints { .. } => "too_many_points",
        CreatureRuleError::TooHigh { .. } => "stat_too_high",
    }
}

/// What of the rules a program needs to know to do better.
pub(crate) fn rule_details(error: &CreatureRuleError) -> Option<Value> {
    match error {
        CreatureRuleError::UnknownType => None,
        CreatureRuleError::TooManyPoints { wanted, left } => Some(json!({ "found": wanted, "left": left })),
        CreatureRuleError::TooHigh { stat, found, most } => Some(json!({ "stat": stat, "found": found, "most": most })),
    }
}
