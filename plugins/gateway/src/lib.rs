//! The HTTP edge: accounts, login and connect tokens.
//!
//! | request | answer |
//! |---|---|
//! | `POST /v1/accounts {name, password}` | 201 `{account_id, name}` |
//! | `POST /v1/login {name, password}` | 200 `{access_token, token_type, expires_in_s, account_id}` |
//! | `POST /v1/guests {name}`, for those who may be guests | as `/v1/login` |
//! | `POST /v1/connect` with `Authorization: Bearer …` | 200 `{connect_token, server_address, session_id, protocol_version, expires_in_s}` |
//! | `GET /healthz` | 200 while the process lives |
//! | `GET /readyz` | 200 while it admits players, else 503 |
//!
//! Every error is `{code, message, retry_after_ms?}`: see [`ApiError`]. Nothing here waits for the tick, and the tick
//! for nothing here. No log line holds a password, a token or a name.

mod accounts;
mod admission;
mod body;
mod config;
mod connect;
mod error;
mod gateway;
mod guests;
mod hashing;
mod rate;
mod routes;
mod seats;
mod serve;

pub use admission::Admission;
pub use config::{GatewayConfig, Guests, RateLimit};
pub use connect::{CONNECT_TOKEN_BYTES, ConnectTokens};
pub use error::ApiError;
pub use gateway::Gateway;
