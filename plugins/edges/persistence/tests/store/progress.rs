//! What accounts have reached, and the matches that they have played.

use hypogeum_accounts::{AccountName, AccountStore};
use hypogeum_persistence::Store;
use hypogeum_progression::{MATCHES_PER_PAGE_MAX, PlayedMatch, ProgressStore, Skill};
use hypogeum_protocol::{AccountId, Grant, MatchId, Outcome, ShardId};
use hypogeum_store::{CheckOut, StoreReply, StoreRequest};

use crate::world::{Directory, PURSE, profile, register, settle, settle_seats, starter_item, take, wait};

fn both(store: &Store) -> [AccountId; 2] {
    ["Ada", "Bob"].map(|name| register(store, name).unwrap())
}

/// The first page of somebody's matches.
fn played(store: &Store, account: AccountId) -> Vec<PlayedMatch> {
    wait(store.matches_played(account, None, MATCHES_PER_PAGE_MAX)).unwrap()
}

fn numbers(matches: &[PlayedMatch]) -> Vec<u64> {
    matches.iter().map(|played| played.id.0).collect()
}

fn play(store: &Store, id: u64, players: &[AccountId]) {
    let seats: Vec<_> = players.iter().map(|account| (*account, &[][..])).collect();
    let _ = store.answer(take(id, &seats));
    let results: Vec<_> = players.iter().map(|account| (*account, &[][..])).collect();
    let reply = store.answer(settle(id, &results));
    assert!(matches!(reply, StoreReply::Settled { .. }), "it is settled: {reply:?}");
}

fn progress_is_what_the_account_is_and_has(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let guest = wait(store.guest(&AccountName::parse("Bot-1").unwrap())).unwrap().id;
    let own = wait(store.progress(ada)).unwrap().expect("she has registered");
    assert_eq!((own.account, own.name.as_str(), own.is_guest), (ada, "Ada", false), "it is Ada");
    assert_eq!((own.xp, own.level(), own.currency, own.skill), (0, 1, PURSE, Skill::default()), "a newcomer");
    assert!(own.created_s > 1_600_000_000, "made today: {}", own.created_s);
    assert!(wait(store.progress(guest)).unwrap().is_some_and(|own| own.is_guest), "a guest is one");
    assert_eq!(wait(store.progress(AccountId(99))), Ok(None), "nobody has that number");
    play(&store, 1, &[ada, guest]);
    let (own, profile) = (wait(store.progress(ada)).unwrap().unwrap(), profile(&store, ada));
    assert_eq!((own.xp, own.currency, own.skill), (profile.xp, profile.currency, profile.skill), "and what was won");
}

fn a_match_is_in_the_history_of_those_who_played_it_once_it_is_over(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    let knife = starter_item(ada, 1);
    let _ = store.answer(take(5, &[(ada, &[knife.id]), (bob, &[])]));
    let _ = store.answer(settle_seats(5, &[(bob, &[])]));
    assert_eq!(played(&store, bob), [], "Bob is done, but his place is not known yet");
    let _ = store.answer(settle(5, &[(ada, &[knife]), (bob, &[])]));

    let [won] = &played(&store, ada)[..] else { panic!("Ada has played one") };
    assert_eq!((won.id, won.mode.as_str(), won.placement), (MatchId(5), "blitz", Some(1)), "which, and her place");
    assert_eq!((won.rating_before, won.rating), (Some(1_500), profile(&store, ada).rating()), "and her rating");
    assert_eq!(
        (won.report.outcome, won.report.kills, won.report.xp_gained),
        (Outcome::Extracted, 1, 120),
        "what she did"
    );
    assert!(won.started_s <= won.ended_s && won.started_s > 1_600_000_000, "and when: {won:?}");
    let [lost] = &played(&store, bob)[..] else { panic!("and so has Bob") };
    assert_eq!((lost.placement, lost.rating_before), (Some(2), Some(1_500)), "he came second");
    assert_eq!(lost.rating, profile(&store, bob).rating(), "his rating is that after it, though he was done before");
    assert!(lost.rating < 1_500 && lost.report.rating == 1_500, "which his report could not know: {lost:?}");

    assert_eq!(wait(store.match_played(ada, MatchId(5))).unwrap().as_ref(), Some(won), "it is found by its number");
    let _ = store.answer(settle(5, &[(ada, &[]), (bob, &[])]));
    assert_eq!(played(&store, ada), std::slice::from_ref(won), "settled again it is as it was");
}

fn what_others_have_played_is_as_if_it_never_was(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    play(&store, 1, &[ada]);
    let _ = store.answer(take(2, &[(bob, &[])]));
    assert_eq!(played(&store, bob), [], "Ada's match is none of Bob's, and his goes on");
    for id in [1, 2, 3, u64::MAX] {
        assert_eq!(wait(store.match_played(bob, MatchId(id))), Ok(None), "{id}");
    }
}

fn visits_are_no_matches(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let (visit, shard, place) = (MatchId(9), ShardId(5), "meadow".to_owned());
    let asked = CheckOut { visit, shard, place: place.clone(), account: ada, items: Vec::new(), character: None };
    let _ = store.answer(StoreRequest::CheckOut(asked));
    let grant = Box::new(Grant { account: ada, ..Grant::nothing(Outcome::Extracted) });
    let left = store.answer(StoreRequest::SettleVisit { visit, shard, place, grant });
    assert!(matches!(left, StoreReply::VisitSettled { .. }), "she has left: {left:?}");
    assert_eq!((played(&store, ada), wait(store.match_played(ada, visit))), (vec![], Ok(None)), "it was only a visit");
}

fn a_history_is_read_page_by_page_while_others_are_added(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = both(&store);
    for id in 1..=6 {
        play(&store, id, &[ada]);
    }
    play(&store, 7, &[bob]);
    // Those of one second stand by their numbers; a server of a higher number may have ended earlier.
    directory
        .sql("UPDATE seats SET rated_s = CASE WHEN match_id = 6 THEN 1000 WHEN match_id > 3 THEN 3000 ELSE 2000 END");
    assert_eq!(numbers(&played(&store, ada)), [5, 4, 3, 2, 1, 6], "what ended last stands first");
    let page = |after: Option<&PlayedMatch>| {
        wait(store.matches_played(ada, after.map(PlayedMatch::mark), 2)).expect("the store answers")
    };
    let first = page(None);
    assert_eq!(numbers(&first), [5, 4], "two at a time");
    play(&store, 8, &[ada]);
    let second = page(first.last());
    assert_eq!(numbers(&second), [3, 2], "nothing is shown twice, though another has ended meanwhile");
    let third = page(second.last());
    assert_eq!((numbers(&third), page(third.last())), (vec![1, 6], Vec::new()), "and nothing is left out");
    assert_eq!(numbers(&played(&store, ada))[0], 8, "the new one stands first");
}

on_both![
    progress_is_what_the_account_is_and_has,
    a_match_is_in_the_history_of_those_who_played_it_once_it_is_over,
    what_others_have_played_is_as_if_it_never_was,
    visits_are_no_matches,
    a_history_is_read_page_by_page_while_others_are_added,
];
