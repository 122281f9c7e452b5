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

/// Types lines again and again until something holds. Returns whether it did in the end.
fn fights(
    people: &mut [&mut Person; 2],
    who: usize,
    lines: &[&str],
    holds: impl Fn(&[&mut Person; 2]) -> bool,
) -> bool {
    (0..300).any(|_| {
        lines.iter().for_each(|line| people[who].types(line));
        (0..15).any(|_| {
            Person::frame_of(people);
            holds(people)
        })
    })
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
    // Who types agrees to what has lain there for a while.
    let is_done = fights(both, 1, &["accept"], |people| people[1].was_told("The trade is done."));
    assert!(is_done, "she agrees, too: {:?}", both[1].words);

    // The grate is locked until somebody finds the lever.
    walks(both, 0, "north", "guardroom");
    says(both, 0, "north", "A rusty grate is locked.");
    says(both, 0, "pull lever", "the grate goes up.");

    // Who is no game master is refused, and whoever is says why.
    both[1].types("@teleport ada last_hall -- to see whether I may");
    says(both, 0, "@teleport grace last_hall -- to meet the Warden", "Done: grace is in last_hall.");

    // He may have his back to her, so she is the one who begins; once he fights, she only stands there.
    let is_noticed = fights(both, 1, &["kill warden"], |people| people[1].was_told("The warden of the crypt hits you"));
    assert!(is_noticed, "he fights whoever fights him: {:?}", both[1].words);
    both[1].types("stop");
    until(both, "a death", |people| people[1].was_told("You are dead."));
    until(both, "the shrine", |people| people[1].room == "stair");
    says(both, 0, "@teleport ada last_hall -- to meet the Warden", "Done: ada is in last_hall.");
    let lines = ["@restore ada -- the Warden is not for newcomers", "kill warden"];
    let is_won = fights(both, 0, &lines, |people| people[0].stats.xp >= 200);
    assert!(is_won, "he can be beaten: {:?}", both[0].words);
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
