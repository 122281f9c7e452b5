//! Who asks, where proxies stand between: the nearest hop that is no trusted proxy.
//!
//! A proxy that is trusted writes on the right of `X-Forwarded-For` whom it was asked by. So the list is read from the
//! right, as far as trusted proxies go: what stands left of the first other address was written by anybody. Headers
//! that others send count for nothing.

use std::fmt;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::body::discard;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::store::GatewayStore;

/// Proxies in a row that are looked through: more stand before no server.
const HOPS_MAX: usize = 16;
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Headers by which a proxy says that it asks for somebody else.
const FORWARDED: [HeaderName; 4] =
    [header::FORWARDED, header::VIA, X_FORWARDED_FOR, HeaderName::from_static("x-real-ip")];

/// An address, or all that share its first bits: `192.0.2.7`, `10.0.0.0/8`, `2001:db8::/32`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// Why a text names no network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither an address nor a network such as 10.0.0.0/8")]
pub struct NetworkError(String);

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let wrong = || NetworkError(text.to_owned());
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let width = if address.is_ipv4() { 32 } else { 128 };
        let bits: u32 = bits.map_or(Ok(width), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > width {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.address, self.bits)
    }
}

impl Network {
    /// Whether `address` lies in it. An IPv4 address that is written as an IPv6 one is the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let differing_bits = match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        differing_bits >= self.bits
    }
}

/// Who a connection comes from, as the system or a PROXY header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    /// Whether a PROXY header said so.
    pub(crate) is_announced: bool,
    /// Whether it came by TLS, to this server itself.
    pub(crate) is_encrypted: bool,
}

impl Peer {
    /// Somebody of whom nothing more is known.
    pub(crate) const fn new(address: SocketAddr) -> Self {
        Self { address, is_announced: false, is_encrypted: false }
    }
}

/// Who a request comes from: what rates, lockout and guests go by. Put into every request by [`locate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) address: IpAddr,
    /// Whether this machine asks for itself: over loopback, and neither a proxy nor a page of elsewhere asks.
    pub(crate) is_local: bool,
}

/// Proxies whose word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

impl TrustedProxies {
    /// Those in any of these networks.
    #[must_use]
    pub const fn new(networks: Vec<Network>) -> Self {
        Self(networks)
    }

    /// Whether `address` is one of them.
    #[must_use]
    pub fn include(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }

    /// Whether a proxy on this very machine asks for somebody else, and is none of these: all who come through it count as one
    /// address then.
    fn overlook(&self, peer: Peer, headers: &HeaderMap) -> bool {
        let is_forwarded = FORWARDED.iter().any(|name| headers.contains_key(name));
        is_forwarded && peer.address.ip().to_canonical().is_loopback() && !self.include(peer.address.ip())
    }

    pub(crate) fn origin(&self, peer: Peer, headers: &HeaderMap) -> Result<Origin, ApiError> {
        let is_forwarded = peer.is_announced || FORWARDED.iter().any(|name| headers.contains_key(name));
        let mut address = peer.address.ip().to_canonical();
        let is_local = address.is_loopback() && !is_forwarded && calls_this_machine(headers);
        let lines = headers.get_all(X_FORWARDED_FOR);
        let mut hops = lines.iter().rev().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        let mut looked_through = 0;
        while self.include(address) {
            let Some(hop) = hops.next() else { break };
            let hop = hop.trim_ascii();
            if !hop.is_empty() {
                looked_through += 1;
                let read = if looked_through > HOPS_MAX { None } else { address_of(hop) };
                address = read.ok_or(ApiError::BadForwarded)?;
            }
        }
        Ok(Origin { address, is_local })
    }
}

/// Whether a request calls this machine by a name that is no other host's. A page of elsewhere may let its own name point to the loopback
/// of whoever looks at it (DNS rebinding), and a browser takes us for that page's host then; but its requests still carry the name.
fn calls_this_machine(headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    hosts.all(|host| host.to_str().is_ok_and(is_no_domain))
}

/// Whether a host is an address, a single word, or below `localhost`; with a port or without.
fn is_no_domain(host: &str) -> bool {
    let name = host.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let name = name.map_or(host, |(name, _)| name).trim_end_matches('.');
    let is_below_localhost = name.to_ascii_lowercase().ends_with(".localhost");
    !name.contains('.') || is_below_localhost || address_of(host.as_bytes()).is_some()
}

