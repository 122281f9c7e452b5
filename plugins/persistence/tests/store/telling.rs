//! What accounts are still to be told, and how the seats of running matches stand.

use hypogeum_persistence::StoreThread;
use hypogeum_progression::{SeatStanding, StorePort, StoreReply, StoreRequest};
use hypogeum_protocol::{AccountId, MatchId, Outcome};

use crate::world::{Directory, profile, register, reports, settle, take};

fn a_settlement_is_told_until_it_was_heard(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    assert_eq!(profile(&store, ada).untold, [], "a newcomer is told nothing");
    let mut told = Vec::new();
    for match_id in [1, 2] {
        let _ = store.answer(take(match_id, &[(ada, &[]), (bob, &[])]));
        let order = settle(match_id, &[(ada, &[]), (bob, &[])]);
        told.push(reports(store.answer(order.clone())));
        let _ = store.answer(order);
    }
    drop(store);
    let store = directory.open();
    let untold = [0, 1].map(|index| (MatchId(index as u64 + 1), told[index][0].1.clone()));
    assert_eq!(profile(&store, ada).untold, untold, "both are untold, once and in order, as they were reported");
    let heard = |match_id| StoreRequest::Heard { account: ada, match_id: MatchId(match_id) };
    for match_id in [1, 1, 77] {
        let reply = StoreReply::Heard { account: ada, match_id: MatchId(match_id) };
        assert_eq!(store.answer(heard(match_id)), reply, "match {match_id} is heard of, were it again or never played");
    }
    assert_eq!(profile(&store, ada).untold, untold[1..], "what was heard is told no more");
    assert_eq!(profile(&store, bob).untold.len(), 2, "Bob has not heard anything");
}

fn standing(account: AccountId, kills: u32, outcome: Option<Outcome>) -> SeatStanding {
    SeatStanding { account, present: true, kills, xp: 10 * kills, damage_dealt: kills, outcome }
}

fn of_standings_that_wait_together_the_newest_is_kept(directory: &Directory) {
    let store = directory.open();
    let (ada, bob) = (register(&store, "Ada").unwrap(), register(&store, "Bob").unwrap());
    let _ = store.answer(take(1, &[(ada, &[]), (bob, &[])]));
    let _ = store.answer(take(2, &[(ada, &[])]));
    let port = StorePort::new(64);
    let keep = |match_id, tick, seats: &[SeatStanding]| StoreRequest::KeepSeats {
        match_id: MatchId(match_id),
        tick,
        seats: seats.to_vec(),
    };
    let asked = [
        keep(1, 30, &[standing(ada, 1, None), standing(bob, 1, None)]),
        keep(2, 31, &[standing(ada, 5, None)]),
        keep(1, 60, &[standing(ada, 2, Some(Outcome::TimedOut))]),
        keep(1, 45, &[standing(ada, 9, None)]),
        keep(1, 50, &[standing(AccountId(99), 9, None)]),
        keep(77, 50, &[standing(ada, 9, None)]),
    ];
    for request in &asked {
        port.ask(request.clone()).unwrap();
    }
    let thread = StoreThread::start(store.clone(), port.clone()).unwrap();
    for request in asked {
        let StoreRequest::KeepSeats { match_id, tick, .. } = request else { continue };
        assert_eq!(port.replies.pop(), Some(StoreReply::Kept { match_id, tick }), "each is answered, in order");
    }
    assert_eq!(
        store.answer(keep(1, 59, &[standing(ada, 9, None)])),
        StoreReply::Kept { match_id: MatchId(1), tick: 59 }
    );
    drop((thread, store));
    let kept = |what: &str, match_id: u64, account: AccountId| {
        directory.sql(&format!("SELECT {what} FROM seats WHERE match_id = {match_id} AND account = {}", account.0))
    };
    assert_eq!((kept("kills", 1, ada), kept("kept_tick", 1, ada)), (2, 60), "Ada's newest, though others came later");
    assert_eq!((kept("kills", 1, bob), kept("xp", 1, bob)), (1, 10), "Bob's own");
    assert_eq!(kept("kills", 2, ada), 5, "and that of the other match");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM seats WHERE outcome = 'timed_out'"), 1, "with how it ended");
    assert_eq!(directory.sql("SELECT COUNT(*) FROM seats"), 3, "nobody got a seat by it");
}

on_both![a_settlement_is_told_until_it_was_heard, of_standings_that_wait_together_the_newest_is_kept];
