//! What people write by habit from elsewhere, and what a slip of the finger leaves behind: the message says what to do.

use crate::{check, mistakes};

#[test]
fn numbers_that_no_field_holds_are_told_the_range_of_theirs() {
    check(
        "items/sword.ron",
        "value: 20",
        "value: -90",
        "items/sword.ron:7:12: value out of range, found -90, expected 0 to 1000000",
    );
    check(
        "items/sword.ron",
        "value: 20",
        "value: 4294967295",
        "items/sword.ron:7:12: value out of range, found 4294967295, expected 0 to 1000000",
    );
    check(
        "items/sword.ron",
        "value: 20",
        "value: 90000000000000000000",
        "items/sword.ron:7:12: value out of range, found 90000000000000000000, expected 0 to 1000000",
    );
    check(
        "behaviours/beast.ron",
        "score: 50",
        "score: -99999999999",
        "behaviours/beast.ron:4:34: score out of range, found -99999999999, expected -100000 to 100000",
    );
    check(
        "modes/duel.ron",
        "(5000, 20000)",
        "(5000, -20000)",
        "modes/duel.ron:26:74: exit closes out of range, found -20000, expected 7000 to 30000",
    );
}

#[test]
fn brackets_and_strings_that_are_never_closed() {
    check("items/medkit.ron", "30)", "30", "items/medkit.ron:1:1: `(` is never closed, found the end, expected `)`");
    check(
        "abilities/slash.ron",
        "cooldown_ms: 700,\n)",
        "cooldown_ms: 700,",
        "abilities/slash.ron:1:1: `(` is never closed, found the end, expected `)`",
    );
    check(
        "loot/chest.ron",
        "[\"medkit\", \"sword\"],",
        "[\"medkit\", \"sword\"",
        "loot/chest.ron:2:13: `[` is never closed, found `)` in line 8, expected `]`",
    );
    check(
        "loot/chest.ron",
        "[\"medkit\", \"sword\"]",
        "[\"medkit\", \"sword\")",
        "loot/chest.ron:2:31: brackets do not match, found `)`, expected `]` for the `[` of line 2",
    );
    check(
        "abilities/slash.ron",
        "\"Slash\"",
        "\"Slash",
        "abilities/slash.ron:2:11: string is never closed, found the end of the line, expected `\"`",
    );
    check(
        "abilities/slash.ron",
        "90),",
        "90,",
        "abilities/slash.ron:5:5: unknown field, found `damage`, expected one of range_cm, arc_deg (is the `(` of line 4 closed?)",
    );
    check(
        "items/medkit.ron",
        "30)",
        "30) /* and so on",
        "items/medkit.ron:1:64: comment is never closed, found the end, expected `*/`",
    );
}

#[test]
fn a_comma_is_missed_behind_what_it_should_follow() {
    check(
        "items/sword.ron",
        "kind: Weapon,",
        "kind: Weapon",
        "items/sword.ron:3:17: comma missing, found `slot`, expected `,` after `Weapon`",
    );
    check(
        "items/sword.ron",
        "ability: \"slash\",",
        "ability: \"slash\" // no comma",
        "items/sword.ron:6:21: comma missing, found `value`, expected `,` after \"slash\"",
    );
}

#[test]
fn quotes_too_many_or_too_few() {
    check(
        "items/sword.ron",
        "kind: Weapon",
        "kind: \"Weapon\"",
        "items/sword.ron:3:11: value in quotes, found \"Weapon\", expected Weapon without quotes",
    );
    check(
        "items/sword.ron",
        "value: 20",
        "value: \"20\"",
        "items/sword.ron:7:12: value in quotes, found \"20\", expected 20 without quotes",
    );
    check(
        "items/sword.ron",
        "ability: \"slash\"",
        "ability: slash",
        "items/sword.ron:6:14: quotes missing, found `slash`, expected \"slash\"",
    );
    check(
        "items/sword.ron",
        "ability: \"slash\"",
        "\"ability\": \"slash\"",
        "items/sword.ron:6:5: name in quotes, found \"ability\", expected ability without quotes",
    );
}

