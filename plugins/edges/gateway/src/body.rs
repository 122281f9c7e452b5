//! Request bodies: JSON of a known shape, bounded in size and time.

use std::time::Duration;

use axum::RequestExt as _;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request};
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

/// A body that may be missing: then it holds what is default.
pub(crate) struct OptionalJsonBody<T>(pub(crate) T);

/// A body that is not looked at.
pub(crate) struct NoBody;

/// What a path's `{id}` names, in a request whose body is not looked at. Written in decimal, without sign or leading zeros;
/// what is written otherwise, or is 0, names nothing.
pub(crate) struct PathId(pub(crate) u64);

/// Both: what a path's `{id}` names, as [`PathId`] reads it, and a body as [`JsonBody`] does.
pub(crate) struct PathIdWith<T>(pub(crate) u64, pub(crate) T);

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
        parse(&bytes, is_json).map(Self)
    }
}

impl<T: RequestBody + Default, S: Send + Sync> FromRequest<S> for OptionalJsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        let is_json = is_json(&request);
        let bytes = read(request).await?;
        if bytes.is_empty() { Ok(Self(T::default())) } else { parse(&bytes, is_json).map(Self) }
    }
}

impl<S: Send + Sync> FromRequest<S> for NoBody {
    type Rejection = ApiError;

    async fn from_request(request: Request, _state: &S) -> Result<Self, ApiError> {
        discard(request).await.map(|()| Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for PathId {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, _state: &S) -> Result<Self, ApiError> {
        let path = request.extract_parts::<Path<String>>().await;
        discard(request).await?;
        let Path(text) = path.map_err(|_| ApiError::NotFound)?;
        number(&text).map(Self).ok_or(ApiError::NotFound)
    }
}

impl<T: RequestBody, S: Send + Sync> FromRequest<S> for PathIdWith<T> {
    type Rejection = ApiError;

    async fn from_request(mut request: Request, _state: &S) -> Result<Self, ApiError> {
        let path = request.extract_parts::<Path<String>>().await;
        let is_json = is_json(&request);
        let bytes = read(request).await?;
        let Path(text) = path.map_err(|_| ApiError::NotFound)?;
        Ok(Self(number(&text).ok_or(ApiError::NotFound)?, parse(&bytes, is_json)?))
    }
}

fn parse<T: RequestBody>(bytes: &[u8], is_json: bool) -> Result<T, ApiError> {
    if !is_json {
        return Err(ApiError::UnsupportedMediaType);
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // Not the parser's own message: it may quote the password.
        let (shape, line, column) = (T::SHAPE, error.line(), error.column());
        ApiError::MalformedJson(format!("expected {shape}, wrong from line {line} column {column} on"))
    })
}

/// A number as [`PathId`] says it is written.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok().filter(|number| *number != 0)?;
    (number.to_string() == text).then_some(number)
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::accounts::Credentials;
    use crate::characters::NewCharacter;
    use crate::connect::PlayAs;
    use crate::creatures::{Allotment, NewCreature, Renaming};
    use crate::guests::GuestName;
    use crate::logins::Presented;
    use crate::shop::{Purchase, Sale};
    use crate::trades::Proposal;

    /// A good body of each kind, to be spoilt.
    const GOOD: [&str; 10] = [
        r#"{"name":"Ada","password":"correct horse"}"#,
        r#"{"name":"Bot-1"}"#,
        r#"{"refresh_token":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
        r#"{"character_id":1}"#,
        r#"{"to":2,"gives":{"items":[{"item":"ab-7","version":1}],"currency":10},"wants":{"currency":5}}"#,
        r#"{"key":42,"template":"knife","price":75}"#,
        r#"{"item":"ab-7","version":1,"price":37}"#,
        r#"{"name":"Cinder","type":"emberfox","points":{"speed":2}}"#,
        r#"{"points":{"luck":1,"health":3}}"#,
        "[[[[[[[[[[[[[[[[",
    ];

    /// Reads `bytes` as every kind of body there is; how many it is.
    fn read_all(bytes: &[u8]) -> usize {
        let read = [
            parse::<Credentials>(bytes, true).is_ok(),
            parse::<GuestName>(bytes, true).is_ok(),
            parse::<NewCharacter>(bytes, true).is_ok(),
            parse::<NewCreature>(bytes, true).is_ok(),
            parse::<Renaming>(bytes, true).is_ok(),
            parse::<Allotment>(bytes, true).is_ok(),
            parse::<Presented>(bytes, true).is_ok(),
            parse::<PlayAs>(bytes, true).is_ok(),
            parse::<Proposal>(bytes, true).is_ok(),
            parse::<Purchase>(bytes, true).is_ok(),
            parse::<Sale>(bytes, true).is_ok(),
        ];
        read.iter().filter(|read| **read).count()
    }

    #[test]
    fn each_body_is_read_as_what_it_is() {
        let counts = GOOD.map(|body| read_all(body.as_bytes()));
        // A guest's name, a character's and a creature's look the same.
        assert_eq!(counts, [1, 3, 1, 1, 1, 1, 1, 1, 1, 0], "every good body is one of its kind");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
            read_all(&bytes);
        }

        #[test]
        fn a_spoilt_body_is_read_or_refused(
            which in 0..GOOD.len(),
            spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = GOOD[which].as_bytes().to_vec();
            for (place, byte) in spoilt {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            read_all(&bytes);
            read_all(&bytes[..cut.index(bytes.len())]);
        }

        #[test]
        fn a_number_in_a_path_is_written_in_one_way(text in "\\PC{0,24}|[+-]?[0-9]{0,24}") {
            if let Some(read) = number(&text) {
                prop_assert_eq!(read.to_string(), text, "it is written as it is shown");
                prop_assert_ne!(read, 0, "0 names nothing");
            }
        }

        #[test]
        fn every_number_but_zero_names_something(named in 1..=u64::MAX) {
            prop_assert_eq!(number(&named.to_string()), Some(named), "it is read as it is shown");
        }
    }
}
