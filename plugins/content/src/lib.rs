//! What designers write: RON files parsed, cross-checked and hashed into one [`Content`].

mod content;
mod table;

pub mod def;

pub use content::Content;
pub use table::{Id, Link, Table};
