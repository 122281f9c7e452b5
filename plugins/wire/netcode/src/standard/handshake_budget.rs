//! How many connection requests are examined: so many in all, and so many of one network.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hypogeum_metering::{Rate, TokenBucket};

/// Networks told apart. Two that fall on one share have it together; which ones do nobody can know from outside.
const SHARES: usize = 4_096;

/// Each examination costs a decryption, so anyone who sends requests by the thousand gets a part of them examined, and
/// others find room beside.
#[derive(Debug)]
pub(crate) struct HandshakeBudget {
    rate: Rate,
    whole: TokenBucket,
    share_rate: Rate,
    shares: Box<[TokenBucket]>,
    hasher: RandomState,
}

impl HandshakeBudget {
    pub(crate) fn new(per_s: u32, per_prefix_per_s: u32, now: Duration) -> Self {
        let rate = Rate { per_s, burst: per_s };
        let share_rate = Rate { per_s: per_prefix_per_s, burst: per_prefix_per_s };
        Self {
            rate,
            whole: TokenBucket::full(rate, now),
            share_rate,
            shares: vec![TokenBucket::full(share_rate, now); SHARES].into_boxed_slice(),
            hasher: RandomState::new(),
        }
    }

    /// Whether one more request from that address may be examined now.
    pub(crate) fn spend(&mut self, from: SocketAddr, now: Duration) -> bool {
        if let Some(prefix) = prefix(from.ip()) {
            let share = self.share_of(prefix);
            if self.shares[share].take(self.share_rate, now).is_err() {
                return false;
            }
        }
        self.whole.take(self.rate, now).is_ok()
    }

    fn share_of(&self, prefix: [u8; 6]) -> usize {
        self.hasher.hash_one(prefix) as usize % SHARES
    }
}

/// The network an address belongs to: the smallest that is announced on its own, so anyone who has one address of it
/// may well have them all. None for this machine itself, which no stranger sends from.
fn prefix(ip: IpAddr) -> Option<[u8; 6]> {
    match ip.to_canonical() {
        ip if ip.is_loopback() => None,
        IpAddr::V4(ip) => {
            let [a, b, c, _] = ip.octets();
            Some([a, b, c, 0, 0, 4])
        }
        IpAddr::V6(ip) => ip.octets().first_chunk().copied(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn address(text: &str) -> SocketAddr {
        SocketAddr::new(text.parse().expect("an address"), 5_000)
    }

    #[test]
    fn one_network_cannot_use_up_what_is_for_all() {
        // One in which none of the networks below happen to have a share together.
        let networks = ["198.51.100.1", "203.0.113.5", "2001:db8:1::1", "192.0.2.9"];
        let prefixes = networks.map(|network| prefix(address(network).ip()).expect("it is not this machine"));
        let are_apart = |budget: &HandshakeBudget| {
            let shares: BTreeSet<usize> = prefixes.iter().map(|prefix| budget.share_of(*prefix)).collect();
            shares.len() == prefixes.len()
        };
        let budgets = std::iter::repeat_with(|| HandshakeBudget::new(100, 20, Duration::ZERO));
        let mut budget = budgets.into_iter().find(are_apart).expect("most are so");
        let spent = |budget: &mut HandshakeBudget, networks: &[&str]| {
            (0..1_000).filter(|n| budget.spend(address(networks[n % networks.len()]), Duration::ZERO)).count()
        };
        assert_eq!(spent(&mut budget, &["198.51.100.1", "198.51.100.77"]), 20, "two neighbours share");
        assert_eq!(spent(&mut budget, &["203.0.113.5"]), 20, "another network has its own");
        assert_eq!(spent(&mut budget, &["2001:db8:1::1", "2001:db8:1:9::2"]), 20, "so has one of IPv6");
        assert_eq!(spent(&mut budget, &["127.0.0.1", "::1", "::ffff:127.0.0.1"]), 40, "this machine has what is left");
        assert!(!budget.spend(address("192.0.2.9"), Duration::ZERO), "and then nobody has any");
        assert!(budget.spend(address("192.0.2.9"), Duration::from_millis(100)), "until time passes");
    }
}
