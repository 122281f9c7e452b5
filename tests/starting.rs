//! How a server starts, or says in one sentence why it does not, and how it ends.

use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::path::Path;
use std::process::{Command, Output};

use hypogeum_testkit::postgres::TestPostgres;
use hypogeum_testkit::{Ended, Player, TestServer, copy_folder};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

fn run(arguments: &[&str], settings: &[(&str, &str)]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .envs(settings.iter().copied())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary can be run")
}

/// The project's assets with one mistake in them.
fn broken_assets(dir: &Path) {
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), dir);
    let mode = dir.join("modes/blitz.ron");
    let text = fs::read_to_string(&mode).expect("blitz is there");
    let broken = text.replacen("map: \"barrows\"", "map: \"barows\"", 1);
    assert_ne!(text, broken, "the mistake was made");
    fs::write(mode, broken).expect("the copy can be written");
}

/// What every refused start has in common.
fn refused(output: &Output, sentence: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "exit code of a refused start: {said}");
    assert!(said.contains(sentence), "expected {sentence:?} in: {said}");
    assert!(!said.contains("panicked") && !said.contains("ready:"), "neither a panic nor ready: {said}");
}

#[test]
fn the_shipped_content_and_configuration_are_good() {
    let output = run(&["check"], &[]);
    assert!(output.status.success(), "check fails: {}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn check_names_file_line_and_column_of_every_mistake() {
    let dir = tempfile::tempdir().expect("a directory for the test");
    broken_assets(dir.path());
    let path = dir.path().display().to_string();
    let output = run(&["check", &path], &[]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "exit code of a check that found something: {said}");
    let line = said.lines().find(|line| line.contains("barows")).expect("the mistake is reported");
    assert!(line.contains("modes/blitz.ron:4:10: "), "file, line and column come first: {line}");
    assert!(line.contains("found") && line.contains("expected"), "then what, found, expected: {line}");
}

#[test]
fn a_mistake_in_the_content_stops_the_start_before_anything_is_opened() {
    let dir = tempfile::tempdir().expect("a directory for the test");
    let (assets, data) = (dir.path().join("assets"), dir.path().join("data"));
    broken_assets(&assets);
    let settings = [
        ("HYPOGEUM_SERVER__ASSETS_DIR", assets.to_str().expect("a path in UTF-8")),
        ("HYPOGEUM_SERVER__DATA_DIR", data.to_str().expect("a path in UTF-8")),
    ];
    refused(&run(&["serve"], &settings), "modes/blitz.ron:4:10: ");
    assert!(!data.exists(), "no database was made");
}

#[test]
fn a_mistake_in_the_configuration_stops_the_start() {
    let dir = tempfile::tempdir().expect("a directory for the test");
    let config = dir.path().join("server.toml");
    fs::write(&config, "[server]\ntick_hz = 30\ntik_hz = 31\n").expect("the file can be written");
    let path = config.display().to_string();
    refused(&run(&["serve", "--config", &path], &[]), "server.toml:3:1: unknown field `tik_hz`");
    refused(&run(&["serve", "--config", "/no/such/file.toml"], &[]), "/no/such/file.toml: cannot be read");
}

#[test]
fn a_taken_port_is_one_clear_sentence() {
    let dir = tempfile::tempdir().expect("a directory for the test");
    let data = dir.path().to_str().expect("a path in UTF-8");
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a port to be in the way");
    let address = udp.local_addr().expect("a bound socket has an address").to_string();
    let settings = [
        ("HYPOGEUM_SERVER__DATA_DIR", data),
        ("HYPOGEUM_UDP__LISTEN", address.as_str()),
        ("HYPOGEUM_HTTP__LISTEN", "127.0.0.1:0"),
    ];
    let port = udp.local_addr().expect("a bound socket has an address").port();
    refused(&run(&["serve"], &settings), &format!("UDP port {port} is taken on 127.0.0.1"));

    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port to be in the way");
    let port = tcp.local_addr().expect("a bound socket has an address").port();
    let address = format!("127.0.0.1:{port}");
    let settings = [
        ("HYPOGEUM_SERVER__DATA_DIR", data),
        ("HYPOGEUM_UDP__LISTEN", "127.0.0.1:0"),
        ("HYPOGEUM_HTTP__LISTEN", address.as_str()),
    ];
    refused(&run(&["serve"], &settings), &format!("TCP port {port} is taken on 127.0.0.1"));
}

#[test]
fn a_data_directory_that_cannot_be_written_is_one_clear_sentence() {
    let dir = tempfile::tempdir().expect("a directory for the test");
    let file = dir.path().join("a file, no directory");
    fs::write(&file, "").expect("the file can be written");
    let data = file.join("data");
    let settings = [
        ("HYPOGEUM_SERVER__DATA_DIR", data.to_str().expect("a path in UTF-8")),
        ("HYPOGEUM_UDP__LISTEN", "127.0.0.1:0"),
        ("HYPOGEUM_HTTP__LISTEN", "127.0.0.1:0"),
    ];
    refused(&run(&["serve"], &settings), "cannot write to the data directory");
}

#[test]
fn migrating_is_said_before_it_is_done_and_done_once() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let database = TestPostgres::shared().url();
    let path = data.path().to_str().expect("a path in UTF-8");
    for url in ["", database.as_str()] {
        let settings = [("HYPOGEUM_SERVER__DATA_DIR", path), ("HYPOGEUM_DATABASE__URL", url)];
        let settings = if url.is_empty() { &settings[..1] } else { &settings[..] };
        let said = |arguments: &[&str]| {
            let output = run(arguments, settings);
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.code(), said, String::from_utf8_lossy(&output.stderr).into_owned())
        };
        let (code, missing, error) = said(&["migrate", "--check"]);
        assert_eq!(code, Some(1), "everything is missing: {missing}{error}");
        assert!(missing.starts_with("missing: 0001 first match\n"), "what is missing, in order: {missing}");
        let (code, done, error) = said(&["migrate"]);
        assert_eq!(code, Some(0), "it can be done: {error}");
        assert!(done.starts_with("applied: 0001 first match\n"), "what was done, in order: {done}");
        let (code, json, error) = said(&["migrate", "--check", "--json"]);
        assert_eq!(code, Some(0), "nothing is missing any more: {error}");
        assert!(json.contains("\"applied\":[]"), "one JSON object: {json}");
    }
}

