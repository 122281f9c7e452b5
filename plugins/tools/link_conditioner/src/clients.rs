//! Who talks through the proxy.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use mio::net::UdpSocket;

/// Who says and hears nothing for so long is gone. Longer than anything can be under way.
const SILENCE_MAX: Duration = Duration::from_secs(60);
/// How often it is asked who is gone.
const SWEEP_INTERVAL: Duration = Duration::from_secs(10);

pub(crate) struct Client {
    pub(crate) address: SocketAddr,
    /// What the server knows it by.
    pub(crate) upstream: UdpSocket,
    pub(crate) heard_at: Duration,
}

/// Clients by key and by address. Keys count up from 0 in the order clients first spoke; those of the gone are used again.
#[derive(Default)]
pub(crate) struct Clients {
    places: Vec<Option<Client>>,
    vacant: Vec<u32>,
    keys: HashMap<SocketAddr, u32>,
    swept_at: Duration,
}

impl Clients {
    pub(crate) fn count(&self) -> usize {
        self.keys.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Client> {
        self.places.iter().flatten()
    }

    /// The keys of all that are there.
    pub(crate) fn keys(&self) -> Vec<u32> {
        self.keys.values().copied().collect()
    }

    pub(crate) fn key_of(&self, address: SocketAddr) -> Option<u32> {
        self.keys.get(&address).copied()
    }

    pub(crate) fn with(&self, key: u32) -> Option<&Client> {
        self.places.get(key as usize)?.as_ref()
    }

    pub(crate) fn with_mut(&mut self, key: u32) -> Option<&mut Client> {
        self.places.get_mut(key as usize)?.as_mut()
    }

    /// The key that the next one admitted gets.
    pub(crate) fn next_key(&self) -> u32 {
        self.vacant.last().copied().unwrap_or(self.places.len() as u32)
    }

    pub(crate) fn admit(&mut self, client: Client) {
        let key = self.next_key();
        self.keys.insert(client.address, key);
        if self.vacant.pop().is_none() {
            self.places.push(None);
        }
        if let Some(place) = self.places.get_mut(key as usize) {
            *place = Some(client);
        }
    }

    /// Forgets those that are gone, and says under which keys. Looks every ten seconds only.
    pub(crate) fn sweep(&mut self, now: Duration) -> Vec<u32> {
        let mut gone = Vec::new();
        if now < self.swept_at + SWEEP_INTERVAL {
            return gone;
        }
        self.swept_at = now;
        for (key, place) in (0..).zip(&mut self.places) {
            if let Some(client) = place.take_if(|client| now > client.heard_at + SILENCE_MAX) {
                self.keys.remove(&client.address);
                gone.push(key);
            }
        }
        self.vacant.extend(&gone);
        gone
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conditions::LinkConditions;

    const fn s(s: u64) -> Duration {
        Duration::from_secs(s)
    }

    fn admitted(clients: &mut Clients, port: u16, heard_at: Duration) -> u32 {
        let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
        let upstream = UdpSocket::bind(loopback).expect("the loopback has ports");
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        clients.admit(Client { address, upstream, heard_at });
        clients.key_of(address).expect("it was just admitted")
    }

    #[test]
    fn the_silent_make_room_and_the_others_stay() {
        let mut clients = Clients::default();
        let keys = [(1, 0), (2, 5), (3, 0)].map(|(port, heard_at)| admitted(&mut clients, port, s(heard_at)));
        assert_eq!(keys, [0, 1, 2], "keys count up in the order of arrival");
        clients.with_mut(2).expect("it is there").heard_at = s(30);
        assert_eq!(clients.sweep(s(60)), [], "nobody was silent for longer than a minute");
        assert_eq!(clients.sweep(s(69)), [], "nor is it asked again at once");
        assert_eq!(clients.sweep(s(70)), [0, 1], "those who were are gone");
        assert!(clients.with(0).is_none() && clients.with(2).is_some(), "and only those");
        assert_eq!(clients.key_of(SocketAddr::from(([127, 0, 0, 1], 1))), None, "their addresses are strangers now");
        let again = [4, 5, 6].map(|port| admitted(&mut clients, port, s(70)));
        assert_eq!(again, [1, 0, 3], "their keys are used again before new ones");
        assert_eq!(clients.count(), 4, "all are counted");
    }

    #[test]
    fn nothing_is_under_way_to_somebody_who_is_gone() {
        let slowest: LinkConditions = "10s,10s,0%,reorder=100%x10s".parse().expect("the limits are allowed");
        assert!(slowest.delay_max() < SILENCE_MAX, "a key that is used again gets no datagrams of who had it before");
    }
}
