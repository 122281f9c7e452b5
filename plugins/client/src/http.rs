//! What a client asks over HTTP before it connects: an account, a login or a guest's place, a connect token.

use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// Bytes of a netcode connect token.
pub const CONNECT_TOKEN_BYTES: usize = 2_048;
/// Longest wait for any one answer. A login hashes a password, and a busy server queues those.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest wait for the TCP connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer read; the largest honest one is a connect token in base64.
const ANSWER_BYTES_MAX: u64 = 64 * 1_024;
/// Connections kept open between asks: whoever asks from more threads at once opens new ones.
const IDLE_CONNECTIONS_MAX: usize = 64;

/// Why an ask over HTTP did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApiError {
    /// The URL asks for TLS.
    #[error("{0} asks for https, and this client speaks plain http only: put a TLS proxy beside it")]
    HttpsUnsupported(String),
    /// The URL is none.
    #[error("{0} is no server URL: write http://HOST:PORT")]
    NotAUrl(String),
    /// No answer came.
    #[error("no answer from {url}: {cause}")]
    Unreachable {
        /// What was asked.
        url: String,
        /// Why there is none.
        cause: String,
    },
    /// The server said no.
    #[error("{code} ({status}): {message}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// What went wrong, for programs.
        code: String,
        /// What went wrong, for people.
        message: String,
        /// When trying again may help.
        retry_after_ms: Option<u64>,
    },
    /// The server said yes in words this client does not know.
    #[error("the answer from {url} is not understood: {cause}")]
    Unreadable {
        /// What was asked.
        url: String,
        /// What is wrong with the answer.
        cause: String,
    },
}

impl ApiError {
    /// The HTTP status of a refusal.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// The code of a refusal, or a word of ours for the rest.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::HttpsUnsupported(_) | Self::NotAUrl(_) => "bad_url",
            Self::Unreachable { .. } => "unreachable",
            Self::Refused { code, .. } => code,
            Self::Unreadable { .. } => "unreadable",
        }
    }

    /// When the server thinks trying again may help.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after_ms: Some(ms), .. } => Some(Duration::from_millis(*ms)),
            _ => None,
        }
    }
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Registered {
    /// Its number.
    pub account_id: u64,
    /// Its name.
    pub name: String,
}

/// A login: the right to ask for connect tokens.
#[derive(Clone, Deserialize)]
pub struct Login {
    /// Shown with every further ask. A secret.
    pub access_token: String,
    /// How long it is good for, from when it was issued.
    pub expires_in_s: u64,
    /// Whose it is.
    pub account_id: u64,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The token would let any reader of a log play as this account.
        formatter.debug_struct("Login").field("account_id", &self.account_id).finish_non_exhaustive()
    }
}

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

impl std::fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

#[derive(Deserialize)]
struct RefusalAnswer {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    retry_after_ms: Option<u64>,
}

/// A server's HTTP interface. Calls block for at most twenty seconds; clones share connections.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    agent: ureq::Agent,
}

impl Api {
    /// The interface at `server_url`, such as `http://127.0.0.1:27580`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`ApiError::HttpsUnsupported`] and [`ApiError::NotAUrl`].
    pub fn new(server_url: &str) -> Result<Self, ApiError> {
        let base = server_url.trim().trim_end_matches('/');
        let lower = base.to_ascii_lowercase();
        if lower.starts_with("https://") {
            return Err(ApiError::HttpsUnsupported(base.to_owned()));
        }
        match lower.strip_prefix("http://") {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {}
            _ => return Err(ApiError::NotAUrl(server_url.to_owned())),
        }
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(IDLE_CONNECTIONS_MAX)
            .max_idle_connections_per_host(IDLE_CONNECTIONS_MAX)
            // The game's datagrams go straight to the server, so this does too.
            .proxy(None)
            .build();
        Ok(Self { base: base.to_owned(), agent: config.into() })
    }

    /// Opens an account.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 409 where the name is taken, 429 and 503 where trying later may help; and no or
    /// an unreadable answer.
    pub fn register(&self, name: &str, password: &str) -> Result<Registered, ApiError> {
        self.post("/v1/accounts", None, &json!({ "name": name, "password": password }))
    }

    /// Logs in.
    ///
    /// # Errors
    /// As [`Api::register`], with 401 where name and password do not belong together.
    pub fn login(&self, name: &str, password: &str) -> Result<Login, ApiError> {
        self.post("/v1/login", None, &json!({ "name": name, "password": password }))
    }

    /// Comes in as a guest: as the account of that name without a password, a new one if the name is free.
    ///
    /// # Errors
    /// As [`Api::register`], with 409 where the name has a password, 403 where the server takes no guests from here, and
    /// 404 where it knows none.
    pub fn guest(&self, name: &str) -> Result<Login, ApiError> {
        self.post("/v1/guests", None, &json!({ "name": name }))
    }

    /// Asks for a connect token.
    ///
    /// # Errors
    /// As [`Api::register`], with 401 where the login has expired and 503 while the server drains.
    pub fn connect_token(&self, login: &Login) -> Result<Connection, ApiError> {
        let path = "/v1/connect";
        let answer: ConnectAnswer = self.post(path, Some(&login.access_token), &json!({}))?;
        let token = STANDARD.decode(&answer.connect_token).map_err(|error| self.unreadable(path, error))?;
        if token.len() != CONNECT_TOKEN_BYTES {
            let cause = format!("the connect token has {} bytes, not {CONNECT_TOKEN_BYTES}", token.len());
            return Err(self.unreadable(path, cause));
        }
        let ConnectAnswer { server_address, session_id, protocol_version, expires_in_s, .. } = answer;
        Ok(Connection { token, server_address, session_id, protocol_version, expires_in_s })
    }

