//! A snapshot as bytes, put together from records encoded before.

use hypogeum_protocol::{OwnState, ServerMessage, Snapshot, codec, limits};

/// One snapshot on its way to fill a datagram. Records must be offered nearest first.
pub(crate) struct Datagram<'a> {
    out: &'a mut Vec<u8>,
    records: &'a mut Vec<u8>,
    count: u8,
    tail: [u16; 2],
    room: usize,
}

/// The most bytes two 16-bit counts take.
const TAIL_BYTES: usize = 6;

// The number of records takes one byte.
const _: () = assert!(limits::SNAPSHOT_RECORDS_MAX <= 250);

impl<'a> Datagram<'a> {
    /// Begins a datagram in `out`; `records` is scratch. Both are emptied.
    pub(crate) fn begin(
        out: &'a mut Vec<u8>,
        records: &'a mut Vec<u8>,
        (tick, input_seq): (u32, u32),
        own: Option<OwnState>,
        tail: [u16; 2],
    ) -> Self {
        out.clear();
        records.clear();
        codec::encode_into(&ServerMessage::Snapshot(Snapshot::default()), out);
        // The tag is all of that message that stays.
        out.truncate(1);
        codec::encode_into(&(tick, input_seq, own), out);
        let room = limits::UNRELIABLE_BYTES_MAX.saturating_sub(out.len() + 1 + TAIL_BYTES);
        Self { out, records, count: 0, tail, room }
    }

    /// Whether more records may fit.
    pub(crate) const fn is_open(&self) -> bool {
        (self.count as usize) < limits::SNAPSHOT_RECORDS_MAX
    }

    /// Takes an encoded record, unless it does not fit.
    pub(crate) fn add(&mut self, record: &[u8]) -> bool {
        let fits = self.is_open() && self.records.len() + record.len() <= self.room;
        if fits {
            self.records.extend_from_slice(record);
            self.count += 1;
        }
        fits
    }

    /// Ends the datagram.
    pub(crate) fn finish(self) {
        self.out.push(self.count);
        self.out.extend_from_slice(self.records);
        codec::encode_into(&self.tail, self.out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hypogeum_protocol::{NetId, Record, RecordKind};

    #[test]
    fn what_is_put_together_decodes_as_what_the_codec_writes() {
        let own = Some(OwnState { x: -5, hp: 70_000, ..OwnState::default() });
        let record = Record {
            id: NetId(70_000),
            kind: RecordKind::Hazard,
            template: 300,
            x: -1,
            y: 1_000_000,
            heading: 7,
            hp_band: 15,
            extent: 999,
        };
        let (mut out, mut scratch) = (Vec::new(), Vec::new());
        let mut datagram = Datagram::begin(&mut out, &mut scratch, (9, 8), own, [40, 300]);
        assert!(datagram.add(&codec::encode(&record)), "one record fits");
        datagram.finish();
        let snapshot = Snapshot { tick: 9, input_seq: 8, own, records: vec![record], alive: 40, extracted: 300 };
        assert_eq!(out, codec::encode(&ServerMessage::Snapshot(snapshot)), "byte by byte the same message");
    }
}
