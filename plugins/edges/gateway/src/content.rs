//! What clients need of the content, and of the protocol: the same for everyone, so clients and caches keep it.

use std::sync::{Arc, LazyLock};

use axum::body::Bytes;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use hypogeum_content_delivery::PublishedContent;
use hypogeum_protocol_schema::PROTOCOL_JSON;

use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::kept_answer::KeptAnswer;
use crate::query::Query;
use crate::store::GatewayStore;

static PROTOCOL: LazyLock<KeptAnswer> =
    LazyLock::new(|| KeptAnswer::of_json(Bytes::from_static(PROTOCOL_JSON.as_bytes())));

/// The schema of all messages.
pub(crate) async fn protocol(headers: HeaderMap) -> Response {
    PROTOCOL.respond(&headers)
}

/// Which blobs there are, or which have changed since an earlier manifest.
pub(crate) async fn manifest<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let since: Option<String> = Query::read(query.as_deref(), &["since"])?.value("since")?;
    let manifest = published(&gateway)?.manifest(since.as_deref());
    let answer = KeptAnswer::new(&manifest).map_err(|_| ApiError::Unavailable)?;
    // A welcome that tells of other content is followed by this question: an answer from before would be believed.
    Ok(answer.asked_for_changes().respond(&headers))
}

/// A blob by its hash.
pub(crate) async fn blob<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    hash: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Path(hash) = hash.map_err(|_| ApiError::NotFound)?;
    let blob = published(&gateway)?.blob(&hash).ok_or(ApiError::NotFound)?;
    Ok(KeptAnswer::of_hash(&blob.hash, Bytes::from_owner(blob.bytes)).respond(&headers))
}

fn published<S>(gateway: &Gateway<S>) -> Result<&PublishedContent, ApiError> {
    gateway.content.as_ref().ok_or(ApiError::NotFound)
}
