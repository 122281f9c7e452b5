//! Which connect tokens were presented, by whom, and whether they opened a connection.

use std::collections::{BTreeSet, HashMap};
use std::net::SocketAddr;

use super::TAG_BYTES;
use crate::counters::DropReason;

type Tag = [u8; TAG_BYTES];

/// Tokens that were presented and have not expired. Bounded: when full it admits no more instead of forgetting one.
#[derive(Debug)]
pub(crate) struct UsedTokens {
    uses: HashMap<Tag, Use>,
    by_expiry: BTreeSet<(u64, Tag)>,
    tokens_max: usize,
}

#[derive(Debug)]
struct Use {
    address: SocketAddr,
    spent: bool,
}

impl UsedTokens {
    pub(crate) fn new(tokens_max: usize) -> Self {
        Self { uses: HashMap::new(), by_expiry: BTreeSet::new(), tokens_max }
    }

    /// Whether the token may still be presented from `address`.
    pub(crate) fn check(&self, tag: &Tag, address: SocketAddr) -> Result<(), DropReason> {
        match self.uses.get(tag) {
            Some(earlier) if earlier.spent || earlier.address != address => Err(DropReason::TokenReused),
            None if self.uses.len() >= self.tokens_max => Err(DropReason::HandshakesBusy),
            _ => Ok(()),
        }
    }

    /// Ties a genuine token that passed [`Self::check`] to its address until it expires.
    pub(crate) fn bind(&mut self, tag: Tag, address: SocketAddr, expires_unix_s: u64) {
        if let std::collections::hash_map::Entry::Vacant(entry) = self.uses.entry(tag) {
            entry.insert(Use { address, spent: false });
            self.by_expiry.insert((expires_unix_s, tag));
        }
    }

    /// The token opened a connection: it opens no other.
    pub(crate) fn spend(&mut self, tag: &Tag) {
        if let Some(entry) = self.uses.get_mut(tag) {
            entry.spent = true;
        }
    }

    /// Forgets tokens that are refused for their age anyway.
    pub(crate) fn expire(&mut self, unix_s: u64) {
        while let Some((expires_unix_s, tag)) = self.by_expiry.first().copied() {
            if expires_unix_s > unix_s {
                break;
            }
            self.by_expiry.pop_first();
            self.uses.remove(&tag);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_its_first_address_and_opens_once() {
        let (here, there): (SocketAddr, SocketAddr) = ("127.0.0.1:1".parse().unwrap(), "127.0.0.1:2".parse().unwrap());
        let mut tokens = UsedTokens::new(2);
        tokens.bind([1; 16], here, 10);
        assert_eq!(tokens.check(&[1; 16], here), Ok(()), "a request may be repeated");
        assert_eq!(tokens.check(&[1; 16], there), Err(DropReason::TokenReused), "but not from elsewhere");
        tokens.spend(&[1; 16]);
        assert_eq!(tokens.check(&[1; 16], here), Err(DropReason::TokenReused), "a spent token opens nothing");

        tokens.bind([2; 16], here, 20);
        assert_eq!(tokens.check(&[3; 16], here), Err(DropReason::HandshakesBusy), "a full memory admits nobody");
        tokens.expire(10);
        assert_eq!(tokens.check(&[3; 16], here), Ok(()), "an expired token makes room");
        assert_eq!(tokens.check(&[2; 16], there), Err(DropReason::TokenReused), "the other one is still known");
    }
}
