//! Mistakes of zones and archetypes.

use hypogeum_content::Content;

use crate::{SOUND, check};

const VILLAGE: &str = "zones/village.ron";
const HERO: &str = "archetypes/hero.ron";

#[test]
fn what_a_zone_is() {
    check(
        VILLAGE,
        r#"theme: "town""#,
        r#"theme: "Old Town""#,
        "zones/village.ron:3:12: theme is not a key, found \"Old Town\", expected 1 to 64 of a-z, 0-9 and _",
    );
    check(
        VILLAGE,
        "level: (1, 5)",
        "level: (0, 101)",
        "zones/village.ron:4:13: lowest level out of range, found 0, expected 1 to 100\n\
         zones/village.ron:4:16: highest level out of range, found 101, expected 1 to 100",
    );
    check(
        VILLAGE,
        "level: (1, 5)",
        "level: (6, 5)",
        "zones/village.ron:4:13: lowest level is more than highest level, found 6 and 5, expected lowest level at most highest level",
    );
    check(
        VILLAGE,
        "tick_hz: 10",
        "tick_hz: 0",
        "zones/village.ron:5:14: tick_hz out of range, found 0, expected 1 to 60",
    );
    check(
        VILLAGE,
        "side_m: 64",
        "side_m: 8",
        "zones/village.ron:6:13: side_m out of range, found 8, expected 16 to 1024",
    );
    check(
        VILLAGE,
        r#"shrine: "inn""#,
        r#"shrine: "in""#,
        "zones/village.ron:35:13: unknown room, found \"in\", expected a key of rooms (did you mean \"inn\"?)",
    );
    check(
        VILLAGE,
        "respawn_ms: 5000",
        "respawn_ms: 5",
        "zones/village.ron:36:25: respawn_ms out of range, found 5, expected 1000 to 600000 (in milliseconds: 5000 for 5 s)",
    );
    check(
        VILLAGE,
        "loses: Carried",
        "loses: Caried",
        "zones/village.ron:36:38: unknown value, found `Caried`, expected one of Nothing, Carried, Everything (did you mean `Carried`?)",
    );
    check(
        VILLAGE,
        "death: (respawn_ms: 5000, loses: Carried),",
        "",
        "zones/village.ron:37:1: missing field, found the end without it, expected `death`",
    );
}

#[test]
fn rooms_and_their_ground() {
    check(
        VILLAGE,
        r#"(key: "cellar", name"#,
        r#"(key: "Loft", name: "Loft", description: "Hay.", area: (x: 0, y: 0, width: 4, height: 4)), (key: "cellar", name"#,
        "zones/village.ron:10:15: key is not a key, found \"Loft\", expected 1 to 32 of a-z, 0-9 and _",
    );
    check(
        VILLAGE,
        r#"(key: "cellar", name"#,
        r#"(key: "inn", name: "Loft", description: "Hay.", area: (x: 0, y: 0, width: 4, height: 4)), (key: "cellar", name"#,
        "zones/village.ron:10:15: room given twice, found \"inn\", expected each key once",
    );
    check(
        VILLAGE,
        r#""Nobody sweeps here.""#,
        r#"" ""#,
        "zones/village.ron:10:54: description has the wrong length, found 0 bytes, expected 1 to 1024 bytes",
    );
    check(
        VILLAGE,
        r#""Nobody sweeps here.""#,
        r#""Nobody\tsweeps.""#,
        "zones/village.ron:10:54: description cannot be shown, found \\t, expected no control characters",
    );
    check(
        VILLAGE,
        "(x: 40, y: 10, width: 6, height: 4)",
        "(x: 40, y: 10, width: 6, height: 2)",
        "zones/village.ron:10:116: height out of range, found 2, expected 3 to 64\n\
         zones/village.ron:17:23: way wider than its wall, found 400, expected at most 100, or all 200 of the edge",
    );
    check(
        VILLAGE,
        "(x: 40, y: 10, width: 6, height: 4)",
        "(x: 60, y: 10, width: 6, height: 4)",
        "zones/village.ron:10:87: x out of range, found 60, expected 0 to 58\n\
         zones/village.ron:15:22: way between rooms that share no edge, found \"inn\" and \"cellar\" apart, expected areas that touch",
    );
    check(
        VILLAGE,
        "(x: 40, y: 10, width: 6, height: 4)",
        "(x: 39, y: 10, width: 6, height: 4)",
        "zones/village.ron:10:83: rooms overlap, found \"cellar\" on \"inn\", expected ground of its own",
    );
}

