//! Reading a log from its first record to its last, and no record that does not follow the one before.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::entry::{Entry, EntryReader, FORMAT, Header};
use crate::error::{LogError, RecordError};
use crate::record::{self, RecordHash};
use crate::segment::{self, HEAD_BYTES, SEGMENT_BYTES_MAX, SegmentHead};

/// The ending of a segment that is still written, or was when its server died.
pub(crate) const OPEN_ENDING: &str = "open";
/// The ending of a packed one.
pub(crate) const PACKED_ENDING: &str = "packed";

/// Reads a log: a finished one from its file, one that is still written from its folder.
#[derive(Debug)]
pub struct LogReader {
    path: PathBuf,
    source: Source,
    segment: Segment,
    entries: EntryReader,
    chain: RecordHash,
    log: RecordHash,
    follows: RecordHash,
    record: u64,
    bytes: u64,
    ended: bool,
}

/// Where segments come from.
#[derive(Debug)]
enum Source {
    /// One after another in a file.
    File { file: File, at: u64 },
    /// A file each, in their order; the next one first.
    Folder(std::vec::IntoIter<PathBuf>),
}

/// The segment that is read now.
#[derive(Debug, Default)]
struct Segment {
    number: u32,
    place: String,
    packed: bool,
    records: Vec<u8>,
    at: usize,
}

/// One record, read and found to follow the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadEntry {
    /// Its number, from 0.
    pub record: u64,
    /// The hash of the record before it.
    pub previous: RecordHash,
    /// What it says.
    pub entry: Entry,
}

/// Where a log whose end was cut off has its last whole record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// The segment that was being written.
    pub segment: u32,
    /// Bytes of its file, head included, up to the end of the last whole record.
    pub bytes_whole: u64,
    /// Bytes that follow it and are no record.
    pub bytes_torn: u64,
}

impl LogReader {
    /// Opens a log. Its first record is its header.
    ///
    /// # Errors
    /// [`LogError::NoLog`] where there is none, and whatever is wrong with its first record.
    pub fn open(path: &Path) -> Result<(Self, Header), LogError> {
        let file_error = |cause| LogError::File { path: path.to_owned(), cause };
        let source = if fs::metadata(path).map_err(file_error)?.is_dir() {
            let paths = segment_paths(path)?;
            if paths.is_empty() {
                return Err(LogError::NoLog { path: path.to_owned() });
            }
            Source::Folder(paths.into_iter())
        } else {
            let mut file = File::open(path).map_err(file_error)?;
            let mut magic = [0; 8];
            let is_log = read_up_to(&mut file, &mut magic).map_err(file_error)? == 8 && SegmentHead::is_one(&magic);
            if !is_log {
                return Err(LogError::NoLog { path: path.to_owned() });
            }
            Source::File { file: File::open(path).map_err(file_error)?, at: 0 }
        };
        let mut reader = Self {
            path: path.to_owned(),
            source,
            segment: Segment::default(),
            entries: EntryReader::default(),
            chain: [0; 32],
            log: [0; 32],
            follows: [0; 32],
            record: 0,
            bytes: 0,
            ended: false,
        };
        let first = match reader.next_entry() {
            // Its server died before it had written what a log begins with.
            Err(LogError::Damaged { record: 0, error: RecordError::Format(found), .. }) => {
                return Err(LogError::Format { found, known: FORMAT });
            }
            Err(_) if reader.cut_off().is_some() => None,
            read => read?,
        };
        match first {
            Some(ReadEntry { entry: Entry::Header(header), previous, .. }) => {
                if header.continues().is_none() && previous != RecordHash::default() {
                    return Err(reader.damaged(0, 0, RecordError::Chain));
                }
                (reader.log, reader.follows) = (reader.chain, previous);
                Ok((reader, *header))
            }
            Some(_) => Err(reader.damaged(0, 0, RecordError::Order("a log begins with its header"))),
            None => Err(LogError::NoLog { path: path.to_owned() }),
        }
    }

