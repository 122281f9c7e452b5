//! `hypogeum replay` and `hypogeum verify` on the logs of whole matches.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use hypogeum_arena::avatar_name;
use hypogeum_protocol::Seat;
use recording::{Plan, Recording, SNAPSHOT_TICKS, record, shard};
use serde_json::Value;

#[path = "../plugins/host/journal/tests/matches/recording.rs"]
#[allow(dead_code, reason = "the tests of the crate use more of it")]
mod recording;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

/// A whole match, played and settled.
static MATCH: LazyLock<Recording> = LazyLock::new(|| record(Plan { seed: 21, ..Plan::default() }));

struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(command: &str, log: &Path, more: &[&str]) -> Said {
    let output: Output = Command::new(BINARY)
        .arg(command)
        .arg(log)
        .args(more)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary can be run");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("what it says is text");
    let said = Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) };
    assert!(!said.err.contains("panicked"), "nothing panics: {}", said.err);
    said
}

fn json(said: &Said) -> Value {
    serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{error} in {:?}, {:?}", said.out, said.err))
}

/// The match's log with other bytes, in a folder of its own.
fn changed(change: impl FnOnce(&mut Vec<u8>)) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("changed.log");
    let mut bytes = fs::read(&MATCH.path).expect("the log is there");
    change(&mut bytes);
    fs::write(&path, bytes).expect("the test may write");
    (folder, path)
}

#[test]
fn a_match_replays_as_it_was() {
    let said = run("replay", &MATCH.path, &[]);
    assert_eq!(said.code, Some(0), "{}", said.err);
    let (ticks, last) = (MATCH.hashes.len(), MATCH.hashes.last().expect("steps were taken"));
    assert!(said.out.contains(&format!("20 participants, {ticks} ticks at 30 Hz")), "{}", said.out);
    assert!(said.out.contains(&format!("states match; state {last}; the match was settled")), "{}", said.out);
}

#[test]
fn a_replay_until_a_step_says_the_state_after_it() {
    let said = run("replay", &MATCH.path, &["--until", "50", "--json"]);
    let report = json(&said);
    assert_eq!(
        (said.code, &report["ticks"], &report["hashes_compared"]),
        (Some(0), &50.into(), &50.into()),
        "{report}"
    );
    assert_eq!(report["state_hash"], MATCH.hashes[49].to_string(), "the fiftieth state");
    assert_eq!((&report["close"], &report["divergence"]), (&Value::Null, &Value::Null), "it was not read to its end");
}

#[test]
fn a_doctored_log_is_located_by_tick_component_and_entity() {
    let tick = 2 * SNAPSHOT_TICKS;
    // In this match seat 0 is alive and steered by commands then.
    let doctored = record(Plan { seed: 3, stop_after: Some(tick + 20), doctored: Some(tick) });
    let who = avatar_name(shard(3).world(), Seat(0)).expect("it has an avatar");
    let said = run("replay", &doctored.path, &[]);
    assert_eq!(said.code, Some(1), "a divergence fails: {}", said.out);
    let recorded = doctored.hashes[tick as usize - 1];
    assert!(said.out.contains(&format!("tick {tick}: state ")), "the tick: {}", said.out);
    assert!(said.out.contains(&format!(" where {recorded} was recorded")), "the state: {}", said.out);
    assert!(said.out.contains(&format!("  position of {who}\n")), "the component and whose: {}", said.out);
    let said = run("replay", &doctored.path, &["--json"]);
    let report = json(&said);
    assert_eq!((said.code, &report["divergence"]["tick"]), (Some(1), &tick.into()), "{report}");
    let differences = report["divergence"]["differences"].as_array().expect("a list");
    let position = differences.iter().find(|difference| difference["component"] == "position").expect("it is named");
    assert_eq!(position["entities"], Value::from(vec![who.0]), "by number");
    // Its own chain is right: only replaying it shows what was done. But it was left behind, so it has no end.
    let said = run("verify", &doctored.path, &[]);
    assert!(said.code == Some(1) && said.err.contains("the log has no end"), "{}", said.err);
}

