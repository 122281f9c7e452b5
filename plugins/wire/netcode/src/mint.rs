//! Connect tokens for those who log people in.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use hypogeum_protocol::SessionId;
use hypogeum_protocol::link::SessionTicket;

use crate::standard::{self, CONNECT_TOKEN_BYTES, KEY_BYTES, TokenError, TokenGrant};

/// Makes connect tokens for one edge. Cheap to clone, and usable from any thread.
#[derive(Clone)]
pub struct TokenMint(Arc<Press>);

struct Press {
    private_key: [u8; KEY_BYTES],
    protocol_id: u64,
    addresses: Vec<SocketAddr>,
    timeout_s: u32,
    lifetime_s: u32,
}

impl TokenMint {
    /// A mint for servers that hold `private_key` and are called by `addresses`. Clients begin to connect within
    /// `lifetime_s` seconds; connections end after `timeout_s` seconds of silence, 0 for never.
    ///
    /// # Errors
    /// [`TokenError::AddressCount`] where there are none or more than [`standard::ADDRESSES_MAX`].
    pub fn new(
        private_key: [u8; KEY_BYTES],
        protocol_id: u64,
        addresses: Vec<SocketAddr>,
        timeout_s: u32,
        lifetime_s: u32,
    ) -> Result<Self, TokenError> {
        if addresses.is_empty() || addresses.len() > standard::ADDRESSES_MAX {
            return Err(TokenError::AddressCount(addresses.len()));
        }
        Ok(Self(Arc::new(Press { private_key, protocol_id, addresses, timeout_s, lifetime_s })))
    }

    /// A token with fresh keys that lets `session` connect once, from `now_unix_s` (seconds since 1970) on.
    ///
    /// The bytes are those of renetcode's `ConnectToken::write`, filled up with zeros: the client id, then the
    /// standard's public token.
    #[must_use]
    pub fn mint(&self, session: SessionId, ticket: &SessionTicket, now_unix_s: u64) -> [u8; CONNECT_TOKEN_BYTES] {
        let press = &*self.0;
        let grant = TokenGrant {
            client_id: session.0,
            protocol_id: press.protocol_id,
            addresses: &press.addresses,
            timeout_s: i32::try_from(press.timeout_s).unwrap_or(i32::MAX),
            created_unix_s: now_unix_s,
            expires_unix_s: now_unix_s.saturating_add(u64::from(press.lifetime_s)),
            user_data: &ticket.to_user_data(),
        };
        standard::generate(&grant, &press.private_key)
            .expect("the number of addresses was checked, the rest has one size")
    }

    /// The addresses clients are told to connect to, in order.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.0.addresses
    }
}

impl fmt::Debug for TokenMint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The key stays out of logs.
        formatter.debug_struct("TokenMint").field("addresses", &self.0.addresses).finish_non_exhaustive()
    }
}
