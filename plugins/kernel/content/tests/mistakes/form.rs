//! Files that are no definition.

use crate::check;

#[test]
fn not_ron_at_all() {
    check(
        "abilities/slash.ron",
        "damage: 12,",
        "damage 12,",
        "abilities/slash.ron:5:12: colon missing, found `12`, expected `:` after `damage`",
    );
    check(
        "abilities/slash.ron",
        "cooldown_ms: 700,\n)",
        "cooldown_ms: 700,",
        "abilities/slash.ron:1:1: `(` is never closed, found the end, expected `)`",
    );
    check(
        "abilities/slash.ron",
        "90),",
        "90,",
        "abilities/slash.ron:5:5: unknown field, found `damage`, expected one of range_cm, arc_deg (is the `(` of line 4 closed?)",
    );
    check(
        "abilities/slash.ron",
        "\"Slash\"",
        "\"Slash",
        "abilities/slash.ron:2:11: string is never closed, found the end of the line, expected `\"`",
    );
    check("items/medkit.ron", "30)", "30) x", "items/medkit.ron:1:64: syntax error, found `x`, expected the end");
    check(
        "loot/rubbish.ron",
        "(rolls: 1, entries: [(weight: 1, drop: Nothing)])",
        "",
        "loot/rubbish.ron:1:1: syntax error, found the end, expected opening `(` for struct `LootDef`",
    );
    check(
        "loot/rubbish.ron",
        "Nothing",
        &"(".repeat(200),
        "loot/rubbish.ron:1:40: syntax error, found `(`, expected identifier\nloot/rubbish.ron:1:236: `(` is never closed, found the end, expected `)`",
    );
    check(
        "loot/rubbish.ron",
        "(rolls",
        &"[".repeat(200_000),
        "loot/rubbish.ron:1:1: syntax error, found `[`, expected opening `(` for struct `LootDef`",
    );
}

#[test]
fn the_wrong_words() {
    check(
        "abilities/slash.ron",
        "damage: 12,",
        "damagge: 12,",
        "abilities/slash.ron:5:5: unknown field, found `damagge`, expected one of name, shape, damage, scales_with, effect, dispels, dispels_max, cooldown_ms, cast_ms, mana (did you mean `damage`?)",
    );
    check(
        "abilities/slash.ron",
        "    damage: 12,\n",
        "",
        "abilities/slash.ron:8:1: missing field, found the end without it, expected `damage`",
    );
    check(
        "abilities/slash.ron",
        "    damage: 12,\n",
        "    damage: 12,\n    damage: 13,\n",
        "abilities/slash.ron:6:5: field given twice, found `damage`, expected it once",
    );
    check(
        "abilities/slash.ron",
        "Melee(",
        "Meele(",
        "abilities/slash.ron:4:12: unknown value, found `Meele`, expected one of Melee, Hitscan, Projectile, Area (did you mean `Melee`?)",
    );
    check(
        "modes/duel.ron",
        "deploy_ms: 500,",
        "deploy_ms: 500,\n    watch: Evryone,",
        "modes/duel.ron:13:12: unknown value, found `Evryone`, expected one of Nobody, Party, Everyone (did you mean `Everyone`?)",
    );
    check(
        "abilities/slash.ron",
        "arc_deg: 90",
        "arc: 90",
        "abilities/slash.ron:4:33: unknown field, found `arc`, expected one of range_cm, arc_deg (did you mean `arc_deg`?)",
    );
    check(
        "abilities/slash.ron",
        "damage: 12",
        "damage: \"12\"",
        "abilities/slash.ron:5:13: value in quotes, found \"12\", expected 12 without quotes",
    );
    check(
        "abilities/slash.ron",
        "damage: 12",
        "damage: 1.5",
        "abilities/slash.ron:5:13: not a whole number, found `1.5`, expected a whole number",
    );
    check(
        "abilities/slash.ron",
        "damage: 12",
        "damage: -1",
        "abilities/slash.ron:5:13: damage out of range, found -1, expected 0 to 10000",
    );
    check(
        "abilities/slash.ron",
        "damage: 12",
        "damage: 4294967296",
        "abilities/slash.ron:5:13: damage out of range, found 4294967296, expected 0 to 10000",
    );
}
