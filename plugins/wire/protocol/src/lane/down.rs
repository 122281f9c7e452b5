//! What a server sends on the datagram lane.

use super::bytes::Reader;
use super::place::{Cell, CellBox};
use crate::codec::{self, CodecError};
use crate::event::GameEvent;
use crate::limits::{LANE_BYTE, LANE_BYTES_MAX};
use crate::snapshot::{OwnState, Record};

/// Bytes of a datagram before its first field of changing length.
pub const DOWN_HEAD_BYTES: usize = 20;
/// Events in one datagram.
pub const EVENTS_MAX: usize = 250;
/// Flags of the head.
const OWN_BIT: u8 = 1;
const KEYFRAME_BIT: u8 = 2;
/// Where the counts lie: areas, pages, events.
const COUNTS_AT: usize = 13;
/// Where the check lies.
const CHECK_AT: usize = 16;

/// How a datagram of the server begins. After it come `areas_count` areas ([`read_areas`]), `pages_count` pages
/// ([`super::PageBlock::read`]) and `events_count` events ([`read_events`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DownHead {
    /// Rises by one with every datagram, and wraps.
    pub seq: u16,
    /// The tick it shows.
    pub tick: u32,
    /// Ticks between datagrams now.
    pub interval_ticks: u8,
    /// Nothing is known to have arrived of what is sent: this datagram builds on none before it.
    pub keyframe: bool,
    /// The avatar's own state; gone once dead or extracted.
    pub own: Option<OwnState>,
    /// The newest input the avatar's state includes.
    pub input_seq: u32,
    /// Players still in the match.
    pub alive: u16,
    /// Players that got out.
    pub extracted: u16,
    /// Everything of cells outside is to be forgotten.
    pub interest: CellBox,
    /// Sum of [`super::page_check`] over the pages in this datagram, as they are after it.
    pub check: u32,
    /// Areas that follow; all others are gone.
    pub areas_count: u8,
    /// Pages that follow.
    pub pages_count: u8,
    /// Events that follow.
    pub events_count: u8,
}

impl DownHead {
    /// Reads the head, lane byte included.
    ///
    /// # Errors
    /// [`CodecError`].
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, CodecError> {
        let lane = reader.byte()?;
        if lane != LANE_BYTE {
            return Err(CodecError::UnknownTag(lane.into()));
        }
        let (seq, tick) = (reader.u16()?, reader.u32()?);
        let [interval_ticks, flags] = reader.array()?;
        let [low_row, low_column, high_row, high_column] = reader.array()?;
        let [areas_count, pages_count, events_count] = reader.array()?;
        let check = reader.u32()?;
        if flags & !(OWN_BIT | KEYFRAME_BIT) != 0 {
            return Err(CodecError::Malformed);
        }
        let (input_seq, alive, extracted) = (reader.varint()?, reader.varint()?, reader.varint()?);
        let short = |number: u32| u16::try_from(number).map_err(|_| CodecError::Malformed);
        Ok(Self {
            seq,
            tick,
            interval_ticks,
            keyframe: flags & KEYFRAME_BIT != 0,
            own: if flags & OWN_BIT != 0 { Some(reader.value::<OwnState, 64>()?) } else { None },
            input_seq,
            alive: short(alive)?,
            extracted: short(extracted)?,
            interest: CellBox {
                low: Cell { row: low_row, column: low_column },
                high: Cell { row: high_row, column: high_column },
            },
            check,
            areas_count,
            pages_count,
            events_count,
        })
    }
}

/// Reads the areas after a head.
///
/// # Errors
/// [`CodecError`].
pub fn read_areas(reader: &mut Reader<'_>, count: u8, out: &mut Vec<Record>) -> Result<(), CodecError> {
    for _ in 0..count {
        out.push(reader.value::<Record, 64>()?);
    }
    Ok(())
}

/// Reads the events after the pages.
///
/// # Errors
/// [`CodecError`].
pub fn read_events(reader: &mut Reader<'_>, count: u8, out: &mut Vec<GameEvent>) -> Result<(), CodecError> {
    for _ in 0..count {
        out.push(reader.value::<GameEvent, 64>()?);
    }
    Ok(())
}

/// Puts a datagram together at the end of a buffer: head, areas, pages, events, in this order, within a budget.
#[derive(Debug)]
pub struct DownWriter<'a> {
    out: &'a mut Vec<u8>,
    start: usize,
    bytes_max: usize,
    counts: [u8; 3],
    check: u32,
}

const AREAS: usize = 0;
const PAGES: usize = 1;
const EVENTS: usize = 2;

impl<'a> DownWriter<'a> {
    /// Writes the head at the end of `out`. The datagram will have at most `bytes_max` bytes, and [`LANE_BYTES_MAX`]
    /// unless that is a test's business. Counts and check of `head` are worked out by what is added.
    pub fn begin(out: &'a mut Vec<u8>, head: &DownHead, bytes_max: usize) -> Self {
        let start = out.len();
        out.push(LANE_BYTE);
        out.extend_from_slice(&head.seq.to_le_bytes());
        out.extend_from_slice(&head.tick.to_le_bytes());
        let flags = if head.own.is_some() { OWN_BIT } else { 0 } | if head.keyframe { KEYFRAME_BIT } else { 0 };
        out.extend_from_slice(&[head.interval_ticks, flags]);
        let CellBox { low, high } = head.interest;
        out.extend_from_slice(&[low.row, low.column, high.row, high.column]);
        out.extend_from_slice(&[0; 7]);
        debug_assert_eq!(out.len() - start, DOWN_HEAD_BYTES, "the fixed part has a fixed length");
        super::bytes::put_varint(out, head.input_seq);
        super::bytes::put_varint(out, head.alive.into());
        super::bytes::put_varint(out, head.extracted.into());
        if let Some(own) = &head.own {
            codec::encode_into(own, out);
        }
        Self { out, start, bytes_max, counts: [0; 3], check: 0 }
    }