/// Reads one hop: an address, in brackets or not, with a port or without.
fn address_of(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?;
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse().ok().map(|address: SocketAddr| address.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// Finds out who a request comes from, before anything that goes by it.
pub(crate) async fn locate<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let peer = request.extensions().get::<Peer>().copied().ok_or(ApiError::Unavailable)?;
    if gateway.config.trusted_proxies.overlook(peer, request.headers()) {
        gateway.warn_of_proxy.call_once(|| {
            tracing::warn!(
                peer = %peer.address.ip(),
                "a proxy on this machine asks for others, but [http] trusted_proxies does not list it: all who come through it \
                 count as one address, and share its limits"
            );
        });
    }
    match gateway.config.trusted_proxies.origin(peer, request.headers()) {
        Ok(origin) => {
            request.extensions_mut().insert(origin);
            Ok(next.run(request).await)
        }
        Err(refusal) => {
            tracing::warn!(peer = %peer.address.ip(), "a trusted proxy's X-Forwarded-For cannot be read");
            // The refusal stands, however that goes.
            let _ = discard(request).await;
            Err(refusal)
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn trusted() -> TrustedProxies {
        TrustedProxies::new(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"].map(|text| text.parse().unwrap()).to_vec())
    }

    fn peer(address: &str) -> Peer {
        Peer::new(SocketAddr::new(address.parse().unwrap(), 4_000))
    }

    fn origin(from: &str, lines: &[&[u8]]) -> Result<Origin, ApiError> {
        let line = |text: &&[u8]| (X_FORWARDED_FOR, HeaderValue::from_bytes(text).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in lines.iter().map(line) {
            headers.append(name, value);
        }
        trusted().origin(peer(from), &headers)
    }

    fn address(from: &str, line: &str) -> String {
        origin(from, &[line.as_bytes()]).map_or_else(|refusal| refusal.code().to_owned(), |at| at.address.to_string())
    }

    #[test]
    fn the_rightmost_hop_that_nobody_trusts_is_the_client() {
        assert_eq!(address("127.0.0.1", "192.0.2.1"), "192.0.2.1", "one proxy");
        assert_eq!(address("127.0.0.1", "198.51.100.9, 192.0.2.1"), "192.0.2.1", "what the client wrote is left of it");
        assert_eq!(address("127.0.0.1", "192.0.2.1, 10.1.2.3, 10.4.5.6"), "192.0.2.1", "through three proxies");
        assert_eq!(address("::ffff:127.0.0.1", "192.0.2.1"), "192.0.2.1", "a mapped peer is its IPv4 address");
        assert_eq!(address("127.0.0.1", "::ffff:192.0.2.1"), "192.0.2.1", "and so is a mapped hop");
        assert_eq!(address("2001:db8::5", "10.9.9.9"), "10.9.9.9", "where all are trusted it is the first");
        let lines: [&[u8]; 3] = [b"198.51.100.9", b"192.0.2.1,10.1.1.1", b"10.2.2.2"];
        let found = origin("127.0.0.1", &lines).unwrap().address;
        assert_eq!(found.to_string(), "192.0.2.1", "several lines are one list");
    }

    #[test]
    fn a_hop_may_be_written_in_many_ways() {
        for (text, read) in [
            ("  192.0.2.1\t", "192.0.2.1"),
            ("192.0.2.1:443", "192.0.2.1"),
            ("[2001:dead::1]", "2001:dead::1"),
            ("[2001:dead::1]:443", "2001:dead::1"),
            ("2001:dead::1", "2001:dead::1"),
            (",, 192.0.2.1 ,", "192.0.2.1"),
        ] {
            assert_eq!(address("127.0.0.1", text), read, "{text:?} is read");
        }
        for wrong in ["unknown", "_hidden", "192.0.2.1.5", "[::1", "192.0.2.1:99999", "fe80::1%eth0", "\"192.0.2.1\""] {
            assert_eq!(address("127.0.0.1", wrong), "bad_forwarded", "{wrong:?} is refused, not guessed at");
            assert_eq!(
                address("127.0.0.1", &format!("{wrong}, 192.0.2.1")),
                "192.0.2.1",
                "what a client writes is not"
            );
        }
        let long = vec!["10.0.0.1"; HOPS_MAX + 1].join(",");
        assert_eq!(address("127.0.0.1", &long), "bad_forwarded", "the list is not read without end");
    }

    #[test]
    fn the_headers_of_anybody_else_count_for_nothing() {
        assert_eq!(address("192.0.2.9", "127.0.0.1"), "192.0.2.9", "a stranger cannot say it is this machine");
        assert_eq!(address("192.0.2.9", "rubbish"), "192.0.2.9", "nor be refused for what it says");
        let nobody = TrustedProxies::default().origin(peer("127.0.0.1"), &HeaderMap::new());
        assert_eq!(nobody, Ok(Origin { address: [127, 0, 0, 1].into(), is_local: true }), "this machine is local");
    }

    #[test]
    fn this_machine_is_who_asks_it_for_itself() {
        let local = |from: &str, lines: &[&[u8]]| origin(from, lines).unwrap().is_local;
        assert!(local("127.0.0.1", &[]) && local("::ffff:127.0.0.1", &[]) && local("::1", &[]), "over loopback");
        assert!(!local("192.0.2.9", &[]) && !local("192.0.2.9", &[b"127.0.0.1"]), "not from elsewhere");
        assert!(!local("127.0.0.1", &[b"192.0.2.1"]) && !local("127.0.0.1", &[b"127.0.0.1"]), "not for others");
        for name in FORWARDED {
            let headers = HeaderMap::from_iter([(name.clone(), HeaderValue::from_static("192.0.2.1"))]);
            let of_nobody = TrustedProxies::default().origin(peer("127.0.0.1"), &headers).unwrap();
            assert!(!of_nobody.is_local, "{name} says that a proxy asks for somebody else, trusted or not");
        }
        let announced = Peer { is_announced: true, ..peer("127.0.0.1") };
        assert!(!trusted().origin(announced, &HeaderMap::new()).unwrap().is_local, "nor where a PROXY header says so");
    }

    #[test]
    fn a_page_whose_name_points_here_is_not_this_machine() {
        let is_local = |hosts: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for host in hosts.iter().copied() {
                headers.append(header::HOST, HeaderValue::from_static(host));
            }
            TrustedProxies::default().origin(peer("127.0.0.1"), &headers).unwrap().is_local
        };
        for own in ["127.0.0.1:27580", "127.0.0.1", "[::1]:27580", "[::1]", "[::ffff:127.0.0.1]:1", "192.0.2.7:80"] {
            assert!(is_local(&[own]), "{own} is an address");
        }
        for own in ["localhost:27580", "LOCALHOST", "localhost.", "play.localhost:27580", "tower:27580"] {
            assert!(is_local(&[own]), "{own} is nobody's domain");
        }
        for other in [
            "evil.example:27580",
            "evil.example",
            "evil.example.",
            "127.0.0.1.evil.example",
            "localhost.evil.example:1",
        ] {
            assert!(!is_local(&[other]), "{other} is somebody's");
        }
        assert!(is_local(&[]), "no browser leaves it out");
        assert!(!is_local(&["localhost", "evil.example"]), "two are not better than one");
    }

    #[test]
    fn a_proxy_on_this_machine_that_nobody_listed_is_noticed() {
        let asks_for_another = HeaderMap::from_iter([(X_FORWARDED_FOR, HeaderValue::from_static("192.0.2.1"))]);
        let nobody = TrustedProxies::default();
        assert!(nobody.overlook(peer("127.0.0.1"), &asks_for_another), "it is not listed");
        assert!(nobody.overlook(peer("::ffff:127.0.0.1"), &asks_for_another), "however it is written");
        assert!(!trusted().overlook(peer("127.0.0.1"), &asks_for_another), "it is listed");
        assert!(!nobody.overlook(peer("127.0.0.1"), &HeaderMap::new()), "it asks for itself");
        assert!(!nobody.overlook(peer("192.0.2.9"), &asks_for_another), "it is elsewhere: its own address is held");
    }

    #[test]
    fn a_network_is_an_address_and_how_many_of_its_bits_count() {
        for wrong in ["", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/", "/8", "ten", "10.0.0.0/8/8"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong:?} is none");
        }
        let all: Network = "0.0.0.0/0".parse().unwrap();
        assert!(all.contains([1, 2, 3, 4].into()) && !all.contains("::1".parse().unwrap()), "each family has its own");
        let half: Network = "10.128.0.0/9".parse().unwrap();
        assert!(half.contains([10, 129, 0, 1].into()) && !half.contains([10, 1, 0, 1].into()), "bits, not bytes");
    }

    proptest! {
        #[test]
        fn any_header_leads_to_an_address_or_a_refusal(text in "[ -~]{0,200}|([0-9a-f:.,\\[\\] ]{0,80})") {
            if let Ok(value) = HeaderValue::from_str(&text) {
                let headers = HeaderMap::from_iter([(X_FORWARDED_FOR, value)]);
                let found = trusted().origin(peer("127.0.0.1"), &headers);
                prop_assert!(matches!(found, Ok(_) | Err(ApiError::BadForwarded)), "{:?} of {:?}", found, text);
            }
        }
    }
}
