//! A connection from either end, without I/O: the netcode 1.02 handshake and encryption, renet's channels and the datagram
//! lane inside. Datagrams and durations go in, datagrams and messages come out; sockets and clocks are their owners'.
//!
//! - [`Server`], [`Client`], [`ConnectToken`]: the public standard; stock renet and renet_netcode 2.0 speak it at either end.
//! - [`Link`]: one connection's renet state behind a guard. Nothing a peer sends reaches renet unchecked (renet 2.0.1 trusts
//!   what it reads).
//! - [`ClientCore`]: a client's end of all of it. A server's end is put together by the owner of the sockets.
//! - [`TokenMint`] makes the connect tokens that are handed out after login.
//!
//! The standard is written from <https://github.com/networkprotocol/netcode/blob/master/STANDARD.md>, and byte compatible with
//! renetcode 2.0. What is stricter than it asks, because a game server faces strangers:
//! - a connect token opens one connection, even from the same address; the memory of used tokens never forgets one
//!   before it expires, and admits nobody when it is full;
//! - what the server sends during a handshake counts its sequence from 2⁶³, so no key meets a nonce twice;
//! - an unanswered address never gets more bytes than it sent: each reply is smaller than what caused it;
//! - every length is checked before anything is decrypted, and nothing unauthenticated keeps a connection alive.

mod client_core;
mod counters;
mod due_times;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod lane_inbox;
mod link;
mod mint;
mod renet_guard;
mod renet_wire;
mod resend_pace;
mod resend_times;
mod standard;
#[cfg(test)]
mod worked;

pub use client_core::{ClientCore, ConnectionState, EndReason};
pub use counters::{Counters, CountersSnapshot, DropReason};
pub use due_times::DueTimes;
pub use link::{LAST_WORDS_MAX, Link, LinkFault, SendError, Side};
pub use mint::TokenMint;
pub use renet_wire::{KINDS as RENET_KINDS, Malformed};
pub use standard::{
    ADDRESSES_MAX, CONNECT_TOKEN_BYTES, Client, ClientKey, ClientState, ConnectToken, DATAGRAM_BYTES_MAX, Ended,
    KEY_BYTES, Received, Registry, Route, SendFn, Server, ServerConfig, ServerOutlet, TokenError, TokenGrant,
};
