//! A log in parts: each begins with what those before have left, and whatever a crash leaves is one log that goes on.

use std::fs;

use super::*;
use crate::{LogError, LogId, PartLimits, Retention, Tail, verify, verify_parts};

/// Every snapshot begins a part.
pub(super) const AT_EACH_SNAPSHOT: PartLimits = PartLimits { bytes: 0, age: Duration::MAX };

pub(super) const fn log(part: u32) -> LogId {
    LogId { shard_id: MATCH, part }
}

/// A journal in which every snapshot begins a part.
pub(super) fn journal(data: TempDir) -> TestJournal {
    TestJournal::open_with(data, |config| config.parts = AT_EACH_SNAPSHOT)
}

/// Records steps `1..=to` in parts, with a snapshot behind every fourth. The server dies then.
fn played(to: u32) -> (TempDir, PublicKey) {
    let mut journal = journal(tempfile::tempdir().expect("a folder for the test"));
    let (header, key) = (journal.header().in_parts(), journal.key);
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, to);
    let data = journal.finish();
    assert_eq!(recorder.log_id().part, 1 + to / 4, "the recorder knows which part is written");
    (data, key)
}

/// All parts that are there, in their order.
pub(super) fn parts(data: &Path) -> Vec<PathBuf> {
    let folder = folder(data);
    let finished = folder.finished_logs().expect("a folder").into_iter().map(|log| folder.finished_log(log));
    let running = folder.unfinished().expect("a folder").into_iter().map(|log| folder.running_log(log));
    finished.chain(running).collect()
}

/// Puts a part that was put away back to where it was written, and its last segment open. Returns that.
fn put_back(data: &Path, part: u32) -> (PathBuf, Vec<u8>) {
    let (finished, running) = (folder(data).finished_log(log(part)), folder(data).running_log(log(part)));
    fs::create_dir(&running).expect("the test may");
    let open = as_running(&fs::read(&finished).expect("it was put away"), &running);
    fs::remove_file(finished).expect("it was there");
    let segments = fs::read_dir(&running).expect("a folder").count();
    let path = running.join(format!("{:06}.open", segments + 1));
    fs::write(&path, &open).expect("the test may write");
    (path, open)
}

/// Goes on with a part, as recovery does, up to a step.
fn gone_on(data: TempDir, part: u32, to: u32) -> TempDir {
    let path = folder(data.path()).running_log(log(part));
    let tail = Tail::read(&path).expect("it can be read");
    assert!(tail.goes_on(), "it has no end: {:?}", tail.close);
    tail.mend(&path).expect("it can be mended");
    let mut journal = journal(data);
    let recorder = journal.port.resume(&tail, hash(tail.tick()), Some(vec![1; 40]));
    journal.play(&recorder, tail.tick() + 1, to);
    journal.finish()
}

/// What is proved of all parts that are there: no step is missing, and the last goes on.
pub(super) fn assert_one_log(data: &Path, key: PublicKey, to: u32) {
    let verified = verify_parts(&parts(data), Some(key)).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(verified.missing, [], "all parts are here");
    let ticks: u32 = verified.parts.iter().map(|part| part.ticks).sum();
    assert_eq!((ticks, verified.parts.last().map(|part| part.last_tick)), (to, Some(to)), "every step is there once");
}

#[test]
fn a_snapshot_begins_a_part_and_the_one_before_is_put_away() {
    let (data, key) = played(10);
    let folder = folder(data.path());
    assert_eq!(folder.finished_logs().expect("a folder"), [log(1), log(2)], "two are put away");
    assert_eq!(folder.unfinished().expect("a folder"), [log(3)], "one is written");
    assert_eq!(folder.next_shard(0).expect("folders"), ShardId(8), "the number of its shard is taken");
    for part in [1, 2] {
        let verified = verify(&folder.finished_log(log(part)), Some(key)).expect("nothing is wrong with it");
        assert!(verified.complete && verified.close == Some(Close::Continued), "it says that it goes on: {verified:?}");
        assert_eq!((verified.ticks, verified.last_tick), (4, part * 4), "it has the steps of its own");
    }
    assert_one_log(data.path(), key, 10);
    let tail = Tail::read(&folder.running_log(log(3))).expect("the newest part is all that is needed");
    assert_eq!(tail.snapshot.as_ref().map(|snapshot| snapshot.tick), Some(8), "it begins with a snapshot");
    assert_eq!(tail.ticks.iter().map(|entry| entry.tick).collect::<Vec<_>>(), [9, 10], "and the steps since");
    assert_one_log(gone_on(data, 3, 14).path(), key, 14);
}

#[test]
fn a_part_ends_by_its_size_or_its_age_and_not_before() {
    let parts_of = |limits: PartLimits, began: fn() -> u64| {
        let mut journal = TestJournal::open_with(tempfile::tempdir().expect("a folder"), |config| {
            config.parts = limits;
            config.unix_s = || 100_000;
        });
        let header = Header { began_unix_s: began(), ..journal.header() }.in_parts();
        let recorder = journal.port.begin(header);
        journal.play(&recorder, 1, 40);
        drop(journal.finish());
        recorder.log_id().part
    };
    let (large, day) = (1 << 30, Duration::from_secs(24 * 3_600));
    assert_eq!(parts_of(PartLimits { bytes: large, age: day }, || 99_000), 1, "it is small and young");
    assert_eq!(parts_of(PartLimits { bytes: large, age: day }, || 0), 2, "it was old, and the next is young");
    // Four steps and their snapshot are some 600 bytes.
    let by_size = parts_of(PartLimits { bytes: 1_500, age: day }, || 99_000);
    assert!((3..7).contains(&by_size), "a part has some snapshots: {by_size}");
}

