//! Why a log is not read, named by the place.

use std::io;
use std::path::PathBuf;

use hypogeum_protocol::codec::CodecError;

/// Why a log, or what is left of it, is refused.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A file cannot be read or written.
    #[error("{}: {cause}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// What is there was never a log.
    #[error("{} is not a match log", path.display())]
    NoLog {
        /// Which file or folder.
        path: PathBuf,
    },
    /// Another build wrote it.
    #[error("the log has format {found}, this build reads format {known}")]
    Format {
        /// The format of the log.
        found: u16,
        /// The only format this build reads.
        known: u16,
    },
    /// Two logs were given as parts of one.
    #[error("{} and {} are not parts of one log", other.display(), path.display())]
    OtherLog {
        /// Which file or folder.
        path: PathBuf,
        /// What it does not belong to.
        other: PathBuf,
    },
    /// A part was given twice, or stands in two places.
    #[error("{} is part {part}, and so is another", path.display())]
    PartTwice {
        /// One of the two.
        path: PathBuf,
        /// The number of the part.
        part: u32,
    },
    /// A part does not begin where the one before it ends.
    #[error("{}: the chain is broken: part {part} does not follow part {before}", path.display())]
    PartChain {
        /// Where the part lies.
        path: PathBuf,
        /// Its number.
        part: u32,
        /// The number of the part before.
        before: u32,
    },
    /// It is damaged, or was changed.
    #[error("record {record} at byte {offset} of {place}: {error}")]
    Damaged {
        /// The record's number, from 0.
        record: u64,
        /// Where it begins within its place.
        offset: u64,
        /// The file, or the segment within it.
        place: String,
        /// What is wrong.
        error: RecordError,
    },
}

/// What is wrong with a record or a segment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It does not begin as records do.
    #[error("no record begins here")]
    Mark,
    /// It claims more bytes than a record may have.
    #[error("its length {0} is impossible")]
    Length(u32),
    /// It ends before its end.
    #[error("it is cut off")]
    CutOff,
    /// Its bytes are not those that were written.
    #[error("its checksum differs")]
    Checksum,
    /// It does not follow the record before it.
    #[error("the chain is broken: it does not follow the record before it")]
    Chain,
    /// Its content is not what it should be.
    #[error("it cannot be read: {0}")]
    Content(CodecError),
    /// It is of a kind nobody knows.
    #[error("its kind {0} is unknown")]
    Kind(u8),
    /// It is the header of a log in another format.
    #[error("its log has format {0}")]
    Format(u16),
    /// It is not what may stand there.
    #[error("it is out of place: {0}")]
    Order(&'static str),
    /// The head of its segment is not what was written.
    #[error("the head of its segment is damaged")]
    SegmentHead,
    /// A segment is missing, doubled or exchanged.
    #[error("segment {found} stands where segment {expected} should")]
    SegmentOrder {
        /// The number that follows the one before.
        expected: u32,
        /// The number that stands there.
        found: u32,
    },
    /// A segment's compressed bytes cannot be expanded.
    #[error("its segment cannot be expanded")]
    Compression,
    /// A signature that does not fit.
    #[error("the signature does not fit: something before it was changed")]
    Signature,
    /// Signed by somebody else.
    #[error("it is signed by another key")]
    ForeignKey,
    /// Something follows the last record.
    #[error("it follows the end of the log")]
    AfterEnd,
}
