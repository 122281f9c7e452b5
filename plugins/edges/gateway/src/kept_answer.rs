//! Answers that are the same for everyone as long as the server runs, so that clients and caches keep them.

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// For how long nobody needs to ask again. A server that starts with other content is noticed within it.
const CACHE: HeaderValue = HeaderValue::from_static("public, max-age=60");
/// Bytes of the answer's hash that its tag has: as many as no two answers ever share.
const TAG_BYTES: usize = 16;

/// An answer in words, and the tag by which clients know that they have it.
#[derive(Clone, Debug)]
pub(crate) struct KeptAnswer {
    answer: Bytes,
    tag: HeaderValue,
}

impl KeptAnswer {
    /// Words the answer once.
    ///
    /// # Errors
    /// [`serde_json::Error`] where it is no JSON, which an answer of text and numbers alone always is.
    pub(crate) fn new(body: &impl Serialize) -> Result<Self, serde_json::Error> {
        let answer = serde_json::to_vec(body)?;
        let hash = blake3::hash(&answer);
        let digits: String = hash.as_bytes().iter().take(TAG_BYTES).map(|byte| format!("{byte:02x}")).collect();
        let tag = HeaderValue::from_str(&format!("\"{digits}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        Ok(Self { answer: answer.into(), tag })
    }

    /// The answer, or that the client has it already.
    pub(crate) fn respond(&self, headers: &HeaderMap) -> Response {
        let about = [(header::ETAG, self.tag.clone()), (header::CACHE_CONTROL, CACHE)];
        if has_already(headers, &self.tag) {
            return (StatusCode::NOT_MODIFIED, about).into_response();
        }
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        (about, [json], self.answer.clone()).into_response()
    }
}

/// Whether a client says that it has the answer of this tag: RFC 9110, section 13.1.2, which compares tags weakly.
fn has_already(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut tags = asked.flat_map(|value| value.split(',')).map(str::trim);
    tags.any(|asked| asked == "*" || asked.strip_prefix("W/").unwrap_or(asked).as_bytes() == tag.as_bytes())
}
