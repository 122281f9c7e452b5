//! `[udp]`

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use hypogeum_protocol::limits;
use hypogeum_udp::NetConfig;
use serde::Deserialize;

use super::PublicAddresses;

/// Where the game is played.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UdpConfig {
    /// Where the game listens.
    pub(crate) listen: SocketAddr,
    /// The addresses for clients; without them the one listened on, or loopback where that is "any".
    pub(crate) public: PublicAddresses,
    /// Most clients at once.
    pub(crate) connections_max: usize,
    /// Threads that share the port, each with a socket of its own; 0: one for every four cores.
    pub(crate) workers: usize,
}

impl Default for UdpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), limits::UDP_PORT_DEFAULT),
            public: PublicAddresses::default(),
            connections_max: 16_384,
            workers: 0,
        }
    }
}

impl UdpConfig {
    /// Checks what types cannot.
    pub(super) fn validate(&self) -> Result<(), (&'static str, String)> {
        if !(1..=65_536).contains(&self.connections_max) {
            return Err(("connections_max", format!("found {}, expected 1 to 65536", self.connections_max)));
        }
        if self.workers > NetConfig::WORKERS_MAX {
            return Err(("workers", format!("found {}, expected 0 to {}", self.workers, NetConfig::WORKERS_MAX)));
        }
        Ok(())
    }
}
