//! Games that people enter one by one.

use hypogeum_store::Seeding;
use hypogeum_tournaments::EntryStage;
use serde_json::{Value, json};

use crate::memory::{Memory, WALLET};
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

/// Two people with two creatures each, numbered 1 to 4, and a game that Ada has opened.
struct World {
    store: Memory,
    server: Server,
    ada: Value,
    bob: Value,
}

impl World {
    fn new() -> Self {
        let store = Memory::default();
        let server = Server::start(|_| (), store.clone());
        let (ada, bob) = (server.player("Ada"), server.player("Bob"));
        for (login, name) in [(&ada, "Cinder"), (&ada, "Ash"), (&bob, "Moss"), (&bob, "Fern")] {
            let made = server.ask(login, "POST", "/v1/creatures", &json!({ "name": name, "type": "emberfox" }));
            assert_eq!(made.0, 201, "{name} is made: {made:?}");
        }
        let world = Self { store, server, ada, bob };
        assert_eq!(world.open(&json!({})).0, 201, "a game is opened");
        world
    }

    /// Ada opens a game of four, with these fields changed.
    fn open(&self, changed: &Value) -> (u16, Value) {
        let mut body = json!({ "size": 4, "opponents": "novice", "open": { "starts_in_s": 600 }, "key": "first" });
        for (name, value) in changed.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.server.ask(&self.ada, "POST", "/v1/games", &body)
    }

    fn enter(&self, login: &Value, creature: u64, key: &str) -> (u16, Value) {
        self.server.ask(login, "POST", "/v1/games/1/enter", &json!({ "creature_id": creature, "key": key }))
    }

    fn leave(&self, login: &Value, creature: u64) -> (u16, Value) {
        self.server.ask(login, "POST", "/v1/games/1/leave", &json!({ "creature_id": creature }))
    }
}

#[test]
fn a_game_is_opened_and_shown_to_everyone() {
    let world = World::new();
    let (status, game) = world.server.ask(&world.bob, "GET", "/v1/games/1/entries", &NOTHING);
    assert_eq!(status, 200, "{game}");
    let expected = json!({ "state": "open", "tournament": "cup", "size": 4, "opponents": "novice", "account_id": 1,
        "entry_fee": 100, "purse": 0, "pot": 0, "prizes_percent": [60, 30], "seeding": "drawn", "entered": 0,
        "entries": [], "per_person_max": 2, "people_min": 1 });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&game[name], value, "{name} is told");
    }
    assert!(game["starts_s"].as_u64() > Some(0), "and when it starts");
    let again = world.open(&json!({}));
    assert_eq!((again.0, &again.1["game_id"]), (200, &json!(1)), "asked again it is the same game");
    let list = world.server.ask(&world.bob, "GET", "/v1/open-games", &NOTHING).1;
    assert_eq!(list["games"][0]["game_id"], json!(1), "it is listed");
    assert!(list["games"][0].get("entries").is_none(), "without those who have entered");
    let behind = world.server.ask(&world.bob, "GET", "/v1/open-games?after=1&count=5", &NOTHING).1;
    assert_eq!(behind["games"], json!([]), "there is none behind it");
    for query in ["before=1", "after=x", "count=-1", "after"] {
        let answer = world.server.ask(&world.bob, "GET", &format!("/v1/open-games?{query}"), &NOTHING);
        assert_eq!(refused(&answer), (400, "malformed_query"), "{query} is no page");
    }
}

#[test]
fn a_game_that_is_seeded_by_rating_says_by_which() {
    let world = World::new();
    world.store.with_game(1, |game| game.terms.seeding = Seeding::Rating { ladder: "duels".to_owned() });
    let game = world.server.ask(&world.bob, "GET", "/v1/games/1/entries", &NOTHING).1;
    assert_eq!((&game["seeding"], &game["seeding_ladder"]), (&json!("rating"), &json!("duels")), "{game}");
}

