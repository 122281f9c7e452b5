//! Definitions that are well written and make no sense.

use hypogeum_content::Content;

use crate::check;

#[test]
fn items_that_cannot_do_what_they_are_for() {
    check(
        "items/sword.ron",
        "slot: Weapon",
        "slot: Head",
        "items/sword.ron:4:11: slot does not fit the kind, found Head, expected slot Weapon for a Weapon",
    );
    check(
        "items/sword.ron",
        "    ability: \"slash\",\n",
        "",
        "items/sword.ron:3:11: weapon without attack, found no ability, expected a key of abilities",
    );
    check(
        "items/sword.ron",
        "kind: Weapon,\n    slot: Weapon",
        "kind: Armour,\n    slot: Body",
        "items/sword.ron:6:14: ability on what is no weapon, found Armour, expected no ability",
    );
    check(
        "items/medkit.ron",
        ", on_use: \"bleed\"",
        "",
        "items/medkit.ron:1:24: consumable without use, found no on_use, expected a key of effects",
    );
    check(
        "items/medkit.ron",
        "kind: Consumable",
        "kind: Valuable",
        "items/medkit.ron:1:42: use of what is not consumed, found Valuable, expected no on_use",
    );
    check(
        "items/medkit.ron",
        "value",
        "modifiers: [(stat: Speed, by: Flat(1))], value",
        "items/medkit.ron:1:64: modifiers on what is not worn, found Consumable, expected no modifiers",
    );
}

#[test]
fn items_that_stack_wear_or_hold_what_they_cannot() {
    check(
        "items/sword.ron",
        "    ability: \"slash\",\n",
        "    ability: \"slash\",\n    stack_max: 2,\n",
        "items/sword.ron:7:16: stacks of what is worn, found Weapon, expected no stack_max",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, durability: 5",
        "items/medkit.ron:1:76: durability of what is not worn, found Consumable, expected no durability",
    );
    check(
        "items/sword.ron",
        "slot: Weapon",
        "slot: Weapon, repairs: 5",
        "items/sword.ron:4:28: repairs by what is worn, found Weapon, expected no repairs",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, stack_max: 5, binds: OnWear",
        "items/medkit.ron:1:85: binding of what stacks, found 5, expected no binds, or no stack_max",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, stack_max: 5, is_unique: true",
        "items/medkit.ron:1:89: one at most of what stacks, found 5, expected no stack_max",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, on_conflict: Merge",
        "items/medkit.ron:1:77: merging of what never stacks, found Merge, expected First or Reject, or a stack_max",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, claim_ms: 600001",
        "items/medkit.ron:1:74: claim_ms out of range, found 600001, expected 0 to 600000",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, stack_max: 1001",
        "items/medkit.ron:1:75: stack_max out of range, found 1001, expected 1 to 1000",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, plural: \"Kits\"",
        "items/medkit.ron:1:72: plural of what never stacks, found Kits, expected no plural, or a stack_max",
    );
    check(
        "items/medkit.ron",
        "30",
        "30, holds: 4",
        "items/medkit.ron:1:71: bag that is consumed, found Consumable, expected no holds",
    );
}

#[test]
fn fighters_that_can_do_nothing() {
    check(
        "abilities/slash.ron",
        "damage: 12,\n    scales_with: Strength,\n    effect: Some(\"bleed\")",
        "damage: 0,\n    scales_with: Strength",
        "abilities/slash.ron:5:13: ability without effect, found no damage and no effect, expected one of them",
    );
    check(
        "npcs/rat.ron",
        "[\"slash\"]",
        "[]",
        "npcs/rat.ron:6:16: nothing to fight with, found no abilities, expected one at least, as \"beast\" fights",
    );
}

