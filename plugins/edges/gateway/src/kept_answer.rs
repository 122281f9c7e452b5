//! Answers that clients keep, most of them the same for everyone as long as the server runs: each has a tag, and who shows it is
//! told that nothing has changed.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// For how long nobody needs to ask again. A server that starts with other content is noticed within it.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=60");
/// The same where only those who may ask are to have it.
const CACHE_OF_PLAYERS: HeaderValue = HeaderValue::from_static("private, max-age=60");
/// It may be kept, but whether it still stands, and is the caller's, is asked each time.
const CACHE_TO_ASK: HeaderValue = HeaderValue::from_static("private, no-cache");
/// It may be kept, but whether it still stands is asked each time.
const CACHE_TO_ASK_FOR_ALL: HeaderValue = HeaderValue::from_static("no-cache");
/// Of what lies under its own hash: it is never anything else.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Digits of the answer's hash that its tag has: as many as no two answers ever share.
const TAG_DIGITS: usize = 32;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer in words, and the tag by which clients know that they have it.
#[derive(Clone, Debug)]
pub(crate) struct KeptAnswer {
    answer: Bytes,
    content_type: HeaderValue,
    tag: HeaderValue,
    cache: HeaderValue,
}

impl KeptAnswer {
    /// Words the answer once.
    ///
    /// # Errors
    /// [`serde_json::Error`] where it is no JSON, which an answer of text and numbers alone always is.
    pub(crate) fn new(body: &impl Serialize) -> Result<Self, serde_json::Error> {
        Ok(Self::of_json(serde_json::to_vec(body)?.into()))
    }

    /// An answer that is JSON already.
    pub(crate) fn of_json(answer: Bytes) -> Self {
        Self::of_bytes(answer, JSON)
    }

    /// An answer in plain words.
    pub(crate) fn of_text(text: String) -> Self {
        Self::of_bytes(text.into(), HeaderValue::from_static("text/plain; charset=utf-8"))
    }

    fn of_bytes(answer: Bytes, content_type: HeaderValue) -> Self {
        let hash = blake3::hash(&answer).to_hex();
        Self { tag: quoted(&hash[..TAG_DIGITS]), answer, content_type, cache: CACHE }
    }

    /// JSON that lies under its hash, in lower hex digits: that is its tag, and it may be kept for ever.
    pub(crate) fn of_hash(hash: &str, answer: Bytes) -> Self {
        Self { tag: quoted(hash), answer, content_type: JSON, cache: FOR_EVER }
    }

    /// Kept by those alone who may ask, not by caches between.
    pub(crate) fn of_players(self) -> Self {
        Self { cache: CACHE_OF_PLAYERS, ..self }
    }

    /// Asked for each time: what it tells may be something else at any moment.
    pub(crate) fn asked_for_changes(self) -> Self {
        Self { cache: CACHE_TO_ASK_FOR_ALL, ..self }
    }

    /// Kept by those alone who may ask, and asked for each time.
    pub(crate) fn asked_each_time(self) -> Self {
        Self { cache: CACHE_TO_ASK, ..self }
    }

    /// The answer, or that the client has it already.
    pub(crate) fn respond(&self, headers: &HeaderMap) -> Response {
        let about = [(header::ETAG, self.tag.clone()), (header::CACHE_CONTROL, self.cache.clone())];
        if has_already(headers, &self.tag) {
            return (StatusCode::NOT_MODIFIED, about).into_response();
        }
        (about, [(header::CONTENT_TYPE, self.content_type.clone())], self.answer.clone()).into_response()
    }
}

/// A strong tag.
fn quoted(digits: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{digits}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// Whether a client says that it has the answer of this tag: RFC 9110, section 13.1.2, which compares tags weakly.
fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = asked.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|asked| asked == "*" || asked.strip_prefix("W/").unwrap_or(asked).as_bytes() == tag.as_bytes())
}
