//! What a server that died has left of a log, or of the part of it that was written last: from where to go on.

use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::path::Path;

use hypogeum_protocol::{MatchId, Seat};

use crate::carried_over::CarriedOver;
use crate::entry::{Close, Entry, GrantsEntry, Header, SnapshotEntry, TickEntry, VisitEntry};
use crate::error::{LogError, RecordError};
use crate::files::sync_folder;
use crate::reader::{CutOff, LogReader, ReadEntry, segment_number, segment_paths};
use crate::record::RecordHash;
use crate::verify::Sequence;
use crate::visitors::{Visit, Visitors};

/// All of a log that is needed to go on where it ends.
#[derive(Clone, Debug)]
pub struct Tail {
    /// What the shard was made from.
    pub header: Header,
    /// The newest snapshot; `None`: go on from the beginning.
    pub snapshot: Option<SnapshotEntry>,
    /// The steps since.
    pub ticks: Vec<TickEntry>,
    /// Seats that were promised something, and may have been told: of the parts before those that are still in it.
    pub promised: BTreeSet<Seat>,
    /// Records of grants and of visits there are in this part.
    pub grants_count: u32,
    /// What visits were worth, in the order in which they ended: all of this part, and those of the parts before that the store may
    /// not have granted.
    pub visits: Vec<VisitEntry>,
    /// The visit that the store had granted last when this part began.
    granted: Option<MatchId>,
    /// Who is in it, if it is open, and who left in the last step.
    pub(crate) visitors: Visitors,
    /// What it was worth for everyone, if it was over.
    pub settlement: Option<GrantsEntry>,
    /// How it ended, if the log was being closed.
    pub close: Option<Close>,
    /// Nothing is missing but to put it away.
    pub complete: bool,
    /// What a crash has left half written.
    pub cut_off: Option<CutOff>,
    /// Where the next record belongs.
    pub(crate) next: Continuation,
}

/// Where a log is continued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Continuation {
    /// The segment that was written last.
    pub(crate) segment: u32,
    /// Records there are.
    pub(crate) record: u64,
    /// The hash of the last.
    pub(crate) chain: RecordHash,
    /// The hash of the first.
    pub(crate) log: RecordHash,
    /// How it ended was written.
    pub(crate) closed: bool,
    /// And signed.
    pub(crate) complete: bool,
    /// Bytes of its records.
    pub(crate) bytes: u64,
}

impl Tail {
    /// Reads a log that is still in its folder, checks all of it, and keeps what comes after its newest snapshot. A torn
    /// end is left out, and named in [`Tail::cut_off`].
    ///
    /// # Errors
    /// [`LogError::Damaged`] with its place where something is broken that is not the torn end; [`LogError::NoLog`] where nothing was
    /// written yet from which a shard could go on: that of a part may in the part before.
    pub fn read(folder: &Path) -> Result<Self, LogError> {
        let (mut reader, header) = LogReader::open(folder)?;
        let (mut snapshot, mut ticks, mut settlement) = (None, Vec::new(), None);
        let (mut close, mut complete, mut cut_off) = (None, false, None);
        let (mut grants_count, mut carried) = (0, CarriedOver::of(&header));
        let mut sequence = Sequence::of(&header);
        while let Some(read) = next_whole(&mut reader, &mut cut_off)? {
            sequence.follow(&read.entry).map_err(|why| reader.damaged(read.record, 0, RecordError::Order(why)))?;
            match read.entry {
                Entry::Header(_) => {}
                Entry::Tick(entry) => {
                    carried.follow(&entry.commands);
                    ticks.push(entry);
                }
                Entry::Snapshot(entry) => {
                    ticks.clear();
                    snapshot = Some(entry);
                }
                Entry::Promise(entry) => carried.promised.extend(entry.seats),
                Entry::Grants(entry) => {
                    grants_count += 1;
                    settlement = Some(entry).filter(|entry| entry.is_settlement);
                }
                Entry::Visit(entry) => {
                    grants_count += 1;
                    carried.visit(*entry);
                }
                Entry::Close(how) => close = Some(how),
                Entry::Head(head) => complete = head.last,
            }
        }
        if header.continues().is_some() && snapshot.is_none() {
            // The part before it is not left until this has the snapshot it begins with.
            return Err(LogError::NoLog { path: folder.to_owned() });
        }
        let next = Continuation {
            segment: reader.segment(),
            record: reader.record(),
            chain: *reader.chain(),
            log: *reader.log(),
            closed: close.is_some(),
            complete,
            bytes: reader.bytes(),
        };
        let CarriedOver { visitors, promised, ended: visits, granted, .. } = carried;
        Ok(Self {
            header,
            snapshot,
            ticks,
            promised,
            grants_count,
            visits,
            granted,
            visitors,
            settlement,
            close,
            complete,
            cut_off,
            next,
        })
    }