#[test]
fn a_byte_order_mark_is_no_mistake() {
    check("items/medkit.ron", "(name", "\u{feff}(name", "none");
}

#[test]
fn per_cent_is_written_as_percent() {
    check(
        "items/sword.ron",
        "Percent(-5)",
        "-4%",
        "items/sword.ron:5:66: a number alone, found `-4%`, expected Percent(-4)",
    );
    check(
        "items/sword.ron",
        "Percent(-5)",
        "-4",
        "items/sword.ron:5:66: a number alone, found `-4`, expected a name; of a change Flat(-4) or Percent(-4)",
    );
    check(
        "modes/duel.ron",
        "xp_kept_on_death_percent: 50,",
        "xp_kept_on_death_percent: 50%,",
        "modes/duel.ron:32:37: percent sign, found `%`, expected 50 alone, where a field is in percent",
    );
}

#[test]
fn a_share_in_basis_points_is_told_to_be_one_of_a_hundred() {
    check(
        "items/sword.ron",
        "Percent(-5)",
        "Percent(-3500)",
        "items/sword.ron:5:74: Percent out of range, found -3500, expected -100 to 500 (in percent: -35)",
    );
    check(
        "modes/duel.ron",
        "xp_kept_on_death_percent: 50",
        "xp_kept_on_death_percent: 4000",
        "modes/duel.ron:32:35: xp_kept_on_death_percent out of range, found 4000, expected 0 to 100 (in percent: 40)",
    );
    check(
        "modes/duel.ron",
        "xp_kept_on_death_percent: 50",
        "xp_kept_on_death: 4000",
        "modes/duel.ron:32:9: unknown field, found `xp_kept_on_death`, expected one of xp_per_player, xp_extracted, currency_extracted, xp_kept_on_death_percent, starter_items, starter_currency (did you mean `xp_kept_on_death_percent`?)",
    );
}

#[test]
fn json_and_its_kin() {
    check(
        "loot/rubbish.ron",
        "(rolls: 1, entries: [(weight: 1, drop: Nothing)])",
        "{ \"rolls\": 1 }",
        "loot/rubbish.ron:1:1: not RON but JSON, found `{`, expected `(`: RON has round brackets, and names without quotes",
    );
    check(
        "items/sword.ron",
        "    kind: Weapon,\n",
        "    # what it is\n    kind: Weapon,\n",
        "items/sword.ron:3:5: not a comment, found `#`, expected `//` before a comment",
    );
    check(
        "items/medkit.ron",
        "(name",
        "# what it is\n(name",
        "items/medkit.ron:1:1: not a comment, found `#`, expected `//` before a comment",
    );
}

#[test]
fn what_is_missing_is_missed_where_it_is_wanted() {
    check(
        "items/sword.ron",
        "    ability: \"slash\",\n",
        "",
        "items/sword.ron:3:11: weapon without attack, found no ability, expected a key of abilities",
    );
    check(
        "items/medkit.ron",
        ", on_use: \"bleed\"",
        "",
        "items/medkit.ron:1:24: consumable without use, found no on_use, expected a key of effects",
    );
    check(
        "items/sword.ron",
        "    slot: Weapon,\n",
        "",
        "items/sword.ron:3:11: slot does not fit the kind, found no slot, expected slot Weapon for a Weapon",
    );
    check(
        "effects/bleed.ron",
        "    interval_ms: 1000,\n",
        "",
        "effects/bleed.ron:3:11: pulses without an interval, found no interval_ms, expected the time from one to the next",
    );
}

