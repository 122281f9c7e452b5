//! Players who come through a proxy are held for one another: one guesses, and all are locked out.

use std::net::{Ipv4Addr, SocketAddr};

use serde_json::{Value, json};

use crate::files::TestFiles;
use crate::nginx::{Nginx, address_of, loopback, post};

const PASSWORD: &str = "correct horse";
const TRUSTING: (&str, &str) = ("HYPOGEUM_HTTP__TRUSTED_PROXIES", r#"["127.0.0.1"]"#);

fn credentials(name: &str, password: &str) -> Value {
    json!({ "name": name, "password": password })
}

/// Status and code of a login.
fn login(way: (Ipv4Addr, SocketAddr), name: &str, password: &str) -> (u16, String) {
    let (status, answer) = post(way, (b"", ""), "/v1/login", &credentials(name, password)).expect("an answer");
    (status, answer["code"].as_str().unwrap_or_default().to_owned())
}

fn register(way: (Ipv4Addr, SocketAddr), name: &str) -> u16 {
    post(way, (b"", ""), "/v1/accounts", &credentials(name, PASSWORD)).expect("an answer").0
}

#[test]
fn who_guesses_behind_a_proxy_locks_nobody_out_but_itself() {
    let files = TestFiles::new();
    let server = files.start(&[TRUSTING]);
    let nginx = Nginx::before(&server.url);
    let from = |last| (loopback(last), nginx.address);
    assert_eq!(register(from(6), "Ada"), 201, "Ada registers");
    for guess in 0..10 {
        assert_eq!(login(from(5), &format!("guess{guess}"), "wrong wrong").0, 401, "guess {guess} is wrong");
    }
    let mut guesses = (0..).map(|guess| login(from(5), "Ada", &format!("wrong wrong {guess}")));
    let locked = guesses.find(|(status, _)| *status == 429).expect("it ends");
    assert!(["locked_out", "too_many_requests"].contains(&locked.1.as_str()), "who guesses must wait: {locked:?}");
    assert_eq!(login(from(6), "Ada", PASSWORD).0, 200, "Ada logs in from her own address");
    assert_eq!(register(from(7), "Eve"), 201, "somebody registers");
    assert_eq!(login(from(7), "Eve", PASSWORD).0, 200, "and is let in");
}

#[test]
fn who_guesses_beside_a_player_keeps_no_player_out() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let way = (loopback(1), address_of(&server.url));
    assert_eq!(register(way, "Ada"), 201, "Ada registers");
    for guess in 0..20 {
        assert_eq!(login(way, &format!("guess{guess}"), "wrong wrong").0, 401, "guess {guess} is wrong");
    }
    assert_eq!(login(way, "Ada", PASSWORD).0, 200, "Ada is let in, at the same address");
    for _ in 0..20 {
        login(way, "Ada", "wrong wrong");
    }
    assert_eq!(login(way, "Ada", PASSWORD).0, 200, "also where she was last, though her account is guessed at");
    assert_eq!(register(way, "Eve"), 201, "somebody registers");
    assert_eq!(login(way, "Eve", PASSWORD).0, 200, "and is let in");
}

#[test]
fn a_name_that_nobody_has_is_locked_like_any_other() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let way = (loopback(1), address_of(&server.url));
    assert_eq!(register(way, "Ada"), 201, "Ada registers");
    assert_eq!(login(way, "Ada", PASSWORD).0, 200, "and logs in, from where she is guessed at afterwards");
    for name in ["Ada", "Nobody"] {
        let mut answers = (0..).map(|_| login(way, name, "wrong wrong"));
        assert!(
            (0..5).all(|_| answers.next() == Some((401, "wrong_credentials".to_owned()))),
            "{name}: five are tried"
        );
        // The first lock lasts a second: on a slow day it is over before the next guess, and the second one lasts two.
        let locked = answers.find(|answer| answer.0 == 429).expect("it ends");
        assert_eq!(locked.1, "locked_out", "{name}: it is locked");
    }
}

#[test]
fn a_proxy_header_says_who_connects_and_a_connection_without_one_is_refused() {
    let files = TestFiles::new();
    let settings = [TRUSTING, ("HYPOGEUM_HTTP__PROXY_PROTOCOL", "true")];
    let server = files.start(&settings);
    let to = address_of(&server.url);
    let guest = |from, first: &[u8]| post((from, to), (first, ""), "/v1/guests", &json!({ "name": "Bot-1" }));
    assert_eq!(guest(loopback(1), b""), None, "without a header there is no answer");
    let line = b"PROXY TCP4 127.0.0.1 127.0.0.1 4000 80\r\n";
    assert_eq!(guest(loopback(2), line), None, "nor for somebody who is no proxy");
    let (status, refusal) = guest(loopback(1), line).expect("a proxy is answered");
    assert_eq!((status, &refusal["code"]), (403, &json!("guests_refused")), "nobody is this machine by saying so");

    let second = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x7f\0\0\x05\x7f\0\0\x01\x0f\xa0\0\x50";
    let register = |name| {
        post((loopback(1), to), (second, ""), "/v1/accounts", &credentials(name, PASSWORD)).expect("an answer").0
    };
    assert_eq!(register("Ada"), 201, "a header of version 2 is read");
}

#[test]
fn a_proxy_on_this_machine_that_is_not_listed_is_warned_of_once() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let way = (loopback(1), address_of(&server.url));
    for _ in 0..3 {
        let forwarded = (&b""[..], "x-forwarded-for: 192.0.2.1\r\n");
        post(way, forwarded, "/v1/login", &credentials("Ada", PASSWORD)).expect("an answer");
    }
    let ended = server.terminate();
    assert_eq!(ended.log.matches("trusted_proxies").count(), 1, "by the name of the key: {}", ended.log);
}

#[test]
fn headers_of_strangers_count_for_nothing() {
    let files = TestFiles::new();
    let server = files.start(&[TRUSTING]);
    let to = address_of(&server.url);
    let guest = |from, headers: &str| {
        let (status, answer) =
            post((from, to), (b"", headers), "/v1/guests", &json!({ "name": "Bot-1" })).expect("one");
        (status, answer["code"].as_str().unwrap_or_default().to_owned())
    };
    let refused = (403, "guests_refused".to_owned());
    assert_eq!(guest(loopback(1), "").0, 200, "this machine may send guests");
    assert_eq!(guest(loopback(1), "x-forwarded-for: 192.0.2.1\r\n"), refused, "but not for others");
    assert_eq!(guest(loopback(1), "x-forwarded-for: 127.0.0.1, 192.0.2.1\r\n"), refused, "whatever they say they are");
    let bad = (400, "bad_forwarded".to_owned());
    assert_eq!(guest(loopback(1), "x-forwarded-for: somebody\r\n"), bad, "a proxy must say for whom it asks");
}
