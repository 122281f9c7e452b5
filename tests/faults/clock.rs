//! A clock that jumps: nothing may depend on its jumps, and a match does not depend on it at all.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hypogeum_testkit::{Player, TestServer};

use crate::files::{Readiness, TestFiles, until};
use crate::people::{all_adds_up, both, meanwhile, two_in_a_match, until_answered};

/// Where Debian puts the library that shows a process another time.
fn libfaketime() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let found = folders.map(|entry| entry.path().join("faketime/libfaketimeMT.so.1")).find(|path| path.exists());
    found.expect("libfaketime is needed (Debian: libfaketime)")
}

/// Sets the server's clock so many seconds off from the machine's.
fn set_clock(file: &Path, offset_s: i64) {
    let partial = file.with_extension("partial");
    fs::write(&partial, format!("{offset_s:+}")).expect("the test's own directory can be written to");
    fs::rename(partial, file).expect("a file can be renamed");
}

/// Seconds since 1970, as `date` reads a time.
fn unix_s(time: &str) -> i64 {
    let read = Command::new("date").args(["+%s", "-d", time]).output().expect("`date` can be run");
    String::from_utf8_lossy(&read.stdout).trim().parse().unwrap_or_else(|_| panic!("{time:?} is no time"))
}

/// How far the server's clock was from the machine's when it last let somebody in, in hours, as its log says.
fn hours_off(server: &TestServer) -> i64 {
    let log = server.log();
    let last = log.lines().rfind(|line| line.contains(" connected connection=")).expect("somebody was let in");
    let time = last.split(' ').next().expect("every line begins with its time");
    (unix_s(time) - unix_s("now") + 1_800).div_euclid(3_600)
}

#[test]
fn a_clock_that_jumps_an_hour_and_back_disconnects_nobody() {
    let files = TestFiles::new();
    let clock = files.beside("clock");
    set_clock(&clock, 0);
    let library = libfaketime();
    let server = files.start(&[
        ("LD_PRELOAD", library.to_str().expect("a path in UTF-8")),
        ("FAKETIME_TIMESTAMP_FILE", clock.to_str().expect("a path in UTF-8")),
        ("FAKETIME_NO_CACHE", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
        ("HYPOGEUM_LOG__FILTER", "info,hypogeum_sessions=debug"),
    ]);
    let url = server.url.clone();
    let mut persons = two_in_a_match(&url, ["Ada", "Grace"]);
    for (name, hours) in [("Later", 1), ("Now again", 0), ("Earlier", -1)] {
        meanwhile(&mut persons, || {
            set_clock(&clock, hours * 3_600);
            drop(Player::guest(&url, name));
            until("word of it with the new time", || hours_off(&server) == hours);
        });
        both(&mut persons, |person| {
            until_answered(&mut person.player);
            assert!(person.player.own().is_some(), "the match goes on {hours} hours off");
        });
    }
    let reports = both(&mut persons, |person| {
        person.walk_out();
        person.until_out();
        person.until_settled()
    });
    assert_eq!(Readiness::of(&url), Readiness::ready(), "all is well at any time");
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(None);
    all_adds_up(&store, persons.iter().map(|person| person.account).zip(&reports));
}
