//! The WebSocket edge: workers that own the sockets, and a second way to the tick beside UDP's.
//!
//! ```text
//!   HTTP ─► upgraded ─► worker ─► frames ─► envelopes ─► our codec ─► incoming queue ─┐
//!                          │         └─ state frames ───────────────► datagram box ───┴─► tick
//!                          │                                         ◄ datagram box ◄─┬── tick
//!                          └◄─ one write ◄─ envelopes ◄─ our codec ◄─ frame queue ◄───┘
//! ```
//!
//! - [`WebSocketEdge`] has no port: whoever answers HTTP hands it sockets that were upgraded, by its [`Door`]. A worker is a
//!   thread that owns its sockets; it meets the tick through the same [link](hypogeum_protocol::link::LentLink) as UDP, and what
//!   is behind it does not know which of the two a client came by.
//! - A socket that came by TLS comes with its session, and the worker goes on with it: all that a tick says to one client is encrypted
//!   into one buffer and still leaves in one write. Only as much is encrypted as the socket may take soon: what is, cannot be replaced.
//! - Who somebody is a [`Doorkeeper`] says, asked by the token of the first message.
//! - What is said is `hypogeum-envelope`'s: an envelope becomes a message of our own codec here, and back. State is the bytes of the
//!   datagram lane, as they are.
//!
//! A host's app gets it as a [`WebSocketPlugin`], which wakes the workers after each tick.
//!
//! What a client that does not read costs: its newest state waits, and the older one is dropped; what must arrive waits up to
//! [`WebSocketConfig::waiting_bytes_max`], and within [`WebSocketConfig::unread_max`] the connection is closed. What a hostile one
//! gets: its connection closed with a [`CloseCode`], and a counter. Nothing is logged per message.

mod config;
mod connection;
mod counters;
mod door;
mod doorkeeper;
mod edge;
mod error;
mod hello;
mod incoming;
mod outbox;
mod outgoing;
mod plugin;
mod sweep;
mod transport;
mod worker;

pub use config::WebSocketConfig;
pub use counters::WebSocketCounters;
pub use door::{Door, NoRoom, Permit, Upgraded};
pub use doorkeeper::{Admitted, Answer, Doorkeeper, Refusal};
pub use edge::{Waker, WebSocketEdge};
pub use error::WebSocketError;
pub use hypogeum_envelope::{CloseCode, Credentials};
pub use plugin::WebSocketPlugin;
