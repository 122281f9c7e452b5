//! Friends, requests, blocks, and who may see where somebody is.

use serde_json::{Value, json};

use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

fn entry(account: &Value, name: &str, state: &str) -> Value {
    let presence = json!({ "state": "offline" });
    json!({ "account_id": account["account_id"], "name": name, "state": state, "since_s": 5, "presence": presence })
}

fn list(server: &Server, login: &Value, path: &str) -> Value {
    let (status, body) = server.ask(login, "GET", path, &NOTHING);
    assert_eq!(status, 200, "{path}: {body}");
    body["friends"].clone()
}

#[test]
fn a_request_is_sent_and_taken() {
    let server = Server::plain();
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let asked = server.ask(&ada, "POST", "/v1/friends", &json!({ "name": "bob" }));
    assert_eq!(asked, (200, entry(&bob, "Bob", "sent")), "she asks");
    assert_eq!(list(&server, &bob, "/v1/friends"), json!([entry(&ada, "Ada", "received")]), "he sees it");
    let path = format!("/v1/friends/{}", ada["account_id"]);
    let taken = server.ask(&bob, "POST", &format!("{path}/accept"), &NOTHING);
    assert_eq!(taken, (200, entry(&ada, "Ada", "friend")), "he takes it");
    assert_eq!(list(&server, &ada, "/v1/friends?state=friend"), json!([entry(&bob, "Bob", "friend")]), "she sees that");
    assert_eq!(list(&server, &ada, "/v1/friends?state=sent"), json!([]), "and no request");
    let gone = server.ask(&bob, "DELETE", &path, &NOTHING);
    assert_eq!(gone, (200, json!({ "account_id": ada["account_id"] })), "he ends it");
    assert_eq!(list(&server, &ada, "/v1/friends"), json!([]), "for both");
}

#[test]
fn refusals_name_the_field() {
    let server = Server::plain();
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let ask = |path: &str, name: &str| server.ask(&ada, "POST", path, &json!({ "name": name }));
    for path in ["/v1/friends", "/v1/blocks"] {
        for (name, expected) in [("Nobody", (404, "no_such_name")), ("ADA", (400, "oneself"))] {
            let answer = ask(path, name);
            assert_eq!(answer.1["field"], "name", "{path}: {name} is wrong");
            assert_eq!(refused(&answer), expected, "{path} {name}");
        }
    }
    assert_eq!(ask("/v1/blocks", "Bob"), (200, entry(&bob, "Bob", "blocked")), "he is blocked");
    assert_eq!(refused(&ask("/v1/friends", "Bob")), (409, "blocking"), "and no friend meanwhile");
    assert_eq!(list(&server, &ada, "/v1/blocks"), json!([entry(&bob, "Bob", "blocked")]), "as the list says");
    let own = format!("/v1/blocks/{}", bob["account_id"]);
    assert_eq!(server.ask(&ada, "DELETE", &own, &NOTHING).0, 200, "no longer");
    for (method, path, expected) in [
        ("DELETE", own.as_str(), (404, "not_listed")),
        ("DELETE", "/v1/friends/77", (404, "not_listed")),
        ("POST", "/v1/friends/77/accept", (404, "no_such_request")),
        ("GET", "/v1/friends?state=enemy", (400, "malformed_query")),
        ("GET", "/v1/friends?after=x", (400, "malformed_query")),
    ] {
        assert_eq!(refused(&server.ask(&ada, method, path, &NOTHING)), expected, "{method} {path}");
    }
}

#[test]
fn each_says_who_may_see_where_it_is() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let (path, nobody) = ("/v1/presence", json!({ "visible_to": "nobody" }));
    assert_eq!(server.ask(&ada, "GET", path, &NOTHING), (200, json!({ "visible_to": "friends" })), "unless it is said");
    assert_eq!(server.ask(&ada, "POST", path, &nobody), (200, nobody.clone()), "it is said");
    assert_eq!(server.ask(&ada, "GET", path, &NOTHING), (200, nobody), "and kept");
    let wrong = server.ask(&ada, "POST", path, &json!({ "visible_to": "foes" }));
    assert_eq!(refused(&wrong), (400, "malformed_json"), "there are three words");
}
