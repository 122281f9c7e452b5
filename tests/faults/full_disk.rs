//! A disk without room: what is recorded waits in memory, nothing is promised, and room is all it takes to go on.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::slice;

use hypogeum_protocol::ErrorCode;
use hypogeum_testkit::Player;
use hypogeum_testkit::postgres::TestPostgres;

use crate::files::{MODE, Readiness, TestFiles, until_readiness};
use crate::people::{
    Person, all_adds_up, both, meanwhile, newcomer_is_refused, two_in_a_match, until_answered, until_refused,
    until_ticked,
};

/// Room for a server that has just begun, and little more.
const DISK: &str = "size=16m";

/// A small disk of a directory's own.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    pub(crate) fn at(path: &Path) -> Self {
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", DISK, "hypogeum-test"]).arg(path).output();
        let mounted = mounted.expect("`mount` can be run");
        let said = String::from_utf8_lossy(&mounted.stderr);
        assert!(mounted.status.success(), "a disk of a test's own takes root and the right to mount: {said}");
        Self(path.to_owned())
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }

    /// Takes all the room there is.
    pub(crate) fn fill(&self) {
        let mut filler = File::create(self.filler()).expect("a file to fill the disk with");
        for bytes in [1 << 16, 1 << 12, 1] {
            let block = vec![0; bytes];
            let full = loop {
                if let Err(error) = filler.write_all(&block) {
                    break error;
                }
            };
            assert_eq!(full.kind(), ErrorKind::StorageFull, "the disk is full and nothing else: {full}");
        }
    }

    pub(crate) fn make_room(&self) {
        fs::remove_file(self.filler()).expect("the filler can go");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a server that was not waited for may still have it.
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Plays a match through while there is no room, on a disk that holds the server's files, and the database unless
/// `database` names another.
fn play_without_room(database: Option<&str>) {
    let files = TestFiles::new();
    let disk = SmallDisk::at(&files.data());
    let settings: Vec<_> = database.map(|url| ("HYPOGEUM_DATABASE__URL", url)).into_iter().collect();
    let server = files.start(&settings);
    let url = server.url.clone();
    let mut persons = two_in_a_match(&url, ["Ada", "Grace"]);
    let mut others = meanwhile(&mut persons, || ["Edsger", "Donald"].map(|name| Person::guest(&url, name)));

    disk.fill();
    meanwhile(&mut persons, || {
        until_readiness(&url, &Readiness::unready("journal"));
        newcomer_is_refused(&url, "Newcomer");
        others[0] = Person::guest(&url, "Edsger");
        both(&mut others, |person| {
            person.player.queue(MODE);
            person.player.bring(&[]);
            until_refused(&mut person.player, ErrorCode::TryLater);
        });
    });
    let [ada, grace] = &mut persons;
    meanwhile(slice::from_mut(grace), || ada.walk_out());
    until_answered(&mut grace.player);
    until_ticked(&mut grace.player);
    meanwhile(slice::from_mut(ada), || grace.walk_out());
    assert!(persons.iter().all(|person| !person.is_out()), "a way out that is not on the disk is not reported");
    assert!(persons.iter().all(|person| !person.is_settled()), "and nothing is settled");
    assert_eq!(Readiness::of(&url), Readiness::unready("journal"), "there is still no room");

    disk.make_room();
    let reports = both(&mut persons, |person| {
        person.until_out();
        person.until_settled()
    });
    until_readiness(&url, &Readiness::ready());
    drop(Player::guest(&url, "Newcomer"));
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(database);
    all_adds_up(&store, persons.iter().map(|person| person.account).zip(&reports));
    let logs = fs::read_dir(files.data().join("journal/finished")).expect("a folder of logs");
    assert_eq!(logs.count(), 1, "the match's log is put away");
}

#[test]
fn a_full_disk_holds_promises_back_until_there_is_room() {
    play_without_room(Some(&TestPostgres::shared().url()));
}

#[test]
fn a_full_disk_with_the_database_on_it_recovers_as_well() {
    play_without_room(None);
}
