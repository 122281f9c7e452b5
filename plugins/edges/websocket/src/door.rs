//! How upgraded sockets come to the workers.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hypogeum_envelope::Codec;
use parking_lot::Mutex;
use rustls::ServerConnection;

use crate::doorkeeper::Doorkeeper;
use crate::worker::{Mail, Mailbox};

/// A socket that speaks HTTP no more.
pub struct Upgraded {
    /// The socket.
    pub stream: TcpStream,
    /// The TLS session that its bytes belong to, if any. Its handshake is over.
    pub tls: Option<Box<ServerConnection>>,
    /// What has been read of it already, after the request, decrypted.
    pub received: Vec<u8>,
    /// What was agreed on.
    pub codec: Codec,
    /// Its place.
    pub permit: Permit,
    /// Who is asked who it is.
    pub doorkeeper: Arc<dyn Doorkeeper>,
}

impl fmt::Debug for Upgraded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upgraded").field("codec", &self.codec).finish_non_exhaustive()
    }
}

/// As many sockets are open as may be, in all or of this address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("as many WebSockets are open as may be, in all or of this address")]
pub struct NoRoom;

/// The way in. Cheap to clone, and usable from any thread.
#[derive(Clone, Debug)]
pub struct Door {
    places: Arc<Places>,
    mailboxes: Arc<[Mailbox]>,
    next: Arc<AtomicUsize>,
}

impl Door {
    pub(crate) fn new(all_max: usize, address_max: usize, mailboxes: Arc<[Mailbox]>) -> Self {
        let places = Places { all_max, address_max, taken: Mutex::default() };
        Self { places: Arc::new(places), mailboxes, next: Arc::default() }
    }

    /// Takes a place for a socket of this address, before it is upgraded.
    ///
    /// # Errors
    /// [`NoRoom`].
    pub fn room_for(&self, address: IpAddr) -> Result<Permit, NoRoom> {
        Places::take(&self.places, source_of(address))
    }

    /// Hands a socket over. One that the system refuses to watch is closed.
    pub fn take(&self, upgraded: Upgraded) {
        let worker = self.next.fetch_add(1, Ordering::Relaxed) % self.mailboxes.len();
        self.mailboxes[worker].leave(Mail::Upgraded(upgraded));
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

#[derive(Debug)]
struct Places {
    all_max: usize,
    address_max: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_source: BTreeMap<IpAddr, usize>,
}

/// A place for one socket; it is free again when this is dropped.
#[derive(Debug)]
pub struct Permit {
    places: Arc<Places>,
    source: Option<IpAddr>,
}

impl Places {
    fn take(places: &Arc<Self>, source: Option<IpAddr>) -> Result<Permit, NoRoom> {
        let mut taken = places.taken.lock();
        let of_source = source.and_then(|source| taken.by_source.get(&source)).copied().unwrap_or(0);
        if taken.all >= places.all_max || of_source >= places.address_max {
            return Err(NoRoom);
        }
        taken.all += 1;
        if let Some(source) = source {
            taken.by_source.insert(source, of_source + 1);
        }
        Ok(Permit { places: Arc::clone(places), source })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock();
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
        let door = Door::new(5, 2, Arc::from([]));
        let room = |address: &str| door.room_for(address.parse().expect("an address"));
        let held: Vec<Permit> = ["2001:db8::1", "2001:db8::2"].map(|address| room(address).expect("room")).into();
        assert_eq!(room("2001:db8::ffff:0:0:3").err(), Some(NoRoom), "a /64 is one address");
        let others: Vec<Permit> = ["192.0.2.1", "::ffff:192.0.2.1"].map(|address| room(address).expect("room")).into();
        assert_eq!(room("192.0.2.1").err(), Some(NoRoom), "however it is written");
        let last = room("127.0.0.1").expect("there is room for one more");
        assert_eq!(room("127.0.0.1").err(), Some(NoRoom), "this machine has no more than all");
        drop((held, last));
        assert!(room("2001:db8::3").is_ok(), "what is left is free again");
        drop(others);
        assert!(door.places.taken.lock().by_source.is_empty(), "and nobody is remembered");
    }
}
