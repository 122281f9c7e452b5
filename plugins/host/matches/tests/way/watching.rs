//! Who is dead or out watches the rest, as far as the mode allows.

use bevy_app::App;
use hypogeum_protocol::{
    AccountId, Act, ClientMessage, ConnectionId, ErrorCode, MatchId, NetId, ServerMessage, Snapshot, Watched,
};
use hypogeum_social::{Parties, Party, PartyLookup};

use crate::test_host::TestHost;

/// Tags of messages, as errors name them.
const ACT: u8 = 4;
const WATCH: u8 = 18;

/// Accounts 1 and 2 are in one party.
struct Pair;

impl Parties for Pair {
    fn party_of(&self, account: AccountId) -> Option<Party> {
        let members = vec![AccountId(1), AccountId(2)];
        members.contains(&account).then_some(Party { id: 1, leader: AccountId(1), members })
    }

    fn revision(&self) -> u64 {
        0
    }
}

fn in_pairs(app: &mut App) {
    app.insert_resource(PartyLookup(Box::new(Pair)));
}

/// Accounts 1, 2 and 3 in a match.
struct Trio {
    host: TestHost,
    id: MatchId,
    connections: [ConnectionId; 3],
    avatars: [NetId; 3],
}

impl Trio {
    fn new(mut host: TestHost, mode: &str) -> Self {
        let connections = [1, 2, 3].map(|account| host.enter(account));
        for connection in connections {
            host.queue(connection, mode);
        }
        let mut id = MatchId(0);
        let avatars = connections.map(|connection| {
            let (match_id, avatar) = started(&mut host, connection);
            id = match_id;
            avatar
        });
        Self { host, id, connections, avatars }
    }

    fn ask(&mut self, place: usize, whom: Watched) {
        self.host.send(self.connections[place], &ClientMessage::Watch { match_id: self.id, whom });
    }

    /// Whom one is told that it watches next.
    fn watching(&mut self, place: usize) -> (NetId, String) {
        let id = self.id;
        self.host.hear(self.connections[place], "whom it watches", |message| match message {
            ServerMessage::Watching { match_id, avatar, name } if *match_id == id => Some((*avatar, name.clone())),
            _ => None,
        })
    }

    fn watch(&mut self, place: usize, whom: Watched) -> NetId {
        self.ask(place, whom);
        self.watching(place).0
    }

    fn refused(&mut self, place: usize, whom: Watched) -> Vec<(ErrorCode, u8)> {
        self.ask(place, whom);
        self.host.errors(self.connections[place], 2)
    }

    fn leave(&mut self, place: usize) {
        self.host.send(self.connections[place], &ClientMessage::LeaveMatch);
    }

    /// One leaves, and has what it is worth.
    fn done(&mut self, place: usize) {
        self.leave(place);
        self.host.settled(self.connections[place]);
    }

    fn snapshot(&mut self, place: usize, after: u32) -> Snapshot {
        self.host.hear(self.connections[place], "a snapshot", |message| match message {
            ServerMessage::Snapshot(snapshot) if snapshot.tick > after => Some(snapshot.clone()),
            _ => None,
        })
    }
}

fn started(host: &mut TestHost, connection: ConnectionId) -> (MatchId, NetId) {
    host.hear(connection, "a match", |message| match message {
        ServerMessage::MatchStarted { match_id, avatar, .. } => Some((*match_id, *avatar)),
        _ => None,
    })
}

#[test]
fn the_dead_see_by_the_eyes_of_others_who_follow_one_another() {
    let mut trio = Trio::new(TestHost::new(), "open");
    let [_, two, three] = trio.avatars;
    assert_eq!(trio.refused(0, Watched::Next), [(ErrorCode::WrongState, WATCH)], "the living play");
    trio.done(0);
    trio.ask(0, Watched::Next);
    assert_eq!(started(&mut trio.host, trio.connections[0]), (trio.id, two), "the match is told again");
    assert_eq!(trio.watching(0), (two, "player2".to_owned()), "and by whose eyes it is seen");
    let seen = trio.snapshot(0, 0);
    let own = trio.snapshot(1, seen.tick.saturating_sub(1));
    assert!(seen.own.is_some(), "that one lives");
    // Nobody moves, so it does not matter that seats take turns.
    assert_eq!(seen.own, own.own, "it is where it says");
    assert_eq!(seen.records, own.records, "and sees what it sees");
    assert_eq!(seen.input_seq, 0, "what that one steers is its own");

    assert_eq!(trio.watch(0, Watched::Next), three);
    assert_eq!(trio.watch(0, Watched::Next), two, "after the last comes the first");
    assert_eq!(trio.watch(0, Watched::Previous), three);
    let own = Watched::Participant { avatar: trio.avatars[0] };
    assert_eq!(trio.refused(0, own), [(ErrorCode::NoSuchEntity, WATCH)], "the dead are not to be watched");
    let act = ClientMessage::Act { seq: 900, act: Act::Use { item: NetId(1) }, seen: None };
    trio.host.send(trio.connections[0], &act);
    assert_eq!(trio.host.errors(trio.connections[0], 2), [(ErrorCode::WrongState, ACT)], "nor do the dead act");

    trio.leave(2);
    assert_eq!(trio.watching(0).0, two, "the eyes pass on");
    trio.leave(1);
    assert_eq!(trio.watching(0).0, NetId::NONE, "until nobody is left");
    trio.host.hear(trio.connections[0], "the table", |message| {
        matches!(message, ServerMessage::MatchEnded { .. }).then_some(())
    });
}

