//! Whether a log is what a server wrote.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use hypogeum_shard::StateHash;

use crate::entry::{Close, Entry, Header};
use crate::error::{LogError, RecordError};
use crate::key::PublicKey;
use crate::reader::LogReader;
use crate::record::RecordHash;

/// What is proved about a log in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What the shard was made from.
    pub header: Header,
    /// Records there are.
    pub records: u64,
    /// Steps there are.
    pub ticks: u32,
    /// The last step; the one before the first where there is none.
    pub last_tick: u32,
    /// Signatures there are, all of them good.
    pub heads: u32,
    /// Records a signature vouches for: those before and with the last head.
    pub records_signed: u64,
    /// How it ended; `None` where it has no end.
    pub close: Option<Close>,
    /// It ends with the head that says that nothing follows. Without it, more was cut off, or is still to come.
    pub complete: bool,
    /// The hash of the last record of the part before; zeros where it begins at the beginning.
    pub follows: RecordHash,
    /// The hash of the last record.
    pub last: RecordHash,
}

/// Reads a whole log: every record must be whole, follow the one before it and stand where such a record may stand, and
/// every head must be signed by the header's key. With `key`, that must be the one.
///
/// # Errors
/// [`LogError::Damaged`] names the first record that cannot be vouched for. A change that leaves the chain whole is found
/// by the next signature.
pub fn verify(path: &Path, key: Option<PublicKey>) -> Result<Verified, LogError> {
    let (mut reader, header) = LogReader::open(path)?;
    let signer = PublicKey(header.key);
    if key.is_some_and(|key| key != signer) {
        return Err(reader.damaged(0, 0, RecordError::ForeignKey));
    }
    let (mut sequence, follows) = (Sequence::of(&header), *reader.follows());
    let mut verified = Verified {
        records: 1,
        ticks: 0,
        last_tick: sequence.tick,
        header,
        heads: 0,
        records_signed: 0,
        close: None,
        complete: false,
        follows,
        last: RecordHash::default(),
    };
    while let Some(read) = reader.next_entry()? {
        let refuse = |error| reader.damaged(read.record, 0, error);
        sequence.follow(&read.entry).map_err(|why| refuse(RecordError::Order(why)))?;
        match &read.entry {
            Entry::Tick(entry) => (verified.ticks, verified.last_tick) = (verified.ticks + 1, entry.tick),
            Entry::Close(close) => verified.close = Some(*close),
            Entry::Head(head) => {
                let signed = signer.has_signed(reader.log(), read.record, &read.previous, head.last, &head.signature);
                if !signed {
                    return Err(refuse(RecordError::Signature));
                }
                verified.heads += 1;
                verified.records_signed = read.record + 1;
                verified.complete = head.last;
            }
            Entry::Header(_) | Entry::Snapshot(_) | Entry::Promise(_) | Entry::Grants(_) | Entry::Visit(_) => {}
        }
    }
    (verified.records, verified.last) = (reader.record(), *reader.chain());
    Ok(verified)
}

/// What is proved about parts of a log in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartsVerified {
    /// The parts that were looked at, in their order.
    pub parts: Vec<Verified>,
    /// The numbers of those that are not here: before the first that is, and between two. Of these nothing is proved, nor that what
    /// comes after them follows what came before.
    pub missing: Vec<RangeInclusive<u32>>,
}

/// [`verify`] of parts of one log, given in any order; and each must follow the one before it, where that is among them.
///
/// # Errors
/// As [`verify`]; and [`LogError::OtherLog`], [`LogError::PartTwice`] and [`LogError::PartChain`].
pub fn verify_parts(paths: &[PathBuf], key: Option<PublicKey>) -> Result<PartsVerified, LogError> {
    let mut found = Vec::new();
    for path in paths {
        found.push((verify(path, key)?, path));
    }
    found.sort_by_key(|(verified, _)| verified.header.log_id());
    let (mut missing, mut due) = (Vec::new(), 1);
    for (at, (verified, path)) in found.iter().enumerate() {
        let number = verified.header.log_id().part;
        if let Some((before, other)) = at.checked_sub(1).and_then(|before| found.get(before)) {
            if !verified.is_of_one_log_with(before) {
                return Err(LogError::OtherLog { path: path.to_path_buf(), other: other.to_path_buf() });
            }
            if number < due {
                return Err(LogError::PartTwice { path: path.to_path_buf(), part: number });
            }
            if number == due && !verified.is_next_of(before) {
                return Err(LogError::PartChain { path: path.to_path_buf(), part: number, before: number - 1 });
            }
        }
        if number > due {
            missing.push(due..=number - 1);
        }
        due = number + 1;
    }
    Ok(PartsVerified { parts: found.into_iter().map(|(verified, _)| verified).collect(), missing })
}

