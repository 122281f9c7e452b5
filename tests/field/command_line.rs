//! What the command line says where something is wrong: at once, once, in words that help, and as JSON where asked.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

fn hypogeum(arguments: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = Command::new(BINARY);
    command.args(arguments).envs(settings.iter().copied()).current_dir(env!("CARGO_MANIFEST_DIR"));
    said(&command.output().expect("the binary can be run"))
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Stops a demo as soon as it says how it stands.
fn stopped_demo(arguments: &[&str], data: &Path) -> (Option<i32>, String, String) {
    let mut command = Command::new(BINARY);
    command.arg("demo").args(arguments).arg("--data").arg(data).current_dir(env!("CARGO_MANIFEST_DIR"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the demo runs");
    let mut lines = BufReader::new(child.stderr.take().expect("standard error is piped"));
    let mut error = String::new();
    lines.read_line(&mut error).expect("it says how it stands");
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    lines.read_to_string(&mut error).expect("it ends");
    let (code, out, _) = said(&child.wait_with_output().expect("it ends"));
    (code, out, error)
}

#[test]
fn a_demo_that_is_stopped_says_so_and_fails_nobody() {
    let data = tempfile::tempdir().expect("a directory for the test");
    for (run, way) in [&[][..], &["--lockstep", "--mode", "extraction"]].into_iter().enumerate() {
        let folder = data.path().join(run.to_string());
        let (code, out, error) = stopped_demo(&[way, &["--json"]].concat(), &folder);
        assert_eq!(code, Some(130), "as shells report it: {error}");
        let sentence = "stopped: the match was not finished, nothing was changed";
        assert!(error.contains(sentence) && !error.contains("error:"), "that is no error: {error}");
        let report: Value = serde_json::from_str(&out).expect("one JSON object");
        assert_eq!(report["error"], sentence, "programs get it, too: {out}");
    }
}

#[test]
fn a_demo_that_can_never_start_is_refused_at_once() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let folder = data.path().join("data");
    let path = folder.to_str().expect("a path in UTF-8");
    let (code, _, error) = hypogeum(&["demo", "--mode", "skirmish", "--players", "1", "--data", path], &[]);
    let sentence =
        "error: mode \"skirmish\" needs 2 players, --players is 1, and empty seats stay empty (fill: Nobody)\n";
    assert_eq!((code, error.as_str()), (Some(1), sentence), "it says what is in the way");
    assert!(!folder.exists(), "before anything is made");
}

#[test]
fn errors_are_json_where_results_are_and_say_each_cause_once() {
    for arguments in [
        &["demo", "--mode", "blits", "--json"][..],
        &["serve", "--config", "/no/such.toml", "--json"],
        &["bots", "--server", "nonsense", "--json"],
        &["replay", "/no/such.log", "--json"],
        &["migrate", "--config", "/no/such.toml", "--json"],
    ] {
        let (code, out, error) = hypogeum(arguments, &[]);
        assert_eq!(code, Some(1), "{arguments:?} fails: {error}");
        let report: Value = serde_json::from_str(&out).expect("one JSON object on standard output");
        let sentence = report["error"].as_str().expect("with the error");
        assert_eq!(error.trim_end(), format!("error: {sentence}"), "people read the same");
        let cause = "No such file or directory";
        assert!(sentence.matches(cause).count() <= 1, "{arguments:?} says its cause once: {sentence}");
    }
}

#[test]
fn what_is_missing_is_named_with_the_setting_that_names_it() {
    let settings = [("HYPOGEUM_SERVER__ASSETS_DIR", "/no/assets")];
    let (code, _, error) = hypogeum(&["serve"], &settings);
    assert_eq!(code, Some(1), "no server without content: {error}");
    assert!(
        error.contains("/no/assets") && error.contains("assets_dir of [server]"),
        "it says where to name it: {error}"
    );
    let settings = [("HYPOGEUM_SERVER_TICK_HZ", "20"), ("HYPOGEUM_UDP__WORKERS", "1")];
    let (_, _, error) = hypogeum(&["serve"], &settings);
    assert!(error.contains("did you mean HYPOGEUM_SERVER__TICK_HZ (two underscores)?"), "{error}");
    assert!(!error.contains("WORKERS"), "what is right is not named: {error}");
}

#[test]
fn help_is_broken_at_words_and_has_the_numbers_of_the_code() {
    for command in ["demo", "serve", "bots", "check", "replay", "verify", "migrate"] {
        let (_, help, _) = hypogeum(&[command, "--help"], &[("COLUMNS", "80")]);
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{command}: no line is wider than the terminal: {line}");
        }
    }
    let (_, help, _) = hypogeum(&["bots", "--help"], &[]);
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let crowd =
        format!("or {} for more than {} bots", hypogeum_loadbots::CROWD_INPUT_HZ, hypogeum_loadbots::SMALL_SWARM);
    assert!(help.contains(&crowd), "{help}");
}
