//! Who is out or dead does not wait for the others.

use hypogeum_protocol::{ClientMessage, MatchId, Outcome, ServerMessage};

use crate::test_host::{Fault, HZ, TestHost};

#[test]
fn who_is_done_is_settled_at_once_and_plays_the_next_match_while_this_one_goes_on() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.send(both[0], &ClientMessage::LeaveMatch);
    let report = host.settled(both[0]);
    assert_eq!(report.outcome, Outcome::Died, "it gave up");
    assert_eq!(host.status().matches.len(), 1, "the match goes on");
    assert!(host.status().finished.is_empty(), "and is not over");

    host.queue(both[0], "duel");
    let third = host.enter(3);
    host.queue(third, "duel");
    assert_eq!(host.started(both[0]), MatchId(501), "it plays again");
    host.steps(2);
    let heard = host.take(both[0]);
    let mut alive = heard.iter().filter_map(|message| match message {
        ServerMessage::Snapshot(snapshot) => Some(snapshot.alive),
        _ => None,
    });
    assert_eq!(alive.next_back(), Some(2), "and sees that match and no other: {heard:?}");

    host.settled(both[1]);
    host.steps(2);
    let host_status = host.status();
    assert_eq!(
        (host_status.matches.len(), host_status.finished.len()),
        (1, 1),
        "the first match is over, the second is not"
    );
    assert_eq!(host_status.finished[0].players.len(), 2, "and its report has both");
    let heard = host.take(both[0]);
    let reports = heard.iter().filter(|message| matches!(message, ServerMessage::Settled { .. })).count();
    assert_eq!(reports, 0, "its end is reported to nobody a second time");
    host.settled(both[0]);
    assert_eq!(
        host.store.profile(1).unacknowledged.len(),
        1,
        "one report is not confirmed: that of the match just over"
    );
}

#[test]
fn who_is_rated_early_is_rated_by_the_place_it_has_at_the_end() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.send(both[0], &ClientMessage::LeaveMatch);
    let report = host.settled(both[0]);
    assert_eq!((report.rating, host.store.profile(1).rating()), (1_500, 1_500), "nobody is rated yet");
    host.settled(both[1]);
    let (first, second) = (host.store.profile(1).rating(), host.store.profile(2).rating());
    assert!(first < 1_500 && second > 1_500, "who stayed longer is rated higher: {first}, {second}");
}

#[test]
fn a_store_that_is_away_delays_it_and_grants_it_once() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.store.faults.insert(Fault::Settle);
    host.send(both[0], &ClientMessage::LeaveMatch);
    host.until("two tries", |host| host.store.settle_asks >= 2);
    host.queue(both[0], "duel");
    host.step();
    assert_eq!(host.store.profile(1).unacknowledged.len(), 0, "nothing is granted, and it is still in the match");
    host.store.faults.clear();
    host.settled(both[0]);
    assert_eq!(host.store.profile(1).unacknowledged.len(), 1, "it is granted once");
    assert_eq!(host.status().matches.len(), 1, "and the other plays on");
    host.settled(both[1]);
}

#[test]
fn an_end_that_overtakes_it_waits_for_it() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.store.faults.insert(Fault::Settle);
    host.send(both[0], &ClientMessage::LeaveMatch);
    host.until("a try", |host| host.store.settle_asks >= 1);
    host.send(both[1], &ClientMessage::LeaveMatch);
    host.steps(HZ as usize);
    host.store.faults.clear();
    for connection in both {
        host.settled(connection);
    }
    host.steps(2);
    assert_eq!(host.status().finished.len(), 1, "the match is over");
    for account in [1, 2] {
        assert_eq!(host.store.profile(account).unacknowledged.len(), 1, "account {account} is granted once");
    }
}

#[test]
fn what_the_store_refuses_for_good_is_left_to_the_end() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.store.faults.insert(Fault::SettleForGood);
    host.send(both[0], &ClientMessage::LeaveMatch);
    host.steps(5);
    assert_eq!(host.status().matches.len(), 1, "the match goes on");
    host.store.faults.clear();
    for connection in both {
        host.settled(connection);
    }
}

#[test]
fn who_is_done_while_its_link_is_gone_gets_the_report_when_it_is_back() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.send(both[0], &ClientMessage::LeaveMatch);
    host.step();
    host.lose(both[0]);
    host.steps(5);
    assert_eq!(host.status().sessions, 1, "its session is over with its seat");
    let again = host.enter(1);
    assert_eq!(host.settled(again).outcome, Outcome::Died, "it is reported");
    host.queue(again, "duel");
    assert_eq!(host.errors(again, 2), [], "and may play");
    assert_eq!(host.status().matches.len(), 1, "while the other plays on");
}
