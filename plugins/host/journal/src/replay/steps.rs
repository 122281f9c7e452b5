//! All steps of a log again, and what came of them compared with what was recorded.

use std::path::Path;
use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_protocol::Grant;
use hypogeum_shard::{Difference, HostedKind, Rules, Shard, ShardBrief, ShardKinds, StateHash, Visitor};

use super::error::ReplayError;
use crate::carried_over::CarriedOver;
use crate::entry::{Close, EndedVisit, Entry, GrantsEntry, Header, SnapshotEntry, VisitEntry};
use crate::error::RecordError;
use crate::reader::{LogReader, ReadEntry};
use crate::visitors::Visitors;

/// A log that is being replayed.
#[derive(Debug)]
pub struct Replay {
    reader: LogReader,
    header: Header,
    kind: HostedKind,
    brief: ShardBrief,
    shard: Shard,
    visitors: Visitors,
    replayed: Replayed,
}

/// What a replay has shown so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Steps that were taken again.
    pub ticks: u32,
    /// The last of them; before the first, the step after which the log begins.
    pub tick: u32,
    /// Recorded states compared with what came of it here.
    pub hashes_compared: u32,
    /// The state after the last step.
    pub state_hash: StateHash,
    /// How the log ends, if it was read so far.
    pub close: Option<Close>,
    /// Whether everything that was granted is what the shard, or a visit to it, was worth then; `None` where nothing was granted.
    pub settlement_agrees: Option<bool>,
    /// Where it went another way.
    pub divergence: Option<Divergence>,
}

/// The first step that gives another state than was recorded, and how the worlds differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// The step after which the states differ.
    pub tick: u32,
    /// The state as recorded.
    pub recorded: StateHash,
    /// The state as it is here.
    pub found: StateHash,
    /// After which step the recorded snapshot was taken that the world here was compared with: the nearest from the
    /// divergence on. `None` where the log has none there.
    pub snapshot_tick: Option<u32>,
    /// In what they differ there.
    pub differences: Vec<Difference>,
}

/// How far the log was read.
enum Advance {
    /// Over a step.
    Stepped,
    /// To the snapshot that shows how the worlds differ.
    Explained,
    /// To its end.
    Ended,
}

impl Replay {
    /// Opens a log and builds its shard as it was before the first step, on the content it was played with. A part that is not the
    /// first begins with the snapshot it begins with.
    ///
    /// # Errors
    /// [`ReplayError`].
    pub fn open(kinds: &ShardKinds, path: &Path) -> Result<Self, ReplayError> {
        let (reader, header) = LogReader::open(path)?;
        let content = Arc::clone(header.pack()?.content());
        Self::begin(kinds, reader, header, &content)
    }

    /// Opens a log to see where its shard goes another way on other content. What both contents have is called the same in
    /// both, so that only what differs in the shard shows.
    ///
    /// # Errors
    /// [`ReplayError`], also where the other content lacks the mode or something that was brought, and for a part that is not the first,
    /// whose snapshot is of the content it was taken on.
    pub fn open_on(kinds: &ShardKinds, path: &Path, other: &Content) -> Result<Self, ReplayError> {
        let (reader, header) = LogReader::open(path)?;
        let other = (kinds.find(&header.kind)?.content)(&header.setup, other)?;
        let content = match header.pack() {
            Ok(played) => Arc::new(other.content().numbered_like(played.content())),
            // This build cannot read what it was played with: then all the more it goes another way.
            Err(_) => Arc::clone(other.content()),
        };
        Self::begin(kinds, reader, header, &content)
    }

    fn begin(
        kinds: &ShardKinds,
        reader: LogReader,
        header: Header,
        content: &Arc<Content>,
    ) -> Result<Self, ReplayError> {
        let kind = kinds.find(&header.kind)?;
        let (shard, brief) = header.build(kind, content)?;
        let replayed = Replayed { state_hash: shard.hash(), ..Replayed::default() };
        let visitors = CarriedOver::of(&header).visitors;
        let mut replay = Self { reader, header, kind, brief, shard, visitors, replayed };
        replay.go_to_part()?;
        Ok(replay)
    }

    /// Brings the shard to where a part begins that is not the first.
    fn go_to_part(&mut self) -> Result<(), ReplayError> {
        let Some(part) = self.header.continues() else { return Ok(()) };
        let (tick, recorded) = (part.tick, part.hash);
        let Some(ReadEntry { entry: Entry::Snapshot(snapshot), .. }) = self.reader.next_entry()? else {
            let why = RecordError::Order("a part begins with the snapshot that its header names");
            return Err(self.reader.damaged(1, 0, why).into());
        };
        let refused = |cause| ReplayError::Snapshot { tick, cause };
        self.shard.restore(&snapshot.bytes).map_err(refused)?;
        let found = self.shard.hash_from_nothing();
        if snapshot.tick != tick || found != recorded {
            return Err(ReplayError::Diverged { tick, recorded, found });
        }
        (self.replayed.tick, self.replayed.state_hash) = (tick, found);
        Ok(())
    }

    /// What people call the shard, and who is in it from the beginning.
    #[must_use]
    pub const fn brief(&self) -> &ShardBrief {
        &self.brief
    }

    /// What the shard was made from.
    #[must_use]
    pub const fn header(&self) -> &Header {
        &self.header
    }

