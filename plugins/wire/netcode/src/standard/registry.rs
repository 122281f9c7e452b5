//! What the workers of one port must agree on: which tokens were used, who is connected, and who has to wait.

use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use parking_lot::{Mutex, MutexGuard};

use super::TAG_BYTES;
use super::penalties::Penalties;
use super::used_tokens::UsedTokens;
use crate::counters::DropReason;

type Tag = [u8; TAG_BYTES];

/// Used tokens and connected client ids of one port, shared by all its [`Server`](super::Server)s. Asked only during
/// handshakes and where a connection ends.
#[derive(Debug)]
pub struct Registry {
    known: Mutex<Known>,
    clients_max: usize,
}

#[derive(Debug)]
struct Known {
    used_tokens: UsedTokens,
    client_ids: HashSet<u64>,
    penalties: Penalties,
}

impl Registry {
    /// Of a port with so many clients at once.
    #[must_use]
    pub fn new(clients_max: usize) -> Self {
        // Every client may reconnect a few times within the life of a token.
        let used_tokens = UsedTokens::new(clients_max.saturating_mul(4).saturating_add(4_096));
        Self {
            known: Mutex::new(Known { used_tokens, client_ids: HashSet::new(), penalties: Penalties::default() }),
            clients_max,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Every change is one insertion or removal: a panic in between leaves nothing half done.
        self.known.lock()
    }

    /// Whether a token may be presented from `address` now.
    pub(super) fn check(&self, tag: &Tag, address: SocketAddr, now: Duration) -> Result<(), DropReason> {
        let known = self.known();
        if known.penalties.holds_off(address.ip(), now) {
            return Err(DropReason::HeldOff);
        }
        known.used_tokens.check(tag, address)
    }

    /// A connection from there was closed for what it sent.
    pub(super) fn penalize(&self, address: IpAddr, now: Duration) {
        self.known().penalties.add(address, now);
    }

    /// Ties a genuine token to its address. `Ok(false)` where there is no place for its client.
    pub(super) fn bind(
        &self,
        tag: Tag,
        client_id: u64,
        address: SocketAddr,
        expires_unix_s: u64,
    ) -> Result<bool, DropReason> {
        let known = &mut *self.known();
        if known.client_ids.contains(&client_id) {
            return Err(DropReason::AlreadyConnected);
        }
        // Another worker may have seen the token since it was checked.
        known.used_tokens.check(&tag, address)?;
        known.used_tokens.bind(tag, address, expires_unix_s);
        Ok(known.client_ids.len() < self.clients_max)
    }

    /// Lets a client in, spending its token.
    pub(super) fn admit(&self, tag: &Tag, client_id: u64, address: SocketAddr) -> Result<(), DropReason> {
        let known = &mut *self.known();
        if known.client_ids.contains(&client_id) {
            return Err(DropReason::AlreadyConnected);
        }
        if known.client_ids.len() >= self.clients_max {
            return Err(DropReason::ServerFull);
        }
        known.used_tokens.check(tag, address)?;
        known.used_tokens.spend(tag);
        known.client_ids.insert(client_id);
        Ok(())
    }

    /// Lets client ids connect again.
    pub(super) fn release(&self, client_ids: &mut Vec<u64>) {
        if client_ids.is_empty() {
            return;
        }
        let mut known = self.known();
        for client_id in client_ids.drain(..) {
            known.client_ids.remove(&client_id);
        }
    }

    /// Forgets tokens that are refused for their age anyway.
    pub(super) fn expire(&self, unix_s: u64) {
        self.known().used_tokens.expire(unix_s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([192, 0, 2, 1], port))
    }

    #[test]
    fn a_client_has_one_place_until_it_is_released() {
        let registry = Registry::new(2);
        assert_eq!(registry.bind([1; 16], 7, address(1), 10), Ok(true), "there is room");
        assert_eq!(registry.bind([2; 16], 7, address(2), 10), Ok(true), "another token of the client is as good");
        assert_eq!(registry.admit(&[1; 16], 7, address(1)), Ok(()), "the first one gets in");
        assert_eq!(registry.admit(&[2; 16], 7, address(2)), Err(DropReason::AlreadyConnected), "the second waits");
        registry.release(&mut vec![7]);
        assert_eq!(registry.admit(&[1; 16], 7, address(1)), Err(DropReason::TokenReused), "the used token is used");
        assert_eq!(registry.admit(&[2; 16], 7, address(2)), Ok(()), "the other one opens once the place is free");
    }

    #[test]
    fn places_are_counted_for_all_workers_together() {
        let registry = Registry::new(1);
        assert_eq!(registry.bind([1; 16], 1, address(1), 10), Ok(true), "there is one place");
        assert_eq!(registry.bind([2; 16], 2, address(2), 10), Ok(true), "and nobody has it yet");
        assert_eq!(registry.admit(&[1; 16], 1, address(1)), Ok(()), "the first takes it");
        assert_eq!(registry.admit(&[2; 16], 2, address(2)), Err(DropReason::ServerFull), "the second finds none");
        assert_eq!(registry.bind([3; 16], 3, address(3), 10), Ok(false), "the third is told so at once");
    }
}
