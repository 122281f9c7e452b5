//! `PROTOCOL.md` says what the gateway does: its story is played here, its table of codes is the code's.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_accounts::{AccountError, StorageError, Unauthorized};
use hypogeum_content_delivery::PublishedContent;
use hypogeum_creature_messages::{CreatureId, GameId, TournamentRefusal};
use hypogeum_economy::{CosmeticError, EconomyError, PriceList, TradeState};
use hypogeum_gateway::{ApiError, GameError, LadderError, LeaderboardError, RATED_ROUTES};
use hypogeum_matches::TicketError;
use hypogeum_protocol::{AccountId, ItemId, PropertyFault, QueryFault, QueueRefusal};
use hypogeum_social::{InboxError, SocialError};
use hypogeum_tournaments::{CreatureError, CreatureNameError, CreatureRuleError, EntryError};
use serde_json::Value;

use crate::content;
use crate::memory::Memory;
use crate::server::Server;

pub(crate) const DOCUMENT: &str = include_str!("../../../../wire/protocol/PROTOCOL.md");
/// Fields that are different each time and no secrets.
const MOVING: [&str; 5] = ["session_id", "created_s", "expires_in_s", "starts_s", "entered_s"];

struct Exchange {
    method: String,
    path: String,
    bearer: Option<String>,
    body: Value,
    status: u16,
    answer: Value,
}

fn story() -> Vec<Exchange> {
    let fences = DOCUMENT.split("```http\n").skip(1);
    fences.map(|rest| exchange(rest.split("```").next().expect("the fence is closed"))).collect()
}

fn exchange(text: &str) -> Exchange {
    let (asked, answered) = text.split_once("\n\n").expect("a question, an empty line, an answer");
    let mut lines = asked.lines();
    let (method, path) = lines.next().and_then(|line| line.split_once(' ')).expect("a method and a path");
    let mut rest: Vec<&str> = lines.collect();
    let bearer = rest.first().and_then(|line| line.strip_prefix("Authorization: Bearer ")).map(str::to_owned);
    if bearer.is_some() {
        rest.remove(0);
    }
    let json = |text: &str| serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let body = if rest.is_empty() { Value::Null } else { json(&rest.join("\n")) };
    let (status, answer) = answered.split_once('\n').expect("a status and a body");
    let status = status.parse().expect("a status");
    Exchange { method: method.to_owned(), path: path.to_owned(), bearer, body, status, answer: json(answer) }
}

/// Words in capitals stand for secrets.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Puts what words stand for in their place.
fn fill(value: &mut Value, words: &BTreeMap<String, String>) {
    match value {
        Value::String(text) if is_word(text) => *text = words[text.as_str()].clone(),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill(field, words)),
        _ => {}
    }
}

/// Compares what was answered with what is written, and learns what words stand for.
fn compare(written: &Value, answered: &Value, words: &mut BTreeMap<String, String>) {
    let (Value::Object(written), Value::Object(answered)) = (written, answered) else {
        let lists = written.as_array().zip(answered.as_array()).filter(|(one, other)| one.len() == other.len());
        match lists {
            Some((one, other)) => one.iter().zip(other).for_each(|(one, other)| compare(one, other, words)),
            None => assert_eq!(answered, written, "the document says so"),
        }
        return;
    };
    let names = |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(answered), names(written), "the document names the fields");
    for (name, written) in written {
        let answered = &answered[name];
        match written {
            Value::String(word) if is_word(word) => {
                let secret = answered.as_str().expect("a word stands for text");
                assert!(words.insert(word.clone(), secret.to_owned()).is_none(), "{word} stands for one thing");
            }
            Value::Number(_) if MOVING.contains(&name.as_str()) => {
                assert!(answered.is_u64(), "{name} is a number");
            }
            _ => compare(written, answered, words),
        }
    }
}

#[test]
fn the_story_of_the_document_is_what_happens() {
    let store = Memory::default();
    let server = Server::start(|config| config.prices = PriceList::new([("knife".into(), 75)]), store.clone());
    let item = store.lay(1, 7, "knife", 1);
    assert_eq!(item.to_string(), "ab-7", "Ada has the knife the document speaks of");
    store.play(1, 12, 1_800_000_300);
    let story = story();
    assert!(story.len() > 15, "{} exchanges are all there are", story.len());
    let mut words = BTreeMap::new();
    for (number, mut exchange) in story.into_iter().enumerate() {
        if number == 1 {
            // Bob is somebody else's story, but he comes after Ada.
            server.post("/v1/accounts", &serde_json::json!({ "name": "Bob", "password": "battery staple" }));
        }
        fill(&mut exchange.body, &words);
        let answer = match &exchange.bearer {
            Some(word) => {
                let login = serde_json::json!({ "access_token": words[word] });
                server.ask(&login, &exchange.method, &exchange.path, &exchange.body)
            }
            None => server.post(&exchange.path, &exchange.body),
        };
        let (method, path) = (&exchange.method, &exchange.path);
        assert_eq!(answer.0, exchange.status, "exchange {number}, {method} {path}: {answer:?}");
        compare(&exchange.answer, &answer.1, &mut words);
    }
}

