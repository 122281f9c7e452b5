//! The data directory: made where it is missing, and locked against a second server.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

use crate::error::OpenError;

const LOCK_FILE: &str = "hypogeum.lock";

/// A directory that is this store's alone. The system lets go of it however the process ends.
#[derive(Debug)]
pub(crate) struct DataDirLock(File);

impl Drop for DataDirLock {
    /// Lets go at once. Closing the file would not do: a process being started elsewhere in this one holds copies of
    /// all open files until it has become another program, and the lock with them.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the data directory stays locked until this process ends");
        }
    }
}

/// Takes the directory; until the lock is dropped, nobody else gets it.
pub(crate) fn lock_directory(path: &Path) -> Result<DataDirLock, OpenError> {
    let unwritable = |cause: io::Error| OpenError::Unwritable { path: path.to_owned(), cause };
    create_private(path).map_err(unwritable)?;
    let file =
        OpenOptions::new().create(true).write(true).truncate(false).open(path.join(LOCK_FILE)).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(DataDirLock(file)),
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
