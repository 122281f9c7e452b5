//! The creatures of an account, and the types that they are of.

use hypogeum_creature_messages::GameId;
use hypogeum_gateway::RateLimit;
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

fn create(server: &Server, login: &Value, name: &str) -> Value {
    let (status, creature) = server.ask(
        login,
        "POST",
        "/v1/creatures",
        &json!({ "name": name, "type": "emberfox", "points": { "luck": 1 } }),
    );
    assert_eq!(status, 201, "{name} is made: {creature}");
    creature
}

fn path(creature: &Value, what: &str) -> String {
    format!("/v1/creatures/{}{what}", creature["creature_id"])
}

#[test]
fn a_creature_is_made_named_fed_and_released() {
    let server = Server::plain();
    let ada = server.player("Ada");
    assert_eq!(server.ask(&ada, "GET", "/v1/creatures", &NOTHING), (200, json!({ "creatures": [] })), "none yet");
    let cinder = create(&server, &ada, " Cinder ");
    let expected = json!({
        "creature_id": 1, "name": "Cinder", "type": "emberfox",
        "stats": { "speed": 11, "health": 10, "defence": 10, "strength": 10, "luck": 11 },
        "points": 2, "won": 0, "lost": 0, "streak": 0, "best_streak": 0, "titles": 0, "created_s": 1_800_000_000,
    });
    assert_eq!(cinder, expected, "of its type's bias and the points given, two kept");
    let (status, ash) = server.ask(&ada, "POST", "/v1/creatures", &json!({ "name": "Cinder", "type": "stoneback" }));
    assert_eq!((status, &ash["points"]), (201, &json!(3)), "two are called alike, and all points can be kept: {ash}");
    let listed = server.ask(&ada, "GET", "/v1/creatures", &NOTHING);
    assert_eq!(listed, (200, json!({ "creatures": [cinder, ash] })), "both are listed");
    assert_eq!(server.ask(&ada, "GET", &path(&cinder, ""), &NOTHING), (200, cinder.clone()), "one alone is shown");

    let (status, renamed) = server.ask(&ada, "PATCH", &path(&cinder, ""), &json!({ "name": "Old 狐" }));
    assert_eq!(
        (status, &renamed["name"], &renamed["stats"]),
        (200, &json!("Old 狐"), &cinder["stats"]),
        "it is renamed"
    );
    let feed = json!({ "points": { "speed": 1, "health": 1 } });
    let (status, fed) = server.ask(&ada, "POST", &path(&cinder, "/allocate-stats"), &feed);
    assert_eq!((status, &fed["points"]), (200, &json!(0)), "what it had kept is given: {fed}");
    let stats = json!({ "speed": 12, "health": 11, "defence": 10, "strength": 10, "luck": 11 });
    assert_eq!(fed["stats"], stats, "to its stats");
    assert_eq!(server.ask(&ada, "GET", &path(&cinder, ""), &NOTHING).1, fed, "for good");

    let released = server.ask(&ada, "DELETE", &path(&cinder, ""), &NOTHING);
    assert_eq!(released, (200, json!({ "creature_id": 1 })), "it is released");
    for (method, body) in [("GET", &NOTHING), ("DELETE", &NOTHING), ("PATCH", &json!({ "name": "Ghost" }))] {
        let answer = server.ask(&ada, method, &path(&cinder, ""), body);
        assert_eq!(refused(&answer), (404, "no_such_creature"), "{method}: it is gone");
        assert_eq!(answer.1["creature"], json!(1), "which one is said");
    }
}

