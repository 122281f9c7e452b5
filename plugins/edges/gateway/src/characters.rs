//! The characters of an account.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_accounts::{AccountName, CharacterRecord};
use hypogeum_protocol::{AccountId, CharacterId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{JsonBody, PathId, RequestBody};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::AccountNameText;
use crate::store::GatewayStore;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCharacter {
    #[schema(value_type = AccountNameText)]
    name: String,
}

impl RequestBody for NewCharacter {
    const SHAPE: &'static str = r#"{"name": string}"#;
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Character {
    character_id: u64,
    name: String,
    created_s: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Characters {
    characters: Vec<Character>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = DeletedCharacter)]
pub(crate) struct Deleted {
    character_id: u64,
}

impl From<CharacterRecord> for Character {
    fn from(record: CharacterRecord) -> Self {
        Self { character_id: record.id.0, name: record.name, created_s: record.created_s }
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<Characters>, ApiError> {
    let characters = gateway.store.characters(caller.account).await?;
    Ok(Json(Characters { characters: characters.into_iter().map(Character::from).collect() }))
}

pub(crate) async fn create<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(NewCharacter { name }): JsonBody<NewCharacter>,
) -> Result<(StatusCode, Json<Character>), ApiError> {
    let character = make(&gateway.store, caller.account, &name).await?;
    Ok((StatusCode::CREATED, Json(character.into())))
}

/// Makes a character, whichever way it is asked for.
pub(crate) async fn make<S: GatewayStore>(
    store: &S,
    account: AccountId,
    name: &str,
) -> Result<CharacterRecord, ApiError> {
    let name = AccountName::parse(name).map_err(ApiError::InvalidName)?;
    let character = store.create_character(account, &name).await?;
    tracing::debug!(%account, character = %character.id, "character made");
    Ok(character)
}

pub(crate) async fn delete<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    PathId(id): PathId,
) -> Result<Json<Deleted>, ApiError> {
    if !gateway.store.delete_character(caller.account, CharacterId(id)).await? {
        return Err(ApiError::NoSuchCharacter);
    }
    tracing::debug!(account = %caller.account, character = id, "character deleted");
    Ok(Json(Deleted { character_id: id }))
}

/// The name `account` plays under as that character.
pub(crate) async fn name_of<S: GatewayStore>(
    store: &S,
    account: AccountId,
    id: CharacterId,
) -> Result<String, ApiError> {
    let characters = store.characters(account).await?;
    characters.into_iter().find(|own| own.id == id).map(|own| own.name).ok_or(ApiError::NoSuchCharacter)
}