    /// BLAKE3 of the content it is replayed on.
    #[must_use]
    pub fn content_hash(&self) -> [u8; 32] {
        self.shard.world().resource::<Rules>().content.hash
    }

    /// The world as it is now.
    #[must_use]
    pub const fn shard(&self) -> &Shard {
        &self.shard
    }

    /// What it has shown so far.
    #[must_use]
    pub const fn replayed(&self) -> &Replayed {
        &self.replayed
    }

    /// Takes the next step, and reads whatever is recorded between it and the one before. Returns `false` at the end of the
    /// log.
    ///
    /// # Errors
    /// [`ReplayError::Log`] where the log is damaged. A divergence is no error: it is noted, and the replay goes on, so that
    /// the next snapshot can be compared.
    pub fn step(&mut self) -> Result<bool, ReplayError> {
        loop {
            match self.advance()? {
                Advance::Stepped => return Ok(true),
                Advance::Explained => {}
                Advance::Ended => return Ok(false),
            }
        }
    }

    fn advance(&mut self) -> Result<Advance, ReplayError> {
        while let Some(read) = self.reader.next_entry()? {
            match read.entry {
                Entry::Tick(entry) => {
                    self.visitors.follow(&entry.commands);
                    let found = self.shard.step(&entry.commands);
                    self.replayed.ticks += 1;
                    self.replayed.tick = entry.tick;
                    self.replayed.state_hash = found;
                    if let Some(recorded) = entry.hash {
                        self.compare(entry.tick, recorded, found);
                    }
                    return Ok(Advance::Stepped);
                }
                Entry::Snapshot(snapshot) => {
                    if self.compare_snapshot(&snapshot)? {
                        return Ok(Advance::Explained);
                    }
                }
                Entry::Grants(entry) => self.compare_grants(&entry),
                Entry::Visit(entry) => self.compare_visit(&entry),
                Entry::Close(close) => self.replayed.close = Some(close),
                Entry::Header(_) | Entry::Promise(_) | Entry::Head(_) => {}
            }
        }
        Ok(Advance::Ended)
    }

    /// Steps until `until` has been taken (or the log ends), and reports each step to `progress`. After a divergence it goes on
    /// to the next snapshot, to say how the worlds differ, and no further.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub fn run(&mut self, until: Option<u32>, mut progress: impl FnMut(u32)) -> Result<&Replayed, ReplayError> {
        loop {
            let enough = match &self.replayed.divergence {
                Some(divergence) => divergence.snapshot_tick.is_some(),
                None => until.is_some_and(|until| self.replayed.tick >= until),
            };
            if enough {
                return Ok(&self.replayed);
            }
            match self.advance()? {
                Advance::Stepped => progress(self.replayed.tick),
                Advance::Explained => {}
                Advance::Ended => return Ok(&self.replayed),
            }
        }
    }

    fn compare(&mut self, tick: u32, recorded: StateHash, found: StateHash) {
        if self.replayed.divergence.is_some() {
            return;
        }
        self.replayed.hashes_compared += 1;
        if recorded != found {
            let (snapshot_tick, differences) = (None, Vec::new());
            self.replayed.divergence = Some(Divergence { tick, recorded, found, snapshot_tick, differences });
        }
    }

    /// Returns whether this is the snapshot that shows how the worlds differ.
    fn compare_snapshot(&mut self, snapshot: &SnapshotEntry) -> Result<bool, ReplayError> {
        self.compare(snapshot.tick, snapshot.hash, self.replayed.state_hash);
        let Some(divergence) = self.replayed.divergence.as_mut().filter(|found| found.snapshot_tick.is_none()) else {
            return Ok(false);
        };
        let refused = |cause| ReplayError::Snapshot { tick: snapshot.tick, cause };
        divergence.differences = self.shard.differences(&snapshot.bytes).map_err(refused)?;
        divergence.snapshot_tick = Some(snapshot.tick);
        Ok(true)
    }

    fn compare_grants(&mut self, entry: &GrantsEntry) {
        self.compare(entry.tick, entry.hash, self.replayed.state_hash);
        let Some(rules) = self.kind.as_match else { return };
        let is_named = |account| entry.is_settlement || entry.grants.iter().any(|grant| grant.account == account);
        let seats = self.brief.players().filter(|(_, account, _)| is_named(*account)).map(|(seat, ..)| seat);
        let found: Vec<Grant> = seats.filter_map(|seat| (rules.grant)(self.shard.world(), seat)).collect();
        self.note_granted(found == entry.grants);
    }

    fn compare_visit(&mut self, entry: &VisitEntry) {
        self.compare(entry.tick, entry.hash, self.replayed.state_hash);
        let EndedVisit { seat, brought, character, grant, .. } = &entry.ended;
        let has_brought = character.is_some() || !brought.is_empty();
        let who = Visitor { account: grant.account, character: *character, has_brought };
        let found = self.kind.grant_visit((self.header.shard_id, self.shard.world()), *seat, who);
        let is_the_visitors = self.visitors.recorded(&entry.ended);
        self.note_granted(is_the_visitors && found.as_ref() == Some(grant));
    }

    fn note_granted(&mut self, agrees: bool) {
        let before = self.replayed.settlement_agrees.unwrap_or(true);
        self.replayed.settlement_agrees = Some(before && agrees);
    }
}
