//! The gateway as clients meet it: over real TCP, on a port the system picks.

mod characters;
mod constant;
mod content;
mod cors;
mod cosmetics;
mod creature_rules;
mod creatures;
mod document;
mod entries;
mod friends;
mod inbox;
mod ladders;
mod leaderboards;
mod logins;
mod memory;
mod openapi;
mod others;
mod play;
mod plugin;
mod prices;
mod progress;
mod rates;
mod rewards;
mod schema;
mod sdk;
mod server;
mod sockets;
mod status;
mod storage;
mod tickets;
mod tls;
mod trades;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use hypogeum_accounts::TokenKeys;
use hypogeum_gateway::{CONNECT_TOKEN_BYTES, GatewayConfig, Guests, RateLimit};
use hypogeum_protocol::AccountId;
use hypogeum_protocol::link::SessionTicket;
use serde_json::json;

use crate::memory::Memory;
use crate::server::{GOOD, SECRET, Server, refused};

#[test]
fn a_player_registers_logs_in_and_gets_a_connect_token() {
    let server = Server::plain();
    let (status, account) = server.register("Ada");
    assert_eq!((status, &account), (201, &json!({ "account_id": 1, "name": "Ada" })), "the account is made");

    let (status, login) = server.login("ADA", GOOD);
    assert_eq!(status, 200, "names have no case: {login}");
    assert_eq!(login["token_type"], "Bearer", "it is a bearer token");
    assert_eq!((&login["expires_in_s"], &login["account_id"]), (&json!(900), &json!(1)), "and says whose, how long");

    let token = login["access_token"].as_str();
    let (status, connect) = server.post_as("/v1/connect", token, "application/json", "");
    assert_eq!(status, 200, "the token opens the way: {connect}");
    assert_eq!(connect["server_address"], "203.0.113.9:27500", "it says where to go");
    assert_eq!(connect["protocol_version"], 9, "and what to speak");
    let bytes = base64::engine::general_purpose::STANDARD.decode(connect["connect_token"].as_str().unwrap()).unwrap();
    assert_eq!(bytes.len(), CONNECT_TOKEN_BYTES, "a connect token has its standard size");
    let session = u64::from_le_bytes(bytes[..8].try_into().unwrap());
    assert_eq!(connect["session_id"], session, "the token is for the session in the answer");
    assert!((1..1 << 53).contains(&session), "which any JSON reader keeps exact: {session}");
    let ticket = SessionTicket::from_user_data(bytes[8..264].try_into().unwrap()).unwrap();
    assert_eq!(
        ticket,
        SessionTicket { account: AccountId(1), name: "Ada".into(), character: None },
        "and for the account"
    );

    let (_, again) = server.post_as("/v1/connect", token, "application/json", "");
    assert_ne!(again["session_id"], connect["session_id"], "each connect is a session of its own");
}

#[test]
fn a_guest_comes_in_by_name_alone_and_comes_again() {
    let server = Server::start(|config| config.guests = Guests::Loopback, Memory::default());
    let (status, login) = server.guest("Bot-001");
    assert_eq!(status, 200, "the name is free: {login}");
    assert_eq!((&login["account_id"], &login["token_type"]), (&json!(1), &json!("Bearer")), "as after a login");
    let (status, connect) = server.post_as("/v1/connect", login["access_token"].as_str(), "application/json", "");
    assert_eq!(status, 200, "the token opens the way: {connect}");
    assert_eq!(server.guest("bot-001").1["account_id"], 1, "asked again it is the same account, without case");
    assert_eq!(server.guest("Bot-002").1["account_id"], 2, "another name is another");

    assert_eq!(refused(&server.register("BOT-001")), (409, "name_taken"), "a guest's name is taken");
    for password in ["", GOOD, "guest"] {
        let answer = server.login("Bot-001", password);
        assert_eq!(refused(&answer), (401, "wrong_credentials"), "{password:?} opens no account of a guest");
    }
    assert_eq!(server.register("Ada").0, 201, "Ada has a password");
    assert_eq!(refused(&server.guest("ada")), (409, "name_taken"), "so nobody is Ada without it");
}

