//! The request that makes a WebSocket of an HTTP connection, and its answer.

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use hypogeum_envelope::Codec;
use hypogeum_protocol::base64;
use serde::Deserialize;

/// The longest answer; an honest one is a tenth of that.
const ANSWER_BYTES_MAX: usize = 8 * 1_024;
/// What RFC 6455 adds to the key of the request for that of the answer.
const ACCEPT_GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// What this end speaks.
pub(super) const CODEC: Codec = Codec::MessagePack;

/// A request under way.
#[derive(Debug)]
pub(super) struct Handshake {
    key: String,
    received: Vec<u8>,
}

/// Why there is no WebSocket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NotUpgraded {
    /// The server says no, by this code.
    Refused(String),
    /// This is no answer to the request.
    Nonsense,
}

impl Handshake {
    pub(super) fn new() -> Self {
        Self { key: base64(&rand::random::<[u8; 16]>()), received: Vec::new() }
    }

    pub(super) fn request(&self, host: &str) -> String {
        format!(
            "GET /v1/socket HTTP/1.1\r\nhost: {host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: {}\r\nsec-websocket-protocol: {}\r\n\r\n",
            self.key,
            CODEC.subprotocol()
        )
    }

    /// Takes what has arrived. Once the answer is whole: what follows it.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Option<Vec<u8>>, NotUpgraded> {
        self.received.extend_from_slice(bytes);
        let Some(end) = self.received.windows(4).position(|window| window == b"\r\n\r\n") else {
            return if self.received.len() > ANSWER_BYTES_MAX { Err(NotUpgraded::Nonsense) } else { Ok(None) };
        };
        let (head, rest) = self.received.split_at(end + 4);
        let head = std::str::from_utf8(head).map_err(|_| NotUpgraded::Nonsense)?;
        self.check(head, rest)?;
        Ok(Some(rest.to_vec()))
    }

    fn check(&self, head: &str, body: &[u8]) -> Result<(), NotUpgraded> {
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.strip_prefix("HTTP/1.1 ")).and_then(|line| line.get(..3));
        let Some(status) = status else { return Err(NotUpgraded::Nonsense) };
        if status != "101" {
            return Err(NotUpgraded::Refused(code(body).unwrap_or_else(|| format!("http_{status}"))));
        }
        let header = |name: &str| {
            let mut headers = lines.clone().filter_map(|line| line.split_once(':'));
            headers.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
        };
        let is_accepted = header("sec-websocket-accept") == Some(accept_key(&self.key).as_str());
        let is_ours = header("sec-websocket-protocol") == Some(CODEC.subprotocol());
        if is_accepted && is_ours { Ok(()) } else { Err(NotUpgraded::Nonsense) }
    }
}

/// The code in the body of a refusal, if that has arrived with its head.
fn code(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Refusal {
        code: String,
    }
    serde_json::from_slice(body).ok().map(|Refusal { code }| code)
}

/// What the answer to a request with this key has.
fn accept_key(key: &str) -> String {
    base64(digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("{key}{ACCEPT_GUID}").as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The answer of a server that agrees to a request.
    fn agreed(request: &str) -> String {
        let key =
            request.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).expect("a request has a key");
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: {}\r\nsec-websocket-protocol: {}\r\n\r\n",
            accept_key(key),
            CODEC.subprotocol()
        )
    }

    #[test]
    fn the_key_of_the_standard_is_accepted_as_the_standard_says() {
        assert_eq!(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn what_follows_the_answer_is_not_lost_and_the_answer_may_come_in_pieces() {
        let mut handshake = Handshake::new();
        let answer = [agreed(&handshake.request("localhost")).as_bytes(), b"\x89\0"].concat();
        let (first, second) = answer.split_at(40);
        assert_eq!(handshake.take(first), Ok(None), "it is not whole");
        assert_eq!(handshake.take(second), Ok(Some(b"\x89\0".to_vec())), "a ping follows it");
    }

    #[test]
    fn who_is_refused_learns_why_and_what_is_no_answer_is_none() {
        let answered = |answer: &str| Handshake::new().take(answer.as_bytes());
        let refused = |code: &str| Err(NotUpgraded::Refused(code.to_owned()));
        let busy = "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 15\r\n\r\n{\"code\":\"busy\"}";
        assert_eq!(answered(busy), refused("busy"));
        assert_eq!(answered("HTTP/1.1 404 Not Found\r\n\r\n"), refused("http_404"));
        assert_eq!(answered("SSH-2.0-OpenSSH\r\n\r\n"), Err(NotUpgraded::Nonsense));
        let other = agreed(&Handshake::new().request("localhost"));
        assert_eq!(answered(&other), Err(NotUpgraded::Nonsense), "it answers another request");
        assert_eq!(answered(&"x".repeat(ANSWER_BYTES_MAX + 1)), Err(NotUpgraded::Nonsense), "it never ends");
    }
}