#[test]
fn ways_that_lead_nowhere() {
    check(
        VILLAGE,
        r#"between: ("green", "inn")"#,
        r#"between: ("gren", "inn")"#,
        "zones/village.ron:13:20: unknown room, found \"gren\", expected a key of rooms (did you mean \"green\"?)",
    );
    check(
        VILLAGE,
        r#"between: ("green", "inn")"#,
        r#"between: ("inn", "inn")"#,
        "zones/village.ron:13:19: way from a room to itself, found \"inn\", expected two rooms",
    );
    check(
        VILLAGE,
        r#"between: ("green", "inn")"#,
        r#"between: ("cellar", "inn")"#,
        "zones/village.ron:15:22: way given twice, found another between \"inn\" and \"cellar\", expected each pair of rooms once",
    );
    check(
        VILLAGE,
        r#"between: ("green", "inn")"#,
        r#"between: ("green", "cellar")"#,
        "zones/village.ron:13:19: way between rooms that share no edge, found \"green\" and \"cellar\" apart, expected areas that touch",
    );
}

#[test]
fn openings_wider_than_their_walls() {
    check(
        VILLAGE,
        "width_cm: 300",
        "width_cm: 119",
        "zones/village.ron:13:72: width_cm out of range, found 119, expected 120 to 10000",
    );
    check(
        VILLAGE,
        "width_cm: 300",
        "width_cm: 950",
        "zones/village.ron:13:72: way wider than its wall, found 950, expected at most 900, or all 1000 of the edge",
    );
    check(
        VILLAGE,
        "width_cm: 400",
        "width_cm: 301",
        "zones/village.ron:17:23: way wider than its wall, found 301, expected at most 300, or all 400 of the edge",
    );
    check(
        VILLAGE,
        "(x: 10, y: 10, width: 20, height: 20)",
        "(x: 10, y: 19, width: 20, height: 20)",
        "zones/village.ron:13:19: no room for a way, found an edge of 100 centimetres, expected an edge of 120 or more",
    );
}

#[test]
fn words_that_lead_two_ways() {
    check(
        VILLAGE,
        r#"words: ("east", "west")"#,
        r#"words: ("East", "west")"#,
        "zones/village.ron:13:45: words cannot be typed, found \"East\", expected 1 to 16 of a-z",
    );
    check(
        VILLAGE,
        r#"words: ("east", "west")"#,
        r#"words: ("east", "down")"#,
        "zones/village.ron:16:21: word that leads two ways, found \"down\", expected each word once out of \"inn\"",
    );
    check(
        VILLAGE,
        r#"words: ("east", "west")"#,
        r#"words: ("north", "west")"#,
        "zones/village.ron:22:35: word that leads two ways, found \"north\", expected each word once out of \"green\"",
    );
    check(
        VILLAGE,
        r#"word: "tap")"#,
        r#"word: "a tap")"#,
        "zones/village.ron:23:67: word cannot be typed, found \"a tap\", expected 1 to 16 of a-z",
    );
    check(
        VILLAGE,
        r#"levers: [(key: "tap""#,
        r#"levers: [(key: "crank", room: "inn", name: "a crank", word: "tap"), (key: "tap""#,
        "zones/village.ron:23:126: word that pulls two levers, found \"tap\", expected each word once among the levers of \"inn\"",
    );
}

#[test]
fn gates_to_nowhere() {
    check(
        VILLAGE,
        r#"to_zone: "woods""#,
        r#"to_zone: "wood""#,
        "zones/village.ron:22:53: unknown zone, found \"wood\", expected a key of zones (did you mean \"woods\"?)",
    );
    check(
        VILLAGE,
        r#"to_zone: "woods""#,
        r#"to_zone: "village""#,
        "zones/village.ron:22:53: gate into its own zone, found \"village\", expected another zone; a way leads to rooms of this one",
    );
    check(
        VILLAGE,
        r#"to_zone: "woods""#,
        r#"to_zone: "The Woods""#,
        "zones/village.ron:22:53: to_zone is not a key, found \"The Woods\", expected 1 to 64 of a-z, 0-9 and _",
    );
    check(
        VILLAGE,
        r#"to_room: "glade""#,
        r#"to_room: "glad""#,
        "zones/village.ron:22:71: unknown room, found \"glad\", expected a key of rooms (did you mean \"glade\"?)",
    );
    check(
        VILLAGE,
        r#"gates: [(room: "green""#,
        r#"gates: [(room: "mill""#,
        "zones/village.ron:22:20: unknown room, found \"mill\", expected a key of rooms",
    );
}