    /// The hash of the header: the name by which signatures call this log.
    #[must_use]
    pub const fn log(&self) -> &RecordHash {
        &self.log
    }

    /// The hash of the last record of the part before this one; zeros where there is none.
    #[must_use]
    pub const fn follows(&self) -> &RecordHash {
        &self.follows
    }

    /// Bytes of the records read so far, as they are without packing.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The hash of the last record read.
    #[must_use]
    pub const fn chain(&self) -> &RecordHash {
        &self.chain
    }

    /// Records read so far, the number of the next.
    #[must_use]
    pub const fn record(&self) -> u64 {
        self.record
    }

    /// The number of the segment that is read.
    #[must_use]
    pub const fn segment(&self) -> u32 {
        self.segment.number
    }

    /// The next record; `None` at the end of what is there.
    ///
    /// # Errors
    /// [`LogError::Damaged`] with the place of a record that is broken or does not follow the one before it.
    pub fn next_entry(&mut self) -> Result<Option<ReadEntry>, LogError> {
        while self.segment.at >= self.segment.records.len() {
            if !self.next_segment()? {
                return Ok(None);
            }
        }
        let (record, offset) = (self.record, self.segment.at as u64);
        if self.ended {
            return Err(self.damaged(record, offset, RecordError::AfterEnd));
        }
        let found = record::parse(&self.segment.records[self.segment.at..]).and_then(|framed| {
            // What the first record follows is another log, if anything.
            if record > 0 && framed.previous != self.chain {
                return Err(RecordError::Chain);
            }
            let entry = self.entries.read(framed.body)?;
            Ok((entry, framed.previous, framed.hash(), framed.size()))
        });
        let (entry, previous, hash, size) = found.map_err(|error| self.damaged(record, offset, error))?;
        if matches!(entry, Entry::Header(_)) != (record == 0) {
            return Err(self.damaged(record, offset, RecordError::Order("a log has one header, and begins with it")));
        }
        self.chain = hash;
        self.segment.at += size;
        self.record += 1;
        self.bytes += size as u64;
        if let Entry::Head(head) = &entry {
            self.ended = head.last;
        }
        Ok(Some(ReadEntry { record, previous, entry }))
    }

    /// After [`Self::next_entry`] failed: whether that is only the torn end of what a crash has cut off, and not damage
    /// in the middle. Then the log is good up to there.
    #[must_use]
    pub fn cut_off(&mut self) -> Option<CutOff> {
        let is_last = match &self.source {
            Source::Folder(rest) => rest.as_slice().is_empty(),
            Source::File { .. } => false,
        };
        let torn = self.segment.records.get(self.segment.at..)?;
        // The first byte is where the broken one begins.
        if self.segment.packed || !is_last || torn.is_empty() || record::any_whole(&torn[1..]) || self.ended {
            return None;
        }
        // A whole record that does not follow is not torn.
        if record::parse(torn).is_ok() {
            return None;
        }
        Some(CutOff {
            segment: self.segment.number,
            bytes_whole: (HEAD_BYTES + self.segment.at) as u64,
            bytes_torn: torn.len() as u64,
        })
    }

    fn next_segment(&mut self) -> Result<bool, LogError> {
        let due = self.segment.number + 1;
        let (place, at, found) = match &mut self.source {
            Source::File { file, at } => {
                let place = self.path.display().to_string();
                let before = *at;
                (place, before, read_segment(file, at))
            }
            Source::Folder(paths) => {
                let Some(path) = paths.next() else { return Ok(false) };
                let place = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let read =
                    File::open(&path).map_err(ReadFailure::from).and_then(|mut file| read_segment(&mut file, &mut 0));
                if paths.as_slice().is_empty() && is_stub(&path, &read)? {
                    return Ok(false);
                }
                (place, 0, read)
            }
        };
        let (head, records) = match found {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(false),
            Err(ReadFailure::File(cause)) => return Err(LogError::File { path: self.path.clone(), cause }),
            Err(ReadFailure::Record(error)) => {
                return Err(LogError::Damaged { record: self.record, offset: at, place, error });
            }
        };
        self.segment = Segment { number: head.number, place, packed: head.packed, records, at: 0 };
        self.entries.begin_segment();
        if head.number != due {
            return Err(self.damaged(self.record, at, RecordError::SegmentOrder { expected: due, found: head.number }));
        }
        if head.first_record != self.record {
            return Err(self.damaged(self.record, at, RecordError::Order("its segment begins with another record")));
        }
        Ok(true)
    }

