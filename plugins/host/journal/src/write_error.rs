//! Which faults pass by themselves, and which leave nothing to trust.

use std::io;

use nix::errno::Errno;

/// Why nothing more gets to the disk.
#[derive(Debug)]
pub(crate) enum WriteError {
    /// It does not work now: there is no room, no free descriptor, no memory. What was to be written is kept and tried
    /// again.
    Passing(io::Error),
    /// The disk failed. What it has of what it was given is unknown, so nothing is ever acknowledged any more.
    Broken(io::Error),
}

impl WriteError {
    /// What a failed try to open or write a file means.
    pub(crate) fn of_write(error: io::Error) -> Self {
        if passes(&error) { Self::Passing(error) } else { Self::Broken(error) }
    }

    /// What a failed sync means. After a failure the system has forgotten what it could not write, and a second try would
    /// succeed without it; only one that was never begun can be tried again.
    pub(crate) fn of_sync(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::Interrupted => Self::Passing(error),
            _ => Self::Broken(error),
        }
    }
}

/// Whether a failed try to open, read or write a file says nothing about the disk: another try may succeed, and the failed
/// one has left nothing that the next does not write over.
pub(crate) fn passes(error: &io::Error) -> bool {
    // EFBIG: the limit of a process on the size of its files, which its operator can raise.
    const PASSING: [Errno; 10] = [
        Errno::EMFILE,
        Errno::ENFILE,
        Errno::ENOBUFS,
        Errno::ENOMEM,
        Errno::ENOSPC,
        Errno::EDQUOT,
        Errno::EFBIG,
        Errno::EINTR,
        Errno::EAGAIN,
        Errno::ETIMEDOUT,
    ];
    match error.raw_os_error() {
        Some(number) => PASSING.contains(&Errno::from_raw(number)),
        None => matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing_about_the_disk_passes_and_a_disk_that_fails_does_not() {
        for passing in [Errno::EMFILE, Errno::ENFILE, Errno::ENOBUFS, Errno::ENOSPC, Errno::EINTR, Errno::EAGAIN] {
            let trouble = WriteError::of_write(passing.into());
            assert!(matches!(trouble, WriteError::Passing(_)), "{passing} is tried again: {trouble:?}");
        }
        for broken in [Errno::EIO, Errno::EROFS, Errno::EBADF, Errno::ENODEV] {
            let trouble = WriteError::of_write(broken.into());
            assert!(matches!(trouble, WriteError::Broken(_)), "{broken} is the end: {trouble:?}");
        }
        for unknown in [Errno::EIO, Errno::ENOSPC, Errno::EDQUOT] {
            let trouble = WriteError::of_sync(unknown.into());
            assert!(
                matches!(trouble, WriteError::Broken(_)),
                "a sync that failed with {unknown} has lost bytes: {trouble:?}"
            );
        }
    }
}
