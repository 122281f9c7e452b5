//! Which path does what, and what every request passes first.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Extension, Router};

use crate::accounts::{login, register};
use crate::body::{BodyLimits, discard};
use crate::caller::{authenticate, authenticate_to_play};
use crate::connect::connect;
use crate::connections::Activity;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::guests::guest;
use crate::logins::{logout, logout_everywhere, refresh};
use crate::proxies::{Origin, Peer, locate};
use crate::rate::Operation;
use crate::status::{healthz, journal_key, numbers, readyz};
use crate::store::GatewayStore;
use crate::{
    answer_headers, characters, content, cors, cosmetics, creature_types, creatures, entries, friends, games, inbox,
    inventory, ladders, leaderboards, matches, openapi, profile, quota, rewards, shop, sockets, storage, tickets,
    tournament_kinds, trades,
};

pub(crate) fn router<S: GatewayStore>(gateway: &Arc<Gateway<S>>) -> Router {
    let limits = BodyLimits { bytes_max: gateway.config.body_bytes_max, timeout: gateway.config.read_timeout };
    let strangers = Router::new()
        .route("/v1/accounts", post(register::<S>))
        .route("/v1/login", post(login::<S>))
        .route("/v1/guests", post(guest::<S>))
        .route("/v1/creature-types", get(creature_types::list::<S>))
        .route("/v1/tournaments", get(tournament_kinds::list::<S>))
        .route("/v1/ladders", get(ladders::list::<S>))
        .route("/v1/leaderboards", get(leaderboards::list::<S>))
        .route("/v1/protocol.json", get(content::protocol))
        .route("/v1/content", get(content::manifest::<S>))
        .route("/v1/content/{hash}", get(content::blob::<S>))
        .route("/v1/socket", get(sockets::upgrade::<S>))
        .route("/v1/openapi.json", get(openapi::show))
        .route_layer(from_fn_with_state(Arc::clone(gateway), limit_strangers::<S>));
    let players = Router::new()
        .route("/v1/connect", post(connect::<S>))
        .route_layer(from_fn_with_state(Arc::clone(gateway), authenticate_to_play::<S>));
    let owners = Router::new()
        .route("/v1/logout", post(logout::<S>))
        .route("/v1/logout/everywhere", post(logout_everywhere::<S>))
        .route("/v1/profile", get(profile::show::<S>))
        .route("/v1/inventory", get(inventory::show::<S>))
        .route("/v1/matches", get(matches::list::<S>))
        .route("/v1/matches/{id}", get(matches::show::<S>))
        .route("/v1/characters", get(characters::list::<S>).post(characters::create::<S>))
        .route("/v1/characters/{id}", delete(characters::delete::<S>))
        .route("/v1/leaderboards/{key}", get(leaderboards::page::<S>))
        .route("/v1/leaderboards/{key}/around", get(leaderboards::around::<S>))
        .route("/v1/leaderboards/{key}/seasons", get(leaderboards::seasons::<S>))
        .route("/v1/stash", get(trades::stash::<S>))
        .route("/v1/trades", get(trades::list::<S>).post(trades::propose::<S>))
        .route("/v1/trades/{id}", delete(trades::cancel::<S>))
        .route("/v1/trades/{id}/accept", post(trades::accept::<S>))
        .route("/v1/shop", get(shop::list::<S>))
        .route("/v1/shop/buy", post(shop::buy::<S>))
        .route("/v1/shop/sell", post(shop::sell::<S>))
        .merge(rewards_and_cosmetics::<S>())
        .merge(creatures_and_games::<S>())
        .merge(people::<S>())
        .merge(stored::<S>())
        .route_layer(from_fn_with_state(Arc::clone(gateway), authenticate::<S>));
    // Also while the server drains: who still plays keeps their login.
    let staying = Router::new()
        .route("/v1/refresh", post(refresh::<S>))
        .route_layer(from_fn_with_state(Arc::clone(gateway), limit_strangers::<S>))
        .route_layer(from_fn_with_state(Arc::clone(gateway), locate::<S>));
    let operators = Router::new()
        .route("/v1/status", get(numbers::<S>))
        .route("/v1/inbox-messages", post(inbox::send::<S>))
        .route("/v1/tickets", post(tickets::join::<S>))
        .route("/v1/tickets/{id}", get(tickets::look::<S>).delete(tickets::leave::<S>))
        .route_layer(from_fn_with_state(Arc::clone(gateway), locate::<S>));
    strangers
        .merge(players)
        .merge(owners)
        .route_layer(from_fn_with_state(Arc::clone(gateway), locate::<S>))
        .route_layer(from_fn_with_state(Arc::clone(gateway), admit::<S>))
        .merge(staying)
        .merge(operators)
        .route("/v1/journal-key", get(journal_key::<S>))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz::<S>))
        .merge(gateway.more.clone().with_state(()))
        .fallback(async || ApiError::NotFound)
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed)
        .layer(DefaultBodyLimit::max(limits.bytes_max))
        .layer(Extension(limits))
        .layer(from_fn_with_state(Arc::clone(gateway), observe::<S>))
        .with_state(Arc::clone(gateway))
}

