//! Content on a disk: what lies there that should not.

use std::fs;
use std::path::Path;

use hypogeum_content::{Content, limits};
use tempfile::TempDir;

const TABLE: &[u8] = b"(rolls: 0)";

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let dir = TempDir::new().expect("a temporary folder");
    for (path, bytes) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().expect("a file has a folder")).expect("the folder is made");
        fs::write(path, bytes).expect("the file is written");
    }
    dir
}

/// The mistakes of a folder, one a line, without the folder's own path.
fn mistakes(dir: &Path) -> String {
    match Content::load(dir) {
        Ok(_) => "none".into(),
        Err(errors) => {
            let prefix = format!("{}/", dir.display());
            let shown = |error: &hypogeum_content::ContentError| error.to_string().replacen(&prefix, "", 1);
            errors.iter().map(shown).collect::<Vec<_>>().join("\n")
        }
    }
}

#[track_caller]
fn check(files: &[(&str, &[u8])], expect: &str) {
    assert_eq!(mistakes(folder(files).path()), expect, "of {:?}", files.iter().map(|file| file.0).collect::<Vec<_>>());
}

#[test]
fn what_belongs_to_others_is_passed_over() {
    let files: &[(&str, &[u8])] = &[
        ("README.md", b"words"),
        (".hidden", b""),
        ("loot/notes.md", b"words"),
        ("loot/.swap.ron", b"???"),
        ("loot/chest.ron", TABLE),
        ("bots/any.thing", b"\xff"),
        ("locales/en.ftl", b""),
        ("locales/deep/er.ron", b""),
        ("creatures/x", b""),
    ];
    check(files, "none");
}

#[test]
fn a_folder_or_file_that_hides_a_typo() {
    check(
        &[("loots/chest.ron", TABLE)],
        "loots/:1:1: unknown folder, found \"loots\", expected one of abilities, achievements, archetypes, battles, behaviours, cosmetics, creatures, daily, effects, hazards, items, ladders, leaderboards, loot, maps, modes, npcs, opponents, scripts, tournaments, zones (did you mean \"loot\"?)",
    );
    check(
        &[("loot/chest.rom", TABLE)],
        "loot/chest.rom:1:1: unknown kind of file, found \"chest.rom\", expected a name ending in .ron or .md",
    );
    check(
        &[("loot/Chest.ron", TABLE)],
        "loot/Chest.ron:1:1: file name is not a key, found \"Chest\", expected 1 to 64 of a-z, 0-9 and _",
    );
    check(&[("loot/deep/chest.ron", TABLE)], "loot/deep:1:1: folder in a folder, found a folder, expected a file");
    check(
        &[("chest.ron", TABLE)],
        "chest.ron:1:1: unknown folder, found a file beside them, expected one of abilities, achievements, archetypes, battles, behaviours, cosmetics, creatures, daily, effects, hazards, items, ladders, leaderboards, loot, maps, modes, npcs, opponents, scripts, tournaments, zones",
    );
}

#[test]
fn what_editors_and_systems_leave_behind_is_passed_over_with_a_warning() {
    let files: &[(&str, &[u8])] = &[
        ("Thumbs.db", b""),
        ("loot/Thumbs.db", b"\xff"),
        ("loot/chest.ron", TABLE),
        ("loot/chest.ron~", b"(rolls: 1"),
        ("loot/chest.ron.orig", b""),
    ];
    check(files, "none");
    let dir = folder(files);
    let report = Content::check(dir.path());
    assert!(report.content.is_some(), "there is a content: {:?}", report.errors);
    let prefix = format!("{}/", dir.path().display());
    let warnings: Vec<String> =
        report.warnings.iter().map(|warning| warning.to_string().replacen(&prefix, "", 1)).collect();
    let expected = [
        "Thumbs.db:1:1: warning: passed over, found \"Thumbs.db\", expected folders of definitions",
        "loot/Thumbs.db:1:1: warning: passed over, found \"Thumbs.db\", expected a name ending in .ron or .md",
        "loot/chest.ron.orig:1:1: warning: passed over, found \"chest.ron.orig\", expected a name ending in .ron or .md",
        "loot/chest.ron~:1:1: warning: passed over, found \"chest.ron~\", expected a name ending in .ron or .md",
    ];
    assert_eq!(warnings, expected, "each is told");
}

