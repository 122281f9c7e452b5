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
