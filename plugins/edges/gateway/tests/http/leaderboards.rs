//! Boards of who is best, as they are shown.

use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

fn get(server: &Server, login: &Value, path: &str) -> (u16, Value) {
    server.ask(login, "GET", path, &NOTHING)
}

fn ranks(body: &Value) -> Vec<(u64, u64, i64)> {
    let number = |entry: &Value, field: &str| entry[field].as_i64().unwrap();
    let entries = body["entries"].as_array().unwrap().iter();
    entries
        .map(|entry| (number(entry, "rank") as u64, number(entry, "account_id") as u64, number(entry, "score")))
        .collect()
}

#[test]
fn which_boards_there_are_is_told_to_everyone() {
    let server = Server::plain();
    let (status, body) = server.get("/v1/leaderboards");
    assert_eq!(status, 200, "without a login: {body}");
    let expected = json!({ "leaderboards": [
        { "key": "ever", "name": "Ever", "description": "Since it began.", "operator": "best", "order": "ascending",
          "counts": "submissions", "has_seasons": false },
        { "key": "wins", "name": "Wins", "description": "Won today.", "operator": "increment", "order": "descending",
          "counts": "games_won", "has_seasons": true,
          "rewards": [{ "to_rank": 3, "reward": { "currency": 7 } }] },
    ] });
    assert_eq!(body, expected);
}

#[test]
fn a_board_is_shown_page_by_page() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    let (status, body) = get(&server, &ada, "/v1/leaderboards/ever");
    let season = json!({ "season_s": 0, "is_over": false, "entry_count": 0 });
    assert_eq!((status, body), (200, json!({ "leaderboard": "ever", "season": season, "entries": [], "next": null })));

    store.rank("ever", 0, &[(7, "Bob", 9), (1, "Ada", 5), (8, "Cy", 5)]);
    let (_, first) = get(&server, &ada, "/v1/leaderboards/ever?count=2");
    assert_eq!(ranks(&first), [(1, 7, 9), (2, 1, 5)], "the best first");
    let next = first["next"].as_str().expect("somebody is behind them");
    let (_, second) = get(&server, &ada, &format!("/v1/leaderboards/ever?count=2&after={next}"));
    assert_eq!((ranks(&second), &second["next"]), (vec![(3, 8, 5)], &NOTHING), "and the rest");
    let (_, third) = get(&server, &ada, "/v1/leaderboards/ever?from=3");
    assert_eq!(ranks(&third), [(3, 8, 5)], "or by rank");
    let (_, around) = get(&server, &ada, "/v1/leaderboards/ever/around");
    assert_eq!(ranks(&around), [(1, 7, 9), (2, 1, 5), (3, 8, 5)], "around oneself");
    let (_, around) = get(&server, &ada, "/v1/leaderboards/ever/around?account_id=8&count=1");
    assert_eq!(ranks(&around), [(3, 8, 5)], "or around another");
    let (_, around) = get(&server, &ada, "/v1/leaderboards/ever/around?account_id=99");
    assert_eq!(ranks(&around), [], "who has no score is not there");
}

#[test]
fn seasons_that_were_can_be_looked_at() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    store.rank("wins", 14_400, &[(7, "Bob", 9)]);
    let (status, was) = get(&server, &ada, "/v1/leaderboards/wins?season=14400");
    assert_eq!((status, ranks(&was)), (200, vec![(1, 7, 9)]), "as it was: {was}");
    assert_eq!(was["season"], json!({ "season_s": 14_400, "is_over": true, "entry_count": 1 }));
    let (_, now) = get(&server, &ada, "/v1/leaderboards/wins");
    assert_eq!(ranks(&now), [], "the one that goes on is another");
    let (begins, ends) = (now["season"]["season_s"].as_i64().unwrap(), now["season"]["ends_s"].as_i64().unwrap());
    assert_eq!((begins.rem_euclid(86_400), ends - begins), (14_400, 86_400), "from four to four");
    let (_, seasons) = get(&server, &ada, "/v1/leaderboards/wins/seasons");
    assert_eq!(seasons["seasons"], json!([{ "season_s": 14_400, "is_over": true, "entry_count": 1 }]));
}

#[test]
fn what_is_no_board_is_refused() {
    let server = Server::plain();
    let ada = server.player("Ada");
    for path in ["", "/around", "/seasons"] {
        let answer = get(&server, &ada, &format!("/v1/leaderboards/nowhere{path}"));
        assert_eq!(refused(&answer), (404, "no_such_leaderboard"), "{path}");
    }
    let answer = get(&server, &ada, "/v1/leaderboards/wins?season=5");
    assert_eq!(refused(&answer), (404, "no_such_season"), "nobody has a score then");
    let wrong =
        ["season=now", "from=-1", "count=many", "after=5", "after=a.b", "after=1.2&from=3", "other=1", "from=1&from=2"];
    for query in wrong {
        let answer = get(&server, &ada, &format!("/v1/leaderboards/wins?{query}"));
        assert_eq!(refused(&answer), (400, "malformed_query"), "{query}");
    }
    assert_eq!(server.get("/v1/leaderboards/wins").0, 401, "pages are for those who are logged in");
}
