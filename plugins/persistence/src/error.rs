//! Why a data directory cannot be opened: one sentence each, for whoever starts the server.

use std::io;
use std::path::PathBuf;

/// Why [`crate::Store::open`] refuses.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory cannot be made, or nothing can be written there.
    #[error("cannot write to the data directory {}: {cause}", path.display())]
    Unwritable {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Another process, or another store of this one, has it open.
    #[error("the data directory {} is in use by another server", path.display())]
    InUse {
        /// The directory.
        path: PathBuf,
    },
    /// A newer build has changed the database already.
    #[error(
        "the database in {} is from a newer version: it has migration {found}, this build knows {known}",
        path.display()
    )]
    Newer {
        /// The directory.
        path: PathBuf,
        /// The first migration this build does not know.
        found: i64,
        /// The last one it knows.
        known: i64,
    },
    /// A migration this build knows was applied with another text, or left half done.
    #[error("the database in {} was made by a different build: migration {migration} differs", path.display())]
    Differs {
        /// The directory.
        path: PathBuf,
        /// The migration.
        migration: i64,
    },
    /// SQLite cannot read or write it: not a database, damaged, no space left.
    #[error("the database in {} cannot be opened: {cause}", path.display())]
    Database {
        /// The directory.
        path: PathBuf,
        /// What SQLite said.
        cause: String,
    },
    /// The system gives no thread.
    #[error("cannot start the store's threads: {0}")]
    Threads(io::Error),
}
