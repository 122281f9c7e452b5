//! Connect tokens: the way from a login to the game's UDP socket, and back to it after the server was gone.

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hypogeum_protocol::CharacterId;
use serde::Deserialize;
use serde_json::json;

use super::{Api, ApiError, Login};

/// Bytes of a netcode connect token.
pub const CONNECT_TOKEN_BYTES: usize = 2_048;
/// Least and most time between two asks of a server that does not answer, or says when.
const WAIT_MIN: Duration = Duration::from_millis(100);
const WAIT_MAX: Duration = Duration::from_secs(5);

/// Where to connect, and the token that opens the door there. Good once, and not for long.
#[derive(Clone)]
pub struct Connection {
    /// The netcode connect token. A secret: it holds the keys of the connection.
    pub token: Vec<u8>,
    /// The server's UDP address, as the token also names it.
    pub server_address: SocketAddr,
    /// The session this connection will be.
    pub session_id: u64,
    /// The protocol the server prefers.
    pub protocol_version: u16,
    /// How long the token is good for, from when it was issued.
    pub expires_in_s: u64,
}

impl fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connection")
            .field("server_address", &self.server_address)
            .field("session_id", &self.session_id)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct ConnectAnswer {
    connect_token: String,
    server_address: SocketAddr,
    session_id: u64,
    protocol_version: u16,
    expires_in_s: u64,
}

impl Api {
    /// Asks for a connect token, to play under the account's own name.
    ///
    /// # Errors
    /// As [`Api::register`], with 401 where the login has expired or was closed and 503 while the server drains.
    pub fn connect_token(&self, login: &Login) -> Result<Connection, ApiError> {
        self.connect_token_as(login, None)
    }

    /// The same, to play as one of the account's characters.
    ///
    /// # Errors
    /// As [`Api::connect_token`], with 404 where the account has no such character.
    pub fn connect_token_as(&self, login: &Login, character: Option<CharacterId>) -> Result<Connection, ApiError> {
        let path = "/v1/connect";
        let body = character.map_or_else(|| json!({}), |CharacterId(id)| json!({ "character_id": id }));
        let answer: ConnectAnswer = self.post(path, Some(login), &body)?;
        let token = STANDARD.decode(&answer.connect_token).map_err(|error| self.unreadable(path, error))?;
        if token.len() != CONNECT_TOKEN_BYTES {
            let cause = format!("the connect token has {} bytes, not {CONNECT_TOKEN_BYTES}", token.len());
            return Err(self.unreadable(path, cause));
        }
        let ConnectAnswer { server_address, session_id, protocol_version, expires_in_s, .. } = answer;
        Ok(Connection { token, server_address, session_id, protocol_version, expires_in_s })
    }

    /// Comes back with what `login` holds after the connection broke, or the whole server did: asks for a connect token
    /// until there is one, for at most `patience` and one answer more, while the server is away or says to try later.
    /// Where the access token is not good any more the login is refreshed, and changed to what was answered: keep it.
    /// Give the connection to [`crate::Client::resume`] by a wire of its own.
    ///
    /// # Errors
    /// As [`Api::connect_token_as`] and [`Api::refresh`], the last one there was. A 401 means that nothing `login` holds
    /// is good any more.
    pub fn come_back(
        &self,
        login: &mut Login,
        character: Option<CharacterId>,
        patience: Duration,
    ) -> Result<Connection, ApiError> {
        patiently(patience, || self.connect_or_refresh(login, character))
    }

    fn connect_or_refresh(&self, login: &mut Login, character: Option<CharacterId>) -> Result<Connection, ApiError> {
        match self.connect_token_as(login, character) {
            // Expired; or signed by a server that forgot its secret when it ended, whose store has forgotten nothing.
            Err(error) if matches!(error.code(), "token_expired" | "unauthorized") && login.refresh_token.is_some() => {
                *login = self.refresh(login)?;
                self.connect_token_as(login, character)
            }
            outcome => outcome,
        }
    }
}