#[test]
fn what_is_in_the_rooms() {
    check(
        VILLAGE,
        r#"levers: [(key: "tap", room: "inn""#,
        r#"levers: [(key: "tap", room: "in""#,
        "zones/village.ron:23:33: unknown room, found \"in\", expected a key of rooms (did you mean \"inn\"?)",
    );
    check(
        VILLAGE,
        r#"levers: [(key: "tap""#,
        r#"levers: [(key: "tap", room: "green", name: "a tap", word: "tap"), (key: "tap""#,
        "zones/village.ron:23:77: lever given twice, found \"tap\", expected each key once",
    );
    check(
        VILLAGE,
        r#"count: 4, room: "cellar""#,
        r#"count: 4097, room: "cellar""#,
        "zones/village.ron:24:36: count out of range, found 4097, expected 1 to 4096",
    );
    check(
        VILLAGE,
        "spawners: [",
        r#"spawners: [(npc: "rat", count: 4095, room: "inn"), "#,
        "zones/village.ron:24:15: too many NPCs, found 4099, expected at most 4096",
    );
    check(
        VILLAGE,
        r#"count: 4, room: "cellar""#,
        r#"count: 4, room: "celler""#,
        "zones/village.ron:24:45: unknown room, found \"celler\", expected a key of rooms (did you mean \"cellar\"?)",
    );
    check(
        VILLAGE,
        "respawn_ms: 9000",
        "respawn_ms: 9",
        "zones/village.ron:24:67: respawn_ms out of range, found 9, expected 500 to 3600000 (in milliseconds: 9000 for 9 s)",
    );
    check(
        VILLAGE,
        r#"(room: "cellar", loot: "chest""#,
        r#"(room: "celler", loot: "chset""#,
        "zones/village.ron:25:24: unknown room, found \"celler\", expected a key of rooms (did you mean \"cellar\"?)\n\
         zones/village.ron:25:40: unknown reference, found \"chset\", expected a key of loot (did you mean \"chest\"?)",
    );
    check(
        VILLAGE,
        "refill_ms: 60000",
        "refill_ms: 60",
        "zones/village.ron:25:60: refill_ms out of range, found 60, expected 1000 to 86400000 (in milliseconds: 60000 for 60 s)",
    );
    check(
        VILLAGE,
        r#"opened_by: "sword""#,
        r#"opened_by: "swrod""#,
        "zones/village.ron:19:78: unknown reference, found \"swrod\", expected a key of items (did you mean \"sword\"?)",
    );
    check(
        VILLAGE,
        r#"name: "a hatch""#,
        r#"name: """#,
        "zones/village.ron:19:40: name has the wrong length, found 0 characters, expected 1 to 48 characters",
    );
    check(
        VILLAGE,
        "width_cm: 300)",
        r#"width_cm: 300, door: (key: "hatch", name: "a gate", starts: Open))"#,
        "zones/village.ron:19:25: door given twice, found \"hatch\", expected each key once",
    );
}

#[test]
fn archetypes() {
    check(
        HERO,
        r#"name: "Hero""#,
        r#"name: """#,
        "archetypes/hero.ron:2:11: name has the wrong length, found 0 characters, expected 1 to 48 characters",
    );
    check(
        HERO,
        r#""Fit for anything.""#,
        r#""""#,
        "archetypes/hero.ron:3:18: description has the wrong length, found 0 bytes, expected 1 to 1024 bytes",
    );
    check(
        HERO,
        "speed_cm_per_s: 600",
        "speed_cm_per_s: 0",
        "archetypes/hero.ron:5:91: participants cannot walk, found 0, expected 1 to 2000",
    );
    check(
        HERO,
        r#"unarmed: "slash""#,
        r#"unarmed: "slahs""#,
        "archetypes/hero.ron:7:18: unknown reference, found \"slahs\", expected a key of abilities (did you mean \"slash\"?)",
    );
    check(
        HERO,
        "inventory_slots: 4",
        "inventory_slots: 1",
        "archetypes/hero.ron:11:20: starter items do not fit, found 2, expected at most the 1 inventory slots",
    );
    check(
        HERO,
        "inventory_slots: 4",
        "inventory_slots: 4, weight_max_g: 1900",
        "archetypes/hero.ron:11:20: starter items are too heavy, found 2000 g, expected at most the 1900 g of weight_max_g",
    );
    check(
        HERO,
        r#"["sword", "medkit"]"#,
        r#"["sword", "medkti"]"#,
        "archetypes/hero.ron:11:30: unknown reference, found \"medkti\", expected a key of items (did you mean \"medkit\"?)",
    );
}

#[test]
fn a_zone_without_anyone_to_be() {
    let files = SOUND.iter().filter(|(path, _)| !path.starts_with("archetypes/"));
    let errors = Content::from_files(files.copied()).expect_err("nobody can come into the zones");
    let listed: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let expected = "zones/village.ron:1:1: zones without archetypes, found no archetype, expected one at least in archetypes, for players to be";
    assert_eq!(listed, [expected], "said once, however many zones there are");
}

#[test]
fn a_gate_into_a_zone_that_cannot_be_read() {
    check(
        "zones/woods.ron",
        "side_m: 16",
        "side: 16",
        "zones/woods.ron:5:5: unknown field, found `side`, expected one of name, theme, level, tick_hz, day_minutes, side_m, rooms, ways, gates, levers, spawners, furniture, triggers, shrine, death, absent, friendly_fire, ground (did you mean `side_m`?)",
    );
}
