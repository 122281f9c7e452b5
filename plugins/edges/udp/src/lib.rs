//! The UDP edge: workers that own a socket each, and in it the server's end of [`hypogeum_netcode`].
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
//! - Its [`TokenMint`](hypogeum_netcode::TokenMint) makes the connect tokens that the HTTP edge hands out after login.
//!
//! A host's app gets it as a [`UdpTransportPlugin`], which is bound first and wakes the edge after each tick.
//!
//! What a hostile peer gets: its connection closed, and a counter. Nothing is logged per datagram, and everything that could
//! grow is bounded.
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

mod batches;
mod config;
mod connection;
mod edge;
mod error;
mod host;
mod plugin;
mod sources;
mod worker;

pub use config::NetConfig;
pub use edge::{UdpEdge, Waker};
pub use error::NetError;
pub use plugin::UdpTransportPlugin;