    pub(crate) fn damaged(&self, record: u64, offset: u64, error: RecordError) -> LogError {
        let place = match &self.source {
            Source::Folder(_) => self.segment.place.clone(),
            Source::File { .. } => format!("segment {}", self.segment.number),
        };
        LogError::Damaged { record, offset, place, error }
    }
}

/// Whether a segment that cannot be read was only begun: a server that died between making its file and writing its head
/// leaves less than a head there, a machine that lost power perhaps zeros. A packed one has its name only once it is whole.
fn is_stub(path: &Path, read: &Result<Option<(SegmentHead, Vec<u8>)>, ReadFailure>) -> Result<bool, LogError> {
    if path.extension().is_none_or(|ending| ending != OPEN_ENDING) {
        return Ok(false);
    }
    match read {
        Ok(None) | Err(ReadFailure::Record(RecordError::CutOff)) => Ok(true),
        Err(ReadFailure::Record(RecordError::SegmentHead)) => {
            let bytes = fs::read(path).map_err(|cause| LogError::File { path: path.to_owned(), cause })?;
            Ok(!record::any_whole(&bytes))
        }
        _ => Ok(false),
    }
}

enum ReadFailure {
    File(io::Error),
    Record(RecordError),
}

impl From<io::Error> for ReadFailure {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

/// The next segment of a file, its records expanded; `None` at the end.
fn read_segment(file: &mut File, at: &mut u64) -> Result<Option<(SegmentHead, Vec<u8>)>, ReadFailure> {
    let mut head = [0; HEAD_BYTES];
    match read_up_to(file, &mut head)? {
        0 => return Ok(None),
        HEAD_BYTES => {}
        _ => return Err(ReadFailure::Record(RecordError::CutOff)),
    }
    let head = SegmentHead::parse(&head).map_err(ReadFailure::Record)?;
    let stored_max = if head.packed { head.bytes_stored } else { SEGMENT_BYTES_MAX };
    let mut stored = Vec::new();
    file.take(stored_max).read_to_end(&mut stored)?;
    *at += (HEAD_BYTES + stored.len()) as u64;
    if !head.packed {
        return Ok(Some((head, stored)));
    }
    if (stored.len() as u64) < head.bytes_stored {
        return Err(ReadFailure::Record(RecordError::CutOff));
    }
    let records = segment::expand(&head, &stored).map_err(ReadFailure::Record)?;
    Ok(Some((head, records)))
}

/// Reads until the buffer is full or the file ends.
fn read_up_to(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// The segments of a folder in their order. Of one that stands there twice, the packed one counts: it was renamed into
/// place whole, and only then the other would have been removed.
pub(crate) fn segment_paths(folder: &Path) -> Result<Vec<PathBuf>, LogError> {
    let file_error = |cause| LogError::File { path: folder.to_owned(), cause };
    let mut found = std::collections::BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(file_error)? {
        let path = entry.map_err(file_error)?.path();
        let Some(number) = segment_number(&path) else { continue };
        let packed = path.extension().is_some_and(|ending| ending == PACKED_ENDING);
        if packed || !found.contains_key(&number) {
            found.insert(number, path);
        }
    }
    Ok(found.into_values().collect())
}

/// The number in a segment's file name; `None` for other files.
pub(crate) fn segment_number(path: &Path) -> Option<u32> {
    let ending = path.extension()?.to_str()?;
    if ending != OPEN_ENDING && ending != PACKED_ENDING {
        return None;
    }
    path.file_stem()?.to_str()?.parse().ok()
}
