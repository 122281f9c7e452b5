//! Matches of several rates on one host.

use hypogeum_protocol::{ClientMessage, ConnectionId, ErrorCode, Input, ServerMessage};

use crate::test_host::TestHost;

/// Ticks a second of the host. Mode `slow` says 10 steps, `fast` 60, and the others take what is usual.
const HOST_HZ: u32 = 30;
const USUAL_HZ: u32 = 15;

fn host() -> TestHost {
    TestHost::with(|plugins| {
        plugins.sessions.tick_hz = HOST_HZ;
        plugins.hosting.shard_hz = Some(USUAL_HZ);
    })
}

/// Two accounts in a match of a mode, and the rate they are told.
fn play(host: &mut TestHost, accounts: [u64; 2], mode: &str) -> ([ConnectionId; 2], u16) {
    let both = accounts.map(|account| host.enter(account));
    both.iter().for_each(|connection| host.queue(*connection, mode));
    let rates = both.map(|connection| {
        host.hear(connection, "a match", |message| match message {
            ServerMessage::MatchStarted { tick_hz, .. } => Some(*tick_hz),
            _ => None,
        })
    });
    assert_eq!(rates[0], rates[1], "both are told the same");
    (both, rates[0])
}

fn tick(host: &TestHost, mode: &str) -> u32 {
    host.status().matches.iter().find(|game| game.mode == mode).expect("it runs").tick
}

#[test]
fn each_match_takes_the_steps_of_its_mode_whatever_the_host_does() {
    let mut host = host();
    let (slow, told) = play(&mut host, [1, 2], "slow");
    assert_eq!(told, 10, "as its mode says");
    let (_, told) = play(&mut host, [3, 4], "duel");
    assert_eq!(told, 15, "as is usual");
    for second in 1..=3 {
        let before = [tick(&host, "slow"), tick(&host, "duel")];
        host.steps(HOST_HZ as usize);
        let steps = [tick(&host, "slow") - before[0], tick(&host, "duel") - before[1]];
        assert_eq!(steps, [10, 15], "in second {second}");
    }
    host.settled(slow[0]);
    host.step();
    let report = &host.status().finished[0];
    assert_eq!((report.mode.as_str(), report.tick_hz), ("slow", 10), "and its report says so");
    assert!(report.ticks <= 110, "ten seconds and the deployment: {}", report.ticks);
}

#[test]
fn a_slow_match_takes_one_input_a_step_and_loses_none() {
    let mut host = host();
    let (both, _) = play(&mut host, [1, 2], "slow");
    let batch = (1..=4).map(|seq| Input { seq, ..Input::default() }).collect();
    host.send(both[0], &ClientMessage::Inputs { batch });
    let mut seen = Vec::new();
    for _ in 0..4 * HOST_HZ / 10 + 3 {
        host.step();
        seen.extend(host.take(both[0]).into_iter().filter_map(|message| match message {
            ServerMessage::Snapshot(snapshot) => Some((snapshot.tick, snapshot.input_seq)),
            _ => None,
        }));
    }
    let last = seen.last().expect("snapshots come");
    assert_eq!(last.1, 4, "all of them are applied: {seen:?}");
    let first = seen.iter().find(|(_, seq)| *seq > 0).expect("the last is");
    assert!(last.0 - first.0 >= last.1 - first.1, "one a step: {seen:?}");
    let counters = host.status().counters;
    assert_eq!((counters.merged_inputs, counters.crowded_inputs), (0, 0), "and none is merged");
}

#[test]
fn a_mode_that_is_faster_than_the_host_is_not_begun() {
    let mut host = host();
    let both = [host.enter(1), host.enter(2)];
    both.iter().for_each(|connection| host.queue(*connection, "fast"));
    for connection in both {
        let code = host.hear(connection, "why not", |message| match message {
            ServerMessage::Error { code, .. } => Some(*code),
            _ => None,
        });
        assert_eq!(code, ErrorCode::Unavailable, "its match cannot begin");
    }
    host.step();
    assert!(host.status().matches.is_empty(), "there is none");
    assert_eq!(host.store.profile(1).stash.len(), 3, "and nothing is lost");
}
