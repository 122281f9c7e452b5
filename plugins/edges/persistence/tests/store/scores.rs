//! Scores come to boards once each, seasons are closed once each, and boards are shown in their order.

use hypogeum_leaderboards::{BoardPage, PageStart, ScoreStore, SeasonChoice};
use hypogeum_persistence::Store;
use hypogeum_progression::{RewardStore, RewardTerms};
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    BoardKey, ClosedSeason, SCORES_AT_ONCE_MAX, ScoreChange, ScoreOperator, ScoreOrder, ScoresReply, ScoresRequest,
    StoreReply, StoreRequest,
};

use crate::victims;
use crate::world::{Directory, PURSE, profile, register, wait};

/// When seasons of the tests begin.
const FIRST: i64 = 1_000_000;
const SECOND: i64 = 2_000_000;
const THIRD: i64 = 3_000_000;

fn board() -> BoardKey {
    BoardKey::new("wins", ScoreOrder::Descending)
}

fn change(account: AccountId, operator: ScoreOperator, value: i64) -> ScoreChange {
    ScoreChange { board: board(), season_s: FIRST, account, operator, value, key: String::new() }
}

fn ask(store: &Store, request: ScoresRequest) -> ScoresReply {
    match store.answer(StoreRequest::Scores(request)) {
        StoreReply::Scores(reply) => reply,
        other => panic!("scores are answered by scores: {other:?}"),
    }
}

fn submit(store: &Store, changes: &[ScoreChange]) {
    for some in changes.chunks(SCORES_AT_ONCE_MAX) {
        let reply = ask(store, ScoresRequest::Submit { changes: some.to_vec(), tag: 9 });
        assert_eq!(reply, ScoresReply::Submitted { tag: 9 }, "they are counted");
    }
}

/// What the first and the two behind get.
fn rewards() -> Vec<(u64, RewardTerms)> {
    let terms = |currency, cosmetic: Option<&str>| RewardTerms { currency, cosmetic: cosmetic.map(str::to_owned) };
    vec![(1, terms(100, Some("crown"))), (3, terms(10, None))]
}

fn close(store: &Store, before_s: i64) -> Vec<ClosedSeason> {
    match ask(store, ScoresRequest::CloseSeasons { board: board(), before_s, rewards: rewards() }) {
        ScoresReply::SeasonsClosed { closed, .. } => closed,
        other => panic!("seasons were to be closed: {other:?}"),
    }
}

fn page(store: &Store, season: SeasonChoice, start: PageStart, count: usize) -> Option<BoardPage> {
    wait(store.board_page(&board(), season, start, count)).unwrap()
}

/// Ranks, names and scores.
fn listed(page: &BoardPage) -> Vec<(u64, &str, i64)> {
    page.entries.iter().map(|entry| (entry.rank, entry.name.as_str(), entry.score)).collect()
}

fn first_page(store: &Store) -> BoardPage {
    page(store, SeasonChoice::Current(FIRST), PageStart::Rank(1), 100).expect("the season goes on")
}

fn people(store: &Store) -> [AccountId; 3] {
    ["Ada", "Bob", "Cyd"].map(|name| register(store, name).unwrap())
}

fn each_operator_does_what_it_says(directory: &Directory) {
    let store = directory.open();
    let [ada, bob, cy] = people(&store);
    assert_eq!(first_page(&store).entries, [], "nobody has a score yet");
    use ScoreOperator::{Best, Decrement, Increment, Set};
    submit(&store, &[change(ada, Best, 5), change(ada, Best, 3), change(bob, Set, 9), change(bob, Set, 4)]);
    assert_eq!(listed(&first_page(&store)), [(1, "Ada", 5), (2, "Bob", 4)], "the best, and the last");
    submit(&store, &[change(cy, Increment, 3), change(cy, Increment, 4), change(ada, Decrement, 7)]);
    assert_eq!(listed(&first_page(&store)), [(1, "Cyd", 7), (2, "Bob", 4), (3, "Ada", -2)], "added up, taken away");
    assert_eq!(first_page(&store).entry_count, 3, "each is counted once");
    let stranger = AccountId(4_711);
    submit(&store, &[change(stranger, Set, 100), change(bob, Set, 8)]);
    assert_eq!(listed(&first_page(&store))[0], (1, "Bob", 8), "nobody is not on it, and keeps nobody from it");
}

