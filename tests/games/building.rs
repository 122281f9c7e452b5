//! Two build a tower by commands of its game, and see what happens in its words.

use hypogeum_client::Change;
use hypogeum_protocol::codec;
use hypogeum_testkit::{Player, http_get};

use crate::counting::{NAMES, run, start, until};
use crate::my_game::{News, Order};

fn lay(player: &mut Player, stones: u32) {
    let _ = player.client().command(codec::encode(&Order::Lay { stones }));
}

fn news(player: &mut Player) -> Vec<News> {
    let received = player.take_seen().into_iter().filter_map(|change| match change {
        Change::Told(body) => Some(codec::decode::<News, 64>(&body).expect("the game says what it says")),
        _ => None,
    });
    received.collect()
}

pub(crate) fn two_build_a_tower() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = start(data.path(), &[]);
    let mut players = NAMES.map(|name| Player::guest(&server.url, name));
    players.iter_mut().for_each(|player| player.queue("tower"));
    until(&mut players, "the match", |player| player.view().current.is_some());
    let accounts = players.each_ref().map(|player| player.view().session.as_ref().expect("welcomed").account);
    let match_id = players[0].view().current.as_ref().expect("it is played").id;

    // The first seat has the first turn; the other is refused.
    let mut received = Vec::new();
    lay(&mut players[0], 3);
    lay(&mut players[1], 3);
    while received.len() < 2 {
        Player::frame_of_all(players.iter_mut());
        received.extend(news(&mut players[0]));
    }
    let grown = received.iter().filter(|news| matches!(news, News::Grown { by, .. } if accounts.contains(by))).count();
    assert!(grown >= 1, "somebody had the turn: {received:?}");
    let (_, body) = http_get(&server.url, "/v1/stones");
    assert!(body.starts_with("{\"stones\":") && body != "{\"stones\":0}", "the plugin counts them: {body}");

    while players.iter().any(|player| player.view().settled.is_none()) {
        if players[0].view().current.is_some() {
            players.iter_mut().for_each(|player| lay(player, 3));
        }
        for _ in 0..10 {
            Player::frame_of_all(players.iter_mut());
        }
    }
    for player in &players {
        let (settled, report) = player.view().settled.as_ref().expect("just seen");
        assert_eq!((*settled, report.xp_gained), (match_id, 40), "what the definition says is given");
    }
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);
    let replayed = run("replay", &data.path().join(format!("journal/finished/match-{match_id}.log")));
    let said = String::from_utf8_lossy(&replayed.stdout);
    assert!(replayed.status.success() && said.contains("the match was settled"), "it replays: {said}");
}