#[test]
fn a_range_of_one_is_one_number() {
    check(
        "modes/duel.ron",
        "(8000, 30000)",
        "(28000, 31000)",
        "modes/duel.ron:26:90: exit closes out of range, found 31000, expected 30000",
    );
    check(
        "modes/duel.ron",
        "exits: (count: 3",
        "exits: (count: 1",
        "modes/duel.ron:26:66: open_ms has the wrong number of entries, found 2, expected 1",
    );
}

#[test]
fn of_two_that_contradict_each_other_both_are_named() {
    check(
        "modes/duel.ron",
        "players_min: 2",
        "players_min: 60",
        "modes/duel.ron:4:18: players_min is more than players_max, found 60 and 4, expected players_min at most players_max",
    );
    check(
        "modes/duel.ron",
        "start: 100",
        "start: 1001",
        "modes/duel.ron:10:28: start is more than max, found 1001 and 1000, expected start at most max",
    );
    check(
        "maps/field.ron",
        "side_cm_min: 100",
        "side_cm_min: 500",
        "maps/field.ron:4:41: side_cm_min is more than side_cm_max, found 500 and 400, expected side_cm_min at most side_cm_max",
    );
    check(
        "hazards/mines.ron",
        "trigger_cm: 100",
        "trigger_cm: 400",
        "hazards/mines.ron:3:58: trigger_cm is more than blast_cm, found 400 and 300, expected trigger_cm at most blast_cm",
    );
}

#[test]
fn several_slips_of_one_file_are_told_at_once() {
    let three = "nmae: \"Sword\",\n    kind: \"Weapon\",\n    slot: Wepon,\n    value: twenty,\n    wieght: 3";
    check(
        "items/sword.ron",
        "name: \"Sword\",\n    kind: Weapon,\n    slot: Weapon",
        three,
        "items/sword.ron:2:5: unknown field, found `nmae`, expected one of name, kind, slot, modifiers, ability, on_use, dispels, dispels_max, value, ground_lifetime_ms, weight_g, stack_max, plural, durability, blows_per_point, repairs, binds, is_quest, is_unique, holds, on_conflict, claim_ms (did you mean `name`?)\nitems/sword.ron:3:11: value in quotes, found \"Weapon\", expected Weapon without quotes\nitems/sword.ron:4:11: unknown value, found `Wepon`, expected one of Weapon, Head, Body, Trinket (did you mean `Weapon`?)\nitems/sword.ron:5:12: syntax error, found `twenty`, expected integer\nitems/sword.ron:6:5: unknown field, found `wieght`, expected one of name, kind, slot, modifiers, ability, on_use, dispels, dispels_max, value, ground_lifetime_ms, weight_g, stack_max, plural, durability, blows_per_point, repairs, binds, is_quest, is_unique, holds, on_conflict, claim_ms",
    );
}

#[test]
fn another_unit_is_told_as_the_cause_and_holds_back_what_follows_from_it() {
    check(
        "modes/duel.ron",
        "duration_ms: 30000",
        "duration_ms: 72",
        "modes/duel.ron:13:18: duration_ms out of range, found 72, expected 10000 to 3600000 (in milliseconds: 72000 for 72 s)",
    );
    check(
        "abilities/slash.ron",
        "cooldown_ms: 700",
        "cooldown_ms: 7",
        "abilities/slash.ron:8:18: cooldown_ms out of range, found 7, expected 50 to 600000 (in milliseconds: 7000 for 7 s)",
    );
    check(
        "modes/duel.ron",
        "sight_cm: 3000",
        "sight_cm: 30",
        "modes/duel.ron:19:19: sight_cm out of range, found 30, expected 500 to 20000 (in centimetres: 3000 for 30 m)",
    );
    check(
        "modes/duel.ron",
        "channel_ms: 2000",
        "channel_ms: 2",
        "modes/duel.ron:26:51: channel_ms out of range, found 2, expected 100 to 60000 (in milliseconds: 2000 for 2 s)",
    );
    assert_eq!(mistakes("maps/field.ron", "side_m: 100", "side_m: 10000").lines().count(), 1, "one cause, one message");
}
