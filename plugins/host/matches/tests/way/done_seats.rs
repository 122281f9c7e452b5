//! Who is out or dead does not wait for the others.

use hypogeum_protocol::{ClientMessage, MatchId, Outcome, ServerMessage};

use crate::stand::{Fault, HZ, Stand};

#[test]
fn who_is_done_is_settled_at_once_and_plays_the_next_match_while_this_one_goes_on() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.send(both[0], &ClientMessage::LeaveMatch);
    let report = stand.settled(both[0]);
    assert_eq!(report.outcome, Outcome::Died, "it gave up");
    assert_eq!(stand.board().matches.len(), 1, "the match goes on");
    assert!(stand.board().finished.is_empty(), "and is not over");

    stand.queue(both[0], "duel");
    let third = stand.enter(3);
    stand.queue(third, "duel");
    assert_eq!(stand.started(both[0]), MatchId(501), "it plays again");
    stand.steps(2);
    let heard = stand.take(both[0]);
    let mut alive = heard.iter().filter_map(|message| match message {
        ServerMessage::Snapshot(snapshot) => Some(snapshot.alive),
        _ => None,
    });
    assert_eq!(alive.next_back(), Some(2), "and sees that match and no other: {heard:?}");

    stand.settled(both[1]);
    stand.steps(2);
    let board = stand.board();
    assert_eq!((board.matches.len(), board.finished.len()), (1, 1), "the first match is over, the second is not");
    assert_eq!(board.finished[0].players.len(), 2, "and tells how it went for both");
    let heard = stand.take(both[0]);
    let told = heard.iter().filter(|message| matches!(message, ServerMessage::Settled { .. })).count();
    assert_eq!(told, 0, "its end tells nobody a second time");
    stand.settled(both[0]);
    assert_eq!(stand.store.profile(1).untold.len(), 1, "one report is not confirmed: that of the match just over");
}

#[test]
fn who_is_rated_early_is_rated_by_the_place_it_has_at_the_end() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.send(both[0], &ClientMessage::LeaveMatch);
    let report = stand.settled(both[0]);
    assert_eq!((report.rating, stand.store.profile(1).rating()), (1_500, 1_500), "nobody is rated yet");
    stand.settled(both[1]);
    let (first, second) = (stand.store.profile(1).rating(), stand.store.profile(2).rating());
    assert!(first < 1_500 && second > 1_500, "who stayed longer is rated higher: {first}, {second}");
}

#[test]
fn a_store_that_is_away_delays_it_and_grants_it_once() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.store.faults.insert(Fault::Settle);
    stand.send(both[0], &ClientMessage::LeaveMatch);
    stand.until("two tries", |stand| stand.store.settle_asks >= 2);
    stand.queue(both[0], "duel");
    stand.step();
    assert_eq!(stand.store.profile(1).untold.len(), 0, "nothing is granted, and it is still in the match");
    stand.store.faults.clear();
    stand.settled(both[0]);
    assert_eq!(stand.store.profile(1).untold.len(), 1, "it is granted once");
    assert_eq!(stand.board().matches.len(), 1, "and the other plays on");
    stand.settled(both[1]);
}

#[test]
fn an_end_that_overtakes_it_waits_for_it() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.store.faults.insert(Fault::Settle);
    stand.send(both[0], &ClientMessage::LeaveMatch);
    stand.until("a try", |stand| stand.store.settle_asks >= 1);
    stand.send(both[1], &ClientMessage::LeaveMatch);
    stand.steps(HZ as usize);
    stand.store.faults.clear();
    for connection in both {
        stand.settled(connection);
    }
    stand.steps(2);
    assert_eq!(stand.board().finished.len(), 1, "the match is over");
    for account in [1, 2] {
        assert_eq!(stand.store.profile(account).untold.len(), 1, "account {account} is granted once");
    }
}

#[test]
fn what_the_store_refuses_for_good_is_left_to_the_end() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.store.faults.insert(Fault::SettleForGood);
    stand.send(both[0], &ClientMessage::LeaveMatch);
    stand.steps(5);
    assert_eq!(stand.board().matches.len(), 1, "the match goes on");
    stand.store.faults.clear();
    for connection in both {
        stand.settled(connection);
    }
}

#[test]
fn who_is_done_while_its_link_is_gone_is_told_when_it_is_back() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.send(both[0], &ClientMessage::LeaveMatch);
    stand.step();
    stand.lose(both[0]);
    stand.steps(5);
    assert_eq!(stand.board().sessions, 1, "its session is over with its seat");
    let again = stand.enter(1);
    assert_eq!(stand.settled(again).outcome, Outcome::Died, "it is told");
    stand.queue(again, "duel");
    assert_eq!(stand.errors(again, 2), [], "and may play");
    assert_eq!(stand.board().matches.len(), 1, "while the other plays on");
}
