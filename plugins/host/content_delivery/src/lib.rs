//! What clients need of the content, so that they need not bring it along: blobs of JSON, each known by its hash, and a manifest of them.
//!
//! | blob | what is in it |
//! |---|---|
//! | `tables/FOLDER` | the definitions of a folder by their keys, with the numbers that a client shows or predicts by |
//! | `names/LOCALE` | what things are called in a language, by the ids of messages: `item-medkit`, `npc-wolf` |
//! | `numbers/mode/KEY`, `numbers/zone/KEY` | the keys that the numbers of snapshots mean in a match of that mode, or in that place |
//! | `numbers/items` | the same in games that no file describes |
//! | `numbers/shard/ID` | the same in a match or place that goes on with older content, where that makes a difference |
//!
//! A [`ContentSet`] is all blobs of one content; [`PublishedContent`] is the set that counts now, with some earlier ones: a client
//! asks for the [`Manifest`] of what has changed since the one it has, and fetches the blobs that it does not know.
//!
//! What a player is to find out is in no blob: loot, spawners, rooms, doors, triggers and behaviours.
//!
//! | idea | file |
//! |---|---|
//! | a blob and its hash | `blob.rs` |
//! | tables of definitions | `tables.rs` |
//! | those of tournaments, ladders and boards | `tables/contests.rs` |
//! | names in each language | `names.rs` |
//! | what numbers mean | `numbers.rs` |
//! | all blobs of a content | `set.rs` |
//! | what is said of them | `manifest.rs` |
//! | the set that counts now | `published.rs` |

mod blob;
mod manifest;
mod names;
mod numbers;
mod published;
mod set;
mod tables;

pub use blob::ContentBlob;
pub use manifest::{BlobEntry, Manifest};
pub use published::{EARLIER_SETS_MAX, PublishedContent};
pub use set::ContentSet;
