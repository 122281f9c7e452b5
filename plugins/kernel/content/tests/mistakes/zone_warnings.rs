//! Zones and archetypes that are sound and probably not meant so.

use crate::warnings::{check, warnings};

const VILLAGE: &str = "zones/village.ron";
const WOODS: &str = "zones/woods.ron";
const HERO: &str = "archetypes/hero.ron";

#[test]
fn a_door_that_nothing_opens() {
    let loft = r#"(key: "loft", name: "Loft", description: "Hay.", area: (x: 10, y: 30, width: 20, height: 5)), (key: "cellar", name"#;
    let way = |door: &str| {
        let door = format!("door: (key: \"trap\", name: \"a trap door\", {door})");
        format!("ways: [(between: (\"green\", \"loft\"), words: (\"up\", \"down\"), width_cm: 200, {door}), ")
    };
    let told =
        |door: &str| warnings(&[(VILLAGE, r#"(key: "cellar", name"#, loft), (VILLAGE, "ways: [", &way(door))], &[]);
    let expected = "zones/village.ron:10:9: warning: room out of reach, found no way into \"loft\", expected a way from the shrine or a gate\n\
         zones/village.ron:12:128: warning: locked for ever, found nothing that opens \"trap\", expected an item in opened_by, or a trigger that opens it";
    assert_eq!(told("starts: Locked"), expected, "neither an item nor a trigger does");
    assert_eq!(told("starts: Locked, opened_by: \"medkit\""), "", "an item does");
    assert_eq!(told("starts: Closed"), "", "anyone does");
}

#[test]
fn rooms_that_nobody_gets_into() {
    check(
        WOODS,
        "width: 16, height: 16))]",
        r#"width: 8, height: 16)), (key: "cave", name: "Cave", description: "Dark.", area: (x: 8, y: 0, width: 8, height: 16))]"#,
        "zones/woods.ron:6:115: warning: room out of reach, found no way into \"cave\", expected a way from the shrine or a gate",
    );
    check(VILLAGE, r#"(between: ("green", "inn"), words: ("east", "west"), width_cm: 300),"#, "", "");
    check(VILLAGE, r#"then: [Teleport("green")]"#, r#"then: [Open("hatch")]"#, "");
    check(VILLAGE, r#"starts: Locked, opened_by: "sword""#, "starts: Locked", "");
}

#[test]
fn flags_that_are_never_set() {
    check(
        VILLAGE,
        r#"FlagIs("is_wet", true)"#,
        r#"FlagIs("is_wett", true)"#,
        "zones/village.ron:28:45: warning: flag that is never set, found \"is_wett\", expected a flag that SetFlag sets (did you mean \"is_wet\"?)",
    );
    check(
        VILLAGE,
        r#"on: Flag("is_wet")"#,
        r#"on: Flag("alarm")"#,
        "zones/village.ron:31:19: warning: flag that is never set, found \"alarm\", expected a flag that SetFlag sets",
    );
}

#[test]
fn levers_and_gates_in_vain() {
    check(
        VILLAGE,
        r#"on: Pull("tap")"#,
        r#"on: Enter("green")"#,
        "zones/village.ron:23:14: warning: lever that does nothing, found no trigger on Pull(\"tap\"), expected a trigger on it",
    );
    check(
        VILLAGE,
        "gates: [",
        r#"gates: [(room: "green", word: "south", to_zone: "woods", to_room: "glade"), "#,
        "zones/village.ron:22:88: warning: gates in one another, found another in \"green\", expected one gate a room",
    );
}

#[test]
fn time_passes_for_nobody() {
    check(
        VILLAGE,
        "then: [Announce(",
        r#"then: [Tell("Tick."), Announce("#,
        "zones/village.ron:29:35: warning: nobody causes Every, found Tell, expected what needs nobody, or an event that somebody causes",
    );
    check(
        VILLAGE,
        "on: Every(60000), then",
        r#"on: Every(60000), when: [Carries("sword")], then"#,
        "zones/village.ron:29:35: warning: nobody causes Every, found Carries, expected what needs nobody, or an event that somebody causes",
    );
}

#[test]
fn hazards_on_safe_ground() {
    let gas =
        r#"(name: "Gas", shape: Cloud(radius_cm: 300), warning_ms: 0, duration_ms: 900, interval_ms: 500, damage: 2)"#;
    let told = |room: &str| {
        let action = format!("Hazard(hazard: \"gas\", room: {room:?})");
        warnings(&[(VILLAGE, r#"Effect("bleed")"#, &action)], &[("hazards/gas.ron", gas)])
    };
    let expected =
        "zones/village.ron:28:139: warning: hazard on safe ground, found \"inn\" is safe, expected a room that is not";
    assert_eq!(told("inn"), expected, "nobody is hurt in the inn");
    assert_eq!(told("cellar"), "", "elsewhere it is as it should be");
}

#[test]
fn archetypes() {
    check(
        HERO,
        "speed_cm_per_s: 600",
        "speed_cm_per_s: 6",
        "archetypes/hero.ron:5:91: warning: hardly moves, found 6, expected 0, or 50 or more (in centimetres a second: 600 for 6 m/s)",
    );
}
