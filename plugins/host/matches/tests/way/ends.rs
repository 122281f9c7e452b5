//! Ends that are no settlement: a failing store, a broken shard, a server that goes.

use hypogeum_protocol::link::{CloseReason, RequestId};
use hypogeum_protocol::{ClientMessage, ConnectionId, ErrorCode, Outcome, ServerMessage};

use crate::test_host::{Fault, HZ, TestHost};

/// Waits for an error and says which.
fn error(host: &mut TestHost, connection: ConnectionId) -> ErrorCode {
    host.hear(connection, "an error", |message| match message {
        ServerMessage::Error { code, .. } => Some(*code),
        _ => None,
    })
}

/// Two accounts in an open loadout, each with one item chosen.
fn choosing(host: &mut TestHost) -> [ConnectionId; 2] {
    let both = [host.enter(1), host.enter(2)];
    for connection in both {
        host.queue(connection, "duel");
    }
    for connection in both {
        let stash = host.stash(connection);
        host.send(connection, &ClientMessage::ChooseLoadout { items: vec![stash[0]] });
    }
    both
}

#[test]
fn without_a_profile_there_is_no_session() {
    let mut host = TestHost::new();
    host.store.faults.insert(Fault::Load);
    let connection = host.open(1);
    host.hello(connection);
    assert_eq!(error(&mut host, connection), ErrorCode::Unavailable, "it is notified");
    host.steps(2);
    assert_eq!(host.closed(connection), Some(CloseReason::TryLater), "and may come again");
    host.store.faults.clear();
    host.enter(1);
}

#[test]
fn an_account_that_is_gone_is_sent_away() {
    let mut host = TestHost::new();
    let connection = host.open(99);
    host.hello(connection);
    assert_eq!(error(&mut host, connection), ErrorCode::Unavailable, "nobody knows it");
    host.steps(2);
    assert_eq!(host.status().sessions, 0, "nothing is left");
}

#[test]
fn without_escrow_there_is_no_match() {
    let mut host = TestHost::new();
    host.store.faults.insert(Fault::Escrow);
    let both = choosing(&mut host);
    for connection in both {
        assert_eq!(error(&mut host, connection), ErrorCode::Unavailable, "both are notified");
    }
    host.steps(2);
    assert_eq!(host.store.abandoned(), 1, "in case something was taken after all");
    assert_eq!((host.status().lobbies, host.status().matches.len()), (0, 0), "there is no match");
    host.store.faults.clear();
    for connection in both {
        host.queue(connection, "duel");
    }
    for connection in both {
        host.started(connection);
    }
}

#[test]
fn without_stashes_the_lobby_breaks_up() {
    let mut host = TestHost::new();
    let both = [host.enter(1), host.enter(2)];
    host.store.faults.insert(Fault::Load);
    for connection in both {
        host.queue(connection, "duel");
    }
    for connection in both {
        assert_eq!(error(&mut host, connection), ErrorCode::Unavailable, "both are notified");
    }
    assert_eq!(host.errors(both[0], 3), [], "once");
    assert_eq!(host.status().lobbies, 0, "the lobby is gone");
}

#[test]
fn a_settlement_is_asked_again_until_the_store_can() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.store.faults.insert(Fault::Settle);
    host.until("three tries", |host| host.store.settle_asks >= 3);
    assert_eq!(host.status().matches.len(), 1, "the match waits");
    host.lose(both[1]);
    host.step();
    let again = host.open(2);
    host.hello(again);
    host.started(again);
    let both = [both[0], again];
    host.store.faults.clear();
    for connection in both {
        host.settled(connection);
    }
    assert_eq!(host.status().finished.len(), 1, "it is settled once");
}

#[test]
fn a_settlement_refused_for_good_undoes_the_match() {
    let mut host = TestHost::new();
    host.store.faults.insert(Fault::SettleForGood);
    let both = host.duel();
    for connection in both {
        assert_eq!(error(&mut host, connection), ErrorCode::Unavailable, "both are notified");
    }
    host.steps(2);
    assert_eq!((host.status().matches.len(), host.store.abandoned()), (0, 1), "the match is undone");
    for connection in both {
        host.queue(connection, "duel");
    }
    host.steps(2);
    assert_eq!(host.errors(both[0], 1), [], "and both may play again");
}

