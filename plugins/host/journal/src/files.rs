//! Files that are there whole or not at all.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use hypogeum_crash::crash_point;

/// The ending of what is not whole yet. Whoever finds one left behind may remove it.
pub(crate) const PARTIAL_ENDING: &str = "partial";

/// Writes a file so that it has its name only once all of it is on the disk.
pub(crate) fn write_whole(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let partial = path.with_extension(PARTIAL_ENDING);
    write_synced(&partial, write)?;
    crash_point!("segment_packed");
    fs::rename(&partial, path)?;
    sync_parent(path)
}

/// Writes a file and waits until the disk has it. A try that failed leaves nothing: it would take room from the next.
pub(crate) fn write_synced(path: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let written = File::create(path).and_then(|mut file| {
        write(&mut file)?;
        file.sync_all()
    });
    if written.is_err() {
        // It was not made, or the next start removes it.
        let _ = fs::remove_file(path);
    }
    written
}

/// Writes a secret that only its owner may read, whole or not at all.
///
/// # Errors
/// Where the folder cannot be written to.
pub fn write_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = path.with_extension(PARTIAL_ENDING);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&partial, path)?;
    sync_parent(path)
}

/// Waits until what a folder holds is what the disk holds.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// [`sync_folder`] of the folder something lies in.
pub(crate) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| {
        let here = Path::new(".");
        sync_folder(if folder.as_os_str().is_empty() { here } else { folder })
    })
}
