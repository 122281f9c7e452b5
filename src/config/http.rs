//! `[http]`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hypogeum_protocol::limits;
use serde::Deserialize;

use super::TrustedProxiesConfig;

/// Where accounts, logins and everything else outside the game is served.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct HttpConfig {
    /// Where accounts and logins are served.
    pub(crate) listen: SocketAddr,
    /// Proxies that say who asks, in `X-Forwarded-For` or a PROXY header; what others say counts for nothing.
    pub(crate) trusted_proxies: TrustedProxiesConfig,
    /// Whether they begin each connection with a PROXY header; then nobody else may connect.
    pub(crate) proxy_protocol: bool,
    /// Whether it may be in the clear where others reach it: a proxy before it ends TLS.
    pub(crate) plaintext: bool,
    /// Whether the browser client is served, at `/play/`.
    pub(crate) play: bool,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), limits::HTTP_PORT_DEFAULT),
            trusted_proxies: TrustedProxiesConfig::default(),
            proxy_protocol: false,
            plaintext: false,
            play: true,
        }
    }
}

impl HttpConfig {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        if self.proxy_protocol && !self.trusted_proxies.names_any() {
            return Err(("proxy_protocol", "found no trusted_proxies, and nobody else may connect then".to_owned()));
        }
        Ok(())
    }
}