#[test]
fn bytes_that_are_no_text() {
    check(
        &[("loot/chest.ron", b"(\n  \xc3\xa4\xff rolls: 0)")],
        "loot/chest.ron:2:4: unreadable text, found bytes that are no text, expected UTF-8",
    );
}

#[test]
fn a_file_larger_than_any_honest_one() {
    let large = [TABLE, &vec![b' '; limits::FILE_BYTES_MAX]].concat();
    check(
        &[("loot/chest.ron", &large)],
        "loot/chest.ron:1:1: file too large, found more, expected at most 262144 bytes",
    );
}

#[test]
fn more_files_than_anyone_writes() {
    let names: Vec<String> = (0..=limits::FILES_MAX).map(|number| format!("loot/table_{number:04}.ron")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), TABLE)).collect();
    check(&files, "loot/table_1024.ron:1:1: too many files, found one more, expected at most 1024");
}

#[test]
fn a_folder_that_is_not_there() {
    let dir = folder(&[]);
    let errors = Content::load(&dir.path().join("nowhere")).expect_err("there is nothing to load");
    assert_eq!(errors.len(), 1, "one mistake");
    assert_eq!(errors[0].what, "unreadable folder", "which says what is missing");
    assert!(errors[0].file.contains("nowhere"), "and where");
}

#[cfg(unix)]
#[test]
fn links_in_a_ring() {
    let dir = folder(&[("loot/chest.ron", TABLE)]);
    let root = dir.path();
    std::os::unix::fs::symlink(root, root.join("loot/up")).expect("a link to the folder above");
    std::os::unix::fs::symlink(root.join("loot/self.ron"), root.join("loot/self.ron")).expect("a link to itself");
    let mistakes = mistakes(root);
    let lines: Vec<&str> = mistakes.lines().collect();
    assert_eq!(lines.len(), 2, "each link is one mistake: {mistakes}");
    assert!(lines[0].starts_with("loot/self.ron:1:1: unreadable file"), "a link to itself has no bytes");
    assert!(lines[1].starts_with("loot/up:1:1: folder in a folder"), "a link upwards is a folder in a folder");
}

#[test]
fn a_studios_own_definitions_are_read_by_its_game_alone() {
    let dir =
        folder(&[("own/tower.ron", "\u{feff}(goal: 7) // stones".as_bytes()), ("own/README.md", b"what it means")]);
    let content = Content::load(dir.path()).expect("nothing is wrong that can be seen without the game");
    #[derive(serde::Deserialize)]
    struct Tower {
        goal: u32,
    }
    let text = content.own_text::<Tower>("tower").expect("it is a tower");
    assert_eq!(Content::read_own::<Tower>("tower", &text).map(|tower| tower.goal), Ok(7), "as it was written");
    let refused = content.own_text::<[u8; 2]>("tower").expect_err("it is no pair");
    assert!(refused.to_string().starts_with("own/tower.ron: 1:"), "it says where: {refused}");
    let missing = content.own_text::<Tower>("bridge").expect_err("there is none");
    assert_eq!(missing.to_string(), "own/bridge.ron: there is no such file");
}

#[test]
fn own_definitions_have_keys_and_bounds_as_all_have() {
    let large = vec![b' '; limits::FILE_BYTES_MAX + 1];
    let found = mistakes(folder(&[("own/A Tower.ron", b"()"), ("own/large.ron", &large)]).path());
    assert!(found.contains("own/A Tower.ron:1:1: file name is not a key"), "{found}");
    assert!(found.contains("own/large.ron:1:1: file too large"), "{found}");
}
