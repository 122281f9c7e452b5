//! The characters of an account, and playing as one of them.

use hypogeum_gateway::Guests;
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

fn create(server: &Server, login: &Value, name: &str) -> (u16, Value) {
    server.ask(login, "POST", "/v1/characters", &json!({ "name": name }))
}

#[test]
fn an_account_makes_plays_and_deletes_characters() {
    let server = Server::plain();
    let login = server.player("Ada");
    assert_eq!(server.ask(&login, "GET", "/v1/characters", &NOTHING), (200, json!({ "characters": [] })), "none yet");
    let (status, knight) = create(&server, &login, "Sir Ada");
    assert_eq!((status, &knight["name"]), (201, &json!("Sir Ada")), "one is made: {knight}");
    let (_, thief) = create(&server, &login, "Shade");
    let listed = server.ask(&login, "GET", "/v1/characters", &NOTHING).1;
    assert_eq!(listed, json!({ "characters": [knight, thief] }), "both are listed");

    let play_as = |character: &Value| json!({ "character_id": character["character_id"] });
    assert_eq!(server.ticket(&login, &play_as(&thief)).name, "Shade", "the ticket carries the character's name");
    assert_eq!(server.ticket(&login, &play_as(&thief)).account.0, 1, "and the account's number");
    let played = server.ticket(&login, &play_as(&thief)).character.map(|character| character.0);
    assert_eq!(played, thief["character_id"].as_u64(), "and which character it is");
    for body in [NOTHING, json!({}), json!({ "character_id": null })] {
        let ticket = server.ticket(&login, &body);
        assert_eq!((ticket.name.as_str(), ticket.character), ("Ada", None), "with {body} it is the account's name");
    }

    let path = format!("/v1/characters/{}", thief["character_id"]);
    let answer = server.ask(&login, "DELETE", &path, &NOTHING);
    assert_eq!(answer, (200, json!({ "character_id": thief["character_id"] })), "one is deleted");
    assert_eq!(refused(&server.ask(&login, "DELETE", &path, &NOTHING)), (404, "no_such_character"), "once");
    let answer = server.ask(&login, "POST", "/v1/connect", &play_as(&thief));
    assert_eq!(refused(&answer), (404, "no_such_character"), "nobody plays it any more");
    let (status, again) = create(&server, &login, "SHADE");
    assert_eq!(status, 201, "its name is free again: {again}");
    assert_ne!(again["character_id"], thief["character_id"], "its number is not");
}

#[test]
fn names_of_characters_are_unique_and_nobody_elses() {
    let server = Server::start(|config| config.guests = Guests::Loopback, Memory::default());
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    assert_eq!(create(&server, &ada, "Shade").0, 201, "the name is free");
    assert_eq!(refused(&create(&server, &bob, "sHADE")), (409, "name_taken"), "without case it is the same");
    assert_eq!(refused(&create(&server, &bob, "ada")), (409, "name_taken"), "Ada plays under that name herself");
    assert_eq!(create(&server, &bob, "Bob").0, 201, "one's own name is one's own");
    assert_eq!(
        refused(&server.register("shade")),
        (409, "name_taken"),
        "nobody registers under the name of Ada's character"
    );
    assert_eq!(refused(&server.guest("shade")), (409, "name_taken"), "or comes as a guest");
    assert_eq!(refused(&create(&server, &bob, "x")), (400, "invalid_name"), "names are as those of accounts");
}

#[test]
fn an_account_has_eight_characters_at_most() {
    let server = Server::plain();
    let login = server.player("Ada");
    for number in 0..8 {
        assert_eq!(create(&server, &login, &format!("Knight {number}")).0, 201, "number {number} is welcome");
    }
    assert_eq!(refused(&create(&server, &login, "Knight 8")), (409, "too_many_characters"), "the ninth is not");
}

#[test]
fn the_characters_of_others_are_theirs() {
    let server = Server::plain();
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let (_, shade) = create(&server, &ada, "Shade");
    let id = &shade["character_id"];
    let answer = server.ask(&bob, "POST", "/v1/connect", &json!({ "character_id": id }));
    assert_eq!(refused(&answer), (404, "no_such_character"), "nobody plays them");
    let answer = server.ask(&bob, "DELETE", &format!("/v1/characters/{id}"), &NOTHING);
    assert_eq!(refused(&answer), (404, "no_such_character"), "nobody deletes them");
    assert_eq!(server.ask(&bob, "GET", "/v1/characters", &NOTHING).1["characters"], json!([]), "nobody sees them");
    for strange in ["0", "01", "+1", "-1", "1.0", "x", "%31", "%FF", "18446744073709551616", "1%20", ""] {
        let answer = server.ask(&ada, "DELETE", &format!("/v1/characters/{strange}"), &NOTHING);
        let expected = if strange == "%31" { 200 } else { 404 };
        assert_eq!(answer.0, expected, "{strange:?} names {answer:?}");
    }
}

#[test]
fn a_body_that_is_no_wish_is_refused() {
    let server = Server::plain();
    let login = server.player("Ada");
    for body in [json!([]), json!({ "character_id": "1" }), json!({ "character_id": -1 }), json!({ "name": "Ada" })] {
        let answer = server.ask(&login, "POST", "/v1/connect", &body);
        assert_eq!(refused(&answer), (400, "malformed_json"), "{body} says nothing about who plays");
    }
    let answer = server.ask(&login, "POST", "/v1/connect", &json!({ "character_id": 0 }));
    assert_eq!(refused(&answer), (404, "no_such_character"), "0 is no character");
}
