//! Tickets that say what they are and whom they want.

use hypogeum_protocol::{
    ClientMessage, ConnectionId, Property, PropertyFault, PropertyValue, QueryFault, QueueRefusal, ServerMessage,
};

use crate::test_host::TestHost;

fn wants(query: &str, properties: &[(&str, &str)]) -> ClientMessage {
    let property = |(key, text): &(&str, &str)| {
        let value = PropertyValue::Text { text: (*text).to_owned() };
        Property { key: (*key).to_owned(), value }
    };
    ClientMessage::JoinQueueFor {
        mode: "duel".to_owned(),
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
    assert_eq!((why.unwanted, why.wishes, why.next_relaxed_ms), (1, 0, None), "the other one is elsewhere");
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
