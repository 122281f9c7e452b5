//! What designers write: RON files parsed, cross-checked and hashed into one [`Content`].
//!
//! [`Content::load`] reads a folder, [`Content::from_files`] takes the same files from memory; both answer with
//! everything that is wrong at once, each error at its line and column. What they accept is safe to simulate: no
//! interval of zero, no exit that never opens, no reference that leads nowhere.
//!
//! A match runs on a [`ContentPack`]: its mode and what that reaches, written from what was parsed, so that it can be
//! kept, and read again when the files are others.
//!
//! In: one definition a file, `assets/<folder>/<key>.ron`. Out: tables in key order, links resolved to places in them.
//! Reading files is all the input this crate has, and only `load.rs` does it.

mod check;
mod content;
mod error;
mod files;
mod form;
mod lint;
mod load;
mod locate;
mod nearest;
mod pack;
mod reach;
mod renumber;
mod report;
mod review;
mod table;

pub mod def;
pub mod limits;
pub mod texts;

pub use check::FOLDERS;
pub use content::{Content, OwnError};
pub use error::{ContentError, Severity};
pub use nearest::nearest;
pub use pack::{ContentPack, PackError};
pub use report::{CheckReport, check_form};
pub use table::{Id, Link, Table};
