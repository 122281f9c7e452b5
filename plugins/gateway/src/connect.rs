//! Handing out connect tokens: the way from HTTP to the game's UDP socket.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hypogeum_accounts::{AccountStore, Unauthorized};
use hypogeum_protocol::SessionId;
use hypogeum_protocol::limits::PROTOCOL_VERSION;
use hypogeum_protocol::link::SessionTicket;
use serde::Serialize;

use crate::body::discard;
use crate::error::ApiError;
use crate::gateway::Gateway;

/// Bytes of a netcode connect token.
pub const CONNECT_TOKEN_BYTES: usize = 2_048;
/// Longest access token looked at: ours have some 300 bytes.
const ACCESS_TOKEN_BYTES_MAX: usize = 2_048;
/// Session ids stay below this, so that every JSON reader keeps them exact.
const SESSION_ID_END: u64 = 1 << 53;

/// Makes connect tokens for the game's socket. Any `Fn(SessionId, &SessionTicket) -> [u8; 2048]` does.
pub trait ConnectTokens: Send + Sync {
    /// A fresh token that lets its holder connect once, as `session`.
    fn connect_token(&self, session: SessionId, ticket: &SessionTicket) -> [u8; CONNECT_TOKEN_BYTES];
}

impl<F> ConnectTokens for F
where
    F: Fn(SessionId, &SessionTicket) -> [u8; CONNECT_TOKEN_BYTES] + Send + Sync,
{
    fn connect_token(&self, session: SessionId, ticket: &SessionTicket) -> [u8; CONNECT_TOKEN_BYTES] {
        self(session, ticket)
    }
}

#[derive(Serialize)]
pub(crate) struct Connect {
    connect_token: String,
    server_address: String,
    session_id: u64,
    protocol_version: u16,
    expires_in_s: u32,
}

pub(crate) async fn connect<S: AccountStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Json<Connect>, ApiError> {
    discard(request).await?;
    let claims = gateway.keys.verify(bearer(&headers)?)?;
    let session = SessionId(rand::random_range(1..SESSION_ID_END));
    let ticket = SessionTicket { account: claims.account, name: claims.name };
    let connect_token = STANDARD.encode(gateway.tokens.connect_token(session, &ticket));
    tracing::debug!(account = %claims.account, %session, "connect token issued");
    Ok(Json(Connect {
        connect_token,
        server_address: gateway.config.game_address.to_string(),
        session_id: session.0,
        protocol_version: PROTOCOL_VERSION,
        expires_in_s: gateway.config.connect_token_s,
    }))
}

/// The one bearer token of a request.
fn bearer(headers: &HeaderMap) -> Result<&str, Unauthorized> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Unauthorized::Malformed) };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or(Unauthorized::Malformed)?;
    if !scheme.eq_ignore_ascii_case("bearer") || token.len() > ACCESS_TOKEN_BYTES_MAX {
        return Err(Unauthorized::Malformed);
    }
    Ok(token)
}
