//! Visits to open shards: matches of one seat that begin and end at once.

use hypogeum_protocol::{AccountId, Grant, MatchId, Outcome};
use hypogeum_store::{StoreFailure, StoreReply, StoreRequest};

use crate::world::{Directory, PURSE, found, profile, register, stash, take};

fn visit(id: u64, account: AccountId) -> StoreRequest {
    let grant = Grant {
        account,
        outcome: Outcome::Extracted,
        kills: 0,
        damage_dealt: 0,
        xp_gained: 60,
        currency_gained: 7,
        placement: 1,
        items_secured: vec![found(id, 1)],
    };
    StoreRequest::SettleVisit { visit: MatchId(id), place: "meadow".to_owned(), grant: Box::new(grant) }
}

fn a_visit_is_granted_once(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let reported = store.answer(visit(9, ada));
    let StoreReply::VisitSettled { visit: id, account, report: Some(report) } = &reported else {
        panic!("{reported:?}")
    };
    assert_eq!((*id, *account), (MatchId(9), ada), "it is hers");
    assert_eq!((report.xp_gained, report.currency_gained, report.items_secured), (60, 7, 1), "with all she got");
    let after = profile(&store, ada);
    assert_eq!((after.xp, after.currency, after.rating()), (60, PURSE + 7, 1_500), "and nobody is rated by it");
    assert_eq!(after.unacknowledged.len(), 1, "it is sent on her next connection, too, until she acknowledges it");
    assert!(stash(&store, ada).contains(&found(9, 1).id), "what she found there is in the stash");

    assert_eq!(store.answer(visit(9, ada)), reported, "asked again: the same answer");
    assert_eq!(profile(&store, ada), after, "and nothing changes");
    let other = store.answer(visit(9, bob));
    assert!(matches!(other, StoreReply::VisitSettled { report: None, .. }), "no one else made that visit: {other:?}");
    assert_eq!(profile(&store, bob).xp, 0, "and no one else gets anything");
    drop(store);
    let store = directory.open();
    assert_eq!(store.unfinished(), [], "nothing is left open");
    assert_eq!(store.next_match(0), MatchId(10), "nothing else gets its number");
    assert_eq!(store.answer(visit(9, ada)), reported, "also after a restart: the same answer");
    assert!(store.audit().unwrap().is_sound(), "the books are right");
}

fn a_visit_of_nobody_known_is_over_and_grants_nothing(directory: &Directory) {
    let store = directory.open();
    let nobody = AccountId(404);
    let reported = store.answer(visit(9, nobody));
    assert_eq!(
        reported,
        StoreReply::VisitSettled { visit: MatchId(9), account: nobody, report: None },
        "there is none"
    );
    assert!(store.audit().unwrap().is_sound(), "the books are right");
}

fn a_visit_with_the_number_of_a_match_that_was_undone_is_refused(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let _ = store.answer(take(9, &[(ada, &[])]));
    let _ = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(9) });
    let asked = visit(9, ada);
    let refused =
        StoreReply::Failed { request: Box::new(asked.clone()), failure: StoreFailure::MatchClosed(MatchId(9)) };
    assert_eq!(store.answer(asked), refused, "that number is somebody else's");
    assert_eq!(profile(&store, ada).xp, 0, "and nothing is granted");
}

on_both![
    a_visit_is_granted_once,
    a_visit_of_nobody_known_is_over_and_grants_nothing,
    a_visit_with_the_number_of_a_match_that_was_undone_is_refused,
];
