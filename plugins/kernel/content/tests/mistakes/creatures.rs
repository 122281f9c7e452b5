//! Mistakes of creatures, their battles, opponents and tournaments.

use crate::check;

const BRAWL: &str = "battles/brawl.ron";
const HARE: &str = "creatures/hare.ron";
const BEGINNER: &str = "opponents/beginner.ron";
const EXPERT: &str = "opponents/expert.ron";
const CUP: &str = "tournaments/cup.ron";

#[test]
fn battles() {
    check(
        BRAWL,
        "stat_base: 10",
        "stat_base: 30",
        "battles/brawl.ron:3:16: stat_base is more than stat_max, found 30 and 20, expected stat_base at most stat_max",
    );
    check(
        BRAWL,
        "stat_min: 1",
        "stat_min: 0",
        "battles/brawl.ron:3:30: stat_min out of range, found 0, expected 1 to 100",
    );
    check(
        BRAWL,
        "hp_per_health: 10",
        "hp_per_health: 0",
        "battles/brawl.ron:5:14: creatures without hit points, found 0, expected hp_base or hp_per_health of 1 at least",
    );
    check(
        BRAWL,
        "damage_min: 5",
        "damage_min: 16",
        "battles/brawl.ron:6:17: damage_min is more than damage_max, found 16 and 15, expected damage_min at most damage_max",
    );
    check(
        BRAWL,
        "strength_divisor: 10",
        "strength_divisor: 0",
        "battles/brawl.ron:7:23: strength_divisor out of range, found 0, expected 1 to 100",
    );
    check(
        BRAWL,
        "crit_damage_bp: 15000",
        "crit_damage_bp: 150",
        "battles/brawl.ron:8:44: crit_damage_bp out of range, found 150, expected 10000 to 100000",
    );
    check(
        BRAWL,
        "defended_bp: 3000",
        "defended_bp: 30000",
        "battles/brawl.ron:10:18: defended_bp out of range, found 30000, expected 0 to 10000",
    );
    check(
        BRAWL,
        "dodge_bp: 7000",
        "dodge_bp: -7000",
        "battles/brawl.ron:12:43: dodge_bp out of range, found -7000, expected 0 to 100000",
    );
    check(
        BRAWL,
        "specials: 1",
        "specials: 10",
        "battles/brawl.ron:13:27: specials out of range, found 10, expected 0 to 9",
    );
    check(
        BRAWL,
        "turns_max: 200",
        "turns_max: 0",
        "battles/brawl.ron:14:16: turns_max out of range, found 0, expected 1 to 1000",
    );
}

#[test]
fn types_of_creatures() {
    check(
        HARE,
        "speed: 2",
        "speed: 200",
        "creatures/hare.ron:4:19: speed out of range, found 200, expected -100 to 100",
    );
    check(
        HARE,
        "speed: 2",
        "sped: 2",
        "creatures/hare.ron:4:12: unknown field, found `sped`, expected one of speed, health, defence, strength, luck (did you mean `speed`?)",
    );
    check(
        HARE,
        r#""(\\ /)""#,
        r#""123456789012345678901234567890123""#,
        "creatures/hare.ron:5:11: a line of art cannot be shown, found \"123456789012345678901234567890123\", expected at most 32 characters that can be shown",
    );
    check(
        HARE,
        r#""Long ears.""#,
        r#""""#,
        "creatures/hare.ron:3:18: description has the wrong length, found 0 bytes, expected 1 to 1024 bytes",
    );
}

#[test]
fn opponents() {
    check(
        EXPERT,
        "level: 2",
        "level: 1",
        "opponents/expert.ron:1:25: two opponents of one level, found level 1 of beginner and expert, expected a level of its own",
    );
    check(
        BEGINNER,
        r#"["Pip"]"#,
        "[]",
        "opponents/beginner.ron:4:12: names has the wrong number of entries, found 0, expected 1 to 64",
    );
    check(
        BEGINNER,
        r#"["Pip"]"#,
        r#"["Pip the Unbearably Longwinded"]"#,
        "opponents/beginner.ron:4:13: name is too long for a creature, found \"Pip the Unbearably Longwinded\", expected at most 24 characters",
    );
    check(
        BEGINNER,
        "stats_min: 2",
        "stats_min: 4",
        "opponents/beginner.ron:5:30: stats_min is more than stats_max, found 4 and 3, expected stats_min at most stats_max",
    );
    check(
        BEGINNER,
        "stats_max: 3",
        "stats_max: 6",
        "opponents/beginner.ron:5:44: stats_max out of range, found 6, expected 1 to 5",
    );
    check(
        EXPERT,
        "([Health, Defence], 2)",
        "([], 2)",
        "opponents/expert.ron:1:55: points has the wrong number of entries, found 0, expected 1 to 5",
    );
    check(
        EXPERT,
        "[([Strength], 3), ([Health, Defence], 2)]",
        "[]",
        "opponents/expert.ron:1:55: points has the wrong number of entries, found 0, expected 1 to 32",
    );
    check(
        EXPERT,
        r#"expects: "beginner""#,
        r#"expects: "expert""#,
        "opponents/expert.ron:1:143: an opponent that cannot be expected, found expert, expected one that moves by weights",
    );
    check(
        EXPERT,
        "playouts: 100",
        "playouts: 0",
        "opponents/expert.ron:1:129: playouts out of range, found 0, expected 1 to 2000",
    );
    check(
        BEGINNER,
        "weight: 10",
        "weight: 0",
        "opponents/beginner.ron:7:17: an opponent that never attacks, found no weight, expected one above 0",
    );
    check(
        BEGINNER,
        "HpBelow(30)",
        "HpBelow(130)",
        "opponents/beginner.ron:8:26: when out of range, found 130, expected 1 to 100",
    );
}

