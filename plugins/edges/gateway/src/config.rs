//! What can be set, each with its reason.

use std::net::SocketAddr;
use std::time::Duration;

use hypogeum_accounts::LockoutPolicy;
use hypogeum_economy::{CosmeticCatalog, PriceList};
use hypogeum_progression::RewardRules;

use crate::proxies::TrustedProxies;
use crate::route::RouteRates;

/// How the gateway behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayConfig {
    /// Where clients send game datagrams, as they must reach it.
    pub game_address: SocketAddr,
    /// How long a connect token may be used, as its maker makes it. Told to clients.
    pub connect_token_s: u32,
    /// Largest request body.
    pub body_bytes_max: usize,
    /// How long a connection may be open before its first request is there, a handshake of TLS included.
    pub first_request_timeout: Duration,
    /// How long a later request's head may take to arrive, idle time included, and how long any request's body and any handshake may.
    pub read_timeout: Duration,
    /// How long a request may take in all; it then gets 503.
    pub request_timeout: Duration,
    /// How long open requests may go on after shutdown began.
    pub drain_timeout: Duration,
    /// Connections open at once. Beyond it idle ones are closed, strangers' first; while all are being answered, more wait in
    /// the system's backlog.
    pub connections_max: usize,
    /// Connections one address may have open at once, at least 1. Beyond it its idle ones are closed, and without one the new
    /// one is, unanswered. Many players may share an address.
    pub address_connections_max: usize,
    /// The same for one network: a /24 of IPv4, a /48 of IPv6.
    pub network_connections_max: usize,
    /// The same for this machine, where bots or a reverse proxy come from.
    pub loopback_connections_max: usize,
    /// How often hands are shaken for TLS. Beyond it a connection is closed before anything is computed for it.
    pub handshakes: HandshakeRates,
    /// Passwords hashed at once. Each takes a core and 19 MiB.
    pub hashing_at_once: usize,
    /// Requests that wait for their password to be hashed; more get 503.
    pub hashing_queue_max: usize,
    /// Whose word counts on who asks.
    pub trusted_proxies: TrustedProxies,
    /// Whether every connection begins with a PROXY header; then only trusted proxies may connect.
    pub proxy_protocol: bool,
    /// Pages of other hosts that may ask from a browser and open WebSockets, by their origins: `https://play.example.org`. A page of
    /// the very host that is asked may always, and so may what is no page.
    pub origins: Vec<String>,
    /// How often what may be asked.
    pub rates: RateLimits,
    /// When logins are locked.
    pub lockout: LockoutPolicy,
    /// Who gets an account without a password.
    pub guests: Guests,
    /// What the shop deals in.
    pub prices: PriceList,
    /// What there is to wear.
    pub cosmetics: CosmeticCatalog,
    /// What is achieved, and what comes daily.
    pub rewards: RewardRules,
    /// The public key that match logs are signed with, in hex; `None`: they are not.
    pub journal_key: Option<String>,
}

/// Who may be a guest: have an account without a password, which everyone who may be a guest can enter by its name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Guests {
    /// Nobody: an account without a password would be open to everyone who knows its name.
    #[default]
    Nobody,
    /// Whoever asks from this machine, such as load bots. What a proxy on this machine has forwarded for others is
    /// refused where the proxy says so (`Forwarded`, `X-Forwarded-For`, `X-Real-IP`, `Via`, a PROXY header); a proxy that
    /// keeps it to itself makes everyone look local, so behind one choose [`Guests::Nobody`].
    Loopback,
    /// Anyone from anywhere: for servers where an account is worth nothing.
    Anyone,
}

/// So many requests at once, then so many a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests a second in the long run, at least 1.
    pub per_s: u32,
    /// Requests at once, at least 1.
    pub burst: u32,
}

/// How often hands are shaken for TLS: each time costs a signature. This machine is not counted, nor are trusted proxies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandshakeRates {
    /// With one address; an IPv6 /64 is one.
    pub address: RateLimit,
    /// With one network: a /24 of IPv4, a /48 of IPv6.
    pub network: RateLimit,
}

impl Default for HandshakeRates {
    /// Enough for five hundred behind one address to come within a minute, with several connections each and some of them at once.
    fn default() -> Self {
        Self { address: RateLimit { per_s: 50, burst: 500 }, network: RateLimit { per_s: 200, burst: 2_000 } }
    }
}

/// How often what may be asked. Before an account is known its address counts (an IPv6 /64 is one), afterwards the account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RateLimits {
    /// Everything that one address asks in any sixty seconds, with an account or without; `None`: no more than the others say.
    /// This machine is not counted.
    pub address_per_minute: Option<u16>,
    /// By one address, in all that needs no account, and with access tokens that are not good.
    pub requests: RateLimit,
    /// Accounts one address may register. Each costs a hash.
    pub register: RateLimit,
    /// Logins by password of one address. Each costs a hash.
    pub login: RateLimit,
    /// Refreshes of one address.
    pub refresh: RateLimit,
    /// Guests of one address.
    pub guests: RateLimit,
    /// Guests of all addresses together. A guest costs no hash, which is what slows registering down: without this,
    /// one client with many addresses would fill the disk with accounts.
    pub guests_together: RateLimit,
    /// Connect tokens of one account.
    pub connect: RateLimit,
    /// Whatever else one account reads.
    pub reads: RateLimit,
    /// Whatever else one account asks.
    pub account: RateLimit,
    /// Single routes, by those who are counted above: an address or an account.
    pub routes: RouteRates,
    /// This machine, by each of these: load bots come in bulk.
    pub loopback: RateLimit,
    /// Guests of this machine.
    pub loopback_guests: RateLimit,
}

impl Default for RateLimits {
    /// Enough for forty players behind one address to come at once, and for five hundred within a minute.
    fn default() -> Self {
        let limit = |per_s, burst| RateLimit { per_s, burst };
        Self {
            address_per_minute: None,
            requests: limit(200, 2_000),
            register: limit(10, 40),
            login: limit(10, 40),
            refresh: limit(20, 200),
            guests: limit(10, 40),
            guests_together: limit(50, 500),
            connect: limit(2, 20),
            reads: limit(100, 400),
            account: limit(10, 60),
            routes: RouteRates::default(),
            loopback: limit(5_000, 20_000),
            loopback_guests: limit(2_000, 10_000),
        }
    }
}

impl GatewayConfig {
    /// The defaults of a small server whose game socket is reached at `game_address`.
    #[must_use]
    pub fn new(game_address: SocketAddr) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            game_address,
            connect_token_s: 30,
            body_bytes_max: 16 * 1_024,
            first_request_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            drain_timeout: Duration::from_secs(5),
            connections_max: 4_096,
            address_connections_max: 256,
            network_connections_max: 1_024,
            loopback_connections_max: 4_096,
            handshakes: HandshakeRates::default(),
            hashing_at_once: cores.div_ceil(2),
            hashing_queue_max: 1_024,
            trusted_proxies: TrustedProxies::default(),
            proxy_protocol: false,
            origins: Vec::new(),
            rates: RateLimits::default(),
            lockout: LockoutPolicy::default(),
            guests: Guests::default(),
            prices: PriceList::default(),
            cosmetics: CosmeticCatalog::default(),
            rewards: RewardRules::default(),
            journal_key: None,
        }
    }
}