fn less_is_better_where_the_order_says_so(directory: &Directory) {
    let store = directory.open();
    let [ada, bob, cy] = people(&store);
    let board = BoardKey::new("wins", ScoreOrder::Ascending);
    let best = |account, value| ScoreChange { board: board.clone(), ..change(account, ScoreOperator::Best, value) };
    submit(&store, &[best(ada, 50), best(bob, 40), best(cy, 60), best(cy, 30), best(ada, 70)]);
    let shown = wait(store.board_page(&board, SeasonChoice::Current(FIRST), PageStart::Rank(1), 9)).unwrap().unwrap();
    assert_eq!(listed(&shown), [(1, "Cyd", 30), (2, "Bob", 40), (3, "Ada", 50)], "the least stands first");
    assert_eq!(first_page(&store).entries, [], "turned round it is another board");
}

fn of_two_with_one_score_the_earlier_stands_first(directory: &Directory) {
    let store = directory.open();
    let [ada, bob, cy] = people(&store);
    use ScoreOperator::{Best, Set};
    submit(&store, &[change(bob, Set, 5), change(ada, Set, 5), change(cy, Set, 5)]);
    assert_eq!(listed(&first_page(&store)), [(1, "Bob", 5), (2, "Ada", 5), (3, "Cyd", 5)], "as they came");
    submit(&store, &[change(bob, Set, 5), change(bob, Best, 5)]);
    assert_eq!(listed(&first_page(&store))[0], (1, "Bob", 5), "the same again changes nothing");
    submit(&store, &[change(bob, Set, 6), change(bob, Set, 5)]);
    assert_eq!(listed(&first_page(&store)), [(1, "Ada", 5), (2, "Cyd", 5), (3, "Bob", 5)], "who comes back comes last");
}

fn a_score_that_comes_again_counts_once(directory: &Directory) {
    let store = directory.open();
    let [ada, bob, _] = people(&store);
    let keyed =
        |account, key: &str| ScoreChange { key: key.to_owned(), ..change(account, ScoreOperator::Increment, 1) };
    submit(&store, &[keyed(ada, "match 1"), keyed(ada, "match 1"), keyed(bob, "match 1")]);
    submit(&store, &[keyed(ada, "match 1"), keyed(ada, "match 2")]);
    assert_eq!(listed(&first_page(&store)), [(1, "Ada", 2), (2, "Bob", 1)], "by its key, for each account");
    let later = ScoreChange { season_s: SECOND, ..keyed(ada, "match 2") };
    assert_eq!(close(&store, SECOND).len(), 1, "the season is over");
    submit(&store, &[later]);
    let second = page(&store, SeasonChoice::Current(SECOND), PageStart::Rank(1), 9).unwrap();
    assert_eq!(second.entries, [], "one that comes again in the next season is still known");
}

