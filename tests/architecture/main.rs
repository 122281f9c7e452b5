//! The invariants of the house, held against its own files.

mod order;
mod writers;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Crates whose code runs inside a shard.
const SHARD_CRATES: [&str; 13] = [
    "content",
    "locale",
    "script",
    "shard",
    "geometry",
    "space",
    "combat",
    "items",
    "npc",
    "brackets",
    "creatures",
    "arena",
    "zone",
];

/// What those must not name, and why.
const FORBIDDEN_IN_SHARDS: [(&str, &str); 12] = [
    ("f32", "floats differ between machines"),
    ("f64", "floats differ between machines"),
    ("Instant", "a shard has no clock but its tick"),
    ("SystemTime", "a shard has no clock but its tick"),
    ("HashMap", "its order is not the same twice"),
    ("HashSet", "its order is not the same twice"),
    ("thread_rng", "chance comes from Dice"),
    ("SmallRng", "chance comes from Dice"),
    ("UdpSocket", "a shard does no I/O"),
    ("TcpStream", "a shard does no I/O"),
    ("sleep", "nothing in a tick waits"),
    ("println", "a shard does no I/O"),
];

/// Files exempt from one of them, each with its reason.
const EXEMPT: [(&str, &str, &str); 2] = [
    ("shard/src/digest.rs", "f32", "it refuses to digest one"),
    ("shard/src/digest.rs", "f64", "it refuses to digest one"),
];

