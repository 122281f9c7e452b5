//! What a client is told when something is not done.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hypogeum_accounts::{AccountError, AccountStoreError, Unauthorized};
use serde::Serialize;

/// Why a request was not done. Its code is the stable part, its message is for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The body is not the JSON this request takes.
    #[error("{0}")]
    MalformedJson(String),
    /// The body arrived in part only.
    #[error("the request's body did not arrive in time, or not whole")]
    BodyIncomplete,
    /// The `Content-Type` is something else.
    #[error("the body must be application/json")]
    UnsupportedMediaType,
    /// More body than allowed.
    #[error("the body has more than {0} bytes")]
    BodyTooLarge(usize),
    /// No such name can be had.
    #[error("{0}")]
    InvalidName(AccountError),
    /// No such password can be had.
    #[error("{0}")]
    WeakPassword(AccountError),
    /// Someone else has the name.
    #[error("the name is taken")]
    NameTaken,
    /// No such account, or another password: it is not said which.
    #[error("no account has this name and this password")]
    WrongCredentials,
    /// The access token proves nothing.
    #[error("{0}")]
    Unauthorized(Unauthorized),
    /// Whoever asks may not be a guest here.
    #[error("this server takes no guests from there: register instead")]
    GuestsRefused,
    /// No such path.
    #[error("there is nothing here")]
    NotFound,
    /// Not with this method.
    #[error("this path takes another method")]
    MethodNotAllowed,
    /// Too many failed logins.
    #[error("too many failed logins: wait")]
    LockedOut {
        /// Until the lock ends.
        retry_after_ms: u64,
    },
    /// Too many requests from this address.
    #[error("too many requests: wait")]
    TooManyRequests {
        /// Until one more is accepted.
        retry_after_ms: u64,
    },
    /// The server does not admit anyone, not yet or no more.
    #[error("the server admits nobody now")]
    Draining,
    /// More work waits than can be done soon.
    #[error("the server is busy")]
    Busy,
    /// Something the request needs does not answer.
    #[error("the server cannot do this now")]
    Unavailable,
}

#[derive(Serialize)]
struct Body {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
}

impl ApiError {
    /// The HTTP status it is answered with.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::MalformedJson(_) | Self::InvalidName(_) | Self::WeakPassword(_) => StatusCode::BAD_REQUEST,
            Self::WrongCredentials | Self::Unauthorized(_) => StatusCode::UNAUTHORIZED,
            Self::GuestsRefused => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::BodyIncomplete => StatusCode::REQUEST_TIMEOUT,
            Self::NameTaken => StatusCode::CONFLICT,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::LockedOut { .. } | Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Draining | Self::Busy | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The stable name of this error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MalformedJson(_) => "malformed_json",
            Self::BodyIncomplete => "body_incomplete",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::BodyTooLarge(_) => "body_too_large",
            Self::InvalidName(_) => "invalid_name",
            Self::WeakPassword(_) => "weak_password",
            Self::NameTaken => "name_taken",
            Self::WrongCredentials => "wrong_credentials",
            Self::Unauthorized(Unauthorized::Expired) => "token_expired",
            Self::Unauthorized(_) => "unauthorized",
            Self::GuestsRefused => "guests_refused",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::LockedOut { .. } => "locked_out",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Draining => "draining",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
        }
    }

    /// When trying again may help, in milliseconds; `None`: the same request fails again.
    #[must_use]
    pub const fn retry_after_ms(&self) -> Option<u64> {
        match self {
            Self::LockedOut { retry_after_ms } | Self::TooManyRequests { retry_after_ms } => Some(*retry_after_ms),
            Self::Draining => Some(5_000),
            Self::Busy | Self::Unavailable => Some(1_000),
            _ => None,
        }
    }
}

impl From<AccountStoreError> for ApiError {
    fn from(error: AccountStoreError) -> Self {
        match error {
            AccountStoreError::NameTaken => Self::NameTaken,
            AccountStoreError::Unavailable => Self::Unavailable,
        }
    }
}

impl From<Unauthorized> for ApiError {
    fn from(error: Unauthorized) -> Self {
        Self::Unauthorized(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let retry_after_ms = self.retry_after_ms();
        let body = Body { code: self.code(), message: self.to_string(), retry_after_ms };
        let mut response = (self.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        if let Some(wait_ms) = retry_after_ms {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1_000)));
        }
        if matches!(self, Self::Unauthorized(_)) {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
