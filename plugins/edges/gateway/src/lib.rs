//! The HTTP edge: accounts, logins, characters, creatures, trades, the shop, and connect tokens.
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/accounts {name, password}` | 201 `{account_id, name}` |
//! | `POST /v1/login {name, password}` | 200 `{access_token, token_type, expires_in_s, account_id, refresh_token, refresh_expires_in_s}` |
//! | `POST /v1/refresh {refresh_token}` | as `/v1/login`, good once |
//! | `POST /v1/guests {name}`, for those who may be guests | as `/v1/login`, without a refresh token |
//! | `GET /healthz` | 200 while the process lives |
//! | `GET /readyz` | 200 while it admits players and grants things, else 503: see [`Admission`] |
//! | `GET /v1/status` | 200 every number the server keeps about itself; to this machine only |
//! | `POST /v1/tickets`, `GET`, `DELETE /v1/tickets/{id}` | 200 puts people in line, tells why they wait; from this machine only |
//! | `POST /v1/inbox-messages` | 200 tells an account something; from this machine only |
//! | `GET /v1/socket` | 101, and a WebSocket from then on: see [`SocketDoor`] |
//! | `GET /v1/openapi.json` | 200 all routes, as OpenAPI 3.1; with an `ETag` |
//! | `GET /v1/journal-key` | 200 `{algorithm, public_key}`: what match logs are signed with |
//! | `GET /v1/creature-types` | 200 the types of creatures, and the numbers that new ones are made by; with an `ETag` |
//! | `GET /v1/protocol.json` | 200 the schema of all messages; with an `ETag` |
//! | `GET /v1/content?since=HASH`, `GET /v1/content/{hash}` | 200 which blobs there are of the content, or have changed; one of them, to be kept for ever |
//!
//! And with `Authorization: Bearer …`, an access token whose login is open:
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/connect {character_id?}` | 200 `{connect_token, server_address, session_id, protocol_version, expires_in_s}` |
//! | `POST /v1/logout`, `POST /v1/logout/everywhere` | 200 `{logins_closed}` |
//! | `GET`, `POST /v1/characters`, `DELETE /v1/characters/{id}` | an account's characters |
//! | `GET`, `POST /v1/creatures`, `GET`, `PATCH`, `DELETE /v1/creatures/{id}` | an account's creatures |
//! | `POST /v1/creatures/{id}/allocate-stats` | points that a creature has kept become stats |
//! | `GET`, `POST /v1/games {creature_ids, tournament?, size?, opponents?, key?}` | games of creatures: started, and those of the account |
//! | `GET /v1/games/{id}`, `GET /v1/games/{id}/bracket`, `GET /v1/games/{id}/battles/{pairing}/{game}/log` | a game as it stands, whoever's it is; the log of a battle, as text |
//! | `POST /v1/games/{id}/move`, `/allocate-stats`, `/ready`, `/withdraw` | what a creature does in it: the game as it stands then |
//! | `GET /v1/ladders`, `GET /v1/ladders/{key}/rating` | ladders, and what somebody is rated |
//! | `GET`, `POST`, `DELETE /v1/ladder-queue {ladder, creature_id, key?}` | a place in line for a rated battle |
//! | `GET /v1/leaderboards`, `GET /v1/leaderboards/{key}`, `/around`, `/seasons` | boards of who is best, page by page, around somebody, and their seasons |
//! | `GET`, `POST /v1/friends {name}`, `POST /v1/friends/{id}/accept`, `DELETE /v1/friends/{id}` | friends, and requests to become some |
//! | `GET`, `POST /v1/blocks {name}`, `DELETE /v1/blocks/{id}` | whom it blocks |
//! | `GET`, `POST /v1/presence {visible_to}` | who may see where it is |
//! | `GET /v1/inbox`, `POST /v1/inbox/{id}/read`, `/claim`, `DELETE /v1/inbox/{id}` | what it was told while it was away |
//! | `GET /v1/storage`, `GET /v1/storage/{collection}`, `GET`, `POST`, `DELETE /v1/storage/{collection}/{key}` | objects that programs keep with it |
//! | `GET /v1/profile` | what the account is and has reached |
//! | `GET /v1/matches`, `GET /v1/matches/{id}` | the matches it has played |
//! | `GET /v1/stash` | the stash, with versions; the wallet |
//! | `GET /v1/inventory` | the same with what characters carry and what was brought into play |
//! | `GET`, `POST /v1/trades`, `POST /v1/trades/{id}/accept`, `DELETE /v1/trades/{id}` | trades |
//! | `GET /v1/cosmetics`, `POST /v1/cosmetics/{key}/buy`, `/equip`, `/unequip`, `POST /v1/cosmetics/refund` | what players wear |
//! | `GET /v1/achievements`, `GET /v1/daily`, `POST /v1/daily/{key}/claim`, `GET /v1/season-rewards` | what is earned beside matches |
//! | `GET /v1/shop`, `POST /v1/shop/buy`, `POST /v1/shop/sell` | the shop |
//!
//! All of it in the clear, or over TLS: see [`Tls`].
//!
//! An edge that speaks no HTTP logs people in by the same code: see [`LoginPort`].
//!
//! A host's app gets it as a [`GatewayPlugin`], which is bound first and answers once it is added.
//!
//! Lists that grow are read page by page: what an answer calls `next` is the next request's `after`. How often each route may be
//! asked is a setting, and every answer tells what is left (`quota.rs`). Pages of other hosts that are allowed may ask as well
//! (`cors.rs`).
//!
//! Every error is `{code, message, retry_after_ms?}`: see [`ApiError`]. Nothing here waits for the tick, and the tick
//! for nothing here. No log line holds a password, a token or a name. All of it, field by field: `PROTOCOL.md` in
//! `hypogeum-protocol`.

mod accounts;
mod admission;
mod answer_headers;
mod body;
mod caller;
mod characters;
mod config;
mod connect;
mod connections;
mod content;
mod cors;
mod cosmetics;
mod creature_types;
mod creatures;
mod economy;
mod entries;
mod entry_error;
mod error;
mod friends;
mod game_error;
mod games;
mod gateway;
mod goods;
mod guests;
mod hashing;
mod inbox;
mod inventory;
mod kept_answer;
mod ladders;
mod leaderboards;
mod login_port;
mod logins;
mod matches;
mod openapi;
mod plugin;
mod profile;
mod proxies;
mod proxy_protocol;
mod query;
mod quota;
mod rate;
mod rewards;
mod rolling_minute;
mod route;
mod routes;
mod serve;
mod shop;
mod sockets;
mod status;
mod storage;
mod store;
mod tickets;
mod tls;
mod tournament_kinds;
mod trades;

/// For added routes: see [`Gateway::with_routes`].
pub use axum;

pub use admission::Admission;
pub use config::{GatewayConfig, Guests, HandshakeRates, RateLimit, RateLimits};
pub use connect::{CONNECT_TOKEN_BYTES, ConnectTokens};
pub use error::ApiError;
pub use game_error::GameError;
pub use gateway::{Gateway, Numbers};
pub use ladders::LadderError;
pub use leaderboards::LeaderboardError;
pub use login_port::{LoginAnswer, LoginAsk, LoginDone, LoginPort};
pub use plugin::{BindError, GatewayPlugin};
pub use proxies::{Network, NetworkError, TrustedProxies};
pub use route::{RATED_ROUTES, Route, RouteRates};
pub use sockets::{SocketAnswer, SocketCheck, SocketDoor, SocketPlace, SocketPlayer, SocketWish, UpgradedSocket};
pub use store::GatewayStore;
pub use tls::{CertificateFiles, Tls, TlsError};
