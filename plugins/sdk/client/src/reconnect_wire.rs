//! How a wire whose server is not heard any more is replaced by another of its kind.

use std::net::TcpStream;
use std::time::Duration;

use hypogeum_envelope::CloseCode;
use hypogeum_protocol::CharacterId;

use crate::http::{Api, ApiError, Login, patiently};
use crate::udp::UdpWire;
use crate::web_socket::WebSocketWire;
use crate::wire::Wire;

/// A wire that [`Reconnect`](crate::Reconnect) can replace.
pub trait ReconnectWire: Wire + Send + Sized + 'static {
    /// Silence after which its link counts as lost while a match is on.
    const SILENCE_IN_MATCH_MAX: Duration;
    /// The same elsewhere.
    const SILENCE_ELSEWHERE_MAX: Duration;

    /// Makes another one that plays as `login`, refreshing that where it is not good any more, for at most `patience` and one answer
    /// more while the server is away. It may block. `None` where the system gives no socket just now.
    ///
    /// # Errors
    /// The last one there was: the server does not let this login in, or is away for longer.
    fn come_back(
        api: &Api,
        login: &mut Login,
        character: Option<CharacterId>,
        patience: Duration,
    ) -> Result<Option<Self>, ApiError>;

    /// Whether it ends with its access token, and that soon. Says so once.
    fn wants_token(&mut self) -> bool {
        false
    }

    /// Goes on with the access token of this login, or finds that there is none for now.
    fn take_token(&mut self, _login: Option<&Login>) {}

    /// Whether it has ended with its access token.
    fn has_ended_with_token(&self) -> bool {
        false
    }

    /// Whether its server has closed it and lets the same player in again, now or later.
    fn is_closed_for_now(&self) -> bool {
        false
    }
}

impl ReconnectWire for UdpWire {
    // The slowest server sends five datagrams a second, and losing three of them in a row is rare even where one of ten is lost.
    const SILENCE_IN_MATCH_MAX: Duration = Duration::from_millis(600);
    // A server sends nothing but two keep-alives a second.
    const SILENCE_ELSEWHERE_MAX: Duration = Duration::from_millis(1_600);

    fn come_back(
        api: &Api,
        login: &mut Login,
        character: Option<CharacterId>,
        patience: Duration,
    ) -> Result<Option<Self>, ApiError> {
        let connection = api.come_back(login, character, patience)?;
        Ok(Self::connect(&connection.token).ok())
    }
}

impl ReconnectWire for WebSocketWire<TcpStream> {
    // What is lost comes again, and everything waits for it: a second at times where a link is bad.
    const SILENCE_IN_MATCH_MAX: Duration = Duration::from_secs(3);
    // A server that has nothing else to say pings every 15 s.
    const SILENCE_ELSEWHERE_MAX: Duration = Duration::from_secs(30);

    fn come_back(
        api: &Api,
        login: &mut Login,
        character: Option<CharacterId>,
        patience: Duration,
    ) -> Result<Option<Self>, ApiError> {
        // Its token may have been what ended, and nobody but the socket would say so. A guest has no other.
        let mut is_fresh = login.refresh_token.is_none();
        patiently(patience, || {
            if !is_fresh {
                *login = api.refresh(login)?;
                is_fresh = true;
            }
            let connection = api.socket_connection(login, character)?;
            let url = connection.host.clone();
            Self::connect(connection).map_err(|error| ApiError::Unreachable { url, cause: error.to_string() })
        })
        .map(Some)
    }

    fn wants_token(&mut self) -> bool {
        Self::wants_token(self)
    }

    fn take_token(&mut self, login: Option<&Login>) {
        match login {
            Some(login) => self.renew(login),
            None => self.renew_later(),
        }
    }

    fn has_ended_with_token(&self) -> bool {
        self.is_token_over()
    }

    fn is_closed_for_now(&self) -> bool {
        let codes = [CloseCode::GoingAway, CloseCode::TryLater].map(CloseCode::number);
        self.close_code().is_some_and(|code| codes.contains(&code))
    }
}
