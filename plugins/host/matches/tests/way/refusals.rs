//! Every wrong turn gets its typed error, and disturbs nobody else.

use hypogeum_protocol::lane::Up;
use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{Act, ClientMessage, ErrorCode, Input, ItemId, MatchId, NetId, ServerMessage, limits};

use crate::test_host::TestHost;

const HELLO: u8 = 0;
const JOIN: u8 = 1;
const LOADOUT: u8 = 3;
const ACT: u8 = 4;
const INPUTS: u8 = 5;
const PING: u8 = 7;
const COMMAND: u8 = 9;
const NOTHING: u8 = 255;

fn hello(protocol_version: u16) -> ClientMessage {
    ClientMessage::Hello { protocol_version, client: "test".into(), locale: String::new() }
}

fn act(seq: u32) -> ClientMessage {
    ClientMessage::Act { seq, act: Act::PickUp { item: NetId(1) }, seen: None }
}

/// One of each kind, with its tag.
fn one_of_each() -> Vec<(u8, ClientMessage)> {
    let messages = [
        hello(limits::PROTOCOL_VERSION),
        ClientMessage::JoinQueue { mode: "duel".into() },
        ClientMessage::LeaveQueue,
        ClientMessage::ChooseLoadout { items: Vec::new() },
        act(1),
        ClientMessage::Inputs { batch: vec![Input { seq: 1, ..Input::default() }] },
        ClientMessage::LeaveMatch,
        ClientMessage::Ping { nonce: 1 },
    ];
    (0..).zip(messages).collect()
}

/// A datagram of the lane with such an input.
fn datagram(input: Input) -> Vec<u8> {
    let mut bytes = Vec::new();
    Up::new(1, None, false).with_inputs([input].into_iter()).write(&mut bytes);
    bytes
}

/// Sends one of each kind but those of `welcome`, and expects `code` about each that is answered at all.
fn check_refused(host: &mut TestHost, connection: hypogeum_protocol::ConnectionId, welcome: &[u8], code: ErrorCode) {
    host.take(connection);
    let mut expected = Vec::new();
    for (tag, message) in one_of_each().into_iter().filter(|(tag, _)| !welcome.contains(tag)) {
        host.send(connection, &message);
        // The last inputs of a match are still on their way when it ends.
        if tag != INPUTS || code == ErrorCode::HelloFirst {
            expected.push((code, tag));
        }
    }
    // What concerns the session, its shard and its match is answered apart, each in the order it came.
    let mut refused = host.errors(connection, 2);
    refused.sort_by_key(|(_, about)| *about);
    assert_eq!(refused, expected, "each is refused for its own sake");
    assert_eq!(host.closed(connection), None, "a wrong turn ends nothing");
}

#[test]
fn a_game_that_knows_no_commands_of_its_own_has_none_in_its_log() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.take(both[0]);
    let before = host.status().counters.commands;
    host.send(both[0], &ClientMessage::Command { seq: 1, body: vec![1; limits::COMMAND_BYTES_MAX] });
    host.send(both[0], &ClientMessage::Command { seq: 2, body: vec![1; limits::COMMAND_BYTES_MAX + 1] });
    // What no message may be is refused before anyone asks what the game knows.
    let refused = [(ErrorCode::OutOfRange, COMMAND), (ErrorCode::WrongState, COMMAND)];
    assert_eq!(host.errors(both[0], 2), refused, "both are refused at the door");
    assert_eq!(host.status().counters.commands, before, "and no shard obeys them");
}

#[test]
fn where_too_many_matches_run_the_queue_holds_and_newcomers_are_refused() {
    let mut host = TestHost::with(|host| host.matches.matches_max = 1);
    let waiting = [host.enter(3), host.enter(4)];
    host.duel();
    host.queue(waiting[0], "duel");
    let refusal = host.hear(waiting[0], "a refusal", |message| match message {
        ServerMessage::Error { code, about, retry_after_ms } => Some((*code, *about, *retry_after_ms > 0)),
        _ => None,
    });
    assert_eq!(refusal, (ErrorCode::TryLater, 1, true), "it learns when to ask again");
    host.until("the match to end", |host| host.status().matches.is_empty());
    for connection in waiting {
        host.queue(connection, "duel");
    }
    assert_eq!(host.started(waiting[0]), MatchId(501), "then the next begins");
}

#[test]
fn who_is_in_line_keeps_its_place_while_too_many_matches_run() {
    let mut host = TestHost::with(|host| host.matches.matches_max = 1);
    let four = [1, 2, 3, 4].map(|account| host.enter(account));
    for connection in four {
        host.queue(connection, "duel");
    }
    host.started(four[0]);
    assert_eq!((host.status().matches.len(), host.status().queued), (1, 2), "one match runs, and two wait");
    assert_eq!(host.started(four[3]), MatchId(501), "they play once it is over");
    assert_eq!(host.status().finished.len(), 1, "and not before");
}

