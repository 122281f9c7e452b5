//! A log replayed on other content: it goes the same way where nothing that matters differs, and where it does is named.

use std::fs;
use std::path::Path;

use hypogeum_content::Content;
use hypogeum_journal::Replay;

use crate::recording::{KINDS, Plan, record};

/// The shipped content after a designer was at it.
fn edited(edit: impl Fn(&str, String) -> String, more: Option<(&str, &str)>) -> Content {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let assets = here.ancestors().map(|folder| folder.join("assets")).find(|assets| assets.is_dir());
    let assets = assets.expect("the assets ship");
    let mut files = Vec::new();
    for folder in ["abilities", "behaviours", "effects", "hazards", "items", "loot", "maps", "modes", "npcs"] {
        for entry in fs::read_dir(assets.join(folder)).expect("the folder ships") {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let path_within = format!("{folder}/{name}");
            let text = edit(&path_within, fs::read_to_string(&path).expect("it is text"));
            files.push((path_within, text));
        }
    }
    if let Some((new, like)) = more {
        let text = files.iter().find(|file| file.0 == like).expect("there is one like it").1.clone();
        files.push((new.to_owned(), text));
    }
    Content::from_files(files).unwrap_or_else(|mistakes| panic!("the edited content is sound: {mistakes:?}"))
}

#[test]
fn what_no_match_meets_changes_nothing() {
    let recording = record(Plan { seed: 3, ..Plan::default() });
    // Every number of what comes behind it in its folder is another one in this content.
    let other =
        edited(|_, text| format!("// A remark.\r\n{text}"), Some(("items/aardvark.ron", "items/wolf_pelt.ron")));
    let mut replay = Replay::open_on(&KINDS, &recording.path, &other).expect("the mode is there");
    let replayed = replay.run(None, |_| {}).expect("the log is whole");
    assert_eq!(replayed.divergence, None, "an item nobody can find makes no difference");
    assert_eq!(replayed.settlement_agrees, Some(true), "and all are worth the same");
}

#[test]
fn where_it_goes_another_way_is_named() {
    let recording = record(Plan { seed: 3, stop_after: Some(260), ..Plan::default() });
    let slower = |path: &str, text: String| match path {
        "npcs/rat.ron" => text.replace("speed_cm_per_s: ", "speed_cm_per_s: 1"),
        _ => text,
    };
    let other = edited(slower, None);
    let mut replay = Replay::open_on(&KINDS, &recording.path, &other).expect("the mode is there");
    let replayed = replay.run(None, |_| {}).expect("the log is whole");
    let divergence = replayed.divergence.as_ref().expect("rats run faster");
    assert!(divergence.snapshot_tick.is_some(), "there is a snapshot to compare with: {divergence:?}");
    assert!(!divergence.differences.is_empty(), "and in what they differ is named: {divergence:?}");
}

#[test]
fn a_mode_that_is_gone_is_said_to_be() {
    let recording = record(Plan { seed: 3, stop_after: Some(2), ..Plan::default() });
    let refused =
        Replay::open_on(&KINDS, &recording.path, &Content::default()).expect_err("there is nothing to play on");
    assert_eq!(refused.to_string(), "the content has no mode \"blitz\"");
}
