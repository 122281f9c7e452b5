//! How often what may be asked, and what clients are told of it.

use hypogeum_gateway::{GatewayConfig, RateLimit, Route, RouteRates, TrustedProxies};
use serde_json::Value;

use crate::memory::Memory;
use crate::server::{Answer, Server, bearer};

const NOTHING: Value = Value::Null;
/// Most requests until one is refused: rates give less than that while they are sent.
const TRIES: usize = 5_000;

/// A server behind a proxy on this machine, so that others ask as well.
fn server(change: impl FnOnce(&mut GatewayConfig)) -> Server {
    let change = |config: &mut GatewayConfig| {
        config.trusted_proxies = TrustedProxies::new(vec!["127.0.0.1".parse().unwrap()]);
        change(config);
    };
    Server::start(change, Memory::default())
}

/// What somebody of an address is answered.
fn get(server: &Server, address: &str, login: Option<&Value>, path: &str) -> Answer {
    let token = login.map(bearer);
    let mut headers = vec![("x-forwarded-for", address)];
    headers.extend(token.iter().map(|token| ("authorization", token.as_str())));
    server.whole("GET", path, &headers, &NOTHING)
}

fn until_refused(ask: impl FnMut() -> Answer) -> Answer {
    let refused = std::iter::repeat_with(ask).take(TRIES).find(|answer| answer.status == 429);
    let refused = refused.expect("who asks on and on is refused");
    let wait_ms = refused.json()["retry_after_ms"].as_u64().expect("it is told when to come");
    assert_eq!(refused.number("retry-after"), wait_ms.div_ceil(1_000), "in whole seconds, rounded up");
    refused
}

#[test]
fn what_is_left_is_told_in_every_answer_of_a_counted_route() {
    let slow = RateLimit { per_s: 1, burst: 3 };
    let server = server(|config| config.rates.reads = slow);
    let ada = server.player("Ada");
    let first = get(&server, "192.0.2.1", Some(&ada), "/v1/stash");
    assert_eq!(first.status, 200, "{first:?}");
    let told = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"].map(|name| first.number(name));
    assert_eq!(told, [3, 2, 1], "three at once, two are left, and in a second it is three again");
    let missing = get(&server, "192.0.2.1", Some(&ada), "/v1/matches/7");
    assert_eq!((missing.status, missing.number("ratelimit-limit")), (404, 3), "errors tell it, too");
    let refused = until_refused(|| get(&server, "192.0.2.1", Some(&ada), "/v1/stash"));
    assert_eq!((refused.number("ratelimit-limit"), refused.number("ratelimit-remaining")), (3, 0), "nothing is left");
    let nobody = get(&server, "192.0.2.1", None, "/v1/stash");
    let strangers = u64::from(GatewayConfig::new(server.address).rates.requests.burst);
    assert_eq!((nobody.status, nobody.number("ratelimit-limit")), (401, strangers), "strangers have their address's");
    let login = server.whole(
        "POST",
        "/v1/login",
        &[("x-forwarded-for", "192.0.2.1")],
        &serde_json::json!({
            "name": "Ada", "password": "a wrong horse",
        }),
    );
    let logins = u64::from(GatewayConfig::new(server.address).rates.login.burst);
    assert_eq!((login.status, login.number("ratelimit-limit")), (401, logins), "of two lines the tighter one is told");
    assert_eq!(get(&server, "192.0.2.1", None, "/healthz").header("ratelimit-limit"), None, "probes are not counted");
}

#[test]
fn reads_and_everything_else_are_counted_apart() {
    let slow = RateLimit { per_s: 1, burst: 1 };
    let server = server(|config| config.rates.account = slow);
    let ada = server.player("Ada");
    let token = bearer(&ada);
    let headers = [("x-forwarded-for", "192.0.2.1"), ("authorization", token.as_str())];
    until_refused(|| server.whole("DELETE", "/v1/trades/7", &headers, &NOTHING));
    assert_eq!(get(&server, "192.0.2.1", Some(&ada), "/v1/trades").status, 200, "looking goes on");
}

#[test]
fn a_route_may_have_a_rate_of_its_own() {
    let rare = RateLimit { per_s: 1, burst: 2 };
    let routes = ["get_trades", "get_ladders", "post_connect"].map(|key| (Route::of_key(key).unwrap(), rare));
    let server = server(|config| config.rates.routes = RouteRates::new(routes.into()));
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let refused = until_refused(|| get(&server, "192.0.2.1", Some(&ada), "/v1/trades?count=5"));
    assert_eq!(refused.number("ratelimit-limit"), 2, "the route's own is told");
    assert_eq!(get(&server, "192.0.2.1", Some(&ada), "/v1/stash").status, 200, "others are not held up");
    assert_eq!(get(&server, "192.0.2.1", Some(&bob), "/v1/trades").status, 200, "nor is anybody else");
    until_refused(|| get(&server, "192.0.2.1", None, "/v1/ladders"));
    assert_eq!(get(&server, "192.0.2.1", None, "/v1/leaderboards").status, 200, "so it is for strangers");
    assert_eq!(get(&server, "192.0.2.2", None, "/v1/ladders").status, 200, "by their addresses");
    let token = bearer(&ada);
    let headers = [("x-forwarded-for", "192.0.2.1"), ("authorization", token.as_str())];
    let refused = until_refused(|| server.whole("POST", "/v1/connect", &headers, &NOTHING));
    assert_eq!(refused.number("ratelimit-limit"), 2, "and for who connects");
}

#[test]
fn an_address_may_have_so_many_a_minute_in_all() {
    let server = server(|config| config.rates.address_per_minute = Some(4));
    let (ada, bob) = (server.player("Ada"), server.player("Bob"));
    let refused = [
        get(&server, "192.0.2.1", Some(&ada), "/v1/stash"),
        get(&server, "192.0.2.1", Some(&bob), "/v1/characters"),
        get(&server, "192.0.2.1", None, "/v1/ladders"),
        get(&server, "192.0.2.1", None, "/v1/stash"),
    ]
    .map(|answer| (answer.status == 429, answer.number("ratelimit-limit")));
    assert_eq!(refused, [(false, 4); 4], "four are answered, whoever asks for what");
    let refused = until_refused(|| get(&server, "192.0.2.1", Some(&ada), "/v1/stash"));
    assert!((1..=67).contains(&refused.number("retry-after")), "until they are a minute old: {refused:?}");
    assert_eq!(refused.number("ratelimit-remaining"), 0, "none is left");
    assert_eq!(get(&server, "192.0.2.2", Some(&ada), "/v1/stash").status, 200, "elsewhere she may");
    assert_eq!(server.ask(&ada, "GET", "/v1/stash", &NOTHING).0, 200, "and this machine is not counted");
}

#[test]
fn who_has_to_wait_is_told_so_in_body_and_head() {
    let server = Server::plain();
    let ada = server.player("Ada");
    server.admission.close();
    for path in ["/readyz", "/v1/stash", "/v1/ladders"] {
        let refused = get(&server, "192.0.2.1", Some(&ada), path);
        let wait_ms = refused.json()["retry_after_ms"].as_u64().expect("it is told when to come");
        let told = (refused.status, refused.number("retry-after"));
        assert_eq!(told, (503, wait_ms.div_ceil(1_000)), "{path}, in whole seconds, rounded up");
    }
}
