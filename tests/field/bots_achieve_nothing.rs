//! Bots that cannot play the mode they are given say so, and do not exit as if all were well.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

use hypogeum_testkit::TestServer;
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

fn bots(server: &TestServer, arguments: &[&str]) -> Command {
    let mut command = Command::new(BINARY);
    command.args(["bots", "--server", &server.url]).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn an_unknown_mode_ends_the_run_at_once_and_names_those_there_are() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    // With the hour that --seconds asks for, only an end at once ends in time.
    let output = bots(&server, &["--count", "2", "--mode", "blits", "--seconds", "3600"]).output().expect("bots run");
    let (code, _, error) = said(&output);
    assert_eq!(code, Some(1), "that is a failure: {error}");
    let sentence = r#"error: the server has no mode "blits", only blitz"#;
    assert!(error.contains(sentence), "it says what there is: {error}");
}

#[test]
fn a_run_in_which_nobody_entered_a_match_fails() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    // A blitz waits longer for more players.
    let arguments = ["--count", "1", "--mode", "blitz", "--warm-up", "1", "--seconds", "1", "--json"];
    let (code, table, error) = said(&bots(&server, &arguments).output().expect("bots run"));
    assert_eq!(code, Some(1), "that is a failure: {error}");
    let report: Value = serde_json::from_str(&table).expect("one JSON object on standard output");
    assert_eq!((&report["connected"], &report["entered"]), (&1.into(), &0.into()), "it was there in vain: {report}");
    let sentence = report["error"].as_str().unwrap_or_default();
    assert!(sentence.starts_with("no bot entered a match on http://"), "the report says so: {report}");
    assert!(error.contains(sentence), "and so does standard error: {error}");
}

#[test]
fn who_stops_them_before_that_gets_the_table_and_no_failure() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let mut command = bots(&server, &["--count", "1", "--mode", "blitz", "--seconds", "3600"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("bots run");
    let mut lines = BufReader::new(child.stderr.take().expect("standard error is piped"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("bots say how they stand");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    let mut rest = String::new();
    lines.read_to_string(&mut rest).expect("they end");
    let (code, table, _) = said(&child.wait_with_output().expect("they end"));
    assert_eq!(code, Some(0), "to be stopped is no failure: {line}{rest}");
    assert!(table.contains("bots wanted"), "there is a table: {table}");
}
