//! Addresses whose connections were closed for what they sent: they wait before they may come again, longer each time.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

/// Closes of one address that cost no wait: a client with a defect comes back, and others may share its address.
const FREE: u32 = 3;
/// The first wait; each further close doubles it.
const WAIT_MIN: Duration = Duration::from_secs(1);
const WAIT_MAX: Duration = Duration::from_secs(60);
/// So long after its last one an address is as good as any.
const FORGIVEN_AFTER: Duration = Duration::from_secs(300);
/// Addresses remembered at once. Where more misbehave, the one whose last close is the longest ago is forgotten.
const ADDRESSES_MAX: usize = 4_096;

/// By address: an IPv6 /64 is one, for it has its holder's whole network. This machine is none, as no stranger sends from it.
#[derive(Debug, Default)]
pub(super) struct Penalties(HashMap<IpAddr, Penalty>);

#[derive(Clone, Copy, Debug)]
struct Penalty {
    closes: u32,
    last_at: Duration,
}

impl Penalty {
    fn ends_at(self) -> Duration {
        let doublings = self.closes.saturating_sub(FREE + 1).min(16);
        let wait =
            if self.closes > FREE { WAIT_MIN.saturating_mul(1 << doublings).min(WAIT_MAX) } else { Duration::ZERO };
        self.last_at + wait
    }

    fn is_forgiven(self, now: Duration) -> bool {
        now.saturating_sub(self.last_at) >= FORGIVEN_AFTER
    }
}

/// Who is held for one and the same; nobody where it is this machine.
fn holder(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        ip if ip.is_loopback() => None,
        IpAddr::V6(ip) => Some(IpAddr::V6((ip.to_bits() & (u128::MAX << 64)).into())),
        ip => Some(ip),
    }
}

impl Penalties {
    /// A connection from there was closed for what it sent.
    pub(super) fn add(&mut self, address: IpAddr, now: Duration) {
        let Some(holder) = holder(address) else { return };
        if !self.0.contains_key(&holder) && self.0.len() >= ADDRESSES_MAX {
            self.0.retain(|_, penalty| !penalty.is_forgiven(now));
            if self.0.len() >= ADDRESSES_MAX
                && let Some(oldest) = self.0.iter().min_by_key(|(_, penalty)| penalty.last_at).map(|(ip, _)| *ip)
            {
                self.0.remove(&oldest);
            }
        }
        let penalty = self.0.entry(holder).or_insert(Penalty { closes: 0, last_at: now });
        if penalty.is_forgiven(now) {
            penalty.closes = 0;
        }
        penalty.closes = penalty.closes.saturating_add(1);
        penalty.last_at = now;
    }

    /// Whether somebody from there has to wait now.
    pub(super) fn holds_off(&self, address: IpAddr, now: Duration) -> bool {
        !self.0.is_empty()
            && holder(address).and_then(|holder| self.0.get(&holder)).is_some_and(|penalty| now < penalty.ends_at())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn each_close_doubles_the_wait_to_a_minute_and_good_conduct_ends_it() {
        let (mut penalties, bad) = (Penalties::default(), ip("192.0.2.1"));
        let (mut now, mut waits) = (Duration::ZERO, Vec::new());
        for _ in 0..12 {
            penalties.add(bad, now);
            let begun = now;
            while penalties.holds_off(bad, now) {
                now += Duration::from_secs(1);
            }
            waits.push((now - begun).as_secs());
        }
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60], "the first ones are free");
        penalties.add(bad, now + FORGIVEN_AFTER);
        assert!(!penalties.holds_off(bad, now + FORGIVEN_AFTER), "after a while it is as good as any");
    }

    #[test]
    fn neighbours_networks_and_this_machine() {
        let mut penalties = Penalties::default();
        for address in ["192.0.2.1", "2001:db8::1", "127.0.0.1", "::1", "::ffff:127.0.0.1"] {
            (0..9).for_each(|_| penalties.add(ip(address), Duration::ZERO));
        }
        let holds_off = |address| penalties.holds_off(ip(address), Duration::from_secs(1));
        assert!(holds_off("192.0.2.1") && holds_off("::ffff:192.0.2.1"), "an address has two spellings");
        assert!(holds_off("2001:db8::77"), "who has one address of a /64 has them all");
        assert!(!holds_off("192.0.2.2") && !holds_off("2001:db8:0:1::1"), "others come in");
        assert!(!holds_off("127.0.0.1") && !holds_off("::1"), "so does this machine");
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_goes_first() {
        let mut penalties = Penalties::default();
        let address = |number: u32| IpAddr::from(std::net::Ipv4Addr::from_bits(0x0a00_0000 + number));
        for number in 0..2 * ADDRESSES_MAX as u32 {
            (0..9).for_each(|_| penalties.add(address(number), Duration::from_millis(number.into())));
        }
        let now = Duration::from_millis(2 * ADDRESSES_MAX as u64);
        assert_eq!(penalties.0.len(), ADDRESSES_MAX, "no more are kept");
        assert!(!penalties.holds_off(address(0), now), "the oldest is forgotten");
        assert!(penalties.holds_off(address(2 * ADDRESSES_MAX as u32 - 1), now), "the newest is not");
    }
}