impl Verified {
    /// Whether both are made from the same, so that they can be parts of one log.
    fn is_of_one_log_with(&self, other: &Self) -> bool {
        let made_from = |it: &Self| {
            let Header { shard_id, kind, setup, seed, tick_hz, content, .. } = it.header.clone();
            (shard_id, kind, setup, seed, tick_hz, content, it.header.part.is_some())
        };
        made_from(self) == made_from(other)
    }

    /// Whether it begins where another part ends.
    fn is_next_of(&self, before: &Self) -> bool {
        let begins = self.header.continues().map(|part| part.tick);
        before.complete
            && before.close == Some(Close::Continued)
            && self.follows == before.last
            && begins == Some(before.last_tick)
    }
}

/// What may follow what.
#[derive(Debug, Default)]
pub(crate) struct Sequence {
    tick: u32,
    /// The state in which a part begins that is not the first, until its snapshot was seen.
    begins: Option<StateHash>,
    settled: bool,
    closed: bool,
}

impl Sequence {
    /// What may follow a header.
    pub(crate) fn of(header: &Header) -> Self {
        let Some(part) = header.continues() else { return Self::default() };
        Self { tick: part.tick, begins: Some(part.hash), ..Self::default() }
    }

    /// Notes an entry, or says why it may not stand there.
    pub(crate) fn follow(&mut self, entry: &Entry) -> Result<(), &'static str> {
        if let Some(hash) = self.begins.take() {
            return match entry {
                Entry::Snapshot(entry) if (entry.tick, entry.hash) == (self.tick, hash) => Ok(()),
                _ => Err("a part begins with the snapshot that its header names"),
            };
        }
        match entry {
            Entry::Header(_) => {}
            Entry::Tick(_)
            | Entry::Snapshot(_)
            | Entry::Promise(_)
            | Entry::Grants(_)
            | Entry::Visit(_)
            | Entry::Close(_)
                if self.closed =>
            {
                return Err("nothing but the last head follows the end");
            }
            Entry::Tick(entry) => {
                if self.settled {
                    return Err("a step after the settlement");
                }
                if entry.tick != self.tick + 1 {
                    return Err("a step that does not follow the last one");
                }
                self.tick = entry.tick;
            }
            Entry::Snapshot(entry) => {
                if entry.tick != self.tick {
                    return Err("a snapshot of another step than the last one");
                }
            }
            Entry::Promise(entry) => {
                if entry.tick != self.tick || self.settled {
                    return Err("a promise of another step than the last one");
                }
            }
            Entry::Grants(entry) => {
                if entry.tick != self.tick || self.settled {
                    return Err("grants of another step than the last one");
                }
                self.settled = entry.is_settlement;
            }
            Entry::Visit(entry) => {
                if entry.tick != self.tick || self.settled {
                    return Err("a visit that ended in another step than the last one");
                }
            }
            Entry::Close(close) => {
                if *close == Close::Settled && !self.settled {
                    return Err("an end without a settlement");
                }
                self.closed = true;
            }
            Entry::Head(head) => {
                if head.last != self.closed {
                    return Err("the last head stands behind the end, and no other does");
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::{HeadEntry, SnapshotEntry, TickEntry};

    #[test]
    fn nothing_but_the_last_head_follows_the_end() {
        let tick = |tick| Entry::Tick(TickEntry { tick, ..TickEntry::default() });
        let snapshot = |tick| Entry::Snapshot(SnapshotEntry { tick, hash: Default::default(), bytes: Vec::new() });
        let head = |last| Entry::Head(HeadEntry { last, signature: [0; 64] });
        let ended = || {
            let mut sequence = Sequence::default();
            for entry in [snapshot(0), tick(1), snapshot(1), head(false), Entry::Close(Close::Undone)] {
                assert_eq!(sequence.follow(&entry), Ok(()), "so far it is as it should be: {entry:?}");
            }
            sequence
        };
        for late in [tick(2), snapshot(1), Entry::Close(Close::Undone), head(false)] {
            assert!(ended().follow(&late).is_err(), "that comes too late: {late:?}");
        }
        assert_eq!(ended().follow(&head(true)), Ok(()), "the last head belongs there");
    }
}
