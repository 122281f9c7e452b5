//! `hypogeum simulate` and `hypogeum map`, as a designer uses them.

use std::path::Path;
use std::process::{Command, Output};

use hypogeum_testkit::copy_folder;
use serde_json::Value;

fn hypogeum(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hypogeum"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the binary can be run")
}

fn good(arguments: &[&str]) -> Vec<u8> {
    let output = hypogeum(arguments);
    assert!(output.status.success(), "{arguments:?} fails: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_slice(&good(arguments)).expect("one JSON object on standard output, and nothing else")
}

/// The mean of a measure.
fn mean(report: &Value, name: &str) -> f64 {
    let measures = report["measures"].as_array().expect("there are measures");
    let row = measures.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name} is measured: {report}"));
    row["mean"].as_f64().expect("a mean is a number")
}

#[test]
fn every_shipped_mode_is_simulated() {
    // The long game is played once: it takes longer than all the others.
    let short = [("skirmish", "2"), ("blitz", "2"), ("trio", "1"), ("squads", "1"), ("extraction", "1")];
    for (mode, matches) in short {
        let output = json(&["simulate", mode, "--matches", matches, "--json"]);
        let report = &output["modes"][0];
        assert_eq!(report["mode"], mode, "it is told which mode");
        assert_eq!(report["matches"].to_string(), matches, "{mode}: all were played");
        let shares = mean(report, "extracted") + mean(report, "died") + mean(report, "timed out");
        assert!((shares - 100.0).abs() < 1e-6, "{mode}: everybody has an outcome: {shares}");
        assert!(mean(report, "damage by players") > 0.0, "{mode}: somebody fights");
    }
    let modes = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/modes")).expect("modes ship");
    // Throng lasts 45 minutes among thousands: too long for a test.
    assert_eq!(modes.count(), short.len() + 1, "no mode was forgotten here");
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let run = |jobs, seed| good(&["simulate", "skirmish", "--matches", "6", "--jobs", jobs, "--seed", seed, "--json"]);
    let one = run("1", "1");
    assert_eq!(one, run("2", "1"), "one thread or two: the same bytes");
    let hash = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).expect("JSON")["modes"][0]["state_hash"].clone();
    assert_ne!(hash(&one), hash(&run("2", "77")), "other seeds are other matches");
}

/// The fields of the first object of a list, in the order of their names.
fn fields(value: &Value) -> Vec<&str> {
    let object = value.as_array().map_or(value, |list| list.first().expect("there is one"));
    let mut fields: Vec<&str> = object.as_object().expect("an object").keys().map(String::as_str).collect();
    fields.sort_unstable();
    fields
}

/// The fields of an object of JSON, in the order of their names, as `assets/README.md` lists them: a row `| what | its fields |`.
fn listed(guide: &str, what: &str) -> Vec<String> {
    let begins = format!("| {what} | ");
    let row = guide.lines().find_map(|line| line.strip_prefix(&begins));
    let row = row.unwrap_or_else(|| panic!("the guide lists the fields of {what}"));
    let mut fields: Vec<String> = row.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    fields.sort_unstable();
    fields
}

#[test]
fn what_programs_read_is_what_the_guide_lists() {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/README.md");
    let guide = std::fs::read_to_string(guide).expect("it ships");
    let output = json(&["simulate", "blitz", "--matches", "2", "--compare", "assets", "--json"]);
    let (report, comparison) = (&output["modes"][0], &output["comparisons"][0]);
    let rows = ["measures", "deeds", "deaths", "loot", "npcs", "weapons", "exits"].map(|name| (name, &report[name]));
    let whole = [("all of simulate", &output), ("a mode", report), ("a comparison", comparison)];
    for (what, value) in whole.into_iter().chain(rows).chain([("changes", &comparison["changes"])]) {
        assert_eq!(fields(value), listed(&guide, what), "{what}");
    }
    let map = json(&["map", "blitz", "--json"]);
    assert_eq!(fields(&map), listed(&guide, "all of map"), "a map");
    let marks = map["marks"].as_array().expect("marks are a list");
    let named = marks.iter().find(|mark| mark.get("label").is_some()).expect("some are named");
    assert_eq!(fields(named), listed(&guide, "marks"), "marks");
}

