//! Second connections of an account that plays: who may send whom away.

use hypogeum_protocol::link::{Class, CloseReason, FromEdge};
use hypogeum_protocol::{ClientMessage, ConnectionId, ErrorCode, Input, limits};
use hypogeum_sessions::SecondDevice;

use crate::stand::{HZ, Stand};

/// Longer than anyone may wait at the door.
const LONG: usize = HZ as usize * 11;

fn quiet(stand: &Stand, connection: ConnectionId, is_quiet: bool) {
    let news = FromEdge::Quiet { connection, is_quiet };
    assert!(stand.link.incoming.push(Class::Critical, news).is_ok(), "there is room");
}

fn refusing() -> Stand {
    Stand::with(|host| host.sessions.second_device = SecondDevice::IsRefused)
}

/// A connection that shakes hands and then says what an honest client of this version would not.
fn bad_newcomers(stand: &mut Stand) -> Vec<(ConnectionId, ErrorCode)> {
    let outdated = stand.open(1);
    stand.send(outdated, &ClientMessage::Hello { protocol_version: 99, client: "old".into() });
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    let mut bad = vec![(outdated, ErrorCode::VersionMismatch { min, max })];
    stand.steps(2);
    let hasty = stand.open(1);
    stand.send(hasty, &ClientMessage::JoinQueue { mode: "duel".into() });
    bad.push((hasty, ErrorCode::HelloFirst));
    stand.steps(2);
    let garbled = stand.open(1);
    stand.send_bytes(garbled, vec![255; 9]);
    bad.push((garbled, ErrorCode::Malformed));
    stand.steps(2);
    bad
}

#[test]
fn a_handshake_alone_sends_nobody_away() {
    for mut stand in [Stand::new(), refusing()] {
        let both = stand.duel();
        let bad = bad_newcomers(&mut stand);
        let silent = stand.open(1);
        stand.steps(LONG);
        for (connection, code) in bad {
            let told = stand.errors(connection, 0);
            assert_eq!(told.first().map(|(code, _)| *code), Some(code), "it is told why");
            assert!(stand.closed(connection).is_some(), "and goes in the end");
        }
        assert_eq!(stand.errors(silent, 0), [(ErrorCode::HelloFirst, 255)], "who says nothing has ten seconds");
        assert_eq!(stand.closed(silent), Some(CloseReason::ByServer), "and is sent away");
        assert_eq!(stand.errors(both[0], 0), [], "who plays notices nothing");
        assert_eq!(stand.closed(both[0]), None, "and stays");
    }
}

#[test]
fn what_is_no_message_at_the_door_is_answered_as_an_unknown_tag() {
    let mut stand = Stand::new();
    stand.duel();
    let garbled = stand.open(1);
    stand.send_bytes(garbled, vec![77; 9]);
    assert_eq!(stand.errors(garbled, 2), [(ErrorCode::Malformed, 255)], "no message has tag 77");
}

#[test]
fn the_door_is_not_blocked_by_those_who_wait_there() {
    let mut stand = Stand::new();
    let first = stand.enter(1);
    let waiting: Vec<ConnectionId> = (0..5).map(|_| stand.open(1)).collect();
    let second = stand.open(1);
    stand.steps(2);
    let sent_away = waiting.iter().filter(|connection| stand.closed(**connection).is_some()).count();
    assert_eq!(sent_away, 4, "two of an account may wait, the oldest make room");
    stand.hello(second);
    stand.steps(3);
    assert_eq!(stand.closed(first), Some(CloseReason::TakenOver), "the newest proved itself and takes over");
    stand.queue(second, "duel");
    assert_eq!(stand.errors(second, 2), [], "it may do everything");
}

#[test]
fn what_follows_the_hello_at_once_is_not_lost() {
    let mut stand = Stand::new();
    stand.enter(1);
    let second = stand.open(1);
    stand.hello(second);
    stand.send(second, &ClientMessage::Ping { nonce: 7 });
    stand.hear(second, "an answer to the ping", |message| {
        matches!(message, hypogeum_protocol::ServerMessage::Pong { nonce: 7 }).then_some(())
    });
}

#[test]
fn a_silent_first_device_makes_room_where_a_second_one_is_refused() {
    let mut stand = refusing();
    let [first, _] = stand.duel();
    let second = stand.open(1);
    stand.hello(second);
    for seq in 1..=HZ {
        stand.send(second, &ClientMessage::Inputs { batch: vec![Input { seq, ..Input::default() }] });
        stand.step();
    }
    assert_eq!((stand.closed(first), stand.closed(second)), (None, None), "for a moment it may still speak up");
    quiet(&stand, first, true);
    stand.started(second);
    assert_eq!(stand.closed(first), Some(CloseReason::TakenOver), "it was silent for too long");
}

#[test]
fn a_first_device_that_speaks_up_stays_where_a_second_one_is_refused() {
    let mut stand = refusing();
    let [first, _] = stand.duel();
    quiet(&stand, first, true);
    stand.step();
    quiet(&stand, first, false);
    let second = stand.open(1);
    stand.hello(second);
    stand.steps(HZ as usize * 3);
    assert_eq!(stand.errors(second, 0), [(ErrorCode::TakenOver, 255)], "the second is told");
    assert_eq!(stand.closed(second), Some(CloseReason::ByServer), "and sent away");
    assert_eq!(stand.closed(first), None, "the first stays");
}

#[test]
fn a_first_device_that_goes_makes_room_at_once() {
    let mut stand = refusing();
    let [first, _] = stand.duel();
    let second = stand.open(1);
    stand.hello(second);
    stand.steps(2);
    stand.lose(first);
    stand.started(second);
}
