//! Handing out connect tokens: the way from HTTP to the game's UDP socket.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hypogeum_protocol::limits::PROTOCOL_VERSION;
use hypogeum_protocol::link::SessionTicket;
use hypogeum_protocol::{CharacterId, SessionId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{OptionalJsonBody, RequestBody};
use crate::caller::Caller;
use crate::characters::name_of;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::store::GatewayStore;

/// Bytes of a netcode connect token.
pub const CONNECT_TOKEN_BYTES: usize = 2_048;
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

/// A name for one more session.
pub(crate) fn draw_session() -> SessionId {
    SessionId(rand::random_range(1..SESSION_ID_END))
}

#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlayAs {
    character_id: Option<u64>,
}

impl RequestBody for PlayAs {
    const SHAPE: &'static str = r#"nothing, or {"character_id"?: number}"#;
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConnectToken)]
pub(crate) struct Connect {
    connect_token: String,
    server_address: String,
    session_id: u64,
    protocol_version: u16,
    expires_in_s: u32,
}

pub(crate) async fn connect<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    OptionalJsonBody(PlayAs { character_id }): OptionalJsonBody<PlayAs>,
) -> Result<Json<Connect>, ApiError> {
    let Caller { account, name, .. } = caller;
    let name = match character_id {
        Some(id) => name_of(&gateway.store, account, CharacterId(id)).await?,
        None => name,
    };
    let session = draw_session();
    let ticket = SessionTicket { account, name, character: character_id.map(CharacterId) };
    let connect_token = STANDARD.encode(gateway.tokens.connect_token(session, &ticket));
    tracing::debug!(%account, %session, "connect token issued");
    Ok(Json(Connect {
        connect_token,
        server_address: gateway.config.game_address.to_string(),
        session_id: session.0,
        protocol_version: PROTOCOL_VERSION,
        expires_in_s: gateway.config.connect_token_s,
    }))
}
