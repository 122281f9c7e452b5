//! Seats that are settled while their match goes on.

use hypogeum_protocol::MatchId;
use hypogeum_store::{StoreFailure, StoreReply, StoreRequest};

use crate::world::{
    Directory, PURSE, found, profile, register, reports, settle, settle_seats, starter_item, stash, take,
};

fn a_seat_gets_everything_at_once_and_its_rating_at_the_end(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, his) = (starter_item(ada, 1), starter_item(bob, 2));
    let _ = store.answer(take(5, &[(ada, &[knife.id]), (bob, &[his.id])]));
    let out = [knife.clone(), his.clone(), found(5, 1)];
    let done = settle_seats(5, &[(ada, &out)]);

    let first = store.answer(done.clone());
    let early = profile(&store, ada);
    assert_eq!((early.xp, early.currency, early.stash.len()), (120, PURSE + 35, 5), "she has all she got out with");
    assert_eq!(early.rating(), 1_500, "and is not rated yet");
    assert_eq!(store.answer(done.clone()), first, "asked again: the same answer");
    assert_eq!(profile(&store, ada), early, "and nothing changes");
    assert!(store.audit().unwrap().is_sound(), "the books are right while the match goes on");

    // She plays another match before this one is over, and brings what she got out of it.
    let _ = store.answer(take(6, &[(ada, &[knife.id, his.id])]));
    let end = settle(5, &[(ada, &out), (bob, &[])]);
    let reported = store.answer(end.clone());
    let StoreReply::Settled { ratings, .. } = &reported else { panic!("the match was not settled: {reported:?}") };
    let (ada_after, bob_after) = (profile(&store, ada), profile(&store, bob));
    assert_eq!((ada_after.xp, ada_after.currency), (120, PURSE + 35), "the end grants her nothing a second time");
    assert_eq!(ada_after.stash.len(), 3, "and takes nothing back from her other match");
    assert!(ada_after.rating() > 1_500 && bob_after.rating() < 1_500, "now both are rated");
    assert_eq!(ratings[..], [(ada, ada_after.rating()), (bob, bob_after.rating())], "as they are reported");
    assert_eq!(store.answer(end), reported, "asked again: the same answer");
    assert_eq!(store.answer(done), first, "also to the seat's own settlement");
    assert_eq!(profile(&store, ada), ada_after, "and nothing changes");
    assert!(store.audit().unwrap().is_sound(), "the books are right at the end");
}

fn what_the_dead_brought_stays_in_play_until_the_end(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (lost, looted) = (starter_item(bob, 1), starter_item(bob, 2));
    let _ = store.answer(take(5, &[(ada, &[]), (bob, &[lost.id, looted.id])]));
    let reported = reports(store.answer(settle_seats(5, &[(bob, &[])])));
    assert_eq!((reported[0].0, reported[0].1.items_secured), (bob, 0), "Bob is dead");
    assert_eq!(stash(&store, bob).len(), 1, "and has what he left in the stash");
    let reported = reports(store.answer(settle_seats(5, &[(ada, std::slice::from_ref(&looted))])));
    assert_eq!(reported[0].1.items_secured, 1, "Ada gets out with what he carried");
    assert!(stash(&store, ada).contains(&looted.id), "it is hers");
    let _ = store.answer(settle(5, &[(ada, &[looted]), (bob, &[])]));
    assert_eq!((stash(&store, ada).len(), stash(&store, bob).len()), (4, 1), "and the rest is lost at the end");
}

fn an_undone_match_takes_nothing_back_from_who_was_done(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let (knife, his) = (starter_item(ada, 1), starter_item(bob, 2));
    let _ = store.answer(take(5, &[(ada, &[knife.id]), (bob, &[his.id])]));
    let done = settle_seats(5, &[(ada, &[knife, found(5, 1)])]);
    let first = store.answer(done.clone());
    let before = profile(&store, ada);
    let _ = store.answer(StoreRequest::AbandonMatch { match_id: MatchId(5) });
    assert_eq!(profile(&store, ada), before, "she keeps what was reported");
    assert_eq!(stash(&store, bob).len(), 3, "and Bob has what he brought");
    assert_eq!(store.answer(done), first, "asked again: the same answer");
    let late = settle_seats(5, &[(bob, &[])]);
    let refused =
        StoreReply::Failed { request: Box::new(late.clone()), failure: StoreFailure::MatchClosed(MatchId(5)) };
    assert_eq!(store.answer(late), refused, "nobody is granted anything for it any more");
    assert!(store.audit().unwrap().is_sound(), "the books are right");
}

on_both![
    a_seat_gets_everything_at_once_and_its_rating_at_the_end,
    what_the_dead_brought_stays_in_play_until_the_end,
    an_undone_match_takes_nothing_back_from_who_was_done,
];
