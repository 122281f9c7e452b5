//! Quantities that are too much or too little.

use crate::check;

#[test]
fn of_abilities() {
    check(
        "abilities/slash.ron",
        "damage: 12",
        "damage: 10001",
        "abilities/slash.ron:5:13: damage out of range, found 10001, expected 0 to 10000",
    );
    check(
        "abilities/slash.ron",
        "arc_deg: 90",
        "arc_deg: 0",
        "abilities/slash.ron:4:42: arc_deg out of range, found 0, expected 1 to 360",
    );
    check(
        "abilities/slash.ron",
        "range_cm: 200",
        "range_cm: 0",
        "abilities/slash.ron:4:28: range_cm out of range, found 0, expected 1 to 1000",
    );
    check(
        "abilities/slash.ron",
        "cooldown_ms: 700",
        "cooldown_ms: 0",
        "abilities/slash.ron:8:18: cooldown_ms out of range, found 0, expected 50 to 600000",
    );
    check(
        "abilities/slash.ron",
        "Melee(range_cm: 200, arc_deg: 90)",
        "Projectile(range_cm: 900, speed_cm_per_s: 90000, radius_cm: 5)",
        "abilities/slash.ron:4:54: speed_cm_per_s out of range, found 90000, expected 100 to 20000",
    );
}

#[test]
fn of_behaviours() {
    check(
        "behaviours/beast.ron",
        "think_every_ticks: 6",
        "think_every_ticks: 0",
        "behaviours/beast.ron:2:24: think_every_ticks out of range, found 0, expected 1 to 60",
    );
    check(
        "behaviours/beast.ron",
        "think_every_ticks: 6,",
        "think_every_ticks: 6, afar: (beyond_cm: 999, think_every_ticks: 60),",
        "behaviours/beast.ron:2:45: beyond_cm out of range, found 999, expected 1000 to 100000 (in centimetres: 99900 for 999 m)",
    );
    check(
        "behaviours/beast.ron",
        "HpAbove(20)",
        "HpAbove(120)",
        "behaviours/beast.ron:4:64: HpAbove out of range, found 120, expected 0 to 100",
    );
    check(
        "behaviours/beast.ron",
        "HpBelow(50), -10",
        "HpBelow(50), -2000000000",
        "behaviours/beast.ron:4:90: score out of range, found -2000000000, expected -100000 to 100000",
    );
}

#[test]
fn of_effects() {
    check(
        "effects/bleed.ron",
        "interval_ms: 1000",
        "interval_ms: 0",
        "effects/bleed.ron:5:18: interval_ms out of range, found 0, expected 50 to 4000",
    );
    check(
        "effects/bleed.ron",
        "    interval_ms: 1000,\n",
        "",
        "effects/bleed.ron:3:11: pulses without an interval, found no interval_ms, expected the time from one to the next",
    );
    check(
        "effects/bleed.ron",
        "interval_ms: 1000",
        "interval_ms: 5000",
        "effects/bleed.ron:5:18: interval_ms out of range, found 5000, expected 50 to 4000",
    );
    check(
        "effects/bleed.ron",
        "Flat(2)",
        "Flat(-2)",
        "effects/bleed.ron:3:23: Flat out of range, found -2, expected 1 to 10000",
    );
    check(
        "effects/bleed.ron",
        "Damage(Flat(2))",
        "Modify(Speed, BasisPoints(-10001))",
        "effects/bleed.ron:3:37: BasisPoints out of range, found -10001, expected -10000 to 50000",
    );
    check(
        "effects/bleed.ron",
        "Damage(Flat(2))",
        "Modify(Speed, Flat(0))",
        "effects/bleed.ron:3:30: change by nothing, found 0, expected any other number",
    );
    check(
        "effects/bleed.ron",
        "Stack(3)",
        "Stack(0)",
        "effects/bleed.ron:6:21: stacking out of range, found 0, expected 1 to 99",
    );
}

#[test]
fn of_hazards() {
    check(
        "hazards/mines.ron",
        "interval_ms: 1000",
        "interval_ms: 0",
        "hazards/mines.ron:6:18: interval_ms out of range, found 0, expected 1 to 60000",
    );
    check(
        "hazards/mines.ron",
        "blast_cm: 300",
        "blast_cm: 90",
        "hazards/mines.ron:3:58: trigger_cm is more than blast_cm, found 100 and 90, expected trigger_cm at most blast_cm",
    );
    check(
        "hazards/storm.ron",
        "closes_over_ms: 15000",
        "closes_over_ms: 0",
        "hazards/storm.ron:3:57: closes_over_ms out of range, found 0, expected 1000 to 3600000",
    );
}