#[test]
fn a_match_has_no_parts() {
    let mut journal = journal(tempfile::tempdir().expect("a folder"));
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 10);
    let data = journal.finish();
    assert_eq!(folder(data.path()).unfinished().expect("a folder"), [LogId::whole(MATCH)], "all of it is one log");
}

#[test]
fn only_so_many_parts_are_kept() {
    let data = tempfile::tempdir().expect("a folder for the test");
    let mut journal = TestJournal::open_with(data, |config| {
        config.parts = AT_EACH_SNAPSHOT;
        config.retention = Retention { parts_max: Some(2), ..config.retention };
    });
    let header = journal.header().in_parts();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 20);
    let data = journal.finish();
    let folder = folder(data.path());
    assert_eq!(folder.finished_logs().expect("a folder"), [log(4), log(5)], "the newest two");
    assert_eq!(folder.unfinished().expect("a folder"), [log(6)], "besides the one that is written");
    let verified = verify_parts(&parts(data.path()), None).expect("they follow each other");
    assert_eq!(verified.missing, [1..=3], "and the others are named");
}

#[test]
fn parts_that_are_missing_are_named() {
    let (data, key) = played(14);
    let all = parts(data.path());
    let missing = |kept: &[usize]| {
        let kept: Vec<PathBuf> = kept.iter().map(|at| all[*at].clone()).collect();
        verify_parts(&kept, Some(key)).expect("what is here is good").missing
    };
    assert_eq!(missing(&[3, 0, 1, 2]), [], "none, in any order");
    assert_eq!(missing(&[2]), [1..=2], "those before");
    assert_eq!(missing(&[0, 3]), [2..=3], "and those between");
}

#[test]
fn parts_of_another_history_are_found_out() {
    let (data, key) = played(10);
    let other = tempfile::tempdir().expect("a folder for the test");
    fs::copy(data.path().join("journal.key"), other.path().join("journal.key")).expect("the key can be taken");
    let mut journal = journal(other);
    assert_eq!(journal.key, key, "whoever has the key can write any history");
    let header = journal.header().in_parts();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 1);
    journal.port.promise(&recorder, 1, vec![Seat(0)]);
    journal.play(&recorder, 2, 10);
    let other = journal.finish();
    let (ours, theirs) = (parts(data.path()), parts(other.path()));
    for logs in [&ours, &theirs] {
        verify_parts(logs, Some(key)).expect("each is good");
    }
    let mixed = [ours[0].clone(), theirs[1].clone()];
    let refused = verify_parts(&mixed, Some(key)).expect_err("they do not follow each other");
    assert!(matches!(refused, LogError::PartChain { part: 2, before: 1, .. }), "{refused}");
    let twice = [ours[0].clone(), theirs[0].clone(), ours[1].clone()];
    let refused = verify_parts(&twice, Some(key)).expect_err("there is one first part");
    assert!(matches!(refused, LogError::PartTwice { part: 1, .. }), "{refused}");
    let (_data, foreign, _) = finished();
    let refused = verify_parts(&[ours[0].clone(), foreign], None).expect_err("that is a match's");
    assert!(matches!(refused, LogError::OtherLog { .. }), "{refused}");
}

#[test]
fn a_part_cut_off_at_any_byte_of_its_beginning_is_not_begun() {
    let (data, key) = played(4);
    let (_, _) = put_back(data.path(), 1);
    let begun = folder(data.path()).running_log(log(2));
    let segment = begun.join("000001.open");
    let whole = fs::read(&segment).expect("it is open");
    for end in 0..whole.len() {
        fs::write(&segment, &whole[..end]).expect("the test may write");
        let refused = Tail::read(&begun).expect_err("it has nothing to begin with");
        assert!(matches!(refused, LogError::NoLog { .. }), "cut at byte {end}: {refused}");
    }
    folder(data.path()).discard(log(2)).expect("nothing is in it");
    assert_one_log(gone_on(data, 1, 10).path(), key, 10);
}

#[test]
fn the_end_of_a_part_cut_off_at_any_byte_is_written_once() {
    let (mut data, key) = played(4);
    fs::remove_dir_all(folder(data.path()).running_log(log(2))).expect("the test may");
    let whole = fs::read(folder(data.path()).finished_log(log(1))).expect("it was put away");
    let (path, open) = put_back(data.path(), 1);
    let records: Vec<usize> = open.windows(4).enumerate().filter(|(_, it)| *it == b"HREC").map(|(at, _)| at).collect();
    let [.., close, head] = records[..] else { panic!("it has an end") };
    for end in (close..=open.len()).step_by(5).chain([head - 1, head, head + 1, open.len() - 1, open.len()]) {
        fs::write(&path, &open[..end]).expect("the test may write");
        let tail = Tail::read(&folder(data.path()).running_log(log(1))).expect("the end is torn, no more");
        let is_there = end >= head;
        assert_eq!(tail.close, is_there.then_some(Close::Continued), "cut at byte {end}");
        data = gone_on(data, 1, 10);
        assert_one_log(data.path(), key, 10);
        let goes_on_in = folder(data.path()).unfinished().expect("a folder");
        assert_eq!(goes_on_in, [log(if is_there { 3 } else { 2 })], "cut at byte {end}");
        // And again, with another cut.
        fs::remove_dir_all(root(data.path()).join("finished")).expect("the test may");
        fs::remove_dir_all(root(data.path()).join("running")).expect("the test may");
        fs::write(folder(data.path()).finished_log(log(1)), &whole).expect("the test may write");
        assert_eq!(put_back(data.path(), 1).0, path, "it is as it was");
    }
}
