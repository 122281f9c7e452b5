//! A disk without room, and what becomes of logs on it.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::process::Command;
use std::time::{Instant, SystemTime};

use super::*;
use crate::{JournalHealth, verify};

/// A disk of a test's own, with a little room.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn new() -> Self {
        let place = tempfile::tempdir().expect("a folder for the test");
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", "size=512k", "hypogeum-test"]).arg(place.path()).output();
        let mounted = mounted.expect("`mount` can be run");
        let said = String::from_utf8_lossy(&mounted.stderr);
        assert!(mounted.status.success(), "a disk of a test's own takes root and the right to mount: {said}");
        Self(place)
    }

    fn folder(&self) -> TempDir {
        TempDir::new_in(self.0.path()).expect("a folder on the disk")
    }

    fn fill(&self) {
        let mut filler = File::create(self.0.path().join("filler")).expect("a file to fill the disk with");
        let full = loop {
            if let Err(error) = filler.write_all(&[0; 512]) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull, "the disk is full and nothing else: {full}");
    }

    fn make_room(&self) {
        fs::remove_file(self.0.path().join("filler")).expect("the filler can go");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

/// After so long without what was waited for, a test has failed; nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(60);

fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

#[test]
fn a_full_disk_keeps_everything_waiting_and_loses_nothing() {
    let disk = SmallDisk::new();
    let mut journal = TestJournal::open_in(disk.folder());
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 6);
    until("six steps on the disk", || recorder.state().durable_tick() == 6);
    disk.fill();
    // The segment that is open has room for a few steps more; the next has none.
    journal.play(&recorder, 7, 400);
    journal.settle(&recorder, 400);
    journal.close(&recorder);
    until("word of the full disk", || journal.port.health() == JournalHealth::Full);
    let state = recorder.state();
    assert!(state.durable_tick() <= 8 && !state.is_settlement_durable(), "nothing is promised without room: {state:?}");
    assert!(!state.is_lost(), "and nothing is given up");
    disk.make_room();
    until("the log to be put away", || recorder.state().is_put_away());
    assert_eq!(journal.port.health(), JournalHealth::Good, "room is all it took");
    let (key, folder) = (journal.key, folder(journal.data.path()));
    let verified = verify(&folder.finished(MATCH), Some(key)).expect("the log is whole");
    assert!(verified.complete && verified.ticks == 400, "every step is there: {verified:?}");
    drop(journal.finish());
}

#[test]
fn a_full_disk_keeps_parts_from_beginning_and_loses_nothing() {
    let disk = SmallDisk::new();
    let mut journal = parts::journal(disk.folder());
    let header = journal.header().in_parts();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 6);
    until("six steps on the disk", || recorder.state().durable_tick() == 6);
    disk.fill();
    journal.play(&recorder, 7, 40);
    until("word of the full disk", || journal.port.health() == JournalHealth::Full);
    assert!(recorder.state().durable_tick() <= 8, "no part begins without room: {:?}", recorder.state());
    disk.make_room();
    until("all steps on the disk", || recorder.state().durable_tick() == 40);
    assert!(!recorder.state().is_lost(), "nothing was given up");
    let key = journal.key;
    let data = journal.finish();
    parts::assert_one_log(data.path(), key, 40);
    assert_eq!(recorder.log_id(), parts::log(11), "each snapshot has begun one");
}

#[test]
fn what_finds_no_room_to_be_packed_is_packed_later() {
    let disk = SmallDisk::new();
    let data = disk.folder();
    let folder = folder(data.path());
    // A log so old that it goes at the start, and whenever putting another away is tried: it shows when that was.
    let old = folder.finished(ShardId(1));
    let long_ago = SystemTime::now() - Duration::from_secs(365 * 24 * 3_600);
    let put_old = || File::create(&old).and_then(|file| file.set_modified(long_ago)).expect("an old log");
    // Beside a young one: where all are old, it is the clock that is wrong.
    File::create(folder.finished(ShardId(2))).expect("a young log");
    put_old();
    let mut journal = TestJournal::open_in(data);
    until("the old log to go", || !old.exists());
    put_old();
    let header = journal.header();
    let recorder = journal.port.begin(header);
    journal.play(&recorder, 1, 3);
    journal.settle(&recorder, 3);
    until("the settlement on the disk", || recorder.state().is_settlement_durable());
    disk.fill();
    // There is room for these few bytes where the others are.
    journal.close(&recorder);
    until("the old log to go", || !old.exists());
    assert!(!recorder.state().is_put_away(), "there is no room for another file");
    assert!(!folder.finished(MATCH).with_extension("partial").exists(), "and half of one takes none");
    disk.make_room();
    until("the log to be put away", || recorder.state().is_put_away());
    verify(&folder.finished(MATCH), Some(journal.key)).expect("the log is whole");
    drop(journal.finish());
}
