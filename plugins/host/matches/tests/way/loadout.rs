//! What is brought into a match, and what stays in the stash.

use hypogeum_protocol::{ClientMessage, ServerMessage};

use crate::test_host::TestHost;

#[test]
fn an_item_that_is_gone_when_the_match_begins_is_reported_and_the_match_goes_on_without_it() {
    let mut host = TestHost::new();
    let both = [host.enter(1), host.enter(2)];
    for connection in both {
        host.queue(connection, "duel");
    }
    let stash = host.stash(both[0]);
    host.send(both[0], &ClientMessage::ChooseLoadout { items: vec![stash[0], stash[1]] });
    host.step();
    host.store.trade_away(1, stash[0]);
    let refused = host.hear(both[0], "what stays in the stash", |message| match message {
        ServerMessage::LoadoutRefused { items } => Some(items.clone()),
        _ => None,
    });
    assert_eq!(refused, [stash[0]], "what was traded away, and nothing else");
    host.started(both[0]);
    let brought = host.hear(both[0], "what it carries", |message| match message {
        ServerMessage::Inventory { items, .. } => Some(items.iter().map(|item| item.item).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(brought, [stash[1]], "the rest is brought");
    host.started(both[1]);
    let heard = host.take(both[1]);
    let is_refused = heard.iter().any(|message| matches!(message, ServerMessage::LoadoutRefused { .. }));
    assert!(!is_refused, "the other is sent nothing: {heard:?}");
}
