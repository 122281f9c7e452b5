//! What the log says, and how much: one start line, no line for each who comes and goes, JSON where JSON was asked for.

use hypogeum_testkit::{Player, TestServer};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

/// Someone plays a match's beginning, and the server ends. What it logged.
fn log_of_a_visit(settings: &[(&str, &str)]) -> String {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut all = vec![("HYPOGEUM_AUTH__GUESTS", "loopback")];
    all.extend_from_slice(settings);
    let server = TestServer::start(BINARY, data.path(), &all).expect("the server starts");
    let mut player = Player::guest(&server.url, "Ada");
    player.queue("blitz");
    player.bring(&[]);
    player.until("the match", |player| player.own().is_some());
    for _ in 0..20 {
        drop(Player::guest(&server.url, "Grace"));
    }
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
    ended.log
}

#[test]
fn connections_are_counted_and_not_listed() {
    let log = log_of_a_visit(&[]);
    assert!(!log.contains(" connected connection=") && !log.contains("disconnected"), "nobody is listed: {log}");
    let summary = log.lines().find(|line| line.contains("connections opened and closed"));
    assert!(summary.is_some_and(|line| line.contains("opened=")), "all are counted: {log}");
    let serving = log.lines().find(|line| line.contains("serving")).expect("a start line");
    for about in ["version=", "data_dir=", "database=\"SQLite\"", "content=", "blitz", "udp=", "http="] {
        assert!(serving.contains(about), "the start line has {about}: {serving}");
    }
    let begins = log.lines().find(|line| line.contains("match begins")).expect("a match began");
    assert!(begins.contains("mode=\"blitz\""), "it says which: {begins}");
}

#[test]
fn every_line_is_json_where_json_was_asked_for() {
    let log = log_of_a_visit(&[("HYPOGEUM_LOG__JSON", "true"), ("HYPOGEUM_LOG__FILTER", "debug")]);
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect();
    let ready = lines.iter().find(|line| line["fields"]["message"].as_str().is_some_and(|it| it.starts_with("ready:")));
    assert!(ready.is_some_and(|line| line["fields"]["http"].is_string()), "the readiness line is one of them: {log}");
    let answered = lines.iter().find(|line| line["fields"]["message"] == "answered").expect("requests are logged");
    assert!(answered["fields"]["route"].as_str().is_some_and(|it| it.starts_with("/v1/")), "with route: {answered}");

    let refused = TestServer::start(
        BINARY,
        tempfile::tempdir().expect("a directory for the test").path(),
        &[("HYPOGEUM_LOG__JSON", "true"), ("HYPOGEUM_SERVER__ASSETS_DIR", "/no/such/folder")],
    );
    let ended = refused.expect_err("there is no content");
    for line in ended.log.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert_eq!(line["level"], "ERROR", "what is in the way is an error: {line}");
    }
}
