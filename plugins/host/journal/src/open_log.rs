//! One log while it is written: records become bytes, bytes go to the disk, and [`LogState`] says what is there. One in parts goes
//! from each to the next.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hypogeum_crash::crash_point;
use hypogeum_protocol::MatchId;
use hypogeum_shard::{Command, StateHash};

use crate::carried_over::CarriedOver;
use crate::commands::Commands;
use crate::config::PartLimits;
use crate::entry::{self, Close, GrantsEntry, HeadEntry, Header, PromiseEntry, VisitEntry};
use crate::files::sync_folder;
use crate::folder::JournalFolder;
use crate::key::SigningKey;
use crate::log_state::LogState;
use crate::part::LogId;
use crate::reader::OPEN_ENDING;
use crate::record;
use crate::segment::SegmentHead;
use crate::tail::Continuation;
use crate::write_error::WriteError;

/// A log that is being written.
#[derive(Debug)]
pub(crate) struct OpenLog {
    pub(crate) id: LogId,
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
    /// How it ended stands there already, and the signature behind it.
    closed: bool,
    complete: bool,
    /// What it hands on, where it has parts.
    parts: Option<Box<Parts>>,
    /// Parts before, which lie where they were written until this one is on the disk.
    superseded: Vec<LogId>,
    pub(crate) state: Arc<LogState>,
}

/// What a log in parts needs for its next one.
#[derive(Debug)]
struct Parts {
    /// That of this part.
    header: Header,
    carried: CarriedOver,
    /// Of all records of this part.
    bytes: u64,
}

impl OpenLog {
    fn at(
        (logs, id): (&JournalFolder, LogId),
        parts: Option<(Header, CarriedOver)>,
        (next, tick): (Continuation, u32),
        state: Arc<LogState>,
    ) -> Self {
        let parts = parts.map(|(header, carried)| Box::new(Parts { header, carried, bytes: next.bytes }));
        Self {
            id,
            folder: logs.running_log(id),
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
            closed: next.closed,
            complete: next.complete,
            parts,
            superseded: Vec::new(),
            state,
        }
    }

    /// A new log in a folder of its own. Nothing is on the disk before the first [`Self::write_out`].
    pub(crate) fn begin(logs: &JournalFolder, header: Header, state: Arc<LogState>) -> Self {
        let mut first = Vec::new();
        entry::write_header(&header, &mut first);
        let (id, carried) = (header.log_id(), CarriedOver::of(&header));
        let parts = (id.part > 0).then_some((header, carried));
        let mut log = Self::at((logs, id), parts, (Continuation::default(), 0), state);
        log.begin_segment();
        log.append(|out| out.extend_from_slice(&first));
        log.next.log = log.next.chain;
        log
    }

    /// Goes on with a log that was read up to `next`; a snapshot must follow, or its end. For one that is continued and whole
    /// that is the snapshot of its next part.
    pub(crate) fn resume(
        place: (&JournalFolder, LogId),
        parts: Option<(Header, CarriedOver)>,
        next: Continuation,
        (tick, grants, settled): (u32, u32, bool),
        state: Arc<LogState>,
    ) -> Self {
        let mut log = Self::at(place, parts, (next, tick), state);
        (log.grants, log.grants_written) = (grants, grants);
        (log.settled, log.settled_written) = (settled, settled);
        if !log.complete {
            log.begin_segment();
        }
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
        let before = self.buffer.len();
        self.next.chain = record::append(&mut self.buffer, &self.next.chain, write);
        self.next.record += 1;
        if let Some(parts) = &mut self.parts {
            parts.bytes += (self.buffer.len() - before) as u64;
        }
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
        if let Some(parts) = &mut self.parts {
            parts.carried.follow(commands);
        }
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

    /// Whether the next snapshot begins another part: this one is large or old enough, or its end stands there already.
    pub(crate) fn is_part_due(&self, limits: &PartLimits, unix_s: u64) -> bool {
        self.parts.as_ref().is_some_and(|parts| {
            let age = Duration::from_secs(unix_s.saturating_sub(parts.header.began_unix_s));
            self.closed || parts.bytes >= limits.bytes || age >= limits.age
        })
    }

    /// Ends this part and begins the next with this snapshot. The one before is whole on the disk by then, and lies where it was
    /// written until [`Self::superseded`] names it.
    pub(crate) fn next_part(
        &mut self,
        (logs, key): (&JournalFolder, &SigningKey),
        (tick, hash, bytes): (u32, StateHash, &[u8]),
        unix_s: u64,
    ) -> Result<(), WriteError> {
        self.close(key, Close::Continued);
        crash_point!("part_ending");
        self.sync()?;
        crash_point!("part_ended");
        let Some(parts) = &mut self.parts else { return Ok(()) };
        let part = parts.carried.next_part(self.id.part + 1, tick, hash);
        self.superseded.push(self.id);
        self.id.part = part.number;
        self.folder = logs.running_log(self.id);
        parts.header.build = env!("CARGO_PKG_VERSION").to_owned();
        parts.header.began_unix_s = unix_s;
        parts.header.part = Some(Box::new(part));
        parts.bytes = 0;
        let mut first = Vec::new();
        entry::write_header(&parts.header, &mut first);
        self.next = Continuation { chain: self.next.chain, ..Continuation::default() };
        (self.leaving, self.closed, self.complete) = (false, false, false);
        self.begin_segment();
        self.append(|out| out.extend_from_slice(&first));
        self.next.log = self.next.chain;
        self.snapshot_first(tick, hash, bytes);
        Ok(())
    }

    /// Parts that this one has superseded, each once: from now on a crash leaves this one.
    pub(crate) fn superseded(&mut self) -> Vec<LogId> {
        if self.superseded.is_empty() || self.is_dirty() {
            return Vec::new();
        }
        crash_point!("part_durable");
        self.state.note_part(self.id.part);
        std::mem::take(&mut self.superseded)
    }

    /// The store has granted a visit.
    pub(crate) fn granted(&mut self, visit: MatchId) {
        if let Some(parts) = &mut self.parts {
            parts.carried.grant(visit);
        }
    }

    /// The first record of a segment that goes on after a restart.
    pub(crate) fn snapshot_first(&mut self, tick: u32, hash: StateHash, bytes: &[u8]) {
        self.append(|out| entry::write_snapshot(tick, hash, bytes, out));
        self.tick = tick;
    }

    pub(crate) fn promise(&mut self, promise: &PromiseEntry) {
        self.append(|out| entry::write_promise(promise, out));
        if let Some(parts) = &mut self.parts {
            parts.carried.promised.extend(&promise.seats);
        }
    }

    pub(crate) fn grant(&mut self, grants: &GrantsEntry) {
        self.append(|out| entry::write_grants(grants, out));
        self.grants += 1;
        self.settled |= grants.is_settlement;
    }

    pub(crate) fn visit(&mut self, visit: VisitEntry) {
        self.append(|out| entry::write_visit(&visit, out));
        self.grants += 1;
        if let Some(parts) = &mut self.parts {
            parts.carried.visit(visit);
        }
    }

    pub(crate) fn close(&mut self, key: &SigningKey, how: Close) {
        if self.complete {
            return;
        }
        // A crash may have left the end without the signature behind it.
        if !self.closed {
            self.append(|out| entry::write_close(how, out));
            self.closed = true;
        }
        self.sign(key, true);
        self.complete = true;
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
