//! Datagrams with a few bytes changed: which of them can be read, and what they then say.

use std::time::Duration;

use hypogeum_client::{Change, Client, MemoryWire};
use hypogeum_protocol::lane::{Cell, CellBox, DownHead, DownWriter};
use hypogeum_protocol::{GameEvent, NetId, OwnState, Record, RecordKind, codec};

use super::chance::{Chance, Digest};
use super::play;
use super::server::{Viewer, World, start_match};
use super::vectors;

const GROUPS: u32 = 100;
const MUTANTS: u32 = 100;

/// Some honest datagrams, small ones, so that each byte is hit often.
fn originals() -> Vec<Vec<u8>> {
    let world = World::new(11, 300);
    let mut viewer = Viewer::new(7);
    viewer.bytes_max = 160;
    viewer.areas = vec![Record {
        id: NetId(4),
        kind: RecordKind::Storm,
        template: 1,
        x: -1,
        y: 70_000,
        heading: 0,
        hp_band: 0,
        extent: 500,
    }];
    let hit = GameEvent::Damaged { source: NetId(4), target: NetId(300), amount: 12, critical: true };
    let mut all: Vec<Vec<u8>> = (0..4).map(|_| viewer.write(&world, &[hit])).collect();
    let everywhere = CellBox { low: Cell { row: 0, column: 0 }, high: Cell { row: 255, column: 255 } };
    let own = Some(OwnState { x: -5, hp: 70_000, ..OwnState::default() });
    let head = DownHead { own, keyframe: true, interest: everywhere, ..DownHead::default() };
    let mut bare = Vec::new();
    let mut writer = DownWriter::begin(&mut bare, &head, 200);
    assert!(writer.event(&codec::encode(&GameEvent::Extracted { who: NetId(8) })), "it fits");
    writer.finish();
    all.push(bare);
    all
}

fn mutant(original: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=chance.below(3) {
        let length = bytes.len() as u32;
        match chance.below(8) {
            0 => bytes.truncate(chance.below(length + 1) as usize),
            1 => bytes.push(chance.below(256) as u8),
            _ if length == 0 => {}
            2 => drop(bytes.remove(chance.below(length) as usize)),
            3 => {
                let place = chance.below(length) as usize;
                bytes[place] = chance.pick(&[0, 1, 5, 250, 251, 252, 253, 255]) as u8;
            }
            _ => {
                let place = chance.below(length) as usize;
                bytes[place] ^= 1 << chance.below(8);
            }
        }
    }
    bytes
}

/// Gives a datagram to a client that knows nothing; what it says in one number.
fn said(datagram: &[u8]) -> (bool, u32) {
    let (wire, server) = MemoryWire::pair();
    let mut client = Client::new(wire);
    start_match(&server, 1, 0);
    server.send_lane(datagram);
    let changes = client.poll(Duration::ZERO);
    if changes.contains(&Change::Unreadable) {
        return (false, 0);
    }
    let snapshot = client.view().snapshot.as_ref().expect("the first that can be read is the newest");
    let digest = play::digest(&snapshot.records).number();
    let events = changes.iter().map(|change| if let Change::Happened(events) = change { events.len() } else { 0 });
    let numbers = [snapshot.tick, snapshot.input_seq, client.divergences() as u32, events.sum::<usize>() as u32];
    (true, numbers.into_iter().fold(digest, |sum, number| sum.rotate_left(3) ^ number))
}

#[test]
fn changed_datagrams_are_read_or_refused_as_the_javascript_sdk_has_to() {
    let originals = originals();
    let (mut digests, mut read) = (Vec::new(), 0);
    for group in 0..GROUPS {
        let mut chance = Chance::keyed(0x3107_0000 + group);
        let mut digest = Digest::default();
        for _ in 0..MUTANTS {
            let original = &originals[chance.below(originals.len() as u32) as usize];
            let (is_read, sum) = said(&mutant(original, &mut chance));
            read += u32::from(is_read);
            digest.mix(is_read.into());
            digest.mix(sum);
        }
        digests.push(digest.hex());
    }
    assert!(read > 1_000 && read < GROUPS * MUTANTS - 1_000, "some can be read, others not: {read}");
    let hex = |bytes: &Vec<u8>| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let originals: Vec<String> = originals.iter().map(hex).collect();
    let quoted = |all: &[String]| format!("\"{}\"", all.join("\",\n\""));
    let text = format!(
        "{{\"mutants\":{MUTANTS},\"read\":{read},\n\"originals\":[\n{}\n],\n\"digests\":[\n{}\n]}}\n",
        quoted(&originals),
        quoted(&digests)
    );
    vectors::check("mutants.json", &text);
}
