//! What is earned beside matches, as it is shown and taken.

use hypogeum_content::Content;
use hypogeum_progression::{RewardRules, RewardTerms, SeasonReward};
use serde_json::{Value, json};

use crate::memory::{Memory, WALLET};
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

/// An achievement, and a table of two days.
pub(crate) fn rules() -> RewardRules {
    let files = [
        ("achievements/out.ron", r#"(name: "Out", description: "O.", counts: Extracted, at: 3, cosmetic: "red")"#),
        ("cosmetics/red.ron", r#"(name: "Red", description: "R.", kind: Colour, price: 100)"#),
        ("daily/days.ron", "(days: [(currency: 5), (currency: 8)])"),
    ];
    RewardRules::of(&Content::from_files(files).unwrap())
}

fn server() -> (Server, Memory, Value) {
    let store = Memory::default();
    let server = Server::start(|config| config.rewards = rules(), store.clone());
    let login = server.player("Ada");
    (server, store, login)
}

#[test]
fn achievements_are_listed_with_how_far_one_has_come() {
    let (server, store, ada) = server();
    let listed = |progress: i64, done_s: Option<u64>| {
        let mut out = json!({
            "key": "out", "name": "Out", "description": "O.", "progress": progress, "at": 3,
            "reward": { "currency": 0, "cosmetic": "red" },
        });
        if let Some(done_s) = done_s {
            out["done_s"] = json!(done_s);
        }
        (200, json!({ "achievements": [out] }))
    };
    let ask = || server.ask(&ada, "GET", "/v1/achievements", &NOTHING);
    assert_eq!(ask(), listed(0, None), "nothing so far");
    store.achieve(1, "out", 7, Some(1_800_000_000));
    assert_eq!(ask(), listed(3, Some(1_800_000_000)), "what is reached counts no further");
    assert_eq!(server.get("/v1/achievements").0, 401, "each sees their own");
}

#[test]
fn each_day_in_a_row_gives_once() {
    let (server, store, ada) = server();
    let claim = || server.ask(&ada, "POST", "/v1/daily/days/claim", &NOTHING);
    let given = |today: i64, streak: u64, is_new: bool, currency: i64, balance: i64| {
        let reward = json!({ "currency": currency });
        let answer =
            json!({ "today": today, "streak": streak, "is_new": is_new, "reward": reward, "balance": balance });
        (200, answer)
    };
    store.set_today(100);
    assert_eq!(claim(), given(100, 1, true, 5, WALLET + 5), "the first day");
    assert_eq!(claim(), given(100, 1, false, 5, WALLET + 5), "once");
    store.set_today(101);
    assert_eq!(claim(), given(101, 2, true, 8, WALLET + 13), "the second");
    let (_, listed) = server.ask(&ada, "GET", "/v1/daily", &NOTHING);
    let days = json!([{ "currency": 5 }, { "currency": 8 }]);
    let table = json!({ "key": "days", "days": days, "today": 101, "streak": 2, "is_claimed": true });
    assert_eq!(listed, json!({ "tables": [table] }), "and it can be looked up");
    let answer = server.ask(&ada, "POST", "/v1/daily/none/claim", &NOTHING);
    assert_eq!(refused(&answer), (404, "no_such_daily"), "there is no other");
}

#[test]
fn what_seasons_have_given_is_listed() {
    let (server, store, ada) = server();
    for rank in [1, 2] {
        let reward = RewardTerms { currency: 10, cosmetic: None };
        let leaderboard = "wins".to_owned();
        store.season_gives(1, SeasonReward { leaderboard, season_s: 14_400, rank, reward, granted_s: 20_000 });
    }
    let (status, body) = server.ask(&ada, "GET", "/v1/season-rewards?count=1", &NOTHING);
    let given = json!({
        "leaderboard": "wins", "season_s": 14_400, "rank": 1, "reward": { "currency": 10 }, "granted_s": 20_000,
    });
    assert_eq!((status, body), (200, json!({ "rewards": [given] })), "as many as asked for");
    let answer = server.ask(&ada, "GET", "/v1/season-rewards?from=1", &NOTHING);
    assert_eq!(refused(&answer), (400, "malformed_query"), "nothing else is asked");
}
