//! What participants learn of each other.

use std::collections::BTreeMap;

use hypogeum_protocol::{ClientMessage, ConnectionId, NetId, Outcome, ServerMessage};

use crate::stand::{HZ, Stand};

fn roster(stand: &mut Stand, connection: ConnectionId) -> BTreeMap<NetId, String> {
    stand.hear(connection, "names", |message| match message {
        ServerMessage::Roster { players, .. } => {
            Some(players.iter().map(|player| (player.avatar, player.name.clone())).collect())
        }
        _ => None,
    })
}

fn scoreboards(stand: &mut Stand, connection: ConnectionId) -> Vec<Vec<Option<Outcome>>> {
    let boards = stand.take(connection).into_iter().filter_map(|message| match message {
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
    let mut stand = Stand::new();
    let alone = stand.enter(1);
    stand.queue(alone, "alone");
    stand.started(alone);
    let names = roster(&mut stand, alone);
    let expected = ["player1", "Autopilot 1", "Autopilot 2"];
    assert_eq!(names.values().map(String::as_str).collect::<Vec<_>>(), expected, "in the order of their seats");
    stand.lose(alone);
    stand.step();
    let again = stand.open(1);
    stand.hello(again);
    assert_eq!(roster(&mut stand, again), names, "told anew");
}

#[test]
fn whoever_asks_is_told_the_names_of_participants_and_of_nobody_else() {
    let mut stand = Stand::new();
    let both = stand.duel();
    let names = roster(&mut stand, both[0]);
    let avatar = *names.keys().next().expect("two names");
    let avatars = vec![NetId(0), avatar, NetId(60_000), avatar];
    stand.send(both[0], &ClientMessage::AskNames { avatars });
    let told = roster(&mut stand, both[0]);
    assert_eq!(told, [(avatar, names[&avatar].clone())].into(), "what is nobody's is left out");
}

#[test]
fn a_scoreboard_is_told_where_the_mode_allows_it_and_nowhere_else() {
    for (mode, is_told) in [("watched", true), ("duel", false)] {
        let mut stand = Stand::new();
        let both = [stand.enter(1), stand.enter(2)];
        for connection in both {
            stand.queue(connection, mode);
        }
        for connection in both {
            stand.started(connection);
        }
        stand.steps(2 * HZ as usize);
        let first = scoreboards(&mut stand, both[1]);
        assert_eq!(first.len(), usize::from(is_told), "{mode}: once, for nothing changes");
        stand.send(both[0], &ClientMessage::LeaveMatch);
        stand.steps(2 * HZ as usize);
        let second = scoreboards(&mut stand, both[1]);
        assert_eq!(second.len(), usize::from(is_told), "{mode}: and again when somebody has left");
        if is_told {
            assert_eq!(first[0], [None, None], "both were inside");
            assert_eq!(second[0], [Some(Outcome::Died), None], "one has left");
        }
    }
}

#[test]
fn the_end_tells_everyone_how_it_went_for_all_wherever_they_are_by_then() {
    let mut stand = Stand::new();
    let both = stand.duel();
    stand.send(both[0], &ClientMessage::LeaveMatch);
    stand.settled(both[0]);
    stand.queue(both[0], "duel");
    for (connection, account) in [(both[0], 1), (both[1], 2)] {
        let (players, rows, own, rating) = stand.hear(connection, "the table", |message| match message {
            ServerMessage::MatchEnded { players, rows, own, rating, .. } => {
                Some((*players, rows.clone(), own.clone(), *rating))
            }
            _ => None,
        });
        let table: Vec<_> = rows.iter().map(|row| (row.name.as_str(), row.placement, row.outcome)).collect();
        let expected = [("player2", 1, Outcome::TimedOut), ("player1", 2, Outcome::Died)];
        assert_eq!(table, expected, "the best first");
        assert_eq!((players, own), (2, None), "its own row is among so few");
        assert_eq!(rating, stand.store.profile(account).rating(), "and it is told its rating");
    }
}
