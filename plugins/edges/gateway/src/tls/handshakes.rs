//! How often hands are shaken: so often by one address, and so often by one network. Who comes sooner is closed before anything is
//! computed for it.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use hypogeum_accounts::{Recent, network_of};
use hypogeum_metering::{Rate, TokenBucket, announced_network_of};
use parking_lot::Mutex;
use serde::Serialize;

use crate::config::{GatewayConfig, HandshakeRates, RateLimit};
use crate::proxies::TrustedProxies;

/// Addresses remembered at least, and as many networks; memory is bounded by twice as many of each.
const SOURCES_MAX: usize = 65_536;

/// Who may shake hands now. This machine always may, and so may trusted proxies, which connect for many.
#[derive(Debug)]
pub(crate) struct Handshakes {
    proxies: TrustedProxies,
    began: Instant,
    seen: Mutex<Seen>,
}

#[derive(Debug)]
struct Seen {
    rates: HandshakeRates,
    addresses: Recent<IpAddr, TokenBucket>,
    networks: Recent<IpAddr, TokenBucket>,
    counts: HandshakeCounts,
}

/// What has become of handshakes since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct HandshakeCounts {
    /// Those after which HTTP began.
    pub(crate) made: u64,
    /// Those that broke off, were no TLS, or took too long.
    pub(crate) failed: u64,
    /// Those that came too soon after others of their address or network.
    pub(crate) refused: u64,
}

impl Handshakes {
    pub(crate) fn new(config: &GatewayConfig) -> Self {
        Self {
            proxies: config.trusted_proxies.clone(),
            began: Instant::now(),
            seen: Mutex::new(Seen::new(config.handshakes)),
        }
    }

    /// Whether hands are shaken with this address now.
    pub(crate) fn admit(&self, address: IpAddr) -> bool {
        let is_counted = !address.to_canonical().is_loopback() && !self.proxies.include(address);
        !is_counted || self.seen.lock().take(address, self.began.elapsed())
    }

    /// A connection that was to shake hands has come so far or has ended, admitted or not.
    pub(crate) fn note_end(&self, is_made: bool) {
        let counts = &mut self.seen.lock().counts;
        let count = if is_made { &mut counts.made } else { &mut counts.failed };
        *count += 1;
    }

    pub(crate) fn counts(&self) -> HandshakeCounts {
        self.seen.lock().counts
    }
}

impl Seen {
    fn new(rates: HandshakeRates) -> Self {
        Self {
            rates,
            addresses: Recent::new(SOURCES_MAX),
            networks: Recent::new(SOURCES_MAX),
            counts: HandshakeCounts::default(),
        }
    }

    /// Counts one for an address and its network; `false` where it comes too soon.
    fn take(&mut self, address: IpAddr, now: Duration) -> bool {
        let takes = |sources: &mut Recent<IpAddr, TokenBucket>, source, RateLimit { per_s, burst }| {
            let rate = Rate { per_s: per_s.max(1), burst: burst.max(1) };
            sources.touch(source, || TokenBucket::full(rate, now)).take(rate, now).is_ok()
        };
        // In this order: whoever has used up their own takes nothing from their neighbours.
        let is_admitted = takes(&mut self.addresses, network_of(address), self.rates.address)
            && takes(&mut self.networks, announced_network_of(address), self.rates.network);
        self.counts.refused += u64::from(!is_admitted);
        is_admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of a hundred are let in at that time.
    fn admitted(seen: &mut Seen, address: &str, ms: u64) -> usize {
        let address = address.parse().expect("an address");
        (0..100).filter(|_| seen.take(address, Duration::from_millis(ms))).count()
    }

    #[test]
    fn an_address_has_its_own_and_its_network_as_many_as_it_may() {
        let rate = |per_s, burst| RateLimit { per_s, burst };
        let mut seen = Seen::new(HandshakeRates { address: rate(2, 3), network: rate(10, 5) });
        assert_eq!(admitted(&mut seen, "192.0.2.1", 0), 3, "a burst");
        assert_eq!(admitted(&mut seen, "192.0.2.2", 0), 2, "what its network has left, which refusals cost nothing");
        assert_eq!(admitted(&mut seen, "192.0.3.1", 0), 3, "the next network has its own");
        assert_eq!(admitted(&mut seen, "192.0.2.1", 499), 0, "two a second are one in half a second");
        assert_eq!(admitted(&mut seen, "192.0.2.1", 500), 1, "and that is now");
        assert_eq!(admitted(&mut seen, "2001:db8::1", 500), 3, "IPv6 has networks, too");
        assert_eq!(admitted(&mut seen, "2001:db8::ffff:2", 500), 0, "of which a /64 is one address");
        assert_eq!(admitted(&mut seen, "2001:db8:0:1::1", 500), 2, "and a /48 one network");
        assert_eq!(seen.counts.refused, 800 - 14, "who is refused is counted");
    }

    #[test]
    fn this_machine_and_proxies_are_not_counted() {
        let mut config = GatewayConfig::new(([127, 0, 0, 1], 1).into());
        let once = RateLimit { per_s: 1, burst: 1 };
        config.handshakes = HandshakeRates { address: once, network: once };
        config.trusted_proxies = TrustedProxies::new(vec!["198.51.100.0/24".parse().expect("a network")]);
        let handshakes = Handshakes::new(&config);
        for address in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "198.51.100.7"] {
            let address: IpAddr = address.parse().expect("an address");
            assert!((0..100).all(|_| handshakes.admit(address)), "{address} connects for many");
        }
        assert_eq!(handshakes.counts(), HandshakeCounts::default(), "and nobody was refused");
    }
}
