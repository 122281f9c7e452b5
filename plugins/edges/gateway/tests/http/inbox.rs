//! What somebody is told while away: sent from the server's machine, read in one's language, claimed once.

use hypogeum_client::Api;
use serde_json::{Value, json};

use crate::memory::{Memory, WALLET};
use crate::server::{GOOD, Server, refused};

const NOTHING: Value = Value::Null;

fn words(name: &str, key: &str) -> Value {
    let texts = json!([{ "locale": "en", "text": "Hello" }, { "locale": "de", "text": "Hallo" }]);
    json!({ "name": name, "key": key, "texts": texts })
}

#[test]
fn a_message_is_sent_once_and_read() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let sent = json!({ "account_id": ada["account_id"], "message_id": 1, "is_new": true });
    assert_eq!(server.post("/v1/inbox-messages", &words("ada", "a")), (200, sent), "it is sent");
    assert_eq!(server.post("/v1/inbox-messages", &words("Ada", "a")).1["is_new"], false, "once");
    let message = |is_read: bool| {
        json!([{
            "message_id": 1, "text": "Hallo", "currency": 0, "sent_s": 5, "expires_s": 65, "is_read": is_read,
            "is_claimed": false,
        }])
    };
    let list = || server.ask(&ada, "GET", "/v1/inbox?locale=de", &NOTHING);
    assert_eq!(list(), (200, json!({ "messages": message(false), "unread": 1, "next": null })), "in her language");
    let done = json!({ "message_id": 1, "unread": 0 });
    assert_eq!(server.ask(&ada, "POST", "/v1/inbox/1/read", &NOTHING), (200, done.clone()), "she reads it");
    assert_eq!(list().1["messages"], message(true), "it is marked");
    assert_eq!(server.ask(&ada, "DELETE", "/v1/inbox/1", &NOTHING), (200, done), "and deleted");
    assert_eq!(list().1["messages"], json!([]), "for good");
}

#[test]
fn currency_is_claimed_once_and_before_it_is_deleted() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    store.give("Ada", "a", 40);
    let kept = server.ask(&ada, "DELETE", "/v1/inbox/1", &NOTHING);
    assert_eq!((refused(&kept), &kept.1["field"]), ((409, "unclaimed"), &json!("id")), "it is claimed first");
    let claimed = |is_new: bool| json!({ "message_id": 1, "currency": 40, "balance": WALLET + 40, "is_new": is_new });
    let claim = || server.ask(&ada, "POST", "/v1/inbox/1/claim", &NOTHING);
    assert_eq!((claim(), claim()), ((200, claimed(true)), (200, claimed(false))), "once");
    assert_eq!(server.ask(&ada, "DELETE", "/v1/inbox/1", &NOTHING).0, 200, "then it may go");
}

#[test]
fn refusals_name_the_field() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let twice = json!([{ "locale": "en", "text": "Yes" }, { "locale": "en", "text": "No" }]);
    let twice = json!({ "name": "Ada", "key": "a", "texts": twice });
    for (body, field, expected) in [
        (words("Nobody", "a"), "name", (404, "no_such_name")),
        (words("Ada", ""), "key", (400, "invalid_message")),
        (json!({ "name": "Ada", "key": "a", "texts": [] }), "texts", (400, "invalid_message")),
        (twice, "texts", (400, "invalid_message")),
    ] {
        let answer = server.post("/v1/inbox-messages", &body);
        assert_eq!((refused(&answer), &answer.1["field"]), (expected, &json!(field)), "{body}");
    }
    for (method, path) in [("POST", "/v1/inbox/7/read"), ("POST", "/v1/inbox/7/claim"), ("DELETE", "/v1/inbox/7")] {
        let answer = server.ask(&ada, method, path, &NOTHING);
        assert_eq!((refused(&answer), &answer.1["field"]), ((404, "no_such_message"), &json!("id")), "{path}");
    }
}

#[test]
fn only_this_machine_sends_messages() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let send = |head: &str, body: &str| {
        let length = body.len();
        let request = format!(
            "POST /v1/inbox-messages HTTP/1.1\r\n{head}content-type: application/json\r\ncontent-length: {length}\r\n\
             connection: close\r\n\r\n{body}"
        );
        server.raw(request.as_bytes())
    };
    let good = words("Ada", "a").to_string();
    for head in [
        "host: x\r\nx-forwarded-for: 192.0.2.1\r\n",
        "host: x\r\nx-forwarded-for: 127.0.0.1\r\n",
        "host: x\r\nforwarded: for=127.0.0.1\r\n",
        "host: play.example.org\r\n",
    ] {
        for body in [good.as_str(), "no JSON"] {
            let answer = send(head, body);
            assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("local_only"), "{head}{body}: {answer}");
        }
    }
    assert_eq!(server.ask(&ada, "GET", "/v1/inbox", &NOTHING).1["messages"], json!([]), "nothing is sent");
    assert!(send("host: x\r\n", &good).starts_with("HTTP/1.1 200"), "this machine sends it");
}

#[test]
fn messages_are_read_by_the_sdk() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    api.register("Ada", GOOD).unwrap();
    let ada = api.login("Ada", GOOD).unwrap();
    api.send_message("Ada", "a", &[("en", "Hello")]).unwrap();
    store.give("Ada", "b", 40);
    let inbox = api.inbox(&ada, "en", None).unwrap();
    let texts: Vec<&str> = inbox.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!((texts, inbox.unread), (vec!["Well done", "Hello"], 2), "the newest first");
    assert_eq!(api.claim_message(&ada, 2), Ok(WALLET + 40), "what comes with it");
    assert_eq!((api.read_message(&ada, 1), api.delete_message(&ada, 1)), (Ok(0), Ok(0)), "read and deleted");
}
