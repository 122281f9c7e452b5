//! What somebody is, has and has played.

use hypogeum_economy::ItemPlace;
use hypogeum_protocol::{CharacterId, MatchId};
use serde_json::{Value, json};

use crate::memory::{Memory, WALLET};
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

fn get(server: &Server, login: &Value, path: &str) -> (u16, Value) {
    server.ask(login, "GET", path, &NOTHING)
}

/// All pages of a list from its first on, so many at a time, as the numbers of what is in them.
fn pages(server: &Server, login: &Value, (path, list, number): (&str, &str, &str), count: usize) -> Vec<Vec<u64>> {
    let (mut pages, mut after) = (Vec::new(), String::new());
    loop {
        let (status, page) = get(server, login, &format!("{path}?count={count}{after}"));
        assert_eq!(status, 200, "{page}");
        let entries = page[list].as_array().unwrap();
        pages.push(entries.iter().map(|entry| entry[number].as_u64().unwrap()).collect());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => return pages,
        }
    }
}

#[test]
fn a_profile_is_the_callers_own() {
    let server = Server::plain();
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let expected = json!({
        "account_id": 1, "name": "Ada", "is_guest": false, "created_s": 1_800_000_000, "level": 2, "xp": 120,
        "rating": 1_500, "currency": WALLET,
    });
    assert_eq!(get(&server, &ada, "/v1/profile"), (200, expected), "all of it");
    assert_eq!(get(&server, &bob, "/v1/profile").1["name"], "Bob", "everyone sees their own");
}

#[test]
fn an_inventory_says_where_everything_is() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let [_, vest, torch, rope] =
        [(7, "knife"), (8, "vest"), (9, "torch"), (10, "rope")].map(|(serial, key)| store.lay(1, serial, key, 1));
    store.place(vest, ItemPlace::Carried(CharacterId(3)));
    store.place(torch, ItemPlace::Brought { into: MatchId(5), by: Some(CharacterId(3)) });
    store.place(rope, ItemPlace::Brought { into: MatchId::first_of(8_192), by: None });
    let item = |item: &str, template: &str, more: Value| {
        let mut whole =
            json!({ "item": item, "template": template, "version": 1, "count": 1, "wear": 0, "bound": false });
        whole.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        whole
    };
    let items = [
        item("ab-7", "knife", json!({ "place": "stash" })),
        item("ab-8", "vest", json!({ "place": "carried", "character_id": 3 })),
        item("ab-9", "torch", json!({ "place": "brought", "character_id": 3, "match_id": 5 })),
        item("ab-10", "rope", json!({ "place": "brought", "match_id": "9007199254740993" })),
    ];
    let expected = json!({ "items": items, "currency": WALLET, "capacity": 120 });
    assert_eq!(get(&server, &ada, "/v1/inventory"), (200, expected), "the stash, and all that is elsewhere");
    assert_eq!(get(&server, &ada, "/v1/stash").1["items"].as_array().unwrap().len(), 1, "the stash is what lies in it");
    assert_eq!(get(&server, &bob, "/v1/inventory").1["items"], json!([]), "Bob has nothing");
}