#[test]
fn before_the_hello_nothing_else_is_handled() {
    let mut host = TestHost::new();
    let connection = host.open(1);
    check_refused(&mut host, connection, &[HELLO], ErrorCode::HelloFirst);
    for bytes in [datagram(Input { seq: 1, ..Input::default() }), vec![5, 1]] {
        host.send_lane(connection, &bytes);
        assert_eq!(
            host.errors(connection, 2),
            [(ErrorCode::HelloFirst, INPUTS)],
            "nor on the datagram lane: {bytes:?}"
        );
    }
    host.hello(connection);
    host.hear(connection, "a welcome", |message| matches!(message, ServerMessage::Welcome { .. }).then_some(()));
}

#[test]
fn who_never_says_hello_is_sent_away() {
    let mut host = TestHost::new();
    let connection = host.open(1);
    host.steps(99);
    assert_eq!(host.closed(connection), None, "not within ten seconds");
    assert_eq!(host.errors(connection, 3), [(ErrorCode::HelloFirst, NOTHING)], "it is sent the reason");
    assert_eq!(host.closed(connection), Some(CloseReason::ByServer), "and closed");
}

#[test]
fn while_loading_nothing_but_pings_is_handled() {
    let mut host = TestHost::new();
    host.store.silent = true;
    let connection = host.open(1);
    host.hello(connection);
    host.step();
    check_refused(&mut host, connection, &[PING], ErrorCode::WrongState);
}

#[test]
fn idle_sessions_have_nothing_to_leave_or_choose() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    check_refused(&mut host, connection, &[JOIN, PING], ErrorCode::WrongState);
}

#[test]
fn queued_sessions_can_only_leave() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    host.queue(connection, "duel");
    host.step();
    check_refused(&mut host, connection, &[2, PING], ErrorCode::WrongState);
    host.send(connection, &ClientMessage::LeaveQueue);
    host.hear(connection, "that it left", |message| (*message == ServerMessage::Unqueued).then_some(()));
    host.step();
    assert_eq!(host.status().queued, 0, "the line is empty");
}

#[test]
fn in_a_loadout_one_can_only_choose() {
    let mut host = TestHost::new();
    let both = [host.enter(1), host.enter(2)];
    for connection in both {
        host.queue(connection, "duel");
    }
    host.stash(both[0]);
    check_refused(&mut host, both[0], &[LOADOUT, PING], ErrorCode::WrongState);
}

#[test]
fn what_is_wrong_with_a_datagram_is_answered_as_it_is_for_messages() {
    let mut host = TestHost::new();
    let both = host.duel();
    let input = Input { seq: 1, ..Input::default() };
    host.take(both[0]);
    for (wrong, code) in [
        (Input { pace: 101, ..input }, ErrorCode::OutOfRange),
        (Input { ability: 9, ..input }, ErrorCode::OutOfRange),
        (Input { seq: u32::MAX, ..input }, ErrorCode::FutureSeq),
    ] {
        host.send_lane(both[0], &datagram(wrong));
        assert_eq!(host.errors(both[0], 2), [(code, INPUTS)], "on the lane: {wrong:?}");
        host.send(both[0], &ClientMessage::Inputs { batch: vec![wrong] });
        assert_eq!(host.errors(both[0], 2), [(code, INPUTS)], "as a message: {wrong:?}");
    }
    for _ in 0..20 {
        host.send_lane(both[0], &datagram(Input { pace: 101, ..input }));
        host.step();
    }
    assert_eq!(host.closed(both[0]), None, "what is out of range closes nothing, on the lane as elsewhere");
    let counters = host.status().counters;
    assert_eq!((counters.out_of_range, counters.forged_inputs), (24, 2), "and is counted either way");
    host.steps(100);
    host.take(both[0]);
    for _ in 0..8 {
        host.send_lane(both[0], &[5, 0, 0, 0x10]);
    }
    assert_eq!(host.errors(both[0], 2), [(ErrorCode::Malformed, INPUTS); 8], "what is no datagram is answered, too");
    assert_eq!(host.closed(both[0]), Some(CloseReason::Hostile), "and eight are enough");
}

#[test]
fn in_a_match_one_cannot_queue_or_choose() {
    let mut host = TestHost::new();
    let both = host.duel();
    check_refused(&mut host, both[0], &[ACT, 5, 6, PING], ErrorCode::WrongState);
}

#[test]
fn another_version_gets_the_range_and_is_disconnected() {
    let mut host = TestHost::new();
    let connection = host.open(1);
    host.send(connection, &hello(limits::PROTOCOL_VERSION + 1));
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    assert_eq!(host.errors(connection, 2), [(ErrorCode::VersionMismatch { min, max }, HELLO)], "the range");
    assert_eq!(host.closed(connection), Some(CloseReason::ByServer), "and the end");
    assert_eq!(host.status().sessions, 0, "nothing is left behind");
}

