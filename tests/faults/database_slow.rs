//! A database that stands still for a while and goes on as if nothing had been, with everything that was on its way.

use std::thread;
use std::time::{Duration, Instant};

use hypogeum_testkit::postgres::TestPostgres;

use crate::files::{Readiness, TestFiles, until_readiness};
use crate::people::{Person, all_adds_up, both, meanwhile, two_in_a_match, until_answered, until_ticked};

/// How long it stands still: as long as a statement may take, so that what becomes of those on their way is unknown.
const STANDSTILL: Duration = Duration::from_secs(5);

#[test]
fn a_match_that_ends_while_the_database_stands_still_is_granted_once() {
    let (postgres, files) = (TestPostgres::new(), TestFiles::new());
    let database = postgres.url();
    let server = files.start(&[("HYPOGEUM_DATABASE__URL", &database)]);
    let url = server.url.clone();
    let mut persons = two_in_a_match(&url, ["Ada", "Grace"]);
    postgres.pause();
    let paused = Instant::now();
    both(&mut persons, |person| {
        until_ticked(&mut person.player);
        person.walk_out();
        person.until_out();
        until_answered(&mut person.player);
    });
    assert!(persons.iter().all(|person| !person.is_settled()), "a database that stands still grants nothing");
    meanwhile(&mut persons, || thread::sleep(STANDSTILL.saturating_sub(paused.elapsed())));
    postgres.resume();
    let reports = both(&mut persons, Person::until_settled);
    until_readiness(&url, &Readiness::ready());
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(Some(&database));
    all_adds_up(&store, persons.iter().map(|person| person.account).zip(&reports));
}
