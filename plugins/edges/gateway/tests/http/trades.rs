//! The stash, and trades between two players.

use serde_json::{Value, json};

use crate::memory::{Memory, WALLET};
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

/// Ada with a knife and Bob with a crown.
fn two() -> (Server, Memory, [Value; 2]) {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let players = [server.player("Ada"), server.player("Bob")];
    store.lay(1, 7, "knife", 1);
    store.lay(2, 8, "crown", 4);
    (server, store, players)
}

fn knife_for_crown() -> Value {
    json!({
        "to": 2,
        "gives": { "items": [{ "item": "ab-7", "version": 1 }], "currency": 10 },
        "wants": { "items": [{ "item": "ab-8", "version": 4 }] },
    })
}

fn items(server: &Server, login: &Value) -> Value {
    server.ask(login, "GET", "/v1/stash", &NOTHING).1["items"].take()
}

#[test]
fn two_who_confirm_change_goods() {
    let (server, store, [ada, bob]) = two();
    let knife = json!([{ "item": "ab-7", "template": "knife", "version": 1, "count": 1, "wear": 0, "bound": false }]);
    assert_eq!(items(&server, &ada), knife, "Ada has a knife");
    let (status, proposed) = server.ask(&ada, "POST", "/v1/trades", &knife_for_crown());
    assert_eq!((status, &proposed), (201, &json!({ "trade_id": 1, "expires_in_s": 3_600 })), "she proposes");
    assert_eq!(items(&server, &ada), knife, "nothing moves yet");

    let (_, listed) = server.ask(&bob, "GET", "/v1/trades", &NOTHING);
    let trade = &listed["trades"][0];
    assert_eq!((&trade["from"], &trade["to"], &trade["state"]), (&json!(1), &json!(2), &json!("open")), "Bob sees it");
    assert_eq!(trade["gives"], json!({ "items": [{ "item": "ab-7", "version": 1 }], "currency": 10 }), "what he gets");
    assert_eq!(trade["wants"], json!({ "items": [{ "item": "ab-8", "version": 4 }], "currency": 0 }), "what he gives");
    assert!((3_500..=3_600).contains(&trade["expires_in_s"].as_u64().unwrap()), "and for how long: {trade}");

    let (status, accepted) = server.ask(&bob, "POST", "/v1/trades/1/accept", &NOTHING);
    assert_eq!((status, &accepted["state"]), (200, &json!("accepted")), "he confirms: {accepted}");
    let crown = json!([{ "item": "ab-8", "template": "crown", "version": 5, "count": 1, "wear": 0, "bound": false }]);
    assert_eq!(items(&server, &ada), crown, "Ada has the crown now, moved once more");
    assert_eq!((store.wallet(1), store.wallet(2)), (WALLET - 10, WALLET + 10), "and Bob ten more");
    let again = server.ask(&bob, "POST", "/v1/trades/1/accept", &NOTHING);
    assert_eq!(again, (200, accepted), "asked again the answer is the same");
    assert_eq!((store.wallet(1), store.wallet(2)), (WALLET - 10, WALLET + 10), "and nothing moves again");
    let closed = server.ask(&ada, "DELETE", "/v1/trades/1", &NOTHING);
    assert_eq!(refused(&closed), (409, "trade_closed"), "what is done is done");
    assert_eq!(closed.1["state"], "accepted", "and how: {closed:?}");
}

#[test]
fn goods_that_have_moved_since_are_a_conflict() {
    let (server, store, [ada, bob]) = two();
    server.ask(&ada, "POST", "/v1/trades", &knife_for_crown());
    store.lay(1, 7, "knife", 3);
    let answer = server.ask(&bob, "POST", "/v1/trades/1/accept", &NOTHING);
    assert_eq!(refused(&answer), (409, "conflict"), "the knife has been elsewhere");
    assert_eq!((&answer.1["item"], &answer.1["expected"]), (&json!("ab-7"), &json!(1)), "which: {answer:?}");
    assert_eq!(answer.1["found"], 3, "and what it is now");
    assert!(answer.1["retry_after_ms"].is_null(), "the same again fails again");
    assert_eq!(items(&server, &bob)[0]["template"], "crown", "nothing has moved");
    assert_eq!((store.wallet(1), store.wallet(2)), (WALLET, WALLET), "nor has currency");
}

