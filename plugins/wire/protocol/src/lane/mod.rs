//! The datagram lane: one datagram a tick in each direction, beside renet's channels and under the same encryption.
//!
//! Up goes [`Up`]: inputs with redundancy, and what has arrived. Down goes a [`DownHead`] followed by areas, the
//! [pages](PageBlock) of the cells around the avatar, and events. Everything in it may be lost, repeated or reordered:
//! a page says who is in it at the datagram's tick, whatever the receiver knew before, and repeats what the sender
//! does not know to have arrived. `PROTOCOL.md` shows every byte.
//!
//! The world is cut into [cells](Cell) of 32 m. What stands in one is kept in pages of up to 64 slots; a thing keeps
//! its slot while it stays in its cell, or no further out of it than a margin. Where it is, where it looks and how it fares is one 32-bit [`Motion`].

mod bytes;
mod down;
mod page;
mod place;
mod up;

pub use bytes::Reader;
pub use down::{DOWN_HEAD_BYTES, DownHead, DownWriter, EVENTS_MAX, read_areas, read_events};
pub use page::{Facet, PAGE_SLOTS, PageBlock, page_check, write_page};
pub use place::{CELL, CELL_MARGIN, Cell, CellBox, Motion};
pub use up::{Ack, Up};