/// Dependencies that one crate alone may have.
const OWNERS: [(&str, &[&str]); 15] = [
    ("fluent-bundle", &["locale"]),
    ("rhai", &["script"]),
    ("renet", &["netcode"]),
    ("socket2", &["udp"]),
    ("rmp-serde", &["envelope"]),
    ("sqlx", &["persistence"]),
    ("axum", &["gateway", "play"]),
    ("tokio-rustls", &["gateway"]),
    ("rcgen", &["testkit"]),
    ("zstd", &["journal"]),
    ("ureq", &["client"]),
    ("bincode", &["protocol"]),
    ("argon2", &["accounts"]),
    ("jsonwebtoken", &["accounts"]),
    ("ron", &["content", "loadbots", "chat"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Which bands, and which single crates of others, a crate of a band may import. A crate's manifest names its band.
const BANDS: [(&str, &[&str]); 7] = [
    ("wire", &["wire"]),
    ("kernel", &["kernel", "wire"]),
    ("rules", &["rules", "kernel", "wire"]),
    ("host", &["host", "kernel", "wire"]),
    ("edge", &["host", "wire"]),
    ("sdk", &["sdk", "wire", "geometry"]),
    ("tool", &["tool", "sdk", "edge", "host", "rules", "kernel", "wire"]),
];

/// Imports that [`BANDS`] forbids: who imports what, and why it may. One that nobody needs any more fails.
const EXCEPTIONS: [(&str, &str, &str); 7] = [
    ("hosting", "crash", "crash points are named where a crash matters; releases have none"),
    ("journal", "crash", "crash points are named where a crash matters; releases have none"),
    ("loadbots", "link-conditioner", "their links are as bad as an operator wants"),
    ("matches", "crash", "crash points are named where a crash matters; releases have none"),
    ("persistence", "crash", "crash points are named where a crash matters; releases have none"),
    ("replication", "space", "it shows places and looks along sight lines"),
    ("sessions", "crash", "crash points are named where a crash matters; releases have none"),
];

struct Manifest {
    band: String,
    dependencies: Vec<String>,
}

/// Folders among the crates that are none.
const NO_CRATES: [&str; 1] = ["javascript"];

/// The folders of all crates but the root package, by the crates' names without prefix. A folder has `_` where its crate has `-`.
fn crates() -> BTreeMap<String, PathBuf> {
    let folders = |dir: PathBuf| fs::read_dir(dir).expect("a folder can be listed");
    let bands = folders(root().join("plugins")).map(|entry| entry.expect("a band's folder can be listed").path());
    let crates =
        bands.flat_map(|band| folders(band).map(|entry| entry.expect("a crate's folder can be listed").path()));
    let name = |path: &Path| path.file_name().expect("a folder has a name").to_string_lossy().replace('_', "-");
    crates.map(|path| (name(&path), path)).filter(|(name, _)| !NO_CRATES.contains(&name.as_str())).collect()
}

fn manifests() -> BTreeMap<String, Manifest> {
    let mut found = BTreeMap::new();
    for (name, path) in crates() {
        let text = fs::read_to_string(path.join("Cargo.toml")).expect("every crate has a manifest");
        let table: toml::Table = text.parse().expect("cargo reads it, so it is TOML");
        let band = table["package"]["metadata"]["hypogeum"]["band"].as_str().expect("a band is a word").to_owned();
        let dependencies = table.get("dependencies").and_then(toml::Value::as_table);
        let dependencies = dependencies.map(|table| table.keys().cloned().collect()).unwrap_or_default();
        let folder =
            path.parent().and_then(Path::file_name).expect("a crate lies in a band's folder").to_string_lossy();
        assert!(folder == band || folder == format!("{band}s"), "{name} of band {band} lies in plugins/{folder}");
        found.insert(name, Manifest { band, dependencies });
    }
    found
}

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a source folder can be listed") {
        let path = entry.expect("a source file can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// A crate's code without its tests, comments and the insides of strings: file, line number, text.
fn code(plugin: &str) -> Vec<(PathBuf, usize, String)> {
    code_in(&crates()[plugin].join("src"))
}

/// As [`code`], of the sources in a folder.
fn code_in(folder: &Path) -> Vec<(PathBuf, usize, String)> {
    let mut files = Vec::new();
    sources(folder, &mut files);
    files.sort();
    let texts: Vec<(PathBuf, String)> = files
        .into_iter()
        .map(|file| (file.clone(), fs::read_to_string(&file).expect("a source file can be read")))
        .collect();
    let tests: Vec<PathBuf> = texts.iter().flat_map(|(file, text)| files_of_tests(file, text)).collect();
    let mut lines = Vec::new();
    for (file, text) in texts.iter().filter(|(file, _)| !tests.iter().any(|test| file.starts_with(test))) {
        let text = without_tests(text);
        for (index, line) in text.lines().enumerate() {
            let line = line.split("//").next().unwrap_or_default();
            let outside: String = line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"");
            lines.push((file.clone(), index + 1, outside));
        }
    }
    lines
}

/// What stands before a module of tests written out in the file; `#[cfg(test)] mod trial;` only names another file.
fn without_tests(text: &str) -> &str {
    const MARK: &str = "#[cfg(test)]\nmod ";
    let written_out =
        |(at, _): &(usize, &str)| text[at + MARK.len()..].lines().next().is_some_and(|line| line.ends_with('{'));
    let end = text.match_indices(MARK).find(written_out).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// The files and folders of modules that only tests are built with.
fn files_of_tests(file: &Path, text: &str) -> Vec<PathBuf> {
    let is_root = ["lib", "main", "mod"].iter().any(|stem| file.file_stem().is_some_and(|name| name == *stem));
    let folder = if is_root { file.with_file_name("") } else { file.with_extension("") };
    let after_marks = text.split("#[cfg(test)]\n").skip(1);
    let named = after_marks.filter_map(|rest| {
        let line = rest.lines().next()?.trim_start_matches("pub(crate) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    });
    named.flat_map(|name| [folder.join(name), folder.join(format!("{name}.rs"))]).collect()
}

fn names(line: &str, word: &str) -> bool {
    line.split(|character: char| !character.is_alphanumeric() && character != '_').any(|token| token == word)
}

#[test]
fn a_crate_imports_only_what_its_band_may() {
    let manifests = manifests();
    let mut excused = Vec::new();
    for (name, manifest) in &manifests {
        let allowed = BANDS.iter().find(|(band, _)| *band == manifest.band).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("{name} is of an unknown band, {}", manifest.band));
        for dependency in manifest.dependencies.iter().filter_map(|name| name.strip_prefix("hypogeum-")) {
            let band = manifests[dependency].band.as_str();
            if allowed.contains(&band) || allowed.contains(&dependency) {
                continue;
            }
            let exception =
                EXCEPTIONS.iter().find(|(importer, imported, _)| (*importer, *imported) == (name, dependency));
            assert!(exception.is_some(), "{name} ({}) imports {dependency} ({band})", manifest.band);
            excused.extend(exception);
        }
        assert!(!manifest.dependencies.iter().any(|name| name == "hypogeum"), "{name} imports the root package");
    }
    for exception in &EXCEPTIONS {
        assert!(excused.contains(&exception), "nobody needs the exception for {exception:?} any more");
    }
}

#[test]
fn each_outside_library_has_one_door() {
    let manifests = manifests();
    for (library, owners) in OWNERS {
        for (name, manifest) in &manifests {
            let uses = manifest.dependencies.iter().any(|dependency| dependency == library);
            assert!(!uses || owners.contains(&name.as_str()), "{name} imports {library}, which belongs to {owners:?}");
        }
    }
}

/// What a host crate must not name outside of the one file that knows how messages become bytes: to read a client's, or to write to the
/// channel that carries them.
const ENCODING: (&str, [&str; 2]) = ("sessions/src/encoding.rs", ["decode_client", "ReliableOrdered"]);

#[test]
fn messages_become_bytes_in_one_place_of_the_host() {
    let (place, words) = ENCODING;
    let mut seen = 0;
    for (name, manifest) in manifests() {
        for (file, line_number, line) in code(&name).into_iter().filter(|_| manifest.band == "host") {
            let found = words.iter().find(|word| names(&line, word));
            seen += usize::from(found.is_some() && file.ends_with(place));
            assert!(found.is_none() || file.ends_with(place), "{}:{line_number} names {found:?}", file.display());
        }
    }
    assert!(seen >= words.len(), "{place} is where it is done");
}

#[test]
fn the_client_kit_carries_no_bevy() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "-p", "hypogeum-client", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo can be run");
    assert!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("hypogeum-geometry"), "the client predicts with the server's geometry");
    let bevy: Vec<&str> = text.lines().filter(|package| package.starts_with("bevy")).collect();
    assert!(bevy.is_empty(), "a game's client gets {bevy:?} with our client kit");
}

#[test]
fn bots_play_with_what_players_have() {
    let manifest = &manifests()["loadbots"];
    for dependency in manifest.dependencies.iter().filter(|name| name.starts_with("hypogeum-")) {
        assert!(
            [
                "hypogeum-client",
                "hypogeum-geometry",
                "hypogeum-link-conditioner",
                "hypogeum-metering",
                "hypogeum-protocol",
                "hypogeum-world-messages"
            ]
            .contains(&dependency.as_str()),
            "loadbots imports {dependency}: no bot may know more than a client, though its link may be bad"
        );
    }
}

#[test]
fn shards_know_neither_floats_nor_clocks_nor_the_outside() {
    for plugin in SHARD_CRATES {
        for (file, line, text) in code(plugin) {
            for (word, reason) in FORBIDDEN_IN_SHARDS {
                let exempt = EXEMPT.iter().any(|(path, what, _)| file.ends_with(path) && *what == word);
                assert!(
                    exempt || !names(&text, word),
                    "{}:{line} names `{word}`: {reason}",
                    file.strip_prefix(root()).unwrap_or(&file).display()
                );
            }
        }
    }
}

#[test]
fn every_state_is_registered_once() {
    let text_of = |plugin: &str| code(plugin).into_iter().map(|(_, _, line)| line + "\n").collect::<String>();
    for plugin in SHARD_CRATES {
        let text = text_of(plugin);
        // Geometry knows no shard of its own: `space` puts it into one.
        let registering = if plugin == "geometry" { text_of("space") } else { text.clone() };
        // States are declared one by one or in a table (`Health => "health",`).
        let mut states: Vec<&str> = Vec::new();
        for line in text.lines() {
            let trimmed = line.trim();
            if let Some(rest) =
                trimmed.strip_prefix("impl State for ").or(trimmed.strip_prefix("impl ResourceState for "))
            {
                states.extend(rest.split([' ', '{']).next().filter(|name| !name.starts_with('$')));
            }
            if trimmed.contains("=> \"\"") && !trimmed.contains('(') && !trimmed.contains("::") {
                states.extend(
                    trimmed
                        .split(',')
                        .filter_map(|part| part.split("=>").next()?.split_whitespace().last())
                        .filter(|name| name.chars().next().is_some_and(char::is_uppercase)),
                );
            }
        }
        for state in states {
            let ways = ["state", "resource_state", "rows_state"];
            let registrations: usize =
                ways.iter().map(|way| registering.matches(&format!("register_{way}::<{state}>")).count()).sum();
            assert_eq!(registrations, 1, "{plugin}: state {state} is registered {registrations} times");
        }
    }
}

#[test]
fn every_crash_point_stands_in_the_code() {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    for (_, folder) in crates().iter().filter(|(name, _)| *name != "crash") {
        sources(&folder.join("src"), &mut files);
    }
    let read = |file| fs::read_to_string(file).expect("a source file can be read");
    let code: String = files.into_iter().map(read).collect();
    for point in hypogeum_crash::CRASH_POINTS {
        assert!(code.contains(&format!("crash_point!(\"{point}\")")), "no code dies at {point}");
    }
}