#[test]
fn a_stream_of_nonsense_ends_its_own_connection_and_no_other() {
    let mut host = TestHost::new();
    let both = host.duel();
    let nonsense: [&[u8]; 8] = [
        &[],
        &[9],
        &[255; 40],
        &[0],
        &[4, 1],
        &[7, 1, 2, 3],
        &[3, 253, 255, 255, 255, 255, 255, 255, 255, 255],
        &[1, 2, 0xC3, 0x28],
    ];
    host.take(both[0]);
    for bytes in nonsense {
        host.send_bytes(both[0], bytes.to_vec());
    }
    let errors = host.errors(both[0], 2);
    assert_eq!(errors.len(), 8, "each is answered: {errors:?}");
    assert!(errors.iter().all(|(code, _)| *code == ErrorCode::Malformed), "as malformed: {errors:?}");
    assert_eq!(errors[0].1, NOTHING, "an empty message has no tag");
    assert_eq!(host.closed(both[0]), Some(CloseReason::Hostile), "eight are enough");
    assert_eq!(host.status().counters.malformed, 8, "and counted");
    host.take(both[1]);
    host.seen(both[1], |snapshot| snapshot.own.is_some());
    assert!(host.errors(both[1], 5).is_empty(), "the other hears nothing of it");
    host.settled(both[1]);
}

#[test]
fn numbers_out_of_range_are_refused() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    host.send(connection, &ClientMessage::JoinQueue { mode: "x".repeat(33) });
    host.send(connection, &ClientMessage::Inputs { batch: Vec::new() });
    host.send(connection, &ClientMessage::Inputs { batch: vec![Input { pace: 101, ..Input::default() }] });
    let expected = [(ErrorCode::OutOfRange, JOIN), (ErrorCode::OutOfRange, 5), (ErrorCode::OutOfRange, 5)];
    assert_eq!(host.errors(connection, 2), expected, "each about its message");
}

#[test]
fn an_unknown_mode_is_no_queue() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    host.queue(connection, "chess");
    assert_eq!(host.errors(connection, 2), [(ErrorCode::UnknownMode, JOIN)], "there is no chess");
}

#[test]
fn only_ones_own_items_go_into_a_match() {
    let mut host = TestHost::new();
    let both = [host.enter(1), host.enter(2)];
    for connection in both {
        host.queue(connection, "duel");
    }
    let (own, foreign) = (host.stash(both[0]), host.stash(both[1]));
    let made_up = ItemId { origin: 5, serial: 5 };
    for items in [vec![foreign[0]], vec![made_up], vec![own[0], own[0]], vec![own[2]], vec![own[0]; 5]] {
        host.send(both[0], &ClientMessage::ChooseLoadout { items });
    }
    use ErrorCode::{Full, OutOfRange, UnknownItem};
    let codes: Vec<_> = host.errors(both[0], 2).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, [UnknownItem, UnknownItem, OutOfRange, UnknownItem, Full], "foreign, made up, twice, old, many");
    host.started(both[0]);
    assert_eq!(host.store.profile(2).stash.len(), 3, "nobody's stash was touched");
}

#[test]
fn an_act_is_passed_on_once() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.take(both[0]);
    for seq in [5, 5, 4, 6] {
        host.send(both[0], &act(seq));
    }
    assert_eq!(host.errors(both[0], 2), [(ErrorCode::Stale, ACT); 2], "the repeated one and the old one");
    assert_eq!(host.status().counters.stale_acts, 2, "and counted");
}

#[test]
fn a_flood_is_slowed_down_and_not_answered_by_a_flood() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    for nonce in 0..200 {
        host.send(connection, &ClientMessage::Ping { nonce });
    }
    host.steps(10);
    let heard = host.take(connection);
    let pongs = heard.iter().filter(|message| matches!(message, ServerMessage::Pong { .. })).count();
    let errors: Vec<_> = heard.iter().filter(|message| matches!(message, ServerMessage::Error { .. })).collect();
    assert!((16..=24).contains(&pongs), "the burst and a second's worth: {pongs}");
    assert!(!errors.is_empty() && errors.len() <= 24, "some must wait: {}", errors.len());
    assert!(
        errors.iter().all(|error| matches!(error, ServerMessage::Error { code: ErrorCode::TooSoon, retry_after_ms, .. } if *retry_after_ms > 0)),
        "with a time to wait: {errors:?}"
    );
    assert!(host.status().counters.crowded_frames > 0, "and what is too much is dropped");
    assert_eq!(host.closed(connection), None, "haste is no crime");
}
