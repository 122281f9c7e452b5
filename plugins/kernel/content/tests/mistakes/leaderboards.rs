//! Mistakes of boards and ladders, and of when their seasons begin.

use crate::check;

const WINS: &str = "leaderboards/wins.ron";
const RATED: &str = "leaderboards/rated.ron";
const CLIMB: &str = "ladders/climb.ron";

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
        "leaderboards/wins.ron:6:12: who is worst would stand first, found Ascending, expected Descending",
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

#[test]
fn ladders() {
    check(
        CLIMB,
        "\"bout\"",
        "\"cup\"",
        "ladders/climb.ron:4:17: a rated battle is one of two, found \"cup\", expected a tournament in which two can take part",
    );
    check(
        "tournaments/bout.ron",
        ", clock: (turn_s: 20, lapse: Forfeit)",
        "",
        "ladders/climb.ron:4:17: a rated battle could last for ever, found \"bout\", expected a tournament with a clock",
    );
    check(
        CLIMB,
        "start: 100",
        "start: 1000",
        "ladders/climb.ron:5:28: start is more than max, found 1000 and 900, expected start at most max",
    );
    check(CLIMB, "from: 0", "from: 5", "ladders/climb.ron:6:45: from out of range, found 5, expected 0");
    check(CLIMB, "from: 1600", "from: 0", "ladders/climb.ron:6:83: from out of range, found 0, expected 1 to 12000");
    check(
        CLIMB,
        "\"high\"",
        "\"low\"",
        "ladders/climb.ron:6:55: two ranks of one key, found \"low\", expected each key once",
    );
    check(
        CLIMB,
        "pull_back_percent: 50",
        "pull_back_percent: 500",
        "ladders/climb.ron:8:24: pull_back_percent out of range, found 500, expected 0 to 100 (in percent: 5)",
    );
    check(
        RATED,
        "\"climb\"",
        "\"clime\"",
        "leaderboards/rated.ron:1:59: unknown reference, found \"clime\", expected a key of ladders (did you mean \"climb\"?)",
    );
    check(
        RATED,
        "Set",
        "Increment",
        "leaderboards/rated.ron:1:79: ratings are not added up, found Increment, expected Set or Best",
    );
}