#[test]
fn of_strangers_nothing_is_shown_where_a_mode_shows_ones_party() {
    let mut trio = Trio::new(TestHost::with_plugin(in_pairs), "trio");
    let [_, friend, stranger] = trio.avatars;
    trio.done(0);
    assert_eq!(trio.watch(0, Watched::Next), friend);
    assert_eq!(trio.watch(0, Watched::Next), friend, "there is no other");
    let asked = Watched::Participant { avatar: stranger };
    let inside = trio.refused(0, asked);
    assert_eq!(inside, [(ErrorCode::NoSuchEntity, WATCH)], "a stranger is not shown");
    trio.leave(1);
    assert_eq!(trio.watching(0).0, NetId::NONE, "nor after the friend");
    assert_eq!(trio.refused(0, Watched::Next), [(ErrorCode::NoSuchEntity, WATCH)]);
    trio.host.steps(3);
    let heard = trio.host.take(trio.connections[0]);
    let snapshots = heard.iter().filter(|message| matches!(message, ServerMessage::Snapshot(_))).count();
    assert_eq!(snapshots, 0, "and nothing comes any more: {heard:?}");
}

#[test]
fn who_is_in_no_party_sees_nobody_and_is_not_told_who_lives() {
    let mut trio = Trio::new(TestHost::with_plugin(in_pairs), "trio");
    let [dead, alive, _] = trio.avatars;
    trio.done(2);
    trio.done(0);
    for whom in [Watched::Next, Watched::Participant { avatar: dead }, Watched::Participant { avatar: alive }] {
        assert_eq!(trio.refused(2, whom), [(ErrorCode::NoSuchEntity, WATCH)], "{whom:?}");
    }
}

#[test]
fn nobody_watches_where_the_mode_does_not_show_it_nor_a_match_one_was_not_in() {
    let mut trio = Trio::new(TestHost::new(), "closed");
    trio.done(0);
    assert_eq!(trio.refused(0, Watched::Next), [(ErrorCode::WrongState, WATCH)], "the mode shows nobody");
    let mut trio = Trio::new(TestHost::new(), "open");
    let stranger = trio.host.enter(4);
    trio.host.send(stranger, &ClientMessage::Watch { match_id: trio.id, whom: Watched::Next });
    assert_eq!(trio.host.errors(stranger, 2), [(ErrorCode::WrongState, WATCH)], "it was not in it");
    trio.done(0);
    let elsewhere = ClientMessage::Watch { match_id: MatchId(9_999), whom: Watched::Next };
    trio.host.send(trio.connections[0], &elsewhere);
    assert_eq!(trio.host.errors(trio.connections[0], 2), [(ErrorCode::WrongState, WATCH)], "there is no such match");
}

#[test]
fn who_watches_asks_for_the_names_of_those_it_sees() {
    let mut trio = Trio::new(TestHost::new(), "open");
    let [_, two, three] = trio.avatars;
    let ask = ClientMessage::AskNames { avatars: vec![three] };
    // Of all three it was told unasked.
    let named = |message: &ServerMessage| match message {
        ServerMessage::Roster { players, .. } if players.len() == 1 => Some(players[0].avatar),
        _ => None,
    };
    trio.done(0);
    trio.host.send(trio.connections[0], &ask);
    trio.host.steps(3);
    let heard = trio.host.take(trio.connections[0]);
    assert!(!heard.iter().any(|message| named(message).is_some()), "who watches nobody sees nobody: {heard:?}");
    assert_eq!(trio.watch(0, Watched::Next), two);
    trio.host.send(trio.connections[0], &ask);
    assert_eq!(trio.host.hear(trio.connections[0], "a name", named), three);
}

#[test]
fn a_new_connection_goes_on_to_watch() {
    let mut trio = Trio::new(TestHost::new(), "open");
    let three = trio.avatars[2];
    trio.done(0);
    assert_eq!(trio.watch(0, Watched::Participant { avatar: three }), three);
    trio.host.lose(trio.connections[0]);
    trio.host.steps(3);
    trio.connections[0] = trio.host.enter(1);
    assert_eq!(started(&mut trio.host, trio.connections[0]), (trio.id, three), "the match is told again");
    assert_eq!(trio.watching(0).0, three, "the same one is watched");
    assert!(trio.snapshot(0, 0).own.is_some(), "and seen");
}

#[test]
fn who_has_seen_enough_or_plays_again_watches_no_more() {
    let mut trio = Trio::new(TestHost::new(), "open");
    trio.done(0);
    trio.watch(0, Watched::Next);
    assert_eq!(trio.watch(0, Watched::Nobody), NetId::NONE, "it is enough");
    trio.host.take(trio.connections[0]);
    trio.host.steps(5);
    assert_eq!(trio.host.take(trio.connections[0]), [], "nothing comes any more");
    let two = trio.watch(0, Watched::Next);
    assert_ne!(two, NetId::NONE, "it may look again");
    let fourth = trio.host.enter(4);
    for connection in [trio.connections[0], fourth] {
        trio.host.queue(connection, "duel");
    }
    assert_eq!(trio.watching(0).0, NetId::NONE, "a match was found, and it has something else to do");
    let next = trio.host.started(trio.connections[0]);
    assert_ne!(next, trio.id, "it plays that one");
}
