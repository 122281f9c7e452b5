//! Why a database cannot be opened: one sentence each, for the operator.

use std::io;
use std::path::PathBuf;

use crate::place::Place;

/// Why [`crate::Store::open`] or [`crate::Store::connect`] refuses. No sentence holds a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The directory cannot be made, or nothing can be written there.
    #[error("cannot write to the data directory {}: {cause}", path.display())]
    Unwritable {
        /// The data directory.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Another process, or another store of this one, has it open.
    #[error("the data directory {} is in use by another server", path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// A server with another data directory has the database.
    #[error("the database {place} is in use by another server")]
    DatabaseInUse {
        /// Where the database is, without its password.
        place: Place,
    },
    /// The match logs of the directory belong to another database.
    #[error(
        "the data directory {} belongs to another database than the one {place}, so its match logs do, too: name that \
         database, or another data_dir (one without {} belongs to any)",
        path.display(),
        file.display()
    )]
    OtherDatabase {
        /// Where the database is, without its password.
        place: Place,
        /// The data directory.
        path: PathBuf,
        /// The file that says so.
        file: PathBuf,
    },
    /// A pooler gives each transaction another session, so nobody can hold the database through it.
    #[error(
        "the database {place} is behind a pooler that gives each transaction another session, so no server can hold it: \
         connect to it directly, or set pool_mode = session"
    )]
    Pooled {
        /// Where the database is, without its password.
        place: Place,
    },
    /// What should say where the database is does not.
    #[error("the URL of the database is none: {cause}")]
    Url {
        /// What is wrong with it.
        cause: String,
    },
    /// A newer build has changed the database already.
    #[error("the database {place} is from a newer version: it has migration {found}, this build knows {known}")]
    Newer {
        /// Where the database is, without its password.
        place: Place,
        /// The first migration this build does not know.
        found: i64,
        /// The last one it knows.
        known: i64,
    },
    /// A migration this build knows was applied with another text, or left half done.
    #[error("the database {place} was made by a different build: migration {migration} differs")]
    Differs {
        /// Where the database is, without its password.
        place: Place,
        /// Number of the migration.
        migration: i64,
    },
    /// It cannot be read or written: not there, not a database, damaged, no space left.
    #[error("the database {place} cannot be opened: {cause}")]
    Database {
        /// Where the database is, without its password.
        place: Place,
        /// What it said.
        cause: String,
    },
    /// The system gives no thread.
    #[error("cannot start the store's threads: {0}")]
    Threads(io::Error),
}
