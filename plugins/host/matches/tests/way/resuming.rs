//! Connections that go and come back, and second ones.

use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{ClientMessage, ErrorCode, Input, MatchId, Outcome, ServerMessage};
use hypogeum_shard::CommandBody;

use crate::test_host::{HZ, TestHost};

fn current_match(host: &mut TestHost, connection: hypogeum_protocol::ConnectionId) -> Option<MatchId> {
    host.hear(connection, "a welcome", |message| match message {
        ServerMessage::Welcome { current_match, .. } => Some(*current_match),
        _ => None,
    })
}

#[test]
fn the_second_connection_of_an_account_takes_over() {
    let mut host = TestHost::new();
    let first = host.enter(1);
    host.queue(first, "duel");
    host.step();
    let second = host.enter(1);
    assert_eq!(host.errors(first, 0), [(ErrorCode::TakenOver, 255)], "the first is notified");
    assert_eq!(host.closed(first), Some(CloseReason::TakenOver), "and closed");
    host.step();
    let host_status = host.status();
    assert_eq!((host_status.sessions, host_status.queued), (1, 1), "one session, and it has kept its place");
    host.send(second, &ClientMessage::LeaveQueue);
    host.hear(second, "that it left", |message| matches!(message, ServerMessage::Unqueued).then_some(()));
    host.queue(second, "duel");
    assert_eq!(host.errors(second, 2), [], "the second may do everything");
}

#[test]
fn taking_over_in_a_match_keeps_the_seat() {
    let mut host = TestHost::new();
    let both = host.duel();
    let again = host.open(1);
    host.hello(again);
    assert_eq!(current_match(&mut host, again), Some(MatchId(500)), "the same match");
    assert_eq!(host.started(again), MatchId(500), "sent again");
    host.hear(again, "the phase again", |message| matches!(message, ServerMessage::Phase { .. }).then_some(()));
    host.seen(again, |snapshot| snapshot.own.is_some());
    assert_eq!(host.closed(both[0]), Some(CloseReason::TakenOver), "the old connection is closed");
    host.settled(again);
}

#[test]
fn a_lost_connection_comes_back_to_its_avatar() {
    let mut host = TestHost::new();
    let both = host.duel();
    for seq in 1..=3 {
        host.send(both[0], &ClientMessage::Inputs { batch: vec![Input { seq, ..Input::default() }] });
        host.step();
    }
    host.lose(both[0]);
    host.steps(HZ as usize * 2);
    assert_eq!(host.status().sessions, 2, "it lingers");
    let again = host.open(1);
    host.hello(again);
    assert_eq!(current_match(&mut host, again), Some(MatchId(500)), "it is still in");
    host.started(again);
    host.seen(again, |snapshot| snapshot.own.is_some() && snapshot.input_seq == 3);
    host.send(again, &ClientMessage::Inputs { batch: vec![Input { seq: 4, ..Input::default() }] });
    host.seen(again, |snapshot| snapshot.input_seq == 4);
    assert_eq!(host.status().matches[0].humans, 2, "one avatar for each");
}

#[test]
fn a_shard_learns_of_absence_and_return() {
    let mut host = TestHost::new();
    let both = [host.enter(1), host.enter(2)];
    for connection in both {
        host.queue(connection, "duel");
    }
    host.stash(both[0]);
    // Gone before the match began: its seat knows from the first step on.
    host.lose(both[0]);
    host.started(both[1]);
    let commands = host.commands();
    assert_eq!(commands.len(), 1, "one absence: {commands:?}");
    assert_eq!(commands[0].body, CommandBody::Present(false), "the seat starts absent");
}

#[test]
fn who_stays_away_too_long_loses_the_session_but_not_what_the_seat_earned() {
    let mut host = TestHost::with(|host| host.sessions.linger_s = 1);
    let both = host.duel();
    host.lose(both[0]);
    host.steps(HZ as usize + 2);
    assert_eq!(host.status().sessions, 1, "the session is over");
    host.settled(both[1]);
    let again = host.open(1);
    host.hello(again);
    assert_eq!(current_match(&mut host, again), None, "the match is over too");
    assert_eq!(host.settled(again).outcome, Outcome::Died, "what it got as one who left is reported late");
    host.queue(again, "duel");
    assert_eq!(host.errors(again, 2), [], "and it may play again");
}

#[test]
fn a_seat_is_kept_for_the_linger_and_given_up_after_it() {
    let mut host = TestHost::with(|host| host.sessions.linger_s = 3);
    let both = host.duel();
    host.lose(both[0]);
    host.steps(2 * HZ as usize);
    let again = host.open(1);
    host.hello(again);
    assert_eq!(current_match(&mut host, again), Some(MatchId(500)), "its seat is still there");
    host.seen(again, |snapshot| snapshot.own.is_some());
    host.lose(again);
    host.steps(5 * HZ as usize);
    let host_status = host.status();
    assert_eq!(
        (host_status.matches.len(), host_status.matches[0].players_alive),
        (1, 1),
        "then it is given up, and the other plays on"
    );
    let late = host.enter(1);
    assert_eq!(host.settled(late).outcome, Outcome::Died, "it is settled as one who left");
    host.queue(late, "duel");
    assert_eq!(host.errors(late, 2), [], "and may play again");
}