/// What players wear, and what they are rewarded with.
fn rewards_and_cosmetics<S: GatewayStore>() -> Router<Arc<Gateway<S>>> {
    Router::new()
        .route("/v1/achievements", get(rewards::achievements::<S>))
        .route("/v1/daily", get(rewards::daily::<S>))
        .route("/v1/daily/{key}/claim", post(rewards::claim::<S>))
        .route("/v1/season-rewards", get(rewards::seasons::<S>))
        .route("/v1/cosmetics", get(cosmetics::list::<S>))
        .route("/v1/cosmetics/worn", post(cosmetics::look::<S>))
        .route("/v1/cosmetics/refund", post(cosmetics::refund::<S>))
        .route("/v1/cosmetics/{key}/buy", post(cosmetics::buy::<S>))
        .route("/v1/cosmetics/{key}/equip", post(cosmetics::equip::<S>))
        .route("/v1/cosmetics/{key}/unequip", post(cosmetics::unequip::<S>))
}

/// What owners of creatures ask.
fn creatures_and_games<S: GatewayStore>() -> Router<Arc<Gateway<S>>> {
    Router::new()
        .route("/v1/creatures", get(creatures::list::<S>).post(creatures::create::<S>))
        .route(
            "/v1/creatures/{id}",
            get(creatures::show::<S>).patch(creatures::rename::<S>).delete(creatures::release::<S>),
        )
        .route("/v1/creatures/{id}/allocate-stats", post(creatures::allocate::<S>))
        .route("/v1/games", get(games::list::<S>).post(games::start::<S>))
        .route("/v1/games/{id}", get(games::show::<S>))
        .route("/v1/open-games", get(entries::list::<S>))
        .route("/v1/games/{id}/entries", get(entries::show::<S>))
        .route("/v1/games/{id}/enter", post(entries::enter::<S>))
        .route("/v1/games/{id}/leave", post(entries::leave::<S>))
        .route("/v1/games/{id}/call-off", post(entries::call_off::<S>))
        .route("/v1/games/{id}/bracket", get(games::bracket::<S>))
        .route("/v1/games/{id}/move", post(games::make_move::<S>))
        .route("/v1/games/{id}/allocate-stats", post(games::allocate_stats::<S>))
        .route("/v1/games/{id}/ready", post(games::ready::<S>))
        .route("/v1/games/{id}/withdraw", post(games::withdraw::<S>))
        .route("/v1/games/{id}/battles/{pairing}/{game}/log", get(games::log::<S>))
        .route("/v1/ladders/{key}/rating", get(ladders::rating::<S>))
        .route("/v1/ladder-queue", get(ladders::look::<S>).post(ladders::join::<S>).delete(ladders::leave::<S>))
}

