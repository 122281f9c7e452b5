//! `hypogeum demo` and `hypogeum bots`, as a user runs them.

use std::path::Path;
use std::process::{Command, Output};

use hypogeum_testkit::{TestServer, copy_folder};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

fn hypogeum(arguments: &[&str]) -> Output {
    Command::new(BINARY)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary can be run")
}

fn demo(data: &Path) -> Value {
    let data = data.to_str().expect("a path in UTF-8");
    let output = hypogeum(&["demo", "--players", "4", "--mode", "skirmish", "--seed", "7", "--data", data, "--json"]);
    assert!(output.status.success(), "the demo fails: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON object on standard output, and nothing else")
}

#[test]
fn the_same_seed_makes_the_same_place_and_a_second_match_builds_on_the_first() {
    let (first, second) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let one = demo(first.path());
    let two = demo(second.path());
    for key in ["mode", "seed", "tick_hz", "humans", "npcs", "content_hash", "layout_hash"] {
        assert!(!one["match"][key].is_null(), "match.{key} is there");
        assert_eq!(one["match"][key], two["match"][key], "match.{key} of two runs with one seed");
    }
    for key in ["id", "ticks", "state_hash"] {
        assert!(!one["match"][key].is_null(), "match.{key} is there");
    }
    let players = one["players"].as_array().expect("players is a list");
    assert_eq!(players.len(), 4, "every bot has a row");
    for player in players {
        let outcome = player["outcome"].as_str().unwrap_or_default();
        assert!(["extracted", "died", "timed_out"].contains(&outcome), "an outcome: {player}");
        for key in ["kills", "damage_dealt", "xp_gained", "level", "items_secured", "currency_gained", "rating"] {
            assert!(player[key].is_number(), "{key} is a number: {player}");
        }
    }
    for key in ["datagrams_in", "datagrams_out", "bytes_in", "bytes_out"] {
        assert!(one["network"][key].as_u64().is_some_and(|count| count > 0), "network.{key} counts");
    }
    for key in ["p50", "p99", "max"] {
        assert!(one["tick_ms"][key].as_f64().is_some_and(|ms| ms > 0.0), "tick_ms.{key} is measured");
    }

    let again = demo(first.path());
    let names = |run: &Value| -> Vec<String> {
        let mut names: Vec<String> =
            run["players"].as_array().into_iter().flatten().map(|player| player["name"].to_string()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&one), names(&again), "the same accounts play again");
    let ratings = |run: &Value| -> Vec<(String, i64)> {
        let rows = run["players"].as_array().into_iter().flatten();
        let mut ratings: Vec<_> =
            rows.map(|player| (player["name"].to_string(), player["rating"].as_i64().unwrap_or_default())).collect();
        ratings.sort();
        ratings
    };
    assert_ne!(ratings(&one), ratings(&again), "ratings move on from where they were");
    assert_ne!(one["match"]["id"], again["match"]["id"], "no match has the id of another");

    for (run, data) in [(&one, &first), (&again, &first), (&two, &second)] {
        let log = run["match"]["log"].as_str().expect("match.log is a path");
        let key = data.path().join("journal.pub");
        let verified = hypogeum(&["verify", log, "--key", key.to_str().expect("a path in UTF-8"), "--json"]);
        assert!(verified.status.success(), "the log proves the match: {}", String::from_utf8_lossy(&verified.stdout));
        let replayed = hypogeum(&["replay", log, "--json"]);
        let replayed: Value = serde_json::from_slice(&replayed.stdout).expect("one JSON object");
        for key in ["ticks", "state_hash"] {
            assert_eq!(replayed[key], run["match"][key], "{key} of the match and of its replay");
        }
        assert_eq!(replayed["settlement_agrees"], true, "what was granted is what it was worth: {replayed}");
    }
}

#[test]
fn in_lockstep_the_same_seed_gives_the_same_match() {
    let data = tempfile::tempdir().expect("a directory");
    let folder = data.path().to_str().expect("a path in UTF-8");
    let run = |seed: &str| -> Value {
        let output = hypogeum(&[
            "demo",
            "--lockstep",
            "--players",
            "6",
            "--mode",
            "skirmish",
            "--seed",
            seed,
            "--data",
            folder,
            "--json",
        ]);
        assert!(output.status.success(), "the demo fails: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("one JSON object on standard output, and nothing else")
    };
    let (one, two, other) = (run("7"), run("7"), run("8"));
    for key in ["ticks", "state_hash", "layout_hash", "id", "seed"] {
        assert_eq!(one["match"][key], two["match"][key], "match.{key} of two runs with one seed");
    }
    assert_eq!(one["players"], two["players"], "everyone did and got the same");
    assert_ne!(one["match"]["state_hash"], other["match"]["state_hash"], "another seed is another match");
    assert_ne!(one["match"]["log"], two["match"]["log"], "each run keeps its own log");

    let log = two["match"]["log"].as_str().expect("match.log is a path");
    let key = Path::new(log).ancestors().map(|folder| folder.join("journal.pub")).find(|key| key.exists());
    let key = key.expect("the key lies with the run");
    let verified = hypogeum(&["verify", log, "--key", key.to_str().expect("a path in UTF-8"), "--json"]);
    assert!(verified.status.success(), "the log proves the match: {}", String::from_utf8_lossy(&verified.stdout));
    let replayed = hypogeum(&["replay", log, "--json"]);
    let replayed: Value = serde_json::from_slice(&replayed.stdout).expect("one JSON object");
    assert_eq!(replayed["state_hash"], two["match"]["state_hash"], "and its replay ends where the match ended");
}

#[test]
fn in_lockstep_a_mode_may_be_faster_than_is_usual_on_the_server() {
    let data = tempfile::tempdir().expect("a directory");
    let assets = data.path().join("assets");
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), &assets);
    let mode = assets.join("modes/skirmish.ron");
    let text = std::fs::read_to_string(&mode).expect("the mode ships");
    std::fs::write(&mode, text.replacen("deploy_ms: 500,", "deploy_ms: 500,\n    tick_hz: 60,", 1)).expect("a copy");
    let output = Command::new(BINARY)
        .args(["demo", "--lockstep", "--players", "2", "--mode", "skirmish", "--seed", "7", "--json"])
        .args([Path::new("--data"), data.path(), Path::new("--assets"), &assets])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary can be run");
    assert!(output.status.success(), "the demo fails: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object");
    assert_eq!(report["match"]["tick_hz"], 60, "as its mode says: {report}");
}

#[test]
fn bots_play_on_a_server_of_another_process() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let output =
        hypogeum(&["bots", "--server", &server.url, "--count", "2", "--seconds", "12", "--mode", "skirmish", "--json"]);
    assert!(output.status.success(), "bots fails: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("one JSON object on standard output");
    assert_eq!(report["connected"], 2, "both connected: {report}");
    assert!(report["snapshots"].as_u64().is_some_and(|count| count > 20), "both saw the match: {report}");
}