#[test]
fn a_server_plays_on_a_database_of_its_own_kind() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let url = TestPostgres::shared().url();
    let settings = [("HYPOGEUM_DATABASE__URL", url.as_str())];
    let server = TestServer::start(BINARY, data.path(), &settings).expect("the server starts");
    drop(Player::enter(&server.url, "Someone"));
    assert!(!data.path().join("hypogeum.db").exists(), "what is kept is kept elsewhere");
    let other = tempfile::tempdir().expect("a directory for the test");
    let second = TestServer::start(BINARY, other.path(), &settings).expect_err("the second does not start");
    refused_as_in_use(&second);
    drop(Player::enter(&server.url, "Someone"));
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
}

/// One sentence, and 1.
fn refused_as_in_use(second: &Ended) {
    assert_eq!(second.status.code(), Some(1), "exit code: {}", second.log);
    let said: Vec<&str> = second.log.lines().collect();
    assert_eq!(said.len(), 1, "one sentence: {}", second.log);
    assert!(said[0].ends_with("is in use by another server"), "{}", second.log);
}

#[test]
fn a_second_server_on_one_data_directory_is_refused_and_the_first_goes_on() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut first = TestServer::start(BINARY, data.path(), &[]).expect("the first starts");
    let second = TestServer::start(BINARY, data.path(), &[]).expect_err("the second does not");
    refused_as_in_use(&second);
    assert!(first.is_alive(), "the first goes on");
}

#[test]
fn sigterm_says_goodbye_to_everyone_and_ends_with_0() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let mut player = Player::enter(&server.url, "Someone");
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "exit code: {}", ended.log);
    player.until("the goodbye", |player| player.view().goodbye);
}

#[test]
fn help_tells_what_there_is() {
    for arguments in [
        &["--help"][..],
        &["demo", "--help"],
        &["serve", "--help"],
        &["bots", "--help"],
        &["check", "--help"],
        &["migrate", "--help"],
    ] {
        let output = run(arguments, &[]);
        assert!(output.status.success(), "{arguments:?} fails");
        assert!(String::from_utf8_lossy(&output.stdout).contains("Usage: hypogeum"), "{arguments:?} says how");
    }
}
