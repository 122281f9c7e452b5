//! A database that fails over while the old node stays open and read-only: the server stayed degraded until a restart.

use std::net::{Ipv4Addr, SocketAddr};

use hypogeum_link_conditioner::TcpProxy;
use hypogeum_testkit::postgres::TestPostgres;

use crate::files::{Readiness, TestFiles, until_readiness};
use crate::people::{Person, all_adds_up, both, meanwhile, two_in_a_match, until_answered};

fn address(server: &TestPostgres) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, server.port()).into()
}

#[test]
fn the_match_that_ends_meanwhile_is_granted_by_the_new_primary_without_a_restart() {
    let (primary, files) = (TestPostgres::new(), TestFiles::new());
    let url = primary.url();
    let database = url.rsplit_once('/').expect("a URL has a path").1;
    let proxy = TcpProxy::start(address(&primary), 1).expect("a proxy starts");
    let through = format!("postgres://postgres@{}/{database}", proxy.addr());
    let server = files.start(&[("HYPOGEUM_DATABASE__URL", &through)]);
    let standby = primary.standby();
    let mut persons = two_in_a_match(&server.url, ["Ada", "Grace"]);

    proxy.point(address(&standby));
    primary.read_only(true);
    meanwhile(&mut persons, || until_readiness(&server.url, &Readiness::degraded("database")));
    both(&mut persons, |person| {
        until_answered(&mut person.player);
        person.walk_out();
        person.until_out();
    });
    assert!(persons.iter().all(|person| !person.is_settled()), "a read-only database grants nothing");
    meanwhile(&mut persons, || standby.promote());
    let reports = both(&mut persons, Person::until_settled);
    meanwhile(&mut persons, || until_readiness(&server.url, &Readiness::ready()));
    let ended = server.terminate();
    assert!(ended.status.success(), "exit code: {}", ended.log);
    let store = files.store(Some(&through));
    all_adds_up(&store, persons.iter().map(|person| person.account).zip(&reports));
}
