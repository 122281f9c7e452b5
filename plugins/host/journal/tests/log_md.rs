//! `LOG.md` says what the code does: its example, byte for byte.

use std::fs;
use std::path::{Path, PathBuf};

use hypogeum_journal::{
    Close, EndedVisit, Entry, FORMAT, GrantsEntry, Header, JournalConfig, JournalFolder, JournalThread, LogId,
    LogReader, PartLimits, PublicKey, SigningKey, VisitEntry, verify, verify_parts,
};
use hypogeum_protocol::{
    AccountId, Act, CharacterId, CharacterSheet, Grant, Input, ItemId, MatchId, NetId, Outcome, Seat, ShardId,
    StashedItem, codec,
};
use hypogeum_shard::{Command, CommandBody, LineupSeat, MatchLineup, Occupant, Seed, StateHash};
use tempfile::TempDir;

const DOCUMENT: &str = include_str!("../LOG.md");
/// Bytes of a segment's head.
const HEAD_BYTES: usize = 53;
/// The names of the examples, in the order of the log, by segment.
const RECORDS: [&[&str]; 2] =
    [&["header", "tick-1", "head-1"], &["snapshot", "tick-2", "promise", "visit", "grants", "close", "head-2"]];

/// The bytes of the example fenced as `hex NAME`.
fn example(name: &str) -> Vec<u8> {
    let fence = format!("```hex {name}\n");
    let start = DOCUMENT.find(&fence).unwrap_or_else(|| panic!("no example `{name}`")) + fence.len();
    let length = DOCUMENT[start..].find("```").expect("the fence is closed");
    let digits = DOCUMENT[start..start + length].split_whitespace();
    digits
        .map(|pair| u8::from_str_radix(pair, 16).unwrap_or_else(|_| panic!("`{pair}` in `{name}` is no byte")))
        .collect()
}

fn item() -> ItemId {
    ItemId { origin: 7, serial: 3 }
}

fn header(key: PublicKey) -> Header {
    let (level, rating) = (1, 1_500);
    let seat = |occupant, name: &str, items| {
        let (name, character) = (name.into(), None);
        LineupSeat { occupant, name, level, rating, items, character }
    };
    let lineup = MatchLineup {
        match_id: MatchId(7),
        mode: "blitz".into(),
        definition: String::new(),
        parties: Vec::new(),
        seats: vec![
            seat(Occupant::Account(AccountId(1)), "Ada", vec![StashedItem::new(item(), "medkit")]),
            seat(Occupant::Autopilot, "", vec![]),
        ],
    };
    Header {
        format: FORMAT,
        build: "0.1.0".into(),
        shard_id: ShardId(7),
        kind: "arena".into(),
        setup: codec::encode(&lineup),
        seed: Seed::from_bytes([5; 16]),
        tick_hz: 30,
        content: "a content".into(),
        began_unix_s: 1_800_000_000,
        key: key.0,
        part: None,
    }
}

fn steer(input: Input) -> Command {
    Command { seat: Seat(0), body: CommandBody::Input(input) }
}

fn ticks() -> [Vec<Command>; 2] {
    let first = Input { seq: 1, walk: 16_384, pace: 100, aim: 65_526, ability: 0 };
    let deed = CommandBody::Act { seq: 1, act: Act::PickUp { item: NetId(300) }, seen: Some(7) };
    let second = [Input { seq: 2, ..first }, Input { seq: 3, ..first }];
    let away = Command { seat: Seat(1), body: CommandBody::Present(false) };
    [vec![steer(first), Command { seat: Seat(0), body: deed }], vec![steer(second[0]), steer(second[1]), away]]
}

fn settlement() -> GrantsEntry {
    let grant = Grant {
        account: AccountId(1),
        outcome: Outcome::Extracted,
        kills: 2,
        damage_dealt: 300,
        xp_gained: 120,
        currency_gained: 45,
        placement: 1,
        items_secured: vec![StashedItem::new(item(), "medkit")],
        items_changed: Vec::new(),
        character: None,
    };
    GrantsEntry { tick: 2, hash: StateHash(0x2222_2222_2222_2222), is_settlement: true, grants: vec![grant] }
}

