//! The dungeon that ships: two trade, open a locked door by its lever, and beat the Warden, at which one of them dies.

use std::path::Path;

use crate::person::{Person, open, says, until, walks};
use crate::{look_into_the_books, replays};

/// The shipped content, but newcomers begin in the crypt.
fn beginning_in_the_crypt(assets: &Path) {
    hypogeum_testkit::copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), assets);
    let crypt = assets.join("zones/sunken_crypt.ron");
    let text = std::fs::read_to_string(&crypt).expect("it ships");
    assert!(text.contains("level: (5, 10),"), "the crypt is not where one begins");
    std::fs::write(&crypt, text.replace("level: (5, 10),", "level: (1, 1),")).expect("it can be written");
}

#[test]
fn two_trade_open_the_grate_and_beat_the_warden() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let (data, assets) = (folder.path().join("data"), folder.path().join("assets"));
    std::fs::create_dir(&data).expect("a directory can be made");
    beginning_in_the_crypt(&assets);
    let assets = assets.to_str().expect("a path in UTF-8");
    // The first account is Ada's. Newcomers could not do it alone.
    let settings = [("HYPOGEUM_SERVER__ASSETS_DIR", assets), ("HYPOGEUM_WORLD__GAME_MASTERS", "[1]")];
    let server = open(&data, &settings);
    let (mut ada, mut grace) = (Person::come(&server.url, "Ada"), Person::come(&server.url, "Grace"));
    ada.enter();
    grace.enter();
    let both = &mut [&mut ada, &mut grace];
    assert_eq!(both[0].room, "stair", "at the shrine of the crypt");

    says(both, 0, "group grace", "You ask Grace into your group.");
    says(both, 1, "join", "Grace joins the group.");
    says(both, 1, "party is this thing on?", "is this thing on?");
    until(both, "her words", |people| people[0].was_told("is this thing on?"));
    says(both, 0, "trade grace", "You ask Grace to trade.");
    says(both, 1, "trade ada", "You trade with Ada.");
    says(both, 0, "offer bandage", "You offer a");
    says(both, 0, "accept", "Ada agrees to the trade.");
    says(both, 1, "accept", "The trade is done.");

    // The grate is locked until somebody finds the lever.
    walks(both, 0, "north", "guardroom");
    says(both, 0, "north", "A rusty grate is locked.");
    says(both, 0, "pull lever", "the grate goes up.");

    // Who is no game master is refused, and whoever is says why.
    both[1].types("@teleport ada last_hall -- to see whether I may");
    says(both, 0, "@teleport grace last_hall -- to meet the Warden", "Done: grace is in last_hall.");
    says(both, 0, "@goto grace -- to meet the Warden", "Done: you are with grace.");
    assert_eq!(both[0].room, "last_hall", "she was nowhere else before");

    until(both, "a death", |people| people[1].was_told("You are dead."));
    until(both, "the shrine", |people| people[1].room == "stair");
    let mut is_dead = false;
    for _ in 0..200 {
        // Whoever died with her woke at the shrine, too.
        if both[0].room != "last_hall" {
            both[0].types("@teleport ada last_hall -- to meet the Warden again");
        }
        both[0].types("@restore ada -- the Warden is not for newcomers");
        both[0].types("kill warden");
        for _ in 0..15 {
            Person::frame_of(both);
            is_dead |= both[0].was_told("The warden of the crypt is dead.");
        }
        if is_dead {
            break;
        }
    }
    assert!(is_dead, "he can be beaten: {:?}", both[0].words);
    until(both, "experience", |people| people[0].stats.xp >= 200);
    says(both, 0, "inventory", "You carry: ");
    let (carried, xp) = (both[0].words.last().cloned().expect("just told"), both[0].stats.xp);

    let _ = server.kill();
    look_into_the_books(&data);
    let server = open(&data, &settings);
    for person in both.iter_mut() {
        person.words.clear();
        person.room.clear();
        person.player.reconnect(&server.url).expect("the server is back");
    }
    until(both, "the world again", |people| people.iter().all(|person| !person.room.is_empty()));
    says(both, 0, "inventory", &carried);
    says(both, 0, "stats", &format!("experience {xp} of"));
    let ended = server.terminate();
    assert_eq!(ended.status.code(), Some(0), "the server ends in order: {}", ended.log);
    look_into_the_books(&data);
    replays(&data);
}
