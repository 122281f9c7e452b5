//! What is sound and probably not meant.

use hypogeum_content::Content;

use crate::SOUND;

/// The warnings of the sound folder with some texts replaced and some files added, one a line.
pub(crate) fn warnings(changes: &[(&str, &str, &str)], more: &[(&str, &str)]) -> String {
    let mut files: Vec<(String, String)> =
        SOUND.iter().chain(more).map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    for (file, from, to) in changes {
        let (_, text) = files.iter_mut().find(|(path, _)| path == file).expect("the file is there");
        assert_eq!(text.matches(from).count(), 1, "{from:?} stands in {file} exactly once");
        *text = text.replace(from, to);
    }
    let report = Content::check_files(files);
    assert_eq!(report.errors, [], "nothing is wrong");
    assert!(report.content.is_some(), "so there is a content");
    report.warnings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[track_caller]
pub(crate) fn check(file: &str, from: &str, to: &str, expect: &str) {
    assert_eq!(warnings(&[(file, from, to)], &[]), expect, "{from:?} became {to:?} in {file}");
}

#[test]
fn a_sound_folder_has_none() {
    assert_eq!(warnings(&[], &[]), "", "nothing looks wrong");
}

#[test]
fn what_no_mode_leads_to() {
    let more = [
        (
            "abilities/kick.ron",
            r#"(name: "Kick", shape: Area(radius_cm: 90), damage: 1, scales_with: Strength, cooldown_ms: 99)"#,
        ),
        ("effects/itch.ron", r#"(name: "Itch", kind: Modify(Speed, Flat(-9)), duration_ms: 900, stacking: Refresh)"#),
        (
            "hazards/fire.ron",
            r#"(name: "Fire", shape: Cloud(radius_cm: 300), warning_ms: 0, duration_ms: 0, interval_ms: 500, damage: 2)"#,
        ),
        ("items/coin.ron", r#"(name: "Coin", kind: Valuable, value: 3)"#),
        ("loot/purse.ron", r#"(always: ["coin"], rolls: 0)"#),
        (
            "maps/moor.ron",
            r#"(name: "Moor", side_m: 90, obstacles: (count: 0, side_cm_min: 100, side_cm_max: 100), pois: [])"#,
        ),
    ];
    assert_eq!(
        warnings(&[], &more),
        "abilities/kick.ron:1:1: warning: never used, found nothing that leads to \"kick\", expected an NPC, an item, a mode or an archetype with it\n\
         effects/itch.ron:1:1: warning: never used, found nothing that leads to \"itch\", expected an ability, an item, a hazard or a trigger with it\n\
         hazards/fire.ron:1:1: warning: never used, found nothing that leads to \"fire\", expected a mode or a zone with it\n\
         items/coin.ron:1:1: warning: never used, found nothing that leads to \"coin\", expected loot, a mode or a zone that gives it; only the shop has it\n\
         loot/purse.ron:1:1: warning: never used, found nothing that leads to \"purse\", expected an NPC, a map, a zone or another table with it\n\
         maps/moor.ron:1:1: warning: never used, found nothing that leads to \"moor\", expected a mode on it",
    );
}

#[test]
fn one_who_is_alone_in_a_faction_that_is_called_almost_like_another() {
    let bat =
        SOUND.iter().find(|(path, _)| *path == "npcs/rat.ron").expect("rats are sound").1.replace("vermin", "vermni");
    let more = [("npcs/bat.ron", bat.as_str())];
    let placed = [("modes/duel.ron", "spawners: [", "spawners: [(npc: \"bat\", count: 1), ")];
    assert_eq!(
        warnings(&placed, &more),
        "npcs/bat.ron:11:14: warning: alone in its faction, found \"vermni\", expected a faction that others are of (did you mean \"vermin\"?)\n\
         npcs/rat.ron:11:14: warning: alone in its faction, found \"vermin\", expected a faction that others are of (did you mean \"vermni\"?)",
        "either may be the slip"
    );
}

#[test]
fn numbers_far_from_any_use() {
    check(
        "abilities/slash.ron",
        "cooldown_ms: 700",
        "cooldown_ms: 700, mana: 9999",
        "abilities/slash.ron:8:29: warning: nobody has so much mana, found 9999, expected at most 165, the mana of who has most of those that use it",
    );
    check(
        "abilities/slash.ron",
        "range_cm: 200",
        "range_cm: 1",
        "abilities/slash.ron:4:28: warning: hardly reaches anyone, found 1, expected 50 or more, from edge to edge (in centimetres: 100 for 1 m)",
    );
    check(
        "npcs/rat.ron",
        "sight_cm: 700",
        "sight_cm: 0",
        "npcs/rat.ron:8:24: warning: hardly sees, found 0, expected 200 or more centimetres for who fights",
    );
    check(
        "npcs/rat.ron",
        "speed_cm_per_s: 400",
        "speed_cm_per_s: 4",
        "npcs/rat.ron:4:84: warning: hardly moves, found 4, expected 0, or 50 or more (in centimetres a second: 400 for 4 m/s)",
    );
    check(
        "modes/duel.ron",
        "speed_cm_per_s: 600",
        "speed_cm_per_s: 6",
        "modes/duel.ron:15:92: warning: hardly moves, found 6, expected 0, or 50 or more (in centimetres a second: 600 for 6 m/s)",
    );
    check(
        "modes/duel.ron",
        "(start: 100, per_s: 50, max: 1000)",
        "(start: 0, per_s: 0, max: 0)",
        "modes/duel.ron:10:20: warning: only equal ratings meet, found a window of 0 that does not grow, expected a start, or a growth per_s towards a max, above 0",
    );
    check(
        "maps/field.ron",
        "radius_cm: 800, containers: 2, loot: \"chest\", guards: [(\"rat\", 2)",
        "radius_cm: 100, containers: 2, loot: \"chest\", guards: [(\"rat\", 20)",
        "maps/field.ron:6:88: warning: no room for all guards, found bodies on 143 % of \"camp\", expected at most 50 %",
    );
}

#[test]
fn a_share_that_is_hardly_any() {
    check(
        "items/sword.ron",
        "Percent(-5)",
        "BasisPoints(-35)",
        "items/sword.ron:5:78: warning: less than one per cent, found -35 basis points, expected 100 or more (did you mean Percent(-35)?)",
    );
    check("items/sword.ron", "Percent(-5)", "BasisPoints(-350)", "");
}

#[test]
fn a_storm_that_hurts_nobody_or_comes_too_late() {
    check(
        "hazards/storm.ron",
        "final_radius_cm: 2000",
        "final_radius_cm: 50000",
        "modes/duel.ron:24:18: warning: storm never hurts, found final_radius_cm 50000 of \"storm\", expected less than 7070 on map \"field\", from its middle to a corner",
    );
    check(
        "hazards/storm.ron",
        "closes_over_ms: 15000",
        "closes_over_ms: 60000",
        "modes/duel.ron:24:34: warning: storm closes after the end, found 74000, with warning_ms and closes_over_ms of \"storm\", expected at most 30000, the mode's duration_ms",
    );
}
