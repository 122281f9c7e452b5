//! What a client sees: interest by cell, pages of records encoded once, events, and what each receiver is known to have.
//!
//! Once a tick a [`Scene`] is gathered from a shard. What can be seen stands in *pages*: up to 64 things of one cell of
//! 32 m, each in a slot it keeps while it stays in the cell, with the tick it came and the tick it last changed. From
//! these a page can say what is new since any tick, and says it in one block of bytes for all who know the same: a
//! datagram is a head and a few copies of such blocks ([`Blocks`]). Its reader needs no history either: a page always says
//! who is in it now.
//!
//! Each [`Viewer`] remembers up to which tick each page has arrived, by the acks of its client, and says again what
//! is not known to have arrived. Where an obstacle stands between its cell and another, or sight ends within one, each
//! thing is tested, and the page is written for this viewer alone.
//!
//! What is hidden is not sent: no record, no page in which only the hidden moved, and in events the unseen doer is nobody
//! ([`hypogeum_protocol::NetId::NONE`]). One who is dead or out sees no more records, only what concerns everyone.
//!
//! | idea | file |
//! |---|---|
//! | gathering a world | `scene.rs`, `things.rs` |
//! | what stands where, and since when | `pages.rs` |
//! | which cells see all of which | `sightlines.rs` |
//! | pages as bytes, once for many | `blocks.rs` |
//! | what has arrived | `ack_tracker.rs` |
//! | what one participant sees | `viewer/`: `eyes.rs`, `passing.rs`, `reliable.rs` |
//! | what happens, and what of it is sent to one participant | `event_log.rs`, `events.rs` |
//! | what a kind tells, in the words of those who read it | `kind_messages.rs` |
//! | snapshots for those without the datagram lane | `viewer/plain.rs`, `datagram.rs` |

mod ack_tracker;
mod blocks;
mod datagram;
mod event_log;
mod events;
mod kind_messages;
mod pages;
mod scene;
mod sightlines;
mod things;
mod viewer;

pub use ack_tracker::FutureAck;
pub use blocks::Blocks;
pub use events::ReliableEvents;
pub use kind_messages::Interpreter;
pub use scene::Scene;
pub use viewer::{Eye, SentDatagram, Viewer};