#[test]
fn a_log_verifies_by_the_key_of_its_server() {
    let key = MATCH.key.to_string();
    let file = MATCH.data.path().join("journal.pub");
    for key in [&key[..], file.to_str().expect("a path of text")] {
        let said = run("verify", &MATCH.path, &["--key", key]);
        assert_eq!(said.code, Some(0), "{}", said.err);
        assert!(said.out.ends_with("OK: complete, every record signed\n"), "{}", said.out);
    }
    let report = json(&run("verify", &MATCH.path, &["--key", &key, "--json"]));
    assert_eq!((&report["ok"], &report["log"]["ticks"]), (&true.into(), &MATCH.hashes.len().into()), "{report}");
    assert_eq!(report["log"]["records"], report["log"]["records_signed"], "all of it is signed: {report}");
    assert_eq!(report["log"]["public_key"], key, "by the key it was asked for");
    let said = run("verify", &MATCH.path, &[]);
    assert!(said.code == Some(0) && said.out.contains("pass --key to verify it"), "{}", said.out);
}

#[test]
fn another_servers_key_does_not_verify_it() {
    let said = run("verify", &MATCH.path, &["--key", &"5a".repeat(32)]);
    assert_eq!(said.code, Some(1), "{}", said.out);
    assert!(said.err.contains("record 0 ") && said.err.ends_with("it is signed by another key\n"), "{}", said.err);
    let said = run("verify", &MATCH.path, &["--key", "5a"]);
    assert!(said.code == Some(1) && said.err.contains("neither a public key"), "{}", said.err);
}

#[test]
fn a_flipped_byte_is_found_and_its_record_named() {
    let key = MATCH.key.to_string();
    let length = fs::metadata(&MATCH.path).expect("the log is there").len() as usize;
    for at in [9, 60, length / 2, length - 1] {
        let (_folder, path) = changed(|bytes| bytes[at] ^= 0x10);
        let report = json(&run("verify", &path, &["--key", &key, "--json"]));
        assert_eq!(report["ok"], false, "byte {at}: {report}");
        assert!(report["first_bad_record"].is_u64(), "byte {at}: {report}");
        let said = run("verify", &path, &["--key", &key]);
        let named = format!("error: record {} at byte ", report["first_bad_record"]);
        assert!(said.code == Some(1) && said.err.starts_with(&named), "byte {at}: {}", said.err);
        assert_eq!(run("replay", &path, &[]).code, Some(1), "byte {at}: nor is it replayed to its end");
    }
}

#[test]
fn a_log_cut_short_is_not_whole() {
    let key = MATCH.key.to_string();
    let length = fs::metadata(&MATCH.path).expect("the log is there").len() as usize;
    for end in [length - 1, length / 2, 60, 20] {
        let (_folder, path) = changed(|bytes| bytes.truncate(end));
        let said = run("verify", &path, &["--key", &key]);
        assert_eq!(said.code, Some(1), "cut at byte {end}: {}", said.out);
        assert!(said.err.starts_with("error: ") && said.err.lines().count() == 1, "cut at byte {end}: {}", said.err);
    }
}

#[test]
fn what_is_no_log_is_refused_in_a_sentence() {
    let (_folder, path) = changed(|bytes| *bytes = b"Shall I compare thee to a summer's day?".to_vec());
    for command in ["verify", "replay"] {
        let said = run(command, &path, &[]);
        let sentence = format!("error: {} is not a match log\n", path.display());
        assert_eq!((said.code, said.err), (Some(1), sentence), "{command}");
        let said = run(command, Path::new("no/such/file.log"), &[]);
        assert!(said.code == Some(1) && said.err.starts_with("error: no/such/file.log: "), "{command}: {}", said.err);
    }
}
