//! A server that ends in the middle of a match, politely or not: the match goes on, or nobody loses what they brought.

use std::thread;
use std::time::Duration;

use hypogeum_client::{Change, Client};
use hypogeum_persistence::Store;
use hypogeum_progression::StarterKit;
use hypogeum_protocol::{AccountId, CarriedItem, ErrorCode, MatchId, NetId};
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::{Player, TestServer};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

/// Goes into a match with sword and coat, and says so once it stands there.
fn enter_match(url: &str, name: &str) -> Player {
    let mut player = Player::enter(url, name);
    player.queue("skirmish");
    player.bring(&["rusty_sword", "padded_coat"]);
    player.until("the match", |player| player.own().is_some() && player.view().inventory.len() == 2);
    player
}

fn two_in_a_match(url: &str) -> [Player; 2] {
    thread::scope(|scope| {
        let players = ["Ada", "Grace"].map(|name| scope.spawn(move || enter_match(url, name)));
        players.map(|player| player.join().expect("both get into the match"))
    })
}

fn account(player: &Player) -> AccountId {
    player.view().session.as_ref().expect("welcomed long ago").account
}

fn stash(store: &Store, account: AccountId) -> Vec<String> {
    match store.answer(StoreRequest::LoadProfile { account, character: None, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), .. } => {
            let mut templates: Vec<String> = profile.stash.into_iter().map(|item| item.template).collect();
            templates.sort();
            templates
        }
        reply => panic!("account {account} has no profile: {reply:?}"),
    }
}

#[test]
fn sigterm_in_a_match_returns_everything() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let mut players = two_in_a_match(&server.url);
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
    let store =
        Store::open(data.path(), StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens");
    assert_eq!(store.unfinished(), [], "nothing was left for the next start to undo");
    for player in &mut players {
        player.until("the goodbye", |player| player.view().goodbye);
        let stash = stash(&store, account(player));
        for brought in ["padded_coat", "rusty_sword"] {
            assert_eq!(stash.iter().filter(|item| *item == brought).count(), 1, "one {brought} in {stash:?}");
        }
    }
}

/// What a player is in: match, avatar and what it carries, and the last step it saw.
fn standing(player: &Player) -> ((MatchId, NetId, Vec<CarriedItem>), u32) {
    let view = player.view();
    let current = view.current.as_ref().expect("it is in a match");
    let tick = view.snapshot.as_ref().map_or(0, |snapshot| snapshot.tick);
    ((current.id, current.avatar, view.inventory.clone()), tick)
}

/// Both come back, get their match and what they carry again, and see it go on.
fn find_everything_again(players: &mut [Player], url: &str) {
    let before: Vec<_> = players.iter().map(standing).collect();
    for player in &mut *players {
        player.take_seen();
        player.reconnect(url).expect("the login is good at the next server");
    }
    thread::scope(|scope| {
        for (player, (_, tick)) in players.iter_mut().zip(&before) {
            scope.spawn(move || {
                let mut seen = Vec::new();
                player.until("the match to go on", |player| {
                    seen.extend(player.take_seen());
                    let is_sent = seen.contains(&Change::MatchStarted) && seen.contains(&Change::InventoryChanged);
                    is_sent && standing(player).1 > *tick
                });
            });
        }
    });
    for (player, (before, _)) in players.iter().zip(before) {
        assert_eq!(standing(player).0, before, "the same match, the same avatar, and all it carried");
    }
}

#[test]
fn a_server_killed_in_a_match_goes_on_with_it_at_the_next_start() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let mut players = two_in_a_match(&server.url);
    let _ = server.kill();
    let again = TestServer::start(BINARY, data.path(), &[]).expect("the server starts again");
    assert!(again.log().contains("recovered: resumed match 1 after tick "), "it says so: {}", again.log());
    find_everything_again(&mut players, &again.url);
    let ended = again.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
    let store =
        Store::open(data.path(), StarterKit { templates: Vec::new(), currency: 0 }).expect("the database opens");
    for player in &players {
        let stash = stash(&store, account(player));
        for brought in ["padded_coat", "rusty_sword"] {
            assert_eq!(stash.iter().filter(|item| *item == brought).count(), 1, "one {brought} in {stash:?}");
        }
    }
}

#[test]
fn a_match_that_is_suspended_goes_on_at_the_next_start() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let settings = [("HYPOGEUM_SERVER__ON_STOP", "suspend")];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    let mut players = two_in_a_match(&server.url);
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
    for player in &mut players {
        player.until("the goodbye", |player| player.view().goodbye);
    }
    let again = TestServer::start(BINARY, data.path(), &settings).expect("the server starts again");
    assert!(again.log().contains("recovered: resumed match 1 after tick "), "it says so: {}", again.log());
    find_everything_again(&mut players, &again.url);
}

#[test]
fn a_second_device_is_refused_where_that_is_the_rule_and_the_first_plays_on() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let settings = [("HYPOGEUM_SERVER__SECOND_DEVICE", "is_refused")];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    let mut first = Player::enter(&server.url, "Ada");
    let mut second = Client::connect(&Player::connection(&server.url, "Ada")).expect("the token opens a socket");
    first.until("the refusal of the second", |_| {
        if second.poll(Duration::from_millis(33)).contains(&Change::Opened) {
            second.hello("the second");
        }
        second.flush();
        second.view().last_refusal.is_some_and(|refusal| refusal.code == ErrorCode::TakenOver)
    });
    first.take_seen();
    first.client().ping();
    first.until("an answer", |first| first.take_seen().iter().any(|change| matches!(change, Change::Pong { .. })));
}