/// What a store refuses about creatures.
fn game_refusals() -> Vec<GameError> {
    use TournamentRefusal::{
        AlreadyChosen, Gone, InBattle, NoSuchEntrant, NotAsked, NotInBattle, OtherTurn, Over, TooHigh, TooManyPoints,
        UsedUp,
    };
    let refused = [
        NoSuchEntrant,
        NotInBattle,
        OtherTurn { turn: 2 },
        AlreadyChosen,
        UsedUp,
        TooManyPoints { left: 1 },
        TooHigh { most: 20 },
        InBattle,
        NotAsked,
        Gone,
        Over,
    ];
    let others = [
        GameError::Unfit(String::new()),
        GameError::NoSuchGame,
        GameError::NoSuchBattle,
        GameError::NotYourEntrant,
        GameError::Over,
        GameError::Open,
        GameError::CalledOff,
    ];
    others.into_iter().chain(refused.map(GameError::Refused)).collect()
}

fn entry_refusals() -> [EntryError; 12] {
    let creature = CreatureId(1);
    [
        EntryError::NoSuchGame,
        EntryError::NotYours,
        EntryError::Started,
        EntryError::CalledOff,
        EntryError::Full,
        EntryError::AlreadyEntered(creature),
        EntryError::TooManyOfYours { most: 1 },
        EntryError::TooManyEntries,
        EntryError::NotEntered(creature),
        EntryError::TooManyOpenGames,
        EntryError::NoRoom,
        EntryError::NotEnough { needed: 2, found: 1 },
    ]
}

fn creature_refusals() -> [CreatureError; 9] {
    let creature = CreatureId(1);
    [
        CreatureError::NoSuchAccount,
        CreatureError::NoSuchCreature(creature),
        CreatureError::NotYours(creature),
        CreatureError::InGame { creature, game: GameId(1) },
        CreatureError::Twice(creature),
        CreatureError::TooMany,
        CreatureError::TooManyGames,
        CreatureError::Changed(creature),
        CreatureError::Unavailable,
    ]
}

fn standing_refusals() -> [ApiError; 6] {
    [
        ApiError::Ladder(LadderError::NoSuchLadder),
        ApiError::Ladder(LadderError::AlreadyQueued),
        ApiError::Ladder(LadderError::Starting),
        ApiError::Ladder(LadderError::InRatedGame(GameId(1))),
        ApiError::Leaderboard(LeaderboardError::NoSuchLeaderboard),
        ApiError::Leaderboard(LeaderboardError::NoSuchSeason),
    ]
}

fn social_refusals() -> [ApiError; 10] {
    [
        SocialError::NoSuchName,
        SocialError::Oneself,
        SocialError::Blocking,
        SocialError::NoSuchRequest,
        SocialError::NotListed,
        SocialError::TooManyFriends,
        SocialError::TooManyRequests,
        SocialError::TheirsFull,
        SocialError::TooManyBlocks,
        SocialError::Unavailable,
    ]
    .map(ApiError::from)
}

fn inbox_refusals() -> [ApiError; 7] {
    [
        InboxError::NoSuchName,
        InboxError::NoSuchMessage,
        InboxError::Unclaimed,
        InboxError::Full,
        InboxError::WalletFull,
        InboxError::Invalid { field: "key" },
        InboxError::Unavailable,
    ]
    .map(ApiError::from)
}

fn ticket_refusals() -> [ApiError; 10] {
    let account = AccountId(1);
    let refused = |why| ApiError::from(TicketError::Refused(why));
    [
        ApiError::InvalidTicket { field: "account_ids" },
        TicketError::UnknownMode.into(),
        TicketError::NoTicket.into(),
        TicketError::Full.into(),
        refused(QueueRefusal::PartyTooLarge { members: 2, members_max: 1 }),
        refused(QueueRefusal::MemberAway { account }),
        refused(QueueRefusal::MemberBusy { account }),
        refused(QueueRefusal::RatingsTooWide { spread: 2, spread_max: 1 }),
        refused(QueueRefusal::BadProperty { place: 0, fault: PropertyFault::BadKey }),
        refused(QueueRefusal::BadQuery { at: 0, fault: QueryFault::BadKey }),
    ]
}

