//! Where logs lie: `running/<number>/` has the segments of each that is written, `finished/match-<number>.log` is one file
//! for each that is over.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use hypogeum_crash::crash_point;
use hypogeum_protocol::{MatchId, ShardId};

use crate::config::Retention;
use crate::files::{PARTIAL_ENDING, sync_folder, sync_parent, write_synced, write_whole};
use crate::reader::{OPEN_ENDING, PACKED_ENDING, segment_paths};
use crate::segment::{self, HEAD_BYTES, SegmentHead};

const RUNNING: &str = "running";
const FINISHED: &str = "finished";

/// The two folders.
#[derive(Clone, Debug)]
pub struct JournalFolder(PathBuf);

impl JournalFolder {
    /// Makes the folders where they are missing, and removes what an earlier run left half made.
    ///
    /// # Errors
    /// Where they cannot be made or read.
    pub fn open(path: PathBuf) -> io::Result<Self> {
        let folder = Self(path);
        for part in [RUNNING, FINISHED] {
            fs::create_dir_all(folder.0.join(part))?;
        }
        sync_folder(&folder.0)?;
        sync_parent(&folder.0)?;
        for entry in fs::read_dir(folder.0.join(FINISHED))? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == PARTIAL_ENDING) {
                fs::remove_file(path)?;
            }
        }
        Ok(folder)
    }

    /// Where the segments of a shard's log lie while it is written.
    #[must_use]
    pub fn running(&self, shard_id: ShardId) -> PathBuf {
        self.0.join(RUNNING).join(shard_id.to_string())
    }

    /// Where a shard's log lies once it is over.
    #[must_use]
    pub fn finished(&self, shard_id: ShardId) -> PathBuf {
        self.0.join(FINISHED).join(format!("match-{shard_id}.log"))
    }

    /// Shards whose logs were not put away, in order.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn unfinished(&self) -> io::Result<Vec<ShardId>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.0.join(RUNNING))? {
            let name = entry?.file_name();
            if let Some(number) = name.to_str().and_then(|name| name.parse().ok()) {
                found.push(ShardId(number));
            }
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The first number of a server that no log here has.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn next_shard(&self, server: u16) -> io::Result<ShardId> {
        let known = self.unfinished()?.into_iter().chain(self.finished_shards()?);
        Ok(MatchId::next_of(server, known.map(MatchId::from)).into())
    }

    /// Shards whose logs were put away, in order.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn finished_shards(&self) -> io::Result<Vec<ShardId>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.0.join(FINISHED))? {
            let name = entry?.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix("match-")?.strip_suffix(".log"));
            found.extend(number.and_then(|number| number.parse().ok()).map(ShardId));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Compresses a segment that is complete. What is there already is not done again.
    pub(crate) fn pack(&self, running: &Path, number: u32) -> io::Result<()> {
        let open = running.join(format!("{number:06}.{OPEN_ENDING}"));
        let packed = running.join(format!("{number:06}.{PACKED_ENDING}"));
        if !open.exists() {
            return Ok(());
        }
        let no_segment = || io::Error::new(io::ErrorKind::InvalidData, format!("{} is no segment", open.display()));
        let mut file = File::open(&open)?;
        let records_bytes = file.metadata()?.len().checked_sub(HEAD_BYTES as u64).ok_or_else(no_segment)?;
        let mut head = [0; HEAD_BYTES];
        file.read_exact(&mut head)?;
        let head = SegmentHead::parse(&head).map_err(|_| no_segment())?;
        // In pieces: a segment of ten thousand players is a dozen megabytes.
        write_whole(&packed, |out| {
            segment::pack(head.number, head.first_record, &mut file.take(records_bytes), records_bytes, out)
        })?;
        crash_point!("segment_renamed");
        fs::remove_file(open)
    }

    /// Puts a log away: its segments become one file. Done again after a crash it does what is left.
    ///
    /// # Errors
    /// Where a file cannot be read or written. Everything that was there still is.
    pub fn put_away(&self, shard_id: ShardId) -> io::Result<()> {
        let running = self.running(shard_id);
        if !running.exists() {
            return Ok(());
        }
        let finished = self.finished(shard_id);
        let paths = segment_paths(&running).map_err(io::Error::other)?;
        for number in paths.iter().filter_map(|path| crate::reader::segment_number(path)) {
            self.pack(&running, number)?;
        }
        let partial = finished.with_extension(PARTIAL_ENDING);
        let packed = segment_paths(&running).map_err(io::Error::other)?;
        write_synced(&partial, |file| {
            packed.iter().try_for_each(|path| io::copy(&mut File::open(path)?, file).map(|_| ()))
        })?;
        crash_point!("archive_written");
        fs::rename(&partial, &finished)?;
        sync_folder(&self.0.join(FINISHED))?;
        crash_point!("archive_renamed");
        fs::remove_dir_all(running)
    }

    /// Removes a log that nobody will ever go on with, and what it proves with it.
    ///
    /// # Errors
    /// Where it cannot be removed.
    pub fn discard(&self, shard_id: ShardId) -> io::Result<()> {
        fs::remove_dir_all(self.running(shard_id))?;
        sync_folder(&self.0.join(RUNNING))
    }

    /// Sets a log aside that is damaged: it is kept for inspection, and never read again.
    ///
    /// # Errors
    /// Where it cannot be moved.
    pub fn set_aside(&self, shard_id: ShardId) -> io::Result<PathBuf> {
        let aside = self.0.join("damaged");
        fs::create_dir_all(&aside)?;
        let mut path = aside.join(format!("match-{shard_id}"));
        let mut number = 1;
        while path.exists() {
            number += 1;
            path = aside.join(format!("match-{shard_id}-{number}"));
        }
        fs::rename(self.running(shard_id), &path)?;
        sync_folder(&aside)?;
        sync_folder(&self.0.join(RUNNING))?;
        Ok(path)
    }

    /// Removes finished logs beyond what is kept.
    pub(crate) fn prune(&self, keep: &Retention, now: SystemTime) -> io::Result<u32> {
        let mut logs = Vec::new();
        for entry in fs::read_dir(self.0.join(FINISHED))? {
            let entry = entry?;
            let about = entry.metadata()?;
            if about.is_file() {
                logs.push((about.modified()?, about.len(), entry.path()));
            }
        }
        logs.sort_unstable();
        let mut bytes: u64 = logs.iter().map(|log| log.1).sum();
        let mut removed = 0;
        for (modified, size, path) in logs {
            let is_old = now.duration_since(modified).is_ok_and(|age| age > keep.age_max);
            if !is_old && bytes <= keep.bytes_max {
                break;
            }
            fs::remove_file(path)?;
            bytes -= size;
            removed += 1;
        }
        Ok(removed)
    }
}
