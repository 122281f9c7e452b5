//! Registering, and logging in by password.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_accounts::{AccountName, AccountRecord, Password, hash_password, verify_nobody, verify_password};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{JsonBody, RequestBody};
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::logins::LoggedIn;
use crate::proxies::Origin;
use crate::rate::Operation;
use crate::store::GatewayStore;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    name: String,
    password: String,
}

impl RequestBody for Credentials {
    const SHAPE: &'static str = r#"{"name": string, "password": string}"#;
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Registered {
    account_id: u64,
    name: String,
}

pub(crate) async fn register<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    JsonBody(Credentials { name, password }): JsonBody<Credentials>,
) -> Result<(StatusCode, Json<Registered>), ApiError> {
    make_account(&gateway, origin, &name, password).await.map(|registered| (StatusCode::CREATED, Json(registered)))
}

/// Makes an account, whichever way it is asked for.
pub(crate) async fn make_account<S: GatewayStore>(
    gateway: &Gateway<S>,
    origin: Origin,
    name: &str,
    password: String,
) -> Result<Registered, ApiError> {
    let name = AccountName::parse(name).map_err(ApiError::InvalidName)?;
    let password = Password::chosen(password, &name).map_err(ApiError::WeakPassword)?;
    gateway.check_rate(Operation::Register, origin, name.canonical())?;
    gateway.check_grants()?;
    let turn = gateway.hashing.turn().await?;
    let hash = turn.run(move || hash_password(&password)).await?.map_err(|_| ApiError::Unavailable)?;
    let account = gateway.store.create(&name, hash).await?;
    tracing::info!(%account, "account registered");
    Ok(Registered { account_id: account.0, name: name.shown().to_owned() })
}

pub(crate) async fn login<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    JsonBody(Credentials { name, password }): JsonBody<Credentials>,
) -> Result<Json<LoggedIn>, ApiError> {
    log_in(&gateway, origin, &name, password).await.map(Json)
}

/// Opens a login by a password, whichever way it is asked for.
pub(crate) async fn log_in<S: GatewayStore>(
    gateway: &Gateway<S>,
    origin: Origin,
    name: &str,
    password: String,
) -> Result<LoggedIn, ApiError> {
    // A name or password that cannot exist is wrong like any other.
    let name = AccountName::entered(name).map_err(|_| ApiError::WrongCredentials)?;
    let password = Password::entered(password).map_err(|_| ApiError::WrongCredentials)?;
    gateway.check_rate(Operation::Login, origin, name.canonical())?;
    let record = gateway.store.find(&name).await?;
    let turn = gateway.hashing.turn().await?;
    let attempt = gateway.lockout().begin(&name, origin.address, gateway.now_ms());
    // A guest has no hash, and is as hard to guess as nobody. What is locked is hashed, too: whether somebody has the name
    // shows neither in what is answered nor in how long that takes.
    let hash = record.as_ref().and_then(|record| record.hash.clone());
    let right = turn
        .run(move || hash.map_or_else(|| verify_nobody(&password), |hash| verify_password(&password, &hash)))
        .await?;
    let here = gateway.keys.networks().mark(origin.address);
    let opens = |record: &AccountRecord| right && attempt.opens(record.seen_at == Some(here));
    let Some(record) = record.filter(opens) else {
        if !right && gateway.lockout().failed(origin.address, gateway.now_ms()) {
            gateway.rates().slow_logins(origin, gateway.now_ms());
        }
        tracing::info!(peer = %origin.address, "login failed");
        return Err(match attempt.locked_ms {
            0 => ApiError::WrongCredentials,
            retry_after_ms => ApiError::LockedOut { retry_after_ms },
        });
    };
    gateway.lockout().succeeded(&name, origin.address);
    tracing::debug!(account = %record.id, "logged in");
    gateway.open_login(&record, here).await
}
