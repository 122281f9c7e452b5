//! Connections that go and come back, and second ones.

use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{ClientMessage, ErrorCode, Input, MatchId, Outcome, ServerMessage};
use hypogeum_shard::CommandBody;

use crate::stand::{HZ, Stand};

fn current_match(stand: &mut Stand, connection: hypogeum_protocol::ConnectionId) -> Option<MatchId> {
    stand.hear(connection, "a welcome", |message| match message {
        ServerMessage::Welcome { current_match, .. } => Some(*current_match),
        _ => None,
    })
}

#[test]
fn the_second_connection_of_an_account_takes_over() {
    let mut stand = Stand::new();
    let first = stand.enter(1);
    stand.queue(first, "duel");
    stand.step();
    let second = stand.enter(1);
    assert_eq!(stand.errors(first, 0), [(ErrorCode::TakenOver, 255)], "the first is told");
    assert_eq!(stand.closed(first), Some(CloseReason::TakenOver), "and closed");
    stand.step();
    let board = stand.board();
    assert_eq!((board.sessions, board.queued), (1, 1), "one session, and it has kept its place");
    stand.send(second, &ClientMessage::LeaveQueue);
    stand.hear(second, "that it left", |message| matches!(message, ServerMessage::Unqueued).then_some(()));
    stand.queue(second, "duel");
    assert_eq!(stand.errors(second, 2), [], "the second may do everything");
}

#[test]
fn taking_over_in_a_match_keeps_the_seat() {
    let mut stand = Stand::new();
    let both = stand.duel();
    let again = stand.open(1);
    stand.hello(again);
    assert_eq!(current_match(&mut stand, again), Some(MatchId(500)), "the same match");
    assert_eq!(stand.started(again), MatchId(500), "told anew");
    stand.hear(again, "the phase anew", |message| matches!(message, ServerMessage::Phase { .. }).then_some(()));
    stand.seen(again, |snapshot| snapshot.own.is_some());
    assert_eq!(stand.closed(both[0]), Some(CloseReason::TakenOver), "the old connection is closed");
    stand.settled(again);
}

#[test]
fn a_lost_connection_comes_back_to_its_avatar() {
    let mut stand = Stand::new();
    let both = stand.duel();
    for seq in 1..=3 {
        stand.send(both[0], &ClientMessage::Inputs { batch: vec![Input { seq, ..Input::default() }] });
        stand.step();
    }
    stand.lose(both[0]);
    stand.steps(HZ as usize * 2);
    assert_eq!(stand.board().sessions, 2, "it lingers");
    let again = stand.open(1);
    stand.hello(again);
    assert_eq!(current_match(&mut stand, again), Some(MatchId(500)), "it is still in");
    stand.started(again);
    stand.seen(again, |snapshot| snapshot.own.is_some() && snapshot.input_seq == 3);
    stand.send(again, &ClientMessage::Inputs { batch: vec![Input { seq: 4, ..Input::default() }] });
    stand.seen(again, |snapshot| snapshot.input_seq == 4);
    assert_eq!(stand.board().matches[0].humans, 2, "one avatar for each");
}

#[test]
fn a_shard_learns_of_absence_and_return() {
    let mut stand = Stand::new();
    let both = [stand.enter(1), stand.enter(2)];
    for connection in both {
        stand.queue(connection, "duel");
    }
    stand.stash(both[0]);
    // Gone before the match began: its seat knows from the first step on.
    stand.lose(both[0]);
    stand.started(both[1]);
    let commands = stand.commands();
    assert_eq!(commands.len(), 1, "one absence: {commands:?}");
    assert_eq!(commands[0].body, CommandBody::Present(false), "the seat starts absent");
}

#[test]
fn who_stays_away_too_long_loses_the_session_but_not_what_the_seat_earned() {
    let mut stand = Stand::with(|host| host.sessions.linger_s = 1);
    let both = stand.duel();
    stand.lose(both[0]);
    stand.steps(HZ as usize + 2);
    assert_eq!(stand.board().sessions, 1, "the session is over");
    stand.settled(both[1]);
    let again = stand.open(1);
    stand.hello(again);
    assert_eq!(current_match(&mut stand, again), None, "the match is over too");
    assert_eq!(stand.settled(again).outcome, Outcome::Died, "what it got as one who left is told late");
    stand.queue(again, "duel");
    assert_eq!(stand.errors(again, 2), [], "and it may play again");
}

#[test]
fn a_seat_is_kept_for_the_linger_and_given_up_after_it() {
    let mut stand = Stand::with(|host| host.sessions.linger_s = 3);
    let both = stand.duel();
    stand.lose(both[0]);
    stand.steps(2 * HZ as usize);
    let again = stand.open(1);
    stand.hello(again);
    assert_eq!(current_match(&mut stand, again), Some(MatchId(500)), "its seat is still there");
    stand.seen(again, |snapshot| snapshot.own.is_some());
    stand.lose(again);
    stand.steps(5 * HZ as usize);
    let board = stand.board();
    assert_eq!(
        (board.matches.len(), board.matches[0].players_alive),
        (1, 1),
        "then it is given up, and the other plays on"
    );
    let late = stand.enter(1);
    assert_eq!(stand.settled(late).outcome, Outcome::Died, "it is settled as one who left");
    stand.queue(late, "duel");
    assert_eq!(stand.errors(late, 2), [], "and may play again");
}

