//! Who is counted as one, where an address is not enough.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The smallest network that is announced on its own, so whoever has one address of it may well have them all: a /24 of IPv4, a
/// /48 of IPv6. An address of this machine is a network of its own.
#[must_use]
pub fn announced_network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        ip if ip.is_loopback() => ip,
        IpAddr::V4(ip) => IpAddr::V4(Ipv4Addr::from_bits(ip.to_bits() & (u32::MAX << 8))),
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 80))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_one_network_and_this_machine_is_none_of_theirs() {
        let of = |text: &str| announced_network_of(text.parse().expect("an address"));
        assert_eq!(of("192.0.2.1"), of("192.0.2.255"), "a /24");
        assert_ne!(of("192.0.2.1"), of("192.0.3.1"), "and no more");
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.7"), "however an address is written");
        assert_eq!(of("2001:db8:1::1"), of("2001:db8:1:ffff::2"), "a /48");
        assert_ne!(of("2001:db8:1::1"), of("2001:db8:2::1"), "and no more");
        assert_ne!(of("127.0.0.1"), of("127.0.0.2"), "this machine has addresses of its own");
    }
}
