//! One route for each file.

use std::future::ready;

use axum::Router;
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::encoding::takes_gzip;
use crate::{PageFile, content_type, files, headers};

/// Digits of a file's hash that its tag has: as many as no two files ever share.
const TAG_DIGITS: usize = 32;
/// The file that is the page.
const INDEX: &str = "index.html";

/// Answers the page and all that it loads, to everyone: paths of `/play` and below.
pub fn routes() -> Router {
    files().iter().fold(Router::new().route("/play", get(to_page)), |router, file| {
        let path = if file.path == INDEX { "" } else { file.path };
        let answer = Answer::new(file);
        router.route(&format!("/play/{path}"), get(move |asked: HeaderMap| ready(answer.respond(&asked))))
    })
}

/// Relative addresses within the page begin at the slash.
async fn to_page(RawQuery(query): RawQuery) -> Response {
    let place = query.map_or_else(|| "/play/".to_owned(), |query| format!("/play/?{query}"));
    let place = HeaderValue::try_from(place).unwrap_or(HeaderValue::from_static("/play/"));
    let mut response = (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, place)]).into_response();
    headers::write(response.headers_mut());
    response
}

/// A file, and what is said about it.
#[derive(Clone, Debug)]
struct Answer {
    content: Bytes,
    gzipped: Bytes,
    content_type: HeaderValue,
    /// Weak: it stands for the file in both of its forms.
    tag: HeaderValue,
}

impl Answer {
    fn new(file: &PageFile) -> Self {
        let hash = blake3::hash(file.content).to_hex();
        let tag = HeaderValue::try_from(format!("W/\"{}\"", &hash[..TAG_DIGITS]));
        Self {
            content: Bytes::from_static(file.content),
            gzipped: Bytes::from_static(file.gzipped),
            content_type: content_type::of_path(file.path),
            tag: tag.unwrap_or(HeaderValue::from_static("W/\"\"")),
        }
    }

    /// The file, or that the client has it already.
    fn respond(&self, asked: &HeaderMap) -> Response {
        let tag = [(header::ETAG, self.tag.clone())];
        let mut response = if self.is_kept_by(asked) {
            (StatusCode::NOT_MODIFIED, tag).into_response()
        } else {
            let content_type = [(header::CONTENT_TYPE, self.content_type.clone())];
            if takes_gzip(asked) {
                let encoding = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
                (tag, content_type, encoding, self.gzipped.clone()).into_response()
            } else {
                (tag, content_type, self.content.clone()).into_response()
            }
        };
        headers::write(response.headers_mut());
        response
    }

    /// Whether a client says that it has this file: RFC 9110, section 13.1.2, which compares tags weakly.
    fn is_kept_by(&self, asked: &HeaderMap) -> bool {
        let own = self.tag.to_str().map(opaque).unwrap_or_default();
        let lines = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
        lines.flat_map(|line| line.split(',')).map(str::trim).any(|tag| tag == "*" || opaque(tag) == own)
    }
}

/// What a tag compares by.
fn opaque(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}
