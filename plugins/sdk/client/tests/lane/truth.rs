//! What is shown ends as what the server has, whatever the link does to it.

use hypogeum_client::{Client, MemoryWire};
use hypogeum_protocol::lane::{Cell, CellBox, DownHead, DownWriter, Facet, Motion, PAGE_SLOTS, page_check, write_page};
use hypogeum_protocol::{NetId, Record, RecordKind};

use super::server::{World, start_match};
use super::{Play, TICK};

#[test]
fn a_good_link_shows_the_truth_every_tick() {
    let mut play = Play::new(1, 900, 65_500);
    for tick in 0..200 {
        play.tick(false);
        play.walk(if tick < 100 { 400 } else { -400 });
    }
    for _ in 0..40 {
        play.tick(true);
    }
    assert!(play.client.is_on_lane(), "the server answered on the lane");
    assert!(play.shows_the_truth(), "what stands still is shown as it is");
    assert_eq!((play.client.divergences(), play.client.unreadable_count()), (0, 0), "nothing was wrong on the way");
    let records = &play.client.view().snapshot.as_ref().expect("a snapshot").records;
    assert!(records.len() > 20, "and there was something to see: {}", records.len());
}

#[test]
fn loss_reordering_and_repetition_end_in_the_truth() {
    for seed in 10..30 {
        let mut play = Play::new(seed, 700, (seed * 7_919) as u16);
        play.make_bad(if seed % 2 == 0 { 2 } else { 30 });
        play.viewer.bytes_max = if seed % 3 == 0 { 260 } else { 1_180 };
        for tick in 0..400 {
            play.tick(false);
            play.walk(if tick % 200 < 100 { 300 } else { -300 });
        }
        play.make_good();
        for _ in 0..60 {
            play.tick(true);
        }
        assert_eq!(play.client.divergences(), 0, "seed {seed}: no view was ever wrong");
        assert!(play.shows_the_truth(), "seed {seed}: the view is what the server has");
    }
}

#[test]
fn a_divergence_is_found_counted_and_repaired() {
    for seed in 40..50 {
        let mut play = Play::new(seed, 700, 9);
        play.make_bad(if seed % 2 == 0 { 0 } else { 20 });
        for round in 1..=3 {
            for _ in 0..50 {
                play.tick(false);
            }
            assert!(!play.seen_up.last().expect("ups flow").resync, "seed {seed}: nothing is wrong before");
            // On a link that loses, the bent datagram may be lost: bend until it has been noticed.
            let counted = play.client.divergences();
            while play.client.divergences() == counted {
                play.viewer.bend_next = true;
                play.tick(false);
            }
            play.viewer.bend_next = false;
            for _ in 0..100 {
                play.tick(false);
            }
            assert!(play.client.divergences() >= round, "seed {seed}: it is counted");
        }
        play.make_good();
        for _ in 0..60 {
            play.tick(true);
        }
        let found = play.client.divergences();
        assert!(found <= 12, "seed {seed}: {found} divergences, but only a few datagrams were wrong");
        assert!(play.viewer.resyncs >= 3, "seed {seed}: everything was asked for again");
        assert!(!play.seen_up.last().expect("ups flow").resync, "seed {seed}: and no longer is");
        assert!(play.shows_the_truth(), "seed {seed}: the view is what the server has");
    }
}

#[test]
fn a_resync_ends_where_there_is_nothing_to_see_as_well() {
    let mut play = Play::new(60, 300, 1);
    for _ in 0..20 {
        play.tick(false);
    }
    play.viewer.bend_next = true;
    while play.client.divergences() == 0 {
        play.tick(false);
    }
    let tick = play.world.tick;
    play.world = World::new(1, 0);
    play.world.tick = tick;
    for _ in 0..60 {
        play.tick(false);
    }
    assert!(!play.seen_up.last().expect("ups flow").resync, "an empty world is enough of an answer");
    assert!(play.shows_the_truth(), "nothing is shown");
}

#[test]
fn areas_are_those_of_the_newest_datagram() {
    let mut play = Play::new(95, 200, 0);
    let area = |id, extent| Record { id: NetId(id), kind: RecordKind::Storm, extent, ..Record::of_nothing() };
    play.viewer.areas = vec![area(3, 500), area(9, 20)];
    for _ in 0..30 {
        play.tick(true);
    }
    let areas = |play: &Play| -> Vec<(u32, u16)> {
        let records = &play.client.view().snapshot.as_ref().expect("a snapshot").records;
        let areas = records.iter().filter(|record| record.kind == RecordKind::Storm);
        areas.map(|record| (record.id.0, record.extent)).collect()
    };
    assert_eq!(areas(&play), [(3, 500), (9, 20)], "both are there, though nothing else changes");
    play.viewer.areas = vec![area(3, 499)];
    play.tick(true);
    play.tick(true);
    assert_eq!(areas(&play), [(3, 499)], "one shrank, the other is gone");
}

/// A record to change fields of.
trait OfNothing {
    fn of_nothing() -> Self;
}

impl OfNothing for Record {
    fn of_nothing() -> Self {
        let kind = RecordKind::Player;
        Self { id: NetId(0), kind, template: 0, x: 0, y: 0, heading: 0, hp_band: 0, extent: 0 }
    }
}

#[test]
fn a_hostile_server_cannot_make_it_grow() {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    client.poll(TICK);
    let facets: [Facet; PAGE_SLOTS] =
        std::array::from_fn(|slot| Facet { id: NetId(slot as u32 + 100), kind: RecordKind::Npc, template: 0 });
    let motions = [Motion(0); PAGE_SLOTS];
    let everywhere = CellBox { low: Cell { row: 0, column: 0 }, high: Cell { row: 255, column: 255 } };
    // Every page claims as many pages as can be, each a single thing, in ever other cells.
    for seq in 0..400_u16 {
        let head = DownHead { seq, tick: seq.into(), interest: everywhere, ..DownHead::default() };
        let mut out = Vec::new();
        let mut writer = DownWriter::begin(&mut out, &head, usize::MAX);
        let mut page = Vec::new();
        for number in 0..200 {
            let cell = Cell { row: (seq / 4) as u8, column: (seq % 4) as u8 };
            page.clear();
            write_page(&mut page, (cell, number), (u64::MAX, u64::MAX, u64::MAX), &facets, &motions);
            let check = page_check((cell, number), u64::MAX, &facets, &motions);
            assert!(writer.page(&page, check), "a test has no budget");
        }
        writer.finish();
        server.send_lane(&out);
        client.poll(TICK);
    }
    let records = client.view().snapshot.as_ref().map_or(0, |snapshot| snapshot.records.len());
    assert!(records <= hypogeum_client::PAGES_MAX * PAGE_SLOTS, "{records} records");
    assert_eq!(records, 64, "and no name is there twice");
}