#[test]
fn a_match_without_a_human_beyond_the_linger_is_over() {
    let mut host = TestHost::with(|host| host.sessions.linger_s = 1);
    let alone = host.enter(1);
    host.queue(alone, "alone");
    host.started(alone);
    host.lose(alone);
    host.steps(4 * HZ as usize);
    let host_status = host.status();
    assert_eq!(
        host_status.matches.len(),
        0,
        "two autopilots do not play on among themselves: {:?}",
        host_status.matches
    );
    assert_eq!(host_status.finished.len(), 1, "it is settled as it stands");
    assert_eq!(host_status.finished[0].players[0].report.outcome, Outcome::Died, "the one who left has left");
}

#[test]
fn without_seat_or_place_in_line_a_lost_connection_is_the_end() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    host.lose(connection);
    host.steps(2);
    assert_eq!(host.status().sessions, 0, "nothing is left");
}

#[test]
fn a_queued_player_keeps_its_place_over_a_blink_of_the_link() {
    let mut host = TestHost::with(|host| host.sessions.queue_linger_s = 3);
    let connection = host.enter(1);
    host.queue(connection, "duel");
    host.step();
    host.lose(connection);
    host.steps(2 * HZ as usize);
    assert_eq!((host.status().sessions, host.status().queued), (1, 1), "its place is kept");
    let again = host.open(1);
    host.hello(again);
    assert_eq!(current_match(&mut host, again), None, "it is welcomed");
    host.hear(again, "its place", |message| matches!(message, ServerMessage::Queued { .. }).then_some(()));
    host.steps(4 * HZ as usize);
    assert_eq!(host.status().queued, 1, "and keeps it for as long as it likes");
    let other = host.enter(2);
    host.queue(other, "duel");
    assert_eq!(host.started(again), MatchId(500), "the match that was found for it is its match");
}

#[test]
fn who_is_found_a_match_while_its_link_is_gone_is_in_it_when_it_is_back() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    host.queue(connection, "duel");
    host.step();
    host.lose(connection);
    let other = host.enter(2);
    host.queue(other, "duel");
    host.stash(other);
    let again = host.open(1);
    host.hello(again);
    assert_eq!(current_match(&mut host, again), Some(MatchId(500)), "a match was found meanwhile");
    assert_eq!(host.stash(again).len(), 3, "and it may choose");
}

#[test]
fn who_knocks_and_is_sent_away_costs_nobody_a_place_in_line() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    host.queue(connection, "duel");
    host.step();
    host.lose(connection);
    let old = host.open(1);
    host.send(old, &ClientMessage::Hello { protocol_version: 0, client: "of last year".into(), locale: String::new() });
    host.steps(2);
    assert_eq!(host.closed(old), Some(CloseReason::ByServer), "it is sent away");
    assert_eq!((host.status().sessions, host.status().queued), (1, 1), "and the place is kept");
}

#[test]
fn a_place_in_line_is_given_up_after_the_grace_or_a_goodbye() {
    let mut host = TestHost::with(|host| host.sessions.queue_linger_s = 2);
    let both = [host.enter(1), host.enter(2)];
    host.queue(both[0], "duel");
    host.step();
    host.lose(both[0]);
    host.steps(2 * HZ as usize + 2);
    assert_eq!((host.status().sessions, host.status().queued), (1, 0), "it stayed away too long");
    host.queue(both[1], "duel");
    host.step();
    assert_eq!(host.status().queued, 1, "the other waits");
    host.leave(both[1]);
    host.steps(2);
    assert_eq!((host.status().sessions, host.status().queued), (0, 0), "who says goodbye waits for nothing");
}

#[test]
fn a_connection_that_goes_while_its_profile_loads_leaves_nothing() {
    let mut host = TestHost::new();
    host.store.silent = true;
    let connection = host.open(1);
    host.hello(connection);
    host.step();
    host.lose(connection);
    host.step();
    host.store.silent = false;
    host.steps(3);
    assert_eq!(host.status().sessions, 0, "the answer finds nobody");
    host.enter(1);
}

#[test]
fn a_report_sent_into_a_dead_link_is_sent_again_and_only_until_the_next_match() {
    let mut host = TestHost::new();
    let both = host.duel();
    let report = host.settled(both[0]);
    host.settled(both[1]);
    // The edge took the report, but the link was dead already: whether it arrived nobody knows.
    host.lose(both[0]);
    let again = host.enter(1);
    assert_eq!(host.settled(again), report, "the same report, sent again");
    host.queue(again, "duel");
    host.step();
    host.lose(again);
    let third = host.enter(1);
    host.steps(3);
    let heard = host.take(third);
    let is_reported = heard.iter().any(|message| matches!(message, ServerMessage::Settled { .. }));
    assert!(!is_reported, "a player who queued again has seen it: {heard:?}");
}

#[test]
fn what_a_gone_connection_still_had_to_say_is_dropped() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.lose(both[0]);
    let second = host.open(1);
    // More than one tick takes, the hello last: it would be read when its connection is gone.
    for nonce in 0..16 {
        host.send(second, &ClientMessage::Ping { nonce });
    }
    host.hello(second);
    host.step();
    host.lose(second);
    host.steps(2);
    assert_eq!(host.returns(), 0, "nobody is there, so nobody came back to the avatar");
    let third = host.open(1);
    host.hello(third);
    host.started(third);
    assert_eq!(host.returns(), 1, "and now somebody has");
}
