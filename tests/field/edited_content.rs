//! Content that is edited between a crash and the next start: matches go on by what they began with, what is on record is
//! granted, and a log needs no content beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hypogeum_journal::{
    Close, Entry, Header, JournalConfig, JournalFolder, JournalThread, LogId, LogReader, SigningKey, Tail,
};
use hypogeum_protocol::{MatchId, Seat};
use hypogeum_testkit::postgres::TestPostgres;
use hypogeum_testkit::{Player, TestServer};

use crate::files::{BINARY, TestFiles, until};
use crate::people::{Person, all_adds_up, both, meanwhile, two_in_a_match, until_answered, until_ticked};

const NAMES: [&str; 2] = ["Ada", "Grace"];
const MATCH: MatchId = MatchId(1);

/// Changes every file there is, renames a mode and an NPC, removes an item that everyone has brought, and adds one that
/// comes before all others.
fn edit_everything(files: &TestFiles) {
    let assets = files.assets();
    let moved = [
        ("modes/stroll.ron", "modes/amble.ron"),
        ("npcs/rat.ron", "npcs/mouse.ron"),
        ("loot/rat.ron", "loot/mouse.ron"),
    ];
    for (from, to) in moved {
        fs::rename(assets.join(from), assets.join(to)).expect("the file is there");
    }
    fs::remove_file(assets.join("items/rusty_sword.ron")).expect("swords are shipped");
    let boar_spear = fs::read_to_string(assets.join("items/boar_spear.ron")).expect("spears are shipped");
    fs::write(assets.join("items/aardvark_claw.ron"), boar_spear).expect("the copy can be written to");
    for path in definitions(&assets) {
        let text = fs::read_to_string(&path).expect("a definition is text");
        let text = text
            .replace("name: \"", "name: \"New ")
            .replace("\"rat\"", "\"mouse\"")
            .replace("\"rusty_sword\"", "\"boar_spear\"")
            .replace("xp_extracted: 80, currency_extracted: 20", "xp_extracted: 7, currency_extracted: 3")
            .replace("open_ms: [(500, 60000)]", "open_ms: [(59000, 60000)]")
            .replace("speed_cm_per_s: 600", "speed_cm_per_s: 50");
        let text = format!("// Edited.\n\n{text}").replace('\n', "\r\n");
        fs::write(&path, text).expect("the copy can be written to");
    }
}

/// Every definition of a content folder.
fn definitions(assets: &Path) -> Vec<PathBuf> {
    let list = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("the content can be listed");
        entries.map(|entry| entry.expect("a file can be listed").path()).collect()
    };
    let folders = list(assets).into_iter().filter(|path| path.is_dir() && !path.ends_with("bots"));
    folders.flat_map(|folder| list(&folder)).filter(|path| path.extension().is_some_and(|it| it == "ron")).collect()
}

