//! What stands in the head of every answer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Where a route says nothing else: nobody keeps the answer, and no browser takes it for something it is not, runs or shows
/// anything of it, or tells others where it was read.
const EVERY_ANSWER: [(HeaderName, HeaderValue); 4] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
];

/// Adds what the route has not said.
pub(crate) fn complete(headers: &mut HeaderMap) {
    for (name, value) in EVERY_ANSWER {
        headers.entry(name).or_insert(value);
    }
}