/// Matches have no visits, but the format does not know that.
fn visit() -> VisitEntry {
    let grant = Grant {
        account: AccountId(2),
        outcome: Outcome::Extracted,
        kills: 0,
        damage_dealt: 0,
        xp_gained: 60,
        currency_gained: 0,
        placement: 1,
        items_secured: Vec::new(),
        items_changed: Vec::new(),
        character: Some(CharacterSheet { id: CharacterId(4), place: "fair".into(), body: vec![9, 9] }),
    };
    let character = Some(CharacterId(4));
    let ended = EndedVisit { seat: Seat(1), visit: MatchId(8), brought: vec![item()], character, grant };
    VisitEntry { tick: 2, hash: StateHash(0x2222_2222_2222_2222), ended }
}

/// The log of the example as a journal writes it, and the key that signs it.
fn written() -> (TempDir, Vec<u8>, PublicKey) {
    let data = tempfile::tempdir().expect("a folder for the test");
    fs::write(data.path().join("journal.key"), "07".repeat(32)).expect("the test may write");
    let key = SigningKey::of_directory(data.path()).expect("a key");
    let public = key.public();
    let root = data.path().join("journal");
    let (thread, mut port) = JournalThread::start(JournalConfig::new(root.clone()), key).expect("a journal");
    let recorder = port.begin(header(public));
    let [mut first, mut second] = ticks();
    port.tick(&recorder, 1, StateHash(0x1111_1111_1111_1111), &mut first);
    port.snapshot(&recorder, 1, StateHash(0x1111_1111_1111_1111), b"(a world)".to_vec());
    port.tick(&recorder, 2, StateHash(0x2222_2222_2222_2222), &mut second);
    port.promise(&recorder, 2, vec![Seat(0)]);
    port.visit(&recorder, visit());
    port.grant(&recorder, settlement());
    port.close(&recorder, Close::Settled);
    port.hand_over();
    thread.finish();
    let path = JournalFolder::open(root).expect("the folders are there").finished(ShardId(7));
    let bytes = fs::read(path).expect("it was put away");
    (data, bytes, public)
}

/// Each segment of a finished log: its head and its records, expanded.
fn segments(mut bytes: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (head, rest) = bytes.split_at(HEAD_BYTES);
        let stored = u64::from_le_bytes(head[29..37].try_into().expect("eight bytes"));
        let (stored, rest) = rest.split_at(stored as usize);
        found.push((head.to_vec(), zstd::stream::decode_all(stored).expect("it expands")));
        bytes = rest;
    }
    found
}

/// Part 1 of the example of a log in parts, and the segment that part 2 begins with.
fn written_in_parts() -> (TempDir, PathBuf, PathBuf) {
    let data = tempfile::tempdir().expect("a folder for the test");
    fs::write(data.path().join("journal.key"), "07".repeat(32)).expect("the test may write");
    let key = SigningKey::of_directory(data.path()).expect("a key");
    let root = data.path().join("journal");
    let config = JournalConfig {
        parts: PartLimits { bytes: 0, ..PartLimits::default() },
        unix_s: || 1_800_000_060,
        ..JournalConfig::new(root.clone())
    };
    let first = Header { kind: "fair".into(), setup: Vec::new(), ..header(key.public()) }.in_parts();
    let (thread, mut port) = JournalThread::start(config, key).expect("a journal");
    let recorder = port.begin(first);
    let hash = StateHash(0x1111_1111_1111_1111);
    port.tick(&recorder, 1, hash, &mut vec![comes()]);
    let EndedVisit { grant, .. } = visit().ended;
    let grant = Grant { account: AccountId(3), character: None, ..grant };
    let ended = EndedVisit { seat: Seat(9), visit: MatchId(6), brought: Vec::new(), character: None, grant };
    port.visit(&recorder, VisitEntry { tick: 1, hash, ended });
    port.snapshot(&recorder, 1, hash, b"(a world)".to_vec());
    port.hand_over();
    thread.finish();
    let folder = JournalFolder::open(root).expect("the folders are there");
    let [first, second] = [1, 2].map(|part| LogId { shard_id: ShardId(7), part });
    (data, folder.finished_log(first), folder.running_log(second))
}

