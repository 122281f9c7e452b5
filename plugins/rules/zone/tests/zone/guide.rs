//! The script of the guide and the one that ships are played.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_shard::ShardConfig;
use hypogeum_zone::ScriptRecord;

use crate::yard::{TestZone, config};

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets")
}

fn shipped() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for folder in fs::read_dir(assets()).expect("the assets are there") {
        let folder = folder.expect("it can be listed").path();
        let name = folder.file_name().expect("it has a name").to_string_lossy().into_owned();
        if !folder.is_dir() || name == "bots" {
            continue;
        }
        for file in fs::read_dir(&folder).expect("it is a folder") {
            let file = file.expect("it can be listed").path();
            let text = fs::read_to_string(&file).expect("it is text");
            files.push((format!("{name}/{}", file.file_name().expect("it has a name").to_string_lossy()), text));
        }
    }
    files
}

/// The examples of the guide, each with the path that stands before it.
fn examples() -> Vec<(String, String)> {
    let guide = fs::read_to_string(assets().join("README.md")).expect("the guide is text");
    let (mut paths, mut examples) = (Vec::new(), Vec::new());
    for (index, part) in guide.split("```").enumerate() {
        if index % 2 == 0 {
            let quoted = part.split('`').skip(1).step_by(2);
            let is_path = |word: &&str| word.contains('/') && (word.ends_with(".ron") || word.ends_with(".rhai"));
            paths.extend(quoted.filter(is_path).filter(|word| !word.contains(['<', '*'])));
        } else if !part.starts_with("ftl\n") {
            let (_, example) = part.split_once('\n').expect("a fence says what is in it");
            examples.push((paths[examples.len()].to_owned(), example.to_owned()));
        }
    }
    examples
}

fn zone(key: &str, files: Vec<(String, String)>) -> TestZone {
    let content = Content::from_files(files).unwrap_or_else(|errors| panic!("they are sound: {errors:#?}"));
    TestZone::called(key, ShardConfig { content: Arc::new(content), ..config() })
}

#[test]
fn the_script_of_the_guide_does_what_it_says() {
    let mut test = zone("icefall", shipped().into_iter().chain(examples()).collect());
    let ada = test.newcomer(0, "Ada");
    test.types(0, "yell");
    assert!(test.was_told(ada, "\"yell\" means nothing here."), "not in the hut: {:?}", test.words(ada));
    test.types(0, "open door");
    test.types(0, "east");
    test.until("she is in the moraine", |test| test.was_told(ada, "The Moraine"));
    let npcs = test.npcs();
    for _ in 0..3 {
        test.types(0, "yell at it");
    }
    assert!(test.was_told(ada, "Ada shouts, and the ice answers."), "{:?}", test.words(ada));
    assert!(test.was_told(ada, "Something up there has lost its hold."), "the third one: {:?}", test.words(ada));
    assert!(test.npcs() > npcs, "climbers come down");
    test.until("it ends", |test| test.was_told(ada, "The last of it slides to a stop."));
    test.types(0, "pull windlass");
    assert!(test.was_told(ada, "comes down.") && !test.was_told(ada, "Danger"), "the ice: {:?}", test.words(ada));
    test.types(0, "pull windlass");
    assert!(test.was_told(ada, "Danger: falling ice!"), "more of it: {:?}", test.words(ada));
    assert_eq!(test.shard.world().resource::<ScriptRecord>().errors_count, 0, "all of that works");
}

#[test]
fn the_ring_in_the_cell_lets_gas_in_and_the_door_is_no_lock() {
    let mut test = zone("sunken_crypt", shipped());
    let ada = test.in_room(0, "Ada", "cell");
    test.types(0, "look");
    assert!(test.was_told(ada, "From the far wall hangs an iron ring"), "it is there to be seen");
    test.types(0, "pull ring");
    for words in ["something begins to hiss in the wall.", "Danger: gas cloud!"] {
        assert!(test.was_told(ada, words), "{words}: {:?}", test.words(ada));
    }
    test.until("the gas", |test| test.was_told(ada, "You are hurt for 7."));
    test.types(0, "open door");
    test.types(0, "east");
    test.until("the guardroom", |test| test.was_told(ada, "The Guardroom"));
    test.told.clear();
    test.steps(100);
    assert!(!test.was_told(ada, "You are hurt for 7."), "it stays in the cell: {:?}", test.words(ada));
}

#[test]
fn the_stone_lords_ask_and_are_answered() {
    let mut test = zone("sunken_crypt", shipped());
    let ada = test.in_room(0, "Ada", "crypt");
    test.types(0, "answer nothing");
    assert!(test.was_told(ada, "Nobody has asked you anything."), "{:?}", test.words(ada));
    test.types(0, "ask him");
    assert!(
        test.was_told(ada, "turns his face from the wall") && test.was_told(ada, "He says, "),
        "{:?}",
        test.words(ada)
    );
    test.types(0, "answer a fish");
    assert!(test.was_told(ada, "\"No, Ada,\" says the lord"), "{:?}", test.words(ada));
    // One of these is right, whichever of the riddles it is.
    for answer in ["the silence", "footprints", "a sheath"] {
        if !test.was_told(ada, "says the lord, and opens his hand") && !test.was_told(ada, "have not come to talk") {
            test.types(0, &format!("answer {answer}"));
        }
    }
    let is_right = test.was_told(ada, "\"So it is, Ada,\" says the lord, and opens his hand.");
    let is_wrong = test.was_told(ada, "You have not come to talk");
    assert!(is_right ^ is_wrong, "one of both: {:?}", test.words(ada));
    assert_eq!(test.shard.world().resource::<ScriptRecord>().errors_count, 0, "all of that works");
}
