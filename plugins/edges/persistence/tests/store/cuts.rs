//! A commit whose answer is lost: nobody knows whether it was done, and asking again by its key does it once.

use std::net::SocketAddr;
use std::time::Duration;

use hypogeum_link_conditioner::TcpProxy;
use hypogeum_persistence::{Store, StoreThread};
use hypogeum_protocol::MatchId;
use hypogeum_store::{StorePort, StoreReply, StoreRequest};
use hypogeum_testkit::postgres::TestPostgres;

use crate::chance::{Chance, rounds, seed};
use crate::world::{Directory, found, kit, register, settle, starter_item, take};

/// A proxy before the server of `url`, and the URL that leads through it.
fn through_proxy(url: &str, seed: u64) -> (TcpProxy, String) {
    let (server, database) = url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).unwrap();
    let server: SocketAddr = server.parse().unwrap();
    let proxy = TcpProxy::start(server, seed).unwrap();
    let url = format!("postgres://postgres@{}/{database}", proxy.addr());
    (proxy, url)
}

/// Asks until it is answered; how often it was not, and the answer.
fn persistently(store: &Store, request: &StoreRequest) -> (usize, StoreReply) {
    let mut lost = 0;
    loop {
        match store.answer(request.clone()) {
            StoreReply::Failed { failure, .. } if failure.is_passing() => lost += 1,
            reply => return (lost, reply),
        }
        // The next answer comes once the watch has found the database again; it needs the processor for that.
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_connection_cut_around_the_commit_settles_once() {
    let seed = seed();
    let cuts = rounds("HYPOGEUM_TEST_CUTS", 200);
    let url = TestPostgres::shared().url();
    let (proxy, through) = through_proxy(&url, seed);
    let directory = Directory::at(&url);
    let store = Store::connect(&directory.path(), &through, kit()).unwrap();
    let ada = register(&store, "Ada").unwrap();
    directory.sql("UPDATE profiles SET stash_capacity = 1000000");
    let mut chance = Chance::from(seed);
    let (mut matches, mut done_unheard) = (0, 0);
    while proxy.counters().cuts < cuts as u64 {
        matches += 1;
        // Either of the two may be the one that is cut.
        if chance.below(2) == 0 {
            proxy.cut_around(b"COMMIT");
        }
        let knife = starter_item(ada, 1);
        let (_, taken) = persistently(&store, &take(matches, &[(ada, &[knife.id])]));
        assert!(matches!(taken, StoreReply::EscrowTaken { .. }), "match {matches} did not begin: {taken:?}");
        proxy.cut_around(b"COMMIT");
        let order = settle(matches, &[(ada, &[knife, found(matches, 1)])]);
        let (lost, settled) = persistently(&store, &order);
        assert!(matches!(settled, StoreReply::Settled { .. }), "match {matches} was not settled: {settled:?}");
        done_unheard += usize::from(lost > 0);
    }
    println!("{matches} matches, {} cuts, {done_unheard} settlements whose answer was lost", proxy.counters().cuts);
    drop((store, proxy));
    let matches = matches as i64;
    let count = |statement: &str| directory.sql(statement);
    assert_eq!(count("SELECT COUNT(*) FROM matches WHERE state = 'settled'"), matches, "all are settled");
    assert_eq!(count("SELECT COUNT(*) FROM grants WHERE kind = 'match'"), matches, "each was granted once");
    assert_eq!(count("SELECT xp FROM profiles"), 120 * matches, "with its experience");
    assert_eq!(count("SELECT COUNT(*) FROM items"), 3 + matches, "and its find");
    assert_eq!(count("SELECT COUNT(*) FROM outbox"), matches, "and waits in the outbox once");
    assert_eq!(count("SELECT SUM(amount) FROM ledger"), 0, "the ledger sums to zero");
}

#[test]
fn a_server_that_says_nothing_holds_up_nobody_who_does_not_ask_it() {
    let (proxy, through) = through_proxy(&TestPostgres::shared().url(), seed());
    let directory = Directory::at(&through);
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    proxy.stall();
    let port = StorePort::new(2_000);
    let thread = StoreThread::start(store.clone(), port.clone()).unwrap();
    // Who asks goes on at once; the queue takes it all while the first request waits for its five seconds.
    for match_id in 1..=1_000 {
        port.ask(StoreRequest::AbandonMatch { match_id: MatchId(match_id) }).unwrap();
    }
    let health = store.health();
    for _ in 0..1_000 {
        let reply = port.replies.pop().unwrap();
        let StoreReply::Failed { failure, .. } = reply else { panic!("nobody can have answered: {reply:?}") };
        assert!(failure.is_passing(), "it may come back: {failure}");
    }
    assert!(health.is_degraded(), "which its health shows");
    proxy.resume();
    let (_, taken) = persistently(&store, &take(1, &[(ada, &[starter_item(ada, 1).id])]));
    assert!(matches!(taken, StoreReply::EscrowTaken { .. }), "it has come back: {taken:?}");
    assert!(!health.is_degraded(), "and all is well");
    assert!(thread.finish().is_empty(), "each request was answered once");
}
