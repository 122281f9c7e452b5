//! The JavaScript SDK against the real binary: its own tests, its examples, and the bots that documents show, as they stand there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use hypogeum_testkit::TestServer;
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
/// Seconds after which a program that has not ended has failed: a match of half a minute, waited for once or twice.
const PATIENCE_S: &str = "300";

fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("plugins/sdk/javascript")
}

/// A program that is ended with code 124 when it takes too long.
fn program(name: &str) -> Command {
    let mut command = Command::new("timeout");
    command.args([PATIENCE_S, name]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn spawn(command: &mut Command) -> Child {
    command.spawn().expect("timeout of coreutils can be run")
}

/// What a program printed, which has ended well.
fn printed(what: &str, output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{what} ended with {}:\n{out}\n{err}", output.status);
    out.into_owned()
}

fn ended(what: &str, child: Child) -> String {
    printed(what, &child.wait_with_output().expect("a child can be waited for"))
}

/// The inside of the block that begins with these words in a document.
fn block(document: &str, begins: &str) -> String {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(document)).expect("the document is there");
    let found = text.split(&format!("```{begins}\n")).nth(1).and_then(|rest| rest.split("\n```").next());
    found.unwrap_or_else(|| panic!("{document} has no block {begins}")).to_owned()
}

/// The one line of JSON that an example prints.
fn report(what: &str, child: Child) -> Value {
    let out = ended(what, child);
    serde_json::from_str(out.trim()).unwrap_or_else(|error| panic!("{what} printed {out:?}: {error}"))
}

fn is_settled(words: &str) -> bool {
    ["extracted", "died", "timed_out"].iter().any(|outcome| words.contains(outcome))
}

/// Runs tests of the package.
fn run_tests(flags: &[&str], wanted: impl Fn(&str) -> bool) {
    let files = fs::read_dir(package().join("test")).expect("the folder can be listed");
    let names = files.map(|file| file.expect("a file can be listed").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".test.js") && wanted(name)).collect();
    names.sort();
    assert!(!names.is_empty(), "there are such tests");
    let mut command = program("node");
    command
        .args(flags)
        .args(["--test", "--test-reporter=tap"])
        .args(names.iter().map(|name| format!("test/{name}")))
        .current_dir(package());
    let out = printed("node --test", &command.output().expect("it can be run"));
    assert!(out.contains("# fail 0\n") && !out.contains("# pass 0\n"), "tests were run:\n{out}");
}

#[test]
fn the_tests_of_the_package_pass() {
    run_tests(&[], |_| true);
}

#[test]
fn a_session_is_the_same_over_the_global_websocket() {
    run_tests(&["--experimental-websocket"], |name| name == "client.test.js");
}

#[test]
fn bots_play_and_walk_to_their_ends() {
    let data = tempfile::tempdir().expect("a directory");
    let settings = [("HYPOGEUM_AUTH__GUESTS", "loopback"), ("HYPOGEUM_WORLD__OPEN", "true")];
    // Two bots of its own, so that nobody waits for long.
    let server = TestServer::start_with(BINARY, &["--bots", "2", "--bots-mode", "skirmish"], data.path(), &settings)
        .unwrap_or_else(|ended| panic!("the server does not start: {}", ended.log));

    // A folder as a developer has it after `npm install`.
    let folder = tempfile::tempdir().expect("a directory");
    fs::create_dir(folder.path().join("node_modules")).expect("it can be made");
    std::os::unix::fs::symlink(package(), folder.path().join("node_modules/hypogeum-client"))
        .expect("it can be linked");
    let page = "plugins/wire/protocol/from_nothing.md";
    let shown = [
        ("node", "readme.mjs", block("plugins/sdk/javascript/README.md", "js bot")),
        ("node", "page.mjs", block(page, "js")),
        ("python3", "page.py", block(page, "python")),
    ];
    let shown = shown.map(|(runs, file, text)| {
        fs::write(folder.path().join(file), text).expect("it can be written");
        let name = format!("Shown {}", file.replace('.', " "));
        (file, spawn(program(runs).args([file, &server.url, &name]).current_dir(folder.path())))
    });
    let example = |file: &str, name: &str, more: &[&str]| {
        let path = package().join("examples").join(file);
        spawn(program("node").arg(path).args(["--url", &server.url, "--name", name]).args(more))
    };
    let matches = [
        ("over MessagePack", example("match_bot.js", "Packer", &[])),
        ("over JSON", example("match_bot.js", "Texter", &["--json"])),
        ("by the lane", example("match_bot.js", "Seer", &["--lane"])),
        ("by the lane in JSON", example("match_bot.js", "Reader", &["--lane", "--json"])),
    ];
    let visits = [example("world_bot.js", "Wanderer", &[]), example("world_bot.js", "Rambler", &["--json"])];

    for (what, child) in matches {
        let report = report(what, child);
        assert!(report["outcome"].as_str().is_some_and(is_settled), "{what} a match is played to its end: {report}");
        assert!(report["walked_m"].as_u64() > Some(0), "{what} it walks: {report}");
        assert!(!what.contains("lane") || report["divergences"] == 0, "{what} it sees what the server sees: {report}");
    }
    for child in visits {
        let report = report("a visit to the world", child);
        assert!(report["to"].is_string() && report["from"] != report["to"], "it was in two rooms: {report}");
        assert!(report["said"].as_str().is_some_and(|said| said.contains("JavaScript")), "and was heard: {report}");
    }
    for (file, child) in shown {
        let out = ended(file, child);
        assert!(out.lines().last().is_some_and(is_settled), "{file} plays to its end: {out}");
    }
}