fn a_season_that_is_over_stays_as_it_was(directory: &Directory) {
    let store = directory.open();
    let [ada, bob, cy] = people(&store);
    use ScoreOperator::Increment;
    let second = |account, value| ScoreChange { season_s: SECOND, ..change(account, Increment, value) };
    submit(&store, &[change(ada, Increment, 3), change(bob, Increment, 2), second(cy, 1)]);
    assert_eq!(listed(&first_page(&store)), [(1, "Ada", 3), (2, "Bob", 2)], "the next begins by its number alone");
    assert_eq!(close(&store, SECOND), [ClosedSeason { season_s: FIRST, entries: 2 }], "it is closed");
    assert_eq!(close(&store, SECOND), [], "once");
    assert_eq!(close(&store, FIRST), [], "and a clock that is behind closes nothing");

    submit(&store, &[change(bob, Increment, 50)]);
    let over = page(&store, SeasonChoice::Began(FIRST), PageStart::Rank(1), 9).unwrap();
    assert_eq!(listed(&over), [(1, "Ada", 3), (2, "Bob", 2)], "what comes late does not change it");
    assert!(over.is_closed, "it is said that it is over");
    let now = page(&store, SeasonChoice::Current(FIRST), PageStart::Rank(1), 9).unwrap();
    assert_eq!((now.season_s, now.is_closed), (SECOND, false), "whoever is behind is shown the one that goes on");
    assert_eq!(listed(&now), [(1, "Bob", 50), (2, "Cyd", 1)], "where it was counted");

    submit(&store, &[ScoreChange { season_s: THIRD, ..change(ada, Increment, 1) }]);
    let later = THIRD + 1;
    let expected = [ClosedSeason { season_s: SECOND, entries: 2 }, ClosedSeason { season_s: THIRD, entries: 1 }];
    assert_eq!(close(&store, later), expected, "seasons that nobody has closed in time are closed together");
    let seasons = wait(store.board_seasons(&board(), None, 10)).unwrap();
    let seen: Vec<_> = seasons.iter().map(|season| (season.season_s, season.entry_count)).collect();
    assert_eq!(seen, [(THIRD, 1), (SECOND, 2), (FIRST, 2)], "the latest first");
    assert!(seasons.iter().all(|season| season.closed_s.is_some()), "all of them over");
    let before = wait(store.board_seasons(&board(), Some(THIRD), 1)).unwrap();
    assert_eq!(before, seasons[1..2], "page by page");
    assert_eq!(page(&store, SeasonChoice::Began(5), PageStart::Rank(1), 9), None, "there never was such a season");
}

fn many_who_close_a_season_at_once_close_it_once(directory: &Directory) {
    let store = directory.open();
    let [ada, bob, _] = people(&store);
    submit(&store, &[change(ada, ScoreOperator::Set, 3)]);
    let closed: Vec<ClosedSeason> = std::thread::scope(|scope| {
        let closing: Vec<_> = (0..8).map(|_| scope.spawn(|| close(&store, SECOND))).collect();
        let late: Vec<_> =
            (0..8).map(|_| scope.spawn(|| submit(&store, &[change(bob, ScoreOperator::Increment, 1)]))).collect();
        late.into_iter().for_each(|late| late.join().unwrap());
        closing.into_iter().flat_map(|closing| closing.join().unwrap()).collect()
    });
    let [closed] = closed.as_slice() else { panic!("it was closed {} times", closed.len()) };
    let over = page(&store, SeasonChoice::Began(FIRST), PageStart::Rank(1), 9).unwrap();
    assert_eq!(over.entry_count, closed.entries, "nobody came in after it was closed");
    let now = page(&store, SeasonChoice::Current(SECOND), PageStart::Rank(1), 9).unwrap();
    let count = |page: &BoardPage| {
        page.entries.iter().filter(|entry| entry.account == bob).map(|entry| entry.score).sum::<i64>()
    };
    assert_eq!(count(&over) + count(&now), 8, "what came meanwhile counts once, before or after");
}

fn a_season_rewards_its_best_once(directory: &Directory) {
    let store = directory.open();
    let [ada, bob, cy] = people(&store);
    let dan = register(&store, "Dan").unwrap();
    let scores = [(ada, 4), (bob, 9), (cy, 1), (dan, 2)];
    submit(&store, &scores.map(|(account, score)| change(account, ScoreOperator::Set, score)));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| close(&store, SECOND));
        }
    });
    close(&store, SECOND);
    let purses = [ada, bob, cy, dan].map(|account| profile(&store, account).currency - PURSE);
    assert_eq!(purses, [10, 100, 0, 10], "by their ranks, once");
    let given = |account| wait(store.season_rewards(account, 9)).unwrap();
    let of_bob = given(bob);
    assert_eq!(of_bob.len(), 1, "one season, one reward: {of_bob:?}");
    let first = &of_bob[0];
    assert_eq!((first.leaderboard.as_str(), first.season_s, first.rank), ("wins", FIRST, 1), "he can look it up");
    assert_eq!(first.reward, rewards()[0].1, "with what it was");
    assert_eq!(given(cy), [], "the fourth got nothing");
    submit(&store, &[ScoreChange { season_s: SECOND, ..change(cy, ScoreOperator::Set, 1) }]);
    close(&store, THIRD);
    assert_eq!(profile(&store, cy).currency, PURSE + 100, "the next season gives again");
    drop(store);
    assert_eq!(directory.sql("SELECT COALESCE(SUM(amount), 0) FROM ledger"), 0, "the ledger sums to zero");
}

