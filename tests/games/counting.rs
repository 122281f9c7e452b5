//! Two count to ten, and the plug is pulled half way.

use std::path::PathBuf;
use std::process::{Command, Output};

use hypogeum_client::Steering;
use hypogeum_journal::Tail;
use hypogeum_testkit::{Player, ThrowawayServer};

const NAMES: [&str; 2] = ["Ada", "Grace"];

fn binary() -> PathBuf {
    std::env::current_exe().expect("a process knows its program")
}

fn start(data: &std::path::Path) -> ThrowawayServer {
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback"), ("HYPOGEUM_JOURNAL__SNAPSHOT_S", "1")];
    let binary = binary();
    let started = ThrowawayServer::start(binary.to_str().expect("a path of text"), data, &settings);
    started.unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// Presses once, and waits a moment so that the press is a command of its own.
fn press(player: &mut Player) {
    player.client().steer(Steering { ability: 1, ..Steering::default() });
    player.frame();
    player.client().steer(Steering::default());
    player.frame();
}

fn run(command: &str, log: &std::path::Path) -> Output {
    Command::new(binary()).args([command.as_ref(), log.as_os_str()]).output().expect("the program can be run")
}

pub(crate) fn two_count_through_a_kill() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = start(data.path());
    let mut players = NAMES.map(|name| Player::guest(&server.url, name));
    players.iter_mut().for_each(|player| player.queue("counter"));
    for player in &mut players {
        player.until("the match", |player| player.view().current.is_some());
    }
    for _ in 0..2 {
        players.iter_mut().for_each(press);
    }
    let match_id = players[0].view().current.as_ref().expect("it is played").id;
    let running = data.path().join("journal/running").join(match_id.to_string());
    let presses = |tail: &Tail| tail.ticks.iter().flat_map(|tick| &tick.commands).count();
    players[0]
        .until("the log", |_| Tail::read(&running).is_ok_and(|tail| tail.snapshot.is_some() || presses(&tail) > 0));
    let _ = server.kill();

    let server = start(data.path());
    assert!(server.log().contains("recovered: resumed match "), "it goes on: {}", server.log());
    for player in &mut players {
        player.reconnect(&server.url).expect("the server is back");
        player.until("the welcome", |player| player.view().session.is_some());
    }
    while players.iter().any(|player| player.view().settled.is_none()) {
        players.iter_mut().for_each(press);
    }
    for player in &players {
        let (settled, report) = player.view().settled.as_ref().expect("just seen");
        assert_eq!(*settled, match_id, "that match is settled");
        assert_eq!((report.xp_gained, report.currency_gained), (10, 5), "with what the game gives");
    }
    let ended = server.terminate();
    assert!(ended.status.success(), "the server ends in order: {}", ended.log);

    let log = data.path().join(format!("journal/finished/match-{match_id}.log"));
    let replayed = run("replay", &log);
    let said = String::from_utf8_lossy(&replayed.stdout);
    assert!(replayed.status.success() && said.contains("the match was settled"), "it replays: {said}");
    let verified = run("verify", &log);
    let said = String::from_utf8_lossy(&verified.stdout);
    assert!(verified.status.success() && said.starts_with("counter match "), "and it is proved: {said}");
}