#[test]
fn a_trade_is_for_the_two_it_names() {
    let (server, _, [ada, bob]) = two();
    let eve = server.player("Eve");
    server.ask(&ada, "POST", "/v1/trades", &knife_for_crown());
    for login in [&ada, &eve] {
        let answer = server.ask(login, "POST", "/v1/trades/1/accept", &NOTHING);
        assert_eq!(refused(&answer), (404, "no_such_trade"), "only Bob may accept");
    }
    assert_eq!(
        refused(&server.ask(&eve, "DELETE", "/v1/trades/1", &NOTHING)),
        (404, "no_such_trade"),
        "nor call it off"
    );
    assert_eq!(server.ask(&eve, "GET", "/v1/trades", &NOTHING).1["trades"], json!([]), "nor see it");
    let cancelled = (200, json!({ "trade_id": 1, "state": "cancelled" }));
    assert_eq!(server.ask(&bob, "DELETE", "/v1/trades/1", &NOTHING), cancelled, "Bob may call it off");
    assert_eq!(server.ask(&ada, "DELETE", "/v1/trades/1", &NOTHING), cancelled, "and so may Ada");
    let answer = server.ask(&bob, "POST", "/v1/trades/1/accept", &NOTHING);
    assert_eq!(refused(&answer), (409, "trade_closed"), "then it is off");
    for path in ["/v1/trades/0/accept", "/v1/trades/2/accept", "/v1/trades/x/accept", "/v1/trades/-1/accept"] {
        assert_eq!(server.ask(&bob, "POST", path, &NOTHING).0, 404, "{path} is no trade");
    }
}

#[test]
fn an_offer_that_makes_no_sense_gets_its_code() {
    let (server, _, [ada, _]) = two();
    let knife = |version: u64| json!({ "item": "ab-7", "version": version });
    let many: Vec<Value> = (0..33).map(|serial| json!({ "item": format!("ab-{serial}"), "version": 1 })).collect();
    let cases = [
        (json!({ "to": 1, "gives": { "currency": 1 } }), 400, "self_trade"),
        (json!({ "to": 9, "gives": { "currency": 1 } }), 404, "no_such_account"),
        (json!({ "to": 0, "gives": { "currency": 1 } }), 404, "no_such_account"),
        (json!({ "to": 2 }), 400, "empty_trade"),
        (json!({ "to": 2, "gives": { "currency": -1 } }), 400, "invalid_amount"),
        (json!({ "to": 2, "wants": { "currency": i64::MAX } }), 400, "invalid_amount"),
        (json!({ "to": 2, "gives": { "items": [knife(1), knife(1)] } }), 400, "same_item_twice"),
        (
            json!({ "to": 2, "gives": { "items": [knife(1)] }, "wants": { "items": [knife(1)] } }),
            400,
            "same_item_twice",
        ),
        (json!({ "to": 2, "gives": { "items": many } }), 400, "too_many_items"),
        (json!({ "to": 2, "gives": { "items": [knife(2)] } }), 409, "conflict"),
        (json!({ "to": 2, "gives": { "items": [{ "item": "ab-8", "version": 4 }] } }), 403, "not_owner"),
        (json!({ "to": 2, "gives": { "items": [{ "item": "ab-9", "version": 1 }] } }), 404, "no_such_item"),
        (json!({ "to": 2, "gives": { "items": [{ "item": "AB-7", "version": 1 }] } }), 400, "malformed_json"),
        (json!({ "to": 2, "gives": { "items": [{ "item": "ab-07", "version": 1 }] } }), 400, "malformed_json"),
        (json!({ "to": 2, "gives": { "items": [{ "item": "ab-7" }] } }), 400, "malformed_json"),
        (json!({ "to": 2, "gives": { "currency": 1.5 } }), 400, "malformed_json"),
        (json!({ "to": 2, "gives": { "currency": 1e300 } }), 400, "malformed_json"),
        (json!({ "to": "Bob", "gives": { "currency": 1 } }), 400, "malformed_json"),
        (json!({ "to": 2, "from": 2, "gives": { "currency": 1 } }), 400, "malformed_json"),
    ];
    for (body, status, code) in cases {
        let answer = server.ask(&ada, "POST", "/v1/trades", &body);
        assert_eq!(refused(&answer), (status, code), "{body}");
    }
    assert_eq!(server.ask(&ada, "GET", "/v1/trades", &NOTHING).1["trades"], json!([]), "none of it was kept");
}

#[test]
fn what_the_other_side_lacks_is_not_revealed() {
    let (server, _, [ada, bob]) = two();
    let bid = json!({ "to": 2, "gives": { "currency": 5_000 }, "wants": { "currency": 0, "items": [] } });
    assert_eq!(server.ask(&ada, "POST", "/v1/trades", &bid).0, 201, "Ada promises what she has not");
    let answer = server.ask(&bob, "POST", "/v1/trades/1/accept", &NOTHING);
    assert_eq!(refused(&answer), (409, "other_side_cannot"), "Bob gets nothing");
    assert!(answer.1["found"].is_null() && answer.1["needed"].is_null(), "and learns nothing: {answer:?}");
}
