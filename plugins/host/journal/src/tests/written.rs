//! What is recorded is what is read, whole or after a crash.

use super::*;
use crate::{Entry, LogReader, Tail, verify};

fn read_all(path: &Path) -> Vec<Entry> {
    let (mut reader, header) = LogReader::open(path).expect("a log");
    let mut entries = vec![Entry::Header(Box::new(header))];
    while let Some(read) = reader.next_entry().expect("it is whole") {
        entries.push(read.entry);
    }
    entries
}

#[test]
fn a_finished_log_is_one_file_that_holds_everything_in_order() {
    let (data, path, key) = finished();
    assert_eq!(folder(data.path()).unfinished().expect("a folder"), [], "nothing else is left of it");
    let entries = read_all(&path);
    let ticks: Vec<_> =
        entries.iter().filter_map(|entry| if let Entry::Tick(tick) = entry { Some(tick) } else { None }).collect();
    assert_eq!(ticks.len(), 10, "every step is there");
    for (number, entry) in (1..).zip(&ticks) {
        assert_eq!((entry.tick, entry.hash), (number, Some(hash(number))), "in order, with its hash");
        assert_eq!(entry.commands, commands(number), "and its commands as they were");
    }
    let verified = verify(&path, Some(key)).expect("nothing is wrong with it");
    assert!(verified.complete && verified.close == Some(Close::Settled), "it ends as it should: {verified:?}");
    assert_eq!((verified.heads, verified.records_signed), (3, verified.records), "and all of it is signed");
}

#[test]
fn what_is_acknowledged_is_on_the_disk() {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 6);
    journal.settle(&recorder, 6);
    while !recorder.state().is_settlement_durable() {
        std::thread::yield_now();
    }
    assert_eq!(recorder.state().durable_tick(), 6, "all steps before it are, too");
    let tail = Tail::read(&folder(journal.data.path()).running(MATCH)).expect("a log");
    assert_eq!(tail.tick(), 6, "another reader finds them");
    assert_eq!(tail.snapshot.as_ref().map(|snapshot| snapshot.tick), Some(4), "behind the newest snapshot");
    assert_eq!(tail.ticks.iter().map(|entry| entry.tick).collect::<Vec<_>>(), [5, 6], "the steps since");
    assert!(tail.settlement.is_some() && tail.close.is_none() && !tail.complete, "and what it was worth: {tail:?}");
}

#[test]
fn a_log_goes_on_where_it_ended() {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 7);
    let data = journal.finish();
    let running = folder(data.path()).running(MATCH);
    let tail = Tail::read(&running).expect("a log");
    assert_eq!((tail.tick(), tail.cut_off.clone()), (7, None), "nothing is missing");
    tail.mend(&running).expect("there is nothing to mend");
    let mut journal = TestJournal::open_in(data);
    let recorder = journal.port.resume(&tail, hash(7), Some(vec![7; 40]));
    journal.play(&recorder, 8, 10);
    journal.settle(&recorder, 10);
    journal.close(&recorder);
    let key = journal.key;
    let data = journal.finish();
    let path = folder(data.path()).finished(MATCH);
    let verified = verify(&path, Some(key)).expect("one chain through the restart");
    assert!(verified.complete && verified.ticks == 10, "{verified:?}");
}

#[test]
fn a_log_whose_steps_have_a_gap_is_given_up() {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 2);
    journal.play(&recorder, 4, 5);
    let data = journal.finish();
    assert!(recorder.state().is_lost() && recorder.state().durable_tick() <= 2, "what is missing is not covered up");
    drop(data);
}

#[test]
fn a_settlement_of_another_step_than_the_last_is_given_up() {
    let mut journal = TestJournal::open();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 5);
    journal.settle(&recorder, 6);
    drop(journal.finish());
    let state = recorder.state();
    assert!(state.is_lost() && !state.is_settlement_durable(), "nothing is granted behind a gap");
}

#[test]
fn old_logs_make_room_for_new_ones() {
    let (data, path, _) = finished();
    let folder = folder(data.path());
    let size = std::fs::metadata(&path).expect("it is there").len();
    let now = std::time::SystemTime::now();
    let keep = |bytes_max, age_max| crate::Retention { bytes_max, age_max, parts_max: None };
    let year = Duration::from_secs(365 * 24 * 3_600);
    assert_eq!(folder.prune(&keep(size, year), now).expect("a folder"), 0, "what fits and is young stays");
    let minute = Duration::from_secs(60);
    let young = path.with_file_name("match-8.log");
    std::fs::write(&young, b"young").expect("the test may write");
    let pruned = |bytes_max, age_max| folder.prune(&keep(bytes_max, age_max), now + year).expect("a folder");
    let file = std::fs::File::options().write(true).open(&young).expect("it is there");
    file.set_modified(now + year).expect("the test may set the time");
    assert_eq!(pruned(1 << 20, minute), 1, "what is old goes");
    assert!(!path.exists() && young.exists(), "and what is young stays");
    assert_eq!(pruned(0, year), 1, "but for what there is no room for");
}

#[test]
fn what_is_no_log_is_refused() {
    let data = tempfile::tempdir().expect("a folder");
    let path = data.path().join("poem.txt");
    for text in ["", "HYP", "Shall I compare thee to a summer's day? Thou art more lovely and more temperate."] {
        std::fs::write(&path, text).expect("the test may write");
        let refused = verify(&path, None).expect_err("that is no log").to_string();
        assert!(refused.ends_with("poem.txt is not a match log"), "{refused}");
    }
    assert!(verify(data.path(), None).is_err(), "nor is a folder without segments");
    assert!(verify(&data.path().join("nothing"), None).is_err(), "nor nothing");
}
