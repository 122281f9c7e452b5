//! What lets one bot in.

use hypogeum_client::{Api, ApiError, Connection, Login, SocketConnection};
use hypogeum_protocol::CharacterId;

use crate::sockets::To;

/// What lets one bot in, and where.
#[derive(Debug)]
pub(crate) enum Entrance {
    Udp(Connection),
    WebSocket(SocketConnection),
}

impl Entrance {
    /// The one of a login: a connect token, or the login itself.
    pub(crate) fn of(
        api: &Api,
        login: &Login,
        character: Option<CharacterId>,
        is_web_socket: bool,
    ) -> Result<Self, ApiError> {
        match is_web_socket {
            true => api.socket_connection(login, character).map(Self::WebSocket),
            false => api.connect_token_as(login, character).map(Self::Udp),
        }
    }

    /// Where it leads.
    pub(crate) const fn to(&self) -> To {
        match self {
            Self::Udp(connection) => To::Udp(connection.server_address),
            Self::WebSocket(connection) => To::WebSocket(connection.address),
        }
    }
}