#[test]
fn of_items() {
    check(
        "items/sword.ron",
        "weight_g: 2000",
        "weight_g: 1000001",
        "items/sword.ron:7:26: weight_g out of range, found 1000001, expected 0 to 1000000",
    );
    check(
        "items/sword.ron",
        "Percent(-5)",
        "Percent(-101)",
        "items/sword.ron:5:74: Percent out of range, found -101, expected -100 to 500",
    );
    check(
        "items/sword.ron",
        "value: 20",
        "value: 1000001",
        "items/sword.ron:7:12: value out of range, found 1000001, expected 0 to 1000000",
    );
    check(
        "items/sword.ron",
        "\"Sword\"",
        "\" \"",
        "items/sword.ron:2:11: name has the wrong length, found 0 characters, expected 1 to 48 characters",
    );
    check(
        "items/sword.ron",
        "\"Sword\"",
        "\"Sw\\u{7}ord\"",
        "items/sword.ron:2:11: name cannot be shown, found \\u{7}, expected no control characters",
    );
}

#[test]
fn of_loot_and_maps() {
    check(
        "loot/chest.ron",
        "rolls: 2",
        "rolls: 17",
        "loot/chest.ron:3:12: rolls out of range, found 17, expected 0 to 16",
    );
    check(
        "loot/chest.ron",
        "weight: 5, drop: Table",
        "weight: 0, drop: Table",
        "loot/chest.ron:6:18: weight out of range, found 0, expected 1 to 1000000",
    );
    check(
        "maps/field.ron",
        "side_m: 100",
        "side_m: 39",
        "maps/field.ron:3:13: side_m out of range, found 39, expected 40 to 2000",
    );
    check(
        "maps/field.ron",
        "side_cm_min: 100",
        "side_cm_min: 500",
        "maps/field.ron:4:41: side_cm_min is more than side_cm_max, found 500 and 400, expected side_cm_min at most side_cm_max",
    );
    check(
        "maps/field.ron",
        "(\"rat\", 3)",
        "(\"rat\", 0)",
        "maps/field.ron:6:109: guards out of range, found 0, expected 1 to 64",
    );
}

#[test]
fn of_npcs() {
    check(
        "npcs/rat.ron",
        "vitality: 20",
        "vitality: 0",
        "npcs/rat.ron:4:64: vitality out of range, found 0, expected 1 to 1000",
    );
    check(
        "npcs/rat.ron",
        "speed_cm_per_s: 400",
        "speed_cm_per_s: 2001",
        "npcs/rat.ron:4:84: speed_cm_per_s out of range, found 2001, expected 0 to 2000",
    );
    check(
        "npcs/rat.ron",
        "view_deg: 220",
        "view_deg: 361",
        "npcs/rat.ron:8:39: view_deg out of range, found 361, expected 1 to 360",
    );
    check(
        "npcs/rat.ron",
        "\"vermin\"",
        "\"Vermin!\"",
        "npcs/rat.ron:11:14: faction is not a key, found \"Vermin!\", expected 1 to 64 of a-z, 0-9 and _",
    );
}

#[test]
fn of_what_bodies_carry() {
    check(
        "modes/duel.ron",
        "inventory_slots: 8",
        "inventory_slots: 8, weight_max_g: 0",
        "modes/duel.ron:18:43: weight_max_g out of range, found 0, expected 1 to 100000000",
    );
}

#[test]
fn of_what_lies_on_the_ground() {
    check(
        "modes/duel.ron",
        "npc_drops: Ground,",
        "npc_drops: Ground, ground: (lifetime_ms: 1, things_max: 1),",
        "modes/duel.ron:27:46: lifetime_ms out of range, found 1, expected 1000 to 3600000 (in milliseconds: 1000 for 1 s)",
    );
}

#[test]
fn of_queries() {
    check(
        "modes/duel.ron",
        "deploy_ms: 500,",
        "deploy_ms: 500, relax_queries_ms: 99,",
        "modes/duel.ron:12:39: relax_queries_ms out of range, found 99, expected 100 to 600000 (in milliseconds: 99000 for 99 s)",
    );
}

