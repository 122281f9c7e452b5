//! A server killed without warning: what it had acknowledged is there, once, and nothing is half done.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use hypogeum_protocol::AccountId;
use hypogeum_store::StoreReply;

use crate::world::{Directory, found, open, profile, register, settle, starter_item, take};

/// Set for the copy of this test that plays the server: where its data lies, and where its database is if not there.
const VICTIM: &str = "HYPOGEUM_TEST_VICTIM";
const VICTIM_URL: &str = "HYPOGEUM_TEST_VICTIM_URL";

/// Settles one match after another, saying each number once it is acknowledged, until it is killed.
fn settle_until_killed(path: &str) {
    let store = open(path.as_ref(), std::env::var(VICTIM_URL).ok().as_deref()).unwrap();
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
    if let Ok(path) = std::env::var(VICTIM) {
        settle_until_killed(&path);
    }
}

fn killing_the_server_loses_nothing_it_acknowledged(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    drop(store);
    directory.sql("UPDATE profiles SET stash_capacity = 1000000");

    for acknowledged_max in [1, 3, 7, 20] {
        let mut victim = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::victim", "--nocapture"])
            .env(VICTIM, directory.path())
            .envs(directory.url().map(|url| (VICTIM_URL, url)))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
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
