//! The log of the meadow goes from part to part, and the server dies on the way.

use std::path::Path;
use std::process::Output;

use hypogeum_crash::CRASH_POINTS;
use hypogeum_journal::{Entry, LogReader};
use hypogeum_testkit::{Player, TestServer};

use crate::counting::{run, run_all, start};
use crate::meadow::MEADOW_HZ;
use crate::visiting::{look_into_the_books, on_record, outlive, parts, running, walk_and_leave};

/// A part a second: each snapshot begins one.
pub(crate) const TINY_PARTS: [(&str, &str); 2] =
    [("HYPOGEUM_JOURNAL__PART_MB", "0"), ("HYPOGEUM_JOURNAL__SNAPSHOT_S", "1")];

/// Where a server can die between two parts, and while the first of them is put away.
fn points() -> impl Iterator<Item = &'static str> {
    let of_parts = CRASH_POINTS.into_iter().filter(|point| point.starts_with("part_"));
    // Segments and archives are of parts as well.
    of_parts.chain(["segment_packed", "segment_renamed", "archive_written", "archive_renamed"])
}

/// A server of the meadow whose log goes from part to part each second.
pub(crate) fn open(data: &Path, more: &[(&str, &str)]) -> TestServer {
    let settings = [("HYPOGEUM_TEST_MEADOW", "1"), ("HYPOGEUM_SERVER__ON_STOP", "suspend")];
    start(data, &settings.into_iter().chain(TINY_PARTS).chain(more.iter().copied()).collect::<Vec<_>>())
}

/// All parts are one log that only wants an end, which is still to come, and everything in it happens again.
fn assert_one_log(data: &Path, point: &str) {
    let logs = parts(data);
    let verified = run_all("verify", &logs);
    let wanted = String::from_utf8_lossy(&verified.stderr);
    assert!(wanted.contains("the log has no end"), "{point}: nothing else is wanted: {wanted}");
    let replayed = run_all("replay", &logs);
    assert!(replayed.status.success(), "{point}: it replays: {replayed:?}");
}

pub(crate) fn it_dies_between_two_parts() {
    for point in points() {
        // The first time, and once there is a part before.
        for &time in if point.starts_with("part_") { &[1, 3][..] } else { &[2] } {
            let data = tempfile::tempdir().expect("a directory for the test");
            let crash_at = format!("{point}:{time}");
            let mut server = open(data.path(), &[("HYPOGEUM_CRASH_AT", &crash_at)]);
            let mut ada = Player::guest(&server.url, "Ada");
            ada.until("her own body", |ada| ada.own().is_some());
            outlive(&mut server, &mut ada);
            let ended = server.ended();
            assert!(ended.log.contains(&format!("crash point {point}\n")), "it died where it should: {}", ended.log);
            let server = open(data.path(), &[]);
            assert!(server.log().contains("recovered: resumed match "), "{crash_at}: it goes on: {}", server.log());
            ada.reconnect(&server.url).expect("the server is back");
            walk_and_leave(&mut ada);
            ada.until("what her visit was worth", |ada| ada.view().settled.is_some());
            let (visit, report) = ada.view().settled.clone().expect("just seen");
            look_into_the_books(data.path(), server, &ada);
            assert_eq!(
                on_record(data.path()).get(&visit),
                Some(&report.xp_gained),
                "{crash_at}: her report is what is on record"
            );
            assert_one_log(data.path(), &crash_at);
        }
    }
}

/// Steps that are on record in the newest part, and the last of all.
fn steps(data: &Path) -> (usize, u32) {
    let (mut reader, _) = LogReader::open(&running(data)).expect("the newest part is whole");
    let entries = std::iter::from_fn(|| reader.next_entry().ok().flatten());
    let ticks: Vec<u32> = entries
        .filter_map(|read| match read.entry {
            Entry::Tick(tick) => Some(tick.tick),
            _ => None,
        })
        .collect();
    (ticks.len(), ticks.last().copied().unwrap_or(0))
}

pub(crate) fn it_lives_long() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut ada: Option<Player> = None;
    let mut lives = Vec::new();
    for life in 1..=4 {
        let server = open(data.path(), &[]);
        let ada = match &mut ada {
            Some(ada) => {
                ada.reconnect(&server.url).expect("the server is back");
                ada
            }
            none => none.insert(Player::guest(&server.url, "Ada")),
        };
        let was = ada.view().snapshot.as_ref().map(|snapshot| snapshot.tick);
        let ticks = |ada: &Player| ada.view().snapshot.as_ref().map_or(0, |snapshot| snapshot.tick);
        ada.until("its life", |ada| ada.own().is_some() && ticks(ada) > was.unwrap_or(0) + 70);
        let _ = server.kill();
        let (steps, lived) = steps(data.path());
        println!("life {life}: recovery reads {steps} steps of {lived}");
        lives.push((steps, lived));
    }
    // A part has the steps between two snapshots, and those since a start before its first.
    let most = 2 * usize::from(MEADOW_HZ);
    assert!(lives.iter().all(|(steps, _)| *steps <= most), "a second or two of its life, however long: {lives:?}");
    assert!(lives.last().is_some_and(|(_, lived)| *lived > 200), "it has lived: {lives:?}");
    assert_parts_are_looked_for(data.path());
}

/// `verify` and `replay` take whole folders, and name the parts that are not there.
fn assert_parts_are_looked_for(data: &Path) {
    let finished = data.join("journal/finished");
    let replayed = run("replay", &finished);
    assert!(replayed.status.success(), "all parts replay: {replayed:?}");
    let said =
        |output: &Output| [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned());
    let all = run("verify", &finished);
    assert!(
        all.status.success() && said(&all)[0].contains("every record signed; the log goes on in part "),
        "they are one log: {all:?}"
    );
    let parts = parts(data);
    assert!(parts.len() > 5, "there are some: {parts:?}");
    let without_first = run_all("verify", &parts[1..4]);
    let words = "part 1 is missing: nothing is proved of what came before part 2";
    assert!(without_first.status.success() && said(&without_first)[0].contains(words), "{without_first:?}");
    let without_third = run_all("verify", &[parts[1].clone(), parts[3].clone()]);
    let words = "part 3 is missing: that the parts around follow each other is not proved";
    assert!(!without_third.status.success() && said(&without_third)[1].contains(words), "{without_third:?}");
}
