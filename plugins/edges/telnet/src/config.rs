//! How the edge is set up.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;

use crate::error::TelnetError;

/// How a [`TelnetEdge`](crate::TelnetEdge) is set up.
#[derive(Clone)]
pub struct TelnetConfig {
    /// Where it listens.
    pub listen: SocketAddr,
    /// How it speaks TLS; `None`: in the clear.
    pub tls: Option<Arc<ServerConfig>>,
    /// Connections open at once, at least 1.
    pub connections_max: usize,
    /// Connections that one address may have open at once, at least 1; an IPv6 /64 is one, and this machine's own are not counted.
    pub connections_per_address_max: usize,
    /// What lists of servers and the greeting call this server, at most 64 bytes.
    pub name: String,
    /// The language that the dialogue begins in.
    pub locale: String,
    /// What characters are made as, by their keys; where there are none, nobody is asked.
    pub archetypes: Vec<String>,
    /// How long somebody may take from connecting to entering the world; the handshake of TLS has a tenth of it.
    pub login_timeout: Duration,
    /// How long somebody in the world may type nothing.
    pub idle_timeout: Duration,
    /// From one sign of life to the next where nothing else is sent.
    pub keep_alive_every: Duration,
    /// How long a client's system may leave what is sent to it unconfirmed.
    pub unconfirmed_max: Duration,
    /// How long a client may take to read what waits for it.
    pub unread_max: Duration,
    /// How long a connection that is closed may take to read what was sent to it last.
    pub last_words_max: Duration,
    /// Bytes that wait for a client that does not read them.
    pub waiting_bytes_max: usize,
    /// Bytes that the system may keep on their way to one client.
    pub system_bytes_max: usize,
}

impl TelnetConfig {
    /// The usual numbers, and no TLS.
    #[must_use]
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            listen,
            tls: None,
            connections_max: 4_096,
            connections_per_address_max: 32,
            name: "Hypogeum".to_owned(),
            locale: "en".to_owned(),
            archetypes: Vec::new(),
            login_timeout: Duration::from_secs(180),
            idle_timeout: Duration::from_secs(3_600),
            keep_alive_every: Duration::from_secs(30),
            unconfirmed_max: Duration::from_secs(45),
            unread_max: Duration::from_secs(10),
            last_words_max: Duration::from_secs(1),
            waiting_bytes_max: 256 << 10,
            system_bytes_max: 64 << 10,
        }
    }

    pub(crate) fn check(&self) -> Result<(), TelnetError> {
        let range = |field, is_good: bool, expected| {
            if is_good { Ok(()) } else { Err(TelnetError::OutOfRange { field, expected }) }
        };
        range("connections_max", (1..1 << 24).contains(&self.connections_max), "1 to 16777215")?;
        range("connections_per_address_max", self.connections_per_address_max > 0, "at least 1")?;
        range("keep_alive_every", !self.keep_alive_every.is_zero(), "more than nothing")?;
        range("name", !self.name.is_empty() && self.name.len() <= 64, "1 to 64 bytes long")
    }
}

impl fmt::Debug for TelnetConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("TelnetConfig");
        shown.field("listen", &self.listen).field("tls", &self.tls.is_some()).finish_non_exhaustive()
    }
}