/// What `hypogeum` says in a folder that has nothing.
fn run(files: &TestFiles, args: &[&str]) -> Output {
    let nowhere = files.beside("nowhere");
    fs::create_dir_all(&nowhere).expect("the test's own folder");
    Command::new(BINARY).args(args).current_dir(nowhere).output().expect("the binary can be run")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Both walk out, and their reports say what the match was worth when it began.
fn both_get_out(persons: &mut [Person; 2]) {
    for report in both(persons, |person| {
        person.player.until("its avatar", |player| player.own().is_some());
        person.walk_out();
        person.until_settled()
    }) {
        let earned = (report.xp_gained, report.currency_gained);
        assert_eq!(earned, (80, 20), "by the rules it began with, not by the new ones: {report:?}");
    }
}

#[test]
fn a_match_goes_on_by_the_content_it_began_with_and_its_log_needs_no_other() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let mut persons = two_in_a_match(&server.url, NAMES);
    both(&mut persons, |person| until_ticked(&mut person.player));
    let accounts = persons.each_ref().map(|person| person.account);
    let _ = server.kill();
    drop(persons);

    edit_everything(&files);
    let server = files.start(&[]);
    assert!(server.log().contains("recovered: resumed match 1 after tick "), "it goes on: {}", server.log());
    let mut persons = NAMES.map(|name| Person::back(&server.url, name));
    both_get_out(&mut persons);
    let reports = persons.each_ref().map(|person| person.player.view().settled.clone().expect("just sent").1);
    drop(persons);
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    all_adds_up(&files.store(None), accounts.into_iter().zip(&reports));

    let log = files.data().join("journal/finished/match-1.log");
    let log = log.to_str().expect("a path in UTF-8");
    let replayed = run(&files, &["replay", log]);
    let said = text(&replayed.stdout);
    assert!(replayed.status.success(), "the log is the whole match: {said}{}", text(&replayed.stderr));
    assert!(said.contains("states match"), "and says so: {said}");
    assert!(said.contains("the match was settled"), "to its end: {said}");
    // On the content as it was edited it lacks the mode; with that put back it goes another way, which is named.
    let assets = files.assets();
    let other = assets.to_str().expect("a path in UTF-8");
    let refused = run(&files, &["replay", log, "--content", other]);
    assert!(text(&refused.stderr).contains("the content has no mode \"stroll\""), "{}", text(&refused.stderr));
    fs::rename(assets.join("modes/amble.ron"), assets.join("modes/stroll.ron")).expect("it is there");
    fs::copy(assets.join("items/boar_spear.ron"), assets.join("items/rusty_sword.ron")).expect("it is there");
    let departed = run(&files, &["replay", log, "--content", other]);
    let said = text(&departed.stdout);
    assert_eq!(departed.status.code(), Some(1), "it goes another way: {said}{}", text(&departed.stderr));
    assert!(said.contains("was recorded"), "and the tick is named: {said}");
    assert!(said.contains("played with content "), "and which contents these are: {said}");
}

#[test]
fn a_settlement_on_record_is_granted_whatever_became_of_the_content() {
    let (postgres, files) = (TestPostgres::new(), TestFiles::new());
    let database = postgres.url();
    let settings = [("HYPOGEUM_DATABASE__URL", database.as_str())];
    let server = files.start(&settings);
    let mut persons = two_in_a_match(&server.url, NAMES);
    postgres.stop(true);
    both(&mut persons, |person| {
        until_answered(&mut person.player);
        person.walk_out();
        person.until_out();
    });
    meanwhile(&mut persons, || {
        until("the first try to settle", || server.log().contains("settlements have to wait for the store"));
    });
    let accounts = persons.each_ref().map(|person| person.account);
    drop(persons);
    let ended = server.terminate();
    assert!(ended.log.contains("settlements have to wait"), "nothing was granted: {}", ended.log);

    edit_everything(&files);
    postgres.start();
    let server = files.start(&settings);
    assert!(server.log().contains("recovered: granted match 1"), "it is granted at once: {}", server.log());
    let reports = NAMES.map(|name| {
        let mut player = Player::guest(&server.url, name);
        player.until("the settlement", |player| player.view().settled.is_some());
        player.view().settled.clone().expect("just seen").1
    });
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    all_adds_up(&files.store(Some(&database)), accounts.into_iter().zip(&reports));
}

/// Puts another log in the place of the one that was left: the same match, of which seat 0 was promised that it got out, but
/// with another header.
fn forge(files: &TestFiles, change: impl FnOnce(&mut Header)) {
    let folder = JournalFolder::open(files.data().join("journal")).expect("the journal is there");
    let left = folder.running(MATCH.into());
    let mut header = Tail::read(&left).expect("the log can be read").header;
    change(&mut header);
    folder.discard(LogId::whole(MATCH.into())).expect("the log can be removed");
    let key = SigningKey::of_directory(&files.data()).expect("the server's key");
    let (thread, mut port) =
        JournalThread::start(JournalConfig::new(files.data().join("journal")), key).expect("the journal opens");
    let recorder = port.begin(header);
    port.tick(&recorder, 1, Default::default(), &mut Vec::new());
    port.promise(&recorder, 1, vec![Seat(0)]);
    port.hand_over();
    thread.finish();
}

/// A server that died in the middle of a match of two.
fn left_behind() -> TestFiles {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let mut persons = two_in_a_match(&server.url, NAMES);
    both(&mut persons, |person| until_ticked(&mut person.player));
    let _ = server.kill();
    files
}

