//! Pages of other hosts: those that are allowed may ask from a browser and read what is answered, errors as well.
//!
//! Nobody is known here by cookies, so no answer allows them, and none allows every page.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What a page may ask by.
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PATCH, DELETE");
/// What it may send besides what any page may.
const REQUEST_HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, if-none-match");
/// What it may read besides what any page may.
const ANSWER_HEADERS: HeaderValue = HeaderValue::from_static(
    "etag, ratelimit-limit, ratelimit-remaining, ratelimit-reset, retry-after, www-authenticate",
);
/// For how many seconds a browser need not ask again whether the page may.
const PREFLIGHT_AGE_S: HeaderValue = HeaderValue::from_static("7200");

/// The origin of the page that asks, where it is one of those that are allowed. Two origins are none.
pub(crate) fn allowed_page<'h>(headers: &'h HeaderMap, allowed: &[String]) -> Option<&'h HeaderValue> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else { return None };
    let is_allowed = |allowed: &String| allowed.as_bytes().eq_ignore_ascii_case(origin.as_bytes());
    allowed.iter().any(is_allowed).then_some(origin)
}

/// The answer to a browser that asks whether an allowed page may ask; `None`: the request is no such question.
pub(crate) fn preflight(page: Option<&HeaderValue>, request: &Request) -> Option<Response> {
    let is_question = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
        && request.body().is_end_stream();
    let about = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, REQUEST_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE_S),
    ];
    (page.is_some() && is_question).then(|| (StatusCode::NO_CONTENT, about).into_response())
}

/// Lets the page read the answer, where it is allowed; and says that answers differ by page, also where none is allowed yet: what a cache
/// keeps for a year must not be shown to a page that is allowed tomorrow.
pub(crate) fn write(headers: &mut HeaderMap, page: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(page) = page {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, page);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, ANSWER_HEADERS);
    }
}
