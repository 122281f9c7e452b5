//! What a client asks over HTTP: accounts, logins, connect tokens, characters, trades and the shop, creatures and their games,
//! boards of who is best, friends and blocks, objects of programs, what an account is, has and has played, and the content.

mod characters;
mod connect;
mod content;
mod cosmetics;
mod creatures;
mod economy;
mod entries;
mod error;
mod friends;
mod games;
mod inbox;
mod ladders;
mod leaderboards;
mod logins;
mod progress;
mod rewards;
mod socket_connection;
mod storage;
#[cfg(test)]
mod testing;
mod tickets;
mod trust;

use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::Request;
use ureq::tls::RootCerts;

pub use characters::Character;
pub(crate) use connect::patiently;
pub use connect::{CONNECT_TOKEN_BYTES, Connection};
pub use content::{ContentBlobInfo, ContentManifest};
pub use cosmetics::{Cosmetic, CosmeticBought, Look};
pub use creatures::Creature;
pub use economy::{Bought, Goods, ItemVersion, Price, Stash, StashEntry, Trade, TradeState};
pub use entries::{Entry, NewOpenGame, OpenGame, ShownGame};
pub use error::ApiError;
pub use friends::{Friend, FriendPage, FriendState, FriendWhereabouts};
pub use games::{GameBrief, NewGame};
pub use inbox::{InboxMessage, InboxPage};
pub use ladders::{LadderPlace, LadderStanding};
pub use leaderboards::{
    Leaderboard, LeaderboardEntry, LeaderboardPage, LeaderboardQuery, LeaderboardReward, LeaderboardSeason,
};
pub use logins::{Login, Registered};
pub use progress::{AccountProfile, Inventory, InventoryItem, InventoryPlace, MatchPage, PlayedMatch};
pub use rewards::{Achievement, DailyClaim, DailyTable, Reward, SeasonReward};
pub use socket_connection::{SocketConnection, SocketTls};
pub use storage::{ObjectChange, ObjectPage, ObjectReader, ObjectWriter, StorageUsage, StoredObject};
pub use tickets::{Ticket, TicketQuery};

/// Longest wait for any one answer. A login hashes a password, and a busy server queues those.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(20);
/// Longest wait for the TCP connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Largest answer read; the largest honest one is a list of trades.
const ANSWER_BYTES_MAX: u64 = 1_024 * 1_024;
/// Connections kept open between asks: anyone who asks from more threads at once opens new ones.
const IDLE_CONNECTIONS_MAX: usize = 64;

#[derive(Deserialize)]
struct RefusalAnswer {
    code: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    retry_after_ms: Option<u64>,
    #[serde(default)]
    found: Option<i64>,
}

/// A name as a part of a path, or as a value of a query: what would end it there is escaped.
fn escaped(name: &str) -> String {
    let written = name.bytes().map(|byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    written.collect::<Vec<_>>().concat()
}

/// A server's HTTP interface. Calls block for at most twenty seconds; clones share connections.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    agent: ureq::Agent,
    /// How WebSockets speak TLS, where the server is asked by `https`.
    socket_tls: Option<Arc<ClientConfig>>,
}

impl Api {
    /// Where it is asked: the server's URL without a stroke at its end.
    pub(crate) fn url(&self) -> &str {
        &self.base
    }

    /// The interface at `server_url`, such as `http://127.0.0.1:27580` or `https://play.example.org`. Nothing is sent yet. By `https` the
    /// server has to prove who it is, by a certificate that browsers take.
    ///
    /// # Errors
    /// [`ApiError::NotAUrl`].
    pub fn new(server_url: &str) -> Result<Self, ApiError> {
        Self::with_roots(server_url, RootCerts::WebPki)
    }

    /// The same, where these certificates (PEM) vouch for the server, and no others: over HTTP and over WebSockets.
    ///
    /// # Errors
    /// [`ApiError::NotAUrl`] and [`ApiError::NoCertificate`].
    pub fn trusting(server_url: &str, certificates_pem: &[u8]) -> Result<Self, ApiError> {
        Self::with_roots(server_url, trust::roots(certificates_pem).map_err(ApiError::NoCertificate)?)
    }

    fn with_roots(server_url: &str, roots: RootCerts) -> Result<Self, ApiError> {
        let base = server_url.trim().trim_end_matches('/');
        let lower = base.to_ascii_lowercase();
        match lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://")) {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@', ' ']) => {}
            _ => return Err(ApiError::NotAUrl(server_url.to_owned())),
        }
        let socket_tls = match lower.starts_with("https://") {
            true => Some(trust::socket_tls(&roots).map_err(ApiError::NoCertificate)?),
            false => None,
        };
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(ANSWER_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_idle_connections(IDLE_CONNECTIONS_MAX)
            .max_idle_connections_per_host(IDLE_CONNECTIONS_MAX)
            // The game's datagrams go straight to the server, so this does too.
            .proxy(None)
            .tls_config(trust::tls(roots))
            .build();
        Ok(Self { base: base.to_owned(), agent: config.into(), socket_tls })
    }

