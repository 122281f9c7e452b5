//! Logins that last, and how they end.

use std::time::{SystemTime, UNIX_EPOCH};

use hypogeum_accounts::TokenKeys;
use hypogeum_gateway::Guests;
use hypogeum_protocol::AccountId;
use serde_json::{Value, json};

use crate::memory::Memory;
use crate::server::{GOOD, SECRET, Server, refused};

const NOTHING: Value = Value::Null;

#[test]
fn a_login_is_refreshed_again_and_again() {
    let server = Server::plain();
    let mut login = server.player("Ada");
    assert_eq!(login["refresh_expires_in_s"], 30 * 24 * 60 * 60, "it says how long: {login}");
    for time in 0..3 {
        let (status, next) = server.refresh(&login);
        assert_eq!(status, 200, "time {time}: {next}");
        assert_ne!(next["refresh_token"], login["refresh_token"], "each token is good once");
        assert_eq!((&next["account_id"], &next["expires_in_s"]), (&json!(1), &json!(900)), "as after a login");
        let keys: Vec<&String> = next.as_object().unwrap().keys().collect();
        assert_eq!(keys, login.as_object().unwrap().keys().collect::<Vec<_>>(), "with the same fields");
        login = next;
        assert_eq!(server.ticket(&login, &NOTHING).name, "Ada", "and the access token opens the way");
    }
}

#[test]
fn a_used_refresh_token_that_is_shown_again_closes_its_login() {
    let server = Server::plain();
    let first = server.player("Ada");
    let other = server.login("Ada", GOOD).1;
    let (_, second) = server.refresh(&first);
    let (_, third) = server.refresh(&second);
    assert_eq!(refused(&server.refresh(&first)), (401, "refresh_reused"), "its successor was used, so it is a copy's");
    assert_eq!(refused(&server.refresh(&third)), (401, "refresh_refused"), "the whole login is closed");
    assert_eq!(refused(&server.refresh(&first)), (401, "refresh_refused"), "and stays so");
    for login in [&first, &second, &third] {
        let answer = server.ask(login, "POST", "/v1/connect", &NOTHING);
        assert_eq!(refused(&answer), (401, "login_closed"), "its access tokens open nothing more");
        assert_eq!(refused(&server.ask(login, "GET", "/v1/stash", &NOTHING)), (401, "login_closed"), "nothing at all");
    }
    assert_eq!(server.refresh(&other).0, 200, "another login of the account goes on");
}

#[test]
fn all_who_show_one_refresh_token_at_once_get_the_same_next_one() {
    let server = Server::plain();
    let login = server.player("Ada");
    let answers = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(|| server.refresh(&login))).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect::<Vec<_>>()
    });
    let next = &answers[0].1["refresh_token"];
    for (status, answer) in &answers {
        assert_eq!((*status, &answer["refresh_token"]), (200, next), "one token for all eight: {answer}");
        assert_eq!(server.ticket(answer, &NOTHING).name, "Ada", "and everyone's access token opens the way");
    }
    assert_eq!(server.refresh(&answers[7].1).0, 200, "the login goes on");
}

#[test]
fn what_is_no_refresh_token_gets_nothing() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let login = server.player("Ada");
    let stranger = "A".repeat(43);
    for text in ["", "x", &stranger, login["access_token"].as_str().unwrap(), &"é".repeat(100)] {
        let answer = server.post("/v1/refresh", &json!({ "refresh_token": text }));
        assert_eq!(refused(&answer), (401, "refresh_refused"), "{text:?} is none");
    }
    for body in [json!({}), json!({ "refresh_token": 1 }), json!({ "refresh_token": stranger, "name": "Ada" })] {
        assert_eq!(refused(&server.post("/v1/refresh", &body)), (400, "malformed_json"), "{body} is no such body");
    }
    store.end_refresh_tokens();
    assert_eq!(refused(&server.refresh(&login)), (401, "refresh_refused"), "an old one is none any more");
    assert_eq!(server.ticket(&login, &NOTHING).name, "Ada", "though its login is open");
}

#[test]
fn logging_out_ends_this_login_or_all() {
    let server = Server::plain();
    let (first, second) = (server.player("Ada"), server.login("Ada", GOOD).1);
    let (third, stranger) = (server.login("Ada", GOOD).1, server.player("Bob"));
    let answer = server.ask(&first, "POST", "/v1/logout", &NOTHING);
    assert_eq!(answer, (200, json!({ "logins_closed": 1 })), "the first ends");
    assert_eq!(refused(&server.ask(&first, "POST", "/v1/logout", &NOTHING)), (401, "login_closed"), "once");
    assert_eq!(refused(&server.refresh(&first)), (401, "refresh_refused"), "and is not refreshed");
    assert_eq!(server.ticket(&second, &NOTHING).name, "Ada", "the second goes on");
    let answer = server.ask(&second, "POST", "/v1/logout/everywhere", &json!({}));
    assert_eq!(answer, (200, json!({ "logins_closed": 2 })), "until all end");
    for login in [&second, &third] {
        let answer = server.ask(login, "POST", "/v1/connect", &NOTHING);
        assert_eq!(refused(&answer), (401, "login_closed"), "nothing is left open");
    }
    assert_eq!(server.ticket(&stranger, &NOTHING).name, "Bob", "others go on");
    assert_eq!(server.login("Ada", GOOD).0, 200, "and Ada may log in again");
}

#[test]
fn a_guest_has_nothing_to_refresh_and_nothing_to_close() {
    let server = Server::start(|config| config.guests = Guests::Loopback, Memory::default());
    let (_, guest) = server.guest("Bot-1");
    assert!(guest["refresh_token"].is_null() && guest["refresh_expires_in_s"].is_null(), "no token: {guest}");
    let answer = server.ask(&guest, "POST", "/v1/logout", &NOTHING);
    assert_eq!(answer, (200, json!({ "logins_closed": 0 })), "there is nothing to close");
    assert_eq!(server.ticket(&guest, &NOTHING).name, "Bot-1", "and it goes on");
}

#[test]
fn an_access_token_of_a_login_nobody_knows_opens_nothing() {
    let server = Server::plain();
    let ada = server.player("Ada");
    server.player("Bob");
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let keys = TokenKeys::new(&SECRET, 900);
    let login = keys.verify(ada["access_token"].as_str().unwrap()).unwrap().login;
    assert_ne!(login, 0, "a login by password has a number");
    for (account, login) in [(1, login ^ 1), (2, login)] {
        let token = keys.issue(AccountId(account), "Ada", login, now_s).unwrap();
        let answer = server.ask(&json!({ "access_token": token }), "POST", "/v1/connect", &NOTHING);
        assert_eq!(refused(&answer), (401, "login_closed"), "login {login} is none of account {account}");
    }
}

#[test]
fn a_store_that_is_away_keeps_nobody_from_playing() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let login = server.player("Ada");
    store.set_broken(true);
    assert_eq!(server.ticket(&login, &NOTHING).name, "Ada", "who has logged in goes on playing");
    assert_eq!(
        refused(&server.ask(&login, "GET", "/v1/stash", &NOTHING)),
        (503, "unavailable"),
        "and does nothing else"
    );
    let answer = server.ask(&login, "POST", "/v1/connect", &json!({ "character_id": 1 }));
    assert_eq!(refused(&answer), (503, "unavailable"), "who knows whose that is");
    assert_eq!(refused(&server.refresh(&login)), (503, "unavailable"), "no token is used up");
    store.set_broken(false);
    assert_eq!(server.refresh(&login).0, 200, "so it is still good");
}
