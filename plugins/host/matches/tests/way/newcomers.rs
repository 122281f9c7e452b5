//! Second connections of an account that plays: who may send whom away.

use hypogeum_protocol::link::{Class, CloseReason, FromEdge, RequestId};
use hypogeum_protocol::{ClientMessage, ConnectionId, ErrorCode, Input, limits};
use hypogeum_sessions::SecondDevice;

use crate::test_host::{HZ, TestHost};

/// Longer than anyone may wait at the door.
const LONG: usize = HZ as usize * 11;

fn quiet(host: &TestHost, connection: ConnectionId, is_quiet: bool) {
    let news = FromEdge::Quiet { connection, is_quiet };
    assert!(host.link.incoming.push(Class::Critical, news).is_ok(), "there is room");
}

fn refusing() -> TestHost {
    TestHost::with(|host| host.sessions.second_device = SecondDevice::IsRefused)
}

/// A connection that shakes hands and then says what an honest client of this version would not.
fn bad_newcomers(host: &mut TestHost) -> Vec<(ConnectionId, ErrorCode)> {
    let outdated = host.open(1);
    host.send(outdated, &ClientMessage::Hello { protocol_version: 99, client: "old".into(), locale: String::new() });
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    let mut bad = vec![(outdated, ErrorCode::VersionMismatch { min, max })];
    host.steps(2);
    let hasty = host.open(1);
    host.send(hasty, &ClientMessage::JoinQueue { mode: "duel".into() });
    bad.push((hasty, ErrorCode::HelloFirst));
    host.steps(2);
    let garbled = host.open(1);
    host.send_bytes(garbled, vec![255; 9]);
    bad.push((garbled, ErrorCode::Malformed));
    host.steps(2);
    bad
}

#[test]
fn a_handshake_alone_sends_nobody_away() {
    for mut host in [TestHost::new(), refusing()] {
        let both = host.duel();
        let bad = bad_newcomers(&mut host);
        let silent = host.open(1);
        host.steps(LONG);
        for (connection, code) in bad {
            let errors = host.errors(connection, 0);
            assert_eq!(errors.first().map(|(code, _)| *code), Some(code), "it is sent the reason");
            assert!(host.closed(connection).is_some(), "and goes in the end");
        }
        assert_eq!(host.errors(silent, 0), [(ErrorCode::HelloFirst, 255)], "who says nothing has ten seconds");
        assert_eq!(host.closed(silent), Some(CloseReason::ByServer), "and is sent away");
        assert_eq!(host.errors(both[0], 0), [], "who plays notices nothing");
        assert_eq!(host.closed(both[0]), None, "and stays");
    }
}

#[test]
fn what_is_no_message_at_the_door_is_answered_as_an_unknown_tag() {
    let mut host = TestHost::new();
    host.duel();
    let garbled = host.open(1);
    host.send_bytes(garbled, vec![77; 9]);
    assert_eq!(host.errors(garbled, 2), [(ErrorCode::Malformed, 255)], "no message has tag 77");
}

#[test]
fn the_door_is_not_blocked_by_those_who_wait_there() {
    let mut host = TestHost::new();
    let first = host.enter(1);
    let waiting: Vec<ConnectionId> = (0..5).map(|_| host.open(1)).collect();
    let second = host.open(1);
    host.steps(2);
    let sent_away = waiting.iter().filter(|connection| host.closed(**connection).is_some()).count();
    assert_eq!(sent_away, 4, "two of an account may wait, the oldest make room");
    host.hello(second);
    host.steps(3);
    assert_eq!(host.closed(first), Some(CloseReason::TakenOver), "the newest proved itself and takes over");
    host.queue(second, "duel");
    assert_eq!(host.errors(second, 2), [], "it may do everything");
}

#[test]
fn what_follows_the_hello_at_once_is_not_lost() {
    let mut host = TestHost::new();
    host.enter(1);
    let second = host.open(1);
    host.hello(second);
    host.send(second, &ClientMessage::Ping { nonce: 7 });
    host.hear(second, "an answer to the ping", |message| {
        matches!(message, hypogeum_protocol::ServerMessage::Pong { nonce: 7 }).then_some(())
    });
}

#[test]
fn a_silent_first_device_makes_room_where_a_second_one_is_refused() {
    let mut host = refusing();
    let [first, _] = host.duel();
    let second = host.open(1);
    host.hello(second);
    for seq in 1..=HZ {
        host.send(second, &ClientMessage::Inputs { batch: vec![Input { seq, ..Input::default() }] });
        host.step();
    }
    assert_eq!((host.closed(first), host.closed(second)), (None, None), "for a moment it may still speak up");
    quiet(&host, first, true);
    host.started(second);
    assert_eq!(host.closed(first), Some(CloseReason::TakenOver), "it was silent for too long");
}

#[test]
fn a_first_device_that_speaks_up_stays_where_a_second_one_is_refused() {
    let mut host = refusing();
    let [first, _] = host.duel();
    quiet(&host, first, true);
    host.step();
    quiet(&host, first, false);
    let second = host.open(1);
    host.hello_by(second, RequestId(5));
    host.steps(HZ as usize * 3);
    assert_eq!(host.errors(second, 0), [(ErrorCode::TakenOver, 255)], "the second is notified");
    assert_eq!(host.answers(second), [Some(RequestId(5))], "as an answer to its hello");
    assert_eq!(host.closed(second), Some(CloseReason::TakenOver), "and sent away");
    assert_eq!(host.closed(first), None, "the first stays");
    assert_eq!(host.probed, [first], "its edge was to find out whether it is there, once");
}

#[test]
fn what_was_said_just_before_the_end_still_counts() {
    let mut host = TestHost::new();
    let first = host.enter(1);
    // The queue hands out the end first: it is worth more than a message.
    host.send(first, &ClientMessage::JoinQueue { mode: "duel".into() });
    host.lose(first);
    host.steps(2);
    let again = host.enter(1);
    host.hear(again, "its place in line", |message| {
        matches!(message, hypogeum_protocol::ServerMessage::Queued { .. }).then_some(())
    });
}

#[test]
fn a_first_device_that_goes_makes_room_at_once() {
    let mut host = refusing();
    let [first, _] = host.duel();
    let second = host.open(1);
    host.hello(second);
    host.steps(2);
    host.lose(first);
    host.started(second);
}
