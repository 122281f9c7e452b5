//! The document of all routes: it lists what the router has, and answers are what it says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use hypogeum_content_delivery::PublishedContent;
use hypogeum_creature_messages::{
    ActNews, ActResult, BattleMove, BattleView, CreatureId, CreatureStats, EntrantView, FighterView, GameId,
    PairingOutcome, PairingView, Side, TournamentView, Wants,
};
use hypogeum_economy::PriceList;
use hypogeum_gateway::{GatewayConfig, Guests};
use hypogeum_protocol::AccountId;
use serde_json::{Value, json};

use crate::document::DOCUMENT;
use crate::memory::Memory;
use crate::schema::Schemas;
use crate::server::{GOOD, Server, refused};
use crate::{content, cosmetics, rewards};

const NOTHING: Value = Value::Null;
/// Set to anything, this makes the file of types anew.
const WRITE: &str = "WRITE_HTTP_TYPES";

/// A gateway, and what it says of itself.
struct Held {
    server: Server,
    document: Value,
}

impl Held {
    fn new(store: Memory) -> Self {
        Self::with(|_| (), store)
    }

    fn with(more: impl FnOnce(&mut GatewayConfig), store: Memory) -> Self {
        let change = |config: &mut GatewayConfig| {
            more(config);
            config.guests = Guests::Anyone;
            config.cosmetics = cosmetics::catalog();
            config.rewards = rewards::rules();
            config.journal_key = Some("ab".repeat(32));
            config.prices = PriceList::new([("knife".into(), 75)]);
        };
        let server = Server::start(change, store);
        let (status, document) = server.get("/v1/openapi.json");
        assert_eq!((status, &document["openapi"]), (200, &json!("3.1.0")), "there is a document");
        Self { server, document }
    }

    /// Every operation: its path as it is written, its method in capitals, what is said of it.
    fn operations(&self) -> Vec<(String, String, &Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        let operations = paths.iter().flat_map(|(path, item)| {
            let item = item.as_object().unwrap();
            item.iter().map(|(method, operation)| (path.clone(), method.to_uppercase(), operation))
        });
        operations.collect()
    }

    fn operation(&self, method: &str, path: &str) -> &Value {
        let segments = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
        let asked = segments(path.split('?').next().unwrap());
        let is_it = |written: &str| {
            let written = segments(written);
            let fits = |(one, other): (&String, &String)| one == other || one.starts_with('{');
            written.len() == asked.len() && written.iter().zip(&asked).all(fits)
        };
        let found = self.operations().into_iter().find(|(written, its, _)| its == method && is_it(written));
        found.unwrap_or_else(|| panic!("{method} {path} is in the document")).2
    }

    /// Asks, and holds question and answer to the document.
    fn ask(&self, login: &Value, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let mut request = ureq::http::Request::builder().method(method);
        request =
            request.uri(format!("http://{}{path}", self.server.address)).header("content-type", "application/json");
        if let Some(token) = login["access_token"].as_str() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let answer = match body {
            Value::Null => agent.run(request.body(()).unwrap()),
            body => agent.run(request.body(body.to_string()).unwrap()),
        };
        let mut answer = answer.unwrap();
        let status = answer.status().as_u16();
        let (operation, schemas) = (self.operation(method, path), Schemas(&self.document));
        if status < 300 && !body.is_null() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            schemas.check(schema, body).unwrap_or_else(|why| panic!("{method} {path} takes {body}: {why}"));
        }
        let said = &operation["responses"][status.to_string()];
        assert!(said.is_object(), "{method} {path}: nothing is said of {status}");
        for (name, header) in said["headers"].as_object().into_iter().flatten() {
            let is_there = answer.headers().contains_key(name.as_str());
            assert!(is_there || header["required"] != true, "{method} {path}: {status} has {name}");
        }
        let media_type = answer.headers()["content-type"].to_str().unwrap().to_owned();
        let said = &said["content"][media_type.as_str()]["schema"];
        let answer: Value = answer.body_mut().read_json().unwrap();
        schemas.check(said, &answer).unwrap_or_else(|why| panic!("{method} {path} answers {status}: {why}"));
        (status, answer)
    }

    /// The same for what is to be done.
    fn done(&self, login: &Value, method: &str, path: &str, body: &Value) -> Value {
        let (status, answer) = self.ask(login, method, path, body);
        assert!(status < 300, "{method} {path} with {body} is done: {status} {answer}");
        answer
    }
}

