//! A server with the short mode `dash`, and guests who play it together.

use std::path::Path;

use hypogeum_protocol::MatchId;
use hypogeum_testkit::{DASH, Player, TestServer, content_with_dash};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Frames after which something that was to come has not: two minutes.
const FRAMES_MAX: u32 = 3_600;

/// Starts a server in an empty folder.
pub(crate) fn server(folder: &Path, settings: &[(&str, &str)]) -> TestServer {
    let (assets, data) = (folder.join("assets"), folder.join("data"));
    content_with_dash(&assets);
    std::fs::create_dir(&data).expect("a directory for the test");
    let assets = assets.to_str().expect("a path in UTF-8");
    let mut all = vec![("HYPOGEUM_SERVER__ASSETS_DIR", assets), ("HYPOGEUM_AUTH__GUESTS", "loopback")];
    all.extend(settings);
    TestServer::start(BINARY, &data, &all).expect("the server starts")
}

/// Lets frames of all pass until something holds.
pub(crate) fn together(players: &mut [&mut Player], what: &str, holds: impl Fn(&[&mut Player]) -> bool) {
    for _ in 0..FRAMES_MAX {
        if holds(players) {
            return;
        }
        Player::frame_of_all(players.iter_mut().map(|player| &mut **player));
    }
    let known: Vec<_> = players.iter().map(|player| player.view()).collect();
    panic!("it never came to this: {what}; they know {known:?}");
}

/// Whether someone stands in this very match.
pub(crate) fn is_in(player: &Player, match_id: u64) -> bool {
    player.own().is_some() && player.view().current.as_ref().is_some_and(|current| current.id == MatchId(match_id))
}

/// Two queue, bring nothing, and are in this match; all others look on.
pub(crate) fn enter(two: [&mut Player; 2], others: Vec<&mut Player>, match_id: u64) {
    let [one, other] = two;
    for player in [&mut *one, &mut *other] {
        player.queue(DASH);
    }
    let mut players = vec![one, other];
    players.extend(others);
    together(&mut players, "a loadout opens", |players| players[..2].iter().all(|it| it.view().loadout.is_some()));
    for player in &mut players[..2] {
        player.client().choose_loadout(Vec::new());
    }
    together(&mut players, "both are in", |players| players[..2].iter().all(|player| is_in(player, match_id)));
}
