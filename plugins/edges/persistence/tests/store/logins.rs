//! Logins: one token after another, and what happens when one is shown twice.

use hypogeum_accounts::{AccountName, AccountStore, AccountStoreError, LoginStore, NetworkMark, NewLogin, Rotation};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use tokio::task::JoinSet;

use crate::world::{Directory, register, wait};

/// When the tests play, in seconds since 1970.
const NOW_S: u64 = 1_800_000_000;
/// How long a token is good.
const LIFE_S: u64 = 1_000;
/// Where they log in.
const HOME: NetworkMark = NetworkMark([7; 16]);

const fn token(number: u8) -> [u8; 32] {
    [number; 32]
}

fn open_login(store: &Store, account: AccountId, login: u64, first: u8) {
    let new =
        NewLogin { login, account, token_digest: token(first), seen_at: HOME, now_s: NOW_S, expires_s: NOW_S + LIFE_S };
    wait(store.open_login(new)).unwrap();
}

fn rotate(store: &Store, presented: u8, next: u8, now_s: u64) -> Rotation {
    wait(store.rotate(token(presented), token(next), now_s, now_s + LIFE_S)).unwrap()
}

fn rotated(login: u64, account: AccountId) -> Rotation {
    Rotation::Rotated { login, account, name: "Ada".into() }
}

fn each_token_is_good_once_and_showing_it_again_closes_the_login(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    open_login(&store, ada, u64::MAX, 1);
    open_login(&store, ada, 8, 100);
    assert_eq!(rotate(&store, 1, 2, NOW_S + 1), rotated(u64::MAX, ada), "the first is good");
    assert_eq!(rotate(&store, 2, 3, NOW_S + 2), rotated(u64::MAX, ada), "and the one that came for it");
    drop(store);
    let store = directory.open();
    let reused = Rotation::Reused { login: u64::MAX, account: ada };
    assert_eq!(rotate(&store, 1, 9, NOW_S + 3), reused, "the first one again: somebody has copied it");
    assert_eq!(rotate(&store, 3, 4, NOW_S + 4), Rotation::Refused, "so the whole family is closed");
    assert_eq!(rotate(&store, 1, 9, NOW_S + 5), Rotation::Refused, "which is said once");
    assert!(!wait(store.is_login_open(ada, u64::MAX)).unwrap(), "the login is closed");
    assert!(wait(store.is_login_open(ada, 8)).unwrap(), "the other one is none of its business");
    assert_eq!(rotate(&store, 100, 101, NOW_S + 5), rotated(8, ada), "and goes on");
    assert_eq!(rotate(&store, 77, 9, NOW_S), Rotation::Refused, "a token nobody gave out is refused");
}

fn a_token_ends_when_it_says(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    open_login(&store, ada, 7, 1);
    assert_eq!(rotate(&store, 1, 2, NOW_S + LIFE_S), Rotation::Refused, "this second is one too late");
    assert_eq!(rotate(&store, 1, 2, NOW_S + LIFE_S - 1), rotated(7, ada), "the one before is not");
    assert_eq!(rotate(&store, 1, 3, NOW_S + LIFE_S), Rotation::Refused, "used and over: nothing to be alarmed about");
    assert!(wait(store.is_login_open(ada, 7)).unwrap(), "so the login is open still");
}

fn a_login_can_be_closed_by_its_owner_alone(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    open_login(&store, ada, 7, 1);
    open_login(&store, ada, 8, 2);
    assert_eq!(wait(store.close_login(bob, 7)), Ok(false), "Bob has no such login");
    assert_eq!(wait(store.is_login_open(bob, 7)), Ok(false), "nor is it open for him");
    assert_eq!(wait(store.close_login(ada, 7)), Ok(true), "Ada has, and closes it");
    assert_eq!(wait(store.close_login(ada, 7)), Ok(false), "once");
    assert_eq!(rotate(&store, 1, 3, NOW_S), Rotation::Refused, "its token is good for nothing any more");
    open_login(&store, ada, 9, 3);
    assert_eq!(wait(store.close_all_logins(ada)), Ok(2), "all that were open");
    assert_eq!(wait(store.close_all_logins(ada)), Ok(0), "are closed");
    let stranger =
        NewLogin { login: 5, account: AccountId(99), token_digest: token(9), seen_at: HOME, now_s: 1, expires_s: 2 };
    assert_eq!(wait(store.open_login(stranger)), Err(AccountStoreError::Unavailable), "nobody logs in as nobody");
}

