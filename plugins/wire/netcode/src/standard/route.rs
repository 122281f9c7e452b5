//! The way of a server's datagrams: to whom, and from which of its own addresses.

use std::net::{IpAddr, SocketAddr};

/// To whom, and from where. A machine with several addresses has to answer from the one that was called: firewalls and
/// clients take an answer from another for a stranger's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The other end.
    pub peer: SocketAddr,
    /// The address of this machine the other end called; `None` leaves the choice to the system.
    pub local: Option<IpAddr>,
}

impl From<SocketAddr> for Route {
    fn from(peer: SocketAddr) -> Self {
        Self { peer, local: None }
    }
}