#[test]
fn a_guest_that_may_not_be_one_is_refused() {
    let server = Server::plain();
    assert_eq!(refused(&server.guest("Bot-001")), (403, "guests_refused"), "unless it is allowed, nobody may");
    assert_eq!(server.register("Bot-001").0, 201, "and no account was made");

    let server = Server::start(|config| config.guests = Guests::Loopback, Memory::default());
    let head = "POST /v1/guests HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n";
    let body = "content-length: 16\r\n\r\n{\"name\":\"Bot-1\"}";
    let answer = server.raw(format!("{head}x-forwarded-for: 192.0.2.1\r\n{body}").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 403 "), "a proxy of this machine asks for another: {answer}");
    let answer = server.raw(format!("{head}{body}").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 200 "), "this machine asks for itself: {answer}");
    assert_eq!(refused(&server.guest("x")), (400, "invalid_name"), "names of guests are names");
    let secret = json!({ "name": "Bot-1", "password": GOOD });
    assert_eq!(refused(&server.post("/v1/guests", &secret)), (400, "malformed_json"), "and they have no password");
}

#[test]
fn guests_are_counted_apart_from_other_requests() {
    let allow = |config: &mut GatewayConfig| {
        config.guests = Guests::Anyone;
        config.rates.loopback_guests = RateLimit { per_s: 1, burst: 2 };
    };
    let server = Server::start(allow, Memory::default());
    let refusal = std::iter::repeat_with(|| server.guest("Bot-1")).take(1_000).find(|answer| answer.0 != 200).unwrap();
    assert_eq!(refused(&refusal), (429, "too_many_requests"), "who comes faster than one a second is refused");
    assert!(refusal.1["retry_after_ms"].is_u64(), "with the time to come again: {refusal:?}");
    assert_eq!(server.register("Ada").0, 201, "which holds nobody else up");
}

#[test]
fn every_wrong_request_gets_its_status_and_code() {
    let server = Server::plain();
    assert_eq!(server.register("Ada").0, 201, "the first Ada is welcome");
    let long_name = json!({ "name": "x".repeat(97), "password": GOOD });
    let cases = [
        (server.register("aDA"), (409, "name_taken")),
        (server.register("a"), (400, "invalid_name")),
        (server.register("ad\u{202E}a"), (400, "invalid_name")),
        (server.post("/v1/accounts", &long_name), (400, "invalid_name")),
        (server.post("/v1/accounts", &json!({ "name": "Bob", "password": "short" })), (400, "weak_password")),
        (server.post("/v1/accounts", &json!({ "name": "Bob" })), (400, "malformed_json")),
        (
            server.post("/v1/accounts", &json!({ "name": "Bob", "password": GOOD, "admin": true })),
            (400, "malformed_json"),
        ),
        (server.post("/v1/accounts", &json!([])), (400, "malformed_json")),
        (server.post_as("/v1/accounts", None, "application/json", "{"), (400, "malformed_json")),
        (server.post_as("/v1/accounts", None, "application/json", ""), (400, "malformed_json")),
        (server.post_as("/v1/accounts", None, "text/plain", "{}"), (415, "unsupported_media_type")),
        (server.post_as("/v1/login", None, "application/json", &"[".repeat(16_384)), (400, "malformed_json")),
        (server.post_as("/v1/login", None, "application/json", &"x".repeat(16_385)), (413, "body_too_large")),
        (server.login("Ada", "wrong horse"), (401, "wrong_credentials")),
        (server.login("Nobody", GOOD), (401, "wrong_credentials")),
        (server.login("\u{0}", GOOD), (401, "wrong_credentials")),
        (server.get("/v1/login"), (405, "method_not_allowed")),
        (server.get("/"), (404, "not_found")),
        (server.get("/v1/accounts/1"), (404, "not_found")),
    ];
    for (number, (answer, expected)) in cases.iter().enumerate() {
        assert_eq!(refused(answer), *expected, "case {number} is answered with {answer:?}");
    }
    assert_eq!(server.get("/healthz").0, 200, "the server has survived all of it");
}

#[test]
fn a_refusal_never_repeats_the_password() {
    let server = Server::plain();
    let body = r#"{"name": "Ada", "password": ["hunter2-hunter2"]}"#;
    let (_, answer) = server.post_as("/v1/accounts", None, "application/json", body);
    assert!(!answer.to_string().contains("hunter2"), "the answer quotes the password: {answer}");
}

#[test]
fn only_tokens_of_this_server_open_the_way() {
    let server = Server::plain();
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    // One of no login, as a guest's is: this is about tokens.
    let good = TokenKeys::new(&SECRET, 900).issue(AccountId(1), "Ada", 0, now_s).unwrap();
    let old = TokenKeys::new(&SECRET, 900).issue(AccountId(1), "Ada", 1, now_s - 1_000).unwrap();
    let other = TokenKeys::random(900).issue(AccountId(1), "Ada", 1, now_s).unwrap();
    let connect = |token: Option<&str>| server.post_as("/v1/connect", token, "application/json", "");
    assert_eq!(connect(Some(&good)).0, 200, "ours does");
    assert_eq!(refused(&connect(Some(&old))), (401, "token_expired"), "an old one does not, and says so");
    assert_eq!(connect(None).1["message"], "no bearer token", "a request without one gets that reason");
    for token in [None, Some(""), Some(other.as_str()), Some("a.b.c"), Some(&good[1..])] {
        assert_eq!(refused(&connect(token)), (401, "unauthorized"), "{token:?} proves nothing");
    }
}

#[test]
fn guessing_locks_the_account_even_for_the_right_password() {
    let server = Server::start(|config| config.lockout.lock_ms_min = 60_000, Memory::default());
    server.register("Ada");
    for guess in 0..5 {
        let answer = server.login("Ada", &format!("guess number {guess}"));
        assert_eq!(refused(&answer), (401, "wrong_credentials"), "guess {guess} is wrong");
    }
    let answer = server.login("ada", GOOD);
    assert_eq!(refused(&answer), (429, "locked_out"), "after five guesses nobody gets in");
    let wait_ms = answer.1["retry_after_ms"].as_u64().unwrap();
    assert!((1..=60_000).contains(&wait_ms), "for at most a minute: {wait_ms} ms");
}

#[test]
fn guesses_sent_all_at_once_do_not_outrun_the_lock() {
    let lock = |config: &mut GatewayConfig| {
        config.hashing_at_once = 4;
        config.lockout.lock_ms_min = 60_000;
    };
    let server = Server::start(lock, Memory::default());
    server.register("Ada");
    let statuses = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..12).map(|_| scope.spawn(|| server.login("Ada", "a wrong horse").0)).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect::<Vec<_>>()
    });
    let tried = statuses.iter().filter(|status| **status == 401).count();
    assert_eq!(tried, 5, "of twelve guesses at once only five are tried: {statuses:?}");
}