#[test]
fn of_modes() {
    check(
        "modes/duel.ron",
        "deploy_ms: 500,",
        "deploy_ms: 500, tick_hz: 9,",
        "modes/duel.ron:12:30: tick_hz out of range, found 9, expected 10 to 60",
    );
    check(
        "modes/duel.ron",
        "players_max: 4",
        "players_max: 1",
        "modes/duel.ron:4:18: players_min is more than players_max, found 2 and 1, expected players_min at most players_max",
    );
    check(
        "modes/duel.ron",
        "players_max: 4",
        "players_max: 10001",
        "modes/duel.ron:5:18: players_max out of range, found 10001, expected 1 to 10000",
    );
    check(
        "modes/duel.ron",
        "players_min: 2",
        "players_min: 0",
        "modes/duel.ron:4:18: players_min out of range, found 0, expected 1 to 10000",
    );
    check(
        "modes/duel.ron",
        "duration_ms: 30000",
        "duration_ms: 4000000000",
        "modes/duel.ron:13:18: duration_ms out of range, found 4000000000, expected 10000 to 3600000",
    );
    check(
        "modes/duel.ron",
        "start: 100",
        "start: 1001",
        "modes/duel.ron:10:28: start is more than max, found 1001 and 1000, expected start at most max",
    );
    check(
        "modes/duel.ron",
        "first_ms: 5000",
        "first_ms: 30000",
        "modes/duel.ron:21:61: first_ms out of range, found 30000, expected 0 to 29999",
    );
    check(
        "modes/duel.ron",
        "respawn_ms: 9000",
        "respawn_ms: 1",
        "modes/duel.ron:21:79: respawn_ms out of range, found 1, expected 500 to 3600000 (in milliseconds: 1000 for 1 s)",
    );
    check(
        "modes/duel.ron",
        "inventory_slots: 8",
        "inventory_slots: 65",
        "modes/duel.ron:18:26: inventory_slots out of range, found 65, expected 1 to 64",
    );
    check(
        "modes/duel.ron",
        "speed_cm_per_s: 600",
        "speed_cm_per_s: 0",
        "modes/duel.ron:15:92: participants cannot walk, found 0, expected 1 to 2000",
    );
    check(
        "modes/duel.ron",
        "xp_kept_on_death_percent: 50",
        "xp_kept_on_death_percent: 101",
        "modes/duel.ron:32:35: xp_kept_on_death_percent out of range, found 101, expected 0 to 100",
    );
}

#[test]
fn of_parties() {
    check(
        "modes/duel.ron",
        "deploy_ms: 500,",
        "deploy_ms: 500, party: (members_max: 5, rating_spread_max: 0, rated_by: Mean),",
        "modes/duel.ron:12:42: members_max out of range, found 5, expected 1 to 4",
    );
}

#[test]
fn of_teams() {
    let teams = |teams: &str| format!("deploy_ms: 500, teams: ({teams}),");
    let downed = |bleed_ms, revive_ms| {
        let numbers = "reach_cm: 200, hp_percent: 40, revived_hp_percent: 30";
        teams(&format!("count: 2, size: 2, downed: (bleed_out_ms: {bleed_ms}, revive_ms: {revive_ms}, {numbers})"))
    };
    check("modes/duel.ron", "deploy_ms: 500,", &downed(20_000, 3_000), "none");
    check(
        "modes/duel.ron",
        "deploy_ms: 500,",
        &teams("count: 1, size: 4"),
        "modes/duel.ron:12:36: count out of range, found 1, expected 2 to 64",
    );
    check(
        "modes/duel.ron",
        "deploy_ms: 500,",
        &teams("count: 3, size: 2"),
        "modes/duel.ron:5:18: participants do not fit the teams, found 4, expected 6, 3 teams of 2",
    );
    check(
        "modes/duel.ron",
        "deploy_ms: 500,",
        &downed(2_000, 2_000),
        "modes/duel.ron:12:88: revive_ms out of range, found 2000, expected 100 to 1999",
    );
}

#[test]
fn of_waves() {
    let mode = "count: 4, at: \"ruin\", first_ms: 5000, respawn_ms: 9000";
    let waves = |waves: &str| format!("{mode}, waves: ({waves})");
    check("modes/duel.ron", mode, &waves("count: 3, grows_by: 2, pause_ms: 5000"), "none");
    check(
        "modes/duel.ron",
        mode,
        &waves("count: 0, pause_ms: 5"),
        "modes/duel.ron:21:100: count out of range, found 0, expected 1 to 100\n\
         modes/duel.ron:21:113: pause_ms out of range, found 5, expected 500 to 600000 (in milliseconds: 5000 for 5 s)",
    );
    check(
        "modes/duel.ron",
        mode,
        &waves("count: 20, grows_by: 10, pause_ms: 5000, at_latest_ms: 60000"),
        "modes/duel.ron:21:15: too many NPCs, found 1990, expected at most 1000, guards of the map and those whom phases call included",
    );
    check(
        "zones/village.ron",
        "count: 4, room: \"cellar\", respawn_ms: 9000",
        "count: 4000, room: \"cellar\", waves: (count: 2, grows_by: 100, pause_ms: 5000)",
        "zones/village.ron:24:15: too many NPCs, found 4100, expected at most 4096",
    );
}
