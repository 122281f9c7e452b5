//! Request bodies: JSON of a known shape, bounded in size and time.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use serde::de::DeserializeOwned;

use crate::error::ApiError;

/// What a request's body holds.
pub(crate) trait RequestBody: DeserializeOwned {
    /// Its shape, as people read it.
    const SHAPE: &'static str;
}

/// A body, checked. Its limits are those [`BodyLimits`] found in the request.
pub(crate) struct JsonBody<T>(pub(crate) T);

/// How large a body may be and how long it may take; put into every request by the router.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimits {
    pub(crate) bytes_max: usize,
    pub(crate) timeout: Duration,
}

impl<T: RequestBody, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let is_json = is_json(&request);
        let bytes = read(request).await?;
        if !is_json {
            return Err(ApiError::UnsupportedMediaType);
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // Not the parser's own message: it may quote the password.
            let (shape, line, column) = (T::SHAPE, error.line(), error.column());
            ApiError::MalformedJson(format!("expected {shape}, wrong from line {line} column {column} on"))
        })
    }
}

fn is_json(request: &Request) -> bool {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = content_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Reads a body that nobody wants. An answer that comes before its request's body is there would end the connection, and
/// whatever its client asks next on it would get no answer.
pub(crate) async fn discard(request: Request) -> Result<(), ApiError> {
    read(request).await.map(drop)
}

async fn read(request: Request) -> Result<Bytes, ApiError> {
    let limits = *request.extensions().get::<BodyLimits>().ok_or(ApiError::Unavailable)?;
    let reading = Bytes::from_request(request, &());
    match tokio::time::timeout(limits.timeout, reading).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(refused)) if refused.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE => {
            Err(ApiError::BodyTooLarge(limits.bytes_max))
        }
        Ok(Err(_)) | Err(_) => Err(ApiError::BodyIncomplete),
    }
}