#[test]
fn what_cannot_be_played_is_not_opened() {
    let world = World::new();
    for (changed, why) in [
        (json!({ "size": 3 }), "three cannot all be paired"),
        (json!({ "size": 8 }), "more than take part"),
        (json!({ "opponents": "nobody" }), "no such machines"),
        (json!({ "tournament": "derby" }), "no such tournament"),
        (json!({ "open": { "starts_in_s": 0 } }), "no time to enter"),
        (json!({ "open": { "starts_in_s": 604_801 } }), "more than a week"),
        (json!({ "creature_ids": [1] }), "creatures enter by their own request"),
        (json!({ "key": "k".repeat(65) }), "a key too long"),
        (json!({ "key": "a\u{0}b" }), "a key that cannot be kept"),
    ] {
        assert_eq!(refused(&world.open(&changed)), (400, "unfit_game"), "{why}");
    }
    for changed in [json!({ "open": {} }), json!({ "open": { "starts_in_s": -1 } }), json!({ "open": 5 })] {
        assert_eq!(refused(&world.open(&changed)), (400, "malformed_json"), "{changed} says not when");
    }
    for number in 2..=4 {
        assert_eq!(world.open(&json!({ "key": format!("{number}") })).0, 201, "four may be open");
    }
    assert_eq!(refused(&world.open(&json!({ "key": "5" }))), (409, "too_many_open_games"), "and no more");
}

#[test]
fn people_enter_and_leave() {
    let world = World::new();
    let (status, game) = world.enter(&world.ada, 1, "k");
    assert_eq!((status, &game["entered"], &game["pot"]), (201, &json!(1), &json!(100)), "{game}");
    let entry = &game["entries"][0];
    assert_eq!((&entry["creature_id"], &entry["owner_name"]), (&json!(1), &json!("Ada")), "{entry}");
    assert_eq!(world.store.wallet(1), WALLET - 100, "the fee is paid");
    assert_eq!(world.enter(&world.ada, 1, "k").0, 200, "asked again it is the same entry");
    assert_eq!(world.store.wallet(1), WALLET - 100, "and not paid twice");
    let answer = world.enter(&world.ada, 1, "other");
    assert_eq!((refused(&answer), &answer.1["creature"]), ((409, "already_entered"), &json!(1)));
    assert_eq!(refused(&world.enter(&world.bob, 1, "")), (403, "not_your_creature"));
    assert_eq!(refused(&world.enter(&world.bob, 9, "")), (404, "no_such_creature"));
    assert_eq!(world.enter(&world.ada, 2, "").0, 201, "two of one person may");
    world.store.with_creature(3, |creature| creature.game = Some(hypogeum_creature_messages::GameId(7)));
    assert_eq!(refused(&world.enter(&world.bob, 3, "")), (409, "creature_in_game"));

    assert_eq!(refused(&world.leave(&world.bob, 1)), (409, "not_entered"), "nobody takes another's out");
    let (status, game) = world.leave(&world.ada, 1);
    assert_eq!((status, &game["entered"]), (200, &json!(1)), "{game}");
    assert_eq!(world.leave(&world.ada, 1).0, 200, "asked again it has left");
    assert_eq!(world.store.wallet(1), WALLET - 100, "one fee is given back, once");
    assert_eq!(refused(&world.leave(&world.ada, 9)), (409, "not_entered"));

    let path = "/v1/games/1/call-off";
    assert_eq!(refused(&world.server.ask(&world.bob, "POST", path, &NOTHING)), (403, "not_your_game"));
    for _ in 0..2 {
        let (status, game) = world.server.ask(&world.ada, "POST", path, &NOTHING);
        assert_eq!((status, &game["state"]), (200, &json!("called_off")), "{game}");
        assert_eq!(world.store.wallet(1), WALLET, "all is given back, once");
    }
    assert_eq!(refused(&world.enter(&world.ada, 1, "")), (409, "game_called_off"));
    assert_eq!(world.server.ask(&world.bob, "GET", "/v1/open-games", &NOTHING).1["games"], json!([]));
}

