//! What players wear: bought, worn, given back.

use hypogeum_content::Content;
use hypogeum_economy::CosmeticCatalog;
use serde_json::{Value, json};

use crate::memory::{Memory, WALLET};
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

/// Two colours, a trail for the fifth level, a title that is a reward, and a bundle.
pub(crate) fn catalog() -> CosmeticCatalog {
    let files = [
        (
            "cosmetics/both.ron",
            r#"(name: "Both", description: "B.", kind: Bundle, price: 150, parts: ["green", "red"])"#,
        ),
        ("cosmetics/green.ron", r#"(name: "Green", description: "G.", kind: Colour, price: 100, colour: 255)"#),
        ("cosmetics/hero.ron", r#"(name: "Hero", description: "H.", kind: Title, price: 9, is_sold: false)"#),
        ("cosmetics/red.ron", r#"(name: "Red", description: "R.", kind: Colour, price: 100)"#),
        ("cosmetics/trail.ron", r#"(name: "Trail", description: "T.", kind: Trail, price: 7, level_min: 5)"#),
    ];
    CosmeticCatalog::of(&Content::from_files(files).unwrap())
}

fn server() -> (Server, Value) {
    let server = Server::start(|config| config.cosmetics = catalog(), Memory::default());
    let login = server.player("Ada");
    (server, login)
}

fn listed(server: &Server, login: &Value, key: &str) -> Value {
    let (status, body) = server.ask(login, "GET", "/v1/cosmetics", &NOTHING);
    assert_eq!(status, 200, "{body}");
    body["cosmetics"].as_array().unwrap().iter().find(|cosmetic| cosmetic["key"] == key).unwrap().clone()
}

#[test]
fn a_cosmetic_is_bought_worn_and_given_back() {
    let (server, ada) = server();
    let green = json!({
        "key": "green", "name": "Green", "description": "G.", "slot": "colour", "colour": 255, "price": 100,
        "level_min": 0, "is_owned": false, "is_equipped": false,
    });
    assert_eq!(listed(&server, &ada, "green"), green, "it is to be had");
    let ask = |path: &str, body: &Value| server.ask(&ada, "POST", &format!("/v1/cosmetics/{path}"), body);
    let purchase = json!({ "key": 7, "price": 100 });
    let bought = (200, json!({ "cosmetic": "green", "price": 100, "balance": WALLET - 100 }));
    assert_eq!(ask("green/buy", &purchase), bought, "it is paid for");
    assert_eq!(ask("green/buy", &purchase), bought, "once");
    assert_eq!(ask("green/equip", &NOTHING), (200, json!({ "cosmetic": "green", "is_equipped": true })));
    let worn = listed(&server, &ada, "green");
    assert_eq!((&worn["is_owned"], &worn["is_equipped"], worn.get("price")), (&json!(true), &json!(true), None));

    let both = listed(&server, &ada, "both");
    assert_eq!((&both["price"], &both["parts"]), (&json!(75), &json!(["green", "red"])), "half of it is there already");
    assert_eq!(ask("both/buy", &json!({ "key": 8, "price": 75 })).0, 200, "the rest is bought");
    assert_eq!(ask("red/equip", &NOTHING).0, 200, "it takes the place of the other");
    assert_eq!(listed(&server, &ada, "green")["is_equipped"], false, "one in each slot");
    assert_eq!(ask("red/unequip", &NOTHING).0, 200, "or none");
    assert_eq!(listed(&server, &ada, "red")["is_equipped"], false, "it is off");

    let back = (200, json!({ "balance": WALLET - 75 }));
    assert_eq!(ask("refund", &json!({ "key": 7 })), back, "what green has cost comes back");
    assert_eq!(ask("refund", &json!({ "key": 7 })), back, "once");
    assert_eq!(listed(&server, &ada, "green")["is_owned"], false, "and it is gone");
}

#[test]
fn others_see_what_is_worn() {
    let (server, ada) = server();
    let bob = server.player("Bob");
    let ask = |path: &str, body: &Value| server.ask(&ada, "POST", &format!("/v1/cosmetics/{path}"), body);
    assert_eq!(ask("red/buy", &json!({ "key": 1, "price": 100 })).0, 200, "Ada buys");
    let look = || server.ask(&bob, "POST", "/v1/cosmetics/worn", &json!({ "names": ["Bob", "ADA", "Nobody", "?"] }));
    assert_eq!(look(), (200, json!({ "looks": [] })), "nobody wears anything");
    assert_eq!(ask("red/equip", &NOTHING).0, 200, "she puts it on");
    assert_eq!(
        look(),
        (200, json!({ "looks": [{ "name": "ADA", "cosmetics": ["red"] }] })),
        "Bob sees it, by her name"
    );
    let crowd = json!({ "names": vec!["Ada"; 65] });
    let answer = server.ask(&bob, "POST", "/v1/cosmetics/worn", &crowd);
    assert_eq!(refused(&answer), (400, "too_many_names"), "64 at a time");
    assert_eq!((&answer.1["field"], &answer.1["most"]), (&json!("names"), &json!(64)), "it says so");
}

#[test]
fn what_the_content_has_no_more_is_not_seen() {
    let store = Memory::default();
    {
        let server = Server::start(|config| config.cosmetics = catalog(), store.clone());
        let ada = server.player("Ada");
        let ask = |path: &str, body: &Value| server.ask(&ada, "POST", &format!("/v1/cosmetics/{path}"), body).0;
        assert_eq!(ask("red/buy", &json!({ "key": 1, "price": 100 })), 200, "Ada buys");
        assert_eq!(ask("red/equip", &NOTHING), 200, "and wears it");
    }
    let server = Server::start(|_| {}, store);
    let bob = server.player("Bob");
    let seen = server.ask(&bob, "POST", "/v1/cosmetics/worn", &json!({ "names": ["Ada"] }));
    assert_eq!(seen, (200, json!({ "looks": [] })), "it is gone from the content, and she wears nothing");
}

#[test]
fn what_cannot_be_done_with_a_cosmetic_says_why() {
    let (server, ada) = server();
    let ask = |path: &str, body: &Value| server.ask(&ada, "POST", &format!("/v1/cosmetics/{path}"), body);
    let price = |price: i64| json!({ "key": 1, "price": price });
    for (path, body, expected) in [
        ("none/buy", price(1), (404, "no_such_cosmetic")),
        ("hero/buy", price(9), (404, "cosmetic_not_sold")),
        ("trail/buy", price(7), (403, "level_too_low")),
        ("red/buy", price(99), (409, "price_changed")),
        ("red/buy", price(-100), (409, "price_changed")),
        ("red/buy", json!({ "key": -1, "price": 100 }), (400, "malformed_json")),
        ("red/equip", NOTHING, (403, "not_owned")),
        ("both/equip", NOTHING, (400, "not_wearable")),
        ("none/unequip", NOTHING, (404, "no_such_cosmetic")),
        ("refund", json!({ "key": 5 }), (404, "no_such_purchase")),
    ] {
        assert_eq!(refused(&ask(path, &body)), expected, "{path} with {body}");
    }
    assert_eq!(ask("red/equip", &NOTHING).1["cosmetic"], "red", "it names what is not owned");
    assert_eq!(ask("red/buy", &price(100)).0, 200, "it is bought");
    let again = ask("red/buy", &json!({ "key": 2, "price": 100 }));
    assert_eq!(refused(&again), (409, "already_owned"), "twice is too often");
    assert_eq!(server.get("/v1/cosmetics").0, 401, "it is for those who are logged in");
}
