//! Mistakes of cosmetics, achievements, daily rewards, and of what seasons give.

use hypogeum_content::Content;

const RED: &str = r#"(name: "Red", description: "R.", kind: Colour, price: 10)"#;
const TRAIL: &str = r#"(name: "Trail", description: "T.", kind: Trail, price: 20)"#;
const BOTH: &str = r#"(name: "Both", description: "B.", kind: Bundle, price: 25, parts: ["red", "trail"])"#;
const FIRST: &str = r#"(name: "First", description: "F.", counts: Matches, at: 1, cosmetic: "red")"#;
const WEEK: &str = r#"(days: [(currency: 1), (cosmetic: "trail")])"#;
const TOP: &str = r#"(
    name: "Top", description: "T.", counts: Submissions, operator: Best, season: Daily(at: "04:00"),
    rewards: [(to_rank: 1, cosmetic: "red"), (to_rank: 3, currency: 5)],
)"#;

const FILES: [(&str, &str); 6] = [
    ("achievements/first.ron", FIRST),
    ("cosmetics/both.ron", BOTH),
    ("cosmetics/red.ron", RED),
    ("cosmetics/trail.ron", TRAIL),
    ("daily/week.ron", WEEK),
    ("leaderboards/top.ron", TOP),
];

/// The only error where one file has `wrong` instead of `good`.
fn check(file: &str, good: &str, wrong: &str, expected: &str) {
    let files = FILES.map(|(path, text)| {
        assert!(path != file || text.contains(good), "{file} has {good:?}");
        (path, if path == file { text.replacen(good, wrong, 1) } else { text.to_owned() })
    });
    let errors = Content::from_files(files).err().unwrap_or_default();
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(errors, [expected], "{wrong} in {file}");
}

#[test]
fn what_is_right_is_taken() {
    let content = Content::from_files(FILES).unwrap_or_else(|errors| panic!("{errors:?}"));
    assert_eq!((content.cosmetics.len(), content.achievements.len(), content.daily.len()), (3, 1, 1), "all of it");
}

#[test]
fn cosmetics() {
    let red = "cosmetics/red.ron";
    check(red, "price: 10", "price: -1", "cosmetics/red.ron:1:55: price out of range, found -1, expected 1 to 1000000");
    check(red, "price: 10", "price: 0", "cosmetics/red.ron:1:55: price out of range, found 0, expected 1 to 1000000");
    let both = "cosmetics/both.ron";
    check(
        both,
        r#""trail""#,
        r#""trai""#,
        "cosmetics/both.ron:1:75: unknown reference, found \"trai\", expected a key of cosmetics (did you mean \"trail\"?)",
    );
    check(
        both,
        r#""trail""#,
        r#""both""#,
        "cosmetics/both.ron:1:75: a bundle in a bundle, found \"both\", expected what can be worn",
    );
    check(
        both,
        r#""trail""#,
        r#""red""#,
        "cosmetics/both.ron:1:75: one part twice, found \"red\", expected each part once",
    );
    check(
        both,
        r#"["red", "trail"]"#,
        r#"["red"]"#,
        "cosmetics/both.ron:1:67: parts has the wrong number of entries, found 1, expected 2 to 16",
    );
}

#[test]
fn rewards() {
    check(
        "achievements/first.ron",
        r#", cosmetic: "red""#,
        "",
        "achievements/first.ron:1:1: nothing is given, found no reward, expected currency or a cosmetic",
    );
    check(
        "daily/week.ron",
        "currency: 1",
        "currency: 1000001",
        "daily/week.ron:1:20: currency out of range, found 1000001, expected 0 to 1000000",
    );
    check(
        "leaderboards/top.ron",
        "to_rank: 3",
        "to_rank: 1",
        "leaderboards/top.ron:3:56: to_rank out of range, found 1, expected 2 to 1000",
    );
}

#[test]
fn nobody_is_given_a_bundle() {
    for (file, key, place) in [
        ("achievements/first.ron", r#""red""#, "1:70"),
        ("daily/week.ron", r#""trail""#, "1:35"),
        ("leaderboards/top.ron", r#""red""#, "3:38"),
    ] {
        let expected = format!("{file}:{place}: a bundle is given, found \"both\", expected what can be worn");
        check(file, key, r#""both""#, &expected);
    }
}
