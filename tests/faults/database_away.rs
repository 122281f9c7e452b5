//! A database that goes away in the middle of everything: play goes on, grants wait in the match logs, and are made once.

use std::thread;
use std::time::{Duration, Instant};

use hypogeum_protocol::ErrorCode;
use hypogeum_testkit::postgres::TestPostgres;
use hypogeum_testkit::{Player, TestServer};

use crate::files::{Readiness, SLOW_MODE, TestFiles, until, until_readiness};
use crate::people::{Person, all_adds_up, both, meanwhile, two_in_a_match, until_answered, until_refused};

/// How long it is away.
const OUTAGE: Duration = Duration::from_secs(30);

/// Where in the server's log each of these matches was settled.
fn settled_at(server: &TestServer, match_id: u64) -> usize {
    let log = server.log();
    let settled = |line: &&str| line.contains("match settled") && line.contains(&format!("match_id={match_id} "));
    let line = log.lines().find(settled).unwrap_or_else(|| panic!("match {match_id} is not settled: {log}"));
    log.find(line).expect("just found")
}

/// All of them walk out, and are told that they are out: that is on the server's own disk.
fn both_get_out(persons: &mut [Person; 2]) {
    both(persons, |person| {
        until_answered(&mut person.player);
        person.walk_out();
        person.until_out();
        until_answered(&mut person.player);
    });
}

#[test]
fn matches_that_end_without_a_database_are_granted_in_order_once_it_is_back() {
    let (postgres, files) = (TestPostgres::new(), TestFiles::new());
    let database = postgres.url();
    let server = files.start(&[("HYPOGEUM_DATABASE__URL", &database)]);
    let url = server.url.clone();
    let mut first = two_in_a_match(&url, ["Ada", "Grace"]);
    let mut second = meanwhile(&mut first, || two_in_a_match(&url, ["Edsger", "Donald"]));

    postgres.stop(true);
    let stopped = Instant::now();
    // The match that began last ends first, so it is the first to be granted.
    meanwhile(&mut first, || both_get_out(&mut second));
    meanwhile(&mut second, || both_get_out(&mut first));
    meanwhile(&mut first, || {
        meanwhile(&mut second, || {
            until_readiness(&url, &Readiness::degraded("database"));
            thread::sleep(OUTAGE.saturating_sub(stopped.elapsed()));
        });
    });
    let everyone = || first.iter().chain(&second);
    assert!(everyone().all(|person| !person.is_settled()), "nothing is granted without a database");
    assert_eq!(Readiness::of(&url), Readiness::degraded("database"), "and everything else works");

    let mut reports = Vec::new();
    meanwhile(&mut first, || {
        meanwhile(&mut second, || postgres.start());
        reports.extend(both(&mut second, Person::until_settled));
    });
    reports.extend(both(&mut first, Person::until_settled));
    until_readiness(&url, &Readiness::ready());
    assert!(settled_at(&server, 2) < settled_at(&server, 1), "in the order of their ends: {}", server.log());
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(Some(&database));
    all_adds_up(&store, second.iter().chain(&first).map(|person| person.account).zip(&reports));
}

#[test]
fn a_server_killed_while_its_database_is_away_grants_everything_once_when_both_are_back() {
    let (postgres, files) = (TestPostgres::new(), TestFiles::new());
    let database = postgres.url();
    let settings = [("HYPOGEUM_DATABASE__URL", database.as_str())];
    let server = files.start(&settings);
    let mut persons = two_in_a_match(&server.url, ["Ada", "Grace"]);
    postgres.stop(true);
    both_get_out(&mut persons);
    meanwhile(&mut persons, || {
        until("the first try to settle", || server.log().contains("settlements have to wait for the store"));
    });
    assert!(persons.iter().all(|person| !person.is_settled()), "nothing is granted without a database");
    let accounts = persons.each_ref().map(|person| person.account);
    // SIGKILL.
    drop(server);
    drop(persons);

    let refused = files.try_start(&settings).expect_err("no server starts without its database");
    assert_eq!(refused.status.code(), Some(1), "exit code: {}", refused.log);
    assert!(refused.log.contains("cannot be opened"), "it says why: {}", refused.log);
    postgres.start();
    let server = files.start(&settings);
    assert!(server.log().contains("granted match 1"), "it says what it has done: {}", server.log());
    let reports = ["Ada", "Grace"].map(|name| {
        let mut player = Player::guest(&server.url, name);
        player.until("the settlement", |player| player.view().settled.is_some());
        player.view().settled.clone().expect("just seen").1
    });
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(Some(&database));
    all_adds_up(&store, accounts.into_iter().zip(&reports));
}

#[test]
fn no_match_begins_while_as_many_wait_to_be_granted_as_may() {
    let (postgres, files) = (TestPostgres::new(), TestFiles::new());
    let database = postgres.url();
    let settings = [("HYPOGEUM_DATABASE__URL", database.as_str()), ("HYPOGEUM_DATABASE__SETTLEMENTS_WAITING_MAX", "1")];
    let server = files.start(&settings);
    let url = server.url.clone();
    let mut persons = two_in_a_match(&url, ["Ada", "Grace"]);
    let mut others = meanwhile(&mut persons, || ["Edsger", "Donald"].map(|name| Person::guest(&url, name)));
    meanwhile(&mut persons, || {
        both(&mut others, |person| {
            person.player.queue(SLOW_MODE);
            person.player.until("the loadout", |player| player.view().loadout.is_some());
        });
    });
    postgres.stop(true);
    meanwhile(&mut others, || {
        both_get_out(&mut persons);
        meanwhile(&mut persons, || until_readiness(&url, &Readiness::unready("settlements")));
    });
    meanwhile(&mut persons, || {
        both(&mut others, |person| {
            person.player.client().choose_loadout([]);
            until_refused(&mut person.player, ErrorCode::TryLater);
        });
    });
    let reports = meanwhile(&mut others, || {
        meanwhile(&mut persons, || postgres.start());
        both(&mut persons, Person::until_settled)
    });
    meanwhile(&mut others, || until_readiness(&url, &Readiness::ready()));
    both(&mut others, Person::enter_match);
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(Some(&database));
    all_adds_up(&store, persons.iter().map(|person| person.account).zip(&reports));
}
