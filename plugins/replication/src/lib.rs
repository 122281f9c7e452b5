//! What a client sees: interest by grid, records and events for each viewer.
//!
//! Once a tick a [`Scene`] is gathered from a shard: everything that can be seen, each thing's record encoded once, in
//! flat arrays sorted by cell. Then each [`Viewer`] picks from the cells around its avatar, nearest first, what
//! obstacles do not hide, and copies encoded records until the datagram is full. No viewer queries the world.
//!
//! What is hidden is not sent: no record, and in events the unseen doer is nobody ([`hypogeum_protocol::NetId::NONE`]).
//! Whoever is dead or out sees no more records, only what concerns everyone.
//!
//! | idea | file |
//! |---|---|
//! | gathering a world | `scene.rs`, `things.rs` |
//! | finding what is near | `cells.rs` |
//! | records as bytes, and how many fit | `datagram.rs` |
//! | what one participant sees | `viewer.rs` |
//! | what one participant hears of | `events.rs` |

mod cells;
mod datagram;
mod events;
mod scene;
mod things;
mod viewer;

pub use scene::Scene;
pub use viewer::Viewer;
