//! Thousands at the same time: everyone gets what is theirs, and nobody anything else.

use std::collections::{BTreeMap, BTreeSet};

use hypogeum_accounts::{AccountName, AccountStore, AccountStoreError};
use hypogeum_persistence::{Store, StoreThread};
use hypogeum_progression::SEATS_MAX;
use hypogeum_protocol::{AccountId, ItemId, MatchId, Outcome};
use hypogeum_store::{StorePort, StoreReply, StoreRequest};
use tokio::task::JoinSet;

use crate::world::{Directory, KIT, PURSE, found, profile, register, reports, settle, starter_item, stash, take, wait};

fn name(number: usize) -> AccountName {
    AccountName::parse(&format!("bot-{number}")).unwrap()
}

/// Lets `count` guests in, all asking at the same time; their accounts by number.
fn guests(store: &Store, count: usize) -> Vec<AccountId> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut arrived: Vec<(usize, AccountId)> = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for number in 0..count {
            let store = store.clone();
            asking.spawn(async move { (number, store.guest(&name(number)).await.unwrap().id) });
        }
        asking.join_all().await
    });
    arrived.sort_unstable();
    arrived.into_iter().map(|(_, account)| account).collect()
}

fn ten_thousand_guests_who_come_at_once_get_an_account_each(directory: &Directory) {
    let store = directory.open();
    let accounts = guests(&store, 10_000);
    assert_eq!(accounts.iter().collect::<BTreeSet<_>>().len(), 10_000, "no two share an account");
    for number in [0, 77, 9_999] {
        let profile = profile(&store, accounts[number]);
        assert_eq!((profile.name, profile.currency), (format!("bot-{number}"), PURSE), "each is who it said");
        let kit: Vec<_> = (1..=3).map(|serial| starter_item(accounts[number], serial)).collect();
        assert_eq!(profile.stash, kit, "with a starter kit of its own");
    }
    assert_eq!(guests(&store, 10_000), accounts, "who comes again is the same guest");
    drop(store);
    assert_eq!(directory.sql("SELECT COUNT(*) FROM items"), 10_000 * KIT.len() as i64, "nobody got a kit twice");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM grants"), 10_000, "each grant is noted");
    assert_eq!(directory.sql("SELECT SUM(amount) FROM ledger"), 0, "and the house has paid for it");
    assert_eq!(directory.sql("SELECT SUM(amount) FROM ledger WHERE account IS NOT NULL"), 10_000 * PURSE, "in full");
}

fn of_many_who_want_one_name_at_the_same_time_one_gets_it(directory: &Directory) {
    let store = directory.open();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut asking = JoinSet::new();
        for _ in 0..300 {
            let store = store.clone();
            asking.spawn(async move { store.create(&name(1), "$argon2id$…".into()).await });
        }
        asking.join_all().await
    });
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "there is one account of that name");
    let refused = answers.iter().filter(|answer| **answer == Err(AccountStoreError::NameTaken)).count();
    assert_eq!(refused, 299, "and everyone else is refused: it is taken");
}

fn a_name_with_a_password_is_no_guests_and_a_guests_name_is_taken(directory: &Directory) {
    let store = directory.open();
    register(&store, "Ada").unwrap();
    let ada = AccountName::parse("ADA").unwrap();
    assert_eq!(wait(store.guest(&ada)), Err(AccountStoreError::NameTaken), "nobody is Ada without her password");
    let bot = wait(store.guest(&name(1))).unwrap();
    assert!(bot.is_guest() && bot.name == "bot-1", "a guest has a name and no password: {bot:?}");
    assert_eq!(register(&store, "BOT-1"), Err(AccountStoreError::NameTaken), "nobody takes a guest's name");
    drop(store);
    let store = directory.open();
    assert_eq!(wait(store.find(&name(1))), Ok(Some(bot)), "it is a guest after opening again, too");
    assert!(!wait(store.find(&ada)).unwrap().unwrap().is_guest(), "and Ada is none");
}

fn accounts_that_cannot_be_kept_are_not_made_by_halves(directory: &Directory) {
    let store = directory.open();
    directory.break_change("INSERT", "grants");
    for answer in [wait(store.guest(&name(1))).err(), register(&store, "Ada").err()] {
        assert_eq!(answer, Some(AccountStoreError::Unavailable), "a broken database may be mended");
    }
    directory.mend("grants");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM accounts"), 0, "nothing is left of either");
    let bot = wait(store.guest(&name(1))).unwrap();
    assert_eq!(stash(&store, bot.id).len(), KIT.len(), "asked again, the guest has everything");
}

fn profiles_asked_for_in_a_row_are_answered_in_that_order(directory: &Directory) {
    let store = directory.open();
    let accounts = guests(&store, 600);
    let port = StorePort::new(2_000);
    // Every seventh asks for nobody's, some for one twice, and in between somebody's knife leaves for a match.
    let mut expected = Vec::new();
    for (tag, account) in (0..).zip(&accounts) {
        let account = if tag % 7 == 0 { AccountId(1_000_000 + tag) } else { *account };
        for tag in [tag, tag + 10_000].into_iter().take(if tag % 50 == 1 { 2 } else { 1 }) {
            port.ask(StoreRequest::LoadProfile { account, character: None, tag }).unwrap();
            expected.push((tag, account));
        }
    }
    let (last, knife) = (accounts[599], starter_item(accounts[599], 1).id);
    port.ask(take(1, &[(last, &[knife])])).unwrap();
    port.ask(StoreRequest::LoadProfile { account: last, character: None, tag: 1 }).unwrap();
    let thread = StoreThread::start(store, port.clone()).unwrap();
    let next = || port.replies.pop().unwrap();
    for (tag, account) in expected {
        let StoreReply::Profile { tag: answered_tag, account: answered, profile, .. } = next() else {
            panic!("no profile came")
        };
        assert_eq!((answered_tag, answered), (tag, account), "answers come in the order asked");
        let own = profile.map(|profile| (profile.account, profile.stash.len()));
        let known = account.0 < 1_000_000;
        assert_eq!(own, known.then_some((account, KIT.len())), "with what is that account's own");
    }
    assert!(matches!(next(), StoreReply::EscrowTaken { .. }), "then the escrow");
    let StoreReply::Profile { profile: Some(after), .. } = next() else { panic!("no profile came") };
    assert_eq!(after.stash.len(), KIT.len() - 1, "and who is asked for after it has left the knife in it");
    assert!(thread.finish().is_empty(), "nothing else is answered");
}