/// What is started as the victim; as a test it does nothing.
#[test]
fn victim() {
    if let Some(store) = victims::store() {
        close(&store, SECOND);
        unreachable!("it dies at its point");
    }
}

fn dying_before_or_after_the_commit_closes_a_season_once(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    submit(&store, &[change(ada, ScoreOperator::Set, 3)]);
    drop(store);
    for (point, done) in [("before_season_commit", false), ("after_season_commit", true)] {
        victims::dies_at(point, "scores", "", directory);
        let store = directory.open();
        let season = wait(store.board_seasons(&board(), None, 9)).unwrap()[0];
        assert_eq!(season.closed_s.is_some(), done, "{point}: all of it, or nothing");
        assert_eq!(profile(&store, ada).currency, PURSE, "{point}: nothing is given yet");
        if done {
            assert_eq!(close(&store, SECOND), [], "{point}: asked again it is not done twice");
            assert_eq!(profile(&store, ada).currency, PURSE + 100, "{point}: but gives what it owes");
        }
    }
}

fn pages_and_those_around_somebody(directory: &Directory) {
    let store = directory.open();
    let accounts: Vec<AccountId> =
        (0..25).map(|number| register(&store, &format!("player{number:02}")).unwrap()).collect();
    let changes: Vec<ScoreChange> = (0..)
        .zip(&accounts)
        .map(|(number, account)| change(*account, ScoreOperator::Set, 1_000 - number / 2))
        .collect();
    submit(&store, &changes);
    let now = SeasonChoice::Current(FIRST);
    let all = page(&store, now, PageStart::Rank(1), 100).unwrap();
    assert_eq!(all.entries.iter().map(|entry| entry.account).collect::<Vec<_>>(), accounts, "in their order");
    assert_eq!(all.entries.iter().map(|entry| entry.rank).collect::<Vec<_>>(), (1..=25).collect::<Vec<_>>());

    let (mut seen, mut start) = (Vec::new(), PageStart::Rank(1));
    loop {
        let next = page(&store, now, start, 7).unwrap();
        let Some(last) = next.entries.last() else { break };
        start = PageStart::After(last.mark);
        seen.extend(next.entries);
    }
    assert_eq!(seen, all.entries, "page by page, each once, with its rank");
    assert_eq!(page(&store, now, PageStart::Rank(9), 3).unwrap().entries, all.entries[8..11], "by rank");
    for beyond in [26, u64::MAX] {
        assert_eq!(page(&store, now, PageStart::Rank(beyond), 3).unwrap().entries, [], "past the end is nobody");
    }
    assert_eq!(
        page(&store, now, PageStart::Rank(0), 1).unwrap().entries,
        all.entries[..1],
        "nobody is before the first"
    );

    let around = |account, count| wait(store.board_around(&board(), now, account, count)).unwrap().unwrap().entries;
    assert_eq!(around(accounts[12], 5), all.entries[10..15], "two before and two behind");
    assert_eq!(around(accounts[0], 5), all.entries[..5], "the first has nobody before it, and more behind it");
    assert_eq!(around(accounts[24], 5), all.entries[20..], "and the last the other way round");
    assert_eq!(around(accounts[12], 1), all.entries[12..13], "alone");
    assert_eq!(around(accounts[12], 0), all.entries[12..13], "at least itself");
    assert_eq!(around(accounts[12], usize::MAX), all.entries, "or everyone");
    let stranger = register(&store, "Stranger").unwrap();
    assert_eq!(around(stranger, 5), [], "who has no score is nowhere");
}

on_both![
    each_operator_does_what_it_says,
    less_is_better_where_the_order_says_so,
    of_two_with_one_score_the_earlier_stands_first,
    a_score_that_comes_again_counts_once,
    a_season_that_is_over_stays_as_it_was,
    many_who_close_a_season_at_once_close_it_once,
    a_season_rewards_its_best_once,
    dying_before_or_after_the_commit_closes_a_season_once,
    pages_and_those_around_somebody,
];