#[test]
fn who_asks_too_often_has_to_wait() {
    let slow = RateLimit { per_s: 1, burst: 2 };
    let server = Server::start(|config| config.rates.loopback = slow, Memory::default());
    let ask = || server.post_as("/v1/connect", None, "application/json", "");
    assert_eq!((ask().0, ask().0), (401, 401), "the burst is answered");
    // The bucket fills once a second, so a client that asks faster finds it empty, if not at once then soon.
    let refusal = std::iter::repeat_with(ask).take(1_000).find(|answer| answer.0 != 401).unwrap();
    assert_eq!(refused(&refusal), (429, "too_many_requests"), "who asks faster is refused");
    let wait_ms = refusal.1["retry_after_ms"].as_u64().unwrap();
    assert!((1..=2_000).contains(&wait_ms), "for two seconds at most: {wait_ms} ms");
    assert_eq!(server.get("/healthz").0, 200, "health checks are not limited");
}

#[test]
fn a_closed_door_lets_nobody_in() {
    let server = Server::plain();
    assert_eq!(server.get("/readyz").0, 200, "open: ready");
    server.admission.close();
    assert_eq!(refused(&server.get("/readyz")), (503, "draining"), "closed: not ready");
    assert_eq!(refused(&server.register("Ada")), (503, "draining"), "and nobody registers");
    assert_eq!(server.get("/healthz").0, 200, "but it lives");
    server.admission.open();
    assert_eq!(server.register("Ada").0, 201, "open again");
}

#[test]
fn a_store_that_does_not_answer_is_a_passing_error() {
    let server = Server::start(|_| (), Memory::broken());
    let answer = server.register("Ada");
    assert_eq!(refused(&answer), (503, "unavailable"), "the client may try again");
    assert!(answer.1["retry_after_ms"].is_u64(), "with the time when it may: {answer:?}");
}

#[test]
fn a_body_that_never_comes_ends_its_request_only() {
    let server = Server::start(|config| config.read_timeout = Duration::from_millis(500), Memory::default());
    let head = "POST /v1/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let answer = server.raw(head.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 408 "), "half a body gets 408: {answer}");
    assert_eq!(server.raw(b"POST /v1/login HT"), "", "half a head gets nothing and is hung up on");
    assert_eq!(server.register("Ada").0, 201, "others are served meanwhile");
}

