//! Reports that accounts have not acknowledged.

use hypogeum_persistence::StoreThread;
use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_store::{StorePort, StoreReply, StoreRequest};

use crate::world::{Directory, profile, register, reports, settle, take};

fn a_settlement_is_reported_until_it_is_acknowledged(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    assert_eq!(profile(&store, ada).unacknowledged, [], "a newcomer has no reports");
    let mut reported = Vec::new();
    for match_id in [1, 2] {
        let _ = store.answer(take(match_id, &[(ada, &[]), (bob, &[])]));
        let order = settle(match_id, &[(ada, &[]), (bob, &[])]);
        reported.push(reports(store.answer(order.clone())));
        let _ = store.answer(order);
    }
    drop(store);
    let store = directory.open();
    let unacknowledged = [0, 1].map(|index| (MatchId(index as u64 + 1), reported[index][0].1.clone()));
    assert_eq!(
        profile(&store, ada).unacknowledged,
        unacknowledged,
        "both are unacknowledged, once and in order, as they were reported"
    );
    let acknowledge = |match_id| StoreRequest::AcknowledgeReport { account: ada, match_id: MatchId(match_id) };
    for match_id in [1, 1, 77] {
        let reply = StoreReply::ReportAcknowledged { account: ada, match_id: MatchId(match_id) };
        assert_eq!(store.answer(acknowledge(match_id)), reply, "match {match_id} is acknowledged in any case");
    }
    assert_eq!(profile(&store, ada).unacknowledged, unacknowledged[1..], "what is acknowledged is reported no more");
    assert_eq!(profile(&store, bob).unacknowledged.len(), 2, "Bob has acknowledged nothing");
}

fn acknowledgements_together_share_a_transaction_and_are_answered_each(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    for match_id in [1, 2] {
        let _ = store.answer(take(match_id, &[(ada, &[]), (bob, &[])]));
        let _ = store.answer(settle(match_id, &[(ada, &[]), (bob, &[])]));
    }
    let port = StorePort::new(64);
    let acknowledged = [(ada, 1), (bob, 2), (ada, 1), (ada, 77), (AccountId(99), 1)];
    let acknowledged = acknowledged.map(|(account, match_id)| (account, MatchId(match_id)));
    for (account, match_id) in acknowledged {
        port.ask(StoreRequest::AcknowledgeReport { account, match_id }).unwrap();
    }
    let thread = StoreThread::start(store.clone(), port.clone()).unwrap();
    for (account, match_id) in acknowledged {
        assert_eq!(
            port.replies.pop(),
            Some(StoreReply::ReportAcknowledged { account, match_id }),
            "each is answered, in order"
        );
    }
    drop(thread);
    let unacknowledged =
        |account| profile(&store, account).unacknowledged.iter().map(|(match_id, _)| match_id.0).collect::<Vec<_>>();
    assert_eq!(
        (unacknowledged(ada), unacknowledged(bob)),
        (vec![2], vec![1]),
        "each has acknowledged its own, and nothing else"
    );
}

on_both![
    a_settlement_is_reported_until_it_is_acknowledged,
    acknowledgements_together_share_a_transaction_and_are_answered_each
];
