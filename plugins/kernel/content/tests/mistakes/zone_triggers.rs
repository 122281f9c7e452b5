//! Mistakes of what happens in a zone.

use crate::check;

const VILLAGE: &str = "zones/village.ron";

#[test]
fn events_and_conditions_of_what_is_not_there() {
    check(
        VILLAGE,
        r#"on: Pull("tap")"#,
        r#"on: Pull("tab")"#,
        "zones/village.ron:27:19: unknown lever, found \"tab\", expected a key of levers (did you mean \"tap\"?)",
    );
    check(
        VILLAGE,
        r#"on: Enter("cellar")"#,
        r#"on: Enter("seller")"#,
        "zones/village.ron:28:20: unknown room, found \"seller\", expected a key of rooms (did you mean \"cellar\"?)",
    );
    check(
        VILLAGE,
        "on: Every(60000)",
        "on: Every(60)",
        "zones/village.ron:29:20: Every out of range, found 60, expected 1000 to 3600000",
    );
    check(
        VILLAGE,
        r#"on: Kill("rat")"#,
        r#"on: Kill("rta")"#,
        "zones/village.ron:30:19: unknown reference, found \"rta\", expected a key of npcs",
    );
    check(
        VILLAGE,
        r#"on: Flag("is_wet")"#,
        r#"on: Flag("is wet")"#,
        "zones/village.ron:31:19: flag is not a key, found \"is wet\", expected 1 to 32 of a-z, 0-9 and _",
    );
    check(
        VILLAGE,
        r#"on: Flag("is_wet")"#,
        r#"on: Falg("is_wet")"#,
        "zones/village.ron:31:14: unknown value, found `Falg`, expected one of Enter, Exit, Pull, Every, Kill, Flag, Command, Use, Hour (did you mean `Flag`?)",
    );
    check(
        VILLAGE,
        r#"DoorIs("hatch", Open)"#,
        r#"DoorIs("hutch", Open)"#,
        "zones/village.ron:28:87: unknown door, found \"hutch\", expected a key of doors (did you mean \"hatch\"?)",
    );
    check(
        VILLAGE,
        r#"Carries("sword")"#,
        r#"Carries("word")"#,
        "zones/village.ron:28:70: unknown reference, found \"word\", expected a key of items (did you mean \"sword\"?)",
    );
}

#[test]
fn actions_on_what_is_not_there() {
    check(
        VILLAGE,
        r#"[Effect("bleed")]"#,
        "[]",
        "zones/village.ron:28:110: then has the wrong number of entries, found 0, expected 1 to 16",
    );
    check(
        VILLAGE,
        r#"Effect("bleed")"#,
        r#"Effect("blead")"#,
        "zones/village.ron:28:118: unknown reference, found \"blead\", expected a key of effects (did you mean \"bleed\"?)",
    );
    check(
        VILLAGE,
        r#"[Open("hatch")"#,
        r#"[Open("inn")"#,
        "zones/village.ron:27:39: unknown door, found \"inn\", expected a key of doors",
    );
    check(
        VILLAGE,
        r#""Something clicks.""#,
        r#""""#,
        "zones/village.ron:27:54: Tell has the wrong length, found 0 bytes, expected 1 to 512 bytes",
    );
    check(
        VILLAGE,
        r#"Announce(room: "inn""#,
        r#"Announce(room: "ion""#,
        "zones/village.ron:29:50: unknown room, found \"ion\", expected a key of rooms (did you mean \"inn\"?)",
    );
    check(
        VILLAGE,
        r#"words: "The ale is out.""#,
        r#"words: """#,
        "zones/village.ron:29:64: words has the wrong length, found 0 bytes, expected 1 to 512 bytes",
    );
    check(
        VILLAGE,
        r#"room: "cellar", count: 2"#,
        r#"room: "cellar", count: 17"#,
        "zones/village.ron:30:91: count out of range, found 17, expected 1 to 16",
    );
    check(
        VILLAGE,
        r#"Teleport("green")"#,
        r#"Teleport("grene")"#,
        "zones/village.ron:31:46: unknown room, found \"grene\", expected a key of rooms (did you mean \"green\"?)",
    );
    check(
        VILLAGE,
        r#"SetFlag("is_wet", false)"#,
        r#"SetFlag("IsWet", false)"#,
        "zones/village.ron:32:44: flag is not a key, found \"IsWet\", expected 1 to 32 of a-z, 0-9 and _",
    );
    check(
        VILLAGE,
        r#"Give("medkit")"#,
        r#"Give("medikt")"#,
        "zones/village.ron:30:39: unknown reference, found \"medikt\", expected a key of items (did you mean \"medkit\"?)",
    );
}

