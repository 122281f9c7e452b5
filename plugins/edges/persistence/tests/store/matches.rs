//! What a match takes and gives.

use crate::world::{Directory, PURSE, found, profile, register, reports, settle, starter_item, stash, take};
use hypogeum_protocol::{AccountId, ItemId, MatchId, Outcome};
use hypogeum_store::{RefusedItem, StoreFailure, StoreReply, StoreRequest};

const LEDGER_SUM: &str = "SELECT COALESCE(SUM(amount), 0) FROM ledger";
const WALLETS_APART_FROM_LEDGER: &str = "SELECT COUNT(*) FROM profiles WHERE currency <>
    (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE ledger.account = profiles.account)";

fn escrow_takes_only_what_is_in_that_very_stash(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (mine, his) = (starter_item(ada, 1).id, starter_item(bob, 1).id);
    let nothing = ItemId { origin: u64::MAX, serial: 1 };
    let request = take(1, &[(ada, &[mine, his, nothing, mine]), (bob, &[]), (AccountId(0), &[his])]);
    let StoreReply::EscrowTaken { taken, refused, .. } = store.answer(request.clone()) else {
        panic!("the escrow was not taken")
    };
    assert_eq!(taken.len(), 2, "the seat of nobody is ignored");
    assert_eq!(taken[0].items, [starter_item(ada, 1)], "Ada brings her own knife, as the store knows it");
    let refusal = |item| RefusedItem { account: ada, item };
    assert_eq!(refused, [refusal(his), refusal(nothing), refusal(mine)], "not Bob's, not nothing, nothing twice");
    assert_eq!(stash(&store, bob).len(), 3, "Bob has all he had");

    let again = store.answer(request);
    assert_eq!(again, StoreReply::EscrowTaken { match_id: MatchId(1), taken, refused }, "asked again: the same answer");
    let other = store.answer(take(2, &[(ada, &[mine])]));
    let StoreReply::EscrowTaken { refused, .. } = other else { panic!("the second match did not begin: {other:?}") };
    assert_eq!(refused, [refusal(mine)], "what one match holds, another does not get");
}

fn an_unknown_account_holds_nothing_up(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let stranger = AccountId(77);
    let StoreReply::EscrowTaken { taken, .. } = store.answer(take(1, &[(stranger, &[]), (ada, &[])])) else {
        panic!("the escrow was not taken")
    };
    assert_eq!(taken.len(), 2, "both are answered");
    let StoreReply::Settled { reports, seatless, .. } = store.answer(settle(1, &[(stranger, &[]), (ada, &[])])) else {
        panic!("the match was not settled")
    };
    assert_eq!((reports.len(), reports[0].0), (1, ada), "Ada gets hers");
    assert_eq!(seatless, [stranger], "the stranger gets nothing, and it is said");
}

fn settling_twice_is_settling_once(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, his) = (starter_item(ada, 1), starter_item(bob, 2));
    let _ = store.answer(take(5, &[(ada, &[knife.id]), (bob, &[his.id, starter_item(bob, 3).id])]));
    let secured = [knife.clone(), his.clone(), found(5, 1)];
    let order = settle(5, &[(ada, &secured), (bob, &[])]);

    let first = store.answer(order.clone());
    let after = (profile(&store, ada), profile(&store, bob));
    for _ in 0..3 {
        assert_eq!(store.answer(order.clone()), first, "asked again: the same answer");
        assert_eq!((profile(&store, ada), profile(&store, bob)), after, "and nothing changes");
    }

    let reported = reports(first);
    assert_eq!(
        (reported[0].1.outcome, reported[0].1.items_secured, reported[0].1.level),
        (Outcome::Extracted, 3, 2),
        "Ada got out"
    );
    assert_eq!((reported[1].1.outcome, reported[1].1.items_secured), (Outcome::Died, 0), "Bob did not");
    let (ada_after, bob_after) = after;
    assert_eq!((ada_after.xp, ada_after.currency), (120, PURSE + 35), "experience and currency are hers");
    assert_eq!(ada_after.rating(), reported[0].1.rating, "the rating reported is the rating stored");
    assert!(ada_after.rating() > bob_after.rating(), "who placed first is rated higher");
    assert_eq!(ada_after.stash.len(), 5, "what she left in the stash, brought, took and found");
    assert!([&knife, &his, &found(5, 1)].iter().all(|item| ada_after.stash.contains(item)), "all three are there");
    assert_eq!(bob_after.stash, [starter_item(bob, 1)], "Bob has what he left in the stash");

    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn a_seat_without_result_gets_its_escrow_back(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let _ = store.answer(take(5, &[(ada, &[]), (bob, &[starter_item(bob, 1).id])]));
    let _ = store.answer(settle(5, &[(ada, &[])]));
    assert_eq!(stash(&store, bob).len(), 3, "the order does not mention Bob, so he loses nothing");
}

