//! Pages of other hosts, and the heads that every answer has.

use hypogeum_gateway::GatewayConfig;
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{Answer, Server, bearer};

const NOTHING: Value = Value::Null;
const PAGE: &str = "https://play.example.org";

fn server() -> Server {
    Server::start(
        |config| config.origins = vec![PAGE.to_owned(), "http://localhost:8080".to_owned()],
        Memory::default(),
    )
}

/// What a browser asks before it lets a page ask.
fn preflight(server: &Server, origin: &str, path: &str) -> Answer {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "authorization,content-type"),
    ];
    server.whole("OPTIONS", path, &headers, &NOTHING)
}

/// Headers about pages.
fn about_pages(answer: &Answer) -> Vec<&str> {
    answer.headers.keys().map(String::as_str).filter(|name| name.starts_with("access-control-")).collect()
}

/// One answer of each kind, each with what it should be.
fn answers(server: &Server, login: &Value, more: &[(&str, &str)]) -> Vec<(u16, Answer)> {
    let token = bearer(login);
    let own = [more, &[("authorization", token.as_str())]].concat();
    let tagged = server.whole("GET", "/v1/ladders", more, &NOTHING);
    let tag = [more, &[("if-none-match", tagged.header("etag").unwrap())]].concat();
    vec![
        (200, server.whole("GET", "/healthz", more, &NOTHING)),
        (200, server.whole("GET", "/v1/stash", &own, &NOTHING)),
        (201, server.whole("POST", "/v1/characters", &own, &json!({ "name": "Shade" }))),
        (304, server.whole("GET", "/v1/ladders", &tag, &NOTHING)),
        (400, server.whole("POST", "/v1/login", more, &json!({ "name": 5 }))),
        (401, server.whole("GET", "/v1/stash", more, &NOTHING)),
        (404, server.whole("GET", "/v1/matches/7", &own, &NOTHING)),
        (404, server.whole("GET", "/nowhere", more, &NOTHING)),
        (405, server.whole("DELETE", "/v1/login", more, &NOTHING)),
    ]
}

#[test]
fn an_allowed_page_may_ask_and_read_what_is_answered() {
    let server = server();
    let ada = server.player("Ada");
    for (status, answer) in answers(&server, &ada, &[("origin", PAGE)]) {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "errors, too: {answer:?}");
        let readable = answer.header("access-control-expose-headers").unwrap_or_default();
        for name in ["etag", "retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"] {
            assert!(readable.split(", ").any(|one| one == name), "{name} is read by pages: {answer:?}");
        }
        assert_eq!(answer.header("vary"), Some("origin"), "no cache gives it to another page: {answer:?}");
        assert_eq!(answer.header("access-control-allow-credentials"), None, "nobody is known by cookies");
    }
}

#[test]
fn a_browser_that_asks_first_is_answered_whatever_it_asks_for() {
    let server = server();
    for path in ["/v1/login", "/v1/stash", "/nowhere"] {
        let answer = preflight(&server, PAGE, path);
        assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:?}");
        assert_eq!(answer.header("access-control-allow-origin"), Some(PAGE), "the page may");
        let (methods, headers) =
            ["access-control-allow-methods", "access-control-allow-headers"].map(|name| answer.header(name)).into();
        assert_eq!(methods, Some("GET, POST, PATCH, DELETE"), "by these");
        assert_eq!(headers, Some("authorization, content-type, if-none-match"), "with these");
        assert_eq!(answer.number("access-control-max-age"), 7_200, "and need not ask again for two hours");
    }
    server.admission.close();
    assert_eq!(preflight(&server, PAGE, "/v1/login").status, 204, "also while nobody is admitted, or it read no error");
    let answer = server.whole("OPTIONS", "/v1/login", &[("origin", PAGE)], &NOTHING);
    assert_eq!(answer.status, 405, "what is no such question is none");
}

#[test]
fn other_pages_are_told_nothing() {
    let server = server();
    let ada = server.player("Ada");
    let evil = [("origin", "https://play.example.org.evil.example")];
    let two = [("origin", PAGE), ("origin", PAGE)];
    let own_host = [("origin", "http://127.0.0.1")];
    for more in [&[][..], &evil, &two, &own_host, &[("origin", "null")], &[("origin", "http://play.example.org")]] {
        for (_, answer) in answers(&server, &ada, more) {
            assert_eq!(about_pages(&answer), Vec::<&str>::new(), "{more:?} gets {answer:?}");
            assert_eq!(answer.header("vary"), Some("origin"), "but caches know that it differs: {answer:?}");
        }
    }
    let asked = preflight(&server, "https://evil.example", "/v1/login");
    assert_eq!((asked.status, about_pages(&asked)), (405, Vec::new()), "nor may they ask");
    let plain = Server::plain();
    let answer = plain.whole("GET", "/v1/ladders", &[("origin", PAGE)], &NOTHING);
    assert_eq!(about_pages(&answer), Vec::<String>::new(), "nobody is allowed until named");
}

#[test]
fn every_answer_says_what_browsers_must_not_do_with_it() {
    let server = server();
    let ada = server.player("Ada");
    let mut all = answers(&server, &ada, &[]);
    all.push((204, preflight(&server, PAGE, "/v1/login")));
    for (status, answer) in all {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
        let policy = answer.header("content-security-policy");
        assert_eq!(policy, Some("default-src 'none'; frame-ancestors 'none'"), "{answer:?}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{answer:?}");
        let kept = if status == 304 { "public, max-age=60" } else { "no-store" };
        assert_eq!(answer.header("cache-control"), Some(kept), "{answer:?}");
    }
}

#[test]
fn what_takes_too_long_is_read_by_pages_as_well() {
    let change = |config: &mut GatewayConfig| {
        config.origins = vec![PAGE.to_owned()];
        config.request_timeout = std::time::Duration::ZERO;
    };
    let server = Server::start(change, Memory::default());
    let answer = server.whole("POST", "/v1/login", &[("origin", PAGE)], &json!({ "name": "Ada", "password": "x" }));
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (503, Some(PAGE)), "{answer:?}");
}
