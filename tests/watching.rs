//! Who is dead watches its party to the end of the match: over real sockets, as players do.

use std::fs;
use std::path::Path;

use hypogeum_client::Change;
use hypogeum_protocol::{ErrorCode, MatchId, NetId, PartyAct, Watched};
use hypogeum_testkit::{Player, TestServer, content_with_dash};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// A dash for three, with time to look on.
const MODE: &str = "stroll";

fn start(folder: &Path) -> TestServer {
    let (assets, data) = (folder.join("assets"), folder.join("data"));
    content_with_dash(&assets);
    let dash = fs::read_to_string(assets.join("modes/dash.ron")).expect("a dash is there");
    let stroll = dash
        .replace("name: \"Dash\"", "name: \"Stroll\"")
        .replace("players_min: 2, players_max: 2", "players_min: 3, players_max: 3")
        .replace("duration_ms: 12000", "duration_ms: 180000")
        .replace("open_ms: [(1500, 12000)]", "open_ms: [(500, 180000)]");
    fs::write(assets.join(format!("modes/{MODE}.ron")), stroll).expect("the test's own directory can be written to");
    fs::create_dir(&data).expect("the test's own directory can be written to");
    let assets = assets.to_str().expect("a path in UTF-8");
    let settings = [("HYPOGEUM_SERVER__ASSETS_DIR", assets), ("HYPOGEUM_AUTH__GUESTS", "loopback")];
    TestServer::start(BINARY, &data, &settings).expect("the server starts")
}

/// Lets frames pass for all of them until something holds.
fn until(all: &mut [Player; 3], what: &str, mut holds: impl FnMut(&mut [Player; 3]) -> bool) {
    for _ in 0..3_000 {
        if holds(all) {
            return;
        }
        Player::frame_of_all(all.iter_mut());
    }
    panic!("in vain: {what}");
}

fn in_one_party(one: &mut Player, other: &mut Player, name: &str) {
    let mut invited = None;
    other.until("the invitation", |other| {
        // Nobody is invited before it is known whom it blocks: who has just come is asked again.
        one.client().party(PartyAct::Invite { name: name.to_owned() });
        one.frame();
        invited = other.take_seen().into_iter().find_map(|change| match change {
            Change::PartyInvited { party, .. } => Some(party),
            _ => None,
        });
        invited.is_some()
    });
    let party = invited.expect("it was waited for");
    other.client().party(PartyAct::Accept { party });
    other.until("the party", |other| {
        other
            .take_seen()
            .iter()
            .any(|change| matches!(change, Change::PartyChanged(Some(party)) if party.members.len() == 2))
    });
}

/// Whom somebody watches.
fn watched(player: &Player) -> Option<NetId> {
    player.view().current.as_ref().filter(|current| current.is_watched).map(|current| current.avatar)
}

#[test]
fn the_dead_watch_their_party_over_a_cut_and_nobody_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = start(folder.path());
    let [mut ada, mut bob, cy] = ["Ada", "Bob", "Cyd"].map(|name| Player::guest(&server.url, name));
    in_one_party(&mut ada, &mut bob, "Bob");
    let mut all = [ada, bob, cy];
    // Bob comes with Ada, who leads.
    [0, 2].into_iter().for_each(|place| all[place].client().join_queue(MODE));
    until(&mut all, "the loadouts", |all| all.iter().all(|player| player.view().loadout.is_some()));
    all.iter_mut().for_each(|player| player.client().choose_loadout([]));
    until(&mut all, "the match", |all| all.iter().all(|player| player.own().is_some()));
    let id: MatchId = all[0].view().current.as_ref().expect("it has begun").id;
    let [_, bobs, cys] = [0, 1, 2].map(|place| all[place].avatar().expect("it has an avatar"));

    all[0].client().leave();
    until(&mut all, "the settlement", |all| all[0].view().settled.is_some());
    all[0].client().watch(id, Watched::Next);
    until(&mut all, "Bob", |all| watched(&all[0]) == Some(bobs));
    until(&mut all, "what Bob sees", |all| {
        let bob = all[1].own().map(|own| (own.x, own.y));
        bob.is_some() && all[0].own().map(|own| (own.x, own.y)) == bob
    });

    all[0].take_seen();
    all[0].client().watch(id, Watched::Participant { avatar: cys });
    until(&mut all, "the refusal", |all| {
        let refused =
            |change: &Change| matches!(change, Change::Refused(refusal) if refusal.code == ErrorCode::NoSuchEntity);
        all[0].take_seen().iter().any(refused)
    });
    assert_eq!(watched(&all[0]), Some(bobs), "it watches on as before");

    all[0].client().close();
    until(&mut all, "the cut", |all| all[0].take_seen().iter().any(|change| matches!(change, Change::Closed(_))));
    all[0].reconnect(&server.url).expect("the server is there");
    until(&mut all, "the welcome", |all| all[0].view().session.is_some());
    until(&mut all, "Bob again", |all| watched(&all[0]) == Some(bobs) && all[0].own().is_some());

    all[1].client().leave();
    until(&mut all, "the end of it", |all| all[0].view().current.is_none());
    until(&mut all, "Bob's settlement", |all| all[1].view().settled.is_some());
    assert!(all[2].own().is_some(), "Cyd plays on, unseen");
}
