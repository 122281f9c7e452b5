//! Ends that are no settlement: a failing store, a broken shard, a server that goes.

use hypogeum_protocol::link::CloseReason;
use hypogeum_protocol::{ClientMessage, ConnectionId, ErrorCode, Outcome, ServerMessage};

use crate::stand::{Fault, HZ, Stand};

/// Waits for an error and says which.
fn error(stand: &mut Stand, connection: ConnectionId) -> ErrorCode {
    stand.hear(connection, "an error", |message| match message {
        ServerMessage::Error { code, .. } => Some(*code),
        _ => None,
    })
}

/// Two accounts in an open loadout, each with one item chosen.
fn choosing(stand: &mut Stand) -> [ConnectionId; 2] {
    let both = [stand.enter(1), stand.enter(2)];
    for connection in both {
        stand.queue(connection, "duel");
    }
    for connection in both {
        let stash = stand.stash(connection);
        stand.send(connection, &ClientMessage::ChooseLoadout { items: vec![stash[0]] });
    }
    both
}

#[test]
fn without_a_profile_there_is_no_session() {
    let mut stand = Stand::new();
    stand.store.faults.insert(Fault::Load);
    let connection = stand.open(1);
    stand.hello(connection);
    assert_eq!(error(&mut stand, connection), ErrorCode::Unavailable, "it is told");
    stand.steps(2);
    assert_eq!(stand.closed(connection), Some(CloseReason::ByServer), "and may come again");
    stand.store.faults.clear();
    stand.enter(1);
}

#[test]
fn an_account_that_is_gone_is_sent_away() {
    let mut stand = Stand::new();
    let connection = stand.open(99);
    stand.hello(connection);
    assert_eq!(error(&mut stand, connection), ErrorCode::Unavailable, "nobody knows it");
    stand.steps(2);
    assert_eq!(stand.board().sessions, 0, "nothing is left");
}

#[test]
fn without_escrow_there_is_no_match() {
    let mut stand = Stand::new();
    stand.store.faults.insert(Fault::Escrow);
    let both = choosing(&mut stand);
    for connection in both {
        assert_eq!(error(&mut stand, connection), ErrorCode::Unavailable, "both are told");
    }
    stand.steps(2);
    assert_eq!(stand.store.abandoned(), 1, "in case something was taken after all");
    assert_eq!((stand.board().lobbies, stand.board().matches.len()), (0, 0), "there is no match");
    stand.store.faults.clear();
    for connection in both {
        stand.queue(connection, "duel");
    }
    for connection in both {
        stand.started(connection);
    }
}

#[test]
fn without_stashes_the_lobby_breaks_up() {
    let mut stand = Stand::new();
    let both = [stand.enter(1), stand.enter(2)];
    stand.store.faults.insert(Fault::Load);
    for connection in both {
        stand.queue(connection, "duel");
    }
    for connection in both {
        assert_eq!(error(&mut stand, connection), ErrorCode::Unavailable, "both are told");
    }
    assert_eq!(stand.errors(both[0], 3), [], "once");
    assert_eq!(stand.board().lobbies, 0, "the lobby is gone");
}

#[test]
fn a_settlement_is_asked_again_until_the_store_can() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.store.faults.insert(Fault::Settle);
    stand.until("three tries", |stand| stand.store.settle_asks >= 3);
    assert_eq!(stand.board().matches.len(), 1, "the match waits");
    stand.lose(both[1]);
    stand.step();
    let again = stand.open(2);
    stand.hello(again);
    stand.started(again);
    let both = [both[0], again];
    stand.store.faults.clear();
    for connection in both {
        stand.settled(connection);
    }
    assert_eq!(stand.board().finished.len(), 1, "it is settled once");
}

#[test]
fn a_settlement_refused_for_good_undoes_the_match() {
    let mut stand = Stand::new();
    stand.store.faults.insert(Fault::SettleForGood);
    let both = stand.duel();
    for connection in both {
        assert_eq!(error(&mut stand, connection), ErrorCode::Unavailable, "both are told");
    }
    stand.steps(2);
    assert_eq!((stand.board().matches.len(), stand.store.abandoned()), (0, 1), "the match is undone");
    for connection in both {
        stand.queue(connection, "duel");
    }
    stand.steps(2);
    assert_eq!(stand.errors(both[0], 1), [], "and both may play again");
}

