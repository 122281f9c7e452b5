//! The log of each shard: what was commanded, what became of it, and the proof that nobody changed it.
//!
//! A shard is its [`Header`] (kind, setup, seed, content) and its commands, step by step; with both the shard can
//! be rebuilt on any machine. So its log serves to go on after a crash, to replay the shard, and to prove what happened.
//!
//! The tick hands over what happened ([`JournalPort`], once a tick, never waiting); [`JournalThread`] writes it, many steps
//! and many logs to a sync, and says how far each log has got ([`LogState`]): what a client must not be sent before it would
//! survive a power failure waits for that, and nothing else does. Every record holds the hash of the one before it; a head
//! signed with Ed25519 closes each segment and the log. [`verify`] finds any change behind a signed head; [`Tail`] is what a
//! server that died has left to go on from. The log of a shard that never ends is written in parts ([`Part`]), each of which can be
//! read without the others: recovery reads the newest.
//!
//! | idea | file |
//! |---|---|
//! | a record's frame: length, checksum, chain | `record.rs` |
//! | what records say | `entry.rs`, `commands.rs` |
//! | pieces of a log, and packing them | `segment.rs` |
//! | parts of a log that never ends, and what one hands on to the next | `part.rs`, `carried_over.rs` |
//! | keys and signatures | `key.rs` |
//! | writing: the tick's side, the thread, one log | `port.rs`, `thread.rs`, `syncs.rs`, `packing.rs`, `open_log.rs`, `log_state.rs`, `write_error.rs` |
//! | reading, checking, what a crash has left | `reader.rs`, `verify.rs`, `tail.rs`, `visitors.rs`, `on_record.rs` |
//! | all steps again, and going on where a crash has left a shard | `replay/` |
//! | the journal as a bevy plugin | `plugin.rs` |
//! | where logs lie, and for how long | `folder.rs`, `config.rs`, `files.rs` |
//!
//! `LOG.md` beside this file's folder describes the format byte by byte.

mod carried_over;
mod commands;
mod config;
mod entry;
mod error;
mod files;
mod folder;
#[cfg(any(test, feature = "fuzzing"))]
pub mod fuzzing;
mod key;
mod log_state;
mod on_record;
mod open_log;
mod packing;
mod part;
mod plugin;
mod port;
mod reader;
mod record;
mod replay;
mod segment;
mod syncs;
mod tail;
#[cfg(test)]
mod tests;
mod thread;
mod verify;
mod visitors;
mod write_error;

pub use config::{JournalConfig, PartLimits, Retention};
pub use entry::{
    Close, EndedVisit, Entry, FORMAT, GrantsEntry, HeadEntry, Header, PromiseEntry, SnapshotEntry, TickEntry,
    VisitEntry,
};
pub use error::{LogError, RecordError};
pub use files::write_secret;
pub use folder::JournalFolder;
pub use key::{KeyError, PublicKey, SigningKey};
pub use log_state::LogState;
pub use on_record::{VisitsOnRecord, visits_on_record};
pub use part::{LogId, Part};
pub use plugin::{JournalPlugin, OpenError, RecordingConfig};
pub use port::{JournalHealth, JournalPort, Recorder};
pub use reader::{CutOff, LogReader, ReadEntry};
pub use record::RecordHash;
pub use replay::{Divergence, Replay, ReplayError, Replayed, Resumed, resume};
pub use tail::Tail;
pub use thread::{JournalThread, JournalWatch};
pub use verify::{PartsVerified, Verified, verify, verify_parts};
pub use visitors::Visit;