fn a_match_of_ten_thousand_is_taken_and_settled_like_one_of_two(directory: &Directory) {
    let store = directory.open();
    let accounts = guests(&store, 10_000);
    // Until now the database has seen matches of one alone, and plans for such.
    let small = "FROM accounts WHERE id <= 5000";
    directory.sql(&format!(
        "INSERT INTO matches (id, mode, seed, started_s, state) SELECT id + 100, '', 0, 0, 'abandoned' {small}"
    ));
    directory.sql(&format!("INSERT INTO seats (match_id, account) SELECT id + 100, id {small}"));
    directory.sql("ANALYZE");
    let brought: Vec<[ItemId; 2]> =
        accounts.iter().map(|&account| [1, 2].map(|n| starter_item(account, n).id)).collect();
    let seats: Vec<(AccountId, &[ItemId])> =
        accounts.iter().copied().zip(brought.iter().map(|items| &items[..])).collect();
    let StoreReply::EscrowTaken { taken, refused, .. } = store.answer(take(1, &seats)) else {
        panic!("the escrow was not taken")
    };
    assert_eq!((taken.len(), refused.len()), (10_000, 0), "everyone brings what they chose");
    for (seat, (account, items)) in taken.iter().zip(&seats) {
        let held: Vec<ItemId> = seat.items.iter().map(|item| item.id).collect();
        assert_eq!((seat.account, held.as_slice()), (*account, *items), "each their own, in the order of seats");
    }
    let abandoned = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(1) });
    let expected = StoreReply::Abandoned { match_id: MatchId(1), items_returned: 20_000 };
    assert_eq!(abandoned, expected, "undone, all of it goes back");

    let _ = store.answer(take(2, &seats));
    // Every second one gets out, with what it brought, the vest of the one after it, and something found.
    let secured: Vec<Vec<_>> = (0..10_000_u32)
        .map(|n| {
            let (own, next) = (accounts[n as usize], accounts.get(n as usize + 1));
            let items =
                || [starter_item(own, 1), starter_item(own, 2), starter_item(*next.unwrap(), 2), found(2, n + 1)];
            if n % 2 == 0 { items().into() } else { Vec::new() }
        })
        .collect();
    let results: Vec<_> = accounts.iter().copied().zip(secured.iter().map(Vec::as_slice)).collect();
    let reported = reports(store.answer(settle(2, &results)));
    assert_eq!(reported.len(), 10_000, "everyone gets a report");
    for ((account, report), (expected, items)) in reported.iter().zip(&results) {
        assert_eq!((account, report.items_secured as usize), (expected, items.len()), "what they got out with");
        assert_eq!(report.outcome == Outcome::Extracted, !items.is_empty(), "and how it ended for them");
    }
    assert!(
        reported[0].1.rating > reported[5_000].1.rating && reported[5_000].1.rating > reported[9_999].1.rating,
        "by placement"
    );
    assert_eq!(stash(&store, accounts[0]).len(), 5, "the kit, the neighbour's vest, and the find");
    assert_eq!(stash(&store, accounts[1]), [starter_item(accounts[1], 3).id], "who died has what stayed in the stash");
    assert_eq!(reports(store.answer(settle(2, &results))), reported, "asked again: the same answer");
    drop(store);
    assert_eq!(directory.sql("SELECT COUNT(*) FROM items"), 30_000, "5,000 lost a knife, and 5,000 found something");
    assert_eq!(directory.sql("SELECT SUM(amount) FROM ledger"), 0, "the ledger sums to zero");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM profiles WHERE xp <> 120"), 0, "each was granted once");
}

fn a_match_has_an_end_of_seats(directory: &Directory) {
    let store = directory.open();
    let crowd: Vec<(AccountId, &[ItemId])> = (0..=SEATS_MAX as u64).map(|n| (AccountId(n + 1), &[][..])).collect();
    let reply = store.answer(take(1, &crowd));
    assert!(matches!(&reply, StoreReply::Failed { failure, .. } if !failure.is_passing()), "one too many: {reply:?}");
    let strangers = store.answer(take(1, &crowd[1..]));
    let StoreReply::EscrowTaken { taken, .. } = strangers else { panic!("strangers held the match up: {strangers:?}") };
    let by_account: BTreeMap<_, _> = taken.iter().map(|seat| (seat.account, seat.items.len())).collect();
    assert_eq!(by_account.len(), SEATS_MAX, "as many as fit are answered, though nobody knows them");
}

on_both![
    ten_thousand_guests_who_come_at_once_get_an_account_each,
    of_many_who_want_one_name_at_the_same_time_one_gets_it,
    a_name_with_a_password_is_no_guests_and_a_guests_name_is_taken,
    accounts_that_cannot_be_kept_are_not_made_by_halves,
    profiles_asked_for_in_a_row_are_answered_in_that_order,
    a_match_of_ten_thousand_is_taken_and_settled_like_one_of_two,
    a_match_has_an_end_of_seats,
];