/// Ada comes.
fn comes() -> Command {
    let character = Some(CharacterSheet { id: CharacterId(4), place: String::new(), body: Vec::new() });
    let items = vec![StashedItem::new(item(), "medkit")];
    let occupant = Occupant::Account(AccountId(2));
    let brings = LineupSeat { occupant, name: "Ada".into(), level: 1, rating: 1_500, items, character };
    Command { seat: Seat(0), body: CommandBody::Join { visit: MatchId(8), brings: Box::new(brings) } }
}

#[test]
fn the_worked_part_is_what_a_journal_writes() {
    let (_data, first, second) = written_in_parts();
    let bytes = fs::read(&first).expect("it was put away");
    let of_first = segments(&bytes).into_iter().flat_map(|(_, records)| records).collect::<Vec<u8>>();
    let open = fs::read(second.join("000001.open")).expect("it is written");
    let all = records(&of_first);
    let found = [
        ("part-close", all[all.len() - 2]),
        ("part-head", all[all.len() - 1]),
        ("part-header", records(&open[HEAD_BYTES..])[0]),
    ];
    let different: String = found
        .iter()
        .filter(|(name, record)| example(name) != *record)
        .map(|(name, record)| format!("```hex {name}\n{}\n```\n", shown(record)))
        .collect();
    assert!(different.is_empty(), "these are not as the document says, but:\n{different}");
    let key = PublicKey(example("public-key").try_into().expect("32 bytes"));
    let verified = verify_parts(&[first, second], Some(key)).expect("they follow each other");
    assert_eq!(verified.missing, [], "both are there");
}

/// Records one after another.
fn records(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let length = 48 + u32::from_le_bytes(bytes[4..8].try_into().expect("four bytes")) as usize;
        let (record, after) = bytes.split_at(length);
        found.push(record);
        bytes = after;
    }
    found
}

/// As the document shows bytes.
fn shown(bytes: &[u8]) -> String {
    let pairs = |line: &[u8]| line.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
    bytes.chunks(32).map(pairs).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_worked_log_is_what_a_journal_writes() {
    let (_data, bytes, key) = written();
    assert_eq!(shown(&example("public-key")), shown(&key.0), "the key that follows from the seed");
    let segments = segments(&bytes);
    assert_eq!(segments.len(), RECORDS.len(), "the snapshot begins a second one");
    let mut different = String::new();
    for ((head, records), names) in segments.iter().zip(RECORDS) {
        assert_eq!((&head[..8], head[8]), (&b"HYPOLOG1"[..], 1), "a packed segment");
        let mut rest = &records[..];
        for name in names {
            let length = 48 + u32::from_le_bytes(rest[4..8].try_into().expect("four bytes")) as usize;
            let (record, after) = rest.split_at(length);
            if example(name) != record {
                different += &format!("```hex {name}\n{}\n```\n", shown(record));
            }
            rest = after;
        }
        assert!(rest.is_empty(), "and no more");
    }
    assert!(different.is_empty(), "these are not as the document says, but:\n{different}");
}

#[test]
fn the_worked_log_is_read_from_its_open_segments_and_its_signatures_are_good() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    for ((number, head), names) in [(1, "segment-1"), (2, "segment-2")].into_iter().zip(RECORDS) {
        let records = names.iter().flat_map(|name| example(name));
        let bytes: Vec<u8> = example(head).into_iter().chain(records).collect();
        fs::write(folder.path().join(format!("{number:06}.open")), bytes).expect("the test may write");
    }
    let key = PublicKey(example("public-key").try_into().expect("32 bytes"));
    let verified = verify(folder.path(), Some(key)).expect("nothing is wrong with it");
    assert!(verified.complete && verified.heads == 2 && verified.records == 10, "{verified:?}");
    assert_eq!((verified.header, verified.close), (header(key), Some(Close::Settled)), "its header and its end");
    let mut commands = Vec::new();
    for entry in entries(folder.path()) {
        match entry {
            Entry::Tick(tick) => commands.push(tick.commands),
            Entry::Visit(found) => assert_eq!(*found, visit(), "what a visit was worth"),
            Entry::Grants(found) => assert_eq!(found, settlement(), "what it was worth"),
            _ => {}
        }
    }
    assert_eq!(commands, ticks(), "and its steps");
}

fn entries(path: &Path) -> Vec<Entry> {
    let (mut reader, _) = LogReader::open(path).expect("a log");
    std::iter::from_fn(|| reader.next_entry().expect("it is whole").map(|read| read.entry)).collect()
}
