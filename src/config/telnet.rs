//! `[telnet]`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use hypogeum_telnet::TelnetConfig;
use serde::Deserialize;

/// The port for telnet unless configured.
const PORT_DEFAULT: u16 = 27523;

/// Who plays by telnet, at a port of its own.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct TelnetTable {
    /// Whether anybody does.
    pub(crate) open: bool,
    /// Where it listens.
    pub(crate) listen: SocketAddr,
    /// Whether it speaks TLS, with the certificate of `[tls]`.
    pub(crate) tls: bool,
    /// Whether it may be in the clear where others reach it.
    pub(crate) plaintext: bool,
    /// What greetings and lists of servers call this one.
    pub(crate) name: String,
    /// The language that strangers are spoken to in.
    pub(crate) locale: String,
    /// Most connections at once.
    pub(crate) connections_max: usize,
    /// Most of one address.
    pub(crate) connections_per_address_max: usize,
    /// Minutes that somebody in the world may type nothing.
    pub(crate) idle_minutes: u32,
}

impl Default for TelnetTable {
    fn default() -> Self {
        let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), PORT_DEFAULT);
        let usual = TelnetConfig::new(listen);
        Self {
            open: false,
            listen,
            tls: false,
            plaintext: false,
            name: usual.name,
            locale: usual.locale,
            connections_max: usual.connections_max,
            connections_per_address_max: usual.connections_per_address_max,
            idle_minutes: 60,
        }
    }
}

impl TelnetTable {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        if !(1..=65_536).contains(&self.connections_max) {
            return Err(("connections_max", format!("found {}, expected 1 to 65536", self.connections_max)));
        }
        if self.connections_per_address_max == 0 {
            return Err(("connections_per_address_max", "found 0, expected 1 or more".to_owned()));
        }
        if self.name.is_empty() || self.name.len() > 64 {
            return Err(("name", format!("found {:?}, expected 1 to 64 bytes", self.name)));
        }
        if !(1..=10_080).contains(&self.idle_minutes) {
            return Err(("idle_minutes", format!("found {}, expected 1 to 10080", self.idle_minutes)));
        }
        Ok(())
    }

    /// Checks what file and environment say together: a certificate where there is to be TLS, and no port that others reach is in the
    /// clear unless `plaintext` says so.
    pub(super) fn validate_with(&self, has_certificate: bool) -> Result<(), String> {
        match (self.open, self.tls) {
            (true, true) if !has_certificate => {
                Err("tls of [telnet] is true, and [tls] names no certificate".to_owned())
            }
            (true, true) if self.plaintext => {
                Err("tls and plaintext of [telnet] are both true: leave one of them out".to_owned())
            }
            (true, false) if !self.plaintext && !self.listen.ip().to_canonical().is_loopback() => Err(format!(
                "listen of [telnet] is {}, where others read passwords along: set tls = true in [telnet] and name certificate \
                 and key in [tls], or set plaintext = true in [telnet]",
                self.listen
            )),
            _ => Ok(()),
        }
    }

    /// How the edge is set up, but for TLS and what characters can be made as.
    pub(crate) fn to_telnet(&self) -> TelnetConfig {
        TelnetConfig {
            name: self.name.clone(),
            locale: self.locale.clone(),
            connections_max: self.connections_max,
            connections_per_address_max: self.connections_per_address_max,
            idle_timeout: Duration::from_secs(60 * u64::from(self.idle_minutes)),
            ..TelnetConfig::new(self.listen)
        }
    }
}