#[test]
fn a_connection_goes_on_after_an_answer_that_needs_no_body() {
    let server = Server::plain();
    let mut stream = TcpStream::connect(server.address).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap());
    // Without a token, of another type, and after the door was closed.
    for (path, kind, status) in [("connect", "json", "401"), ("login", "text", "415"), ("login", "json", "503")] {
        if status == "503" {
            server.admission.close();
        }
        write!(stream, "POST /v1/{path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/{kind}\r\n").unwrap();
        write!(stream, "content-length: 2\r\n\r\n").unwrap();
        for _ in 0..5 {
            // Others get their answers meanwhile: so much time the server has had to answer without the body.
            assert_eq!(server.get("/healthz").0, 200, "the server lives");
        }
        stream.write_all(b"{}").unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = answers.read_line(&mut head).unwrap();
            assert!(read > 0, "instead of {status} the connection got its end");
        }
        assert_eq!(&head[9..12], status, "the answer is as ever");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        answers.read_exact(&mut vec![0; length.parse().unwrap()]).unwrap();
    }
}

#[test]
fn a_body_without_a_length_is_bounded_all_the_same() {
    let server = Server::plain();
    let head = "POST /v1/login HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json\r\n\
                transfer-encoding: chunked\r\n\r\n";
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let answer = server.raw(format!("{head}{}1\r\nx\r\n", chunk.repeat(4)).as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413 "), "one byte beyond 16 KiB is too many: {answer}");
}

#[test]
fn bytes_that_are_no_http_harm_nobody() {
    let server = Server::plain();
    for rubbish in [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"GET\r\n\r\n", &[0xFF; 4_096]] {
        let answer = server.raw(&[rubbish, b"\r\n\r\n"].concat());
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400 "), "rubbish is refused: {answer}");
    }
    let endless_head = [b"GET / HTTP/1.1\r\nx: ".to_vec(), vec![b'a'; 64 * 1_024]].concat();
    let answer = server.raw(&endless_head);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431 "), "an endless head is refused: {answer}");
    assert_eq!(server.get("/healthz").0, 200, "the server has survived all of it");
}

#[test]
fn an_idle_connection_does_not_keep_the_server_from_ending() {
    let hour = Duration::from_secs(3_600);
    let server = Server::start(|config| config.drain_timeout = hour, Memory::default());
    let mut idle = TcpStream::connect(server.address).unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    let mut first = [0; 16];
    idle.read_exact(&mut first).unwrap();
    server.stop();
    let mut rest = String::new();
    idle.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with('}'), "the answer was whole and then the connection was closed: {rest}");
}

#[test]
fn an_address_that_keeps_too_many_connections_open_gets_another_for_an_idle_one() {
    let server = Server::start(|config| config.loopback_connections_max = 2, Memory::default());
    let request = b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let mut first = TcpStream::connect(server.address).unwrap();
    let mut second = TcpStream::connect(server.address).unwrap();
    second.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    // An answer proves that the server has both among those open.
    second.read_exact(&mut [0; 12]).unwrap();
    assert!(server.raw(request).starts_with("HTTP/1.1 200"), "a third is answered");
    let mut rest = Vec::new();
    first.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"", "and the one that never asked for anything is closed");
    second.write_all(request).unwrap();
    let mut rest = String::new();
    second.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("HTTP/1.1 200"), "the one that asks stays: {rest}");
}

#[test]
fn a_connection_without_a_whole_request_is_closed_after_a_while() {
    let server = Server::start(|config| config.first_request_timeout = Duration::from_millis(50), Memory::default());
    for begun in [&b""[..], b"GET /healthz HTTP/1.1\r\nhost:"] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(begun).unwrap();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, b"", "it is closed without a word");
    }
}

#[test]
fn numbers_are_for_this_machine_only() {
    let server = Server::plain();
    let request =
        |forwarded: &str| format!("GET /v1/status HTTP/1.1\r\nhost: x\r\n{forwarded}connection: close\r\n\r\n");
    let here = server.raw(request("").as_bytes());
    assert!(here.starts_with("HTTP/1.1 200") && here.contains("\"refused\":0"), "this machine is answered: {here}");
    let elsewhere = server.raw(request("x-forwarded-for: 192.0.2.1\r\n").as_bytes());
    assert!(elsewhere.starts_with("HTTP/1.1 403") && elsewhere.contains("local_only"), "others are not: {elsewhere}");
}
