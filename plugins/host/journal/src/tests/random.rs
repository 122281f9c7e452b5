//! Logs of any content, and any change to a good one.

use std::fs;

use hypogeum_protocol::{Act, CharacterId, CharacterSheet, ItemId, ItemState, MatchId, NetId, StashedItem};
use hypogeum_shard::Seed;
use proptest::prelude::*;

use super::forged::{Bodies, bodies, forge};
use super::*;
use crate::entry::{self, EndedVisit, Entry, HeadEntry, PromiseEntry, SnapshotEntry, TickEntry, VisitEntry};
use crate::record::RecordHash;
use crate::segment;
use crate::{LogReader, Part, Tail, Visit, record, verify};

fn item() -> impl Strategy<Value = ItemId> {
    (any::<u64>(), any::<u32>()).prop_map(|(origin, serial)| ItemId { origin, serial })
}

fn header() -> impl Strategy<Value = Header> {
    let origin = (".{0,9}", any::<u64>(), "[a-z]{0,9}", any::<[u8; 16]>(), any::<u32>());
    let rest = (".{0,40}", any::<u64>(), any::<[u8; 32]>(), prop::collection::vec(any::<u8>(), 0..90));
    (origin, rest, prop::option::of(part())).prop_map(|(origin, rest, part)| {
        let (build, id, kind, seed, tick_hz) = origin;
        let (content, began_unix_s, key, setup) = rest;
        Header {
            format: FORMAT,
            build,
            shard_id: ShardId(id),
            kind,
            setup,
            seed: Seed::from_bytes(seed),
            tick_hz,
            content,
            began_unix_s,
            key,
            part: part.map(Box::new),
        }
    })
}

/// The first of a log, or any after it, which the log that has it as its header may then not fit.
fn part() -> impl Strategy<Value = Part> {
    let visit_id = || any::<u64>().prop_map(MatchId);
    let seated = || {
        let brought = prop::collection::vec(item(), 0..3);
        let visit =
            (any::<u16>(), visit_id(), any::<u64>(), brought, prop::option::of(any::<u64>().prop_map(CharacterId)));
        let visit = visit.prop_map(|(seat, id, account, brought, character)| {
            (Seat(seat), Visit { id, account: AccountId(account), brought, character })
        });
        prop::collection::vec(visit, 0..3)
    };
    let numbers = (1_u32.., any::<u32>(), any::<u64>(), any::<u32>());
    let promised = prop::collection::vec(any::<u16>().prop_map(Seat), 0..3);
    let books =
        (prop::collection::vec(visit_id(), 0..2), prop::option::of(visit_id()), prop::collection::vec(visit(), 0..2));
    (numbers, seated(), seated(), promised, books).prop_map(|(numbers, seated, leaving, promised, books)| {
        let (number, tick, hash, next_seat) = numbers;
        let (last_visits, granted, ended) = books;
        let hash = StateHash(hash);
        Part { number, tick, hash, next_seat, seated, leaving, promised, last_visits, granted, ended }
    })
}

fn command() -> impl Strategy<Value = Command> {
    let input = (any::<u32>(), any::<u16>(), any::<u8>(), any::<u16>(), any::<u8>());
    let input = input.prop_map(|(seq, walk, pace, aim, ability)| Input { seq, walk, pace, aim, ability });
    let body = prop_oneof![
        4 => input.prop_map(CommandBody::Input),
        1 => (any::<u32>(), any::<u32>())
            .prop_map(|(seq, id)| CommandBody::Act { seq, act: Act::Drop { item: NetId(id) }, seen: id.checked_sub(7) }),
        1 => any::<bool>().prop_map(CommandBody::Present),
        1 => Just(CommandBody::Leave),
    ];
    (any::<u16>(), body).prop_map(|(seat, body)| Command { seat: Seat(seat), body })
}

