//! Which path does what, and what every request passes first.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use hypogeum_accounts::AccountStore;

use crate::accounts::{login, register};
use crate::body::{BodyLimits, discard};
use crate::connect::connect;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::guests::guest;

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

pub(crate) fn router<S: AccountStore>(gateway: &Arc<Gateway<S>>) -> Router {
    let limits = BodyLimits { bytes_max: gateway.config.body_bytes_max, timeout: gateway.config.read_timeout };
    Router::new()
        .route("/v1/accounts", post(register::<S>))
        .route("/v1/login", post(login::<S>))
        .route("/v1/guests", post(guest::<S>))
        .route("/v1/connect", post(connect::<S>))
        .route_layer(from_fn_with_state(Arc::clone(gateway), admit::<S>))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz::<S>))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(limits.bytes_max))
        .layer(Extension(limits))
        .layer(from_fn_with_state(Arc::clone(gateway), observe::<S>))
        .with_state(Arc::clone(gateway))
}

async fn healthz() -> Response {
    Json(serde_json::json!({ "status": "alive" })).into_response()
}

async fn readyz<S: AccountStore>(State(gateway): State<Arc<Gateway<S>>>) -> Result<Response, ApiError> {
    if !gateway.admission.is_open() {
        return Err(ApiError::Draining);
    }
    Ok(Json(serde_json::json!({ "status": "ready" })).into_response())
}

/// The door and the rate limit, before anything costly.
async fn admit<S: AccountStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(Peer(peer)): Extension<Peer>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let admitted = if gateway.admission.is_open() { gateway.check_rate(peer.ip()) } else { Err(ApiError::Draining) };
    match admitted {
        Ok(()) => Ok(next.run(request).await),
        Err(refusal) => {
            // The refusal stands, however that goes.
            let _ = discard(request).await;
            Err(refusal)
        }
    }
}

/// Ends what takes too long and logs how it went: neither path nor body, for both may hold secrets.
async fn observe<S: AccountStore>(State(gateway): State<Arc<Gateway<S>>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let began_ms = gateway.now_ms();
    let answer = tokio::time::timeout(gateway.config.request_timeout, next.run(request)).await;
    let mut response = answer.unwrap_or_else(|_| ApiError::Unavailable.into_response());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let (status, took_ms) = (response.status().as_u16(), gateway.now_ms() - began_ms);
    tracing::debug!(%method, status, took_ms, "answered");
    response
}
