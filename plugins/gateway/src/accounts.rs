//! Registering, and logging in by password.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_accounts::{AccountName, Password, hash_password, verify_nobody, verify_password};
use serde::{Deserialize, Serialize};

use crate::body::{JsonBody, RequestBody};
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::logins::LoggedIn;
use crate::routes::Peer;
use crate::store::GatewayStore;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

impl RequestBody for Credentials {
    const SHAPE: &'static str = r#"{"name": string, "password": string}"#;
}

#[derive(Serialize)]
pub(crate) struct Registered {
    account_id: u64,
    name: String,
}

pub(crate) async fn register<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<(StatusCode, Json<Registered>), ApiError> {
    let name = AccountName::parse(&credentials.name).map_err(ApiError::InvalidName)?;
    let password = Password::chosen(credentials.password, &name).map_err(ApiError::WeakPassword)?;
    gateway.check_grants()?;
    let turn = gateway.hashing.turn().await?;
    let hash = turn.run(move || hash_password(&password)).await?.map_err(|_| ApiError::Unavailable)?;
    let account = gateway.store.create(&name, hash).await?;
    tracing::info!(%account, "account registered");
    Ok((StatusCode::CREATED, Json(Registered { account_id: account.0, name: name.shown().to_owned() })))
}

pub(crate) async fn login<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(Peer(peer)): Extension<Peer>,
    JsonBody(credentials): JsonBody<Credentials>,
) -> Result<Json<LoggedIn>, ApiError> {
    // A name or password that cannot exist is wrong like any other.
    let name = AccountName::parse(&credentials.name).map_err(|_| ApiError::WrongCredentials)?;
    let password = Password::entered(credentials.password).map_err(|_| ApiError::WrongCredentials)?;
    gateway.lockout().wait_ms(&name, peer.ip(), gateway.now_ms()).map_or(Ok(()), locked_out)?;
    let record = gateway.store.find(&name).await?;
    let turn = gateway.hashing.turn().await?;
    // Again: guesses sent all at once have waited in line, and those before may have locked it by now.
    gateway.lockout().begin(&name, peer.ip(), gateway.now_ms()).or_else(locked_out)?;
    // A guest has no hash, and is as hard to guess as nobody.
    let hash = record.as_ref().and_then(|record| record.hash.clone());
    let right = turn
        .run(move || hash.map_or_else(|| verify_nobody(&password), |hash| verify_password(&password, &hash)))
        .await?;
    let Some(record) = record.filter(|_| right) else {
        gateway.lockout().failed(peer.ip(), gateway.now_ms());
        tracing::info!(peer = %peer.ip(), "login failed");
        return Err(ApiError::WrongCredentials);
    };
    gateway.lockout().succeeded(&name);
    tracing::debug!(account = %record.id, "logged in");
    gateway.open_login(&record).await.map(Json)
}

fn locked_out(retry_after_ms: u64) -> Result<(), ApiError> {
    Err(ApiError::LockedOut { retry_after_ms })
}