fn grant() -> impl Strategy<Value = Grant> {
    let state = (1_u32..=u32::MAX, any::<u32>(), any::<bool>(), prop::option::of(item()));
    let state = state.prop_map(|(count, wear, is_bound, inside)| ItemState { count, wear, is_bound, inside });
    let stashed = (item(), "[a-z_]{0,9}", state).prop_map(|(id, template, state)| StashedItem { id, template, state });
    let outcome = prop_oneof![Just(Outcome::Extracted), Just(Outcome::Died), Just(Outcome::TimedOut)];
    let numbers = (any::<u64>(), outcome, any::<u32>(), any::<u32>(), any::<u32>(), any::<i64>(), any::<u16>());
    let body = prop::collection::vec(any::<u8>(), 0..9);
    let sheet = (any::<u64>(), "[a-z]{0,6}", body);
    let sheet = sheet.prop_map(|(id, place, body)| CharacterSheet { id: CharacterId(id), place, body });
    let changed = prop::collection::vec((item(), any::<u32>()), 0..3);
    let result = (numbers, prop::collection::vec(stashed, 0..3), changed, prop::option::of(sheet));
    result.prop_map(|((account, outcome, kills, damage, xp, currency, placement), items, changed, character)| Grant {
        account: AccountId(account),
        outcome,
        kills,
        damage_dealt: damage,
        xp_gained: xp,
        currency_gained: currency,
        placement,
        items_secured: items,
        items_changed: changed,
        character,
    })
}

fn visit() -> impl Strategy<Value = VisitEntry> {
    let character = prop::option::of(any::<u64>().prop_map(CharacterId));
    let ended = (any::<u16>(), any::<u64>(), prop::collection::vec(item(), 0..3), character, grant());
    let ended = ended.prop_map(|(seat, visit, brought, character, grant)| EndedVisit {
        seat: Seat(seat),
        visit: MatchId(visit),
        brought,
        character,
        grant,
    });
    let visit = (any::<u32>(), any::<u64>(), ended);
    visit.prop_map(|(tick, hash, ended)| VisitEntry { tick, hash: StateHash(hash), ended })
}

fn grants() -> impl Strategy<Value = GrantsEntry> {
    let grants = (any::<u32>(), any::<u64>(), any::<bool>(), prop::collection::vec(grant(), 0..4));
    grants.prop_map(|(tick, hash, is_settlement, grants)| GrantsEntry {
        tick,
        hash: StateHash(hash),
        is_settlement,
        grants,
    })
}

/// Anything but a header and the last head, which have their places.
fn later_entry() -> impl Strategy<Value = Entry> {
    let tick = (any::<u32>(), prop::option::of(any::<u64>()), prop::collection::vec(command(), 0..20));
    let tick = tick.prop_map(|(tick, hash, commands)| TickEntry { tick, hash: hash.map(StateHash), commands });
    let snapshot = (any::<u32>(), any::<u64>(), prop::collection::vec(any::<u8>(), 0..60));
    let snapshot = snapshot.prop_map(|(tick, hash, bytes)| SnapshotEntry { tick, hash: StateHash(hash), bytes });
    let head = any::<[u8; 32]>().prop_map(|half| {
        let mut signature = [0; 64];
        signature[32..].copy_from_slice(&half);
        HeadEntry { last: false, signature }
    });
    prop_oneof![
        6 => tick.prop_map(Entry::Tick),
        1 => snapshot.prop_map(Entry::Snapshot),
        1 => (any::<u32>(), prop::collection::vec(any::<u16>().prop_map(Seat), 0..4))
            .prop_map(|(tick, seats)| Entry::Promise(PromiseEntry { tick, seats })),
        1 => grants().prop_map(Entry::Grants),
        1 => visit().prop_map(|visit| Entry::Visit(Box::new(visit))),
        1 => prop_oneof![Just(Close::Settled), Just(Close::Undone), Just(Close::Continued)].prop_map(Entry::Close),
        1 => head.prop_map(Entry::Head),
    ]
}

/// Packed segments of these entries, as a finished log has them.
fn write_log(segments: &[Vec<Entry>]) -> Vec<u8> {
    let (mut bytes, mut chain, mut count) = (Vec::new(), RecordHash::default(), 0);
    for (number, entries) in (1..).zip(segments) {
        let (first, mut records, mut history) = (count, Vec::new(), Default::default());
        for entry in entries {
            chain = record::append(&mut records, &chain, |out| match entry {
                Entry::Header(header) => entry::write_header(header, out),
                Entry::Tick(tick) => entry::write_tick(&mut history, tick.tick, tick.hash, &tick.commands, out),
                Entry::Snapshot(snapshot) => entry::write_snapshot(snapshot.tick, snapshot.hash, &snapshot.bytes, out),
                Entry::Promise(promise) => entry::write_promise(promise, out),
                Entry::Grants(grants) => entry::write_grants(grants, out),
                Entry::Visit(visit) => entry::write_visit(visit, out),
                Entry::Close(close) => entry::write_close(*close, out),
                Entry::Head(head) => entry::write_head(head, out),
            });
            count += 1;
        }
        bytes.extend_from_slice(&segment::packed(number, first, &records));
    }
    bytes
}

fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_written_is_read(
        first in header(),
        mut segments in prop::collection::vec(prop::collection::vec(later_entry(), 1..12), 1..4),
    ) {
        segments[0].insert(0, Entry::Header(Box::new(first)));
        let data = tempfile::tempdir().expect("a folder");
        let path = data.path().join("any.log");
        fs::write(&path, write_log(&segments)).expect("the test may write");
        let (mut reader, header) = LogReader::open(&path).expect("it is a log");
        let mut read = vec![Entry::Header(Box::new(header))];
        while let Some(next) = reader.next_entry().expect("it is whole") {
            read.push(next.entry);
        }
        prop_assert_eq!(read, segments.concat(), "the same entries in the same order");
        // Most of these are out of order or signed by nobody: that is said, and nothing worse happens.
        prop_assert!(!verify(&path, None).is_ok_and(|verified| verified.complete), "nobody has signed it");
    }
}

/// What may happen to bytes.
#[derive(Clone, Debug)]
enum Change {
    Set { at: usize, byte: u8 },
    Remove { at: usize, count: usize },
    Insert { at: usize, bytes: Vec<u8> },
    Repeat { from: usize, count: usize, at: usize },
    Cut { at: usize },
}

fn change() -> impl Strategy<Value = Change> {
    let at = || any::<usize>();
    prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, byte)| Change::Set { at, byte }),
        1 => (at(), 1_usize..80).prop_map(|(at, count)| Change::Remove { at, count }),
        1 => (at(), prop::collection::vec(any::<u8>(), 1..80)).prop_map(|(at, bytes)| Change::Insert { at, bytes }),
        1 => (at(), 1_usize..200, at()).prop_map(|(from, count, at)| Change::Repeat { from, count, at }),
        1 => at().prop_map(|at| Change::Cut { at }),
    ]
}

fn apply(change: &Change, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let length = bytes.len();
    match change {
        Change::Set { at, byte } => bytes[at % length] = *byte,
        Change::Remove { at, count } => drop(bytes.drain(at % length..(at % length + count).min(length))),
        Change::Insert { at, bytes: more } => drop(bytes.splice(at % length..at % length, more.iter().copied())),
        Change::Repeat { from, count, at } => {
            let more = bytes[from % length..(from % length + count).min(length)].to_vec();
            drop(bytes.splice(at % length..at % length, more));
        }
        Change::Cut { at } => bytes.truncate(at % length),
    }
}

fn changed(original: &Bodies, place: usize, changes: &[Change]) -> Bodies {
    let mut segments = original.clone();
    let count: usize = segments.iter().map(Vec::len).sum();
    let body = segments.iter_mut().flatten().nth(place % count).expect("the place is one of them");
    changes.iter().for_each(|change| apply(change, body));
    segments
}

#[test]
fn no_change_of_a_good_log_passes_and_none_does_worse_than_be_refused() {
    let (data, path, key) = finished();
    let (whole, original) = (fs::read(&path).expect("the log is there"), bodies(&path));
    let running = data.path().join("running");
    fs::create_dir(&running).expect("the test may");
    let open = as_running(&whole, &running);
    let open_path = running.join(format!("{:06}.open", original.len()));
    fs::write(&open_path, &open).expect("the test may write");
    assert_eq!(Tail::read(&running).expect("it is whole").tick(), 10, "the folder is the log");
    let passes = || verify(&path, Some(key)).is_ok_and(|verified| verified.complete);
    let strategy = (prop::collection::vec(change(), 1..4), any::<usize>());
    proptest!(ProptestConfig { cases: 1_000, ..config() }, |((changes, place) in strategy)| {
        let mut bytes = whole.clone();
        changes.iter().for_each(|change| apply(change, &mut bytes));
        fs::write(&path, &bytes).expect("the test may write");
        prop_assert!(bytes == whole || !passes(), "the file was changed unnoticed");

        let segments = changed(&original, place, &changes);
        forge(&path, &segments);
        prop_assert!(segments == original || !passes(), "a record was changed unnoticed, though the chain is right");

        let mut bytes = open.clone();
        changes.iter().for_each(|change| apply(change, &mut bytes));
        fs::write(&open_path, &bytes).expect("the test may write");
        if let Ok(tail) = Tail::read(&running) {
            let is_noticed = tail.cut_off.is_some() || !tail.complete;
            prop_assert!(bytes == open || is_noticed, "what was left behind was changed unnoticed: {:?}", tail);
        }
    });
}
