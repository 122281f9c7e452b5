//! Who may be connected: so many in all, and so many from one address, so that nobody takes every seat.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hypogeum_accounts::network_of;

/// Open connections by address. Bounded by the connections there are: an address without any is forgotten.
#[derive(Debug)]
pub(crate) struct AddressSeats {
    stranger_max: usize,
    loopback_max: usize,
    taken: Mutex<HashMap<IpAddr, usize>>,
}

/// One open connection; dropping it frees the seat.
#[derive(Debug)]
pub(crate) struct AddressSeat {
    seats: Arc<AddressSeats>,
    address: IpAddr,
}

impl AddressSeats {
    pub(crate) fn new(stranger_max: usize, loopback_max: usize) -> Arc<Self> {
        Arc::new(Self { stranger_max, loopback_max, taken: Mutex::default() })
    }

    // A poisoned lock still guards whole counters.
    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A seat for one more connection from `address`, or none needed; `None` where it has as many as it may.
    pub(crate) fn take_unless(self: &Arc<Self>, is_free: bool, address: IpAddr) -> Option<Option<AddressSeat>> {
        if is_free { Some(None) } else { self.take(address).map(Some) }
    }

    /// A seat for one more connection from `address`; `None` where it has as many as it may.
    pub(crate) fn take(self: &Arc<Self>, address: IpAddr) -> Option<AddressSeat> {
        let address = network_of(address);
        let seats_max = if address.is_loopback() { self.loopback_max } else { self.stranger_max };
        let mut taken = self.taken();
        let count = taken.get(&address).copied().unwrap_or(0);
        if count >= seats_max.max(1) {
            return None;
        }
        taken.insert(address, count + 1);
        Some(AddressSeat { seats: Arc::clone(self), address })
    }
}

impl Drop for AddressSeat {
    fn drop(&mut self) {
        if let Entry::Occupied(mut entry) = self.seats.taken().entry(self.address) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_takes_its_seats_and_no_others() {
        let seats = AddressSeats::new(2, 3);
        let (greedy, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let (first, second) = (seats.take(greedy), seats.take(greedy));
        assert!(first.is_some() && second.is_some(), "two are allowed");
        assert!(seats.take(greedy).is_none(), "a third is not");
        let others = seats.take(other);
        assert!(others.is_some(), "others have seats of their own");
        drop(first);
        assert!(seats.take(greedy).is_some(), "a seat that was left can be taken");
        drop((second, others));
        assert!(seats.taken().is_empty(), "nothing is remembered of those who are gone");
    }
}