#[test]
fn loot_without_end_or_beginning() {
    check(
        "loot/rubbish.ron",
        "Nothing",
        "Table(\"rubbish\")",
        "loot/rubbish.ron:1:46: loot tables in a ring, found \"rubbish\", expected a table that does not lead back here",
    );
    check(
        "loot/rubbish.ron",
        "Nothing",
        "Table(\"chest\")",
        "loot/chest.ron:6:33: loot tables in a ring, found \"rubbish\", expected a table that does not lead back here\nloot/rubbish.ron:1:46: loot tables in a ring, found \"chest\", expected a table that does not lead back here",
    );
    check(
        "loot/rubbish.ron",
        "weight: 1",
        "weight: 1, level_min: 2",
        "loot/rubbish.ron:1:21: nothing to draw from, found no entry for every level, expected an entry with no level_min, or no rolls",
    );
    check(
        "loot/rubbish.ron",
        "[(weight: 1, drop: Nothing)]",
        "[]",
        "loot/rubbish.ron:1:21: nothing to draw from, found no entry for every level, expected an entry with no level_min, or no rolls",
    );
    check(
        "loot/rubbish.ron",
        "rolls: 1,",
        "rolls: 16, always: [\"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\", \"medkit\"],",
        "loot/chest.ron:3:12: too many draws, found 68, expected at most 64, nested tables included",
    );
}

#[test]
fn exits_nobody_can_take() {
    check(
        "modes/duel.ron",
        "(8000, 30000)",
        "(8000, 30001)",
        "modes/duel.ron:26:89: exit closes out of range, found 30001, expected 10000 to 30000",
    );
    check(
        "modes/duel.ron",
        "(8000, 30000)",
        "(8000, 8000)",
        "modes/duel.ron:26:89: exit closes out of range, found 8000, expected 10000 to 30000",
    );
    check(
        "modes/duel.ron",
        "(8000, 30000)",
        "(8000, 9999)",
        "modes/duel.ron:26:89: exit closes out of range, found 9999, expected 10000 to 30000",
    );
    check(
        "modes/duel.ron",
        "(8000, 30000)",
        "(28001, 30000)",
        "modes/duel.ron:26:83: exit opens out of range, found 28001, expected 0 to 28000",
    );
    check(
        "modes/duel.ron",
        "[(5000, 20000), (8000, 30000)]",
        "[]",
        "modes/duel.ron:26:66: open_ms has the wrong number of entries, found 0, expected 1 to 3",
    );
    check(
        "modes/duel.ron",
        "exits: (count: 3",
        "exits: (count: 1",
        "modes/duel.ron:26:66: open_ms has the wrong number of entries, found 2, expected 1",
    );
    check(
        "modes/duel.ron",
        "radius_cm: 500",
        "radius_cm: 1251",
        "modes/duel.ron:26:34: radius_cm out of range, found 1251, expected 100 to 1250",
    );
}

#[test]
fn a_place_or_time_that_a_mode_does_not_have() {
    check(
        "modes/duel.ron",
        "at: \"ruin\"",
        "at: \"vault\"",
        "modes/duel.ron:21:43: unknown place, found \"vault\", expected a kind of point of interest of map \"field\": camp, ruin",
    );
    check(
        "modes/duel.ron",
        "At(\"camp\")",
        "At(\"vault\")",
        "modes/duel.ron:23:47: unknown place, found \"vault\", expected a kind of point of interest of map \"field\": camp, ruin",
    );
    check(
        "modes/duel.ron",
        "At(\"camp\"), count: 2",
        "At(\"camp\"), count: 3",
        "modes/duel.ron:23:63: more hazards than places, found 3, expected at most 2, as many as there are of \"camp\"",
    );
    check(
        "modes/duel.ron",
        "Middle, count: 1",
        "Middle, count: 2",
        "modes/duel.ron:24:63: more than one storm, found 2, expected 1",
    );
    check(
        "modes/duel.ron",
        "place: Middle",
        "place: Anywhere",
        "modes/duel.ron:24:48: storm off the middle, found Anywhere, expected Middle",
    );
    check(
        "modes/duel.ron",
        "at_ms: 10000",
        "at_ms: 26000",
        "modes/duel.ron:24:34: hazard after the end, found 26000, expected less than 30000 with its warning of 4000",
    );
    check(
        "modes/duel.ron",
        "at_ms: 10000",
        "at_ms: 30000",
        "modes/duel.ron:24:34: at_ms out of range, found 30000, expected 0 to 29999",
    );
    check(
        "maps/field.ron",
        "kind: \"camp\"",
        "kind: \"ruin\"",
        "maps/field.ron:7:16: kind given twice, found \"ruin\", expected each kind once\nmodes/duel.ron:23:47: unknown place, found \"camp\", expected a kind of point of interest of map \"field\": ruin, ruin",
    );
}

