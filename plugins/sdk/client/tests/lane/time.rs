//! What happened, and where things are between two datagrams.

use std::time::Duration;

use hypogeum_client::{Change, Client, MemoryWire};
use hypogeum_protocol::lane::{Cell, CellBox, DownHead, DownWriter, Facet, Motion, PAGE_SLOTS, page_check, write_page};
use hypogeum_protocol::{GameEvent, NetId, RecordKind};

use super::TICK;
use super::server::{Viewer, World, start_match};

#[test]
fn events_are_told_once_however_often_and_late_their_datagram_comes() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    client.poll(TICK);
    let (mut viewer, mut world) = (Viewer::new(0), World::new(1, 0));
    let event = |who| GameEvent::Extracted { who: NetId(who) };
    let first = viewer.write(&world, &[event(1)]);
    world.step(true);
    let second = viewer.write(&world, &[event(2)]);
    world.step(true);
    let third = viewer.write(&world, &[]);
    for datagram in [&third, &first, &first, &second, &third] {
        server.send_lane(datagram);
    }
    let expected = [
        Change::Saw,
        Change::Happened(vec![event(1)]),
        Change::Outdated,
        Change::Happened(vec![event(2)]),
        Change::Outdated,
    ];
    assert_eq!(client.poll(TICK), expected, "each once");
    assert_eq!(client.view().snapshot.as_ref().map(|seen| seen.tick), Some(2), "the newest stands");
    let recent: Vec<_> = client.view().recent.iter().copied().collect();
    assert_eq!(recent, [(0, event(1)), (1, event(2))], "with the ticks they happened at");
}

#[test]
fn others_are_shown_on_their_way() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    let cell = Cell { row: 0, column: 0 };
    let mut facets = [Facet::default(); PAGE_SLOTS];
    facets[0] = Facet { id: NetId(5), kind: RecordKind::Npc, template: 1 };
    let datagram = |seq: u16, x: i32| {
        let low = Cell { row: 0, column: 0 };
        let interest = CellBox { low, high: low };
        let head = DownHead { seq, tick: u32::from(seq) * 6, interval_ticks: 6, interest, ..DownHead::default() };
        let motions = [Motion::new(cell, (x, 1_004), 10, 15); PAGE_SLOTS];
        let (mut page, mut out) = (Vec::new(), Vec::new());
        write_page(&mut page, (cell, 0), (1, 1, 1), &facets, &motions);
        let mut writer = DownWriter::begin(&mut out, &head, 1_180);
        assert!(writer.page(&page, page_check((cell, 0), 1, &facets, &motions)), "a page fits");
        writer.finish();
        out
    };
    server.send_lane(&datagram(1, 1_004));
    client.poll(TICK);
    server.send_lane(&datagram(2, 1_604));
    // Six ticks of 30 a second are 200 ms.
    client.poll(Duration::from_millis(200));
    let mut shown = Vec::new();
    let mut places = Vec::new();
    for ms in [0, 50, 50, 100, 300] {
        client.poll(Duration::from_millis(ms));
        client.interpolated(&mut shown);
        places.extend(shown.iter().map(|record| (record.id.0, record.x, record.heading)));
    }
    // Places are told in steps of nine subunits.
    let expected = [1_004, 1_154, 1_305, 1_607, 1_607].map(|x| (5, x, 10));
    assert_eq!(places, expected, "it walks from where it was to where it is told to be, and waits there");
}
