//! An answer to a refresh gets lost: by a broken connection, by two processes that ask at once, by a server that dies.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use hypogeum_client::{Api, Login};

use crate::files::TestFiles;

const PASSWORD: &str = "correct horse";
/// Clients that refresh all the time while the server dies.
const CLIENTS: usize = 6;
/// Answers all of them get together before each of its deaths.
const ANSWERS: [usize; 4] = [7, 20, 33, 48];

fn logged_in(api: &Api, name: &str) -> Login {
    api.register(name, PASSWORD).expect("the name is free");
    api.login(name, PASSWORD).expect("the password is right")
}

#[test]
fn a_repeated_refresh_gets_the_same_token_and_the_login_lives() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let api = Api::new(&server.url).expect("a URL");
    let first = logged_in(&api, "Ada");
    let lost = api.refresh(&first).expect("the token is good");
    let second = api.refresh(&first).expect("the answer was lost, so it is given again");
    assert_eq!(second.refresh_token, lost.refresh_token, "it names the same token");
    for login in [&lost, &second] {
        api.connect_token(login).expect("whichever access token is shown opens the way");
    }
    let third = api.refresh(&second).expect("the token that was given twice is good");
    let reused = api.refresh(&first).expect_err("its successor was used");
    assert_eq!(reused.code(), "refresh_reused", "so a client that shows the first one has a copy: {reused}");
    let closed = api.refresh(&third).expect_err("which closes the login");
    assert_eq!(closed.code(), "refresh_refused", "for everyone: {closed}");
}

#[test]
fn two_processes_that_refresh_at_once_both_live() {
    let files = TestFiles::new();
    let server = files.start(&[]);
    let api = Api::new(&server.url).expect("a URL");
    let mut login = logged_in(&api, "Ada");
    for time in 0..10 {
        let [one, other] = thread::scope(|scope| {
            let asking = [(); 2].map(|()| scope.spawn(|| api.refresh(&login)));
            asking.map(|asking| asking.join().expect("no panic").expect("both are answered"))
        });
        assert_eq!(one.refresh_token, other.refresh_token, "time {time}: with the same token");
        login = other;
    }
    api.connect_token(&login).expect("the login lives");
}

#[test]
fn no_login_is_lost_when_the_server_is_killed_while_all_refresh() {
    let files = TestFiles::new();
    let mut server = files.start(&[]);
    let api = Api::new(&server.url).expect("a URL");
    let mut logins: Vec<Login> = (0..CLIENTS).map(|client| logged_in(&api, &format!("Ada-{client}"))).collect();
    for answers_max in ANSWERS {
        let (api, answers) = (Api::new(&server.url).expect("a URL"), AtomicUsize::new(0));
        let dead = thread::scope(|scope| {
            let refreshing: Vec<_> = logins
                .iter_mut()
                .map(|login| {
                    let (api, answers) = (&api, &answers);
                    // Each keeps the newest token it was sent, until the server answers no more.
                    scope.spawn(move || {
                        while let Ok(next) = api.refresh(login) {
                            *login = next;
                            answers.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            while answers.load(Ordering::Relaxed) < answers_max && !refreshing.iter().all(|one| one.is_finished()) {
                thread::yield_now();
            }
            server.kill()
        });
        let answered = answers.into_inner();
        assert!(answered >= answers_max, "refreshing ended by itself after {answered} answers: {}", dead.log);
        server = files.start(&[]);
        let api = Api::new(&server.url).expect("a URL");
        for (client, login) in logins.iter_mut().enumerate() {
            *login = api.refresh(login).unwrap_or_else(|refusal| {
                panic!("client {client} has lost its login after {answered} answers: {refusal}")
            });
        }
    }
}
