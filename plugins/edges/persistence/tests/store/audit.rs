//! Whether an audit sees what is wrong, and nothing where nothing is.

use hypogeum_protocol::{AccountId, MatchId};

use crate::world::{Directory, found, register, settle, starter_item, take};

fn books_that_are_right_are_found_to_be(directory: &Directory) {
    let store = directory.open();
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "an empty house: {audit}");
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let knife = starter_item(ada, 1);
    for match_id in 1..4 {
        let _ = store.answer(take(match_id, &[(ada, &[knife.id]), (bob, &[])]));
        let _ = store.answer(settle(match_id, &[(ada, &[knife.clone(), found(match_id, 1)]), (bob, &[])]));
    }
    let _ = store.answer(take(4, &[(ada, &[knife.id]), (bob, &[starter_item(bob, 2).id])]));
    let audit = store.audit().unwrap();
    assert!(audit.is_sound(), "matches were settled, one runs: {audit}");
    let counts = |counts: &std::collections::BTreeMap<String, u64>| {
        counts.iter().map(|(name, count)| (name.clone(), *count)).collect::<Vec<_>>()
    };
    assert_eq!(counts(&audit.items), [("escrow".into(), 2), ("stash".into(), 7)], "where the items are");
    assert_eq!(counts(&audit.matches), [("running".into(), 1), ("settled".into(), 3)], "how the matches stand");
    assert_eq!(
        audit.to_string(),
        "items: 2 escrow, 7 stash; matches: 1 running, 3 settled; the books are right",
        "as an operator reads it"
    );
}

/// One settled match of Ada and Bob, one that runs, and then something that must never be.
fn found_out(directory: &Directory, fault: &str) -> hypogeum_persistence::Audit {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let knife = starter_item(ada, 1);
    let _ = store.answer(take(1, &[(ada, &[knife.id]), (bob, &[])]));
    let _ = store.answer(settle(1, &[(ada, std::slice::from_ref(&knife)), (bob, &[])]));
    let _ = store.answer(take(2, &[(ada, &[knife.id]), (bob, &[])]));
    assert!(store.audit().unwrap().is_sound(), "nothing is wrong yet");
    directory.sql(fault);
    let audit = store.audit().unwrap();
    assert!(!audit.is_sound(), "after {fault:?} something is wrong: {audit}");
    audit
}

fn money_from_nowhere_is_found(directory: &Directory) {
    let audit = found_out(directory, "UPDATE profiles SET currency = currency + 7 WHERE account = 1");
    assert_eq!(audit.wallets_apart.len(), 1, "one wallet: {audit}");
    let (account, wallet, ledger) = audit.wallets_apart[0];
    assert_eq!((account, wallet - ledger), (AccountId(1), 7), "whose, and by how much");
    assert!(audit.to_string().contains("\nwallets apart from the ledger: account 1 has "), "it says so: {audit}");
}

fn an_entry_without_its_other_side_is_found(directory: &Directory) {
    let audit = found_out(
        directory,
        "INSERT INTO ledger (account, amount, source_event, entered_s) VALUES (NULL, 5, 'nothing', 0)",
    );
    assert_eq!((audit.ledger_sum, audit.wallets_apart.len()), (5, 0), "the sum alone is wrong: {audit}");
}

fn an_item_nobody_will_give_back_is_found(directory: &Directory) {
    let audit = found_out(directory, "UPDATE matches SET state = 'abandoned' WHERE id = 2");
    assert_eq!(audit.stranded, [(starter_item(AccountId(1), 1).id, MatchId(2))], "the knife, and where it is held");
}

fn a_seat_without_its_grant_is_found(directory: &Directory) {
    let audit = found_out(directory, "DELETE FROM grants WHERE account = 2 AND source_event = 'match:1'");
    assert_eq!(audit.not_granted, [(MatchId(1), AccountId(2))], "whose seat");
}

fn a_grant_for_a_match_that_is_not_over_is_found(directory: &Directory) {
    let audit = found_out(
        directory,
        "INSERT INTO grants (account, source_event, kind, amount, report, granted_s)
         VALUES (2, 'match:2', 'match', 0, '{}', 0)",
    );
    assert_eq!(audit.not_earned, [(AccountId(2), "match:2".to_owned())], "whose grant, and what for");
}

on_both![
    books_that_are_right_are_found_to_be,
    money_from_nowhere_is_found,
    an_entry_without_its_other_side_is_found,
    an_item_nobody_will_give_back_is_found,
    a_seat_without_its_grant_is_found,
    a_grant_for_a_match_that_is_not_over_is_found,
];
