//! How upgraded sockets come to the workers.

use std::collections::BTreeMap;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hypogeum_envelope::Codec;
use hypogeum_metering::announced_network_of;
use parking_lot::Mutex;
use rustls::ServerConnection;

use crate::config::WebSocketConfig;
use crate::counters::{SharedCounters, WebSocketCounters};
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

/// As many sockets are open as may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRoom {
    /// In all.
    #[error("as many WebSockets are open as may be")]
    InAll,
    /// Of this address.
    #[error("as many WebSockets are open as one address may have")]
    OfAddress,
    /// Of its network.
    #[error("as many WebSockets are open as one network may have")]
    OfNetwork,
}

/// The way in. Cheap to clone, and usable from any thread.
#[derive(Clone, Debug)]
pub struct Door {
    places: Arc<Places>,
    mailboxes: Arc<[Mailbox]>,
    next: Arc<AtomicUsize>,
    counters: SharedCounters,
}

impl Door {
    pub(crate) fn new(config: &WebSocketConfig, mailboxes: Arc<[Mailbox]>, counters: SharedCounters) -> Self {
        let places = Places {
            all_max: config.connections_max,
            address_max: config.connections_per_address_max,
            network_max: config.connections_per_network_max,
            taken: Mutex::default(),
        };
        Self { places: Arc::new(places), mailboxes, next: Arc::default(), counters }
    }

    /// Takes a place for a socket of this address, before it is upgraded. Who finds none is counted.
    ///
    /// # Errors
    /// [`NoRoom`].
    pub fn room_for(&self, address: IpAddr) -> Result<Permit, NoRoom> {
        Places::take(&self.places, Source::of(address)).inspect_err(|no_room| {
            let mut counted = WebSocketCounters::default();
            *counted.turned_away(*no_room) = 1;
            self.counters.settle(&mut counted);
        })
    }

    /// Hands a socket over. One that the system refuses to watch is closed.
    pub fn take(&self, upgraded: Upgraded) {
        let worker = self.next.fetch_add(1, Ordering::Relaxed) % self.mailboxes.len();
        self.mailboxes[worker].leave(Mail::Upgraded(upgraded));
    }
}

/// Whom a socket is counted for.
#[derive(Clone, Copy, Debug)]
struct Source {
    address: IpAddr,
    network: IpAddr,
}

impl Source {
    /// What counts as one address and as one network; nobody where it is this machine.
    fn of(address: IpAddr) -> Option<Self> {
        let network = announced_network_of(address);
        match address.to_canonical() {
            address if address.is_loopback() => None,
            // Whoever has one address of a /64 has all of them.
            IpAddr::V6(address) => {
                Some(Self { address: Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(), network })
            }
            address @ IpAddr::V4(_) => Some(Self { address, network }),
        }
    }
}

#[derive(Debug)]
struct Places {
    all_max: usize,
    address_max: usize,
    network_max: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: BTreeMap<IpAddr, usize>,
    by_network: BTreeMap<IpAddr, usize>,
}

/// A place for one socket; it is free again when this is dropped.
#[derive(Debug)]
pub struct Permit {
    places: Arc<Places>,
    source: Option<Source>,
}

impl Places {
    fn take(places: &Arc<Self>, source: Option<Source>) -> Result<Permit, NoRoom> {
        let mut taken = places.taken.lock();
        if taken.all >= places.all_max {
            return Err(NoRoom::InAll);
        }
        if let Some(Source { address, network }) = source {
            let of = |counts: &BTreeMap<IpAddr, usize>, key: IpAddr| counts.get(&key).copied().unwrap_or(0);
            if of(&taken.by_address, address) >= places.address_max {
                return Err(NoRoom::OfAddress);
            }
            if of(&taken.by_network, network) >= places.network_max {
                return Err(NoRoom::OfNetwork);
            }
            *taken.by_address.entry(address).or_default() += 1;
            *taken.by_network.entry(network).or_default() += 1;
        }
        taken.all += 1;
        Ok(Permit { places: Arc::clone(places), source })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock();
        taken.all -= 1;
        if let Some(Source { address, network }) = self.source {
            give_back(&mut taken.by_address, address);
            give_back(&mut taken.by_network, network);
        }
    }
}

fn give_back(counts: &mut BTreeMap<IpAddr, usize>, key: IpAddr) {
    if let Some(count) = counts.get_mut(&key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(all: usize, address: usize, network: usize) -> Door {
        let config = WebSocketConfig {
            connections_max: all,
            connections_per_address_max: address,
            connections_per_network_max: network,
            ..WebSocketConfig::default()
        };
        Door::new(&config, Arc::from([]), SharedCounters::default())
    }

    #[test]
    fn an_address_has_so_many_places_and_gets_them_back() {
        let door = door(5, 2, 5);
        let room = |address: &str| door.room_for(address.parse().expect("an address"));
        let held: Vec<Permit> = ["2001:db8::1", "2001:db8::2"].map(|address| room(address).expect("room")).into();
        assert_eq!(room("2001:db8::ffff:0:0:3").err(), Some(NoRoom::OfAddress), "a /64 is one address");
        let others: Vec<Permit> = ["192.0.2.1", "::ffff:192.0.2.1"].map(|address| room(address).expect("room")).into();
        assert_eq!(room("192.0.2.1").err(), Some(NoRoom::OfAddress), "however it is written");
        let last = room("127.0.0.1").expect("there is room for one more");
        assert_eq!(room("127.0.0.1").err(), Some(NoRoom::InAll), "this machine has no more than all");
        drop((held, last));
        assert!(room("2001:db8::3").is_ok(), "what is left is free again");
        drop(others);
        let taken = door.places.taken.lock();
        assert!(taken.by_address.is_empty() && taken.by_network.is_empty(), "and nobody is remembered");
    }

    #[test]
    fn a_network_has_so_many_places_and_the_next_one_its_own() {
        let door = door(100, 2, 3);
        let room = |address: &str| door.room_for(address.parse().expect("an address"));
        let first: Vec<Permit> =
            ["192.0.2.1", "192.0.2.1", "192.0.2.2"].map(|address| room(address).expect("room")).into();
        assert_eq!(room("192.0.2.3").err(), Some(NoRoom::OfNetwork), "a /24 has three");
        let neighbours = room("192.0.3.1");
        assert!(neighbours.is_ok(), "the next /24 has its own");
        let sixth: Vec<Permit> = ["2001:db8:1:1::1", "2001:db8:1:2::1", "2001:db8:1:3::1"]
            .map(|address| room(address).expect("room"))
            .into();
        assert_eq!(room("2001:db8:1:4::1").err(), Some(NoRoom::OfNetwork), "a /48 has as many");
        assert!(room("2001:db8:2::1").is_ok(), "and the next its own");
        let local: Vec<Permit> = (0..4).map(|_| room("127.0.0.1").expect("this machine is not counted")).collect();
        let counted = door.counters.now();
        assert_eq!(
            (counted.no_room, counted.no_room_for_address, counted.no_room_for_network),
            (0, 0, 2),
            "whoever finds none is counted"
        );
        drop(first);
        assert!(room("192.0.2.3").is_ok(), "what is left is free again");
        drop((sixth, local));
    }
}
