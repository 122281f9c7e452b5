//! Where an account was last logged in from, kept so that anyone who reads the store learns no address.

use std::fmt;
use std::net::IpAddr;

use crate::recent::network_of;

/// A network as stores keep it: the same network has the same mark, and without the server's secret nobody says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetworkMark(pub [u8; 16]);

/// What networks are marked with. A secret of the server.
#[derive(Clone)]
pub struct NetworkKey([u8; 32]);

impl NetworkKey {
    /// The key that belongs to a server's secret.
    #[must_use]
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(blake3::derive_key("hypogeum 2026 networks of logins", secret))
    }

    /// The mark of the network that `address` lies in: see [`network_of`].
    #[must_use]
    pub fn mark(&self, address: IpAddr) -> NetworkMark {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        match network_of(address) {
            IpAddr::V4(v4) => hasher.update(&v4.octets()),
            IpAddr::V6(v6) => hasher.update(&v6.octets()),
        };
        let mut mark = [0; 16];
        hasher.finalize_xof().fill(&mut mark);
        NetworkMark(mark)
    }
}

impl fmt::Debug for NetworkKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NetworkKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_has_one_mark_that_only_the_server_makes() {
        let mark = |secret, text: &str| NetworkKey::new(&[secret; 32]).mark(text.parse().unwrap());
        assert_eq!(mark(1, "2001:db8::1"), mark(1, "2001:db8::2"), "a /64 is one network");
        assert_eq!(mark(1, "::ffff:192.0.2.1"), mark(1, "192.0.2.1"), "a mapped address is its IPv4 address");
        assert_ne!(mark(1, "192.0.2.1"), mark(1, "192.0.2.2"), "another network has another");
        assert_ne!(mark(1, "192.0.2.1"), mark(2, "192.0.2.1"), "and so has another secret");
    }
}
