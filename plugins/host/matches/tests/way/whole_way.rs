//! What goes well.

use hypogeum_protocol::{ClientMessage, ErrorCode, Input, MatchPhase, Outcome, ServerMessage, limits};
use hypogeum_shard::Occupant;

use crate::test_host::{HZ, TestHost};

#[test]
fn two_players_go_from_hello_to_settlement_and_again() {
    let mut host = TestHost::new();
    let both = [host.enter(1), host.enter(2)];
    host.queue(both[0], "duel");
    let queued = host.hear(both[0], "its place in line", |message| match message {
        ServerMessage::Queued { mode, waiting, wanted, window } => Some((mode.clone(), *waiting, *wanted, *window)),
        _ => None,
    });
    assert_eq!(queued, ("duel".into(), 1, 2, 1_000), "alone so far");
    assert_eq!(host.status().queued, 1, "the status counts it");
    host.queue(both[1], "duel");
    let stashes = both.map(|connection| host.stash(connection));
    assert_eq!(stashes[0].len(), 3, "the stash is shown whole");
    for (connection, stash) in both.into_iter().zip(&stashes) {
        host.send(connection, &ClientMessage::ChooseLoadout { items: vec![stash[0]] });
        let chosen = host.hear(connection, "its choice", |message| match message {
            ServerMessage::LoadoutChosen { items } => Some(items.clone()),
            _ => None,
        });
        assert_eq!(chosen, [stash[0]], "as chosen");
    }
    let ids = both.map(|connection| host.started(connection));
    assert_eq!(ids[0], ids[1], "they are in the same match");
    assert_eq!(ids[0].0, 500, "the first of this run");
    assert_eq!(host.store.profile(1).stash.len(), 2, "what is brought is in escrow");
    for connection in both {
        host.hear(connection, "the phase", |message| matches!(message, ServerMessage::Phase { .. }).then_some(()));
        host.hear(connection, "what it carries", |message| {
            matches!(message, ServerMessage::Inventory { .. }).then_some(())
        });
        host.seen(connection, |snapshot| snapshot.own.is_some());
    }
    let host_status = host.status();
    assert_eq!((host_status.matches.len(), host_status.matches[0].humans), (1, 2), "{host_status:?}");
    let reports = both.map(|connection| host.settled(connection));
    assert!(reports.iter().all(|report| report.outcome == Outcome::TimedOut), "nobody moved: {reports:?}");
    host.step();
    let host_status = host.status();
    assert_eq!((host_status.matches.len(), host_status.finished.len()), (0, 1), "the match is finished");
    let finished = &host_status.finished[0];
    assert_eq!(finished.players.len(), 2, "both are in the report");
    assert_eq!(finished.players[0].report, reports[0], "as it was sent");
    assert!(finished.ticks >= 10 * HZ, "ten seconds and the deployment: {}", finished.ticks);

    for connection in both {
        host.queue(connection, "duel");
    }
    assert_eq!(host.stash(both[0]).len(), 2, "what it brought is lost");
    let again = both.map(|connection| host.started(connection));
    assert_eq!([again[0].0, again[1].0], [501; 2], "another match");
}

#[test]
fn one_player_gets_autopilots_for_company() {
    let mut host = TestHost::new();
    let alone = host.enter(1);
    host.queue(alone, "alone");
    host.started(alone);
    host.step();
    let game = &host.status().matches[0];
    assert_eq!((game.humans, game.filled), (1, 2), "two seats are filled");
    host.settled(alone);
    host.step();
    let report = &host.status().finished[0];
    let filled: Vec<_> = report.players.iter().map(|player| player.occupant == Occupant::Autopilot).collect();
    assert_eq!(filled, [false, true, true], "autopilots are reported as such");
}

#[test]
fn inputs_reach_the_avatar_each_once_and_in_order() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.hear(both[0], "the fight", |message| {
        matches!(message, ServerMessage::Phase { phase: MatchPhase::Live, .. }).then_some(())
    });
    for seq in 1..=6_u32 {
        let batch = (seq.saturating_sub(3).max(1)..=seq).map(|seq| Input { seq, ..Input::default() }).collect();
        host.send(both[0], &ClientMessage::Inputs { batch });
        host.step();
    }
    host.seen(both[0], |snapshot| snapshot.input_seq == 6);
    let counters = host.status().counters;
    assert_eq!((counters.stale_inputs, counters.forged_inputs), (0, 0), "overlapping batches are no offence");
    host.send(both[0], &ClientMessage::Inputs { batch: vec![Input { seq: 6, ..Input::default() }] });
    host.send(both[0], &ClientMessage::Inputs { batch: vec![Input { seq: 1_000_000, ..Input::default() }] });
    let errors = host.errors(both[0], 2);
    assert_eq!(errors, [(ErrorCode::FutureSeq, 5)], "an old input is no error, a forged number is");
    let counters = host.status().counters;
    assert_eq!((counters.stale_inputs, counters.forged_inputs), (1, 1), "and counted");
}

#[test]
fn everyone_may_ping_at_any_time() {
    let mut host = TestHost::new();
    let connection = host.enter(1);
    host.send(connection, &ClientMessage::Ping { nonce: 77 });
    let nonce = host.hear(connection, "a pong", |message| match message {
        ServerMessage::Pong { nonce } => Some(*nonce),
        _ => None,
    });
    assert_eq!(nonce, 77, "as sent");
}

#[test]
fn no_snapshot_is_larger_than_a_datagram() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.steps(20);
    let largest = host.take(both[0]).into_iter().filter(|message| matches!(message, ServerMessage::Snapshot(_)));
    let largest = largest.map(|message| hypogeum_protocol::codec::encode(&message).len()).max();
    assert!(largest.is_some_and(|bytes| bytes <= limits::UNRELIABLE_BYTES_MAX), "largest: {largest:?}");
}
