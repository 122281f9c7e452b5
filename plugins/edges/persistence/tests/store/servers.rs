//! A database on a server: who may have it, and what happens when it goes away.

use std::time::Duration;

use hypogeum_persistence::{OpenError, Store};
use hypogeum_store::StoreReply;
use hypogeum_testkit::postgres::TestPostgres;

use crate::world::{Directory, found, kit, profile, register, reports, settle, starter_item, stash, take};

#[test]
fn a_second_server_with_a_directory_of_its_own_is_refused() {
    let url = TestPostgres::shared().url();
    let (first, second) = (Directory::at(&url), Directory::at(&url));
    let store = first.open();
    let refusal = second.try_open().unwrap_err();
    assert!(matches!(refusal, OpenError::DatabaseInUse { .. }), "the database is taken: {refusal}");
    assert!(refusal.to_string().ends_with("is in use by another server"), "one clear sentence: {refusal}");
    register(&store, "Ada").unwrap();
    drop(store);
    assert!(second.open().next_match(0).0 > 0, "closed, it is free");
}

#[test]
fn no_refusal_tells_the_password() {
    let directory = Directory::at("");
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for url in [
        format!("postgres://ada:open%20sesame@127.0.0.1:{port}/hypogeum"),
        "postgres://ada:open%20sesame@127.0.0.1:notaport/hypogeum".to_owned(),
        "mysql://ada:open%20sesame@127.0.0.1/hypogeum".to_owned(),
        "ada:open%20sesame".to_owned(),
    ] {
        let refusal = Store::connect(&directory.path(), &url, kit()).unwrap_err();
        let sentence = refusal.to_string();
        assert!(!format!("{refusal:?} {sentence}").contains("sesame"), "the password is in it: {sentence}");
        assert!(!sentence.contains('\n'), "one sentence: {sentence}");
    }
}

#[test]
fn a_database_that_stops_and_starts_again_has_everything_it_acknowledged() {
    let server = TestPostgres::new();
    let directory = Directory::at(&server.url());
    let store = directory.open();
    let health = store.health();
    let ada = register(&store, "Ada").unwrap();
    let _ = store.answer(take(1, &[(ada, &[starter_item(ada, 1).id])]));
    assert!(!health.is_degraded(), "all is well");

    server.stop(true);
    let order = settle(1, &[(ada, &[starter_item(ada, 1), found(1, 1)])]);
    let reply = store.answer(order.clone());
    let StoreReply::Failed { failure, request } = reply else { panic!("nobody was there to settle: {reply:?}") };
    assert!(failure.is_passing(), "a server may come back: {failure}");
    assert_eq!(*request, order, "the order comes back whole");
    assert!(health.is_degraded(), "the health shows that nothing is stored now");

    server.start();
    while health.is_degraded() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let reported = reports(store.answer(order));
    assert_eq!(reported[0].1.items_secured, 2, "it is back without anyone having asked, and settles");
    let after = profile(&store, ada);
    drop(store);
    assert_eq!(profile(&directory.open(), ada), after, "and keeps");
}

#[test]
fn a_server_whose_database_was_taken_by_another_writes_nothing_more() {
    let server = TestPostgres::new();
    let url = server.url();
    let (first, second) = (Directory::at(&url), Directory::at(&url));
    let store = first.open();
    let ada = register(&store, "Ada").unwrap();
    let health = store.health();
    // The database restarts, and the other server is there first: its first look may come before ours.
    let other = loop {
        server.stop(true);
        server.start();
        match second.try_open() {
            Ok(other) => break other,
            Err(refusal) => assert!(matches!(refusal, OpenError::DatabaseInUse { .. }), "ours was first: {refusal}"),
        }
    };
    while !health.is_degraded() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let reply = store.answer(take(1, &[(ada, &[starter_item(ada, 1).id])]));
    assert!(matches!(reply, StoreReply::Failed { .. }), "it is another's now: {reply:?}");
    assert_eq!(stash(&other, ada).len(), 3, "who has everything as it was");
}
