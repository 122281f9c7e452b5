//! Why an ask over HTTP did not succeed.

use std::time::Duration;

/// Why an ask over HTTP did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The URL is none.
    #[error("invalid server URL {0}: write http://HOST:PORT or https://HOST:PORT")]
    NotAUrl(String),
    /// What was given to vouch for the server is no certificate.
    #[error("no certificate vouches for the server: {0}")]
    NoCertificate(String),
    /// No answer came.
    #[error("no answer from {url}: {cause}")]
    Unreachable {
        /// What was asked.
        url: String,
        /// Why there is none.
        cause: String,
    },
    /// The server said no.
    #[error("{code} ({status}): {message}")]
    Refused {
        /// Status of the HTTP answer.
        status: u16,
        /// What went wrong, for programs.
        code: String,
        /// What went wrong, for people.
        message: String,
        /// When trying again may help.
        retry_after_ms: Option<u64>,
        /// The version an item has now, or the price something has now, where that is what was wrong.
        found: Option<i64>,
    },
    /// The login has no refresh token: it is a guest's.
    #[error("a guest's login is not refreshed: come in again by name")]
    NotRefreshable,
    /// The server said yes in words this client does not know.
    #[error("the answer from {url} is not understood: {cause}")]
    Unreadable {
        /// What was asked.
        url: String,
        /// What is wrong with the answer.
        cause: String,
    },
}

impl ApiError {
    /// The HTTP status of a refusal.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The code of a refusal, or a word of ours for the rest.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::NotAUrl(_) => "bad_url",
            Self::NoCertificate(_) => "no_certificate",
            Self::Unreachable { .. } => "unreachable",
            Self::NotRefreshable => "not_refreshable",
            Self::Refused { code, .. } => code,
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// The version an item or an object has now, or the price something has now, where the code is `conflict`, `stale_version` or `price_changed`.
    #[must_use]
    pub const fn found(&self) -> Option<i64> {
        match self {
            Self::Refused { found, .. } => *found,
            _ => None,
        }
    }

    /// Whether the same ask may succeed later: the server is away, or said so.
    #[must_use]
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Refused { retry_after_ms: Some(_), .. })
    }

    /// When the server thinks trying again may help.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after_ms: Some(ms), .. } => Some(Duration::from_millis(*ms)),
            _ => None,
        }
    }
}