#[test]
fn a_fee_that_nobody_can_pay_and_a_game_that_is_full() {
    let world = World::new();
    world.store.with_game(1, |game| game.terms.entry_fee = WALLET + 1);
    let answer = world.enter(&world.bob, 3, "");
    assert_eq!(refused(&answer), (409, "not_enough"));
    assert_eq!((&answer.1["needed"], &answer.1["found"]), (&json!(WALLET + 1), &json!(WALLET)), "it is said how much");
    world.store.with_game(1, |game| (game.terms.entry_fee, game.terms.per_person_max) = (0, 1));
    assert_eq!(world.enter(&world.bob, 3, "").0, 201);
    let answer = world.enter(&world.bob, 4, "");
    assert_eq!((refused(&answer), &answer.1["most"]), ((409, "too_many_of_yours"), &json!(1)));
    world.store.with_game(1, |game| game.terms.size = 1);
    assert_eq!(refused(&world.enter(&world.ada, 1, "")), (409, "game_full"));
}

#[test]
fn once_it_has_started_nobody_comes_or_goes() {
    let world = World::new();
    assert_eq!(world.enter(&world.ada, 1, "k").0, 201);
    world.store.with_game(1, |game| game.stage = EntryStage::Running);
    assert_eq!(refused(&world.enter(&world.bob, 3, "")), (409, "game_started"));
    assert_eq!(refused(&world.leave(&world.ada, 1)), (409, "game_started"));
    assert_eq!(world.enter(&world.ada, 1, "k").0, 200, "but what was answered stays answered");
    let answer = world.server.ask(&world.ada, "POST", "/v1/games/1/call-off", &NOTHING);
    assert_eq!(refused(&answer), (409, "game_started"));
    let (status, game) = world.server.ask(&world.bob, "GET", "/v1/games/1/entries", &NOTHING);
    assert_eq!((status, &game["state"]), (200, &json!("running")), "who takes part is shown: {game}");
}

#[test]
fn what_names_no_game_is_refused() {
    let world = World::new();
    for (path, body) in
        [("enter", json!({ "creature_id": 1 })), ("leave", json!({ "creature_id": 1 })), ("call-off", NOTHING)]
    {
        let ask =
            |id: &str, body: &Value| world.server.ask(&world.ada, "POST", &format!("/v1/games/{id}/{path}"), body);
        assert_eq!(refused(&ask("77", &body)), (404, "no_such_game"), "{path} of a game that is not there");
        for strange in ["0", "01", "x", "-1", "18446744073709551616"] {
            assert_eq!(refused(&ask(strange, &body)), (404, "not_found"), "{path} of {strange}");
        }
        if path != "call-off" {
            for body in [json!({}), json!({ "creature_id": "1" }), json!({ "creature_id": 1, "more": 1 }), json!([])] {
                assert_eq!(refused(&ask("1", &body)), (400, "malformed_json"), "{path} with {body}");
            }
        }
    }
    assert_eq!(refused(&world.server.ask(&world.ada, "GET", "/v1/games/77/entries", &NOTHING)), (404, "no_such_game"));
    world.store.set_broken(true);
    assert_eq!(refused(&world.enter(&world.ada, 1, "")), (503, "unavailable"), "a store that does not answer");
}

#[test]
fn kinds_of_tournaments_are_for_everyone_to_keep() {
    let server = Server::plain();
    let (status, kinds) = server.get("/v1/tournaments");
    let cup = json!({ "tournament": "cup", "name": "Cup", "description": "Lose once and you are out.",
        "battle": "classic", "format": "single_elimination", "best_of": 1, "entrants_min": 2, "entrants_max": 4,
        "sizes": [2, 4], "opponents": ["novice"], "per_person_max": 2, "people_min": 1, "entry_fee": 100, "purse": 500,
        "prizes_percent": [60, 30], "seeding": "drawn", "is_scheduled": false });
    assert_eq!((status, kinds), (200, json!({ "tournaments": [cup] })), "what there is");
    let ask = |headers: &str| {
        let request = format!("GET /v1/tournaments HTTP/1.1\r\nhost: x\r\n{headers}connection: close\r\n\r\n");
        server.raw(request.as_bytes())
    };
    let first = ask("");
    let tag = first.lines().find_map(|line| line.strip_prefix("etag: ")).expect("it has a tag").to_owned();
    assert!(ask(&format!("if-none-match: {tag}\r\n")).starts_with("HTTP/1.1 304 "), "who has it is told so");
    assert_eq!(refused(&Server::without_creatures().get("/v1/tournaments")), (404, "not_found"), "some have none");
}
