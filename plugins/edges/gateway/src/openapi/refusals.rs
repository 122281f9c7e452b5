//! Refusals in the document. Status, code and headers of each are those that the refusal itself has.

use std::collections::{BTreeMap, BTreeSet};

use axum::response::IntoResponse;
use hypogeum_accounts::Unauthorized;
use serde_json::Value;
use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::response::{ResponseBuilder, Responses, ResponsesBuilder};
use utoipa::openapi::schema::{AllOfBuilder, ObjectBuilder, Type};
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::route::{Answer, Named};
use super::values::{whole, words};
use super::views::Refusal;
use crate::error::ApiError;

/// Marks a header that every such answer has, until [`finish`] writes it down.
const ALWAYS: &str = "x-always";
/// Headers of refusals that clients act on.
const TOLD: [&str; 4] = ["Retry-After", "WWW-Authenticate", "Upgrade", "Sec-WebSocket-Version"];

/// What is refused where nothing is known yet of who asks.
pub(super) fn of_strangers() -> Vec<ApiError> {
    vec![ApiError::BadForwarded, ApiError::Draining, ApiError::TooManyRequests { retry_after_ms: 1 }]
}

/// What is refused where an access token is wanted.
pub(super) fn of_accounts() -> Vec<ApiError> {
    let mut refusals = of_strangers();
    refusals.extend([Unauthorized::Malformed, Unauthorized::Expired].map(ApiError::Unauthorized));
    refusals.push(ApiError::LoginClosed);
    refusals
}

/// All that a route answers.
pub(super) fn responses(
    answers: Vec<Answer>,
    refusals: &[ApiError],
    is_counted: bool,
    schemas: &mut Named,
) -> Responses {
    schemas.push((Refusal::name().into_owned(), Refusal::schema()));
    Refusal::schemas(schemas);
    let mut responses = ResponsesBuilder::new();
    let told = |response| if is_counted { with_quota(response) } else { response };
    for answer in answers {
        responses = responses.response(answer.status.to_string(), told(answered(answer)).build());
    }
    let mut by_status: BTreeMap<u16, Vec<&ApiError>> = BTreeMap::new();
    for refusal in refusals {
        by_status.entry(refusal.status().as_u16()).or_default().push(refusal);
    }
    for (status, refusals) in by_status {
        responses = responses.response(status.to_string(), told(refused(&refusals)).build());
    }
    responses.build()
}

fn answered(Answer { status, about, content, has_tag }: Answer) -> ResponseBuilder {
    let mut response = ResponseBuilder::new().description(about);
    if let Some((media_type, schema)) = content {
        response = response.content(media_type, ContentBuilder::new().schema(Some(schema)).build());
    }
    if has_tag {
        response = header(response, "ETag", ("Of this very answer.", Type::String), true);
        response = header(response, "Cache-Control", ("For how long it may be kept.", Type::String), true);
    }
    if status == 101 {
        response = header(response, "Sec-WebSocket-Accept", ("As RFC 6455 says.", Type::String), true);
        response = header(response, "Sec-WebSocket-Protocol", ("Where the client named any.", Type::String), false);
    }
    response
}

/// What a client may still ask, where the request was counted.
fn with_quota(response: ResponseBuilder) -> ResponseBuilder {
    let told = [
        ("RateLimit-Limit", "How many may be asked at once."),
        ("RateLimit-Remaining", "How many may be asked at once now."),
        ("RateLimit-Reset", "Seconds until as many as ever may be asked."),
    ];
    told.into_iter().fold(response, |response, (name, about)| {
        let number = whole(None).minimum(Some(0));
        response.header(name, HeaderBuilder::new().schema(Some(number)).description(Some(about)).build())
    })
}

/// Refusals of one status.
fn refused(refusals: &[&ApiError]) -> ResponseBuilder {
    let codes: BTreeSet<&str> = refusals.iter().map(|refusal| refusal.code()).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let mut which = ObjectBuilder::new().property("code", words(&codes));
    if refusals.iter().all(|refusal| refusal.retry_after_ms().is_some()) {
        which = which.required("retry_after_ms");
    }
    let refusal = RefOr::<Schema>::Ref(Ref::from_schema_name(Refusal::name()));
    let schema = AllOfBuilder::new().item(refusal).item(which);
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let about = codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", ");
    let mut response = ResponseBuilder::new().description(about).content("application/json", content);
    let answers: Vec<_> = refusals.iter().map(|refusal| (*refusal).clone().into_response()).collect();
    for name in TOLD {
        let having = answers.iter().filter(|answer| answer.headers().contains_key(name)).count();
        if having == 0 {
            continue;
        }
        let about = match name {
            "Retry-After" => ("Seconds until trying again may help.", Type::Integer),
            "WWW-Authenticate" => ("`Bearer`.", Type::String),
            _ => ("What an upgrade asks for.", Type::String),
        };
        response = header(response, name, about, having == answers.len());
    }
    response
}

fn header(response: ResponseBuilder, name: &str, (about, kind): (&str, Type), is_always: bool) -> ResponseBuilder {
    let schema = match kind {
        Type::Integer => whole(None).minimum(Some(1)),
        kind => ObjectBuilder::new().schema_type(kind),
    };
    let mut header = HeaderBuilder::new().schema(Some(schema)).description(Some(about));
    if is_always {
        header = header.extensions(Some(ExtensionsBuilder::new().add(ALWAYS, true).build()));
    }
    response.header(name, header.build())
}

/// Writes down what the builder has no word for: `required` in headers that every such answer has, and that unsigned
/// numbers of 32 bits need more than `int32`.
pub(super) fn finish(document: &mut Value) {
    match document {
        Value::Object(fields) => {
            if fields.remove(ALWAYS).is_some() {
                fields.insert("required".to_owned(), Value::Bool(true));
            }
            if let Some(format) = fields.get_mut("format").filter(|format| **format == "int32") {
                *format = "int64".into();
            }
            fields.values_mut().for_each(finish);
        }
        Value::Array(items) => items.iter_mut().for_each(finish),
        _ => {}
    }
}
