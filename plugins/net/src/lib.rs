//! The UDP edge: the netcode 1.02 handshake and encryption, renet's lanes inside, and a thread that owns the socket.
//!
//! ```text
//!   datagrams ─► socket thread ─► netcode ─► guard ─► renet ─► incoming queue ─► tick
//!   datagrams ◄─ socket thread ◄─ netcode ◄──────── renet ◄─ outgoing queue ◄─ tick
//! ```
//!
//! - [`UdpEdge`] is the server's port. The tick takes [`FromEdge`](hypogeum_protocol::link::FromEdge) from its
//!   `incoming` queue, gives [`ToEdge`](hypogeum_protocol::link::ToEdge) to its `outgoing` one and
//!   [wakes](UdpEdge::wake) it once; nothing waits.
//! - [`TokenMint`] makes the connect tokens that the HTTP edge hands out after login.
//! - [`ClientEnd`] is a client's socket, [`ClientCore`] the same without one.
//! - [`netcode`] is the public standard, without I/O; stock renet and renet_netcode 2.0 speak it at either end.
//!
//! What a hostile peer gets: its connection closed, and a counter. Nothing it sends reaches renet unchecked (renet 2.0.1
//! trusts what it reads), nothing is logged per datagram, and everything that could grow is bounded.
//!
//! What a tick may rely on:
//! - `Opened` comes before any frame of a connection, `Closed` once and last of what is pushed; but the queue hands out
//!   critical items first, so frames may be read after their `Closed` and are to be ignored then.
//! - A reliable message is in the queue once and, on the ordered lane, in order. Where the queue is full it waits; a
//!   connection that sends far more than the tick takes is closed. Unreliable messages are dropped instead.
//! - A second connection of a client id that is connected is ignored, as the standard has it, until the first one is
//!   closed or times out. To let the newer one win, close the older: `ToEdge::Close`.
//! - A connect token opens one connection.

mod allowance;
mod batches;
mod client_end;
mod config;
mod connection;
mod counters;
mod due_times;
mod edge;
mod error;
mod host;
mod lane_inbox;
mod link;
mod mint;
pub mod netcode;
mod renet_guard;
mod renet_wire;
mod worker;

pub use client_end::{ClientCore, ClientEnd, EndReason, EndState};
pub use config::NetConfig;
pub use counters::{Counters, CountersSnapshot, DropReason};
pub use edge::{UdpEdge, Waker};
pub use error::NetError;
pub use link::SendError;
pub use mint::TokenMint;