#[test]
fn a_broken_shard_gives_everything_back() {
    let mut host = TestHost::new();
    let both = choosing(&mut host);
    for connection in both {
        host.started(connection);
    }
    assert_eq!(host.store.profile(1).stash.len(), 2, "an item is in escrow");
    host.steps(3);
    host.break_matches();
    for connection in both {
        assert_eq!(error(&mut host, connection), ErrorCode::Unavailable, "both are notified");
    }
    host.steps(2);
    assert_eq!(host.store.profile(1).stash.len(), 3, "the item is back in the stash");
    assert_eq!(host.status().counters.matches_crashed, 1, "it is counted");
    host.queue(both[0], "duel");
    assert_eq!(host.errors(both[0], 2), [], "and one may play again");
}

#[test]
fn giving_up_is_an_end_like_any_other() {
    // At once, while everyone is still safe, and in the middle of it.
    for ticks in [0, HZ as usize] {
        let mut host = TestHost::new();
        let both = host.duel();
        host.steps(ticks);
        host.send(both[0], &ClientMessage::LeaveMatch);
        host.steps(10);
        assert_eq!(host.status().matches[0].players_alive, 1, "after {ticks} ticks it is out of the way");
        assert_eq!(host.settled(both[0]).outcome, Outcome::Died, "leaving is dying");
        assert_eq!(host.settled(both[1]).outcome, Outcome::TimedOut, "the other plays on");
    }
}

#[test]
fn a_draining_server_lets_a_match_end_that_ends_in_time() {
    let mut host = TestHost::with(|host| host.matches.drain_grace_s = 600);
    let both = host.duel();
    let waiting = host.enter(3);
    host.queue(waiting, "duel");
    host.step();
    host.drain.begin();
    host.hear(waiting, "goodbye", |message| (*message == ServerMessage::Goodbye).then_some(()));
    host.step();
    assert_eq!(host.closed(waiting), Some(CloseReason::ByServer), "a player who waits is disconnected at once");
    let late = host.open_saying_hello(4, RequestId(9));
    assert_eq!(host.errors(late, 1), [(ErrorCode::Draining, 255)], "nobody else comes in");
    assert_eq!(host.closed(late), Some(CloseReason::TryLater), "now");
    assert_eq!(host.answers(late), [Some(RequestId(9)), None], "the error answers the hello, the goodbye nothing");
    assert!(!host.drain.is_done(), "a match runs");
    for connection in both {
        host.settled(connection);
    }
    host.hear(both[0], "goodbye", |message| (*message == ServerMessage::Goodbye).then_some(()));
    host.until("the end", |host| host.drain.is_done());
    assert_eq!(host.store.abandoned(), 0, "nothing was undone");
}

#[test]
fn a_draining_server_undoes_a_match_that_takes_too_long() {
    let mut host = TestHost::with(|host| host.matches.drain_grace_s = 1);
    let both = choosing(&mut host);
    for connection in both {
        host.started(connection);
    }
    host.drain.begin();
    for connection in both {
        assert_eq!(error(&mut host, connection), ErrorCode::Draining, "both are sent the reason");
    }
    host.until("the end", |host| host.drain.is_done());
    assert_eq!(host.store.abandoned(), 1, "the match is undone");
    assert_eq!(host.store.profile(1).stash.len(), 3, "what was brought is back in the stash");
    assert!(host.closed(both[0]).is_some(), "nobody is left");
}

#[test]
fn a_draining_server_waits_for_the_store() {
    let mut host = TestHost::with(|host| host.matches.drain_grace_s = 0);
    host.duel();
    host.store.silent = true;
    host.drain.begin();
    host.steps(20);
    assert!(!host.drain.is_done(), "the store has not answered");
    host.store.silent = false;
    host.until("the end", |host| host.drain.is_done());
}

#[test]
fn a_store_that_never_answers_makes_the_server_refuse_logins_instead_of_growing() {
    let mut host = TestHost::new();
    host.store.silent = true;
    // Everyone comes, asks for a profile, loses patience and comes again.
    let refused = (0..4_000).any(|_| {
        let came: Vec<_> = (1..=9).map(|account| host.open(account)).collect();
        for connection in &came {
            host.hello(*connection);
        }
        host.steps(2);
        for connection in &came {
            host.lose(*connection);
        }
        came.iter().any(|connection| host.closed(*connection) == Some(CloseReason::TryLater))
    });
    assert!(refused, "nobody was ever sent away, and every question waits for ever");
}