#[test]
fn a_history_has_the_matches_that_one_has_played() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    assert_eq!(get(&server, &ada, "/v1/matches"), (200, json!({ "matches": [], "next": null })), "none yet");
    store.play(1, 7, 5_000);
    let played = json!({
        "match_id": 7, "mode": "blitz", "started_s": 4_700, "ended_s": 5_000, "outcome": "extracted", "placement": 1,
        "kills": 2, "damage_dealt": 90, "xp_gained": 120, "currency_gained": 35, "items_secured": 1, "level": 2,
        "rating": 1_540, "rating_change": 40,
    });
    assert_eq!(get(&server, &ada, "/v1/matches").1, json!({ "matches": [played], "next": null }), "with its figures");
    assert_eq!(get(&server, &ada, "/v1/matches/7"), (200, played), "and alone");
    assert_eq!(get(&server, &bob, "/v1/matches").1["matches"], json!([]), "it is none of Bob's");
    store.with_matches(1, |matches| (matches[0].placement, matches[0].rating_before) = (None, None));
    let old = get(&server, &ada, "/v1/matches/7").1;
    assert!(old["placement"].is_null() && old["rating_change"].is_null(), "what was not kept is not told: {old}");
    for id in ["0", "8", "x", "-1", "07"] {
        assert_eq!(get(&server, &ada, &format!("/v1/matches/{id}")).0, 404, "{id} is none");
    }
    for query in ["before=1", "after=7", "after=x.7", "after=1.x", "count=-1", "count=1&count=2"] {
        let answer = get(&server, &ada, &format!("/v1/matches?{query}"));
        assert_eq!(refused(&answer), (400, "malformed_query"), "{query} is no page");
    }
}

#[test]
fn a_match_beyond_what_json_keeps_exact_is_a_string_of_its_digits() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    // The last number that a reader of JSON keeps, the first that it may not, and the last match of the last server.
    let ids = [(1 << 53) - 1, 1 << 53, (1 << 56) - 1];
    for (ended_s, id) in (5_000..).zip(ids) {
        store.play(1, id, ended_s);
    }
    let told = [json!(9_007_199_254_740_991_u64), json!("9007199254740992"), json!("72057594037927935")];
    for (id, told) in ids.iter().zip(&told) {
        let (status, one) = get(&server, &ada, &format!("/v1/matches/{id}"));
        assert_eq!((status, &one["match_id"]), (200, told), "alone");
    }
    let (_, page) = get(&server, &ada, "/v1/matches?count=2");
    let listed: Vec<&Value> = page["matches"].as_array().unwrap().iter().map(|one| &one["match_id"]).collect();
    assert_eq!(listed, [&told[2], &told[1]], "and among others");
    let (_, rest) = get(&server, &ada, &format!("/v1/matches?after={}", page["next"].as_str().unwrap()));
    assert_eq!(rest["matches"][0]["match_id"], told[0], "a page goes on behind one of them");
}

#[test]
fn lists_that_grow_are_read_page_by_page() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let (ada, _) = (server.player("Ada"), server.player("Bob"));
    for (id, ended_s) in [(1, 1_000), (2, 3_000), (3, 3_000), (4, 2_000), (5, 1_000)] {
        store.play(1, id, ended_s);
    }
    let matches = ("/v1/matches", "matches", "match_id");
    assert_eq!(pages(&server, &ada, matches, 2), [vec![3, 2], vec![4, 5], vec![1]], "the one that ended last first");
    assert_eq!(pages(&server, &ada, matches, 500), [vec![3, 2, 4, 5, 1]], "or all of few");
    let (_, first) = get(&server, &ada, "/v1/matches?count=2");
    store.play(1, 9, 9_000);
    let (_, second) = get(&server, &ada, &format!("/v1/matches?count=2&after={}", first["next"].as_str().unwrap()));
    assert_eq!(second["matches"][0]["match_id"], 4, "a new one moves none of those behind");

    for _ in 0..5 {
        let present = json!({ "to": 2, "gives": { "currency": 1 } });
        assert_eq!(server.ask(&ada, "POST", "/v1/trades", &present).0, 201, "a present");
    }
    assert_eq!(server.ask(&ada, "DELETE", "/v1/trades/4", &NOTHING).0, 200, "one is called off");
    let trades = ("/v1/trades", "trades", "trade_id");
    assert_eq!(pages(&server, &ada, trades, 2), [vec![5, 3], vec![2, 1], vec![4]], "open ones first, the newest first");
    for query in ["after=7", "after=gone.7", "after=open.x", "before=1"] {
        let answer = get(&server, &ada, &format!("/v1/trades?{query}"));
        assert_eq!(refused(&answer), (400, "malformed_query"), "{query} is no page");
    }
}
