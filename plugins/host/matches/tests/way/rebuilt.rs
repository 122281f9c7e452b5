//! A match whose shard panics is built again from its log and goes on, once.

use std::path::Path;
use std::time::{Duration, Instant};

use hypogeum_arena::Arena;
use hypogeum_journal::{JournalConfig, JournalFolder, JournalPlugin, Replay};
use hypogeum_protocol::{ClientMessage, ErrorCode, MatchId, ServerMessage};
use hypogeum_shard::ShardKinds;

use crate::entering::{Gate, Square};
use crate::test_host::{Fault, HZ, TestHost};

/// Longest wait for what is done beside the ticks.
const PATIENCE: Duration = Duration::from_secs(60);

fn journal(data: &Path) -> JournalPlugin {
    let mut journal =
        JournalPlugin::open(data, JournalConfig::new(data.join("journal"))).expect("the folder can be written to");
    journal.recording.snapshot_s = 1;
    journal.recording.unix_s = || 0;
    journal
}

fn recorded(data: &Path) -> (TestHost, JournalPlugin) {
    let journal = journal(data);
    (TestHost::with_plugin(journal.clone()), journal)
}

/// Lets ticks pass, each with a little time for what is done beside them, until something holds.
fn patiently(host: &mut TestHost, what: &str, mut done: impl FnMut(&mut TestHost) -> bool) {
    let began = Instant::now();
    while !done(host) {
        assert!(began.elapsed() < PATIENCE, "it never came to this: {what}");
        host.step();
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn is_rebuilt(host: &mut TestHost) -> bool {
    rebuilt(host) == 1
}

fn rebuilt(host: &TestHost) -> u64 {
    host.status().counters.matches_rebuilt
}

fn is_settled(message: &ServerMessage) -> bool {
    matches!(message, ServerMessage::Settled { .. })
}

fn is_unavailable(message: &ServerMessage) -> bool {
    matches!(message, ServerMessage::Error { code: ErrorCode::Unavailable, .. })
}

#[test]
fn a_match_whose_world_breaks_goes_on_and_its_log_plays_again() {
    // At its beginning, and after snapshots.
    for ticks in [1, 5, 35] {
        let data = tempfile::tempdir().expect("the system gives a folder");
        let (mut host, journal) = recorded(data.path());
        let both = host.duel();
        host.steps(ticks);
        host.break_matches();
        host.step();
        assert_eq!(host.status().matches.len(), 1, "meanwhile it stands as it stood");
        patiently(&mut host, "the match is built again", is_rebuilt);
        assert_eq!(host.status().counters.commands_dropped, 0, "no command is to blame");
        assert_eq!(host.errors(both[0], 3), [], "after {ticks} ticks nobody notices more than a pause");
        host.seen(both[0], |snapshot| snapshot.own.is_some());
        host.send(both[0], &ClientMessage::LeaveMatch);
        for connection in both {
            patiently(&mut host, "the match is settled", |host| host.take(connection).iter().any(is_settled));
        }
        host.step();
        drop(host);
        journal.finish();
        let log = JournalFolder::open(data.path().join("journal")).expect("it is there").finished(MatchId(500).into());
        let mut replay = Replay::open(&ShardKinds::default().with_match::<Arena>(), &log).expect("the log is whole");
        let replayed = replay.run(None, |_| ()).expect("it can be played");
        assert_eq!(replayed.divergence, None, "every step gives what is on record, the one that failed first too");
    }
}

#[test]
fn who_comes_back_while_it_is_built_again_plays_on() {
    let data = tempfile::tempdir().expect("the system gives a folder");
    let (mut host, _journal) = recorded(data.path());
    let both = host.duel();
    host.steps(3);
    host.break_matches();
    host.lose(both[0]);
    host.step();
    let back = host.enter(1);
    host.started(back);
    patiently(&mut host, "the match is built again", is_rebuilt);
    host.seen(back, |snapshot| snapshot.own.is_some());
}

#[test]
fn a_match_that_breaks_twice_gives_everything_back() {
    let data = tempfile::tempdir().expect("the system gives a folder");
    let (mut host, _journal) = recorded(data.path());
    let both = host.duel();
    host.steps(5);
    host.break_matches();
    patiently(&mut host, "the match is built again", is_rebuilt);
    host.steps(3);
    host.break_matches();
    for connection in both {
        patiently(&mut host, "both are notified", |host| host.take(connection).iter().any(is_unavailable));
    }
    host.steps(2);
    assert_eq!(host.status().counters.matches_crashed, 2, "both are counted");
    assert_eq!(host.store.abandoned(), 1, "what was brought is back in the stash");
}

#[test]
fn who_was_done_before_it_broke_for_good_gets_what_that_is_worth() {
    let data = tempfile::tempdir().expect("the system gives a folder");
    let (mut host, _journal) = recorded(data.path());
    let both = host.duel();
    host.break_matches();
    patiently(&mut host, "the match is built again", is_rebuilt);
    // The store is away, so that it breaks between the end of one and the grant.
    host.store.faults.insert(Fault::Settle);
    host.send(both[0], &ClientMessage::LeaveMatch);
    patiently(&mut host, "a try to grant it", |host| host.store.settle_asks >= 1);
    host.break_matches();
    patiently(&mut host, "it breaks again", |host| host.status().counters.matches_crashed == 2);
    host.steps(20);
    assert_eq!(host.store.abandoned(), 0, "nothing is undone before that is granted");
    host.store.faults.clear();
    patiently(&mut host, "the grant", |host| host.take(both[0]).iter().any(is_settled));
    patiently(&mut host, "the rest is undone", |host| host.take(both[1]).iter().any(is_unavailable));
    host.steps(2);
    assert_eq!(host.store.profile(1).unacknowledged.len(), 1, "it was granted once");
    assert_eq!(host.store.abandoned(), 1, "and the other has what it brought");
}

#[test]
fn an_open_shard_that_has_gone_on_for_a_minute_is_built_again_another_time() {
    let data = tempfile::tempdir().expect("the system gives a folder");
    let mut host = TestHost::with_open_kind::<Square, _>((journal(data.path()), Gate));
    host.enter(1);
    host.steps(5);
    for times in 1..=3 {
        host.break_matches();
        patiently(&mut host, "it is built again", |host| rebuilt(host) == times);
        host.steps(61 * HZ as usize);
    }
    host.break_matches();
    patiently(&mut host, "it is built again", |host| rebuilt(host) == 4);
    host.steps(50 * HZ as usize);
    host.break_matches();
    host.steps(3);
    let is_halted = |host: &mut TestHost| host.has_halted();
    patiently(&mut host, "soon after it, it stands still", is_halted);
    assert_eq!(rebuilt(&host), 4, "and is not built again");
}