#[test]
fn tournaments() {
    check(
        CUP,
        r#""brawl""#,
        r#""brwal""#,
        "tournaments/cup.ron:4:13: unknown reference, found \"brwal\", expected a key of battles (did you mean \"brawl\"?)",
    );
    check(
        CUP,
        r#""expert""#,
        r#""exprt""#,
        "tournaments/cup.ron:8:24: unknown reference, found \"exprt\", expected a key of opponents (did you mean \"expert\"?)",
    );
    check(
        CUP,
        "points_between: 3",
        "best_of: 4",
        "tournaments/cup.ron:9:14: best_of out of range, found 4, expected 1, 3, 5, 7 or 9",
    );
    check(
        CUP,
        "entrants_max: 8",
        "entrants_max: 80",
        "tournaments/cup.ron:7:19: entrants_max out of range, found 80, expected 2 to 64",
    );
    check(
        CUP,
        "entrants_min: 4",
        "entrants_min: 1",
        "tournaments/cup.ron:6:19: entrants_min out of range, found 1, expected 2 to 64",
    );
    check(
        CUP,
        "entrants_min: 4",
        "entrants_min: 9",
        "tournaments/cup.ron:6:19: entrants_min is more than entrants_max, found 9 and 8, expected entrants_min at most entrants_max",
    );
    check(
        CUP,
        "entrants_min: 4,\n    entrants_max: 8",
        "entrants_min: 5,\n    entrants_max: 7",
        "tournaments/cup.ron:6:19: no number of creatures is possible, found 5 to 7, expected a power of two among them, or allows_byes: true",
    );
    check(
        CUP,
        "SingleElimination()",
        "Swiss(rounds: 20)",
        "tournaments/cup.ron:5:27: rounds out of range, found 20, expected 1 to 16",
    );
    check(
        CUP,
        "turn_s: 20",
        "turn_s: 0",
        "tournaments/cup.ron:10:21: turn_s out of range, found 0, expected 1 to 3600",
    );
    check(CUP, "points_between: 3", r#"seeding: Rating("climb")"#, "none");
    check(
        CUP,
        "points_between: 3",
        r#"seeding: Rating("clim")"#,
        "tournaments/cup.ron:9:21: unknown reference, found \"clim\", expected a key of ladders (did you mean \"climb\"?)",
    );
    check(
        CUP,
        "points_between: 3",
        "seeding: Drwan",
        "tournaments/cup.ron:9:14: unknown value, found `Drwan`, expected one of EntryOrder, Drawn, Rating (did you mean `Drawn`?)",
    );
}

#[test]
fn pots_of_tournaments() {
    let pot = |fields: &str| format!("points_between: 3,\n    {fields}");
    let refused = |fields: &str, expected: &str| check(CUP, "points_between: 3", &pot(fields), expected);
    refused(
        "entry_fee: 10, prizes_percent: [60, 50]",
        "tournaments/cup.ron:10:36: more prizes than there is, found 110 percent, expected at most 100",
    );
    refused(
        "prizes_percent: [60, 0]",
        "tournaments/cup.ron:10:26: prizes_percent out of range, found 0, expected 1 to 100",
    );
    refused(
        "entry_fee: 10",
        "tournaments/cup.ron:10:16: a pot that nobody wins, found a fee of 10 and a purse of 0, expected prizes_percent, such as [60, 30, 10]",
    );
    refused(
        "entry_fee: 1_000_000_001, prizes_percent: [60]",
        "tournaments/cup.ron:10:16: entry_fee out of range, found 1_000_000_001, expected 0 to 1000000000",
    );
    refused("people_min: 0", "tournaments/cup.ron:10:17: people_min out of range, found 0, expected 1 to 64");
    refused(
        "people_min: 9",
        "tournaments/cup.ron:10:17: people_min is more than entrants_max, found 9 and 8, expected people_min at most entrants_max",
    );
}
