//! Mistakes of boards, and of when their seasons begin.

use crate::check;

const WINS: &str = "leaderboards/wins.ron";

#[test]
fn boards() {
    check(
        WINS,
        r#"["cup"]"#,
        r#"["cap"]"#,
        "leaderboards/wins.ron:4:36: unknown reference, found \"cap\", expected a key of tournaments (did you mean \"cup\"?)",
    );
    check(
        WINS,
        "opponents_min: 3",
        "opponents_min: 64",
        "leaderboards/wins.ron:4:59: opponents_min out of range, found 64, expected 1 to 63",
    );
    check(
        WINS,
        "Increment",
        "Best",
        "leaderboards/wins.ron:5:15: games that are won are not added up, found Best, expected Increment",
    );
    check(
        WINS,
        "Descending",
        "Ascending",
        "leaderboards/wins.ron:6:12: who wins least would stand first, found Ascending, expected Descending",
    );
    check(
        WINS,
        "Increment",
        "Incremnt",
        "leaderboards/wins.ron:5:15: unknown value, found `Incremnt`, expected one of Best, Set, Increment, Decrement (did you mean `Increment`?)",
    );
}

#[test]
fn schedules() {
    check(WINS, "day: 1", "day: 29", "leaderboards/wins.ron:7:26: day out of range, found 29, expected 1 to 28");
    check(WINS, "day: 1", "day: 0", "leaderboards/wins.ron:7:26: day out of range, found 0, expected 1 to 28");
    for wrong in [r#""24:00""#, r#""4:00""#, r#""04:00 UTC""#, r#""""#] {
        let expect = format!(
            "leaderboards/wins.ron:7:34: wrong value, found {wrong}, expected a time of day from \"00:00\" to \"23:59\""
        );
        check(WINS, r#""04:00""#, wrong, &expect);
    }
    check(
        WINS,
        "Monthly(day: 1, ",
        "Weekly(day: Mondy, ",
        "leaderboards/wins.ron:7:25: unknown value, found `Mondy`, expected one of Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday (did you mean `Monday`?)",
    );
    check(
        WINS,
        "Monthly(day: 1, ",
        "Hourly(",
        "leaderboards/wins.ron:7:13: unknown value, found `Hourly`, expected one of Daily, Weekly, Monthly",
    );
    check(
        WINS,
        "Monthly(day: 1, ",
        "Daily(day: 1, ",
        "leaderboards/wins.ron:7:19: unknown field, found `day`, expected one of at",
    );
}
