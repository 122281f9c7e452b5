//! A database server that goes away in the middle of everything, again and again.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hypogeum_protocol::{AccountId, MatchId};
use hypogeum_store::{StoreReply, StoreRequest};
use hypogeum_testkit::postgres::TestPostgres;

use crate::chance::{Chance, rounds, seed};
use crate::world::{Directory, found, profile, register, settle, starter_item, take};

/// Players, each with matches of their own.
const PLAYERS: usize = 4;
/// Matches of the player of that number: theirs alone.
const MATCHES_EACH: u64 = 1_000_000;

#[test]
fn a_server_that_is_killed_again_and_again_keeps_every_settlement_it_acknowledged_once() {
    let seed = seed();
    let kills = rounds("HYPOGEUM_TEST_OUTAGES", 8);
    let outage = Duration::from_millis(rounds("HYPOGEUM_TEST_OUTAGE_MS", 300) as u64);
    let server = TestPostgres::new();
    let directory = Directory::at(&server.url());
    let store = directory.open();
    let players: Vec<AccountId> =
        (0..PLAYERS).map(|number| register(&store, &format!("bot-{number}")).unwrap()).collect();
    directory.sql("UPDATE profiles SET stash_capacity = 1000000");
    let over = AtomicBool::new(false);
    let acknowledged: Vec<Vec<u64>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..)
            .zip(&players)
            .map(|(number, &player)| {
                let (store, over) = (&store, &over);
                scope.spawn(move || {
                    let mut acknowledged = Vec::new();
                    for match_id in number * MATCHES_EACH + 1.. {
                        if over.load(Ordering::Relaxed) {
                            break;
                        }
                        let knife = starter_item(player, 1);
                        let order = settle(match_id, &[(player, &[knife.clone(), found(match_id, 1)])]);
                        // What is not answered is asked again, the same, until it is.
                        for request in [take(match_id, &[(player, &[knife.id])]), order] {
                            loop {
                                match store.answer(request.clone()) {
                                    StoreReply::Failed { failure, .. } if failure.is_passing() => {
                                        std::thread::sleep(Duration::from_millis(1));
                                    }
                                    StoreReply::Failed { failure, .. } => panic!("match {match_id}: {failure}"),
                                    _ => break,
                                }
                            }
                        }
                        acknowledged.push(match_id);
                    }
                    acknowledged
                })
            })
            .collect();
        let mut chance = Chance::from(seed);
        for _ in 0..kills {
            std::thread::sleep(Duration::from_millis(50 + chance.below(300) as u64));
            server.stop(true);
            std::thread::sleep(outage);
            server.start();
        }
        over.store(true, Ordering::Relaxed);
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(!store.health().is_degraded(), "the last answer was a good one");
    let all: i64 = acknowledged.iter().map(|matches| matches.len() as i64).sum();
    println!("{all} settlements acknowledged over {kills} outages");
    for (matches, &player) in acknowledged.iter().zip(&players) {
        let after = profile(&store, player);
        for &match_id in matches {
            assert!(after.stash.contains(&found(match_id, 1)), "match {match_id} was acknowledged and is gone");
        }
        assert_eq!(after.unacknowledged.len(), matches.len(), "each waits in the outbox once");
        assert_eq!(after.xp, 120 * matches.len() as u64, "and is granted once");
    }
    drop(store);
    assert_eq!(directory.open().unfinished(), [], "nothing was left open");
    let count = |statement: &str| directory.sql(statement);
    assert_eq!(count("SELECT COUNT(*) FROM grants WHERE kind = 'match'"), all, "one grant for each");
    assert_eq!(count("SELECT COUNT(*) FROM items"), all + 3 * PLAYERS as i64, "and one find");
    assert_eq!(count("SELECT SUM(amount) FROM ledger"), 0, "the ledger sums to zero");
}

#[test]
fn a_server_that_stands_still_is_given_up_and_found_again() {
    let server = TestPostgres::new();
    let directory = Directory::at(&server.url());
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let brought = take(1, &[(ada, &[starter_item(ada, 1).id])]);
    server.pause();
    let reply = store.answer(brought.clone());
    let StoreReply::Failed { failure, .. } = reply else { panic!("nobody can have answered: {reply:?}") };
    assert!(failure.is_passing(), "it was given up, not refused: {failure}");
    let other = StoreRequest::AbandonMatch { match_id: MatchId(9) };
    assert!(matches!(store.answer(other), StoreReply::Failed { .. }), "nobody waits for it a second time");
    server.resume();
    let taken = loop {
        match store.answer(brought.clone()) {
            StoreReply::Failed { .. } => std::thread::sleep(Duration::from_millis(5)),
            reply => break reply,
        }
    };
    let StoreReply::EscrowTaken { taken, .. } = taken else { panic!("the match did not begin: {taken:?}") };
    assert_eq!(taken[0].items, [starter_item(ada, 1)], "asked again, it holds what was brought, once");
}
