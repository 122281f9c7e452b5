//! Bad links on demand: what lies between a client and a server, made as bad as it gets, and the same from the same seed.
//!
//! - [`LinkConditions`] say how bad, and read what people type: `100ms,15ms,2%`.
//! - A [`Link`] is one direction, without sockets and clock: datagrams go in with the time, and come out when they are
//!   due. It carries any number of clients, each under a key of its own, so a swarm of bots needs two of them
//!   ([`Link::pair`]) and no second hop: push what is received into one, what is to be sent into the other, and wait no
//!   longer than [`Link::next_due`].
//! - A [`UdpProxy`] puts a pair between real sockets, on a thread of its own.
//! - A [`TcpProxy`] stands between the two ends of TCP connections, as to a database: slow, silent, or cut.
//!
//! What happens to a datagram depends on the seed, its key and its ordinal number under that key alone: not on the time,
//! not on what it says, and not on what other clients send meanwhile.
//!
//! # Example
//! ```
//! use std::time::Duration;
//!
//! use hypogeum_link_conditioner::{Link, LinkConditions};
//!
//! let conditions: LinkConditions = "100ms,0ms,0%".parse()?;
//! let mut link = Link::new(conditions, 7);
//! link.push(Duration::ZERO, 0, b"hello");
//! assert_eq!(link.next_due(), Some(Duration::from_millis(100)));
//! assert!(link.pop_due(Duration::from_millis(99)).is_none());
//! assert_eq!(link.pop_due(Duration::from_millis(100)).map(|out| out.bytes.to_vec()), Some(b"hello".to_vec()));
//! # Ok::<(), hypogeum_link_conditioner::ConditionsError>(())
//! ```

mod capture;
mod clients;
mod conditions;
mod delivery;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod link;
mod rng;
mod share;
mod tcp_proxy;
mod text;
mod udp_proxy;
mod worker;

pub use conditions::{Bursts, ConditionsError, Field, LinkConditions, PRESETS};
pub use link::{Due, KEYS_MAX, Link, LinkCounters, Pushed, QueueLimits};
pub use share::Share;
pub use tcp_proxy::{TcpProxy, TcpProxyCounters};
pub use udp_proxy::{CLIENTS_MAX, CUT_MAX, Direction, UdpProxy, UdpProxyCounters};
