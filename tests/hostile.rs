//! A hostile player on a real server: it is shown the door, and its neighbour notices nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use hypogeum_client::{Change, UdpWire, Wire, WireState};
use hypogeum_protocol::limits::{self, MALFORMED_MESSAGES_MAX};
use hypogeum_protocol::link::Lane;
use hypogeum_protocol::{Act, ClientMessage, ErrorCode, Input, NetId, codec};
use hypogeum_testkit::{Player, TestServer};

const BINARY: &str = env!("CARGO_BIN_EXE_hypogeum");
const FRAME: Duration = Duration::from_millis(16);
/// A minute and more: only a backstop, without which a failure would hang instead.
const FRAMES_MAX: u32 = 5_000;

fn refusals(player: &mut Player) -> Vec<ErrorCode> {
    let seen = player.take_seen();
    let code = |change: Change| if let Change::Refused(refusal) = change { Some(refusal.code) } else { None };
    seen.into_iter().filter_map(code).collect()
}

/// A neighbour that pings all the while; at the end one more ping must come back.
fn honest(url: &str, over: &AtomicBool) {
    let mut honest = Player::enter(url, "Honest");
    while !over.load(Ordering::Relaxed) {
        honest.until("an answer, as ever", answered);
    }
    honest.until("the last answer", answered);
}

fn answered(player: &mut Player) -> bool {
    if player.take_seen().iter().any(|change| matches!(change, Change::Pong { .. })) {
        return true;
    }
    player.client().ping();
    false
}

/// What means nothing here, what does not exist, what is out of range: an answer each.
fn ask_for_nonsense(hostile: &mut Player) {
    let wrong = [
        (ClientMessage::LeaveQueue, ErrorCode::WrongState),
        (ClientMessage::Act { seq: 1, act: Act::PickUp { item: NetId(7) }, seen: None }, ErrorCode::WrongState),
        (ClientMessage::JoinQueue { mode: "no such mode".to_owned() }, ErrorCode::UnknownMode),
        (ClientMessage::JoinQueue { mode: "x".repeat(500) }, ErrorCode::OutOfRange),
        (
            ClientMessage::Hello {
                protocol_version: limits::PROTOCOL_VERSION,
                client: "again".to_owned(),
                locale: String::new(),
            },
            ErrorCode::WrongState,
        ),
    ];
    for (message, expected) in wrong {
        hostile.client().send(&message);
        let mut answers = Vec::new();
        hostile.until("an answer", |hostile| {
            answers.extend(refusals(hostile));
            !answers.is_empty()
        });
        assert_eq!(answers, [expected], "the answer to {message:?}");
    }
}

/// A flood of inputs out of range: answered a few times a second, whatever their number.
fn flood(hostile: &mut Player) {
    for seq in 1..100 {
        let batch = vec![Input { seq, pace: 255, ability: 77, ..Input::default() }];
        hostile.client().send(&ClientMessage::Inputs { batch });
        hostile.frame();
    }
    let answers = refusals(hostile).len();
    assert!(answers < 60, "a flood of inputs is not answered one by one, but {answers} times");
}

/// Bytes that are no message at all, until the door closes.
fn babble(url: &str) {
    let connection = Player::connection(url, "Babbler");
    let mut wire = UdpWire::connect(&connection.token).expect("the token opens a socket");
    wire.send(
        Lane::ReliableOrdered,
        codec::encode(&ClientMessage::Hello {
            protocol_version: limits::PROTOCOL_VERSION,
            client: String::new(),
            locale: String::new(),
        }),
    );
    for round in 0..=MALFORMED_MESSAGES_MAX {
        wire.send(Lane::ReliableOrdered, vec![0xFF, round as u8, 0xFE]);
    }
    for _ in 0..FRAMES_MAX {
        wire.update(FRAME);
        wire.flush();
        if matches!(wire.state(), WireState::Closed(_)) {
            return;
        }
        thread::sleep(FRAME);
    }
    panic!("the connection stays open whatever it sends");
}

#[test]
fn nonsense_gets_typed_errors_and_enough_of_it_the_door() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let mut server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let neighbour = scope.spawn(|| honest(&server.url, &over));
        let mut hostile = Player::enter(&server.url, "Hostile");
        ask_for_nonsense(&mut hostile);
        flood(&mut hostile);
        babble(&server.url);
        over.store(true, Ordering::Relaxed);
        neighbour.join().expect("the neighbour notices nothing");
    });
    assert!(server.is_alive(), "the server goes on");
    let lines = server.log().lines().count();
    assert!(lines < 40, "nonsense fills no log: {lines} lines\n{}", server.log());
}

#[test]
fn a_client_of_another_version_learns_which_are_spoken() {
    let data = tempfile::tempdir().expect("a directory for the test");
    let server = TestServer::start(BINARY, data.path(), &[]).expect("the server starts");
    let connection = Player::connection(&server.url, "From the future");
    let mut wire = UdpWire::connect(&connection.token).expect("the token opens a socket");
    wire.send(
        Lane::ReliableOrdered,
        codec::encode(&ClientMessage::Hello {
            protocol_version: 999,
            client: "later".to_owned(),
            locale: String::new(),
        }),
    );
    let mut answer = None;
    for _ in 0..FRAMES_MAX {
        wire.update(FRAME);
        wire.flush();
        answer = wire.receive();
        if answer.is_some() || matches!(wire.state(), WireState::Closed(_)) {
            break;
        }
        thread::sleep(FRAME);
    }
    let message = codec::decode_server(&answer.expect("an answer comes before the close")).expect("a message of ours");
    let hypogeum_protocol::ServerMessage::Error { code, .. } = message else { panic!("an error, not {message:?}") };
    let (min, max) = (limits::PROTOCOL_VERSION_MIN, limits::PROTOCOL_VERSION);
    assert_eq!(code, ErrorCode::VersionMismatch { min, max }, "the versions spoken here");
}
