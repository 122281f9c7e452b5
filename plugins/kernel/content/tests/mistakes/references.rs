//! Keys of nothing, and how many messages mistakes make.

use crate::check;

#[test]
fn references_to_nothing() {
    check(
        "abilities/slash.ron",
        "Some(\"bleed\")",
        "Some(\"blead\")",
        "abilities/slash.ron:7:18: unknown reference, found \"blead\", expected a key of effects (did you mean \"bleed\"?)",
    );
    check(
        "items/sword.ron",
        "\"slash\"",
        "\"thunderbolt\"",
        "items/sword.ron:6:14: unknown reference, found \"thunderbolt\", expected a key of abilities",
    );
    check(
        "loot/chest.ron",
        "Item(\"sword\")",
        "Item(\"chest\")",
        "loot/chest.ron:5:32: unknown reference, found \"chest\", expected a key of items",
    );
    check(
        "loot/chest.ron",
        "[\"medkit\", \"sword\"]",
        "[\"medkit\", \"swrd\"]",
        "loot/chest.ron:2:24: unknown reference, found \"swrd\", expected a key of items (did you mean \"sword\"?)",
    );
    check(
        "maps/field.ron",
        "(\"rat\", 3)",
        "(\"bat\", 3)",
        "maps/field.ron:6:102: unknown reference, found \"bat\", expected a key of npcs (did you mean \"rat\"?)",
    );
    check(
        "modes/duel.ron",
        "map: \"field\"",
        "map: \"feild\"",
        "modes/duel.ron:3:10: unknown reference, found \"feild\", expected a key of maps (did you mean \"field\"?)",
    );
    check(
        "modes/duel.ron",
        "hazard: \"storm\"",
        "hazard: \"strom\"",
        "modes/duel.ron:24:18: unknown reference, found \"strom\", expected a key of hazards (did you mean \"storm\"?)",
    );
    check(
        "npcs/rat.ron",
        "\"beast\"",
        "\"\"",
        "npcs/rat.ron:10:16: unknown reference, found \"\", expected a key of behaviours",
    );
}

#[test]
fn one_mistake_gives_one_message() {
    check(
        "items/sword.ron",
        "value: 20",
        "value: twenty",
        "items/sword.ron:7:12: syntax error, found `twenty`, expected integer",
    );
}

#[test]
fn every_mistake_is_reported() {
    check(
        "items/sword.ron",
        "slot: Weapon,\n    modifiers: [(stat: Strength, by: Flat(2))",
        "modifiers: [(stat: Strength, by: Flat(2000))",
        "items/sword.ron:3:11: slot does not fit the kind, found no slot, expected slot Weapon for a Weapon\nitems/sword.ron:4:43: Flat out of range, found 2000, expected -1000 to 1000",
    );
    check(
        "modes/duel.ron",
        "count: 3, radius_cm: 500, channel_ms: 2000",
        "count: 0, radius_cm: 1, channel_ms: 0",
        "modes/duel.ron:26:20: count out of range, found 0, expected 1 to 32\nmodes/duel.ron:26:34: radius_cm out of range, found 1, expected 100 to 5000 (in centimetres: 100 for 1 m)\nmodes/duel.ron:26:49: channel_ms out of range, found 0, expected 100 to 60000",
    );
}
