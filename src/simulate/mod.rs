//! Many whole matches of a mode, played by autopilots in this process as fast as it goes: no sockets, no log, no clock.
//!
//! | step | idea | file |
//! |---|---|---|
//! | inside a shard | what is noted while a match is played | `watch.rs` |
//! | one match | built, stepped to its end, written down | `play.rs`, `record.rs` |
//! | many | seeds shared out to threads; the order of threads changes nothing | `batch.rs` |
//! | what comes of it | numbers of each match, and their spread | `measures.rs` |
//! | | tables by NPC, ability, place, table of loot | `tables.rs` |
//! | | what a designer should look at | `findings.rs` |
//! | | the same matches on other content | `compare.rs` |
//! | in words | tables for people, Markdown | `text.rs` |

mod batch;
mod compare;
mod findings;
mod measures;
mod play;
mod record;
mod report;
mod tables;
mod text;
mod watch;

pub(crate) use batch::{Batch, play_all};
pub(crate) use compare::Comparison;
pub(crate) use play::Plan;
pub(crate) use report::Report;
pub(crate) use text::markdown;
