//! What stands in the head of every answer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// What the page may do: load what comes from here, speak to this server, and no more. Scripts and styles that stand in the page itself
/// are not run, so that nothing which somebody is called or says can become one.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
     manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Also of an answer without a body: what a browser has kept takes over the head of the answer that confirms it, its policy included.
const EVERY_ANSWER: [(HeaderName, HeaderValue); 7] = [
    // Asked for each time, and confirmed by its tag.
    (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::VARY, HeaderValue::from_static("accept-encoding")),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    // A page that opened this one in a window has no hold on it.
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Writes what every answer has.
pub(crate) fn write(headers: &mut HeaderMap) {
    for (name, value) in EVERY_ANSWER {
        headers.insert(name, value);
    }
}