    fn unreadable(&self, path: &str, cause: impl ToString) -> ApiError {
        ApiError::Unreadable { url: format!("{}{path}", self.base), cause: cause.to_string() }
    }

    fn post<T: DeserializeOwned>(&self, path: &str, bearer: Option<&str>, body: &Value) -> Result<T, ApiError> {
        let url = format!("{}{path}", self.base);
        let unreachable = |error: ureq::Error| ApiError::Unreachable { url: url.clone(), cause: error.to_string() };
        let mut request = self.agent.post(&url);
        if let Some(token) = bearer {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut response = request.send_json(body).map_err(unreachable)?;
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().map_err(unreachable)?;
        if (200..300).contains(&status) {
            return serde_json::from_slice(&bytes).map_err(|error| self.unreadable(path, error));
        }
        let refusal = serde_json::from_slice(&bytes).unwrap_or_else(|_| RefusalAnswer {
            code: format!("http_{status}"),
            message: String::from_utf8_lossy(&bytes).chars().take(200).collect(),
            retry_after_ms: None,
        });
        let RefusalAnswer { code, message, retry_after_ms } = refusal;
        Err(ApiError::Refused { status, code, message, retry_after_ms })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::thread::JoinHandle;

    use super::*;

    /// Answers exactly one request with `status` and `body`, and hands back what was asked.
    fn server(status: &'static str, body: String) -> (Api, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let api = Api::new(&format!("http://{}", listener.local_addr().expect("bound"))).expect("a plain URL");
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("one client");
            let mut request = Vec::new();
            let mut chunk = [0; 4_096];
            // Every body asked for here is one JSON object.
            while !request.ends_with(b"}") {
                let read = stream.read(&mut chunk).expect("the request");
                assert!(read > 0, "the request ends before its body does");
                request.extend_from_slice(&chunk[..read]);
            }
            let length = body.len();
            write!(stream, "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
                .expect("the answer is sent");
            String::from_utf8_lossy(&request).into_owned()
        });
        (api, asked)
    }

    #[test]
    fn a_url_with_tls_or_without_sense_is_refused_at_once() {
        let https = Api::new("https://play.example:443").expect_err("no TLS here");
        assert!(matches!(https, ApiError::HttpsUnsupported(_)), "the error says why: {https}");
        for url in ["", "localhost:1", "ftp://x", "http://", "http://x/y"] {
            assert!(matches!(Api::new(url), Err(ApiError::NotAUrl(_))), "`{url}` is no server URL");
        }
    }

    #[test]
    fn a_refusal_keeps_status_code_and_retry_hint() {
        let body = r#"{"code":"name_taken","message":"Ada is taken","retry_after_ms":1500}"#;
        let (api, asked) = server("409 Conflict", body.into());
        let error = api.register("Ada", "correct horse").expect_err("the name is taken");
        assert_eq!(error.status(), Some(409), "the status is kept");
        assert_eq!(error.code(), "name_taken", "the code is kept");
        assert_eq!(error.retry_after(), Some(Duration::from_millis(1_500)), "the hint is kept");
        let asked = asked.join().expect("the server saw one request");
        assert!(asked.starts_with("POST /v1/accounts "), "the account was asked for: {asked}");
    }

    #[test]
    fn a_refusal_that_is_no_json_is_still_a_refusal() {
        let (api, _) = server("502 Bad Gateway", "<html>no</html>".into());
        let error = api.login("Ada", "correct horse").expect_err("the proxy says no");
        assert_eq!((error.status(), error.code()), (Some(502), "http_502"), "the status speaks for itself");
    }

    #[test]
    fn a_guest_shows_a_name_and_nothing_else() {
        let body = r#"{"access_token":"secret","token_type":"Bearer","expires_in_s":900,"account_id":7}"#;
        let (api, asked) = server("200 OK", body.into());
        let login = api.guest("Bot-1").expect("guests are welcome");
        assert_eq!((login.account_id, login.access_token.as_str()), (7, "secret"), "it is a login like any other");
        let asked = asked.join().expect("the server saw one request");
        assert!(
            asked.starts_with("POST /v1/guests ") && asked.contains("Bot-1"),
            "a guest's place was asked for: {asked}"
        );
        assert!(!asked.contains("password"), "by name alone: {asked}");
    }

    #[test]
    fn a_connect_token_is_decoded_and_its_length_checked() {
        let login = Login { access_token: "secret".into(), expires_in_s: 60, account_id: 1 };
        let answer = |token: &[u8]| {
            let connect_token = STANDARD.encode(token);
            json!({ "connect_token": connect_token, "server_address": "127.0.0.1:27500", "session_id": 9,
                    "protocol_version": 1, "expires_in_s": 30 })
            .to_string()
        };
        let (api, asked) = server("200 OK", answer(&[7; CONNECT_TOKEN_BYTES]));
        let connection = api.connect_token(&login).expect("a good answer");
        assert_eq!((connection.token.len(), connection.session_id), (CONNECT_TOKEN_BYTES, 9), "as the server said");
        assert!(asked.join().expect("one request").contains("Bearer secret"), "the login is shown");
        let (api, _) = server("200 OK", answer(&[7; 100]));
        assert!(matches!(api.connect_token(&login), Err(ApiError::Unreadable { .. })), "a short token is none");
    }

    #[test]
    fn secrets_do_not_reach_a_debug_print() {
        let login = Login { access_token: "secret".into(), expires_in_s: 60, account_id: 1 };
        assert!(!format!("{login:?}").contains("secret"), "a log line must not let its reader in");
    }
}
