//! A database whose name leads to another node from one moment to the next, while the old one still answers.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use hypogeum_link_conditioner::TcpProxy;
use hypogeum_persistence::{OpenError, Store};
use hypogeum_protocol::AccountId;
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::postgres::TestPostgres;

use crate::world::{Directory, found, profile, register, reports, settle, starter_item, take};

/// A primary behind a proxy, and a database in it.
struct Site {
    primary: TestPostgres,
    proxy: TcpProxy,
    database: String,
    directory: Directory,
}

impl Site {
    fn new() -> Self {
        let primary = TestPostgres::new();
        let proxy = TcpProxy::start(address(&primary), 1).unwrap();
        let url = primary.url();
        let database = url.rsplit_once('/').unwrap().1.to_owned();
        let directory = Directory::at(&format!("postgres://postgres@{}/{database}", proxy.addr()));
        Self { primary, proxy, database, directory }
    }
}

fn address(server: &TestPostgres) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, server.port()).into()
}

/// Asks until it is answered.
fn insist(store: &Store, request: &StoreRequest) -> StoreReply {
    loop {
        match store.answer(request.clone()) {
            StoreReply::Failed { failure, .. } if failure.is_passing() => std::thread::sleep(Duration::from_millis(20)),
            reply => return reply,
        }
    }
}

fn wait_for_health(store: &Store, degraded: bool) {
    while store.health().is_degraded() != degraded {
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn settle_one(store: &Store, account: AccountId, match_id: u64) -> StoreRequest {
    let knife = starter_item(account, 1);
    let taken = insist(store, &take(match_id, &[(account, &[knife.id])]));
    assert!(matches!(taken, StoreReply::EscrowTaken { .. }), "the knife is taken: {taken:?}");
    settle(match_id, &[(account, &[knife, found(match_id, 1)])])
}

#[test]
fn after_a_failover_grants_go_to_the_new_primary_once_although_the_old_one_answers() {
    let site = Site::new();
    let store = site.directory.open();
    let ada = register(&store, "Ada").unwrap();
    let order = settle_one(&store, ada, 1);
    let standby = site.primary.standby();
    let sessions =
        || standby.run("postgres", &["SELECT COUNT(*) FROM pg_stat_activity WHERE application_name LIKE 'hypogeum%'"]);

    site.proxy.point(address(&standby));
    site.primary.read_only(true);
    wait_for_health(&store, true);
    let reply = store.answer(order.clone());
    assert!(matches!(reply, StoreReply::Failed { .. }), "neither node can grant now: {reply:?}");
    assert_eq!(sessions(), "0", "nothing is held on a node that takes no writes");
    standby.promote();
    let reported = reports(insist(&store, &order));
    assert_eq!(reported[0].1.items_secured, 2, "the new primary grants");
    wait_for_health(&store, false);
    let again = insist(&store, &order);
    assert_eq!(reports(again)[0].1.items_secured, 2, "once: asked again, it tells the same");
    let after = profile(&store, ada);
    assert_eq!((after.xp, after.stash.len()), (120, 4), "three of the kit and what was found");
    drop(store);
    let grants = "SELECT COUNT(*) FROM grants WHERE kind = 'match'";
    assert_eq!(standby.run(&site.database, &[grants]), "1", "where it is kept");
    assert_eq!(site.primary.run(&site.database, &[grants]), "0", "and not where it would be lost");
}

#[test]
fn a_database_that_is_read_only_for_a_while_is_held_again_and_loses_nothing() {
    let site = Site::new();
    let store = site.directory.open();
    let ada = register(&store, "Ada").unwrap();
    let order = settle_one(&store, ada, 1);
    site.primary.read_only(true);
    wait_for_health(&store, true);
    site.primary.read_only(false);
    assert_eq!(reports(insist(&store, &order))[0].1.items_secured, 2, "it grants as soon as it can");
    wait_for_health(&store, false);
}

#[test]
fn a_name_that_leads_to_another_database_gets_nothing_until_it_leads_back() {
    let site = Site::new();
    let store = site.directory.open();
    let ada = register(&store, "Ada").unwrap();
    let order = settle_one(&store, ada, 1);
    let stranger = TestPostgres::new();
    stranger.run("postgres", &[&format!("CREATE DATABASE {}", site.database)]);
    let theirs = format!("postgres://postgres@{}/{}", address(&stranger), site.database);
    let directory = Directory::at(&theirs);
    drop(directory.open());

    site.proxy.point(address(&stranger));
    site.proxy.cut();
    wait_for_health(&store, true);
    let reply = store.answer(order.clone());
    assert!(matches!(reply, StoreReply::Failed { .. }), "it is not the database that was opened: {reply:?}");
    assert!(!directory.open().health().is_degraded(), "and nobody holds that one");
    assert_eq!(stranger.run(&site.database, &["SELECT COUNT(*) FROM matches"]), "0", "or has written to it");
    site.proxy.point(address(&site.primary));
    assert_eq!(reports(insist(&store, &order))[0].1.items_secured, 2, "the right one grants");
}

#[test]
fn a_standby_is_refused_at_the_start() {
    let primary = TestPostgres::new();
    let url = primary.url();
    drop(Directory::at(&url).open());
    let standby = primary.standby();
    let database = url.rsplit_once('/').unwrap().1;
    let refusal = Directory::at(&format!("postgres://postgres@{}/{database}", address(&standby))).try_open();
    let refusal = refusal.unwrap_err();
    assert!(matches!(refusal, OpenError::Database { .. }), "it cannot be written to: {refusal}");
    assert!(refusal.to_string().contains("it takes no writes"), "in one sentence: {refusal}");
}