#[test]
fn a_match_without_a_human_beyond_the_linger_is_over() {
    let mut stand = Stand::with(|host| host.sessions.linger_s = 1);
    let alone = stand.enter(1);
    stand.queue(alone, "alone");
    stand.started(alone);
    stand.lose(alone);
    stand.steps(4 * HZ as usize);
    let board = stand.board();
    assert_eq!(board.matches.len(), 0, "two autopilots do not play on among themselves: {:?}", board.matches);
    assert_eq!(board.finished.len(), 1, "it is settled as it stands");
    assert_eq!(board.finished[0].players[0].report.outcome, Outcome::Died, "the one who left has left");
}

#[test]
fn without_seat_or_place_in_line_a_lost_connection_is_the_end() {
    let mut stand = Stand::new();
    let connection = stand.enter(1);
    stand.lose(connection);
    stand.steps(2);
    assert_eq!(stand.board().sessions, 0, "nothing is left");
}

#[test]
fn a_queued_player_keeps_its_place_over_a_blink_of_the_link() {
    let mut stand = Stand::with(|host| host.sessions.queue_linger_s = 3);
    let connection = stand.enter(1);
    stand.queue(connection, "duel");
    stand.step();
    stand.lose(connection);
    stand.steps(2 * HZ as usize);
    assert_eq!((stand.board().sessions, stand.board().queued), (1, 1), "its place is kept");
    let again = stand.open(1);
    stand.hello(again);
    assert_eq!(current_match(&mut stand, again), None, "it is welcomed");
    stand.hear(again, "its place", |message| matches!(message, ServerMessage::Queued { .. }).then_some(()));
    stand.steps(4 * HZ as usize);
    assert_eq!(stand.board().queued, 1, "and keeps it for as long as it likes");
    let other = stand.enter(2);
    stand.queue(other, "duel");
    assert_eq!(stand.started(again), MatchId(500), "the match that was found for it is its match");
}

#[test]
fn who_is_found_a_match_while_its_link_is_gone_is_in_it_when_it_is_back() {
    let mut stand = Stand::new();
    let connection = stand.enter(1);
    stand.queue(connection, "duel");
    stand.step();
    stand.lose(connection);
    let other = stand.enter(2);
    stand.queue(other, "duel");
    stand.stash(other);
    let again = stand.open(1);
    stand.hello(again);
    assert_eq!(current_match(&mut stand, again), Some(MatchId(500)), "a match was found meanwhile");
    assert_eq!(stand.stash(again).len(), 3, "and it may choose");
}

#[test]
fn who_knocks_and_is_sent_away_costs_nobody_a_place_in_line() {
    let mut stand = Stand::new();
    let connection = stand.enter(1);
    stand.queue(connection, "duel");
    stand.step();
    stand.lose(connection);
    let old = stand.open(1);
    stand.send(old, &ClientMessage::Hello { protocol_version: 0, client: "of last year".into() });
    stand.steps(2);
    assert_eq!(stand.closed(old), Some(CloseReason::ByServer), "it is sent away");
    assert_eq!((stand.board().sessions, stand.board().queued), (1, 1), "and the place is kept");
}

#[test]
fn a_place_in_line_is_given_up_after_the_grace_or_a_goodbye() {
    let mut stand = Stand::with(|host| host.sessions.queue_linger_s = 2);
    let both = [stand.enter(1), stand.enter(2)];
    stand.queue(both[0], "duel");
    stand.step();
    stand.lose(both[0]);
    stand.steps(2 * HZ as usize + 2);
    assert_eq!((stand.board().sessions, stand.board().queued), (1, 0), "it stayed away too long");
    stand.queue(both[1], "duel");
    stand.step();
    assert_eq!(stand.board().queued, 1, "the other waits");
    stand.leave(both[1]);
    stand.steps(2);
    assert_eq!((stand.board().sessions, stand.board().queued), (0, 0), "who says goodbye waits for nothing");
}

#[test]
fn a_connection_that_goes_while_its_profile_loads_leaves_nothing() {
    let mut stand = Stand::new();
    stand.store.silent = true;
    let connection = stand.open(1);
    stand.hello(connection);
    stand.step();
    stand.lose(connection);
    stand.step();
    stand.store.silent = false;
    stand.steps(3);
    assert_eq!(stand.board().sessions, 0, "the answer finds nobody");
    stand.enter(1);
}

#[test]
fn a_report_said_into_a_dead_link_is_told_again_and_only_until_the_next_match() {
    let mut stand = Stand::new();
    let both = stand.duel();
    let report = stand.settled(both[0]);
    stand.settled(both[1]);
    // The edge took the report, but the link was dead already: whether it arrived nobody knows.
    stand.lose(both[0]);
    let again = stand.enter(1);
    assert_eq!(stand.settled(again), report, "the same report, told again");
    stand.queue(again, "duel");
    stand.step();
    stand.lose(again);
    let third = stand.enter(1);
    stand.steps(3);
    let heard = stand.take(third);
    let told = heard.iter().any(|message| matches!(message, ServerMessage::Settled { .. }));
    assert!(!told, "who queued again has heard it: {heard:?}");
}

#[test]
fn what_a_gone_connection_still_had_to_say_is_not_heard() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.lose(both[0]);
    let second = stand.open(1);
    // More than one tick takes, the hello last: it would be read when its connection is gone.
    for nonce in 0..16 {
        stand.send(second, &ClientMessage::Ping { nonce });
    }
    stand.hello(second);
    stand.step();
    stand.lose(second);
    stand.steps(2);
    assert_eq!(stand.returns(), 0, "nobody is there, so nobody came back to the avatar");
    let third = stand.open(1);
    stand.hello(third);
    stand.started(third);
    assert_eq!(stand.returns(), 1, "and now somebody has");
}