/// What clients in other languages make types of, without a server: what each operation takes and answers where it is done.
fn types_of(document: &Value) -> Value {
    let paths = document["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|path| path.as_object().unwrap().values()).map(|operation| {
        let responses = operation["responses"].as_object().unwrap().iter();
        let done = responses.filter(|(status, _)| status.starts_with('2'));
        let contents = done.flat_map(|(_, response)| response["content"].as_object().into_iter().flatten());
        let answers: Vec<Value> = contents
            .map(|(media, content)| match media.as_str() {
                "application/json" => content["schema"].clone(),
                _ => json!({ "type": "string" }),
            })
            .collect();
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = operation["operationId"].as_str().unwrap().to_owned();
        (name, json!({ "answers": answers, "body": body }))
    });
    let operations: serde_json::Map<String, Value> = operations.collect();
    json!({ "operations": operations, "schemas": document["components"]["schemas"] })
}

#[test]
fn the_types_beside_the_crate_are_those_of_the_document() {
    let types = types_of(&Held::new(Memory::default()).document);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("http_types.json");
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&types).unwrap() + "\n").unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        serde_json::from_str::<Value>(&kept).is_ok_and(|kept| kept == types),
        "http_types.json is stale: `{WRITE}=1 cargo test -p hypogeum-gateway --test http` makes it anew, and \
         `npm run types` in plugins/sdk/javascript what is made of it"
    );
}

