//! Ladders as they are shown, and who may wait for a battle.

use hypogeum_creature_messages::GameId;
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

/// A creature of somebody's.
fn creature(server: &Server, login: &Value) -> u64 {
    let body = json!({ "name": "Cinder", "type": "emberfox" });
    let (status, creature) = server.ask(login, "POST", "/v1/creatures", &body);
    assert_eq!(status, 201, "it can be made: {creature}");
    creature["creature_id"].as_u64().unwrap()
}

fn join(server: &Server, login: &Value, body: &Value) -> (u16, Value) {
    server.ask(login, "POST", "/v1/ladder-queue", body)
}

#[test]
fn which_ladders_there_are_is_told_to_everyone() {
    let (status, body) = Server::plain().get("/v1/ladders");
    assert_eq!(status, 200, "without a login: {body}");
    let ranks = json!([{ "key": "low", "name": "Low", "from": 0 }, { "key": "high", "name": "High", "from": 1_400 }]);
    let expected = json!({ "ladders": [{
        "key": "climb", "name": "Climb", "description": "Up.", "tournament": "bout", "ranks": ranks, "battles_min": 3,
        "has_seasons": false,
    }] });
    assert_eq!(body, expected);
    assert_eq!(Server::without_creatures().get("/v1/ladders").0, 404, "a game without creatures has none");
}

#[test]
fn a_newcomer_is_rated_as_newcomers_are() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let (status, own) = server.ask(&ada, "GET", "/v1/ladders/climb/rating", &NOTHING);
    let expected = json!({
        "ladder": "climb", "account_id": ada["account_id"], "rating": 1_500, "rank": "high", "battles": 0,
        "battles_ever": 0, "season_s": 0,
    });
    assert_eq!((status, own), (200, expected));
    let (_, other) = server.ask(&ada, "GET", "/v1/ladders/climb/rating?account_id=77", &NOTHING);
    assert_eq!((&other["account_id"], &other["rating"]), (&json!(77), &json!(1_500)), "somebody else's is shown, too");
    for (path, expected) in [
        ("/v1/ladders/clime/rating", (404, "no_such_ladder")),
        ("/v1/ladders/climb/rating?account_id=ada", (400, "malformed_query")),
        ("/v1/ladders/climb/rating?season=1", (400, "malformed_query")),
    ] {
        assert_eq!(refused(&server.ask(&ada, "GET", path, &NOTHING)), expected, "{path}");
    }
    assert_eq!(server.get("/v1/ladders/climb/rating").0, 401, "whose is not known without a login");
}

#[test]
fn nobody_waits_with_a_creature_that_cannot_fight() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let (own, others) = (creature(&server, &ada), creature(&server, &bob));
    let wants = |ladder: &str, creature: u64| json!({ "ladder": ladder, "creature_id": creature });
    for (body, expected) in [
        (wants("clime", own), (404, "no_such_ladder")),
        (wants("climb", others), (403, "not_your_creature")),
        (wants("climb", 99), (404, "no_such_creature")),
        (json!({ "ladder": "climb", "creature_id": own, "key": "x".repeat(65) }), (400, "unfit_game")),
        (json!({ "ladder": "climb" }), (400, "malformed_json")),
        (json!({ "ladder": "climb", "creature_id": own, "rating": 3_000 }), (400, "malformed_json")),
    ] {
        assert_eq!(refused(&join(&server, &ada, &body)), expected, "{body}");
    }
    store.with_creature(own, |creature| creature.game = Some(GameId(7)));
    assert_eq!(refused(&join(&server, &ada, &wants("climb", own))), (409, "creature_in_game"), "it fights already");
    assert_eq!(server.post("/v1/ladder-queue", &wants("climb", own)).0, 401, "nobody waits without a login");
}
