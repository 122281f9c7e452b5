//! The telnet edge: a thread that owns its sockets, and a third way to the tick beside UDP's and WebSocket's.
//!
//! ```text
//!   bytes ─► telnet ─► lines ─┬─► dialogue ─► doorkeeper (accounts, rates and lockout of HTTP)
//!     │                       └─► messages of our codec ─► incoming queue ──┐
//!     └◄─ one write ◄─ words in the client's kind ◄─ messages ◄─ frame queue ◄─┴─ tick
//! ```
//!
//! - [`TelnetEdge`] has a port of its own, in the clear or over TLS. Whoever connects talks with a dialogue until they are in: name,
//!   password, character. What it wants to know of accounts it asks a [`Doorkeeper`], who counts what is asked as it counts every other way
//!   in.
//! - In the world a line is a [`WorldCommand::Line`](hypogeum_world_messages::WorldCommand::Line), which the place reads; what the place
//!   tells is words already, in the language of the person. So telnet knows no rules, and none of the world's words.
//! - A WebSocket that speaks as MUDs do ([`Subprotocol`]) comes by its [`Door`], and is a connection like all others from then on.
//! - Its clients see no map: [`LentLink::show_no_state`](hypogeum_protocol::link::LentLink::show_no_state) spares the tick all that.
//! - Telnet itself is in `protocol/`: options by RFC 1143, `ECHO`, `NAWS`, `TTYPE` with MTTS, `CHARSET`, `EOR` and `GA`, GMCP, MSSP. How
//!   it looks from outside: `PROTOCOL.md` beside this crate.
//!
//! A host's app gets it as a [`TelnetPlugin`], which wakes the thread after each tick.
//!
//! What a hostile client gets: its connection closed, and a counter. A line has 512 bytes, a subnegotiation 4 KiB, a connection eight lines
//! and twenty commands of telnet a second; longer and more is dropped, and what goes on so is closed. Who does not read is closed within
//! [`TelnetConfig::unread_max`], or once [`TelnetConfig::waiting_bytes_max`] wait. Nothing is logged per line.

mod config;
mod connection;
mod counters;
mod dialogue;
mod door;
mod doorkeeper;
mod edge;
mod error;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod incoming;
mod outgoing;
mod phrase;
mod places;
mod play;
mod plugin;
mod protocol;
mod sweep;
mod transport;
mod wire;
mod worker;

pub use config::TelnetConfig;
pub use counters::TelnetCounters;
pub use door::{Door, Permit, Upgraded};
pub use doorkeeper::{Answer, Answered, Arguments, Ask, Doorkeeper, Origin, Refusal, Words};
pub use edge::{TelnetEdge, Waker};
pub use error::TelnetError;
pub use phrase::MESSAGES;
pub use plugin::TelnetPlugin;
pub use wire::Subprotocol;