#[test]
fn more_than_a_mode_or_map_has_room_for() {
    check(
        "modes/duel.ron",
        "inventory_slots: 8",
        "inventory_slots: 1",
        "modes/duel.ron:33:24: starter items do not fit, found 2, expected at most the 1 inventory slots",
    );
    check(
        "modes/duel.ron",
        "(npc: \"rat\", count: 4",
        "(npc: \"rat\", count: 500), (npc: \"rat\", count: 500",
        "modes/duel.ron:21:15: too many NPCs, found 1010, expected at most 1000, guards of the map and those whom phases call included",
    );
    check(
        "modes/duel.ron",
        "players_max: 4",
        "players_max: 201",
        "modes/duel.ron:5:18: no room for all, found 201, expected at most 200, 50 m² of map \"field\" for each",
    );
    check(
        "modes/duel.ron",
        "players_max: 4,",
        "players_max: 300,\n    watch: Everyone,",
        "modes/duel.ron:5:18: no room for all, found 300, expected at most 200, 50 m² of map \"field\" for each\nmodes/duel.ron:6:12: too many for everyone to watch, found 300, expected at most 256 participants, or Party",
    );
    check(
        "maps/field.ron",
        "obstacles: (count: 20",
        "obstacles: (count: 2000",
        "maps/field.ron:4:24: obstacles leave no way, found 320 % of the map at their largest, expected at most 33 %",
    );
    check(
        "maps/field.ron",
        "count: 2, radius_cm: 800",
        "count: 64, radius_cm: 800",
        "maps/field.ron:5:11: points of interest do not fit, found 165 % of the map, expected at most 50 %",
    );
}

#[test]
fn loot_tables_in_loot_tables() {
    let table = |number: usize| {
        let inner = if number < 17 { format!("Table(\"t{:02}\")", number + 1) } else { "Nothing".into() };
        (format!("loot/t{number:02}.ron"), format!("(rolls: 1, entries: [(weight: 1, drop: {inner})])"))
    };
    let errors = Content::from_files((1..=17).map(table)).expect_err("seventeen are too many");
    let shown: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let expect = "loot/t01.ron:1:21: loot tables nested too deep, found 17, expected at most 16 in one another";
    assert_eq!(shown, [expect], "only the outermost is too deep");
    assert!(Content::from_files((2..=17).map(table)).is_ok(), "sixteen are not");
}

#[test]
fn dispels_of_what_no_effect_is() {
    check(
        "effects/bleed.ron",
        "stacking: Stack(3)",
        "tags: [\"Wound!\"], stacking: Stack(3)",
        "effects/bleed.ron:6:12: tag is not a key, found \"Wound!\", expected 1 to 64 of a-z, 0-9 and _",
    );
    check(
        "abilities/slash.ron",
        "cooldown_ms: 700",
        "dispels_max: 2, cooldown_ms: 700",
        "abilities/slash.ron:8:18: bound on what is not dispelled, found 2, expected no dispels_max, or dispels",
    );
    check(
        "items/sword.ron",
        "weight_g: 2000",
        "dispels: [\"poison\"]",
        "items/sword.ron:7:25: dispel by what is not consumed, found Weapon, expected no dispels\nitems/sword.ron:7:26: unknown tag, found \"poison\", expected a key of tags",
    );
}
