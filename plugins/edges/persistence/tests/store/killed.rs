//! A server killed without warning: what it had acknowledged is there, once, and nothing is half done.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;
use hypogeum_store::StoreReply;

use crate::victims;
use crate::world::{Directory, found, profile, register, settle, starter_item, take};

/// Settles one match after another, saying each number once it is acknowledged, until it is killed.
fn settle_until_killed(store: &Store) {
    store.abandon_unfinished(&store.unfinished());
    let ada = AccountId(1);
    let first = store.next_match(0).0;
    let mut output = std::io::stdout().lock();
    for match_id in first.. {
        let _ = store.answer(take(match_id, &[(ada, &[starter_item(ada, 1).id])]));
        let reply = store.answer(settle(match_id, &[(ada, &[starter_item(ada, 1), found(match_id, 1)])]));
        assert!(matches!(reply, StoreReply::Settled { .. }), "match {match_id} was not settled: {reply:?}");
        writeln!(output, "settled {match_id}").unwrap();
        output.flush().unwrap();
    }
}

/// What is started as the victim; as a test it does nothing.
#[test]
fn victim() {
    if let Some(store) = victims::store() {
        settle_until_killed(&store);
    }
}

fn killing_the_server_loses_nothing_it_acknowledged(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    drop(store);
    directory.sql("UPDATE profiles SET stash_capacity = 1000000");

    for acknowledged_max in [1, 3, 7, 20] {
        let mut victim = victims::victim("killed", directory).stdout(Stdio::piped()).spawn().unwrap();
        let acknowledged: Vec<u64> = BufReader::new(victim.stdout.take().unwrap())
            .lines()
            .filter_map(|line| line.unwrap().rsplit_once("settled ").map(|(_, number)| number.parse().unwrap()))
            .take(acknowledged_max)
            .collect();
        victim.kill().unwrap();
        victim.wait().unwrap();
        assert_eq!(acknowledged.len(), acknowledged_max, "the victim lived long enough to settle that many");

        let store = directory.open();
        store.abandon_unfinished(&store.unfinished());
        let after = profile(&store, ada);
        for match_id in acknowledged {
            let item = found(match_id, 1);
            assert!(after.stash.contains(&item), "match {match_id} was acknowledged, but its item is gone");
            let reply = store.answer(settle(match_id, &[(ada, &[item])]));
            assert!(matches!(reply, StoreReply::Settled { .. }), "match {match_id} is not settled: {reply:?}");
        }
        assert!(after.stash.contains(&starter_item(ada, 1)), "what was in escrow is back");
        assert_eq!(profile(&store, ada), after, "asking again granted nothing");
        drop(store);
        let settled = directory.sql("SELECT COUNT(*) FROM matches WHERE state = 'settled'");
        assert_eq!(directory.sql("SELECT COUNT(*) FROM grants WHERE kind = 'match'"), settled, "one grant a match");
        assert_eq!(directory.sql("SELECT xp FROM profiles"), 120 * settled, "and its experience, once");
        assert_eq!(directory.sql("SELECT COUNT(*) FROM items"), 3 + settled, "and its item, once");
        assert_eq!(directory.sql("SELECT SUM(amount) FROM ledger"), 0, "and the ledger sums to zero");
    }
}

on_both![killing_the_server_loses_nothing_it_acknowledged];