#[test]
fn what_no_creature_can_be_is_refused() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let make = |body: &Value| server.ask(&ada, "POST", "/v1/creatures", body);
    let named = |name: &str| make(&json!({ "name": name, "type": "emberfox" }));
    for name in ["", "  ", &"x".repeat(25), "a\nb", "a\u{202E}b", "a\u{200B}b"] {
        assert_eq!(refused(&named(name)), (400, "invalid_name"), "{name:?} can nobody be called");
    }
    let answer = make(&json!({ "name": "Cinder", "type": "x".repeat(1_000) }));
    assert_eq!(refused(&answer), (400, "unknown_creature_type"), "nobody knows that type");
    assert_eq!(answer.1["known"], json!(["emberfox", "stoneback"]), "those that there are, are told");
    assert_eq!(answer.1["found"], json!("x".repeat(64)), "and what was asked for, as far as it is looked at");

    let given = |points: Value| make(&json!({ "name": "Cinder", "type": "emberfox", "points": points }));
    let answer = given(json!({ "speed": 1, "health": 2, "defence": 1 }));
    assert_eq!(refused(&answer), (400, "too_many_points"), "that is beyond what is given");
    assert_eq!((&answer.1["found"], &answer.1["left"]), (&json!(4), &json!(3)), "by one: {answer:?}");
    let most = json!({ "speed": u32::MAX, "health": u32::MAX });
    assert_eq!(refused(&given(most)), (400, "too_many_points"), "however many there are");
    let answer = given(json!({ "speed": 2 }));
    assert_eq!(refused(&answer), (400, "stat_too_high"), "no stat goes beyond its most");
    let details = [&answer.1["stat"], &answer.1["found"], &answer.1["most"]];
    assert_eq!(details, [&json!("speed"), &json!(13), &json!(12)], "it is said which, and by how much");
    let malformed = [
        json!({ "speed": -1 }),
        json!({ "speed": 1.5 }),
        json!({ "speed": "1" }),
        json!({ "charm": 1 }),
        json!({ "speed": 4_294_967_296_u64 }),
        json!(3),
        NOTHING,
    ];
    for points in malformed {
        assert_eq!(refused(&given(points.clone())), (400, "malformed_json"), "{points} are no points");
    }
    for body in [json!({ "name": "Cinder" }), json!({ "name": "Cinder", "type": "emberfox", "stats": {} }), json!([])] {
        assert_eq!(refused(&make(&body)), (400, "malformed_json"), "{body} is no creature");
    }
    assert_eq!(server.ask(&ada, "GET", "/v1/creatures", &NOTHING).1, json!({ "creatures": [] }), "none was made");
}

#[test]
fn kept_points_are_given_as_far_as_they_go() {
    let server = Server::plain();
    let ada = server.player("Ada");
    let cinder = create(&server, &ada, "Cinder");
    let feed =
        |points: Value| server.ask(&ada, "POST", &path(&cinder, "/allocate-stats"), &json!({ "points": points }));
    let answer = feed(json!({ "health": 3 }));
    assert_eq!(refused(&answer), (400, "too_many_points"), "it has kept two");
    assert_eq!((&answer.1["found"], &answer.1["left"]), (&json!(3), &json!(2)), "which is said");
    assert_eq!(refused(&feed(json!({ "speed": 2 }))), (400, "stat_too_high"), "as is what goes beyond");
    assert_eq!(refused(&feed(json!({ "speed": -1 }))), (400, "malformed_json"), "nothing is taken back");
    assert_eq!(feed(json!({})), (200, cinder.clone()), "nothing given, nothing changed");
    let answer = server.ask(&ada, "POST", &path(&cinder, "/allocate-stats"), &json!({}));
    assert_eq!(refused(&answer), (400, "malformed_json"), "but points are to be named");
    assert_eq!(feed(json!({ "health": 2 })).1["points"], json!(0), "all of it");
    assert_eq!(refused(&feed(json!({ "health": 1 }))), (400, "too_many_points"), "and no more");
}

#[test]
fn a_request_that_is_sent_again_is_done_once() {
    let server = Server::plain();
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let body = |name: &str, key: &str| json!({ "name": name, "type": "emberfox", "key": key });
    let make = |login: &Value, name: &str, key: &str| server.ask(login, "POST", "/v1/creatures", &body(name, key));
    let (status, cinder) = make(&ada, "Cinder", "k");
    assert_eq!(status, 201, "it is made: {cinder}");
    assert_eq!(make(&ada, "Cinder", "k"), (200, cinder.clone()), "once");
    assert_eq!(make(&ada, "Other", "k"), (200, cinder.clone()), "a key alone says that it is the same request");
    assert_eq!(make(&bob, "Cinder", "k").0, 201, "of the same account");
    assert_eq!((make(&ada, "Ash", "").0, make(&ada, "Ash", "").0), (201, 201), "without one each is another");

    let feed = |points: Value, key: &str| {
        server.ask(&ada, "POST", &path(&cinder, "/allocate-stats"), &json!({ "points": points, "key": key }))
    };
    let (status, fed) = feed(json!({ "health": 2 }), "k");
    assert_eq!((status, &fed["points"]), (200, &json!(1)), "of three kept two are given: {fed}");
    assert_eq!(feed(json!({ "health": 2 }), "k"), (200, fed.clone()), "once, though there are not so many any more");
    assert_eq!(feed(json!({ "speed": 1 }), "k"), (200, fed), "a key alone says that it is the same request");
    assert_eq!(refused(&feed(json!({ "health": 2 }), "other")), (400, "too_many_points"), "another is another");
    assert_eq!(feed(json!({ "luck": 1 }), "other").1["points"], json!(0), "and what was refused was not done");

    for key in ["k".repeat(65), "a\u{0}b".to_owned()] {
        assert_eq!(refused(&make(&ada, "Cinder", &key)), (400, "unfit_game"), "no such key is kept");
        assert_eq!(refused(&feed(json!({}), &key)), (400, "unfit_game"), "here as there");
    }
    let released = server.ask(&ada, "DELETE", &path(&cinder, ""), &NOTHING);
    assert_eq!(released.0, 200, "it is released");
    assert_eq!(
        refused(&make(&ada, "Cinder", "k")),
        (404, "no_such_creature"),
        "and not made again by the same request"
    );
}