    /// Visits that go on, and those that ended in the last step of which nothing is on record: the store holds for the shard
    /// what was brought.
    pub fn open_visits(&self) -> impl Iterator<Item = &Visit> {
        self.visitors.seated().chain(self.visitors.leaving().map(|(_, visit)| visit))
    }

    /// The highest number that a visit has had, of each server.
    pub fn last_visits(&self) -> impl Iterator<Item = MatchId> {
        self.visitors.last_ids()
    }

    /// Whether the shard goes on, as far as its log knows.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.close.is_none_or(|close| close == Close::Continued)
    }

    /// What the part hands on that is written next.
    pub(crate) fn carried_over(&self) -> CarriedOver {
        let (visitors, promised) = (self.visitors.clone(), self.promised.clone());
        CarriedOver::left(visitors, promised, (self.visits.clone(), self.granted))
    }

    /// To whom something was promised in a log that [`Tail::read`] refuses, as far as it can be read; `None` where not even its
    /// header can.
    #[must_use]
    pub fn promised_in_damaged(folder: &Path) -> Option<(Header, BTreeSet<Seat>)> {
        let (mut reader, header) = LogReader::open(folder).ok()?;
        let mut promised = BTreeSet::new();
        while let Ok(Some(read)) = reader.next_entry() {
            if let Entry::Promise(entry) = read.entry {
                promised.extend(entry.seats);
            }
        }
        Some((header, promised))
    }

    /// The last step that is on record.
    #[must_use]
    pub fn tick(&self) -> u32 {
        let last = self.ticks.last().map(|entry| entry.tick);
        last.or_else(|| self.snapshot.as_ref().map(|snapshot| snapshot.tick)).unwrap_or(0)
    }

    /// Takes the torn end off the disk, and segments that were begun and hold nothing, so that what is written next
    /// follows what is whole; and waits until the disk has what was read. A process that is killed leaves what it wrote
    /// with the system, where a power failure would still take it: the server that goes on calls it durable.
    ///
    /// # Errors
    /// [`LogError::File`].
    pub fn mend(&self, folder: &Path) -> Result<(), LogError> {
        for path in segment_paths(folder)? {
            let file_error = |cause| LogError::File { path: path.clone(), cause };
            let number = segment_number(&path).unwrap_or(0);
            if number > self.next.segment {
                std::fs::remove_file(&path).map_err(file_error)?;
            }
            if let Some(cut) = self.cut_off.as_ref().filter(|cut| cut.segment == number) {
                let file = OpenOptions::new().write(true).open(&path).map_err(file_error)?;
                file.set_len(cut.bytes_whole).map_err(file_error)?;
            }
            if number <= self.next.segment {
                File::open(&path).and_then(|file| file.sync_all()).map_err(file_error)?;
            }
        }
        sync_folder(folder).map_err(|cause| LogError::File { path: folder.to_owned(), cause })
    }
}

/// The next record; `None` at the end, and at a torn one, which is noted.
fn next_whole(reader: &mut LogReader, cut_off: &mut Option<CutOff>) -> Result<Option<ReadEntry>, LogError> {
    reader.next_entry().or_else(|error| {
        *cut_off = reader.cut_off();
        if cut_off.is_some() { Ok(None) } else { Err(error) }
    })
}
