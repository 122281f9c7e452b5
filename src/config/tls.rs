//! `[tls]`

use std::net::SocketAddr;
use std::path::PathBuf;

use hypogeum_gateway::{CertificateFiles, HandshakeRates, RateLimit, Tls, TlsError};
use serde::Deserialize;

use super::rates::RateConfig;

/// Longest time that browsers may be told to come by TLS alone, in seconds: ten years.
const HSTS_S_MAX: u32 = 315_360_000;

/// How the port of `[http]` is encrypted, WebSockets included.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TlsTable {
    /// The server's certificate in PEM, and behind it those that vouch for it. Without it there is no TLS.
    pub(crate) certificate: Option<PathBuf>,
    /// Its private key in PEM.
    pub(crate) key: Option<PathBuf>,
    /// How long browsers are told to come by TLS alone; 0: not at all.
    pub(crate) hsts_s: u32,
    /// How often hands are shaken with one address.
    pub(crate) handshakes_per_address: Option<RateConfig>,
    /// With one network.
    pub(crate) handshakes_per_network: Option<RateConfig>,
}

impl Default for TlsTable {
    fn default() -> Self {
        Self {
            certificate: None,
            key: None,
            hsts_s: 31_536_000,
            handshakes_per_address: None,
            handshakes_per_network: None,
        }
    }
}

impl TlsTable {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        if self.hsts_s > HSTS_S_MAX {
            return Err(("hsts_s", format!("found {}, expected 0 to {HSTS_S_MAX}", self.hsts_s)));
        }
        for (key, rate) in [
            ("handshakes_per_address", self.handshakes_per_address),
            ("handshakes_per_network", self.handshakes_per_network),
        ] {
            rate.map_or(Ok(()), RateConfig::validate).map_err(|problem| (key, problem))?;
        }
        Ok(())
    }

    /// Checks what file and environment say together: both files or none, and no port that others reach is in the clear unless
    /// `plaintext` of `[http]` says so.
    pub(super) fn validate_with(&self, listen: SocketAddr, is_plaintext: bool) -> Result<(), String> {
        match (&self.certificate, &self.key) {
            (Some(_), Some(_)) if is_plaintext => {
                Err("plaintext of [http] is true, and [tls] names a certificate: leave one of them out".to_owned())
            }
            (Some(_), Some(_)) => Ok(()),
            (Some(_), None) => Err("certificate of [tls] is set, but not its key".to_owned()),
            (None, Some(_)) => Err("key of [tls] is set, but not its certificate".to_owned()),
            (None, None) if is_plaintext || listen.ip().to_canonical().is_loopback() => Ok(()),
            (None, None) => Err(format!(
                "listen of [http] is {listen}, where others read passwords along: name certificate and key of [tls], or set \
                 plaintext = true in [http] where a proxy before it ends TLS"
            )),
        }
    }

    /// Whether there is TLS.
    pub(crate) const fn is_on(&self) -> bool {
        self.certificate.is_some()
    }

    /// How often hands are shaken.
    pub(crate) fn to_handshakes(&self) -> HandshakeRates {
        let usual = HandshakeRates::default();
        let or = |rate: Option<RateConfig>, usual: RateLimit| rate.map_or(usual, RateConfig::to_limit);
        HandshakeRates {
            address: or(self.handshakes_per_address, usual.address),
            network: or(self.handshakes_per_network, usual.network),
        }
    }

    /// Reads the certificate; `None` where there is none.
    pub(crate) fn open(&self) -> Result<Option<Tls>, TlsError> {
        let (Some(chain), Some(key)) = (self.certificate.clone(), self.key.clone()) else { return Ok(None) };
        Tls::open(CertificateFiles { chain, key }, self.hsts_s).map(Some)
    }
}
