//! NPCs that cannot do what they are told to.

use hypogeum_content::Content;

use crate::{SOUND, check};

const FACTION: &str = "    faction: \"vermin\",";

/// What is wrong with the rat's tactics.
#[track_caller]
fn check_tactics(tactics: &str, expect: &str) {
    check("npcs/rat.ron", FACTION, &format!("    tactics: {tactics},\n{FACTION}"), expect);
}

#[test]
fn tactics_that_are_sound() {
    check_tactics(
        "[(use: \"slash\", when: [HpBelow(50), TargetLacks(\"bleed\"), TargetWithin(300)], every_ms: 2000), (use: \"slash\")]",
        "none",
    );
}

#[test]
fn tactics_with_what_it_does_not_have() {
    check_tactics(
        "[(use: \"slahs\")]",
        "npcs/rat.ron:11:21: unknown reference, found \"slahs\", expected a key of abilities (did you mean \"slash\"?)",
    );
    check_tactics(
        "[(use: \"slash\", when: [TargetHas(\"bleeding\")])]",
        "npcs/rat.ron:11:47: unknown reference, found \"bleeding\", expected a key of effects (did you mean \"bleed\"?)",
    );
}

#[test]
fn tactics_with_what_others_have() {
    let kick = "(name: \"Kick\", shape: Area(radius_cm: 100), damage: 1, scales_with: Strength, cooldown_ms: 500)";
    let rat = |text: &str| text.replace(FACTION, &format!("    tactics: [(use: \"kick\")],\n{FACTION}"));
    let files = SOUND
        .iter()
        .map(|(path, text)| ((*path).to_owned(), if *path == "npcs/rat.ron" { rat(text) } else { (*text).to_owned() }));
    let files = files.chain([("abilities/kick.ron".to_owned(), kick.to_owned())]);
    let errors = Content::from_files(files).expect_err("rats do not kick");
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let expected =
        "npcs/rat.ron:11:21: ability that it does not have, found \"kick\", expected one of its abilities: \"slash\"";
    assert_eq!(errors, [expected], "it can do what it can");
}

#[test]
fn tactics_out_of_range() {
    check_tactics(
        "[(use: \"slash\", when: [HpBelow(0)])]",
        "npcs/rat.ron:11:45: HpBelow out of range, found 0, expected 1 to 100",
    );
    check_tactics(
        "[(use: \"slash\", when: [TargetBeyond(200001)])]",
        "npcs/rat.ron:11:50: TargetBeyond out of range, found 200001, expected 0 to 200000",
    );
    check_tactics(
        "[(use: \"slash\", every_ms: 600001)]",
        "npcs/rat.ron:11:40: every_ms out of range, found 600001, expected 0 to 600000",
    );
    let many = ["(use: \"slash\")"; 17].join(", ");
    check_tactics(
        &format!("[{many}]"),
        "npcs/rat.ron:11:14: tactics has the wrong number of entries, found 17, expected 0 to 16",
    );
}

#[test]
fn tactics_that_help_nobody() {
    check_tactics(
        "[(use: \"slash\", when: [AllyHurt(50)])]",
        "npcs/rat.ron:11:21: ability that helps no friend, found \"slash\", expected an ability without damage, with an effect that heals or adds to a stat",
    );
}

/// What is wrong with the phases of a rat.
#[track_caller]
fn check_phases(phases: &str, expect: &str) {
    check("npcs/rat.ron", FACTION, &format!("    phases: {phases},\n{FACTION}"), expect);
}

#[test]
fn phases_that_are_sound() {
    check_phases(
        "[(at_hp_percent: 66, says: \"Squeak!\", effects: [\"bleed\"]), (after_ms: 5000), (at_hp_percent: 33, abilities: [\"slash\"], tactics: [(use: \"slash\")])]",
        "none",
    );
}

