//! Two count to ten, and the plug is pulled half way.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hypogeum_client::Steering;
use hypogeum_journal::Tail;
use hypogeum_shard::CommandBody;
use hypogeum_testkit::{Player, TestServer, http_get};

pub(crate) const NAMES: [&str; 2] = ["Ada", "Grace"];
/// Frames after which what was waited for does not come: a minute and a half.
const FRAMES_MAX: u32 = 2_700;

fn binary() -> PathBuf {
    std::env::current_exe().expect("a process knows its program")
}

pub(crate) fn start(data: &Path, more: &[(&str, &str)]) -> TestServer {
    let settings = [
        ("HYPOGEUM_AUTH__GUESTS", "loopback"),
        ("HYPOGEUM_JOURNAL__SNAPSHOT_S", "60"),
        ("HYPOGEUM_SERVER__ASSETS_DIR", "examples/my_game/assets"),
    ];
    let binary = binary();
    let settings = settings.into_iter().chain(more.iter().copied()).collect::<Vec<_>>();
    let started = TestServer::start(binary.to_str().expect("a path of text"), data, &settings);
    started.unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log))
}

/// Lets both play on until something holds for each.
pub(crate) fn until(players: &mut [Player; 2], what: &str, holds: impl Fn(&Player) -> bool) {
    for _ in 0..FRAMES_MAX {
        if players.iter().all(&holds) {
            return;
        }
        Player::frame_of_all(players.iter_mut());
    }
    panic!("waited in vain for {what}: {:?}", players.each_ref().map(Player::view));
}

/// Both press once, and let go, so that each press is one.
fn press(players: &mut [Player; 2]) {
    for ability in [1, 0] {
        for player in &mut *players {
            let _ = player.client().steer(Steering { ability, ..Steering::default() });
        }
        Player::frame_of_all(players.iter_mut());
    }
}

pub(crate) fn run(command: &str, log: &Path) -> Output {
    run_all(command, &[log.to_owned()])
}

pub(crate) fn run_all(command: &str, logs: &[PathBuf]) -> Output {
    Command::new(binary()).arg(command).args(logs).output().expect("the program can be run")
}

pub(crate) fn two_count_through_a_kill() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = start(data.path(), &[]);
    let mut players = NAMES.map(|name| Player::guest(&server.url, name));
    players.iter_mut().for_each(|player| player.queue("counter"));
    until(&mut players, "the match", |player| player.view().current.is_some());
    press(&mut players);
    let match_id = players[0].view().current.as_ref().expect("it is played").id;
    let running = data.path().join("journal/running").join(match_id.to_string());
    let presses = |tail: Tail| {
        tail.ticks.iter().flat_map(|tick| &tick.commands).any(|command| match command.body {
            CommandBody::Input(input) => input.ability != 0,
            _ => false,
        })
    };
    until(&mut players, "the press on record", |_| Tail::read(&running).is_ok_and(presses));
    let _ = server.kill();

    let server = start(data.path(), &[]);
    assert!(server.log().contains("recovered: resumed match "), "it goes on: {}", server.log());
    for player in &mut players {
        player.reconnect(&server.url).expect("the server is back");
    }
    until(&mut players, "the match again", |player| player.view().current.is_some());
    for _ in 0..10 {
        press(&mut players);
    }
    until(&mut players, "the settlement", |player| player.view().settled.is_some());
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

pub(crate) fn two_leave_for_good() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = start(data.path(), &[("HYPOGEUM_SERVER__LINGER_S", "1")]);
    let mut players = NAMES.map(|name| Player::guest(&server.url, name));
    players.iter_mut().for_each(|player| player.queue("counter"));
    until(&mut players, "the match", |player| player.view().current.is_some());
    drop(players);
    let mut watcher = Player::guest(&server.url, "Joan");
    let running = |url: &str| http_get(url, "/v1/status").1.contains("\"running\":1,");
    assert!(running(&server.url), "its rules do not end it");
    watcher.until("its end", |_| !running(&server.url));
    let ended = server.terminate();
    assert!(ended.log.contains("a match that goes on without its players is undone"), "it says why: {}", ended.log);
}