/// What is asked of friends and blocks.
fn people<S: GatewayStore>() -> Router<Arc<Gateway<S>>> {
    Router::new()
        .route("/v1/friends", get(friends::list::<S>).post(friends::ask::<S>))
        .route("/v1/friends/{id}", delete(friends::remove::<S>))
        .route("/v1/friends/{id}/accept", post(friends::accept::<S>))
        .route("/v1/blocks", get(friends::blocks::<S>).post(friends::block::<S>))
        .route("/v1/blocks/{id}", delete(friends::unblock::<S>))
        .route("/v1/presence", get(friends::visibility::<S>).post(friends::set_visibility::<S>))
}

/// What is kept with accounts: what they are told, and what programs write.
fn stored<S: GatewayStore>() -> Router<Arc<Gateway<S>>> {
    Router::new()
        .route("/v1/inbox", get(inbox::list::<S>))
        .route("/v1/inbox/{id}", delete(inbox::delete::<S>))
        .route("/v1/inbox/{id}/read", post(inbox::read::<S>))
        .route("/v1/inbox/{id}/claim", post(inbox::claim::<S>))
        .route("/v1/storage", get(storage::usage::<S>))
        .route("/v1/storage/{collection}", get(storage::list::<S>))
        .route(
            "/v1/storage/{collection}/{key}",
            get(storage::show::<S>).post(storage::write::<S>).delete(storage::delete::<S>),
        )
}

/// Refuses what [`Admission`] does not admit, before anything else.
async fn admit<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let admitted = if gateway.admission.is_open() { Ok(()) } else { Err(ApiError::Draining) };
    pass(admitted, request, next).await
}

/// What those may ask in all of whom nothing is known yet. What each of it costs is looked at once it is read.
async fn limit_strangers<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let operation = gateway.config.rates.routes.operation(&request, Operation::Request);
    pass(gateway.check_requests(operation, origin), request, next).await
}

async fn pass(admitted: Result<(), ApiError>, request: Request, next: Next) -> Result<Response, ApiError> {
    match admitted {
        Ok(()) => Ok(next.run(request).await),
        Err(refusal) => {
            // The refusal stands, however that goes.
            let _ = discard(request).await;
            Err(refusal)
        }
    }
}

/// Ends what takes too long, completes the head of the answer, and logs how it went: the route as it is written above, neither path nor body, for both may
/// hold secrets.
async fn observe<S: GatewayStore>(State(gateway): State<Arc<Gateway<S>>>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let activity = request.extensions().get::<Arc<Activity>>().cloned();
    let is_encrypted = request.extensions().get::<Peer>().is_some_and(|peer| peer.is_encrypted);
    let began_ms = gateway.now_ms();
    if let Some(activity) = &activity {
        activity.begin();
    }
    let page = cors::allowed_page(request.headers(), &gateway.config.origins).cloned();
    let answering = async {
        match cors::preflight(page.as_ref(), &request) {
            Some(answer) => answer,
            None => next.run(request).await,
        }
    };
    let (answer, quota) = quota::counted(tokio::time::timeout(gateway.config.request_timeout, answering)).await;
    let mut response = answer.unwrap_or_else(|_| ApiError::Unavailable.into_response());
    let headers = response.headers_mut();
    answer_headers::complete(headers);
    cors::write(headers, page);
    if let Some(hsts) = gateway.tls.as_ref().filter(|_| is_encrypted).and_then(|tls| tls.hsts.as_ref()) {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
    if let Some(quota) = quota {
        quota.write(headers);
    }
    let (status, took_ms) = (response.status().as_u16(), gateway.now_ms() - began_ms);
    if let Some(activity) = &activity {
        activity.end();
    }
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    tracing::debug!(%method, route, status, took_ms, "answered");
    response
}