#[test]
fn numbers_that_mean_nothing_are_refused() {
    for arguments in [
        ["simulate", "skirmish", "--matches", "0"],
        ["simulate", "skirmish", "--matches", "100001"],
        ["simulate", "skirmish", "--players", "0"],
        ["simulate", "skirmish", "--jobs", "0"],
    ] {
        assert_eq!(hypogeum(&arguments).status.code(), Some(2), "{arguments:?}: it is said how it is used");
    }
    let away = hypogeum(&["simulate", "skirmish", "--matches", "1", "--compare", "no/such/folder", "--json"]);
    assert_eq!(away.status.code(), Some(1), "another folder must be there");
    let error: Value = serde_json::from_slice(&away.stdout).expect("one JSON object");
    assert!(error["error"].as_str().is_some_and(|error| error.contains("no/such/folder")), "it is named: {error}");
}

#[test]
fn the_shipped_skirmish_plays() {
    let output = json(&["simulate", "skirmish", "--matches", "40", "--json"]);
    let report = &output["modes"][0];
    assert_eq!(report["findings"], Value::Array(Vec::new()), "nothing is found: {report}");
    assert!(mean(report, "duration") > 15.0, "nobody walks out at once: {report}");
}

#[test]
fn a_mode_nobody_gets_out_of_is_found_and_a_comparison_shows_it() {
    let data = tempfile::tempdir().expect("a directory");
    let assets = data.path().join("assets");
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), &assets);
    let mode = assets.join("modes/skirmish.ron");
    let text = std::fs::read_to_string(&mode).expect("the mode ships");
    let shut = text.replacen("channel_ms: 1500", "channel_ms: 11900", 1);
    assert_ne!(shut, text, "the mode has changed");
    std::fs::write(&mode, shut).expect("a copy");
    let assets = assets.to_str().expect("a path in UTF-8");
    let strict = hypogeum(&["simulate", "skirmish", "--matches", "8", "--assets", assets, "--strict", "--json"]);
    assert_eq!(strict.status.code(), Some(1), "--strict tells by the exit code");
    assert!(String::from_utf8_lossy(&strict.stdout).contains("\"too_hard\""), "hardly anybody gets out");
    let output = json(&["simulate", "skirmish", "--matches", "12", "--compare", assets, "--json"]);
    let changes = output["comparisons"][0]["changes"].as_array().expect("changes are a list");
    let extracted = changes.iter().find(|change| change["name"] == "extracted").expect("it is compared");
    assert_eq!(extracted["is_notable"], true, "fewer get out: {extracted}");
}

#[test]
fn what_is_mistyped_is_said_with_what_was_meant() {
    for (arguments, meant) in [
        (["simulate", "skirmsh"], "(did you mean \"skirmish\"?)"),
        (["map", "lanternfot"], "(did you mean \"lanternfoot\"?)"),
        (["simulate", "lanternfoot"], "\"lanternfoot\" is a zone"),
    ] {
        let output = hypogeum(&arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
        assert!(error.contains(meant), "{arguments:?}: {error}");
    }
}

#[test]
fn a_map_is_the_same_for_the_same_seed_and_well_formed() {
    for key in ["blitz", "skirmish", "extraction", "throng", "lanternfoot", "sunken_crypt", "wolfwood"] {
        let draw = |seed| String::from_utf8(good(&["map", key, "--seed", seed, "--svg", "-"])).expect("UTF-8");
        let map = draw("7");
        assert_eq!(map, draw("7"), "{key}: the same bytes");
        assert!(map.starts_with("<svg ") && map.ends_with("</svg>\n"), "{key}: a whole page");
        let elements = ["title", "text"];
        for element in elements {
            let (opened, closed) =
                (map.matches(&format!("<{element}")).count(), map.matches(&format!("</{element}>")).count());
            assert_eq!(opened, closed, "{key}: each {element} is closed");
        }
        assert!(!map.contains(" & "), "{key}: what XML means otherwise is escaped");
    }
    let blitz = |seed| good(&["map", "blitz", "--seed", seed, "--json"]);
    assert_ne!(blitz("7"), blitz("8"), "another seed is another map");
    let text = String::from_utf8(good(&["map", "blitz"])).expect("UTF-8");
    assert!(!text.contains('\u{1b}'), "no colour where no terminal is");
    assert!(text.contains("vault") && text.contains("exit 5") && text.contains("storm"), "all is named: {text}");
}
