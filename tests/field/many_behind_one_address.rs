//! Many players behind one address come at once, and are sent away again and again.

use std::thread;

use hypogeum_client::{Api, ApiError};

use crate::files::TestFiles;
use crate::nginx::Nginx;

const PASSWORD: &str = "correct horse";
const PLAYERS: usize = 40;

/// Asks until it is answered, waiting as long as the answer says and no longer. What it got, and how often it was sent away.
fn patiently<T>(ask: impl Fn() -> Result<T, ApiError>) -> (T, usize) {
    let mut refused = 0;
    loop {
        match ask() {
            Ok(answer) => return (answer, refused),
            Err(refusal) => {
                let wait = refusal.retry_after().unwrap_or_else(|| panic!("waiting helps, but: {refusal}"));
                refused += 1;
                thread::sleep(wait);
            }
        }
    }
}

/// Lets all of them register, log in and ask for a connect token; the most any was sent away from one of these.
fn most_refusals(url: &str) -> [usize; 3] {
    let counts = thread::scope(|scope| {
        let players: Vec<_> = (0..PLAYERS)
            .map(|player| {
                scope.spawn(move || {
                    let (api, name) = (Api::new(url).expect("a URL"), format!("player-{player}"));
                    let (_, registering) = patiently(|| api.register(&name, PASSWORD));
                    let (login, logging_in) = patiently(|| api.login(&name, PASSWORD));
                    let (_, connecting) = patiently(|| api.connect_token(&login));
                    [registering, logging_in, connecting]
                })
            })
            .collect();
        players.into_iter().map(|player| player.join().expect("it gets in")).collect::<Vec<_>>()
    });
    [0, 1, 2].map(|step| counts.iter().map(|refused| refused[step]).max().unwrap_or(0))
}

#[test]
fn forty_players_behind_one_address_are_let_in_at_once() {
    let files = TestFiles::new();
    let server = files.start(&[("HYPOGEUM_HTTP__TRUSTED_PROXIES", r#"["127.0.0.1"]"#)]);
    let nginx = Nginx::before(&server.url);
    assert_eq!(most_refusals(&nginx.url()), [0; 3], "nobody of forty is sent away");
}

#[test]
fn who_is_sent_away_comes_again_once_and_nobody_waits_for_a_connect_token() {
    let files = TestFiles::new();
    let server = files.start(&[
        ("HYPOGEUM_HTTP__TRUSTED_PROXIES", r#"["127.0.0.1"]"#),
        ("HYPOGEUM_RATES__REGISTER__PER_S", "20"),
        ("HYPOGEUM_RATES__REGISTER__BURST", "5"),
        ("HYPOGEUM_RATES__LOGIN__PER_S", "10"),
        ("HYPOGEUM_RATES__LOGIN__BURST", "5"),
    ]);
    let nginx = Nginx::before(&server.url);
    let [registering, logging_in, connecting] = most_refusals(&nginx.url());
    assert_eq!(registering, 1, "some get a later turn, and are let in then");
    assert!(logging_in <= 1, "and so at the login: {logging_in}");
    assert_eq!(connecting, 0, "who has logged in is not held up by those who have not");
}