    /// Bytes that still fit.
    #[must_use]
    pub const fn room(&self) -> usize {
        self.bytes_max.saturating_sub(self.out.len() - self.start)
    }

    fn add(&mut self, part: usize, bytes: &[u8]) -> bool {
        let fits = bytes.len() <= self.room() && self.counts[part] < u8::MAX;
        if fits {
            self.out.extend_from_slice(bytes);
            self.counts[part] += 1;
        }
        fits
    }

    /// Takes an encoded [`Record`] of an area, unless it does not fit.
    pub fn area(&mut self, record: &[u8]) -> bool {
        self.add(AREAS, record)
    }

    /// Takes an encoded page and what it adds to the check, unless it does not fit.
    pub fn page(&mut self, page: &[u8], check: u32) -> bool {
        let fits = self.add(PAGES, page);
        if fits {
            self.check = self.check.wrapping_add(check);
        }
        fits
    }

    /// Takes an encoded [`GameEvent`], unless it does not fit.
    pub fn event(&mut self, event: &[u8]) -> bool {
        usize::from(self.counts[EVENTS]) < EVENTS_MAX && self.add(EVENTS, event)
    }

    /// How many more events there may be.
    #[must_use]
    pub const fn events_left(&self) -> usize {
        EVENTS_MAX.saturating_sub(self.counts[EVENTS] as usize)
    }

    /// Takes so many encoded [`GameEvent`]s at once, unless not all of them fit.
    pub fn events(&mut self, events: &[u8], count: usize) -> bool {
        let fits = events.len() <= self.room() && count <= self.events_left();
        if fits {
            self.out.extend_from_slice(events);
            self.counts[EVENTS] += count as u8;
        }
        fits
    }

    /// Ends the datagram; its bytes are the end of the buffer.
    pub fn finish(self) {
        let head = &mut self.out[self.start..];
        head[COUNTS_AT..CHECK_AT].copy_from_slice(&self.counts);
        head[CHECK_AT..DOWN_HEAD_BYTES].copy_from_slice(&self.check.to_le_bytes());
    }
}

const _: () = assert!(LANE_BYTES_MAX > DOWN_HEAD_BYTES + 64);

#[cfg(test)]
mod tests {
    use super::super::{Facet, Motion, PAGE_SLOTS, PageBlock, page_check, write_page};
    use super::*;
    use crate::ids::NetId;
    use crate::snapshot::RecordKind;
    use proptest::prelude::*;

    #[test]
    fn a_whole_datagram_comes_back_part_by_part() {
        let own = Some(OwnState { x: -5, hp: 70_000, ..OwnState::default() });
        let interest = CellBox { low: Cell { row: 1, column: 2 }, high: Cell { row: 3, column: 255 } };
        let head = DownHead {
            keyframe: true,
            seq: 65_535,
            tick: 9,
            interval_ticks: 3,
            own,
            input_seq: 300,
            alive: 7,
            interest,
            ..DownHead::default()
        };
        let (facets, motions) = ([Facet::default(); PAGE_SLOTS], [Motion(5); PAGE_SLOTS]);
        let at = (Cell { row: 2, column: 3 }, 1);
        let mut page = Vec::new();
        write_page(&mut page, at, (0b1011, 0b11, 0b10), &facets, &motions);
        let check = page_check(at, 0b1011, &facets, &motions);
        let kind = RecordKind::Storm;
        let area = Record { id: NetId(4), kind, template: 1, x: 1, y: 2, heading: 0, hp_band: 0, extent: 500 };
        let event = GameEvent::Extracted { who: NetId(8) };

        let mut out = vec![99];
        let mut writer = DownWriter::begin(&mut out, &head, LANE_BYTES_MAX);
        assert!(writer.area(&codec::encode(&area)), "an area fits");
        assert!(writer.page(&page, check), "a page fits");
        assert!(writer.event(&codec::encode(&event)), "an event fits");
        writer.finish();

        let mut reader = Reader::new(&out[1..]);
        let read = DownHead::read(&mut reader).expect("a head");
        assert_eq!(
            read,
            DownHead { areas_count: 1, pages_count: 1, events_count: 1, check, ..head },
            "as it was written"
        );
        let (mut areas, mut block, mut events) = (Vec::new(), PageBlock::default(), Vec::new());
        read_areas(&mut reader, read.areas_count, &mut areas).expect("areas");
        block.read(&mut reader).expect("a page");
        read_events(&mut reader, read.events_count, &mut events).expect("events");
        assert_eq!((areas, events, block.present), (vec![area], vec![event], 0b1011), "every part is there");
        assert_eq!(reader.end(), Ok(()), "and nothing else");
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let mut out = Vec::new();
        let mut writer = DownWriter::begin(&mut out, &DownHead::default(), 40);
        let room = writer.room();
        assert!(!writer.event(&vec![0; room + 1]), "one byte too many");
        assert!(writer.page(&vec![0; room], 1), "just enough");
        assert_eq!(writer.room(), 0, "and it is full");
        writer.finish();
        assert_eq!(out.len(), 40, "the budget is kept");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in prop::collection::vec(any::<u8>(), 1..120)) {
            bytes[0] = LANE_BYTE;
            let _ = DownHead::read(&mut Reader::new(&bytes));
        }
    }
}
