//! The public netcode 1.02 standard, without I/O: bytes and durations in, bytes out.
//!
//! Written from <https://github.com/networkprotocol/netcode/blob/master/STANDARD.md>, and byte compatible with renetcode
//! 2.0. What is stricter than the standard asks, because a game server faces strangers:
//! - a connect token opens one connection, even from the same address; the memory of used tokens never forgets one
//!   before it expires, and admits nobody when it is full;
//! - what the server sends during a handshake counts its sequence from 2⁶³, so no key meets a nonce twice;
//! - an unanswered address never gets more bytes than it sent: each reply is smaller than what caused it;
//! - every length is checked before anything is decrypted, and nothing unauthenticated keeps a connection alive.

mod client;
mod client_key;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod fuzzing;
mod handshake;
mod handshake_budget;
mod packet;
mod penalties;
mod registry;
mod replay;
mod route;
mod seal;
mod server;
mod token;
mod used_tokens;

use std::time::Duration;

pub use client::{Client, ClientState, Ended};
pub use client_key::ClientKey;
pub use registry::Registry;
pub use route::Route;
pub use server::{Received, Server, ServerConfig};
pub use token::{ConnectToken, TokenError, TokenGrant};

pub(crate) use token::generate;

/// Where a client's packets go: called once per datagram.
pub type SendFn<'a> = dyn FnMut(std::net::SocketAddr, &[u8]) + 'a;
/// Where a server's packets go: called once per datagram.
pub type ServerOutlet<'a> = dyn FnMut(Route, &[u8]) + 'a;

/// Bytes of every key.
pub const KEY_BYTES: usize = 32;
/// Bytes of a connect token as handed to a client; what is not needed is zero.
pub const CONNECT_TOKEN_BYTES: usize = 2_048;
/// Largest datagram of the standard's renet dialect.
pub const DATAGRAM_BYTES_MAX: usize = 1_400;
/// Server addresses one token can name.
pub const ADDRESSES_MAX: usize = 32;

pub(crate) const VERSION: &[u8; 13] = b"NETCODE 1.02\0";
pub(crate) const TAG_BYTES: usize = 16;
pub(crate) const PRIVATE_BYTES: usize = 1_024;
pub(crate) const CHALLENGE_BYTES: usize = 300;
pub(crate) const TOKEN_NONCE_BYTES: usize = 24;
/// Where sequences of the handshake begin: see the module's documentation.
pub(crate) const HANDSHAKE_SEQUENCE: u64 = 1 << 63;
/// Copies of a disconnect packet: it is never acknowledged, and a lost one costs the peer its timeout.
pub(crate) const DISCONNECT_COPIES: usize = 3;

/// Silence after which a peer is told that we are still here: ten times in its timeout, so that lost ones matter little and
/// ten thousand idle connections cost little.
pub(crate) fn keep_alive_every(timeout: Option<Duration>) -> Duration {
    const AT_LEAST: Duration = Duration::from_millis(250);
    const AT_MOST: Duration = Duration::from_secs(1);
    timeout.map_or(AT_MOST, |timeout| (timeout / 10).clamp(AT_LEAST, AT_MOST))
}

/// Fresh bytes nobody can guess.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests;
