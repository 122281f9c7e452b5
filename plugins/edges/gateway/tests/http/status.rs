//! What the host says of the server, and what that changes.

use hypogeum_economy::PriceList;
use hypogeum_gateway::Guests;
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{GOOD, Server, refused};

const NOTHING: Value = Value::Null;

#[test]
fn trouble_is_reported_and_changes_nothing() {
    let server = Server::plain();
    assert_eq!(server.get("/readyz"), (200, json!({ "status": "ready" })), "all is well");
    server.admission.degrade("outbox");
    server.admission.degrade("database");
    let degraded = (200, json!({ "status": "degraded", "reasons": ["database", "outbox"] }));
    assert_eq!(server.get("/readyz"), degraded, "what is wrong is reported");
    assert_eq!(server.register("Ada").0, 201, "everything works");
    server.admission.recover("database");
    server.admission.recover("outbox");
    assert_eq!(server.get("/readyz"), (200, json!({ "status": "ready" })), "all is well again");
}

#[test]
fn while_nothing_is_granted_play_goes_on() {
    let store = Memory::default();
    let change = |config: &mut hypogeum_gateway::GatewayConfig| {
        config.guests = Guests::Anyone;
        config.prices = PriceList::new([("knife".into(), 75)]);
    };
    let server = Server::start(change, store.clone());
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    assert_eq!(server.guest("Bot-1").0, 200, "a guest comes in");
    store.lay(1, 7, "knife", 1);
    let present = json!({ "to": 2, "gives": { "items": [{ "item": "ab-7", "version": 1 }] } });
    assert_eq!(server.ask(&ada, "POST", "/v1/trades", &present).0, 201, "a trade is open");

    server.admission.refuse("outbox");
    let unready = server.get("/readyz");
    assert_eq!(refused(&unready), (503, "unready"), "the server takes no grants");
    assert_eq!(unready.1["reasons"], json!(["outbox"]), "and says why: {unready:?}");
    let purchase = json!({ "key": 1, "template": "knife", "price": 75 });
    let sale = json!({ "item": "ab-7", "version": 1, "price": 37 });
    let refusals = [
        server.register("Eve"),
        server.guest("Bot-2"),
        server.ask(&ada, "POST", "/v1/trades", &present),
        server.ask(&bob, "POST", "/v1/trades/1/accept", &NOTHING),
        server.ask(&ada, "POST", "/v1/shop/buy", &purchase),
        server.ask(&ada, "POST", "/v1/shop/sell", &sale),
    ];
    for (number, answer) in refusals.iter().enumerate() {
        assert_eq!(refused(answer), (503, "try_later"), "grant {number} is put off: {answer:?}");
        assert!(answer.1["retry_after_ms"].as_u64().is_some_and(|wait_ms| wait_ms > 0), "until when: {answer:?}");
    }
    let (status, again) = server.login("Ada", GOOD);
    assert_eq!(status, 200, "logging in goes on: {again}");
    assert_eq!(server.refresh(&again).0, 200, "so does refreshing");
    assert_eq!(server.ticket(&ada, &NOTHING).name, "Ada", "so does connecting");
    assert_eq!(server.guest("Bot-1").0, 200, "so do guests that come again, for they are granted nothing");
    assert_eq!(refused(&server.guest("Ada")), (503, "try_later"), "but no guest is somebody with a password");
    assert_eq!(server.ask(&bob, "GET", "/v1/trades", &NOTHING).0, 200, "so does looking");
    assert_eq!(server.ask(&ada, "DELETE", "/v1/trades/1", &NOTHING).0, 200, "and calling off");

    server.admission.allow("outbox");
    assert_eq!(server.ask(&ada, "POST", "/v1/shop/buy", &purchase).0, 200, "then grants are taken again");
    assert_eq!(server.get("/readyz").0, 200, "and the server is ready");
}

#[test]
fn while_the_server_drains_nobody_logs_in_and_whoever_plays_keeps_their_login() {
    let server = Server::plain();
    let login = server.player("Ada");
    server.admission.close();
    assert_eq!(refused(&server.login("Ada", GOOD)), (503, "draining"), "nobody logs in");
    let (status, again) = server.refresh(&login);
    assert_eq!(status, 200, "but a match that goes on may take longer than a token: {again}");
    assert_eq!(server.refresh(&again).0, 200, "as often as it has to");
    let forged = json!({ "access_token": "", "refresh_token": "none" });
    assert_eq!(refused(&server.refresh(&forged)).0, 401, "whose token is none gets nothing");
}

#[test]
fn the_key_of_match_logs_is_shown_where_there_is_one() {
    let hex = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    let server = Server::start(|config| config.journal_key = Some(hex.into()), Memory::default());
    let key = (200, json!({ "algorithm": "Ed25519", "public_key": hex }));
    assert_eq!(server.get("/v1/journal-key"), key, "anyone may check a log");
    assert_eq!(refused(&Server::plain().get("/v1/journal-key")), (404, "not_found"), "without logs there is none");
}

#[test]
fn every_path_of_an_account_wants_its_token() {
    let server = Server::plain();
    let nobody = json!({ "access_token": "nobody" });
    let asks = [
        ("POST", "/v1/connect"),
        ("POST", "/v1/logout"),
        ("POST", "/v1/logout/everywhere"),
        ("GET", "/v1/characters"),
        ("POST", "/v1/characters"),
        ("DELETE", "/v1/characters/1"),
        ("GET", "/v1/creatures"),
        ("POST", "/v1/creatures"),
        ("GET", "/v1/creatures/1"),
        ("PATCH", "/v1/creatures/1"),
        ("DELETE", "/v1/creatures/1"),
        ("POST", "/v1/creatures/1/allocate-stats"),
        ("GET", "/v1/profile"),
        ("GET", "/v1/inventory"),
        ("GET", "/v1/matches"),
        ("GET", "/v1/matches/1"),
        ("GET", "/v1/stash"),
        ("GET", "/v1/trades"),
        ("POST", "/v1/trades"),
        ("POST", "/v1/trades/1/accept"),
        ("DELETE", "/v1/trades/1"),
        ("GET", "/v1/shop"),
        ("POST", "/v1/shop/buy"),
        ("POST", "/v1/shop/sell"),
    ];
    for (method, path) in asks {
        assert_eq!(refused(&server.ask(&nobody, method, path, &NOTHING)), (401, "unauthorized"), "{method} {path}");
        server.admission.close();
        assert_eq!(refused(&server.ask(&nobody, method, path, &NOTHING)), (503, "draining"), "{method} {path}");
        server.admission.open();
    }
}