#[test]
fn phases_that_never_begin_or_begin_too_soon() {
    check_phases(
        "[(says: \"Squeak!\")]",
        "npcs/rat.ron:11:14: phase that never begins, found neither health nor time, expected at_hp_percent, after_ms or both",
    );
    check_phases(
        "[(at_hp_percent: 30), (at_hp_percent: 60)]",
        "npcs/rat.ron:11:51: phases out of order, found 60, expected less than 30, as the phase before has",
    );
    check_phases(
        "[(after_ms: 5000), (after_ms: 5000)]",
        "npcs/rat.ron:11:43: phases out of order, found 5000, expected more than 5000, as the phase before has",
    );
    check_phases(
        "[(at_hp_percent: 101)]",
        "npcs/rat.ron:11:30: at_hp_percent out of range, found 101, expected 0 to 99",
    );
}

#[test]
fn phases_that_bring_too_many() {
    check_phases(
        "[(at_hp_percent: 50, spawns: [(npc: \"rat\", count: 17)])]",
        "npcs/rat.ron:11:49: help that brings help, found \"rat\", expected an NPC whose own phases bring nobody\n\
         npcs/rat.ron:11:63: count out of range, found 17, expected 1 to 16",
    );
    check_phases(
        "[(at_hp_percent: 50, spawns: [(npc: \"bat\", count: 1)])]",
        "npcs/rat.ron:11:49: unknown reference, found \"bat\", expected a key of npcs (did you mean \"rat\"?)",
    );
}

#[test]
fn those_whom_phases_call_count_for_what_a_mode_has_room_for() {
    let phases = [80, 60, 40, 20].map(|percent| {
        format!("(at_hp_percent: {percent}, spawns: [(npc: \"rat\", count: 16)])") // 64 in all
    });
    let (_, rat) = SOUND.iter().find(|(path, _)| *path == "npcs/rat.ron").expect("the rat is there");
    let king = rat.replace(FACTION, &format!("    phases: [{}],\n{FACTION}", phases.join(", ")));
    let found = |kings: u32| {
        let spawner = format!("(npc: \"king\", count: {kings}, at");
        let files = SOUND.iter().map(|(path, text)| (*path, text.replace("(npc: \"rat\", count: 4, at", &spawner)));
        let errors = Content::from_files(files.chain([("npcs/king.ron", king.clone())])).err().unwrap_or_default();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(found(15), "", "985 in all, ten guards among them");
    assert_eq!(
        found(16),
        "modes/duel.ron:21:15: too many NPCs, found 1050, expected at most 1000, guards of the map and those whom phases call included"
    );
}

#[test]
fn talkers_and_traders() {
    let keeps = |fields: &str, expect: &str| {
        check("npcs/rat.ron", FACTION, &format!("    {fields},\n{FACTION}"), expect);
    };
    keeps(
        "talk: (greeting: \"Hm.\", topics: [(words: [\"Cheese\"], says: \"Where?\")])",
        "npcs/rat.ron:11:47: not a word, found \"Cheese\", expected 1–16 small letters and digits",
    );
    keeps(
        "talk: (greeting: \"\", topics: [])",
        "npcs/rat.ron:11:22: greeting has the wrong length, found 0 bytes, expected 1 to 512 bytes",
    );
    keeps(
        "shop: (coin: \"medkti\")",
        "npcs/rat.ron:11:18: unknown reference, found \"medkti\", expected a key of items (did you mean \"medkit\"?)",
    );
    keeps(
        "shop: (coin: \"medkit\", sells: [(item: \"sword\", price: 0)])",
        "npcs/rat.ron:11:59: price out of range, found 0, expected 1 to 500",
    );
    keeps(
        "shop: (coin: \"medkit\", sells: [(item: \"sword\", price: 4)], buys: [(item: \"sword\", price: 5)])",
        "npcs/rat.ron:11:94: money for nothing, found 5, expected at most 4, for which it sells the same",
    );
}
