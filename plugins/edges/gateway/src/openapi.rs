//! `GET /v1/openapi.json`: every route, as OpenAPI 3.1 for programs. Types of requests and answers describe themselves
//! ([`utoipa::ToSchema`]), refusals stand here as what they are; tests hold the list to the router, and answers to their
//! schemas. Routes that a game adds are not in it.

mod accounts;
mod boards;
mod cosmetics;
mod creatures;
mod friends;
mod games;
mod goods;
mod inbox;
mod refusals;
mod route;
mod server;
mod storage;
mod tickets;
pub(crate) mod values;
#[allow(dead_code, reason = "they say what others put into JSON, and nobody makes one")]
mod views;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::Value;
use utoipa::openapi::path::{OperationBuilder, PathsBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApiBuilder, RefOr, Schema};

use crate::error::ApiError;
use crate::kept_answer::KeptAnswer;
use refusals::responses;
use route::{Named, Passes, Route};

/// The name of the one way to prove who asks.
const BEARER: &str = "bearer";
const ABOUT: &str = "Accounts, logins, characters, creatures, games, ladders, boards, trades and the shop, and the way \
    into play. `PROTOCOL.md` tells the same in words. A body has at most 16,384 bytes unless the operator says \
    otherwise; unknown fields are refused. A path that is here answers another method with 405 `method_not_allowed`.";

/// The answer, worded once.
static ANSWER: LazyLock<Result<KeptAnswer, serde_json::Error>> = LazyLock::new(|| KeptAnswer::new(&document()?));

pub(crate) async fn show(headers: HeaderMap) -> Result<Response, ApiError> {
    let answer = ANSWER.as_ref().map_err(|_| ApiError::Unavailable)?;
    Ok(answer.respond(&headers))
}

/// All routes, by their tags.
fn routes() -> [(&'static str, Vec<Route>); 11] {
    [
        ("accounts", accounts::routes()),
        ("creatures", creatures::routes()),
        ("games", games::routes()),
        ("ladders and boards", boards::routes()),
        ("friends", friends::routes()),
        ("goods", goods::routes()),
        ("cosmetics and rewards", cosmetics::routes()),
        ("inbox", inbox::routes()),
        ("tickets", tickets::routes()),
        ("storage", storage::routes()),
        ("server", server::routes()),
    ]
}

/// The document.
fn document() -> Result<Value, serde_json::Error> {
    let (mut paths, mut schemas) = (PathsBuilder::new().build(), Named::new());
    for (tag, routes) in routes() {
        for mut route in routes {
            schemas.append(&mut route.schemas);
            let (path, method) = (route.path, route.method.clone());
            paths.add_path_operation(path, vec![method], operation(tag, route, &mut schemas));
        }
    }
    let schemas: BTreeMap<String, RefOr<Schema>> = schemas.into_iter().collect();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT");
    let bearer = bearer.description(Some("The access token of a login that is open."));
    let components = ComponentsBuilder::new().schemas_from_iter(schemas);
    let components = components.security_scheme(BEARER, SecurityScheme::Http(bearer.build()));
    let info = InfoBuilder::new().title("Hypogeum").version(env!("CARGO_PKG_VERSION")).description(Some(ABOUT));
    let document = OpenApiBuilder::new().info(info.build()).paths(paths).components(Some(components.build()));
    let mut document = serde_json::to_value(document.build())?;
    refusals::finish(&mut document);
    Ok(document)
}

fn operation(tag: &str, mut route: Route, schemas: &mut Named) -> utoipa::openapi::path::Operation {
    let mut refusals = std::mem::take(&mut route.refusals);
    refusals.extend(match route.passes {
        Passes::Nothing => Vec::new(),
        Passes::ThisMachine => vec![ApiError::BadForwarded, ApiError::LocalOnly],
        Passes::Strangers => refusals::of_strangers(),
        Passes::Accounts => refusals::of_accounts(),
    });
    let mut operation = OperationBuilder::new().tag(tag).operation_id(Some(route.id)).summary(Some(route.about));
    for parameter in route.parameters {
        operation = operation.parameter(parameter);
    }
    let body = route.body.map(utoipa::openapi::request_body::RequestBodyBuilder::build);
    operation = operation.request_body(body);
    if route.passes == Passes::Accounts {
        operation = operation.security(SecurityRequirement::new(BEARER, [] as [&str; 0]));
    }
    let is_counted = matches!(route.passes, Passes::Strangers | Passes::Accounts);
    operation.responses(responses(route.answers, &refusals, is_counted, schemas)).build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_of_schemas_and_operations_name_one_thing() {
        let (mut named, mut ids) = (BTreeMap::new(), BTreeSet::new());
        for route in routes().into_iter().flat_map(|(_, routes)| routes) {
            assert!(ids.insert(route.id), "{} is one operation", route.id);
            for (name, schema) in route.schemas {
                let schema = serde_json::to_value(&schema).expect("a schema is JSON");
                let known = named.entry(name.clone()).or_insert_with(|| schema.clone());
                assert_eq!(*known, schema, "{name} is one schema");
            }
        }
        assert!(named.len() > 50 && ids.len() > 50, "there are {} and {}", named.len(), ids.len());
    }
}
