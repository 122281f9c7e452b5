//! The UDP edge: the netcode 1.02 handshake and encryption, renet's lanes and the datagram lane inside, and workers that own
//! a socket each.
//!
//! ```text
//!                               ┌─► guard ─► renet ─► incoming queue ─┐
//!   datagrams ─► worker ─► netcode ─────────────────► datagram box ───┴─► tick
//!   datagrams ◄─ worker ◄─ netcode ◄────────────────◄ datagram box ◄──┬── tick
//!                               └──────────── renet ◄─ frame queue ◄──┘
//! ```
//!
//! - [`UdpEdge`] is the server's port: as many sockets as it has workers, among which the system spreads clients by their
//!   addresses. The tick takes connections and messages from the `incoming` queue of its
//!   [link](hypogeum_protocol::link::EdgeLink) and datagrams from its box, gives both to the
//!   [worker of each connection](hypogeum_protocol::link::EdgeLink::out), and [wakes](UdpEdge::wake) the edge once; nothing
//!   waits. What workers must agree on, used tokens and who is connected, they share and ask only during handshakes.
//! - [`TokenMint`] makes the connect tokens that the HTTP edge hands out after login.
//! - [`ClientEnd`] is a client's socket, [`ClientCore`] the same without one. [`ClientEnd::receive_ready`] and
//!   [`ClientEnd::advance`] let one thread drive thousands of them.
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
//! - A datagram is in the box within about 2 ms, at most 120 of one connection per second; what is beyond is dropped, and so is what
//!   finds the box full. Its connection may be unknown yet, or gone: ignore it then.
//! - A second connection of a client id that is connected is ignored, as the standard has it, until the first one is
//!   closed or times out. To let the newer one win, close the older: `ToEdge::Close`.
//! - A connect token opens one connection.

mod allowance;
mod batches;
mod client_core;
mod client_end;
mod config;
mod connection;
mod counters;
mod due_times;
mod edge;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod host;
mod lane_inbox;
mod link;
mod mint;
pub mod netcode;
mod renet_guard;
mod renet_wire;
mod resend_pace;
mod sources;
#[cfg(test)]
mod worked;
mod worker;

pub use client_core::{ClientCore, EndReason, EndState};
pub use client_end::ClientEnd;
pub use config::NetConfig;
pub use counters::{Counters, CountersSnapshot, DropReason};
pub use edge::{UdpEdge, Waker};
pub use error::NetError;
pub use link::SendError;
pub use mint::TokenMint;
