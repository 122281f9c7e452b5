//! A match whose shard panics is built again from its log and goes on, once.

use std::path::Path;
use std::time::{Duration, Instant};

use hypogeum_arena::Arena;
use hypogeum_journal::{JournalConfig, JournalFolder, JournalPlugin, Replay};
use hypogeum_protocol::{ClientMessage, ErrorCode, MatchId, ServerMessage};
use hypogeum_shard::ShardKinds;

use crate::stand::{Fault, Stand};

/// Longest wait for what is done beside the ticks.
const PATIENCE: Duration = Duration::from_secs(60);

fn recorded(data: &Path) -> (Stand, JournalPlugin) {
    let mut journal =
        JournalPlugin::open(data, JournalConfig::new(data.join("journal"))).expect("the folder can be written to");
    journal.recording.snapshot_s = 1;
    journal.recording.unix_s = || 0;
    (Stand::with_plugin(journal.clone()), journal)
}

/// Lets ticks pass, each with a little time for what is done beside them, until something holds.
fn patiently(stand: &mut Stand, what: &str, mut done: impl FnMut(&mut Stand) -> bool) {
    let began = Instant::now();
    while !done(stand) {
        assert!(began.elapsed() < PATIENCE, "it never came to this: {what}");
        stand.step();
        std::thread::sleep(Duration::from_millis(1));
    }
}

fn is_rebuilt(stand: &mut Stand) -> bool {
    stand.board().counters.matches_rebuilt == 1
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
        let (mut stand, journal) = recorded(data.path());
        let both = stand.duel();
        stand.steps(ticks);
        stand.break_matches();
        stand.step();
        assert_eq!(stand.board().matches.len(), 1, "meanwhile it stands as it stood");
        patiently(&mut stand, "the match is built again", is_rebuilt);
        assert_eq!(stand.board().counters.commands_dropped, 0, "no command is to blame");
        assert_eq!(stand.errors(both[0], 3), [], "after {ticks} ticks nobody is told of more than a pause");
        stand.seen(both[0], |snapshot| snapshot.own.is_some());
        stand.send(both[0], &ClientMessage::LeaveMatch);
        for connection in both {
            patiently(&mut stand, "the match is settled", |stand| stand.take(connection).iter().any(is_settled));
        }
        stand.step();
        drop(stand);
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
    let (mut stand, _journal) = recorded(data.path());
    let both = stand.duel();
    stand.steps(3);
    stand.break_matches();
    stand.lose(both[0]);
    stand.step();
    let back = stand.enter(1);
    stand.started(back);
    patiently(&mut stand, "the match is built again", is_rebuilt);
    stand.seen(back, |snapshot| snapshot.own.is_some());
}

#[test]
fn a_match_that_breaks_twice_gives_everything_back() {
    let data = tempfile::tempdir().expect("the system gives a folder");
    let (mut stand, _journal) = recorded(data.path());
    let both = stand.duel();
    stand.steps(5);
    stand.break_matches();
    patiently(&mut stand, "the match is built again", is_rebuilt);
    stand.steps(3);
    stand.break_matches();
    for connection in both {
        patiently(&mut stand, "both are told", |stand| stand.take(connection).iter().any(is_unavailable));
    }
    stand.steps(2);
    assert_eq!(stand.board().counters.matches_crashed, 2, "both are counted");
    assert_eq!(stand.store.abandoned(), 1, "what was brought is home");
}

#[test]
fn who_was_done_before_it_broke_for_good_gets_what_that_is_worth() {
    let data = tempfile::tempdir().expect("the system gives a folder");
    let (mut stand, _journal) = recorded(data.path());
    let both = stand.duel();
    stand.break_matches();
    patiently(&mut stand, "the match is built again", is_rebuilt);
    // The store is away, so that it breaks between the end of one and the grant.
    stand.store.faults.insert(Fault::Settle);
    stand.send(both[0], &ClientMessage::LeaveMatch);
    patiently(&mut stand, "a try to grant it", |stand| stand.store.settle_asks >= 1);
    stand.break_matches();
    patiently(&mut stand, "it breaks again", |stand| stand.board().counters.matches_crashed == 2);
    stand.steps(20);
    assert_eq!(stand.store.abandoned(), 0, "nothing is undone before that is granted");
    stand.store.faults.clear();
    patiently(&mut stand, "the grant", |stand| stand.take(both[0]).iter().any(is_settled));
    patiently(&mut stand, "the rest is undone", |stand| stand.take(both[1]).iter().any(is_unavailable));
    stand.steps(2);
    assert_eq!(stand.store.profile(1).untold.len(), 1, "it was granted once");
    assert_eq!(stand.store.abandoned(), 1, "and the other has what it brought");
}
