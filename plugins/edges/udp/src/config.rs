//! How an edge is set up.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hypogeum_protocol::limits;

use crate::error::NetError;
use hypogeum_netcode::KEY_BYTES;

/// How a [`UdpEdge`](crate::UdpEdge) is set up.
#[derive(Clone)]
pub struct NetConfig {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The addresses that clients connect to, in order; at most 32. Empty: the address listened on, loopback where that
    /// is "any". A port of 0 stands for the one listened on.
    pub public: Vec<SocketAddr>,
    /// What connect tokens are sealed with. Every server of a deployment has its own.
    pub private_key: [u8; KEY_BYTES],
    /// Game and wire format, [`limits::NETCODE_PROTOCOL_ID`] unless a test wants another.
    pub protocol_id: u64,
    /// Connections at once: 1 to 2²⁴.
    pub connections_max: usize,
    /// Seconds of silence after which a connection ends; 0: never.
    pub timeout_s: u32,
    /// Seconds a connect token is good for, at least 1.
    pub token_lifetime_s: u32,
    /// Connection requests examined per second, at least 1.
    pub handshakes_per_s_max: u32,
    /// So many of them from one network (a /24 of IPv4, a /48 of IPv6; this machine's own addresses are not counted), at
    /// least 1.
    pub handshakes_per_s_per_prefix_max: u32,
    /// Threads with a socket each, at most [`NetConfig::WORKERS_MAX`]. 0: one for every four cores.
    pub workers: usize,
}

impl NetConfig {
    /// Most threads of one port.
    pub const WORKERS_MAX: usize = 16;

    /// The usual numbers for `listen` and `private_key`: 10,000 connections, 5 s timeout, tokens of 30 s.
    #[must_use]
    pub fn new(listen: SocketAddr, private_key: [u8; KEY_BYTES]) -> Self {
        Self {
            listen,
            public: Vec::new(),
            private_key,
            protocol_id: limits::NETCODE_PROTOCOL_ID,
            connections_max: 10_000,
            timeout_s: 5,
            token_lifetime_s: 30,
            handshakes_per_s_max: 10_000,
            handshakes_per_s_per_prefix_max: 2_500,
            workers: 0,
        }
    }

    /// How many threads that makes on this machine.
    #[must_use]
    pub fn workers_count(&self) -> usize {
        match self.workers {
            0 => std::thread::available_parallelism().map_or(1, |cores| cores.get() / 4).clamp(1, Self::WORKERS_MAX),
            workers => workers,
        }
    }

    pub(crate) fn check(&self) -> Result<(), NetError> {
        let range = |field, value: u64, fits: bool, expected| {
            if fits { Ok(()) } else { Err(NetError::OutOfRange { field, value, expected }) }
        };
        let connections_fit = (1..=1 << 24).contains(&self.connections_max);
        range("connections_max", self.connections_max as u64, connections_fit, "1 to 16777216")?;
        range("workers", self.workers as u64, self.workers <= Self::WORKERS_MAX, "at most 16")?;
        range("token_lifetime_s", self.token_lifetime_s.into(), self.token_lifetime_s > 0, "at least 1")?;
        for (field, value) in [
            ("handshakes_per_s_max", self.handshakes_per_s_max),
            ("handshakes_per_s_per_prefix_max", self.handshakes_per_s_per_prefix_max),
        ] {
            range(field, value.into(), value > 0, "at least 1")?;
        }
        Ok(())
    }

    pub(crate) fn public_addresses(&self, bound: SocketAddr) -> Vec<SocketAddr> {
        if self.public.is_empty() {
            return reachable_ips(bound).iter().map(|ip| SocketAddr::new(*ip, bound.port())).collect();
        }
        let with_port = |address: &SocketAddr| match address.port() {
            0 => SocketAddr::new(address.ip(), bound.port()),
            _ => *address,
        };
        self.public.iter().map(with_port).collect()
    }
}

/// Addresses by which this machine reaches what is bound to `bound`; "any" of IPv6 is any of both families.
fn reachable_ips(bound: SocketAddr) -> Vec<IpAddr> {
    match bound.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => vec![Ipv4Addr::LOCALHOST.into()],
        IpAddr::V6(ip) if ip.is_unspecified() => vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()],
        ip => vec![ip],
    }
}