fn storage_refusals() -> [ApiError; 8] {
    [
        StorageError::InvalidName { field: "key" },
        StorageError::TooLarge { found: 1 },
        StorageError::NoSuchObject,
        StorageError::Stale { expected: 1, found: None },
        StorageError::ReadOnly,
        StorageError::TooManyObjects,
        StorageError::Full { needed: 1 },
        StorageError::Unavailable,
    ]
    .map(ApiError::from)
}

fn cosmetic_refusals() -> [CosmeticError; 10] {
    let key = String::new;
    [
        CosmeticError::NoSuchCosmetic(key()),
        CosmeticError::NotSold(key()),
        CosmeticError::AlreadyOwned(key()),
        CosmeticError::NotOwned(key()),
        CosmeticError::NotWearable(key()),
        CosmeticError::LevelTooLow { needed: 2, found: 1 },
        CosmeticError::NoSuchPurchase(1),
        CosmeticError::RefundOver,
        CosmeticError::Used,
        CosmeticError::TooManyNames(65),
    ]
}

/// What nothing changes hands for.
fn economy_refusals() -> [EconomyError; 21] {
    let (item, state) = (ItemId { origin: 1, serial: 1 }, TradeState::Accepted);
    [
        EconomyError::Conflict { item, expected: 1, found: None },
        EconomyError::NotOwner(item),
        EconomyError::ItemBound(item),
        EconomyError::NoSuchItem(item),
        EconomyError::InvalidAmount(-1),
        EconomyError::NotEnough { needed: 2, found: 1 },
        EconomyError::WalletFull,
        EconomyError::StashFull,
        EconomyError::OtherSideCannot,
        EconomyError::SelfTrade,
        EconomyError::NoSuchAccount,
        EconomyError::NoSuchTrade,
        EconomyError::TradeClosed(state),
        EconomyError::TooManyItems(33),
        EconomyError::TooManyTrades,
        EconomyError::SameItemTwice(item),
        EconomyError::EmptyTrade,
        EconomyError::NotForSale,
        EconomyError::PriceChanged { expected: 1, found: 2 },
        EconomyError::TryLater,
        EconomyError::Unavailable,
    ]
}

/// Every refusal there is, each once.
fn refusals() -> Vec<ApiError> {
    let others = [
        ApiError::MalformedJson(String::new()),
        ApiError::MalformedQuery(String::new()),
        ApiError::BadForwarded,
        ApiError::BodyIncomplete,
        ApiError::UnsupportedMediaType,
        ApiError::BodyTooLarge(1),
        ApiError::InvalidName(AccountError::NameShape),
        ApiError::WeakPassword(AccountError::PasswordShort),
        ApiError::NameTaken,
        ApiError::WrongCredentials,
        ApiError::Unauthorized(Unauthorized::Malformed),
        ApiError::Unauthorized(Unauthorized::Expired),
        ApiError::LoginClosed,
        ApiError::RefreshReused,
        ApiError::RefreshRefused,
        ApiError::NoSuchCharacter,
        ApiError::NoSuchMatch,
        ApiError::NoSuchDaily,
        ApiError::TooManyCharacters,
        ApiError::CharacterInShard,
        ApiError::InvalidCreatureName(CreatureNameError::Empty),
        ApiError::UnknownCreatureType { found: String::new(), known: Vec::new() },
        ApiError::CreatureRule(CreatureRuleError::TooManyPoints { wanted: 1, left: 0 }),
        ApiError::CreatureRule(CreatureRuleError::TooHigh { stat: "luck", found: 2, most: 1 }),
        ApiError::GuestsRefused,
        ApiError::LocalOnly,
        ApiError::OriginRefused,
        ApiError::UnknownSubprotocol(Vec::new()),
        ApiError::UpgradeRequired,
        ApiError::NotFound,
        ApiError::MethodNotAllowed,
        ApiError::LockedOut { retry_after_ms: 1 },
        ApiError::TooManyRequests { retry_after_ms: 1 },
        ApiError::Draining,
        ApiError::Unready(Vec::new()),
        ApiError::TryLater,
        ApiError::Busy,
        ApiError::Unavailable,
    ];
    let of_creatures =
        creature_refusals().map(ApiError::from).into_iter().chain(game_refusals().into_iter().map(ApiError::from));
    let of_entries =
        entry_refusals().map(ApiError::from).into_iter().chain(standing_refusals()).chain(social_refusals());
    let of_cosmetics = cosmetic_refusals().map(ApiError::from);
    economy_refusals()
        .map(ApiError::from)
        .into_iter()
        .chain(of_cosmetics)
        .chain(storage_refusals())
        .chain(inbox_refusals())
        .chain(ticket_refusals())
        .chain(of_creatures)
        .chain(of_entries)
        .chain(others)
        .collect()
}