#[test]
fn the_creatures_of_others_are_theirs() {
    let server = Server::plain();
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let cinder = create(&server, &ada, "Cinder");
    let asks = [
        ("GET", path(&cinder, ""), NOTHING),
        ("DELETE", path(&cinder, ""), NOTHING),
        ("PATCH", path(&cinder, ""), json!({ "name": "Mine" })),
        ("POST", path(&cinder, "/allocate-stats"), json!({ "points": { "luck": 1 } })),
    ];
    for (method, path, body) in asks {
        let answer = server.ask(&bob, method, &path, &body);
        assert_eq!(refused(&answer), (403, "not_your_creature"), "{method} {path} is for Ada");
        for strange in ["0", "01", "-1", "x", "18446744073709551616"] {
            let path = path.replace("creatures/1", &format!("creatures/{strange}"));
            let answer = server.ask(&bob, method, &path, &body);
            assert_eq!(refused(&answer), (404, "not_found"), "{method} {path} names nothing");
        }
    }
    assert_eq!(server.ask(&bob, "GET", "/v1/creatures", &NOTHING).1, json!({ "creatures": [] }), "nor does Bob see it");
    let answer = server.ask(&bob, "GET", "/v1/creatures/77", &NOTHING);
    assert_eq!(refused(&answer), (404, "no_such_creature"), "nobody has that one");
}

#[test]
fn a_creature_in_a_game_stays_in_it() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    let cinder = create(&server, &ada, "Cinder");
    store.with_creature(1, |creature| creature.game = Some(GameId(7)));
    assert_eq!(server.ask(&ada, "GET", &path(&cinder, ""), &NOTHING).1["game_id"], json!(7), "it says which");
    let feed = json!({ "points": { "health": 1 } });
    for (method, path, body) in
        [("DELETE", path(&cinder, ""), NOTHING), ("POST", path(&cinder, "/allocate-stats"), feed)]
    {
        let answer = server.ask(&ada, method, &path, &body);
        assert_eq!(refused(&answer), (409, "creature_in_game"), "{method} {path} has to wait");
        assert_eq!((&answer.1["creature"], &answer.1["game"]), (&json!(1), &json!(7)), "for which is said");
    }
    let answer = server.ask(&ada, "PATCH", &path(&cinder, ""), &json!({ "name": "Champion" }));
    assert_eq!((answer.0, &answer.1["name"]), (200, &json!("Champion")), "a name can change meanwhile");
    store.with_creature(1, |creature| creature.game = None);
    assert_eq!(server.ask(&ada, "DELETE", &path(&cinder, ""), &NOTHING).0, 200, "then it is free");
}

#[test]
fn an_account_has_so_many_creatures() {
    let server =
        Server::start(|config| config.rates.loopback = RateLimit { per_s: 50_000, burst: 50_000 }, Memory::default());
    let ada = server.player("Ada");
    for number in 0..64 {
        create(&server, &ada, &format!("Pet {number}"));
    }
    let body = json!({ "name": "One more", "type": "emberfox" });
    let answer = server.ask(&ada, "POST", "/v1/creatures", &body);
    assert_eq!(refused(&answer), (409, "too_many_creatures"), "is one too many");
}

#[test]
fn creatures_of_a_store_that_does_not_answer() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let ada = server.player("Ada");
    create(&server, &ada, "Cinder");
    store.set_broken(true);
    assert_eq!(refused(&server.ask(&ada, "GET", "/v1/creatures", &NOTHING)), (503, "unavailable"), "later perhaps");
    assert_eq!(server.get("/v1/creature-types").0, 200, "types are known without it");
}

