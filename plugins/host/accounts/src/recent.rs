//! A map that forgets: bounded memory for what peers make us remember.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};

/// Remembers the most recently touched keys, at least `keys_max` and at most twice as many.
///
/// Two generations: touching a key brings it into the young one; when that is full it becomes the old one, and the
/// old one is dropped whole. So forgetting costs nothing per key, and no flood of keys can grow it.
#[derive(Debug)]
pub struct Recent<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    keys_max: usize,
}

impl<K: Hash + Eq, V> Recent<K, V> {
    /// Remembers at least `keys_max` keys.
    #[must_use]
    pub fn new(keys_max: usize) -> Self {
        Self { young: HashMap::new(), old: HashMap::new(), keys_max: keys_max.max(1) }
    }

    /// What is remembered of `key`, without touching it.
    #[must_use]
    pub fn peek<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    /// What is remembered of `key`, or what `fresh` makes.
    pub fn touch(&mut self, key: K, fresh: impl FnOnce() -> V) -> &mut V {
        if !self.young.contains_key(&key) && self.young.len() >= self.keys_max {
            self.old = std::mem::take(&mut self.young);
        }
        let known = self.old.remove(&key);
        self.young.entry(key).or_insert_with(|| known.unwrap_or_else(fresh))
    }

    /// Forgets a key, as if it had never been seen.
    pub fn forget<Q: Hash + Eq + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.young.remove(key);
        self.old.remove(key);
    }

    /// How many keys are remembered.
    #[must_use]
    pub fn len(&self) -> usize {
        self.young.len() + self.old.len()
    }

    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What counts as one peer: an IPv4 address, or the /64 an IPv6 address lies in, for that is what one customer gets.
#[must_use]
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) if !v6.is_loopback() => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_keys_stays_within_two_generations() {
        let mut recent = Recent::new(100);
        for key in 0..10_000 {
            *recent.touch(key, || 0) += 1;
        }
        assert!(recent.len() <= 200, "{} keys are remembered, at most 200 may be", recent.len());
        assert_eq!(recent.peek(&9_999), Some(&1), "the last key is remembered");
        assert_eq!(recent.peek(&0), None, "the first key is forgotten");
    }

    #[test]
    fn a_key_in_use_survives_a_change_of_generation() {
        let mut recent = Recent::new(10);
        for key in 1..1_000 {
            *recent.touch(0, || 0) += 1;
            recent.touch(key, || 0);
        }
        assert_eq!(recent.peek(&0), Some(&999), "a key touched all the time is never forgotten");
    }

    #[test]
    fn one_ipv6_customer_is_one_peer() {
        let of = |text: &str| network_of(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"), "the same /64 is the same peer");
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"), "another /64 is another peer");
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"), "a mapped address is its IPv4 address");
        assert!(of("::1").is_loopback(), "loopback stays loopback");
    }
}
