//! Signals that would end a process without a word: a server ends in order, or says that it ignores them.

use std::fs;

use hypogeum_testkit::{Player, TestServer};

use crate::files::until;
use crate::people::until_answered;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

fn signal(server: &TestServer, name: &str) {
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &server.process().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "SIG{name} could not be sent");
}

fn guests() -> [(&'static str, &'static str); 1] {
    [("HYPOGEUM_AUTH__GUESTS", "loopback")]
}

#[test]
fn a_signal_to_end_gives_an_orderly_end() {
    for name in ["QUIT", "INT", "TERM"] {
        let data = tempfile::tempdir().expect("a directory for the test");
        let server = TestServer::start(BINARY, data.path(), &guests()).expect("the server starts");
        let mut player = Player::guest(&server.url, "Ada");
        signal(&server, name);
        let ended = server.ended();
        assert_eq!(ended.status.code(), Some(0), "SIG{name}: {}", ended.log);
        player.until("the goodbye", |player| player.view().goodbye);
        assert!(ended.log.contains(&format!("signal=\"SIG{name}\"")), "the log names it: {}", ended.log);
    }
}

#[test]
fn whatever_means_nothing_is_ignored_with_a_line() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut server = TestServer::start(BINARY, data.path(), &guests()).expect("the server starts");
    let mut player = Player::guest(&server.url, "Ada");
    for name in ["USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "XFSZ", "PIPE"] {
        signal(&server, name);
        until_answered(&mut player);
        assert!(server.is_alive(), "SIG{name} means nothing");
        // A broken pipe is no news: the system sends it for each write to one.
        let line = format!("ignored signal=\"SIG{name}\"");
        until("a line about it", || name == "PIPE" || server.log().contains(&line));
    }
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
}

#[test]
fn hup_reads_the_configuration_again() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &guests()).expect("the server starts");
    let mut player = Player::guest(&server.url, "Ada");
    let config = data.path().join("server.toml");
    fs::write(&config, "[log]\nfilter = \"debg\"\n").expect("the file can be written");
    signal(&server, "HUP");
    until("what is wrong with it", || server.log().contains("did you mean `debug`?"));
    fs::write(&config, "[log]\nfilter = \"info,hypogeum_sessions=debug\"\n").expect("the file can be written");
    signal(&server, "HUP");
    until("word that it was read", || server.log().contains("reloaded: the log has this filter"));
    until_answered(&mut player);
    drop(Player::guest(&server.url, "Grace"));
    until("lines that the filter lets through now", || server.log().contains(" connected connection="));
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
}

#[test]
fn a_second_signal_hastens_the_end() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback"), ("HYPOGEUM_SERVER__DRAIN_S", "3600")];
    let mut server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    let mut player = Player::guest(&server.url, "Ada");
    player.queue("blitz");
    player.bring(&[]);
    player.until("the match", |player| player.own().is_some());
    signal(&server, "TERM");
    until("the drain", || server.log().contains("stopping: no longer accepting players"));
    until_answered(&mut player);
    assert!(server.is_alive(), "the match has an hour left");
    signal(&server, "TERM");
    player.until("the goodbye", |player| player.view().goodbye);
    let ended = server.ended();
    assert_eq!(ended.status.code(), Some(0), "it ends in order all the same: {}", ended.log);
}