fn a_full_stash_keeps_what_fits(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    drop(store);
    directory.sql("UPDATE profiles SET stash_capacity = 4");
    let store = directory.open();
    let _ = store.answer(take(5, &[(ada, &[starter_item(ada, 1).id])]));
    let secured = [found(5, 1), found(5, 2), found(5, 3), starter_item(ada, 1)];
    let reported = reports(store.answer(settle(5, &[(ada, &secured)])));
    assert_eq!(reported[0].1.items_secured, 2, "two were in the stash, so two of four fit, and that is in her report");
    let home = stash(&store, ada);
    assert!(home.contains(&starter_item(ada, 1).id), "what she brought comes first");
    assert_eq!(home.len(), 4, "the stash is full and not fuller");
}

fn an_abandoned_match_gives_everything_back_and_cannot_be_settled(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let before = profile(&store, ada);
    let _ = store.answer(take(5, &[(ada, &[starter_item(ada, 1).id])]));
    let abandon = StoreRequest::AbandonMatch { match_id: MatchId(5) };
    let abandoned = |items_returned| StoreReply::Abandoned { match_id: MatchId(5), items_returned };
    assert_eq!(store.answer(abandon.clone()), abandoned(1), "one item returns");
    assert_eq!(store.answer(abandon), abandoned(0), "once");
    let late = settle(5, &[(ada, &[starter_item(ada, 1)])]);
    let failure = StoreFailure::MatchClosed(MatchId(5));
    let refused = StoreReply::Failed { request: Box::new(late.clone()), failure };
    assert_eq!(store.answer(late), refused, "nothing is granted for it any more");
    let again = store.answer(take(5, &[(ada, &[])]));
    assert!(matches!(again, StoreReply::Failed { .. }), "nor does it begin again: {again:?}");
    assert_eq!(profile(&store, ada), before, "Ada has exactly what she had");
}

fn orders_that_make_no_sense_change_nothing_and_come_back(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let before = profile(&store, ada);
    let unknown = store.answer(settle(9, &[(ada, &[])]));
    let StoreReply::Failed { failure, request } = unknown else { panic!("a match nobody knows was settled") };
    assert_eq!(failure, StoreFailure::UnknownMatch(MatchId(9)), "no such match ever began");
    assert_eq!(*request, settle(9, &[(ada, &[])]), "the order comes back whole");
    let _ = store.answer(take(9, &[(ada, &[])]));
    let twice = store.answer(settle(9, &[(ada, &[]), (ada, &[])]));
    let StoreReply::Failed { failure, .. } = twice else { panic!("an account was settled twice: {twice:?}") };
    assert!(!failure.is_passing(), "asking again would not help: {failure}");
    assert_eq!(profile(&store, ada), before, "nothing has changed");
}

/// Every kind of change a settlement makes.
const CHANGES: [(&str, &str); 9] = [
    ("INSERT", "items"),
    ("UPDATE", "items"),
    ("UPDATE", "profiles"),
    ("UPDATE", "seats"),
    ("INSERT", "grants"),
    ("INSERT", "outbox"),
    ("INSERT", "ledger"),
    ("DELETE", "items"),
    ("UPDATE", "matches"),
];

fn a_settlement_that_breaks_at_any_step_changes_nothing_and_can_be_repeated(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let _ = store.answer(take(5, &[(ada, &[starter_item(ada, 1).id]), (bob, &[starter_item(bob, 1).id])]));
    let before = (profile(&store, ada), profile(&store, bob));
    let order = settle(5, &[(ada, &[starter_item(ada, 1), found(5, 1)]), (bob, &[])]);
    for (change, table) in CHANGES {
        directory.break_change(change, table);
        let reply = store.answer(order.clone());
        let StoreReply::Failed { request, failure } = reply else {
            panic!("{change} of {table} broke and nobody noticed: {reply:?}")
        };
        assert!(failure.is_passing(), "a broken database may be mended: {failure}");
        assert_eq!(*request, order, "the order comes back whole");
        assert_eq!(
            (profile(&store, ada), profile(&store, bob)),
            before,
            "{change} of {table} broke, so nothing has changed"
        );
        directory.mend(table);
    }
    let reported = reports(store.answer(order));
    assert_eq!((reported.len(), reported[0].1.items_secured), (2, 2), "mended, the same order is done");
    assert_eq!(stash(&store, bob).len(), 2, "Bob has lost what he brought");
}

on_both![
    escrow_takes_only_what_is_in_that_very_stash,
    an_unknown_account_holds_nothing_up,
    settling_twice_is_settling_once,
    a_seat_without_result_gets_its_escrow_back,
    a_full_stash_keeps_what_fits,
    an_abandoned_match_gives_everything_back_and_cannot_be_settled,
    orders_that_make_no_sense_change_nothing_and_come_back,
    a_settlement_that_breaks_at_any_step_changes_nothing_and_can_be_repeated,
];
