//! Achievements and daily rewards: each once, whatever dies and how often it is asked.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use hypogeum_content::Content;
use hypogeum_economy::{CURRENCY_MAX, CosmeticSlot, CosmeticStore};
use hypogeum_persistence::Store;
use hypogeum_progression::{AchievementProgress, DailyTable, RewardRules, RewardStore, RewardTerms};
use hypogeum_protocol::AccountId;
use hypogeum_store::{
    BoardKey, ScoreChange, ScoreOperator, ScoreOrder, ScoresReply, ScoresRequest, StoreReply, StoreRequest,
};

use crate::chance::{Chance, rounds, seed};
use crate::cosmetics::cosmetic;
use crate::victims;
use crate::world::{Directory, PURSE, found, profile, register, settle, take, wait};

const LEDGER_SUM: &str = "SELECT COALESCE(SUM(amount), 0) FROM ledger";
const WALLETS_APART_FROM_LEDGER: &str = "SELECT COUNT(*) FROM profiles WHERE currency <>
    (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE ledger.account = profiles.account)";
/// How often the server is killed.
const KILLS: &str = "HYPOGEUM_TEST_KILLS";

/// Three achievements, and a table of two days. The mode of the tests is `blitz`.
fn rules() -> RewardRules {
    let files = [
        ("achievements/out.ron", r#"(name: "Out", description: "O.", counts: Extracted, at: 2, currency: 30)"#),
        ("achievements/third.ron", r#"(name: "3", description: "3.", counts: Matches, at: 3, cosmetic: "red")"#),
        ("achievements/rich.ron", r#"(name: "R", description: "R.", counts: Currency, at: 1000000, currency: 9)"#),
        ("cosmetics/red.ron", r#"(name: "Red", description: "R.", kind: Colour, price: 25)"#),
        ("daily/days.ron", "(days: [(currency: 5), (currency: 8)])"),
    ];
    RewardRules::of(&Content::from_files(files).unwrap())
}

fn opened(directory: &Directory) -> Store {
    let store = directory.open();
    store.count_for(rules());
    store
}

fn settled(store: &Store, match_id: u64, account: AccountId) -> StoreReply {
    let _ = store.answer(take(match_id, &[(account, &[])]));
    // Whoever gets out with something has got out.
    store.answer(settle(match_id, &[(account, &[found(match_id, 1)])]))
}

fn progress(store: &Store, account: AccountId, key: &str) -> Option<AchievementProgress> {
    let all = wait(store.achievements(account)).unwrap();
    all.into_iter().find(|own| own.achievement == key)
}

fn an_achievement_counts_each_match_once_and_gives_once(directory: &Directory) {
    let store = opened(directory);
    let ada = register(&store, "Ada").unwrap();
    assert_eq!(wait(store.achievements(ada)).unwrap(), [], "nothing was played");
    let mut gained = 0;
    for match_id in 1..=4 {
        let first = settled(&store, match_id, ada);
        let StoreReply::Settled { reports, .. } = &first else { panic!("it is settled: {first:?}") };
        gained += reports[0].1.currency_gained;
        let before = profile(&store, ada);
        assert_eq!(settled(&store, match_id, ada), first, "asked again: the same answer");
        assert_eq!(profile(&store, ada), before, "and nothing changes");
        let third = progress(&store, ada, "third").unwrap();
        assert_eq!((third.progress, third.done_s.is_some()), (match_id as i64, match_id >= 3), "one for each");
        let out = if match_id >= 2 { 30 } else { 0 };
        assert_eq!(before.currency, PURSE + gained + out, "the second gives 30, once");
    }
    assert!(wait(store.wardrobe(ada)).unwrap().owned.contains("red"), "the third gives something to wear");
    let rich = progress(&store, ada, "rich").map(|rich| (rich.progress, rich.done_s));
    assert_eq!(rich, Some((gained, None)), "what was carried out is added up");
    drop(store);
    assert_eq!(directory.sql("SELECT COUNT(*) FROM rewards"), 2, "two were given");
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn seats_that_are_settled_alone_count_once(directory: &Directory) {
    let store = opened(directory);
    let ada = register(&store, "Ada").unwrap();
    let _ = store.answer(take(1, &[(ada, &[])]));
    let order = settle(1, &[(ada, &[])]);
    let StoreRequest::Settle(alone) = order.clone() else { panic!("that is an order") };
    for _ in 0..2 {
        let _ = store.answer(StoreRequest::SettleSeats(alone.clone()));
    }
    let _ = store.answer(order);
    assert_eq!(progress(&store, ada, "third").map(|own| own.progress), Some(1), "one match, whoever settles it");
}

fn what_it_takes_may_change_and_it_gives_once(directory: &Directory) {
    let ada = register(&directory.open(), "Ada").unwrap();
    let is_done = |at: u32, match_id: u64| {
        let out = format!(r#"(name: "Out", description: "O.", counts: Extracted, at: {at}, currency: 30)"#);
        let store = directory.open();
        store.count_for(RewardRules::of(&Content::from_files([("achievements/out.ron", out.as_str())]).unwrap()));
        let _ = settled(&store, match_id, ada);
        progress(&store, ada, "out").is_some_and(|own| own.done_s.is_some())
    };
    assert_eq!([is_done(9, 1), is_done(9, 2)], [false, false], "nine matches are far off");
    assert!(is_done(2, 3), "two were enough then: the next match says so");
    assert!(is_done(9, 4) && is_done(1, 5), "who has reached it has it, whatever it takes now");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM rewards"), 1, "it gave once");
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn what_is_bought_and_earned_is_given_back_and_stays(directory: &Directory) {
    let store = opened(directory);
    let ada = register(&store, "Ada").unwrap();
    let both = |key, seen| wait(store.buy_cosmetic(ada, key, &cosmetic("both"), seen)).map(|bought| bought.price);
    assert_eq!(both(1, 60), Ok(60), "green and red are bought");
    (1..=3).for_each(|match_id| drop(settled(&store, match_id, ada)));
    assert!(progress(&store, ada, "third").is_some_and(|own| own.done_s.is_some()), "the third match earns red");
    wait(store.equip_cosmetic(ada, "red", CosmeticSlot::Colour)).unwrap();
    let before = profile(&store, ada).currency;
    let back = || wait(store.refund_cosmetic(ada, 1));
    assert_eq!((back(), back()), (Ok(before + 60), Ok(before + 60)), "what was paid comes back, once");
    let wardrobe = wait(store.wardrobe(ada)).unwrap();
    assert_eq!(wardrobe.owned.into_iter().collect::<Vec<_>>(), ["red"], "what was earned stays");
    assert_eq!(wardrobe.worn.into_iter().collect::<Vec<_>>(), ["red"], "and is worn still");
    assert_eq!(both(2, 40), Ok(40), "the other part is bought again");
    assert_eq!(wait(store.refund_cosmetic(ada, 2)), Ok(before + 60), "and given back");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn a_full_wallet_takes_what_it_has_room_for(directory: &Directory) {
    let store = opened(directory);
    let ada = register(&store, "Ada").unwrap();
    directory.sql(&format!("UPDATE profiles SET currency = {}", CURRENCY_MAX - 3));
    directory.sql(&format!(
        "INSERT INTO ledger (account, amount, source_event, entered_s)
        VALUES ({}, {}, 'test', 0), (NULL, {}, 'test', 0)",
        ada.0,
        CURRENCY_MAX - 3 - PURSE,
        PURSE + 3 - CURRENCY_MAX
    ));
    let claimed = wait(store.claim_daily(ada, rules().daily("days").unwrap())).unwrap().unwrap();
    assert_eq!(claimed.balance, CURRENCY_MAX, "there was room for three");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn a_day_gives_once_and_days_in_a_row_give_more(directory: &Directory) {
    let store = opened(directory);
    let ada = register(&store, "Ada").unwrap();
    let rules = rules();
    let table = rules.daily("days").unwrap();
    let claim = || wait(store.claim_daily(ada, table)).unwrap().unwrap();
    let days_back = |days: i64| directory.sql(&format!("UPDATE daily_claims SET day = day - {days}"));
    let standing = || wait(store.daily(ada, &rules.daily)).unwrap()[0];
    assert_eq!((standing().streak, standing().is_claimed), (0, false), "nothing was taken");
    let claims: Vec<bool> = std::thread::scope(|scope| {
        let claiming: Vec<_> = (0..6).map(|_| scope.spawn(|| claim().is_new)).collect();
        claiming.into_iter().map(|claiming| claiming.join().unwrap()).collect()
    });
    assert_eq!(claims.iter().filter(|is_new| **is_new).count(), 1, "of many at once one takes it");
    assert_eq!(profile(&store, ada).currency, PURSE + 5, "it is the first day");
    let other = DailyTable { key: "other".to_owned(), days: table.days.clone() };
    let both = wait(store.daily(ada, &[other, table.clone()])).unwrap();
    let claimed: Vec<bool> = both.iter().map(|standing| standing.is_claimed).collect();
    assert_eq!(claimed, [false, true], "each table for itself, in their order");
    // Rewards are known by their day: as that goes back, they do.
    let earlier = |times: i64| {
        days_back(1);
        directory.sql(&format!("UPDATE rewards SET source_event = source_event || '-{times}'"));
    };
    earlier(1);
    let second = claim();
    assert_eq!((second.standing.streak, second.balance), (2, PURSE + 13), "the second brings more");
    earlier(2);
    assert_eq!((claim().standing.streak, profile(&store, ada).currency), (3, PURSE + 18), "behind the last: the first");
    earlier(3);
    days_back(1);
    assert_eq!(standing().streak, 0, "a day was left out");
    assert_eq!((claim().standing.streak, profile(&store, ada).currency), (1, PURSE + 23), "so it begins again");
    days_back(-5);
    assert!(!claim().is_new, "a clock that was set back gives no day twice");
    assert_eq!(wait(store.claim_daily(AccountId(99), table)).unwrap(), None, "nobody takes nothing");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
}

fn board() -> BoardKey {
    BoardKey::new("wins", ScoreOrder::Descending)
}

/// Closes the seasons before this one, and gives 7 to the best of each.
fn close_seasons(store: &Store, before_s: i64) {
    let rewards = vec![(1, RewardTerms { currency: 7, cosmetic: None })];
    let request = ScoresRequest::CloseSeasons { board: board(), before_s, rewards };
    let reply = store.answer(StoreRequest::Scores(request));
    assert!(matches!(reply, StoreReply::Scores(ScoresReply::SeasonsClosed { .. })), "they were not closed: {reply:?}");
}

/// Somebody is the best of a season, which is over then.
fn play_season(store: &Store, account: AccountId, season_s: i64) {
    let (operator, key) = (ScoreOperator::Set, String::new());
    let score = ScoreChange { board: board(), season_s, account, operator, value: season_s, key };
    let reply = store.answer(StoreRequest::Scores(ScoresRequest::Submit { changes: vec![score], tag: 0 }));
    assert!(matches!(reply, StoreReply::Scores(ScoresReply::Submitted { .. })), "it was not counted: {reply:?}");
    close_seasons(store, season_s + 1);
    close_seasons(store, season_s + 1);
}

/// Each season that is over has given once what it gives, and no other has.
fn check_seasons(store: &Store, directory: &Directory) {
    // What a server owes that died in between is given by the next.
    close_seasons(store, 0);
    let over = directory.sql("SELECT COUNT(*) FROM board_seasons WHERE closed_s IS NOT NULL");
    let given = directory.sql("SELECT COUNT(*) FROM rewards WHERE source_event LIKE 'season:%' AND currency = 7");
    assert_eq!(given, over, "each season has given once");
    let entered =
        directory.sql("SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE source_event LIKE 'season:%' AND amount > 0");
    assert_eq!(entered, 7 * over, "and no more than it gives");
}

/// Settles, buys, gives back, claims and ends seasons one after another, each twice, saying each match once it is acknowledged, until
/// it is killed.
fn earn_until_killed(store: &Store) {
    store.count_for(rules());
    store.abandon_unfinished(&store.unfinished());
    let ada = AccountId(1);
    let rules = rules();
    let mut output = std::io::stdout().lock();
    let first = store.next_match(0).0;
    for match_id in first.. {
        for _ in 0..2 {
            let reply = settled(store, match_id, ada);
            assert!(matches!(reply, StoreReply::Settled { .. }), "match {match_id} was not settled: {reply:?}");
            let _ = wait(store.claim_daily(ada, rules.daily("days").unwrap()));
            let _ = wait(store.buy_cosmetic(ada, match_id, &cosmetic("green"), 50));
        }
        play_season(store, ada, match_id as i64);
        let _ = wait(store.refund_cosmetic(ada, match_id));
        writeln!(output, "settled {match_id}").unwrap();
        output.flush().unwrap();
    }
}

/// What is started as the victim; as a test it does nothing.
#[test]
fn victim() {
    if let Some(store) = victims::store() {
        earn_until_killed(&store);
    }
}

fn each_reward_counts_once_however_often_it_is_killed(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    drop(store);
    let mut chance = Chance::from(seed());
    for _ in 0..rounds(KILLS, 6) {
        let mut victim = victims::victim("rewards", directory).stdout(Stdio::piped()).spawn().unwrap();
        let acknowledged_max = 1 + chance.below(5);
        let lines = BufReader::new(victim.stdout.take().unwrap()).lines();
        let acknowledged = lines.filter(|line| line.as_ref().is_ok_and(|line| line.contains("settled ")));
        assert_eq!(acknowledged.take(acknowledged_max).count(), acknowledged_max, "it lives long enough");
        // It dies in the middle of what comes next.
        victim.kill().unwrap();
        victim.wait().unwrap();

        let store = opened(directory);
        store.abandon_unfinished(&store.unfinished());
        let matches = directory.sql("SELECT COUNT(*) FROM matches WHERE state = 'settled'");
        let third = progress(&store, ada, "third").map_or(0, |own| own.progress);
        assert_eq!(third, matches, "each match was counted once");
        let given = directory.sql("SELECT COUNT(*) FROM rewards WHERE source_event LIKE 'achievement:%'");
        assert_eq!(given, i64::from(matches >= 2) + i64::from(matches >= 3), "each reward was given once");
        // A day may end while this goes on.
        let days = directory.sql("SELECT COUNT(*) FROM rewards WHERE source_event LIKE 'daily:%'");
        assert_eq!(days, wait(store.daily(ada, &rules().daily)).unwrap()[0].streak as i64, "and each day");
        let paid = directory.sql("SELECT COALESCE(SUM(price), 0) FROM cosmetic_purchases WHERE refunded_s IS NULL");
        let owned = wait(store.wardrobe(ada)).unwrap().owned.contains("green");
        assert_eq!(paid, if owned { 50 } else { 0 }, "what is paid for is there, and what was given back is paid back");
        check_seasons(&store, directory);
        drop(store);
        assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
        assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
    }
}

on_both![
    an_achievement_counts_each_match_once_and_gives_once,
    seats_that_are_settled_alone_count_once,
    what_it_takes_may_change_and_it_gives_once,
    what_is_bought_and_earned_is_given_back_and_stays,
    a_full_wallet_takes_what_it_has_room_for,
    a_day_gives_once_and_days_in_a_row_give_more,
    each_reward_counts_once_however_often_it_is_killed,
];
