//! The plug is pulled, at every named point and at any time, and the match goes on: nothing acknowledged is lost, nothing
//! is granted twice.

mod plug;

use std::process::Command;

use hypogeum_client::Api;
use hypogeum_crash::CRASH_POINTS;
use plug::{BINARY, Person, TestFiles, come_back, frame, play};

/// A server of its own for each point: it dies there once, and the next one brings everything to its end.
macro_rules! crash_points {
    ($($situation:ident: $point:literal),* $(,)?) => {
        const POINTS_MET: &[&str] = &[$($point),*];

        mod in_a_match {
            $(#[test]
            fn $situation() {
                let (files, mut people) = (super::TestFiles::new(), Vec::new());
                files.die_at($point, &mut people);
                super::go_on_to_the_end(&files, &mut people);
            })*
        }
    };
}

crash_points! {
    before_an_escrow: "before_escrow",
    after_an_escrow: "after_escrow",
    as_a_log_is_opened: "log_opened",
    as_a_second_segment_is_opened: "log_opened:2",
    before_the_first_write: "before_write",
    before_some_write: "before_write:50",
    after_the_first_write: "after_write",
    after_some_write: "after_write:50",
    after_the_first_sync: "after_sync",
    after_some_sync: "after_sync:6",
    as_a_snapshot_begins: "snapshot_begun",
    once_a_snapshot_is_written: "snapshot_written",
    once_a_segment_is_packed: "segment_packed",
    once_a_packed_segment_has_its_name: "segment_renamed",
    once_an_extraction_is_durable: "extraction_durable",
    before_a_seat_that_is_done_is_committed: "before_seat_commit",
    after_a_seat_that_is_done_is_committed: "after_seat_commit",
    once_a_seat_that_is_done_is_told: "seat_told",
    once_a_settlement_is_logged: "settlement_logged",
    once_a_settlement_is_durable: "settlement_durable",
    before_a_settlement_is_committed: "before_settle_commit",
    after_a_settlement_is_committed: "after_settle_commit",
    once_a_settlement_is_told: "settlement_told",
    once_a_log_is_closed: "log_closed",
    once_an_archive_is_written: "archive_written",
    once_an_archive_has_its_name: "archive_renamed",
}

/// Points that a server meets before it is ready, in the tests below.
const POINTS_MET_AT_THE_START: [&str; 1] = ["recovered"];

fn go_on_to_the_end(files: &TestFiles, people: &mut [Person]) {
    let server = files.start_well();
    come_back(people, &server.url);
    files.end_well(server, people);
}

/// Two in a match, and the server dead.
fn killed_in_a_match(files: &TestFiles) -> Vec<Person> {
    let mut server = files.start_well();
    let mut people: Vec<Person> = ["Ada", "Grace"].map(|name| Person::enter(&server.url, name)).into();
    assert!(play(&mut people, |people| !people.iter().all(Person::is_there)), "both get into the match");
    assert!(server.is_alive(), "it lives until it is killed");
    let _ = server.kill();
    files.look_into_the_books();
    people
}

#[test]
fn every_point_is_met() {
    for point in CRASH_POINTS {
        let met = POINTS_MET.iter().any(|met| met.split(':').next() == Some(point));
        // Visits have a world of their own in `tests/games/visiting.rs` and `belongings.rs`, and parts of logs one in `parting.rs`.
        let is_of_visit = point.contains("visit") || point.contains("check_out") || point.starts_with("part_");
        // A store dies at those of games and boards in `persistence`'s own tests, and a server at those of games in `tests/creatures.rs`
        // and `tests/entries.rs`.
        let ends = ["_game_commit", "_entry_commit", "_start_commit", "_season_commit", "_rated_commit"];
        let is_of_game = ends.iter().any(|end| point.ends_with(end));
        assert!(
            met || is_of_visit || is_of_game || POINTS_MET_AT_THE_START.contains(&point),
            "no test dies at {point}"
        );
    }
}

#[test]
fn dying_while_recovering_and_again_in_what_goes_on() {
    let files = TestFiles::new();
    let mut people = killed_in_a_match(&files);
    let killed_in = people[0].last_match();
    for point in ["recovered", "log_opened", "after_write:20", "recovered", "snapshot_written", "settlement_logged"] {
        files.die_at(point, &mut people);
    }
    go_on_to_the_end(&files, &mut people);
    assert!(people[0].told_settled.contains_key(&killed_in), "what was killed is what was settled");
}

#[test]
fn dying_between_the_end_of_one_seat_and_the_end_of_its_match() {
    let (files, mut people) = (TestFiles::new(), Vec::new());
    files.die_at("before_seat_commit", &mut people);
    files.die_at("after_seat_commit", &mut people);
    // Where the second got out before the first death, that match was settled whole, and it died in another one.
    let granted_in = people[0].last_match();
    let was_told = |person: &Person| person.told_settled.contains_key(&granted_in);
    assert!(!people.iter().any(was_told), "it was granted, and not reported");
    files.die_at("seat_told", &mut people);
    go_on_to_the_end(&files, &mut people);
    assert!(people.iter().all(was_told), "what was granted is reported in the end");
}

