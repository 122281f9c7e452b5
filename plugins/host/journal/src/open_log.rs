//! One log while it is written: records become bytes, bytes go to the disk, and [`LogState`] says what is there.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;

use hypogeum_crash::crash_point;
use hypogeum_shard::{Command, StateHash};

use crate::commands::Commands;
use crate::entry::{self, Close, GrantsEntry, HeadEntry, Header, PromiseEntry, VisitEntry};
use crate::files::sync_folder;
use crate::key::SigningKey;
use crate::log_state::LogState;
use crate::reader::OPEN_ENDING;
use crate::record;
use crate::segment::SegmentHead;
use crate::tail::Continuation;
use crate::write_error::WriteError;

/// A log that is being written.
#[derive(Debug)]
pub(crate) struct OpenLog {
    folder: PathBuf,
    file: Option<File>,
    /// Bytes of the file that are surely whole records.
    written: u64,
    /// Records that are not in the file yet.
    buffer: Vec<u8>,
    /// Something is in the file that may not be on the disk.
    dirty: bool,
    next: Continuation,
    commands: Commands,
    /// The last step in the buffer or before it, how many records of grants are, and whether the settlement is.
    tick: u32,
    grants: u32,
    settled: bool,
    /// The same, of what is in the file.
    tick_written: u32,
    grants_written: u32,
    settled_written: bool,
    /// The segment was signed and is to be left.
    leaving: bool,
    /// How it ended stands there already.
    closed: bool,
    pub(crate) state: Arc<LogState>,
}

impl OpenLog {
    fn at(folder: PathBuf, next: Continuation, tick: u32, state: Arc<LogState>) -> Self {
        Self {
            folder,
            file: None,
            written: 0,
            buffer: Vec::new(),
            dirty: false,
            next,
            commands: Commands::default(),
            tick,
            grants: 0,
            settled: false,
            tick_written: 0,
            grants_written: 0,
            settled_written: false,
            leaving: false,
            closed: false,
            state,
        }
    }

    /// A new log in a folder of its own. Nothing is on the disk before the first [`Self::write_out`].
    pub(crate) fn begin(folder: PathBuf, header: &Header, state: Arc<LogState>) -> Self {
        let mut log = Self::at(folder, Continuation::default(), 0, state);
        log.begin_segment();
        log.append(|out| entry::write_header(header, out));
        log.next.log = log.next.chain;
        log
    }

    /// Goes on with a log that was read up to `next`; a snapshot must follow, or its end.
    pub(crate) fn resume(
        folder: PathBuf,
        next: Continuation,
        (tick, grants, settled): (u32, u32, bool),
        state: Arc<LogState>,
    ) -> Self {
        let mut log = Self::at(folder, next, tick, state);
        (log.grants, log.grants_written) = (grants, grants);
        (log.settled, log.settled_written, log.closed) = (settled, settled, next.closed);
        log.begin_segment();
        log
    }

    /// Bytes that wait for the disk.
    pub(crate) fn waiting_bytes(&self) -> usize {
        self.buffer.len()
    }

    /// Whether something is to be written or synced.
    pub(crate) fn is_dirty(&self) -> bool {
        self.dirty || !self.buffer.is_empty()
    }

    fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        self.next.chain = record::append(&mut self.buffer, &self.next.chain, write);
        self.next.record += 1;
    }

    fn begin_segment(&mut self) {
        self.next.segment += 1;
        self.file = None;
        self.written = 0;
        self.commands.forget();
        self.buffer.extend_from_slice(&SegmentHead::open(self.next.segment, self.next.record).to_bytes());
    }

    pub(crate) fn tick(&mut self, tick: u32, hash: Option<StateHash>, commands: &[Command]) {
        let mut history = std::mem::take(&mut self.commands);
        self.append(|out| entry::write_tick(&mut history, tick, hash, commands, out));
        self.commands = history;
        self.tick = tick;
    }

    /// Leaves the segment for a new one that begins with this snapshot. Returns the number of the one that is complete.
    pub(crate) fn snapshot(
        &mut self,
        key: &SigningKey,
        tick: u32,
        hash: StateHash,
        bytes: &[u8],
    ) -> Result<u32, WriteError> {
        if !self.leaving {
            self.sign(key, false);
            self.leaving = true;
        }
        self.sync()?;
        crash_point!("snapshot_begun");
        let complete = self.next.segment;
        self.begin_segment();
        self.leaving = false;
        self.append(|out| entry::write_snapshot(tick, hash, bytes, out));
        self.tick = tick;
        Ok(complete)
    }

    /// The first record of a segment that goes on after a restart.
    pub(crate) fn snapshot_first(&mut self, tick: u32, hash: StateHash, bytes: &[u8]) {
        self.append(|out| entry::write_snapshot(tick, hash, bytes, out));
        self.tick = tick;
    }

    pub(crate) fn promise(&mut self, promise: &PromiseEntry) {
        self.append(|out| entry::write_promise(promise, out));
    }

    pub(crate) fn grant(&mut self, grants: &GrantsEntry) {
        self.append(|out| entry::write_grants(grants, out));
        self.grants += 1;
        self.settled |= grants.is_settlement;
    }

    pub(crate) fn visit(&mut self, visit: &VisitEntry) {
        self.append(|out| entry::write_visit(visit, out));
        self.grants += 1;
    }

    pub(crate) fn close(&mut self, key: &SigningKey, how: Close) {
        // A crash may have left the end without the signature behind it.
        if !self.closed {
            self.append(|out| entry::write_close(how, out));
            self.closed = true;
        }
        self.sign(key, true);
    }

    fn sign(&mut self, key: &SigningKey, last: bool) {
        let signature = key.sign(&self.next.log, self.next.record, &self.next.chain, last);
        self.append(|out| entry::write_head(&HeadEntry { last, signature }, out));
    }

    /// Gives the system what waits. From then on it survives the end of this process, but not that of the machine.
    pub(crate) fn write_out(&mut self) -> Result<(), WriteError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        crash_point!("before_write");
        if self.file.is_none() {
            self.file = Some(self.create().map_err(WriteError::of_write)?);
        }
        let Some(file) = &self.file else { return Ok(()) };
        // At its place, so that a try that failed half way leaves nothing that the next does not write over.
        file.write_all_at(&self.buffer, self.written).map_err(WriteError::of_write)?;
        crash_point!("after_write");
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        self.dirty = true;
        self.tick_written = self.tick;
        self.grants_written = self.grants;
        self.settled_written = self.settled;
        Ok(())
    }

    /// Writes, waits until it is on the disk, and publishes that.
    pub(crate) fn sync(&mut self) -> Result<(), WriteError> {
        self.write_out()?;
        if let (true, Some(file)) = (self.dirty, &self.file) {
            file.sync_data().map_err(WriteError::of_sync)?;
            crash_point!("after_sync");
            self.dirty = false;
        }
        self.state.note_durable(self.tick_written, self.grants_written, self.settled_written);
        Ok(())
    }

    fn create(&self) -> io::Result<File> {
        let path = self.folder.join(format!("{:06}.{OPEN_ENDING}", self.next.segment));
        if self.next.segment == 1 {
            fs::create_dir_all(&self.folder)?;
            if let Some(parent) = self.folder.parent() {
                sync_folder(parent)?;
            }
        }
        let file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
        sync_folder(&self.folder)?;
        crash_point!("log_opened");
        Ok(file)
    }

    /// Gives the log up: nothing more of it will get to the disk.
    pub(crate) fn give_up(&mut self) {
        self.buffer = Vec::new();
        self.state.lose();
    }
}
