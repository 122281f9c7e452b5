//! What comes from outside: licences, sources and banned crates, as `deny.toml` states them.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

fn policy() -> toml::Table {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).expect("there is a deny.toml");
    text.parse().expect("deny.toml is TOML")
}

fn strings(value: &toml::Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|entry| entry.as_str().map(str::to_owned)).collect()
}

/// Names and versions of what cargo builds, tests included. Its metadata also lists packages that only a feature nobody
/// asked for would need.
fn built() -> BTreeSet<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--workspace", "--locked", "--edges", "all", "--prefix", "none"])
        .args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    let package = |line: &str| {
        let mut words = line.split(' ');
        Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
    };
    text.lines().filter_map(package).collect()
}

/// Every package of the lock file that can be part of a build, tests included.
fn packages() -> Vec<Value> {
    let built = built();
    assert!(built.contains(&("hypogeum".to_owned(), env!("CARGO_PKG_VERSION").to_owned())), "we are built ourselves");
    let is_built = |package: &Value| {
        let word = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
        built.contains(&(word("name"), word("version")))
    };
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let used: Vec<&str> =
        metadata["resolve"]["nodes"].as_array().into_iter().flatten().filter_map(|node| node["id"].as_str()).collect();
    let packages = metadata["packages"].as_array().cloned().unwrap_or_default();
    packages
        .into_iter()
        .filter(|package| package["id"].as_str().is_some_and(|id| used.contains(&id)) && is_built(package))
        .collect()
}

/// Whether an SPDX expression can be satisfied with the allowed licences: any side of an OR, both of an AND.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    if let Some((left, right)) = split_outside(&expression, "OR") {
        return satisfied(left, allowed) || satisfied(right, allowed);
    }
    if let Some((left, right)) = split_outside(&expression, "AND") {
        return satisfied(left, allowed) && satisfied(right, allowed);
    }
    let bare = expression.trim();
    match bare.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => satisfied(inner, allowed),
        // `X+` is X or a later one, so X will do.
        None => allowed.iter().any(|licence| licence == bare.trim_end_matches('+')),
    }
}

/// Both sides of the first such word that stands in no parentheses.
fn split_outside<'text>(expression: &'text str, word: &str) -> Option<(&'text str, &'text str)> {
    let (mut depth, mut at) = (0_usize, 0);
    for token in expression.split_inclusive(' ') {
        if depth == 0 && token.trim() == word {
            return Some((&expression[..at], &expression[at + token.len()..]));
        }
        depth = depth + token.matches('(').count() - token.matches(')').count();
        at += token.len();
    }
    None
}

#[test]
fn every_licence_is_one_we_accept() {
    let allowed = strings(&policy()["licenses"]["allow"]);
    for package in packages() {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or("none stated"));
        assert!(satisfied(licence, &allowed), "{name}: licence {licence} is not accepted");
    }
}

#[test]
fn nothing_banned_is_built() {
    let policy = policy();
    let banned: Vec<String> = policy["bans"]["deny"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| entry["crate"].as_str().map(str::to_owned))
        .collect();
    assert!(!banned.is_empty(), "deny.toml bans nothing: the test would say nothing");
    for package in packages() {
        let name = package["name"].as_str().unwrap_or_default();
        assert!(!banned.iter().any(|banned| banned == name), "{name} is banned, see deny.toml for the reason");
    }
}

#[test]
fn everything_comes_from_the_registry() {
    for package in packages() {
        let source = package["source"].as_str().unwrap_or("here");
        assert!(
            source == "here" || source.starts_with("registry+"),
            "{} comes from {source}: only registry crates and our own are built",
            package["name"]
        );
    }
}

#[test]
fn licence_expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for good in [
        "MIT",
        "MIT OR GPL-3.0",
        "MIT AND ISC",
        "ISC AND (GPL-3.0 OR MIT)",
        "MIT/GPL-3.0",
        "(MIT OR X) AND ISC",
        "MIT+",
    ] {
        assert!(satisfied(good, &allowed), "{good} can be satisfied");
    }
    for bad in ["GPL-3.0", "MIT AND GPL-3.0", "GPL-3.0 AND (MIT OR ISC)", "(MIT OR X) AND Y"] {
        assert!(!satisfied(bad, &allowed), "{bad} cannot be satisfied");
    }
}

#[test]
fn the_texts_of_the_licences_that_the_manifest_names_are_here() {
    for file in ["LICENSE-MIT", "LICENSE-APACHE", "SECURITY.md"] {
        let text = std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(file));
        assert!(text.is_ok_and(|text| text.len() > 500), "{file} has to stand in the root");
    }
    assert_eq!(env!("CARGO_PKG_LICENSE"), "MIT OR Apache-2.0", "another licence needs another text");
}
