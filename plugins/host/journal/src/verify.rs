//! Whether a log is what a server wrote.

use std::path::Path;

use crate::entry::{Close, Entry, Header};
use crate::error::{LogError, RecordError};
use crate::key::PublicKey;
use crate::reader::LogReader;

/// What is proved about a log in which nothing is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What the shard was made from.
    pub header: Header,
    /// Records there are.
    pub records: u64,
    /// Steps there are.
    pub ticks: u32,
    /// Signatures there are, all of them good.
    pub heads: u32,
    /// Records a signature vouches for: those before and with the last head.
    pub records_signed: u64,
    /// How it ended; `None` where it has no end.
    pub close: Option<Close>,
    /// It ends with the head that says that nothing follows. Without it, more was cut off, or is still to come.
    pub complete: bool,
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
    let mut verified =
        Verified { header, records: 1, ticks: 0, heads: 0, records_signed: 0, close: None, complete: false };
    let mut sequence = Sequence::default();
    while let Some(read) = reader.next_entry()? {
        let refuse = |error| reader.damaged(read.record, 0, error);
        sequence.follow(&read.entry).map_err(|why| refuse(RecordError::Order(why)))?;
        match &read.entry {
            Entry::Tick(entry) => verified.ticks = entry.tick,
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
    verified.records = reader.record();
    Ok(verified)
}

/// What may follow what.
#[derive(Debug, Default)]
pub(crate) struct Sequence {
    tick: u32,
    settled: bool,
    closed: bool,
}

impl Sequence {
    /// Notes an entry, or says why it may not stand there.
    pub(crate) fn follow(&mut self, entry: &Entry) -> Result<(), &'static str> {
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
