//! Opening a data directory: the lock, the database, its migrations.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlitePool};

use crate::error::OpenError;

const DATABASE_FILE: &str = "hypogeum.db";
const LOCK_FILE: &str = "hypogeum.lock";
/// How long a connection waits for another's lock: a backup tool may hold one for a moment.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a request waits for a connection before it is answered with "unavailable".
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections that only read. SQLite has one writer at a time anyway.
const READERS: u32 = 2;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// The connections of one database. Whoever writes waits for the one writer in a queue, not in SQLite's busy loop.
#[derive(Clone, Debug)]
pub(crate) struct Pools {
    pub(crate) writer: SqlitePool,
    pub(crate) reader: SqlitePool,
}

/// A directory that is this store's alone. The system lets go of it however the process ends.
#[derive(Debug)]
pub(crate) struct DirectoryLock(File);

impl Drop for DirectoryLock {
    /// Lets go at once. Closing the file would not do: a process being started elsewhere in this one holds copies of
    /// all open files until it has become another program, and the lock with them.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the data directory stays locked until this process ends");
        }
    }
}

/// Takes the directory; until the lock is dropped, nobody else gets it.
pub(crate) fn lock_directory(path: &Path) -> Result<DirectoryLock, OpenError> {
    let unwritable = |cause: io::Error| OpenError::Unwritable { path: path.to_owned(), cause };
    create_private(path).map_err(unwritable)?;
    let file =
        OpenOptions::new().create(true).write(true).truncate(false).open(path.join(LOCK_FILE)).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(DirectoryLock(file)),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(unwritable(cause)),
    }
}

/// Makes the directory where it is missing, for its owner only: password hashes will lie in it.
fn create_private(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Connects and migrates.
pub(crate) async fn open_database(path: &Path) -> Result<Pools, OpenError> {
    let options = SqliteConnectOptions::new()
        .filename(path.join(DATABASE_FILE))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        .disable_statement_logging();
    let pool = |connections| {
        SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
    };
    let failed = |error: sqlx::Error| OpenError::Database { path: path.to_owned(), cause: error.to_string() };
    let writer = pool(1).connect_with(options.clone()).await.map_err(failed)?;
    MIGRATIONS.run(&writer).await.map_err(|error| migration_error(path, error))?;
    // Not `read_only`: a reader of a write-ahead log must be able to recover it.
    let reader = pool(READERS).connect_with(options.pragma("query_only", "ON")).await.map_err(failed)?;
    Ok(Pools { writer, reader })
}

fn migration_error(path: &Path, error: MigrateError) -> OpenError {
    let path = path.to_owned();
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
    match error {
        MigrateError::VersionMissing(found) => OpenError::Newer { path, found, known },
        MigrateError::VersionMismatch(migration) | MigrateError::Dirty(migration) => {
            OpenError::Differs { path, migration }
        }
        other => OpenError::Database { path, cause: other.to_string() },
    }
}