#[test]
fn dying_while_a_log_is_put_away_at_the_start() {
    let (files, mut people) = (TestFiles::new(), Vec::new());
    for point in ["log_closed", "segment_packed", "segment_renamed", "archive_written", "archive_renamed"] {
        files.die_at(point, &mut people);
    }
    go_on_to_the_end(&files, &mut people);
}

#[test]
fn a_match_that_survived_two_kills_verifies_and_replays() {
    let files = TestFiles::new();
    let mut people = killed_in_a_match(&files);
    let mut server = files.start_well();
    assert!(server.log().contains("recovered: resumed match 1 after tick "), "it says so: {}", server.log());
    come_back(&mut people, &server.url);
    for _ in 0..20 {
        frame(&mut people);
    }
    assert!(server.is_alive(), "it lives until it is killed");
    let _ = server.kill();
    go_on_to_the_end(&files, &mut people);
    let data = files.data();
    let log = data.join("journal/finished/match-1.log");
    let run = |arguments: &[&std::ffi::OsStr]| {
        let output = Command::new(BINARY).args(arguments).output().expect("the binary can be run");
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}{}", said(&output.stdout), said(&output.stderr));
    };
    run(&["verify".as_ref(), log.as_ref(), "--key".as_ref(), data.join("journal.pub").as_ref()]);
    run(&["replay".as_ref(), log.as_ref()]);
}

#[test]
fn what_numbers_mean_in_a_match_that_goes_on_with_older_content_is_told() {
    let files = TestFiles::new();
    let mut people = killed_in_a_match(&files);
    let acorn = files.assets().join("items/aa_acorn.ron");
    std::fs::write(acorn, "(name: \"Acorn\", kind: Valuable, value: 1)").expect("the copy can be written");
    let server = files.start_well();
    let api = Api::new(&server.url).expect("the server's URL is good");
    let manifest = api.content(None).expect("there is content");
    let first_item = |name: &str| {
        let blob =
            manifest.blobs.iter().find(|blob| blob.name == name).unwrap_or_else(|| panic!("{name}: {manifest:?}"));
        let bytes = api.content_blob(&blob.hash).expect("it is there");
        let numbers: serde_json::Value = serde_json::from_slice(&bytes).expect("it is JSON");
        numbers["items"][0].as_str().expect("a key").to_owned()
    };
    assert_eq!(first_item("numbers/mode/dash"), "aa_acorn", "new matches count what came to the content");
    assert_ne!(first_item(&format!("numbers/shard/{}", people[0].last_match().0)), "aa_acorn", "the old one does not");
    come_back(&mut people, &server.url);
    files.end_well(server, &mut people);
}

/// A number of the environment.
fn asked(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{variable}={text} is no number")))
}

#[test]
fn killed_at_random_times_again_and_again() {
    let kills = asked("HYPOGEUM_TEST_KILLS").unwrap_or(20);
    let seed = asked("HYPOGEUM_TEST_SEED").unwrap_or_else(|| rand::random::<u32>().into());
    println!("seed {seed}: replay with tests/crash --kills {kills} --seed {seed}");
    let files = TestFiles::new();
    let mut server = files.start_well();
    let mut people: Vec<Person> = ["Ada", "Grace"].map(|name| Person::enter(&server.url, name)).into();
    let mut resumed = 0;
    for kill in 1..=kills {
        for person in &mut people {
            person.want(usize::MAX);
        }
        let [low, high, ..] = *blake3::hash(&[seed.to_le_bytes(), kill.to_le_bytes()].concat()).as_bytes();
        let frames = u16::from_le_bytes([low, high]) % 110;
        for _ in 0..frames {
            frame(&mut people);
            assert!(server.is_alive(), "kill {kill}, seed {seed}: the server died by itself: {}", server.log());
        }
        let _ = server.kill();
        files.look_into_the_books();
        server = files.start_well();
        resumed += u64::from(server.log().contains("recovered: resumed match"));
        if kill % 100 == 0 {
            println!("{kill} kills, {resumed} times a match went on");
        }
        come_back(&mut people, &server.url);
    }
    for person in &mut people {
        person.want(1);
    }
    files.end_well(server, &mut people);
    let (settled, promised) = people.iter().fold((0, 0), |(settled, promised), person| {
        (settled + person.told_settled.len(), promised + person.told_extracted.len())
    });
    println!("{kills} kills, {resumed} times a match went on, {settled} settlements and {promised} promises were sent");
    assert!(kills < 20 || resumed > 0 && promised > 0, "matches went on, and promises were made");
}
