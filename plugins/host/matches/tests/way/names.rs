//! What participants learn of each other.

use std::collections::BTreeMap;

use hypogeum_protocol::{ClientMessage, ConnectionId, NetId, Outcome, ServerMessage};

use crate::test_host::{HZ, TestHost};

fn roster(host: &mut TestHost, connection: ConnectionId) -> BTreeMap<NetId, String> {
    host.hear(connection, "names", |message| match message {
        ServerMessage::Roster { players, .. } => {
            Some(players.iter().map(|player| (player.avatar, player.name.clone())).collect())
        }
        _ => None,
    })
}

fn scoreboards(host: &mut TestHost, connection: ConnectionId) -> Vec<Vec<Option<Outcome>>> {
    let boards = host.take(connection).into_iter().filter_map(|message| match message {
        ServerMessage::Scoreboard { rows, own, .. } => {
            assert_eq!(own, None, "its own row is among so few");
            Some(rows.iter().map(|row| row.outcome).collect())
        }
        _ => None,
    });
    boards.collect()
}

#[test]
fn everyone_learns_everyones_name_at_the_beginning_and_after_coming_back() {
    let mut host = TestHost::new();
    let alone = host.enter(1);
    host.queue(alone, "alone");
    host.started(alone);
    let names = roster(&mut host, alone);
    let expected = ["player1", "Autopilot 1", "Autopilot 2"];
    assert_eq!(names.values().map(String::as_str).collect::<Vec<_>>(), expected, "in the order of their seats");
    host.lose(alone);
    host.step();
    let again = host.open(1);
    host.hello(again);
    assert_eq!(roster(&mut host, again), names, "sent again");
}

#[test]
fn who_asks_is_sent_the_names_of_participants_and_of_nobody_else() {
    let mut host = TestHost::new();
    let both = host.duel();
    let names = roster(&mut host, both[0]);
    let avatar = *names.keys().next().expect("two names");
    let avatars = vec![NetId(0), avatar, NetId(60_000), avatar];
    host.send(both[0], &ClientMessage::AskNames { avatars });
    let shown = roster(&mut host, both[0]);
    assert_eq!(shown, [(avatar, names[&avatar].clone())].into(), "what is nobody's is left out");
}

#[test]
fn a_scoreboard_is_sent_where_the_mode_allows_it_and_nowhere_else() {
    for (mode, is_told) in [("watched", true), ("duel", false)] {
        let mut host = TestHost::new();
        let both = [host.enter(1), host.enter(2)];
        for connection in both {
            host.queue(connection, mode);
        }
        for connection in both {
            host.started(connection);
        }
        host.steps(2 * HZ as usize);
        let first = scoreboards(&mut host, both[1]);
        assert_eq!(first.len(), usize::from(is_told), "{mode}: once, for nothing changes");
        host.send(both[0], &ClientMessage::LeaveMatch);
        host.steps(2 * HZ as usize);
        let second = scoreboards(&mut host, both[1]);
        assert_eq!(second.len(), usize::from(is_told), "{mode}: and again when somebody has left");
        if is_told {
            assert_eq!(first[0], [None, None], "both were inside");
            assert_eq!(second[0], [Some(Outcome::Died), None], "one has left");
        }
    }
}

#[test]
fn the_end_tells_everyone_how_it_went_for_all_wherever_they_are_by_then() {
    let mut host = TestHost::new();
    let both = host.duel();
    host.send(both[0], &ClientMessage::LeaveMatch);
    host.settled(both[0]);
    host.queue(both[0], "duel");
    for (connection, account) in [(both[0], 1), (both[1], 2)] {
        let (players, rows, own, rating) = host.hear(connection, "the table", |message| match message {
            ServerMessage::MatchEnded { players, rows, own, rating, .. } => {
                Some((*players, rows.clone(), own.clone(), *rating))
            }
            _ => None,
        });
        let table: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.placement, row.outcome)).collect();
        let expected = [("player2", 1, Outcome::TimedOut), ("player1", 2, Outcome::Died)];
        assert_eq!(table, expected, "the best first");
        assert_eq!((players, own), (2, None), "its own row is among so few");
        assert_eq!(rating, host.store.profile(account).rating(), "and it is sent its rating");
    }
}