/// Requests that are not counted: what they cost is next to nothing, and probes of health must not be refused.
const NOT_COUNTED: [&str; 8] = [
    "GET /healthz",
    "GET /readyz",
    "GET /v1/status",
    "GET /v1/journal-key",
    "POST /v1/inbox-messages",
    "POST /v1/tickets",
    "GET /v1/tickets/*",
    "DELETE /v1/tickets/*",
];

/// A method and a path, whatever stands for its parts.
fn route(method: &str, path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let is_part =
        |word: &str| word.starts_with('{') || !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let words = path.split('/').map(|word| if is_part(word) { "*" } else { word });
    format!("{method} {}", words.collect::<Vec<_>>().join("/"))
}

#[test]
fn the_tables_of_requests_have_every_route() {
    let section = DOCUMENT.split("\n## ").find(|section| section.starts_with("1. ")).expect("there is a first section");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let asked = rows.flat_map(|cell| cell.split('`')).filter_map(|text| text.split_once(' '));
    let written: BTreeSet<String> = asked
        .filter(|(method, path)| ["GET", "POST", "PATCH", "DELETE"].contains(method) && path.starts_with('/'))
        .map(|(method, path)| route(method, path))
        .filter(|route| !NOT_COUNTED.contains(&route.as_str()))
        .collect();
    let there: BTreeSet<String> = RATED_ROUTES.iter().map(|counted| route(counted.method, counted.path)).collect();
    assert_eq!(written, there, "each route that is counted has a row, and each row a route in RATED_ROUTES");
}

#[test]
fn every_route_that_is_counted_is_there() {
    let (server, content) = (Server::plain(), content::server(&PublishedContent::new(content::set(1))));
    let nobody = serde_json::json!({ "access_token": "nobody" });
    for counted in RATED_ROUTES.iter().filter(|counted| counted.path != "/v1/socket") {
        let path = counted.path.replace(['{', '}'], "");
        let body = if counted.method == "POST" { serde_json::json!({}) } else { Value::Null };
        let asked = if counted.path.starts_with("/v1/content") { &content } else { &server };
        // No blob has the hash `hash`.
        if counted.path == "/v1/content/{hash}" {
            continue;
        }
        let answer = asked.ask(&nobody, counted.method, &path, &body);
        assert!(!(answer.0 == 404 || answer.0 == 405), "{counted:?} is answered with {answer:?}");
    }
}

#[test]
fn the_table_of_codes_is_the_codes() {
    let rows = DOCUMENT.split("<!-- http codes -->\n").nth(1).expect("there is a table").lines().skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let written: BTreeSet<(u16, String)> = rows
        .map(|row| {
            let mut cells = row.split('|').skip(1).map(|cell| cell.trim().trim_matches('`'));
            let status = cells.next().and_then(|cell| cell.parse().ok()).expect("a status");
            (status, cells.next().expect("a code").to_owned())
        })
        .collect();
    let there: BTreeSet<(u16, String)> =
        refusals().iter().map(|refusal| (refusal.status().as_u16(), refusal.code().to_owned())).collect();
    assert_eq!(written, there, "each code has a row, each row a code");
}

#[test]
fn every_refusal_is_in_the_openapi_document() {
    let document = Server::plain().get("/v1/openapi.json").1;
    let operations = document["paths"].as_object().expect("paths").values().filter_map(Value::as_object).flatten();
    let mut described = BTreeSet::new();
    for (_, operation) in operations {
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let parts = response["content"]["application/json"]["schema"]["allOf"].as_array();
            let codes = parts.and_then(|parts| parts.last()?["properties"]["code"]["enum"].as_array());
            let codes = codes.into_iter().flatten().filter_map(Value::as_str);
            described.extend(codes.map(|code| (status.clone(), code.to_owned())));
        }
    }
    // That of a path with another method is none of an operation.
    let there = refusals().into_iter().filter(|refusal| *refusal != ApiError::MethodNotAllowed);
    let there: BTreeSet<_> =
        there.map(|refusal| (refusal.status().as_u16().to_string(), refusal.code().to_owned())).collect();
    assert_eq!(described, there, "each code is one of some route");
}
