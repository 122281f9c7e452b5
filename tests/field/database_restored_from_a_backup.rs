//! An old database beside newer match logs: what was granted since the backup was lost without a word.

use std::fs;

use hypogeum_testkit::{FIRST_WAY_OUT, Player};

use crate::files::TestFiles;
use crate::people::{BROUGHT, Person, both, profile, two_in_a_match, until_answered};

const NAMES: [&str; 2] = ["Ada", "Grace"];
/// The files of a database that is open somewhere.
const ENDINGS: [&str; 3] = ["", "-wal", "-shm"];

/// Plays a match to its end; returns the reports of both.
fn play(url: &str) -> [(Person, hypogeum_protocol::SettledReport); 2] {
    let mut persons = two_in_a_match(url, NAMES);
    let reports = both(&mut persons, |person| {
        until_answered(&mut person.player);
        person.walk_out();
        person.until_settled()
    });
    let [ada, grace] = persons;
    let [first, second] = reports;
    [(ada, first), (grace, second)]
}

#[test]
fn what_was_granted_since_the_backup_is_granted_again_once() {
    let files = TestFiles::new();
    let database = |ending: &str| files.data().join(format!("hypogeum.db{ending}"));
    let server = files.start(&[]);
    let day_1 = play(&server.url);
    assert!(server.terminate().status.success(), "the server ends in order");
    let backup = files.beside("backup.db");
    // A server that has ended has left everything in one file.
    fs::copy(database(""), &backup).expect("a backup is made");
    let server = files.start(&[]);
    let day_2 = play(&server.url);
    assert!(server.terminate().status.success(), "the server ends in order");
    for ending in ENDINGS {
        // What is not there need not be removed.
        let _ = fs::remove_file(database(ending));
    }
    fs::copy(&backup, database("")).expect("the backup is brought back");

    let server = files.start(&[]);
    assert!(server.log().contains("granted again match 2"), "it says what is found: {}", server.log());
    for (name, (_, report)) in NAMES.into_iter().zip(&day_2) {
        let mut player = Player::guest(&server.url, name);
        player.until("the settlement, sent again", |player| player.view().settled.is_some());
        let report_again = player.view().settled.clone().expect("just seen").1;
        assert_eq!(
            (report_again.outcome, report_again.xp_gained),
            (report.outcome, report.xp_gained),
            "{name} is sent what it got"
        );
    }
    assert!(server.terminate().status.success(), "the server ends in order");
    let server = files.start(&[]);
    assert!(!server.log().contains("granted again"), "another start finds nothing: {}", server.log());
    assert!(server.terminate().status.success(), "the server ends in order");

    let store = files.store(None);
    let audit = store.audit().expect("the database can be looked into");
    assert!(audit.is_sound(), "the books are right: {audit}");
    assert_eq!(store.next_match(0).0, 3, "no number was used twice, and none is free that was used");
    for ((person, first), (_, second)) in day_1.iter().zip(&day_2) {
        let profile = profile(&store, person.account);
        assert_eq!(profile.xp, u64::from(first.xp_gained + second.xp_gained), "both matches are granted, once each");
        let gained = first.currency_gained + second.currency_gained;
        assert_eq!(profile.currency, gained + FIRST_WAY_OUT, "with their rewards, and what the first way out gives");
        for brought in BROUGHT {
            let count = profile.stash.iter().filter(|item| item.template == brought).count();
            assert_eq!(count, 1, "there is one {brought}: {:?}", profile.stash);
        }
    }
}
