//! What belongs to others: where its existence is a secret it is as if it never was, to the last byte of the answer.

use hypogeum_gateway::RATED_ROUTES;
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{Answer, Server, bearer};

const NOTHING: Value = Value::Null;
/// A number that nothing has.
const NEVER: u64 = 987_654_321;

/// How a route answers about what is somebody else's.
enum Told {
    /// As about what never was: 404 of this code.
    Nothing(&'static str),
    /// That it is somebody else's, for people see it in games: 403 of the first code, and 404 of the second about what never was.
    ThatItIsTheirs(&'static str, &'static str),
    /// What everyone is told: it is there to be seen.
    AsEveryone,
}

/// What is sent to a route that names something by its number.
fn sent(method: &str, path: &str) -> (Value, Told) {
    let feed = json!({ "points": { "luck": 1 } });
    match (method, path) {
        ("DELETE", "/v1/characters/{id}") => (NOTHING, Told::Nothing("no_such_character")),
        ("GET", "/v1/matches/{id}") => (NOTHING, Told::Nothing("no_such_match")),
        ("DELETE", "/v1/trades/{id}") | ("POST", "/v1/trades/{id}/accept") => (NOTHING, Told::Nothing("no_such_trade")),
        ("POST", "/v1/friends/{id}/accept") => (NOTHING, Told::Nothing("no_such_request")),
        ("DELETE", "/v1/friends/{id}" | "/v1/blocks/{id}") => (NOTHING, Told::Nothing("not_listed")),
        ("POST", "/v1/inbox/{id}/read" | "/v1/inbox/{id}/claim") | ("DELETE", "/v1/inbox/{id}") => {
            (NOTHING, Told::Nothing("no_such_message"))
        }
        ("GET" | "DELETE", "/v1/creatures/{id}") => {
            (NOTHING, Told::ThatItIsTheirs("not_your_creature", "no_such_creature"))
        }
        ("PATCH", "/v1/creatures/{id}") => {
            (json!({ "name": "Mine" }), Told::ThatItIsTheirs("not_your_creature", "no_such_creature"))
        }
        ("POST", "/v1/creatures/{id}/allocate-stats") => {
            (feed, Told::ThatItIsTheirs("not_your_creature", "no_such_creature"))
        }
        ("POST", "/v1/games/{id}/call-off") => (NOTHING, Told::ThatItIsTheirs("not_your_game", "no_such_game")),
        (_, path) if path.starts_with("/v1/games/{id}") => (NOTHING, Told::AsEveryone),
        (method, path) => panic!("say here what {method} {path} answers about what is somebody else's"),
    }
}

/// An answer without what differs between any two, whatever was asked: the time, and how many may follow.
fn whole(server: &Server, login: &Value, (method, path): (&str, &str), body: &Value) -> Answer {
    let token = bearer(login);
    let mut answer = server.whole(method, path, &[("authorization", token.as_str())], body);
    for name in ["date", "ratelimit-remaining", "ratelimit-reset"] {
        answer.headers.remove(name);
    }
    answer
}

/// Something of everything, all of it Ada's and with the number 1, but for the match.
fn world() -> (Server, Value) {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let [ada, _, eve] = ["Ada", "Bob", "Eve"].map(|name| server.player(name));
    store.play(1, 1, 1_000);
    let made = [
        ("/v1/characters", json!({ "name": "Shade" })),
        ("/v1/creatures", json!({ "name": "Cinder", "type": "emberfox" })),
        ("/v1/trades", json!({ "to": 2, "gives": { "currency": 1 } })),
        ("/v1/games", json!({ "size": 4, "open": { "starts_in_s": 600 }, "opponents": "novice" })),
    ];
    for (path, body) in made {
        let (status, answer) = server.ask(&ada, "POST", path, &body);
        assert_eq!(status, 201, "{path}: {answer}");
    }
    (server, eve)
}

#[test]
fn nobody_learns_of_others_what_is_not_theirs_to_know() {
    let (server, eve) = world();
    for route in RATED_ROUTES.iter().filter(|route| route.path.contains("{id}")) {
        let (body, told) = sent(route.method, route.path);
        let ask = |id: u64| {
            let path = route.path.replace("{id}", &id.to_string());
            whole(&server, &eve, (route.method, &path), &body)
        };
        let code = |answer: &Answer| (answer.status, answer.json()["code"].as_str().unwrap_or_default().to_owned());
        match told {
            Told::Nothing(none) => {
                let (theirs, never) = (ask(1), ask(NEVER));
                assert_eq!(code(&never), (404, none.to_owned()), "{route:?}");
                assert_eq!(theirs, never, "{route:?}: somebody's and nobody's are told apart");
            }
            Told::ThatItIsTheirs(not_yours, none) => {
                let (theirs, never) = (ask(1), ask(NEVER));
                let codes = (code(&theirs), code(&never));
                assert_eq!(codes, ((403, not_yours.to_owned()), (404, none.to_owned())), "{route:?}");
                let fields = |answer: &Answer| answer.json().as_object().unwrap().keys().cloned().collect::<Vec<_>>();
                assert_eq!(fields(&theirs), fields(&never), "{route:?}: nothing else of it is told");
                assert_eq!(theirs.headers.keys().collect::<Vec<_>>(), never.headers.keys().collect::<Vec<_>>());
            }
            Told::AsEveryone => {}
        }
    }
    let as_character = |id: u64| whole(&server, &eve, ("POST", "/v1/connect"), &json!({ "character_id": id }));
    assert_eq!(as_character(1).status, 404, "a character of somebody else is none");
    assert_eq!(as_character(1), as_character(NEVER), "whether there is one or not");
}

#[test]
fn what_was_asked_of_others_has_changed_nothing() {
    let (server, eve) = world();
    let ada = server.login("Ada", crate::server::GOOD).1;
    let looks = ["/v1/characters", "/v1/creatures", "/v1/trades", "/v1/matches", "/v1/games/1/entries"];
    let before = looks.map(|path| server.ask(&ada, "GET", path, &NOTHING));
    for route in RATED_ROUTES.iter().filter(|route| route.path.contains("{id}") && route.method != "GET") {
        let (body, told) = sent(route.method, route.path);
        if !matches!(told, Told::AsEveryone) {
            whole(&server, &eve, (route.method, &route.path.replace("{id}", "1")), &body);
        }
    }
    let mut after = looks.map(|path| server.ask(&ada, "GET", path, &NOTHING));
    // It is open for less time meanwhile.
    after[2].1["trades"][0]["expires_in_s"] = before[2].1["trades"][0]["expires_in_s"].clone();
    assert_eq!(after, before, "all of it is as it was");
}
