//! The meadow crashes at somebody who enters: the others walk on, and if it cannot go on it waits for the next start. It is built again from
//! the newest part of its log.

use hypogeum_protocol::ErrorCode;
use hypogeum_testkit::Player;

use crate::counting::until;
use crate::meadow::STUMBLES;
use crate::parting::open;
use crate::visiting::running;

fn became_idle(player: &Player) -> bool {
    player.view().last_refusal.is_some_and(|refusal| refusal.code == ErrorCode::Unavailable)
}

pub(crate) fn one_crashes_it_twice() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path(), &[]);
    let mut ada = Player::guest(&server.url, "Ada");
    ada.until("her own body", |ada| ada.own().is_some());
    let avatar = ada.avatar();
    let first = running(data.path());
    ada.until("another part", |_| running(data.path()) != first);

    // The gate lets everyone in who has nothing else to do, even who just became idle: it crashes again, and is held.
    let stumbler = Player::guest(&server.url, STUMBLES);
    let mut both = [ada, stumbler];
    until(&mut both, "that they become idle", became_idle);
    let log = server.log();
    assert!(log.contains("a shard was built again and goes on"), "the first time it goes on without the one: {log}");
    assert!(log.contains("an open shard cannot go on"), "the second time it stands still: {log}");
    assert!(
        !log.contains("a shard is opened") || log.matches("a shard is opened").count() == 1,
        "and stays the only one"
    );

    let [mut ada, stumbler] = both;
    drop(stumbler);
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let server = open(data.path(), &[]);
    assert!(server.log().contains("recovered: resumed match "), "it goes on: {}", server.log());
    ada.reconnect(&server.url).expect("the server is back");
    ada.until("her own body again", |ada| ada.own().is_some() && ada.avatar().is_some());
    assert_eq!(ada.avatar(), avatar, "she has the body she had");
}