#[test]
fn hazards_that_no_room_can_have() {
    let check_with =
        |hazard: &str, expect: &str| check(VILLAGE, r#"[Effect("bleed")]"#, &format!("[Hazard({hazard})]"), expect);
    check_with(
        r#"hazard: "mimes", room: "cellar""#,
        "zones/village.ron:28:126: unknown reference, found \"mimes\", expected a key of hazards (did you mean \"mines\"?)",
    );
    check_with(
        r#"hazard: "mines", room: "celler""#,
        "zones/village.ron:28:126: hazard that no room can have, found duration_ms: 0, expected one that ends by itself\n\
         zones/village.ron:28:141: unknown room, found \"celler\", expected a key of rooms (did you mean \"cellar\"?)",
    );
    check_with(
        r#"hazard: "mines", room: "cellar""#,
        "zones/village.ron:28:126: hazard that no room can have, found duration_ms: 0, expected one that ends by itself",
    );
    check_with(
        r#"hazard: "storm", room: "cellar""#,
        "zones/village.ron:28:126: hazard that no room can have, found a storm, expected a cloud, mines or a bombardment",
    );
}

#[test]
fn words_hours_and_counts_that_cannot_be() {
    let with = |trigger: &str| format!("triggers: [\n        {trigger},");
    let check_with = |trigger: &str, expect: &str| {
        check(VILLAGE, "triggers: [", &with(trigger), expect);
    };
    check_with(
        r#"(on: Command(words: ["Ring"], rooms: ["in"]), then: [Tell("Ding.")])"#,
        "zones/village.ron:27:30: words cannot be typed, found \"Ring\", expected 1 to 16 of a-z\n\
         zones/village.ron:27:47: unknown room, found \"in\", expected a key of rooms (did you mean \"inn\"?)",
    );
    check_with(
        r#"(on: Command(words: []), then: [Tell("Ding.")])"#,
        "zones/village.ron:27:29: words has the wrong number of entries, found 0, expected 1 to 8",
    );
    check_with(
        r#"(on: Hour(6), then: [Open("hatch")])"#,
        "zones/village.ron:27:19: hour without a day, found 6, expected day_minutes in the zone",
    );
    check_with(
        r#"(on: Use("word"), when: [HourIs(22, 24)], then: [Take("sord")])"#,
        "zones/village.ron:27:18: unknown reference, found \"word\", expected a key of items (did you mean \"sword\"?)\n\
         zones/village.ron:27:41: hour without a day, found 22, expected day_minutes in the zone\n\
         zones/village.ron:27:45: hour out of range, found 24, expected 0 to 23\n\
         zones/village.ron:27:63: unknown reference, found \"sord\", expected a key of items (did you mean \"sword\"?)",
    );
    check_with(
        r#"(on: Enter("inn"), when: [PlayersIn(room: "inn", at_least: 3, at_most: 2), Chance(100), LevelAtLeast(0)], then: [Despawn(npc: "rta", room: "inn")])"#,
        "zones/village.ron:27:68: at_least is more than at_most, found 3 and 2, expected at_least at most at_most\n\
         zones/village.ron:27:91: Chance out of range, found 100, expected 1 to 99\n\
         zones/village.ron:27:110: level out of range, found 0, expected 1 to 100\n\
         zones/village.ron:27:135: unknown reference, found \"rta\", expected a key of npcs",
    );
    check(
        VILLAGE,
        "tick_hz: 10,",
        "tick_hz: 10, day_minutes: 23,",
        "zones/village.ron:5:31: day_minutes out of range, found 23, expected 24 to 1440",
    );
}
