//! WebSockets: the upgrade, and whose they are. What is said in them is another edge's, which takes them by its [`SocketDoor`].

use std::fmt;
use std::net::{IpAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use axum::Extension;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use hypogeum_protocol::link::SessionTicket;
use hypogeum_protocol::{CharacterId, SessionId};
use rustls::ServerConnection;
use tokio_rustls::server::TlsStream;

use crate::caller::{Caller, prove_to_play};
use crate::characters::name_of;
use crate::connect::draw_session;
use crate::cors::allowed_page;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::proxies::Origin;
use crate::store::GatewayStore;

/// What RFC 6455 lets the key be hashed with.
const ACCEPT_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// The version of the WebSocket protocol.
pub(crate) const SOCKET_VERSION: HeaderValue = HeaderValue::from_static("13");
/// Bytes of a key.
const KEY_BYTES: usize = 16;

/// An edge that takes WebSockets.
pub trait SocketDoor: Send + Sync {
    /// The subprotocols that it speaks; a client that names none gets the first.
    fn subprotocols(&self) -> &[&'static str];

    /// A place for one more socket of this address that speaks this; `None` where there is no room. It is free again when it is dropped.
    fn place_for(&self, address: IpAddr, subprotocol: &'static str) -> Option<SocketPlace>;
}

/// A place for one socket, which takes it.
pub type SocketPlace = Box<dyn FnOnce(UpgradedSocket) + Send>;

/// A connection that speaks HTTP no more.
#[derive(Debug)]
pub struct UpgradedSocket {
    /// The connection.
    pub stream: TcpStream,
    /// The TLS session that its bytes belong to, if it came by TLS: the edge goes on with it.
    pub tls: Option<Box<ServerConnection>>,
    /// What has been read of it after its request, decrypted.
    pub received: Vec<u8>,
    /// What was agreed on.
    pub subprotocol: &'static str,
    /// Whether this machine asked for itself.
    pub is_local: bool,
    /// Says whose it is.
    pub check: SocketCheck,
}

/// Who has an access token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocketPlayer {
    /// Names the session among all that the server has.
    pub session: SessionId,
    /// Who it is.
    pub ticket: SessionTicket,
    /// How long the token is good for.
    pub expires_in: Duration,
}

/// Where an answer goes.
pub type SocketAnswer = Box<dyn FnOnce(Result<SocketPlayer, ApiError>) + Send>;

/// What somebody wants who shows an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketWish {
    /// To come in: as this character, which has to be theirs, or under the account's own name.
    ComeIn(Option<CharacterId>),
    /// To stay beyond the end of the token by which they came in. Also a server that drains grants that.
    Stay,
}

/// Says who has an access token, for one socket.
#[derive(Clone)]
pub struct SocketCheck(Arc<dyn Fn(String, SocketWish, SocketAnswer) + Send + Sync>);

impl SocketCheck {
    /// Asks who has this token, and whether they get what they want. It returns at once; the answer comes from another thread.
    pub fn ask(&self, access_token: String, wish: SocketWish, answer: SocketAnswer) {
        (self.0)(access_token, wish, answer);
    }
}

impl fmt::Debug for SocketCheck {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SocketCheck").finish_non_exhaustive()
    }
}

/// Makes a WebSocket of a connection.
pub(crate) async fn upgrade<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(origin): Extension<Origin>,
    mut request: Request,
) -> Result<Response, ApiError> {
    let door = gateway.sockets.as_ref().ok_or(ApiError::NotFound)?;
    let headers = request.headers();
    let accept = accept_key(headers)?;
    if !is_origin_allowed(headers, &gateway.config.origins) {
        return Err(ApiError::OriginRefused);
    }
    let (subprotocol, is_named) = subprotocol(headers, door.subprotocols())?;
    let place = door.place_for(origin.address, subprotocol).ok_or(ApiError::Busy)?;
    let upgrade = request.extensions_mut().remove::<OnUpgrade>().ok_or(ApiError::UpgradeRequired)?;
    let check = check(Arc::clone(&gateway), origin);
    tokio::spawn(async move {
        let handed = upgrade.await.map_err(|error| error.to_string()).and_then(hand_over);
        match handed {
            Ok((stream, tls, received)) => {
                let is_local = origin.is_local;
                place(UpgradedSocket { stream, tls, received, subprotocol, is_local, check });
            }
            Err(error) => tracing::debug!(%error, "a connection did not become a WebSocket"),
        }
    });
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    if is_named {
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol));
    }
    Ok(response)
}