#[test]
fn a_broken_shard_gives_everything_back() {
    let mut stand = Stand::new();
    let both = choosing(&mut stand);
    for connection in both {
        stand.started(connection);
    }
    assert_eq!(stand.store.profile(1).stash.len(), 2, "an item is in escrow");
    stand.steps(3);
    stand.break_matches();
    for connection in both {
        assert_eq!(error(&mut stand, connection), ErrorCode::Unavailable, "both are told");
    }
    stand.steps(2);
    assert_eq!(stand.store.profile(1).stash.len(), 3, "the item is home");
    assert_eq!(stand.board().counters.matches_crashed, 1, "it is counted");
    stand.queue(both[0], "duel");
    assert_eq!(stand.errors(both[0], 2), [], "and one may play again");
}

#[test]
fn giving_up_is_an_end_like_any_other() {
    // At once, while everyone is still safe, and in the middle of it.
    for ticks in [0, HZ as usize] {
        let mut stand = Stand::new();
        let both = stand.duel();
        stand.steps(ticks);
        stand.send(both[0], &ClientMessage::LeaveMatch);
        stand.steps(10);
        assert_eq!(stand.board().matches[0].players_alive, 1, "after {ticks} ticks it is out of the way");
        assert_eq!(stand.settled(both[0]).outcome, Outcome::Died, "leaving is dying");
        assert_eq!(stand.settled(both[1]).outcome, Outcome::TimedOut, "the other plays on");
    }
}

#[test]
fn a_draining_server_lets_a_match_end_that_ends_in_time() {
    let mut stand = Stand::with(|host| host.matches.drain_grace_s = 600);
    let both = stand.duel();
    let waiting = stand.enter(3);
    stand.queue(waiting, "duel");
    stand.step();
    stand.drain.begin();
    stand.hear(waiting, "goodbye", |message| (*message == ServerMessage::Goodbye).then_some(()));
    stand.step();
    assert_eq!(stand.closed(waiting), Some(CloseReason::ByServer), "who waits is sent home at once");
    let late = stand.open(4);
    assert_eq!(stand.errors(late, 1), [(ErrorCode::Draining, 255)], "nobody else comes in");
    assert!(!stand.drain.is_done(), "a match runs");
    for connection in both {
        stand.settled(connection);
    }
    stand.hear(both[0], "goodbye", |message| (*message == ServerMessage::Goodbye).then_some(()));
    stand.until("the end", |stand| stand.drain.is_done());
    assert_eq!(stand.store.abandoned(), 0, "nothing was undone");
}

#[test]
fn a_draining_server_undoes_a_match_that_takes_too_long() {
    let mut stand = Stand::with(|host| host.matches.drain_grace_s = 1);
    let both = choosing(&mut stand);
    for connection in both {
        stand.started(connection);
    }
    stand.drain.begin();
    for connection in both {
        assert_eq!(error(&mut stand, connection), ErrorCode::Draining, "both are told why");
    }
    stand.until("the end", |stand| stand.drain.is_done());
    assert_eq!(stand.store.abandoned(), 1, "the match is undone");
    assert_eq!(stand.store.profile(1).stash.len(), 3, "what was brought is home");
    assert!(stand.closed(both[0]).is_some(), "nobody is left");
}

#[test]
fn a_draining_server_waits_for_the_store() {
    let mut stand = Stand::with(|host| host.matches.drain_grace_s = 0);
    stand.duel();
    stand.store.silent = true;
    stand.drain.begin();
    stand.steps(20);
    assert!(!stand.drain.is_done(), "the store has not answered");
    stand.store.silent = false;
    stand.until("the end", |stand| stand.drain.is_done());
}

#[test]
fn a_store_that_never_answers_makes_the_server_refuse_logins_instead_of_growing() {
    let mut stand = Stand::new();
    stand.store.silent = true;
    // Everyone comes, asks for a profile, loses patience and comes again.
    let refused = (0..4_000).any(|_| {
        let came: Vec<_> = (1..=9).map(|account| stand.open(account)).collect();
        for connection in &came {
            stand.hello(*connection);
        }
        stand.steps(2);
        for connection in &came {
            stand.lose(*connection);
        }
        came.iter().any(|connection| stand.closed(*connection) == Some(CloseReason::ByServer))
    });
    assert!(refused, "nobody was ever sent away, and every question waits for ever");
}