/// All paths that stand in calls of `route` in the sources.
fn routed(folder: &Path, paths: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            routed(&path, paths);
        } else {
            let source = std::fs::read_to_string(&path).unwrap();
            let calls = source.split(".route(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
            paths.extend(calls.map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
    }
}

#[test]
fn the_document_lists_what_the_router_has() {
    let held = Held::new(Memory::default());
    let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, method, _) in held.operations() {
        methods.entry(path).or_default().insert(method);
    }
    let mut paths = BTreeSet::new();
    routed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
    let written: BTreeSet<String> = methods.keys().cloned().collect();
    assert_eq!(written, paths, "each path of the router is described, and no other");
    for (path, mut methods) in methods {
        let names = [
            ("{id}", "ID"),
            ("{key}", "KEY"),
            ("{hash}", "HASH"),
            ("{pairing}", "PAIRING"),
            ("{game}", "N"),
            ("{collection}", "COLLECTION"),
        ];
        let in_words = names.iter().fold(path.clone(), |path, (name, word)| path.replace(name, word));
        for method in &methods {
            let tells = |end| DOCUMENT.contains(&format!("`{method} {in_words}{end}"));
            assert!(tells("`") || tells("?"), "PROTOCOL.md tells of {method} {in_words}");
        }
        // A method that no path takes is answered with those that this one does.
        let asked = path.replace(['{', '}'], "");
        let answer =
            held.server.raw(format!("TRACE {asked} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes());
        assert!(answer.starts_with("HTTP/1.1 405 "), "{path}: {answer}");
        let allowed = answer.lines().find_map(|line| line.strip_prefix("allow: ")).expect("it says which it takes");
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
        let allowed: BTreeSet<String> = allowed.split(',').map(str::to_owned).collect();
        assert_eq!(methods, allowed, "{path} is described with its methods");
    }
}

#[test]
fn whoever_asks_anything_gets_what_the_document_says() {
    // Games are asked that nobody plays here: 503, which every route may answer.
    let held = Held::with(|config| config.request_timeout = Duration::from_millis(500), Memory::default());
    let login = std::iter::repeat_with(|| held.server.guest("Ada")).take(100).find(|answer| answer.0 == 200).unwrap().1;
    for who in [&login, &NOTHING] {
        for (path, method, _) in held.operations() {
            // The document itself is any object, and the login has to last.
            if path.starts_with("/v1/logout") || method == "GET" && path == "/v1/socket" {
                continue;
            }
            let path =
                path.replace("{key}", "wins").replace("{id}", "1").replace("{pairing}", "1").replace("{game}", "1");
            let path = path.replace("{collection}", "saves");
            let body = if method == "GET" || method == "DELETE" { NOTHING } else { json!({}) };
            held.ask(who, &method, &path, &body);
        }
    }
    held.ask(&login, "GET", "/v1/socket", &NOTHING);
    held.server.admission.close();
    for (path, method, _) in held.operations() {
        let path = path.replace("{key}", "climb").replace("{id}", "0").replace("{pairing}", "x").replace("{game}", "1");
        held.ask(&login, &method, &path, &NOTHING);
    }
}

#[test]
fn unknown_fields_are_refused_as_the_document_says() {
    let held = Held::new(Memory::default());
    let login = held.server.player("Ada");
    let mut bodies = 0;
    for (path, method, operation) in held.operations() {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() {
            continue;
        }
        bodies += 1;
        assert_eq!(Schemas(&held.document).resolve(schema)["additionalProperties"], false, "{method} {path}");
        let answer = held.ask(&login, &method, &path.replace("{id}", "1"), &json!({ "nobody_knows": 1 }));
        assert_eq!(refused(&answer), (400, "malformed_json"), "{method} {path}");
    }
    assert!(bodies > 15, "{bodies} routes take a body");
}

#[test]
fn accounts_and_characters_are_what_the_document_says() {
    let held = Held::new(Memory::default());
    let credentials = json!({ "name": "Ada", "password": GOOD });
    held.done(&NOTHING, "POST", "/v1/accounts", &credentials);
    held.ask(&NOTHING, "POST", "/v1/accounts", &credentials);
    held.ask(&NOTHING, "POST", "/v1/accounts", &json!({ "name": "x", "password": GOOD }));
    held.ask(&NOTHING, "POST", "/v1/login", &json!({ "name": "Ada", "password": "wrong horse" }));
    let login = held.done(&NOTHING, "POST", "/v1/login", &credentials);
    let refresh = json!({ "refresh_token": login["refresh_token"] });
    let login = held.done(&NOTHING, "POST", "/v1/refresh", &refresh);
    held.ask(&NOTHING, "POST", "/v1/refresh", &json!({ "refresh_token": "x" }));
    held.done(&NOTHING, "POST", "/v1/guests", &json!({ "name": "Bot-1" }));
    held.done(&login, "POST", "/v1/connect", &NOTHING);
    held.ask(&login, "POST", "/v1/connect", &json!({ "character_id": 7 }));
    held.done(&login, "POST", "/v1/characters", &json!({ "name": "Shade" }));
    held.done(&login, "POST", "/v1/connect", &json!({ "character_id": 1 }));
    held.done(&login, "GET", "/v1/characters", &NOTHING);
    held.done(&login, "DELETE", "/v1/characters/1", &NOTHING);
    held.ask(&login, "DELETE", "/v1/characters/1", &NOTHING);
    for path in ["/healthz", "/readyz", "/v1/status", "/v1/journal-key"] {
        held.done(&NOTHING, "GET", path, &NOTHING);
    }
    held.server.admission.degrade("database");
    held.done(&NOTHING, "GET", "/readyz", &NOTHING);
    held.server.admission.refuse("outbox");
    held.ask(&NOTHING, "GET", "/readyz", &NOTHING);
    held.ask(&NOTHING, "POST", "/v1/accounts", &json!({ "name": "Bob", "password": GOOD }));
    held.done(&login, "POST", "/v1/logout", &NOTHING);
    let answer = held.ask(&login, "POST", "/v1/logout/everywhere", &NOTHING);
    assert_eq!(refused(&answer), (401, "login_closed"), "the login is over");
}

#[test]
fn content_and_schema_are_what_the_document_says() {
    let published = PublishedContent::new(content::set(1));
    let server = content::server(&published);
    let (_, document) = server.get("/v1/openapi.json");
    let held = Held { server, document };
    let manifest = held.done(&NOTHING, "GET", "/v1/content", &NOTHING);
    for blob in manifest["blobs"].as_array().unwrap() {
        held.done(&NOTHING, "GET", &format!("/v1/content/{}", blob["hash"].as_str().unwrap()), &NOTHING);
    }
    published.publish(content::set(2));
    let since = manifest["manifest_hash"].as_str().unwrap();
    held.done(&NOTHING, "GET", &format!("/v1/content?since={since}"), &NOTHING);
    held.ask(&NOTHING, "GET", "/v1/content/none", &NOTHING);
    held.done(&NOTHING, "GET", "/v1/protocol.json", &NOTHING);
}

#[test]
fn what_an_account_has_reached_is_what_the_document_says() {
    let store = Memory::default();
    let held = Held::new(store.clone());
    let ada = held.server.player("Ada");
    for (id, ended_s) in [(7, 5_000), (8, 6_000), (1 << 53, 7_000)] {
        store.play(1, id, ended_s);
    }
    held.done(&ada, "GET", "/v1/profile", &NOTHING);
    let page = held.done(&ada, "GET", "/v1/matches?count=1", &NOTHING);
    let next = page["next"].as_str().expect("there is another page");
    held.done(&ada, "GET", &format!("/v1/matches?after={next}"), &NOTHING);
    held.ask(&ada, "GET", "/v1/matches?after=first", &NOTHING);
    held.done(&ada, "GET", "/v1/matches/7", &NOTHING);
    let large = held.done(&ada, "GET", "/v1/matches/9007199254740992", &NOTHING);
    assert!(large["match_id"].is_string(), "a number would be another one to many readers: {large}");
    let answer = held.ask(&ada, "GET", "/v1/matches/9", &NOTHING);
    assert_eq!(refused(&answer), (404, "no_such_match"), "nobody has played it");
}

#[test]
fn cosmetics_are_what_the_document_says() {
    let held = Held::new(Memory::default());
    let ada = held.server.player("Ada");
    held.done(&ada, "POST", "/v1/cosmetics/red/buy", &json!({ "key": 1, "price": 100 }));
    held.ask(&ada, "POST", "/v1/cosmetics/red/buy", &json!({ "key": 2, "price": 100 }));
    held.done(&ada, "POST", "/v1/cosmetics/red/equip", &NOTHING);
    held.done(&ada, "GET", "/v1/cosmetics", &NOTHING);
    held.done(&ada, "POST", "/v1/cosmetics/worn", &json!({ "names": ["Ada", "Bob"] }));
    held.done(&ada, "POST", "/v1/cosmetics/red/unequip", &NOTHING);
    held.done(&ada, "POST", "/v1/cosmetics/refund", &json!({ "key": 1 }));
    held.done(&ada, "POST", "/v1/daily/days/claim", &NOTHING);
    for path in ["achievements", "daily", "season-rewards"] {
        held.done(&ada, "GET", &format!("/v1/{path}"), &NOTHING);
    }
}

#[test]
fn creatures_games_and_boards_are_what_the_document_says() {
    let held = Held::new(Memory::default());
    let login = held.server.player("Ada");
    for path in ["creature-types", "tournaments", "ladders", "leaderboards"] {
        held.done(&NOTHING, "GET", &format!("/v1/{path}"), &NOTHING);
    }
    let new = json!({ "name": "Cinder", "type": "emberfox", "points": { "luck": 1 }, "key": "a" });
    for _ in 0..2 {
        held.done(&login, "POST", "/v1/creatures", &new);
    }
    held.ask(&login, "POST", "/v1/creatures", &json!({ "name": "Cinder", "type": "none" }));
    held.ask(
        &login,
        "POST",
        "/v1/creatures",
        &json!({ "name": "Cinder", "type": "emberfox", "points": { "luck": 99 } }),
    );
    held.done(&login, "GET", "/v1/creatures", &NOTHING);
    held.done(&login, "GET", "/v1/creatures/1", &NOTHING);
    held.done(&login, "PATCH", "/v1/creatures/1", &json!({ "name": "Ash" }));
    held.done(&login, "POST", "/v1/creatures/1/allocate-stats", &json!({ "points": { "health": 1 } }));
    held.done(
        &login,
        "POST",
        "/v1/games",
        &json!({ "size": 4, "opponents": "novice", "open": { "starts_in_s": 600 } }),
    );
    held.ask(&login, "POST", "/v1/games", &json!({ "creature_ids": [] }));
    held.done(&login, "POST", "/v1/games/1/enter", &json!({ "creature_id": 1, "key": "k" }));
    held.ask(&login, "POST", "/v1/games/1/enter", &json!({ "creature_id": 1 }));
    held.done(&login, "GET", "/v1/creatures/1", &NOTHING);
    let games = held.done(&login, "GET", "/v1/games?count=1", &NOTHING);
    assert_eq!(games["games"].as_array().map(Vec::len), Some(1), "the open game is listed: {games}");
    held.done(&login, "GET", "/v1/open-games?after=0", &NOTHING);
    held.ask(&login, "GET", "/v1/open-games?before=0", &NOTHING);
    held.done(&login, "GET", "/v1/games/1/entries", &NOTHING);
    held.done(&login, "POST", "/v1/games/1/leave", &json!({ "creature_id": 1 }));
    held.done(&login, "POST", "/v1/games/1/call-off", &NOTHING);
    held.done(&login, "DELETE", "/v1/creatures/1", &NOTHING);
    held.done(&login, "GET", "/v1/ladders/climb/rating", &NOTHING);
    held.ask(&login, "GET", "/v1/ladders/none/rating", &NOTHING);
    held.done(&login, "GET", "/v1/leaderboards/ever/seasons", &NOTHING);
    held.done(&login, "GET", "/v1/leaderboards/wins?count=5", &NOTHING);
    held.done(&login, "GET", "/v1/leaderboards/wins/around", &NOTHING);
    held.ask(&login, "GET", "/v1/leaderboards/wins?from=1&after=1.1", &NOTHING);
}

#[test]
fn goods_are_what_the_document_says() {
    let store = Memory::default();
    let held = Held::new(store.clone());
    let (ada, bob) = (held.server.player("Ada"), held.server.player("Bob"));
    store.lay(1, 7, "knife", 1);
    held.done(&ada, "GET", "/v1/stash", &NOTHING);
    held.done(&ada, "GET", "/v1/inventory", &NOTHING);
    held.done(&ada, "GET", "/v1/shop", &NOTHING);
    let offer =
        json!({ "to": 2, "gives": { "items": [{ "item": "ab-7", "version": 1 }] }, "wants": { "currency": 5 } });
    held.done(&ada, "POST", "/v1/trades", &offer);
    held.done(&ada, "POST", "/v1/trades", &offer);
    held.done(&bob, "GET", "/v1/trades?count=1", &NOTHING);
    held.ask(&bob, "GET", "/v1/trades?after=none", &NOTHING);
    held.done(&bob, "POST", "/v1/trades/1/accept", &NOTHING);
    held.ask(&bob, "POST", "/v1/trades/2/accept", &NOTHING);
    held.done(&ada, "DELETE", "/v1/trades/2", &NOTHING);
    held.ask(&bob, "POST", "/v1/trades/2/accept", &NOTHING);
    held.ask(&ada, "POST", "/v1/trades", &json!({ "to": 1, "wants": { "currency": 5 } }));
    held.done(&ada, "POST", "/v1/shop/buy", &json!({ "key": 1, "template": "knife", "price": 75 }));
    held.ask(&ada, "POST", "/v1/shop/buy", &json!({ "key": 2, "template": "knife", "price": 76 }));
    held.ask(&bob, "POST", "/v1/shop/sell", &json!({ "item": "ab-7", "version": 1, "price": 37 }));
    held.done(&bob, "POST", "/v1/shop/sell", &json!({ "item": "ab-7", "version": 2, "price": 37 }));
}

#[test]
fn friends_are_what_the_document_says() {
    let held = Held::new(Memory::default());
    let (ada, bob) = (held.server.player("Ada"), held.server.player("Bob"));
    held.done(&ada, "POST", "/v1/friends", &json!({ "name": "Bob" }));
    held.ask(&ada, "POST", "/v1/friends", &json!({ "name": "Ada" }));
    held.done(&bob, "GET", "/v1/friends?state=received&count=1", &NOTHING);
    held.done(&bob, "POST", "/v1/friends/1/accept", &NOTHING);
    held.ask(&bob, "POST", "/v1/friends/1/accept", &NOTHING);
    held.done(&bob, "DELETE", "/v1/friends/1", &NOTHING);
    held.ask(&bob, "DELETE", "/v1/friends/1", &NOTHING);
    held.done(&bob, "POST", "/v1/blocks", &json!({ "name": "Ada" }));
    held.done(&bob, "GET", "/v1/blocks", &NOTHING);
    held.done(&bob, "DELETE", "/v1/blocks/1", &NOTHING);
    held.done(&ada, "GET", "/v1/presence", &NOTHING);
    held.done(&ada, "POST", "/v1/presence", &json!({ "visible_to": "nobody" }));
}

#[test]
fn messages_are_what_the_document_says() {
    let store = Memory::default();
    let held = Held::new(store.clone());
    let ada = held.server.player("Ada");
    let message = json!({ "name": "Ada", "key": "a", "texts": [{ "locale": "en", "text": "Hi" }], "kept_s": 60 });
    held.done(&NOTHING, "POST", "/v1/inbox-messages", &message);
    held.ask(&NOTHING, "POST", "/v1/inbox-messages", &json!({ "name": "Ada", "key": "", "texts": [] }));
    store.give("Ada", "b", 40);
    held.done(&ada, "GET", "/v1/inbox?locale=de&count=1", &NOTHING);
    held.done(&ada, "POST", "/v1/inbox/1/read", &NOTHING);
    held.ask(&ada, "DELETE", "/v1/inbox/2", &NOTHING);
    held.done(&ada, "POST", "/v1/inbox/2/claim", &NOTHING);
    held.done(&ada, "DELETE", "/v1/inbox/2", &NOTHING);
    held.ask(&ada, "DELETE", "/v1/inbox/2", &NOTHING);
}

#[test]
fn objects_are_what_the_document_says() {
    let held = Held::new(Memory::default());
    let (ada, bob) = (held.server.player("Ada"), held.server.player("Bob"));
    let path = "/v1/storage/saves/slot-1";
    held.done(&ada, "POST", path, &json!({ "value": { "a": [1, null] }, "readable_by": "public", "if_version": 0 }));
    held.ask(&ada, "POST", path, &json!({ "value": {}, "if_version": 0 }));
    held.ask(&ada, "POST", path, &json!({ "value": { "a": "x".repeat(16_000) } }));
    held.done(&ada, "POST", path, &json!({ "value": {}, "readable_by": "public" }));
    held.done(&ada, "GET", path, &NOTHING);
    held.done(&bob, "GET", &format!("{path}?owner=1"), &NOTHING);
    held.done(&bob, "GET", "/v1/storage/saves?owner=1&count=1&after=a", &NOTHING);
    held.ask(&bob, "GET", path, &NOTHING);
    held.done(&ada, "GET", "/v1/storage", &NOTHING);
    held.ask(&ada, "DELETE", &format!("{path}?if_version=1"), &NOTHING);
    held.done(&ada, "DELETE", &format!("{path}?if_version=2"), &NOTHING);
    held.ask(&ada, "DELETE", path, &NOTHING);
}

/// A game in which everything is that there can be.
fn game() -> TournamentView {
    let entrant = |wants| EntrantView {
        number: 1,
        creature: CreatureId(7),
        owner: AccountId(1),
        owner_name: "Ada".into(),
        name: "Cinder".into(),
        kind: "emberfox".into(),
        stats: CreatureStats::default(),
        points: 1,
        rank: 1,
        is_in: true,
        wants,
    };
    let wants = [
        Wants::Nothing,
        Wants::Points { until_unix_ms: None },
        Wants::Points { until_unix_ms: Some(1) },
        Wants::Ready { until_unix_ms: 1 },
        Wants::Move { until_unix_ms: None },
    ];
    let pairing = |outcome| PairingView {
        number: 1,
        round: 1,
        place: "final".into(),
        sides: [Some(0), None],
        best_of: 1,
        wins: [0, 1],
        outcome,
    };
    let outcomes = [
        None,
        Some(PairingOutcome::Won(1)),
        Some(PairingOutcome::Forfeited(1)),
        Some(PairingOutcome::BothGone(None)),
        Some(PairingOutcome::BothGone(Some(1))),
        Some(PairingOutcome::NotNeeded),
    ];
    let fighter = FighterView { entrant: 0, hp: 1, hp_max: 2, defends_left: 1, specials_left: 1, has_chosen: true };
    let hit = ActResult::Hit { damage: 1, is_critical: true, is_defended: false, hp_before: 2, hp_after: 1 };
    let acts = [ActResult::Defends, ActResult::Dodged, hit];
    let act =
        |result| ActNews { side: Side::First, what: BattleMove::Attack, result, defends_left: 1, specials_left: 0 };
    TournamentView {
        game: GameId(1),
        tournament: "cup".into(),
        entrants: wants.map(entrant).into(),
        pairings: outcomes.map(pairing).into(),
        battles: vec![BattleView {
            pairing: 1,
            game: 1,
            turn: 1,
            fighters: [fighter.clone(), fighter],
            last: acts.map(act).into(),
        }],
        champion: None,
        is_over: false,
    }
}

#[test]
fn a_game_that_is_played_is_what_the_document_says() {
    let held = Held::new(Memory::default());
    let mut view = serde_json::to_value(game()).unwrap();
    let schemas = Schemas(&held.document);
    let bracket = json!({ "game_id": 1, "pairings": view["pairings"], "champion": 1, "is_over": true });
    for (name, value) in [("Game", &view), ("Bracket", &bracket)] {
        schemas.check(&json!({ "$ref": format!("#/components/schemas/{name}") }), value).expect("it is described");
    }
    view["battles"][0]["fighters"].as_array_mut().unwrap().pop();
    let checked = schemas.check(&json!({ "$ref": "#/components/schemas/Game" }), &view);
    assert!(checked.is_err(), "one alone fights no battle");
}
