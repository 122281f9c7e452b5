//! Tickets that say what they are and whom they want.

use hypogeum_protocol::{
    ClientMessage, ConnectionId, Property, PropertyFault, PropertyValue, QueryFault, QueueRefusal, ServerMessage,
};

use crate::test_host::TestHost;

fn wants(query: &str, properties: &[(&str, &str)]) -> ClientMessage {
    wants_to_play("duel", query, properties)
}

fn wants_to_play(mode: &str, query: &str, properties: &[(&str, &str)]) -> ClientMessage {
    let property = |(key, text): &(&str, &str)| {
        let value = PropertyValue::Text { text: (*text).to_owned() };
        Property { key: (*key).to_owned(), value }
    };
    ClientMessage::JoinQueueWith {
        mode: mode.to_owned(),
        properties: properties.iter().map(property).collect(),
        query: query.to_owned(),
    }
}

fn refused(host: &mut TestHost, connection: ConnectionId) -> QueueRefusal {
    host.hear(connection, "why it does not queue", |message| match message {
        ServerMessage::QueueRefused { why, .. } => Some(*why),
        _ => None,
    })
}

fn opened(host: &mut TestHost, connection: ConnectionId) -> hypogeum_protocol::MatchId {
    host.hear(connection, "a lobby", |message| match message {
        ServerMessage::LoadoutOpen { match_id, .. } => Some(*match_id),
        _ => None,
    })
}

fn queued(host: &mut TestHost, connection: ConnectionId) {
    host.hear(connection, "its place in line", |message| matches!(message, ServerMessage::Queued { .. }).then_some(()));
}

#[test]
fn people_meet_those_they_ask_for() {
    let mut host = TestHost::new();
    let [ada, bob, eve] = [1, 2, 3].map(|account| host.enter(account));
    host.send(ada, &wants("+region:eu", &[("region", "eu")]));
    host.send(bob, &wants("", &[("region", "us")]));
    queued(&mut host, bob);
    host.send(ada, &ClientMessage::AskQueue);
    let why = host.hear(ada, "how its query stands", |message| match message {
        ServerMessage::QueryExplained(why) => Some(*why),
        _ => None,
    });
    assert_eq!((why.ruled_out, why.shoulds, why.next_relaxed_ms), (1, 0, None), "the other one is elsewhere");
    let why = host.hear(ada, "why it waits", |message| match message {
        ServerMessage::QueueExplained(why) => Some(why.clone()),
        _ => None,
    });
    assert_eq!((why.in_line, why.looked_at), (2, 0), "and not looked at for anything else");
    host.send(eve, &wants("", &[("region", "eu")]));
    assert_eq!(opened(&mut host, ada), opened(&mut host, eve), "the one from the same region");
}

#[test]
fn what_is_wrong_with_a_query_or_a_property_is_named_by_its_place() {
    let mut host = TestHost::new();
    let ada = host.enter(1);
    host.send(ada, &wants("+region:eu level:>much", &[]));
    let why = QueueRefusal::BadQuery { at: 18, fault: QueryFault::BadNumber };
    assert_eq!(refused(&mut host, ada), why, "much is no number");
    host.send(ada, &wants("", &[("region", "eu"), ("Region", "eu")]));
    let why = QueueRefusal::BadProperty { place: 1, fault: PropertyFault::BadKey };
    assert_eq!(refused(&mut host, ada), why, "no key has capitals");
    host.queue(ada, "duel");
    queued(&mut host, ada);
}

#[test]
fn a_lobby_takes_in_who_fits_instead_of_an_autopilot() {
    let mut host = TestHost::new();
    let [ada, bob, eve] = [1, 2, 3].map(|account| host.enter(account));
    host.send(ada, &wants_to_play("filled", "+region:eu", &[("region", "eu")]));
    let lobby = opened(&mut host, ada);
    // Two autopilots fill it, and both come while she chooses what to bring.
    host.send(bob, &wants_to_play("filled", "", &[("region", "us")]));
    host.send(eve, &wants_to_play("filled", "", &[("region", "eu")]));
    assert_eq!(opened(&mut host, eve), lobby, "the one who is asked for comes to her");
    assert_ne!(opened(&mut host, bob), lobby, "the other one gets a lobby to himself");
    for player in [ada, eve] {
        host.send(player, &ClientMessage::ChooseLoadout { items: Vec::new() });
    }
    let started = [ada, eve].map(|player| host.started(player));
    assert_eq!(started, [lobby, lobby], "and both play");
    let names = host.hear(ada, "who is there", |message| match message {
        ServerMessage::Roster { players, .. } => Some(players.len()),
        _ => None,
    });
    assert_eq!(names, 3, "with one autopilot instead of two");
}

#[test]
fn a_lobby_that_closes_soon_takes_nobody_in() {
    let mut host = TestHost::new();
    let [ada, bob] = [1, 2].map(|account| host.enter(account));
    host.queue(ada, "alone");
    let lobby = opened(&mut host, ada);
    host.queue(bob, "alone");
    assert_ne!(opened(&mut host, bob), lobby, "two seconds are too short to choose");
}
