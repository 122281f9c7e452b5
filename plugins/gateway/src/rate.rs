//! How often one address may ask.

use std::net::{IpAddr, Ipv4Addr};

use hypogeum_accounts::{Recent, network_of};

use crate::config::RateLimit;

/// Addresses remembered at least; memory is bounded by twice as many.
const ADDRESSES_MAX: usize = 16_384;
/// Parts of one token, so that a millisecond's share is a whole number.
const PARTS: u64 = 1_000;

#[derive(Clone, Copy, Debug)]
struct Bucket {
    parts: u64,
    filled_ms: u64,
}

/// A token bucket per address. Times are milliseconds of any clock that does not run backwards.
#[derive(Debug)]
pub(crate) struct Rates {
    stranger: RateLimit,
    loopback: RateLimit,
    buckets: Recent<IpAddr, Bucket>,
}

impl Rates {
    pub(crate) fn new(stranger: RateLimit, loopback: RateLimit) -> Self {
        Self { stranger, loopback, buckets: Recent::new(ADDRESSES_MAX) }
    }

    /// Takes one request's token.
    ///
    /// # Errors
    /// Where there is none: milliseconds until there is.
    pub(crate) fn take(&mut self, address: IpAddr, now_ms: u64) -> Result<(), u64> {
        let address = network_of(address);
        let limit = if address.is_loopback() { self.loopback } else { self.stranger };
        let (per_ms, full) = (u64::from(limit.per_s.max(1)), u64::from(limit.burst.max(1)) * PARTS);
        let bucket = self.buckets.touch(address, || Bucket { parts: full, filled_ms: now_ms });
        let passed_ms = now_ms.saturating_sub(bucket.filled_ms);
        bucket.parts = bucket.parts.saturating_add(passed_ms.saturating_mul(per_ms)).min(full);
        bucket.filled_ms = now_ms;
        match bucket.parts.checked_sub(PARTS) {
            Some(left) => {
                bucket.parts = left;
                Ok(())
            }
            None => Err((PARTS - bucket.parts).div_ceil(per_ms)),
        }
    }
}

/// What guests may ask: each address so much, and all that are not this machine together so much.
#[derive(Debug)]
pub(crate) struct GuestRates {
    each: Rates,
    strangers: Rates,
}

impl GuestRates {
    pub(crate) fn new(each: RateLimit, loopback: RateLimit, strangers: RateLimit) -> Self {
        Self { each: Rates::new(each, loopback), strangers: Rates::new(strangers, strangers) }
    }

    /// As [`Rates::take`].
    pub(crate) fn take(&mut self, address: IpAddr, now_ms: u64) -> Result<(), u64> {
        self.each.take(address, now_ms)?;
        if network_of(address).is_loopback() {
            return Ok(());
        }
        // One bucket for all: that of an address nobody has.
        self.strangers.take(IpAddr::V4(Ipv4Addr::UNSPECIFIED), now_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates() -> Rates {
        Rates::new(RateLimit { per_s: 2, burst: 3 }, RateLimit { per_s: 1_000, burst: 1_000 })
    }

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let (mut rates, address) = (rates(), IpAddr::from([192, 0, 2, 1]));
        for _ in 0..3 {
            assert_eq!(rates.take(address, 0), Ok(()), "the burst is allowed");
        }
        assert_eq!(rates.take(address, 0), Err(500), "then two a second: wait half of one");
        assert_eq!(rates.take(address, 499), Err(1), "a millisecond early is too early");
        assert_eq!(rates.take(address, 500), Ok(()), "half a second later one more is allowed");
        assert_eq!(rates.take(IpAddr::from([192, 0, 2, 2]), 500), Ok(()), "others have buckets of their own");
    }

    #[test]
    fn this_machine_has_a_bucket_of_its_own() {
        let mut rates = rates();
        for _ in 0..1_000 {
            assert_eq!(rates.take(IpAddr::from([127, 0, 0, 1]), 0), Ok(()), "load bots register in bulk");
        }
    }

    #[test]
    fn waiting_long_fills_no_more_than_the_burst() {
        let (mut rates, address) = (rates(), IpAddr::from([192, 0, 2, 1]));
        assert_eq!(rates.take(address, 0), Ok(()), "the first is allowed");
        for _ in 0..3 {
            assert_eq!(rates.take(address, u64::MAX), Ok(()), "the bucket is full again");
        }
        assert!(rates.take(address, u64::MAX).is_err(), "but not fuller than full");
    }

    #[test]
    fn guests_from_many_addresses_share_what_strangers_may_send() {
        let limit = |burst| RateLimit { per_s: 1, burst };
        let mut rates = GuestRates::new(limit(2), limit(100), limit(5));
        let mut ask = |last: u8| rates.take(IpAddr::from([192, 0, 2, last]), 0);
        assert_eq!([ask(1), ask(1), ask(2), ask(3), ask(4)], [Ok(()); 5], "five strangers get in");
        assert_eq!(ask(5), Err(1_000), "the sixth does not, though its address has sent nobody yet");
        for _ in 0..100 {
            assert_eq!(rates.take(IpAddr::from([127, 0, 0, 1]), 0), Ok(()), "this machine's guests count apart");
        }
        assert!(rates.take(IpAddr::from([127, 0, 0, 1]), 0).is_err(), "but they are counted");
    }
}