    fn unreadable(&self, path: &str, cause: impl ToString) -> ApiError {
        ApiError::Unreadable { url: format!("{}{path}", self.base), cause: cause.to_string() }
    }

    fn get<T: DeserializeOwned>(&self, path: &str, login: &Login) -> Result<T, ApiError> {
        self.ask("GET", path, Some(login), None)
    }

    fn delete<T: DeserializeOwned>(&self, path: &str, login: &Login) -> Result<T, ApiError> {
        self.ask("DELETE", path, Some(login), None)
    }

    fn post<T: DeserializeOwned>(&self, path: &str, login: Option<&Login>, body: &Value) -> Result<T, ApiError> {
        self.ask("POST", path, login, Some(body))
    }

    fn ask<T: DeserializeOwned>(
        &self,
        method: &str,
        path: &str,
        login: Option<&Login>,
        body: Option<&Value>,
    ) -> Result<T, ApiError> {
        let bytes = self.ask_bytes(method, path, login, body)?;
        serde_json::from_slice(&bytes).map_err(|error| self.unreadable(path, error))
    }

    fn ask_bytes(
        &self,
        method: &str,
        path: &str,
        login: Option<&Login>,
        body: Option<&Value>,
    ) -> Result<Vec<u8>, ApiError> {
        let url = format!("{}{path}", self.base);
        let unreachable = |error: ureq::Error| ApiError::Unreachable { url: url.clone(), cause: error.to_string() };
        let mut request = Request::builder().method(method).uri(&url);
        if let Some(login) = login {
            request = request.header("authorization", format!("Bearer {}", login.access_token));
        }
        let sent = match body {
            Some(body) => request
                .header("content-type", "application/json")
                .body(body.to_string())
                .map_err(ureq::Error::from)
                .and_then(|request| self.agent.run(request)),
            None => request.body(()).map_err(ureq::Error::from).and_then(|request| self.agent.run(request)),
        };
        let mut response = sent.map_err(unreachable)?;
        let status = response.status().as_u16();
        let bytes = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec().map_err(unreachable)?;
        if (200..300).contains(&status) {
            return Ok(bytes);
        }
        let refusal = serde_json::from_slice(&bytes).unwrap_or_else(|_| RefusalAnswer {
            code: format!("http_{status}"),
            message: String::from_utf8_lossy(&bytes).chars().take(200).collect(),
            retry_after_ms: None,
            found: None,
        });
        let RefusalAnswer { code, message, retry_after_ms, found } = refusal;
        Err(ApiError::Refused { status, code, message, retry_after_ms, found })
    }
}

#[cfg(test)]
mod tests {
    use super::testing::answering;
    use super::*;

    #[test]
    fn a_url_without_sense_and_trust_in_nobody_are_refused_at_once() {
        assert!(Api::new("https://play.example:443").is_ok(), "a server with TLS");
        assert!(matches!(Api::trusting("https://x", b"nobody"), Err(ApiError::NoCertificate(_))), "no certificate");
        for url in ["", "localhost:1", "ftp://x", "http://", "http://x/y", "https://", "https://a@x"] {
            assert!(matches!(Api::new(url), Err(ApiError::NotAUrl(_))), "`{url}` is no server URL");
        }
    }

    #[test]
    fn a_name_stays_one_part_of_a_path() {
        assert_eq!(escaped("Slot-1.json_~"), "Slot-1.json_~", "nothing in it ends a part");
        assert_eq!(escaped("a/b?c#d&e=%\r\n ä"), "a%2Fb%3Fc%23d%26e%3D%25%0D%0A%20%C3%A4", "all of it is the name");
    }

    #[test]
    fn a_refusal_keeps_status_code_and_retry_hint() {
        let body = r#"{"code":"name_taken","message":"Ada is taken","retry_after_ms":1500}"#;
        let (api, asked) = answering("409 Conflict", body);
        let error = api.register("Ada", "correct horse").expect_err("the name is taken");
        assert_eq!(error.status(), Some(409), "the status is kept");
        assert_eq!(error.code(), "name_taken", "the code is kept");
        assert_eq!(error.retry_after(), Some(Duration::from_millis(1_500)), "the hint is kept");
        assert!(error.is_passing(), "so trying again may help");
        let asked = asked.join().expect("the server saw one request");
        assert!(asked.starts_with("POST /v1/accounts "), "the account was asked for: {asked}");
    }

    #[test]
    fn a_refusal_that_is_no_json_is_still_a_refusal() {
        let (api, _) = answering("502 Bad Gateway", "<html>no</html>");
        let error = api.login("Ada", "correct horse").expect_err("the proxy says no");
        assert_eq!((error.status(), error.code()), (Some(502), "http_502"), "the status speaks for itself");
    }
}
