//! Places in line, as programs on the server's machine ask for them. What the tick answers is tested where a server runs.

use hypogeum_matches::TicketsPort;
use serde_json::{Value, json};

use crate::server::{Server, refused};

fn wanted(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = json!({ "mode": "trio", "account_ids": [1, 2], "properties": [], "query": "" });
    change(&mut body);
    body
}

#[test]
fn a_ticket_that_says_too_much_or_is_for_nobody_is_refused_by_its_field() {
    let server = Server::with_tickets(TicketsPort::default());
    let both = json!([{ "key": "a", "text": "x", "number": 1 }]);
    let many: Vec<u64> = (1..=33).collect();
    let said: Vec<Value> = (0..17).map(|number| json!({ "key": format!("k{number}"), "number": number })).collect();
    for (body, field) in [
        (wanted(|body| body["account_ids"] = json!([])), "account_ids"),
        (wanted(|body| body["account_ids"] = json!([1, 2, 1])), "account_ids"),
        (wanted(|body| body["account_ids"] = json!(many)), "account_ids"),
        (wanted(|body| body["properties"] = both), "properties"),
        (wanted(|body| body["properties"] = json!([{ "key": "a" }])), "properties"),
        (wanted(|body| body["properties"] = json!(said)), "properties"),
        (wanted(|body| body["query"] = json!("a:1 ".repeat(129))), "query"),
    ] {
        let answer = server.post("/v1/tickets", &body);
        assert_eq!((refused(&answer), &answer.1["field"]), ((400, "invalid_ticket"), &json!(field)), "{body}");
    }
    assert_eq!(refused(&server.post("/v1/tickets", &json!({ "mode": "trio" }))), (400, "malformed_json"));
    assert_eq!(refused(&server.get("/v1/tickets/0")), (404, "not_found"), "no account has that number");
    let plain = Server::plain();
    assert_eq!(refused(&plain.get("/v1/tickets/1")), (404, "not_found"), "a server without matches has no lines");
}

#[test]
fn only_this_machine_makes_tickets() {
    let server = Server::with_tickets(TicketsPort::default());
    for (method, path) in [("POST", "/v1/tickets"), ("GET", "/v1/tickets/1"), ("DELETE", "/v1/tickets/1")] {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: play.example.org\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\
             connection: close\r\n\r\n{{}}"
        );
        let answer = server.raw(request.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("local_only"), "{method}: {answer}");
    }
}
