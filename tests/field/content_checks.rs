//! What `hypogeum check` says of content, and that a server does not start with what nobody could play.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use hypogeum_testkit::copy_folder;
use serde_json::Value;
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");

/// The project's assets, to be changed.
struct Assets(TempDir);

impl Assets {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a directory for the test");
        copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), dir.path());
        Self(dir)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.0.path().join(file)
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(file)).expect("the file ships");
        assert!(text.contains(from), "{file} has {from:?}");
        fs::write(self.path(file), text.replacen(from, to, 1)).expect("the copy can be written");
    }

    fn check(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let dir = self.0.path().to_str().expect("a path in UTF-8");
        said(
            &Command::new(BINARY)
                .arg("check")
                .arg(dir)
                .args(arguments)
                .current_dir(self.0.path())
                .output()
                .expect("runs"),
        )
    }
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn without_a_mode_there_is_nothing_to_serve() {
    let assets = Assets::new();
    // Achievements name modes.
    for folder in ["achievements", "modes"] {
        fs::remove_dir_all(assets.path(folder)).expect("the folder goes");
        fs::create_dir(assets.path(folder)).expect("an empty one comes");
    }
    let (code, found, count) = assets.check(&[]);
    assert_eq!(code, Some(1), "that is an error: {found}");
    assert!(found.contains("modes:1:1: nothing to play, found no mode, expected one at least"), "it is said: {found}");
    assert_eq!(count.trim(), "1 error", "and counted");
    let serve = Command::new(BINARY)
        .arg("serve")
        .env("HYPOGEUM_SERVER__ASSETS_DIR", assets.0.path())
        .env("HYPOGEUM_SERVER__DATA_DIR", assets.path("data"))
        .current_dir(assets.0.path())
        .output()
        .expect("the server runs");
    let (code, _, error) = said(&serve);
    assert_eq!(code, Some(1), "no server starts with it: {error}");
    assert!(error.contains("nothing to play") && error.contains("has 1 error"), "for the same reason: {error}");
    assert!(!assets.path("data").exists(), "and nothing was made");
}

#[test]
fn warnings_end_with_0_unless_they_are_denied() {
    let assets = Assets::new();
    let (code, found, count) = assets.check(&["--deny-warnings"]);
    assert_eq!((code, count.as_str()), (Some(0), ""), "what ships has none: {found}");
    fs::write(assets.path("items/Thumbs.db"), "").expect("Windows leaves that behind");
    assets.change("bots/hunter.ron", "\"medkit\"", "\"medkitt\"");
    let (code, found, count) = assets.check(&[]);
    assert_eq!((code, count.trim()), (Some(0), "2 warnings"), "it is good all the same: {found}");
    assert!(found.contains("items/Thumbs.db:1:1: warning: passed over"), "what is passed over is reported: {found}");
    assert!(found.contains("warning: unknown item, found \"medkitt\""), "and what bots know and nobody else: {found}");
    assert_eq!(assets.check(&["--deny-warnings"]).0, Some(1), "unless nobody wants any");
}

#[test]
fn findings_are_json_or_annotations_where_asked() {
    let assets = Assets::new();
    assets.change("modes/blitz.ron", "map: \"barrows\"", "map: \"barows\"");
    assets.change("bots/hunter.ron", "aim_error", "aim_eror");
    let (code, found, count) = assets.check(&["--json"]);
    assert_eq!((code, count.trim()), (Some(1), "2 errors"), "both are errors: {found}");
    let found: Value = serde_json::from_str(&found).expect("one JSON array and nothing else");
    let first = &found[0];
    assert!(first["file"].as_str().is_some_and(|file| file.ends_with("modes/blitz.ron")), "the file: {first}");
    assert_eq!((&first["line"], &first["column"]), (&4.into(), &10.into()), "the place: {first}");
    assert_eq!(first["severity"], "error", "how bad it is: {first}");
    assert_eq!(first["found"], "\"barows\"", "what stands there: {first}");
    assert_eq!(first["hint"], "did you mean \"barrows\"?", "what was probably meant: {first}");
    assert_eq!(found[1]["hint"], "did you mean `aim_error`?", "bots' files are reported as all others: {found}");
    let (_, lines, _) = assets.check(&["--format", "github"]);
    let line = lines.lines().next().expect("an annotation");
    assert!(line.starts_with("::error file=") && line.contains("modes/blitz.ron,line=4,col=10::"), "{line}");
}

#[test]
fn without_a_configuration_the_defaults_are_good() {
    let assets = Assets::new();
    let (code, found, error) = assets.check(&[]);
    assert_eq!(code, Some(0), "there is no config/server.toml here: {found}{error}");
    let (code, _, error) = assets.check(&["--config", "nowhere.toml"]);
    assert_eq!(code, Some(1), "one that is named must be there: {error}");
}
