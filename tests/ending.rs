//! A server that ends in the middle of a match, politely or not: nobody loses what they brought.

use std::thread;

use hypogeum_persistence::Store;
use hypogeum_progression::{StarterKit, StoreReply, StoreRequest};
use hypogeum_protocol::AccountId;
use hypogeum_testkit::{Player, ThrowawayServer};

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
    match store.answer(StoreRequest::LoadProfile { account, tag: 0 }) {
        StoreReply::Profile { profile: Some(profile), .. } => {
            let mut templates: Vec<String> = profile.stash.into_iter().map(|item| item.template).collect();
            templates.sort();
            templates
        }
        reply => panic!("account {account} has no profile: {reply:?}"),
    }
}

#[test]
fn sigterm_in_a_match_sends_everything_home() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = ThrowawayServer::start(BINARY, data.path(), &[]).expect("the server starts");
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

#[test]
fn a_server_killed_in_a_match_undoes_it_at_the_next_start() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = ThrowawayServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let players = two_in_a_match(&server.url);
    // Dropping a throwaway server is SIGKILL.
    drop(server);
    let again = ThrowawayServer::start(BINARY, data.path(), &[]).expect("the server starts again");
    assert!(again.log().contains("unfinished matches of an earlier run are undone"), "it says so: {}", again.log());
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
