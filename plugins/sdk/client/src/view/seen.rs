//! What a client sees of the world, and what happens there.

use hypogeum_protocol::lane::DownHead;
use hypogeum_protocol::{GameEvent, NetId, Record, RecordKind, Snapshot};

use super::{Change, View};

/// Events a view remembers: some seconds of a busy fight.
pub const RECENT_EVENTS_MAX: usize = 256;

impl View {
    /// Avatars of others that are seen and whose names are not known: ask for them where the match has not told.
    pub fn unnamed(&self) -> impl Iterator<Item = NetId> + '_ {
        let records = self.snapshot.iter().flat_map(|snapshot| &snapshot.records);
        let players = records.filter(|record| record.kind == RecordKind::Player).map(|record| record.id);
        let names = self.current.as_ref().map(|current| &current.names);
        players.filter(move |avatar| names.is_some_and(|names| !names.contains_key(avatar)))
    }

    /// Which version of an item is shown: of what is carried the whole number, of what lies on the ground its low 8 bits.
    #[must_use]
    pub fn version_of(&self, item: NetId) -> Option<u32> {
        let carried = self.inventory.iter().find(|carried| carried.id == item).map(|carried| carried.version);
        let lying = || {
            let mut records = self.snapshot.iter().flat_map(|snapshot| &snapshot.records);
            let record = records.find(|record| record.kind == RecordKind::Item && record.id == item)?;
            Some(record.heading.into())
        };
        carried.or_else(lying)
    }

    /// Snapshots come unreliably: late, twice, and after the match they belong to.
    pub(super) fn see(&mut self, snapshot: Snapshot) -> Change {
        let newer = self.snapshot.as_ref().is_none_or(|last| snapshot.tick > last.tick);
        if self.current.is_none() || !newer {
            return Change::Outdated;
        }
        self.snapshot = Some(snapshot);
        Change::Saw
    }

    /// Takes in the newest datagram of the datagram lane; `write_records` writes what is around.
    pub(crate) fn show(&mut self, head: &DownHead, write_records: impl FnOnce(&mut Vec<Record>)) -> Change {
        let snapshot = self.snapshot.get_or_insert_default();
        let DownHead { tick, input_seq, own, alive, extracted, .. } = *head;
        write_records(&mut snapshot.records);
        // Pages are shared by all who see them, so the avatar stands in its own.
        if let Some(current) = &self.current {
            snapshot.records.retain(|record| record.id != current.avatar);
        }
        *snapshot = Snapshot { tick, input_seq, own, records: std::mem::take(&mut snapshot.records), alive, extracted };
        Change::Saw
    }

    /// Takes in what happened.
    pub(crate) fn happened(&mut self, tick: u32, events: Vec<GameEvent>) -> Change {
        self.recent.extend(events.iter().map(|event| (tick, *event)));
        self.recent.drain(..self.recent.len().saturating_sub(RECENT_EVENTS_MAX));
        Change::Happened(events)
    }
}