#[test]
fn a_build_that_cannot_go_on_with_a_match_says_what_was_promised_and_does_not_start() {
    let files = left_behind();
    forge(&files, |header| header.content = header.content.replacen("content 2", "content 9", 1));
    for _ in 0..2 {
        let ended = files.try_start(&[]).expect_err("a promise cannot be kept");
        assert_eq!(ended.status.code(), Some(1), "it fails: {}", ended.log);
        let stakes = "match 1 of 2 players, 1 of whom were promised what they have won (this build knows no such format of content)";
        assert!(ended.log.contains(stakes), "it says what is at stake: {}", ended.log);
        assert!(ended.log.contains("`serve --give-up-matches`"), "and what can be done: {}", ended.log);
        assert!(!ended.log.contains("undone"), "nothing is undone: {}", ended.log);
    }
    let server = given_up(&files);
    assert!(server.log().contains("unfinished matches undone: 1, "), "it is given up: {}", server.log());
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let audit = files.store(None).audit().expect("the database can be read");
    assert!(audit.is_sound() && !audit.matches.contains_key("running"), "what was brought is back: {audit}");
    let (mut reader, _) = LogReader::open(&files.data().join("journal/finished/match-1.log")).expect("it is put away");
    let mut how = None;
    while let Some(read) = reader.next_entry().expect("it is whole") {
        if let Entry::Close(close) = read.entry {
            how = Some(close);
        }
    }
    assert_eq!(how, Some(Close::Undone), "its log says so");
}

fn given_up(files: &TestFiles) -> TestServer {
    let started = files.try_start_with(&["--give-up-matches"], &[]);
    started.unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

#[test]
fn a_log_that_another_build_wrote_is_left_as_it_is_until_somebody_decides() {
    let files = left_behind();
    forge(&files, |header| header.format = 77);
    let ended = files.try_start(&[]).expect_err("nobody knows what it says");
    assert!(ended.log.contains("the log has format 77, this build reads format "), "it says why: {}", ended.log);
    assert!(files.data().join("journal/running/1").is_dir(), "it lies where it lay");
    let server = given_up(&files);
    assert!(server.log().contains("it is kept in "), "it is kept: {}", server.log());
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let audit = files.store(None).audit().expect("the database can be read");
    assert!(audit.is_sound() && !audit.matches.contains_key("running"), "what was brought is back: {audit}");
}

/// Ticks of the server and steps of the match a second, as these were told.
fn rates(persons: &[Person], wanted: (u16, u16)) {
    for person in persons {
        let view = person.player.view();
        let session = view.session.as_ref().expect("welcomed");
        assert_eq!((session.tick_hz, view.tick_hz()), wanted, "as its clients are told");
    }
}

#[test]
fn a_match_keeps_its_rate_whatever_is_configured_meanwhile() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let mut persons = two_in_a_match(&server.url, NAMES);
    both(&mut persons, |person| until_ticked(&mut person.player));
    let _ = server.kill();
    drop(persons);
    let server = files.start(&[("HYPOGEUM_SERVER__TICK_HZ", "20")]);
    let said = server.log().lines().any(|line| line.contains("more often than configured") && line.contains("=30"));
    assert!(said, "it says how often it ticks: {}", server.log());
    let mut persons = NAMES.map(|name| Person::back(&server.url, name));
    both(&mut persons, |person| until_ticked(&mut person.player));
    rates(&persons, (30, 30));
    // Once more, and faster now: the match does not follow.
    let _ = server.kill();
    drop(persons);
    let server = files.start(&[("HYPOGEUM_SERVER__TICK_HZ", "60")]);
    let mut persons = NAMES.map(|name| Person::back(&server.url, name));
    both(&mut persons, |person| until_ticked(&mut person.player));
    rates(&persons, (60, 30));
    both_get_out(&mut persons);
    drop(persons);
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let server = files.start(&[("HYPOGEUM_SERVER__TICK_HZ", "20")]);
    let player = Player::guest(&server.url, NAMES[0]);
    assert_eq!(
        player.view().session.as_ref().map(|session| session.tick_hz),
        Some(20),
        "afterwards it is as configured"
    );
}