/// A connection: its socket, its TLS session, and what was read of it already.
type Handed = (TcpStream, Option<Box<ServerConnection>>, Vec<u8>);

/// Takes a connection out of HTTP.
fn hand_over(upgraded: Upgraded) -> Result<Handed, String> {
    let (stream, tls, received) = match upgraded.downcast::<TokioIo<tokio::net::TcpStream>>() {
        Ok(parts) => (parts.io.into_inner(), None, parts.read_buf),
        Err(upgraded) => {
            let parts = upgraded.downcast::<TokioIo<TlsStream<tokio::net::TcpStream>>>();
            let parts = parts.map_err(|_| "it is neither TCP nor TLS".to_owned())?;
            let (stream, session) = parts.io.into_inner().into_inner();
            (stream, Some(Box::new(session)), parts.read_buf)
        }
    };
    Ok((stream.into_std().map_err(|error| error.to_string())?, tls, received.to_vec()))
}

/// What is asked of whoever holds a token: as for a connect token.
fn check<S: GatewayStore>(gateway: Arc<Gateway<S>>, origin: Origin) -> SocketCheck {
    let runtime = tokio::runtime::Handle::current();
    SocketCheck(Arc::new(move |token, wish, answer| {
        let gateway = Arc::clone(&gateway);
        runtime.spawn(async move { answer(player(&gateway, origin, &token, wish).await) });
    }))
}

pub(crate) async fn player<S: GatewayStore>(
    gateway: &Gateway<S>,
    origin: Origin,
    token: &str,
    wish: SocketWish,
) -> Result<SocketPlayer, ApiError> {
    let character = match wish {
        SocketWish::ComeIn(_) if !gateway.admission.is_open() => return Err(ApiError::Draining),
        SocketWish::ComeIn(character) => character,
        SocketWish::Stay => None,
    };
    let (Caller { account, name, .. }, expires_s) = prove_to_play(gateway, origin, token).await?;
    let name = match character {
        Some(id) => name_of(&gateway.store, account, id).await?,
        None => name,
    };
    let expires_in = Duration::from_secs(expires_s.saturating_sub(Gateway::<S>::now_s()?));
    let session = draw_session();
    tracing::debug!(%account, %session, ?wish, "the token of a WebSocket is good");
    Ok(SocketPlayer { session, ticket: SessionTicket { account, name, character }, expires_in })
}

/// What proves to the client that its request was understood.
fn accept_key(headers: &HeaderMap) -> Result<HeaderValue, ApiError> {
    let lists = |name: HeaderName, word: &str| words(headers, &name).any(|found| found.eq_ignore_ascii_case(word));
    let is_upgrade = lists(header::CONNECTION, "upgrade") && lists(header::UPGRADE, "websocket");
    let is_version = headers.get(header::SEC_WEBSOCKET_VERSION) == Some(&SOCKET_VERSION);
    let key = headers.get(header::SEC_WEBSOCKET_KEY).and_then(|key| key.to_str().ok());
    let key = key.filter(|key| STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == KEY_BYTES));
    let Some(key) = key.filter(|_| is_upgrade && is_version) else { return Err(ApiError::UpgradeRequired) };
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{ACCEPT_GUID}").as_bytes());
    HeaderValue::from_str(&STANDARD.encode(hash)).map_err(|_| ApiError::Unavailable)
}