fn a_lost_answer_is_given_again_while_nobody_has_used_it(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    open_login(&store, ada, 7, 1);
    assert_eq!(rotate(&store, 1, 2, NOW_S), rotated(7, ada), "the answer to this one gets lost");
    drop(store);
    let store = directory.open();
    assert_eq!(rotate(&store, 1, 2, NOW_S + 30), rotated(7, ada), "it is given again for half a minute");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM refresh_tokens"), 2, "and nothing new is kept for it");
    assert_eq!(rotate(&store, 2, 3, NOW_S + 31), rotated(7, ada), "what it said is good");
    assert_eq!(rotate(&store, 2, 3, NOW_S + 31), rotated(7, ada), "which may get lost, too");
    let reused = Rotation::Reused { login: 7, account: ada };
    assert_eq!(rotate(&store, 1, 2, NOW_S + 31), reused, "but once its successor was used it is a copy's");
    assert_eq!(rotate(&store, 3, 4, NOW_S + 31), Rotation::Refused, "so the login is closed");
}

fn a_repeat_that_comes_late_or_asks_for_another_successor_closes_the_login(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    for (login, next, late_s) in [(7, 0, 31), (8, 12, 0)] {
        let first = login as u8 * 10;
        open_login(&store, ada, login, first);
        let given = first + 1;
        assert_eq!(rotate(&store, first, given, NOW_S), rotated(login, ada), "login {login}: it is good");
        let again = if late_s > 0 { given } else { next };
        let reused = Rotation::Reused { login, account: ada };
        assert_eq!(rotate(&store, first, again, NOW_S + late_s), reused, "login {login}: no lost answer");
        assert_eq!(rotate(&store, given, 99, NOW_S + late_s), Rotation::Refused, "login {login}: it is closed");
    }
}

fn of_many_who_want_different_successors_of_one_token_one_is_answered(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    open_login(&store, ada, 7, 1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for next in 2..34 {
            let store = store.clone();
            asking.spawn(async move { store.rotate(token(1), token(next), NOW_S, NOW_S + LIFE_S).await.unwrap() });
        }
        asking.join_all().await
    });
    let count = |wanted: fn(&Rotation) -> bool| answers.iter().filter(|answer| wanted(answer)).count();
    assert_eq!(count(|answer| matches!(answer, Rotation::Rotated { .. })), 1, "one gets the next token");
    assert_eq!(count(|answer| matches!(answer, Rotation::Reused { .. })), 1, "one has shown it again");
    assert_eq!(count(|answer| matches!(answer, Rotation::Refused)), 30, "and the rest come after that");
    assert!(!wait(store.is_login_open(ada, 7)).unwrap(), "the login is closed");
}

fn all_who_show_one_token_at_the_same_time_get_the_same_successor(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    open_login(&store, ada, 7, 1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for _ in 0..32 {
            let store = store.clone();
            asking.spawn(async move { store.rotate(token(1), token(2), NOW_S, NOW_S + LIFE_S).await.unwrap() });
        }
        asking.join_all().await
    });
    assert!(answers.iter().all(|answer| *answer == rotated(7, ada)), "all get it: {answers:?}");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM refresh_tokens"), 2, "which was made once");
    assert_eq!(rotate(&store, 2, 3, NOW_S), rotated(7, ada), "and is good");
}

fn an_account_knows_where_it_was_last_logged_in_from(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let seen_at = |store: &Store| wait(store.find(&AccountName::parse("Ada").unwrap())).unwrap().unwrap().seen_at;
    assert_eq!(seen_at(&store), None, "it never was");
    open_login(&store, ada, 7, 1);
    assert_eq!(seen_at(&store), Some(HOME), "at home");
    let away = NetworkMark([9; 16]);
    let new =
        NewLogin { login: 8, account: ada, token_digest: token(3), seen_at: away, now_s: NOW_S, expires_s: NOW_S };
    wait(store.open_login(new)).unwrap();
    drop(store);
    assert_eq!(seen_at(&directory.open()), Some(away), "and then away, also after a restart");
}

fn logins_that_are_over_are_forgotten(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    open_login(&store, ada, 7, 1);
    rotate(&store, 1, 2, NOW_S);
    let later = NOW_S + LIFE_S + 24 * 60 * 60;
    let new = NewLogin {
        login: 8,
        account: ada,
        token_digest: token(3),
        seen_at: HOME,
        now_s: later,
        expires_s: later + LIFE_S,
    };
    wait(store.open_login(new)).unwrap();
    drop(store);
    assert_eq!(directory.sql("SELECT COUNT(*) FROM logins"), 1, "the old one is gone");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM refresh_tokens"), 1, "with its tokens");
}

on_both![
    each_token_is_good_once_and_showing_it_again_closes_the_login,
    a_lost_answer_is_given_again_while_nobody_has_used_it,
    a_repeat_that_comes_late_or_asks_for_another_successor_closes_the_login,
    all_who_show_one_token_at_the_same_time_get_the_same_successor,
    a_token_ends_when_it_says,
    a_login_can_be_closed_by_its_owner_alone,
    of_many_who_want_different_successors_of_one_token_one_is_answered,
    logins_that_are_over_are_forgotten,
    an_account_knows_where_it_was_last_logged_in_from,
];
