//! The worked datagrams of `PROTOCOL.md`.

use hypogeum_protocol::lane::{
    Ack, Cell, CellBox, DownHead, DownWriter, Facet, Motion, PAGE_SLOTS, Up, page_check, write_page,
};
use hypogeum_protocol::limits::LANE_BYTES_MAX;
use hypogeum_protocol::{Input, NetId, Record, RecordKind, Snapshot, codec};

use crate::samples::{events, snapshot};

/// The worked datagram of a client.
pub(crate) fn lane_up() -> Up {
    let first = Input { seq: 250, walk: 16_384, pace: 100, aim: 0, ability: 0 };
    let second = Input { seq: 251, aim: 32_768, ability: 1, ..first };
    let mut up = Up::default().with_inputs([first, second].into_iter());
    up.seq = 300;
    up.ack = Some(Ack { newest: 2, before: 0b101 });
    up
}

/// Facets and motions of the worked page, and where it is.
pub(crate) fn lane_page() -> ((Cell, u8), [Facet; PAGE_SLOTS], [Motion; PAGE_SLOTS]) {
    let cell = Cell { row: 0, column: 2 };
    let (mut facets, mut motions) = ([Facet::default(); PAGE_SLOTS], [Motion::default(); PAGE_SLOTS]);
    facets[0] = Facet { id: NetId(12), kind: RecordKind::Npc, template: 4 };
    motions[0] = Motion::new(cell, (19_456, 300), 255, 15);
    facets[2] = Facet { id: NetId(300), kind: RecordKind::Item, template: 7 };
    motions[2] = Motion::new(cell, (16_420, 8_100), 0, 0);
    ((cell, 0), facets, motions)
}

/// Head and area of the worked datagram of a server.
pub(crate) fn lane_head() -> (DownHead, Record) {
    let Snapshot { tick, input_seq, own, alive, extracted, .. } = snapshot();
    let interest = CellBox { low: Cell { row: 0, column: 1 }, high: Cell { row: 1, column: 3 } };
    let head =
        DownHead { seq: 2, tick, interval_ticks: 2, own, input_seq, alive, extracted, interest, ..DownHead::default() };
    let kind = RecordKind::Storm;
    let area = Record { id: NetId(9), kind, template: 0, x: 19_200, y: 19_200, heading: 0, hp_band: 0, extent: 700 };
    (head, area)
}

/// The worked datagram of a server.
pub(crate) fn lane_down() -> Vec<u8> {
    let ((head, area), (at, facets, motions)) = (lane_head(), lane_page());
    let (mut page, mut out) = (Vec::new(), Vec::new());
    write_page(&mut page, at, (0b101, 0b101, 0b100), &facets, &motions);
    let mut writer = DownWriter::begin(&mut out, &head, LANE_BYTES_MAX);
    assert!(writer.area(&codec::encode(&area)), "an area fits");
    assert!(writer.page(&page, page_check(at, 0b101, &facets, &motions)), "a page fits");
    assert!(writer.event(&codec::encode(&events()[0])), "an event fits");
    writer.finish();
    out
}