/// The words of a header that lists some.
fn words<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).map(str::trim).filter(|word| !word.is_empty())
}

/// The first of the client's subprotocols that the edge speaks, and whether the client named it.
fn subprotocol(headers: &HeaderMap, spoken: &[&'static str]) -> Result<(&'static str, bool), ApiError> {
    let mut offered = words(headers, &header::SEC_WEBSOCKET_PROTOCOL).peekable();
    if offered.peek().is_none() {
        return spoken.first().map(|first| (*first, false)).ok_or(ApiError::NotFound);
    }
    let known = offered.find_map(|offer| spoken.iter().find(|known| **known == offer));
    known.map(|known| (*known, true)).ok_or_else(|| ApiError::UnknownSubprotocol(spoken.to_vec()))
}

/// Whether the page that asks may: it is of this very host, or one of those that are allowed. What is no browser says nothing of a
/// page.
fn is_origin_allowed(headers: &HeaderMap, allowed: &[String]) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let (origin, more) = (origins.next(), origins.next());
    let Some(origin) = origin else { return true };
    let Some(origin) = origin.to_str().ok().filter(|_| more.is_none()) else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").map(|(_, host)| host);
    let is_own = own.zip(host).is_some_and(|(own, host)| own.eq_ignore_ascii_case(host));
    is_own || allowed_page(headers, allowed).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(HeaderName, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect()
    }

    #[test]
    fn the_key_of_the_standard_is_accepted_as_the_standard_says() {
        let good = [
            (header::CONNECTION, "keep-alive, Upgrade"),
            (header::UPGRADE, "WebSocket"),
            (header::SEC_WEBSOCKET_VERSION, "13"),
            (header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        assert_eq!(accept_key(&headers(&good)).unwrap(), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        for (at, value) in [(0, "close"), (1, "h2c"), (2, "8"), (3, "dGhlIHNhbXBsZQ=="), (3, "?")] {
            let mut wrong = good.clone();
            wrong[at].1 = value;
            assert_eq!(accept_key(&headers(&wrong)), Err(ApiError::UpgradeRequired), "{value} is no upgrade");
        }
    }

    #[test]
    fn the_first_subprotocol_that_is_spoken_counts() {
        let choose = |offers: &str| subprotocol(&headers(&[(header::SEC_WEBSOCKET_PROTOCOL, offers)]), &["a", "b"]);
        assert_eq!(choose("x, b,a"), Ok(("b", true)), "in the order of the client");
        assert_eq!(subprotocol(&HeaderMap::new(), &["a", "b"]), Ok(("a", false)), "none named: the first");
        assert_eq!(choose("x"), Err(ApiError::UnknownSubprotocol(vec!["a", "b"])), "none of ours");
    }

    #[test]
    fn a_page_of_another_host_needs_leave() {
        let asks = |origin: &str, allowed: &[&str]| {
            let allowed: Vec<String> = allowed.iter().map(|it| (*it).to_owned()).collect();
            is_origin_allowed(&headers(&[(header::HOST, "play.example.org:27580"), (header::ORIGIN, origin)]), &allowed)
        };
        assert!(is_origin_allowed(&headers(&[(header::HOST, "x")]), &[]), "no browser");
        assert!(asks("http://play.example.org:27580", &[]), "its own page");
        assert!(!asks("https://play.example.org", &[]), "another port is another host");
        assert!(asks("https://Example.org", &["https://example.org"]), "an allowed one");
        for wrong in ["https://example.org.evil", "null", "https://", "file://"] {
            assert!(!asks(wrong, &["https://example.org"]), "{wrong}");
        }
        let two = headers(&[(header::ORIGIN, "https://example.org"), (header::ORIGIN, "https://example.org")]);
        let mut both = two.clone();
        both.append(header::ORIGIN, HeaderValue::from_static("https://evil.example"));
        assert!(!is_origin_allowed(&both, &["https://example.org".to_owned()]), "two origins are none");
    }
}
