//! People come to the meadow and go, and the plug is pulled while they walk.

use std::path::Path;

use hypogeum_journal::Tail;
use hypogeum_protocol::RecordKind;
use hypogeum_shard::CommandBody;
use hypogeum_space::METRE;
use hypogeum_testkit::{Player, TestServer};

use crate::counting::{NAMES, run, start, until};

pub(crate) fn open(data: &Path) -> TestServer {
    start(data, &[("HYPOGEUM_TEST_MEADOW", "1"), ("HYPOGEUM_SERVER__ON_STOP", "suspend")])
}

fn sees_somebody(player: &Player) -> bool {
    player.nearest(RecordKind::Player).is_some()
}

pub(crate) fn some_walk_about_through_a_kill() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = open(data.path());
    let [mut ada, mut grace] = NAMES.map(|name| Player::guest(&server.url, name));
    ada.until("her own body", |ada| ada.own().is_some());
    let start_at = ada.own().map(|own| (own.x, own.y)).expect("just seen");
    let shard = ada.view().current.as_ref().expect("she knows where she is").id;

    // The second comes while the first is there; they see each other.
    let mut both = [ada, grace];
    until(&mut both, "each other", sees_somebody);
    for _ in 0..60 {
        both[0].walk((-15 * METRE, start_at.1), 0);
        Player::frame_of_all(both.iter_mut());
    }
    let walked = both[0].own().expect("she is there").x - start_at.0;
    assert!(walked > 3 * METRE, "she has walked: {walked}");

    // One leaves, and comes again at once, as somebody new.
    let was = both[1].avatar();
    both[1].client().leave();
    until(&mut both, "a new body", |player| player.own().is_some() && player.avatar() != was);
    until(&mut both, "each other again", sees_somebody);
    let (avatars, place) = (both.each_ref().map(Player::avatar), both[0].own().expect("she is there").x);
    let running = data.path().join(format!("journal/running/{shard}-part-1"));
    let joins = |tail: Tail| {
        let commands = tail.ticks.iter().flat_map(|tick| &tick.commands);
        commands.filter(|command| matches!(command.body, CommandBody::Join { .. })).count() == 3
    };
    until(&mut both, "all of it on record", |_| Tail::read(&running).is_ok_and(joins));
    let _ = server.kill();

    let server = open(data.path());
    assert!(server.log().contains("recovered: resumed match "), "it goes on: {}", server.log());
    for player in &mut both {
        player.reconnect(&server.url).expect("the server is back");
    }
    until(&mut both, "each other after the crash", |player| player.own().is_some() && sees_somebody(player));
    assert_eq!(both.each_ref().map(Player::avatar), avatars, "everyone has the body they had");
    assert_eq!(both[0].own().expect("she is there").x, place, "and stands where they stood");
    [ada, grace] = both;

    // Somebody comes who was never there before, and one is gone for good.
    drop(grace);
    let mut joan = Player::guest(&server.url, "Joan");
    joan.until("her own body", |joan| joan.own().is_some());
    let mut both = [ada, joan];
    until(&mut both, "each other", sees_somebody);
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);

    let replayed = run("replay", &running);
    let said = String::from_utf8_lossy(&replayed.stdout);
    assert!(replayed.status.success(), "it replays: {said} {}", String::from_utf8_lossy(&replayed.stderr));
    let verified = run("verify", &running);
    let said = String::from_utf8_lossy(&verified.stdout);
    assert!(said.starts_with("meadow match ") && said.contains(" part 1: "), "its chain holds: {said}");
    let wanted = String::from_utf8_lossy(&verified.stderr);
    assert!(wanted.contains("the log has no end"), "all that is wanted is an end, which is still to come: {wanted}");

    let server = open(data.path());
    assert!(server.log().contains("recovered: resumed match "), "it goes on after an orderly end: {}", server.log());
}
