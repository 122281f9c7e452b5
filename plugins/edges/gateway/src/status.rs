//! What anyone may ask: whether the server lives, whether it is ready, and which key its match logs are signed with; and
//! what only this machine may: how it does, in numbers.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::admission::Health;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::HealthWord;
use crate::proxies::Origin;
use crate::store::GatewayStore;

/// How match logs are signed.
const JOURNAL_ALGORITHM: &str = "Ed25519";

#[derive(Serialize, ToSchema)]
#[schema(as = Health)]
pub(crate) struct Status {
    #[schema(value_type = HealthWord)]
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct JournalKey {
    algorithm: &'static str,
    public_key: String,
}

pub(crate) async fn healthz() -> Json<Status> {
    Json(Status { status: "alive", reasons: Vec::new() })
}

pub(crate) async fn readyz<S: GatewayStore>(State(gateway): State<Arc<Gateway<S>>>) -> Result<Json<Status>, ApiError> {
    match gateway.admission.health() {
        Health::Ready => Ok(Json(Status { status: "ready", reasons: Vec::new() })),
        Health::Degraded(reasons) => Ok(Json(Status { status: "degraded", reasons })),
        Health::Unready(reasons) => Err(ApiError::Unready(reasons)),
        Health::Draining => Err(ApiError::Draining),
    }
}

impl JournalKey {
    /// What is answered, as long as the server runs; `None`: match logs are not signed.
    pub(crate) fn answer(public_key: Option<&str>) -> Option<KeptAnswer> {
        let public_key = public_key?.to_owned();
        KeptAnswer::new(&Self { algorithm: JOURNAL_ALGORITHM, public_key }).ok()
    }
}

pub(crate) async fn journal_key<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    Ok(gateway.journal_key.as_ref().ok_or(ApiError::NotFound)?.respond(&headers))
}

/// Every number the server keeps about itself, for monitoring on this machine.
pub(crate) async fn numbers<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
) -> Result<Json<Value>, ApiError> {
    if !origin.is_local {
        return Err(ApiError::LocalOnly);
    }
    let (readiness, reasons) = match gateway.admission.health() {
        Health::Ready => ("ready", Vec::new()),
        Health::Degraded(reasons) => ("degraded", reasons),
        Health::Unready(reasons) => ("unready", reasons),
        Health::Draining => ("draining", Vec::new()),
    };
    let mut numbers = (gateway.numbers)();
    numbers["readiness"] = json!({ "status": readiness, "reasons": reasons });
    numbers["http"] = json!(gateway.connections.counts());
    numbers["http"]["handshakes"] = json!(gateway.handshakes.counts());
    Ok(Json(numbers))
}