#[test]
fn types_are_for_everyone_to_keep() {
    let server = Server::plain();
    let (status, types) = server.get("/v1/creature-types");
    let of = |key: &str, name: &str, speed: i32| {
        json!({ "type": key, "name": name, "description": "It has \"teeth\".", "art": ["(\\_/)"],
                "bias": { "speed": speed, "health": 0, "defence": 0, "strength": 0, "luck": 0 } })
    };
    let creation = json!({ "battle": "classic", "stat_base": 10, "stat_min": 1, "stat_max": 12, "points": 3 });
    let expected =
        json!({ "types": [of("emberfox", "Emberfox", 1), of("stoneback", "Stoneback", -1)], "creation": creation });
    assert_eq!((status, types), (200, expected), "what there is, and by which numbers");

    let ask = |headers: &str| {
        let request = format!("GET /v1/creature-types HTTP/1.1\r\nhost: x\r\n{headers}connection: close\r\n\r\n");
        server.raw(request.as_bytes())
    };
    let header = |answer: &str, name: &str| {
        let line = answer.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("{name} is said: {answer}")).to_owned()
    };
    let answer = ask("");
    let tag = header(&answer, "etag");
    assert!(tag.starts_with('"') && tag.ends_with('"') && tag.len() == 34, "a strong tag: {tag}");
    assert_eq!(header(&answer, "cache-control"), "public, max-age=60", "it can be kept for a minute");
    for known in [tag.clone(), format!("W/{tag}"), format!("\"other\", {tag}"), "*".to_owned()] {
        let answer = ask(&format!("if-none-match: {known}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 304 "), "{known} is still good: {answer}");
        assert!(answer.ends_with("\r\n\r\n"), "and it is not sent again: {answer}");
        assert_eq!(
            (header(&answer, "etag"), header(&answer, "cache-control")),
            (tag.clone(), "public, max-age=60".into()),
            "{known}"
        );
    }
    let several = ask(&format!("if-none-match: \"a\"\r\nif-none-match: {tag}\r\n"));
    assert!(several.starts_with("HTTP/1.1 304 "), "however it is split: {several}");
    for unknown in ["\"other\"", "", &tag[1..tag.len() - 1], ",,,", "W/"] {
        let answer = ask(&format!("if-none-match: {unknown}\r\n"));
        assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("emberfox"), "{unknown:?} is another: {answer}");
    }
    let other = Server::plain().raw(b"GET /v1/creature-types HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert_eq!(header(&other, "etag"), tag, "what is the same has one tag, wherever it comes from");
    let kept = server.raw(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert_eq!(header(&kept, "cache-control"), "no-store", "everything else is for once");
}

#[test]
fn who_asks_for_types_too_often_has_to_wait() {
    let slow = RateLimit { per_s: 1, burst: 2 };
    let server = Server::start(|config| config.rates.loopback = slow, Memory::default());
    let ask = || server.get("/v1/creature-types");
    let refusal = std::iter::repeat_with(ask).take(1_000).find(|answer| answer.0 != 200).unwrap();
    assert_eq!(refused(&refusal), (429, "too_many_requests"), "as with all that strangers ask");
}

#[test]
fn who_makes_creatures_too_often_has_to_wait() {
    // The burst lets an account register, log in and ask a few times.
    let slow = RateLimit { per_s: 1, burst: 4 };
    let server = Server::start(|config| config.rates.loopback = slow, Memory::default());
    let ada = server.player("Ada");
    let ask = || server.ask(&ada, "PATCH", "/v1/creatures/1", &json!({ "name": "Cinder" }));
    let refusal = std::iter::repeat_with(ask).take(1_000).find(|answer| answer.0 != 404).unwrap();
    assert_eq!(refused(&refusal), (429, "too_many_requests"), "each account has a line of its own");
    assert!(refusal.1["retry_after_ms"].is_u64(), "and is told when to come again: {refusal:?}");
}

#[test]
fn a_game_without_creatures_makes_none() {
    let server = Server::without_creatures();
    assert_eq!(refused(&server.get("/v1/creature-types")), (404, "not_found"), "there are no types");
    let ada = server.player("Ada");
    let body = json!({ "name": "Cinder", "type": "emberfox" });
    assert_eq!(refused(&server.ask(&ada, "POST", "/v1/creatures", &body)), (404, "not_found"), "and nobody makes one");
    assert_eq!(server.ask(&ada, "GET", "/v1/creatures", &NOTHING), (200, json!({ "creatures": [] })), "nor has one");
}
