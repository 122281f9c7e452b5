//! Where logs lie: `running/<log>/` has the segments of each that is written, `finished/match-<log>.log` is one file for each that
//! is over. A log is called by the number of its shard, and that of its part where it has parts: [`LogId`].

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use hypogeum_crash::crash_point;
use hypogeum_protocol::{MatchId, ShardId};

use crate::config::Retention;
use crate::files::{PARTIAL_ENDING, sync_folder, sync_parent, write_synced, write_whole};
use crate::part::LogId;
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

    /// Where the segments of a log lie while it is written that has no parts.
    #[must_use]
    pub fn running(&self, shard_id: ShardId) -> PathBuf {
        self.running_log(LogId::whole(shard_id))
    }

    /// Where the segments of a log, or of a part of it, lie while it is written.
    #[must_use]
    pub fn running_log(&self, log: LogId) -> PathBuf {
        self.0.join(RUNNING).join(log.to_string())
    }

    /// Where a log lies that is over and has no parts.
    #[must_use]
    pub fn finished(&self, shard_id: ShardId) -> PathBuf {
        self.finished_log(LogId::whole(shard_id))
    }

    /// Where a log, or a part of it, lies once it is over.
    #[must_use]
    pub fn finished_log(&self, log: LogId) -> PathBuf {
        self.0.join(FINISHED).join(format!("match-{log}.log"))
    }

    /// Logs that were not put away, in the order of shards and parts.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn unfinished(&self) -> io::Result<Vec<LogId>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.0.join(RUNNING))? {
            found.extend(entry?.file_name().to_str().and_then(LogId::parse));
        }
        found.sort_unstable();
        Ok(found)
    }

    /// The first number of a server that no log here has.
    ///
    /// # Errors
    /// Where a folder cannot be read.
    pub fn next_shard(&self, server: u16) -> io::Result<ShardId> {
        let known = self.unfinished()?.into_iter().chain(self.finished_logs()?);
        Ok(MatchId::next_of(server, known.map(|log| MatchId::from(log.shard_id))).into())
    }

    /// Logs that were put away, in the order of shards and parts.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn finished_logs(&self) -> io::Result<Vec<LogId>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(self.0.join(FINISHED))? {
            found.extend(finished_log(&entry?.path()));
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
    pub fn put_away(&self, log: LogId) -> io::Result<()> {
        let running = self.running_log(log);
        if !running.exists() {
            return Ok(());
        }
        let finished = self.finished_log(log);
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
    pub fn discard(&self, log: LogId) -> io::Result<()> {
        fs::remove_dir_all(self.running_log(log))?;
        sync_folder(&self.0.join(RUNNING))
    }

    /// Sets a log aside that is damaged: it is kept for inspection, and never read again.
    ///
    /// # Errors
    /// Where it cannot be moved.
    pub fn set_aside(&self, log: LogId) -> io::Result<PathBuf> {
        let aside = self.0.join("damaged");
        fs::create_dir_all(&aside)?;
        let mut path = aside.join(format!("match-{log}"));
        let mut number = 1;
        while path.exists() {
            number += 1;
            path = aside.join(format!("match-{log}-{number}"));
        }
        fs::rename(self.running_log(log), &path)?;
        sync_folder(&aside)?;
        sync_folder(&self.0.join(RUNNING))?;
        Ok(path)
    }

    /// Removes finished logs beyond what is kept.
    pub(crate) fn prune(&self, keep: &Retention, now: SystemTime) -> io::Result<u32> {
        let mut removed = self.prune_parts(keep.parts_max)?;
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

    /// Removes all parts of each log but the newest so many. One lies here only once the part after it goes on without it.
    fn prune_parts(&self, parts_max: Option<u32>) -> io::Result<u32> {
        let Some(parts_max) = parts_max else { return Ok(0) };
        let mut parts: BTreeMap<ShardId, Vec<LogId>> = BTreeMap::new();
        for log in self.finished_logs()?.into_iter().filter(|log| log.part > 0) {
            parts.entry(log.shard_id).or_default().push(log);
        }
        let mut removed = 0;
        for logs in parts.values() {
            let beyond = logs.len().saturating_sub(parts_max as usize);
            for log in logs.iter().take(beyond) {
                fs::remove_file(self.finished_log(*log))?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

/// Which log a file of the folder of finished ones is; `None` for other files.
fn finished_log(path: &Path) -> Option<LogId> {
    path.file_name()?.to_str()?.strip_prefix("match-")?.strip_suffix(".log").and_then(LogId::parse)
}