/// Asks again and again, for at most `patience` and one answer more, while the server is away or says to try later.
pub(crate) fn patiently<T>(patience: Duration, mut ask: impl FnMut() -> Result<T, ApiError>) -> Result<T, ApiError> {
    let began = Instant::now();
    loop {
        let error = match ask() {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        let left = patience.saturating_sub(began.elapsed());
        if left.is_zero() || !error.is_passing() {
            return Err(error);
        }
        std::thread::sleep(error.retry_after().unwrap_or(WAIT_MIN).clamp(WAIT_MIN, WAIT_MAX).min(left));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answering, answering_all, login};
    use super::*;

    fn token_answer(token: &[u8]) -> String {
        let connect_token = STANDARD.encode(token);
        json!({ "connect_token": connect_token, "server_address": "127.0.0.1:27500", "session_id": 9,
                "protocol_version": 1, "expires_in_s": 30 })
        .to_string()
    }

    fn refusal(code: &str, retry_after_ms: Option<u64>) -> String {
        json!({ "code": code, "message": "no", "retry_after_ms": retry_after_ms }).to_string()
    }

    #[test]
    fn a_connect_token_is_decoded_and_its_length_checked() {
        let (api, asked) = answering("200 OK", token_answer(&[7; CONNECT_TOKEN_BYTES]));
        let connection = api.connect_token(&login()).expect("a good answer");
        assert_eq!((connection.token.len(), connection.session_id), (CONNECT_TOKEN_BYTES, 9), "as the server said");
        assert!(asked.join().expect("one request").contains("Bearer secret"), "the login is shown");
        let (api, _) = answering("200 OK", token_answer(&[7; 100]));
        assert!(matches!(api.connect_token(&login()), Err(ApiError::Unreadable { .. })), "a short token is none");
    }

    #[test]
    fn who_plays_a_character_names_it() {
        let (api, asked) = answering("200 OK", token_answer(&[7; CONNECT_TOKEN_BYTES]));
        api.connect_token_as(&login(), Some(CharacterId(5))).expect("a good answer");
        let asked = asked.join().expect("one request");
        assert!(asked.ends_with(r#"{"character_id":5}"#), "the character is named: {asked}");
    }

    #[test]
    fn who_comes_back_waits_for_the_server_and_refreshes_an_old_login() {
        let next = r#"{"access_token":"new","expires_in_s":900,"account_id":1,"refresh_token":"next"}"#;
        let (api, asked) = answering_all(vec![
            ("503 Service Unavailable", refusal("draining", Some(1))),
            ("401 Unauthorized", refusal("token_expired", None)),
            ("200 OK", next.to_owned()),
            ("503 Service Unavailable", refusal("unavailable", Some(1))),
            ("200 OK", token_answer(&[7; CONNECT_TOKEN_BYTES])),
        ]);
        let mut login = login();
        let connection = api.come_back(&mut login, None, Duration::from_secs(60)).expect("it lets in at last");
        assert_eq!(connection.session_id, 9, "as the server said");
        assert_eq!(login.refresh_token.as_deref(), Some("next"), "the login is the new one");
        let asked = asked.join().expect("five requests");
        assert_eq!(asked.matches("POST /v1/refresh ").count(), 1, "it was refreshed once: {asked}");
        assert!(asked.matches("Bearer new").count() == 2, "and the new access token shown: {asked}");
    }

    #[test]
    fn who_holds_nothing_good_is_told_at_once() {
        let (api, _) = answering_all(vec![
            ("401 Unauthorized", refusal("unauthorized", None)),
            ("401 Unauthorized", refusal("refresh_refused", None)),
        ]);
        let error = api.come_back(&mut login(), None, Duration::from_secs(3_600)).expect_err("nothing is good");
        assert_eq!(error.code(), "refresh_refused", "waiting would not help");
        let (api, _) = answering("401 Unauthorized", refusal("login_closed", None));
        let error = api.come_back(&mut login(), None, Duration::from_secs(3_600)).expect_err("it was closed");
        assert_eq!(error.code(), "login_closed", "nor would refreshing");
    }
}
