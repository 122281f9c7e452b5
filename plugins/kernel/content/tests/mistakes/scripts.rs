//! Mistakes in scripts, and in those who call them.

use crate::check;

const TAP: &str = "scripts/tap.rhai";

#[test]
fn what_is_no_script_and_functions_that_are_not_there() {
    check(
        TAP,
        "open(\"hatch\");",
        "open(\"hatch\";",
        "scripts/tap.rhai:3:17: not a script, found Expecting ',' to separate the arguments to function call 'open', expected Rhai",
    );
    check(
        TAP,
        "announce(\"inn\"",
        "anounce(\"inn\"",
        "scripts/tap.rhai:12:5: unknown function, found \"anounce\", expected a function of this script, or one that the guide lists (did you mean \"announce\"?)",
    );
    check(
        TAP,
        "after(5000, \"dry\")",
        "after(5000, \"day\")",
        "scripts/tap.rhai:5:17: unknown function, found \"day\", expected a function of this script without parameters (did you mean \"dry\"?)",
    );
    check(
        "zones/village.ron",
        r#"Script("tap", "run")"#,
        r#"Script("tap", "ran")"#,
        "zones/village.ron:33:62: unknown function, found \"ran\", expected a key of functions (did you mean \"run\"?)",
    );
    check(
        "zones/village.ron",
        r#"Script("tap", "run")"#,
        r#"Script("top", "run")"#,
        "zones/village.ron:33:55: unknown reference, found \"top\", expected a key of scripts (did you mean \"tap\"?)",
    );
}

#[test]
fn keys_of_what_is_not_there() {
    check(
        TAP,
        "spawn_npc(\"rat\"",
        "spawn_npc(\"rad\"",
        "scripts/tap.rhai:4:15: unknown reference, found \"rad\", expected a key of npcs (did you mean \"rat\"?)",
    );
    check(
        TAP,
        "effect(who(), \"bleed\")",
        "effect(who(), \"blead\")",
        "scripts/tap.rhai:11:19: unknown reference, found \"blead\", expected a key of effects (did you mean \"bleed\"?)",
    );
    check(
        TAP,
        "open(\"hatch\")",
        "start_hazard(\"mimes\", \"cellar\")",
        "scripts/tap.rhai:3:18: unknown reference, found \"mimes\", expected a key of hazards (did you mean \"mines\"?)",
    );
    check(
        TAP,
        "open(\"hatch\")",
        "start_hazard(\"storm\", \"cellar\")",
        "scripts/tap.rhai:3:18: hazard that no room can have, found a storm, expected a cloud, mines or a bombardment",
    );
    check(
        TAP,
        "open(\"hatch\")",
        "open(\"hutch\")",
        "scripts/tap.rhai:3:10: unknown reference, found \"hutch\", expected a key of doors of village (did you mean \"hatch\"?)",
    );
    check(
        TAP,
        "\"cellar\", 1",
        "\"celler\", 1",
        "scripts/tap.rhai:4:22: unknown reference, found \"celler\", expected a key of rooms of village (did you mean \"cellar\"?)",
    );
}
