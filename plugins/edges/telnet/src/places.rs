//! How many connections there are, in all and of one address.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use parking_lot::Mutex;

/// All places.
#[derive(Debug)]
pub(crate) struct Places {
    all_max: usize,
    address_max: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_source: BTreeMap<IpAddr, usize>,
}

/// A place for one connection; it is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    taken: Arc<Mutex<Taken>>,
    source: Option<IpAddr>,
}

impl Places {
    pub(crate) fn new(all_max: usize, address_max: usize) -> Self {
        Self { all_max, address_max, taken: Arc::default() }
    }

    /// A place for somebody at this address; `None` where there is none.
    pub(crate) fn take(&self, address: IpAddr) -> Option<Place> {
        let source = source_of(address);
        let mut taken = self.taken.lock();
        let of_source = source.and_then(|source| taken.by_source.get(&source)).copied().unwrap_or(0);
        if taken.all >= self.all_max || of_source >= self.address_max {
            return None;
        }
        taken.all += 1;
        if let Some(source) = source {
            taken.by_source.insert(source, of_source + 1);
        }
        Some(Place { taken: Arc::clone(&self.taken), source })
    }
}

/// What counts as one address.
fn source_of(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        address if address.is_loopback() => None,
        // Whoever has one address of a /64 has all of them.
        IpAddr::V6(address) => Some(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into()),
        address @ IpAddr::V4(_) => Some(address),
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock();
        taken.all -= 1;
        if let Some(source) = self.source
            && let Some(count) = taken.by_source.get_mut(&source)
        {
            *count -= 1;
            if *count == 0 {
                taken.by_source.remove(&source);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let places = Places::new(5, 2);
        let take = |address: &str| places.take(address.parse().expect("an address"));
        let held: Vec<Place> = ["2001:db8::1", "2001:db8::2"].map(|address| take(address).expect("room")).into();
        assert!(take("2001:db8::ffff:0:0:3").is_none(), "a /64 is one address");
        let others: Vec<Place> = ["192.0.2.1", "::ffff:192.0.2.1"].map(|address| take(address).expect("room")).into();
        assert!(take("192.0.2.1").is_none(), "however it is written");
        let last = take("127.0.0.1").expect("there is room for one more");
        assert!(take("127.0.0.1").is_none(), "this machine has no more than all");
        drop((held, last));
        assert!(take("2001:db8::3").is_some(), "what is left is free again");
        drop(others);
        assert!(places.taken.lock().by_source.is_empty(), "and nobody is remembered");
    }
}
