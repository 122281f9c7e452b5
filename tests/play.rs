//! The browser client against the real binary: what it is made of without a browser, and then in one.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{fs, slice, thread};

use hypogeum_testkit::{TestServer, http_get};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Seconds after which a file of tests that has not ended has failed: a whole match or tournament in a browser, on a slow machine.
const PATIENCE_S: &str = "400";
/// Test files that mostly wait for a match to go by: the others run beside them.
const FIRST: [&str; 3] = ["match", "page", "world"];

fn web() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/edges/play/web")
}

/// The test files in a folder of the page's, in order.
fn tests_in(folder: &str) -> Vec<String> {
    let files = fs::read_dir(web().join(folder)).expect("the folder can be listed");
    let names = files.map(|file| file.expect("a file can be listed").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> =
        names.filter(|name| name.ends_with(".test.js")).map(|name| format!("{folder}/{name}")).collect();
    names.sort();
    assert!(!names.is_empty(), "{folder} has tests");
    names
}

/// Runs test files of the page, with these variables.
fn run(files: &[String], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new("timeout");
    command.args(["-k", "15", PATIENCE_S, "node", "--test", "--test-reporter=tap"]).args(files).current_dir(web());
    command.envs(variables.iter().copied()).stdin(Stdio::null());
    command.output().expect("timeout of coreutils can be run")
}

/// What is wrong with how they went.
fn trouble(output: &Output) -> Option<String> {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    for figure in out.lines().filter_map(|line| line.find("RESULT ").map(|at| &line[at..])) {
        println!("{figure}");
    }
    let is_good = output.status.success() && out.contains("# fail 0\n") && !out.contains("# pass 0\n");
    (!is_good).then(|| format!("{}\n{out}\n{err}", output.status))
}

#[test]
fn its_rules_hold_without_a_browser() {
    assert_eq!(trouble(&run(&tests_in("test"), &[])), None, "the tests of the page pass");
}

/// Runs test files one after another, each with a server of its own: who plays in one is not met in another.
fn play(files: &[String], shots: &str) -> Vec<String> {
    let mut failed = Vec::new();
    for file in files {
        let data = tempfile::tempdir().expect("a directory");
        let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback"), ("HYPOGEUM_WORLD__OPEN", "true")];
        let server = TestServer::start(BINARY, data.path(), &settings)
            .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));
        let output = run(slice::from_ref(file), &[("HYPOGEUM_URL", server.url.as_str()), ("HYPOGEUM_SHOTS", shots)]);
        failed.extend(
            trouble(&output).map(|trouble| format!("{file}: {trouble}\n-- the server's log --\n{}", server.log())),
        );
    }
    failed
}

#[test]
fn it_is_played_in_a_browser() {
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join("play_shots");
    let shots = shots.to_str().expect("the folder's name is text");
    let is_first = |file: &String| FIRST.iter().any(|name| file.ends_with(&format!("/{name}.test.js")));
    let (first, others): (Vec<_>, Vec<_>) = tests_in("test/browser").into_iter().partition(is_first);
    let failed = thread::scope(|scope| {
        let beside = scope.spawn(|| play(&others, shots));
        let mut failed = play(&first, shots);
        failed.extend(beside.join().expect("the others are run"));
        failed
    });
    assert!(failed.is_empty(), "{}", failed.join("\n\n"));
    println!("pictures of all screens are in {shots}");
}

#[test]
fn it_is_not_served_where_nobody_wants_it() {
    let data = tempfile::tempdir().expect("a directory");
    let server = TestServer::start(BINARY, data.path(), &[("HYPOGEUM_HTTP__PLAY", "false")])
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));
    let (head, body) = http_get(&server.url, "/play/");
    assert!(head.starts_with("HTTP/1.1 404") && body.contains("not_found"), "{head}\n{body}");
}
