//! What is brought into a match, and what stays at home.

use hypogeum_protocol::{ClientMessage, ServerMessage};

use crate::stand::Stand;

#[test]
fn an_item_that_is_gone_when_the_match_begins_is_told_and_the_match_goes_on_without_it() {
    let mut stand = Stand::new();
    let both = [stand.enter(1), stand.enter(2)];
    for connection in both {
        stand.queue(connection, "duel");
    }
    let stash = stand.stash(both[0]);
    stand.send(both[0], &ClientMessage::ChooseLoadout { items: vec![stash[0], stash[1]] });
    stand.step();
    stand.store.trade_away(1, stash[0]);
    let refused = stand.hear(both[0], "what stays at home", |message| match message {
        ServerMessage::LoadoutRefused { items } => Some(items.clone()),
        _ => None,
    });
    assert_eq!(refused, [stash[0]], "what was traded away, and nothing else");
    stand.started(both[0]);
    let brought = stand.hear(both[0], "what it carries", |message| match message {
        ServerMessage::Inventory { items, .. } => Some(items.iter().map(|item| item.item).collect::<Vec<_>>()),
        _ => None,
    });
    assert_eq!(brought, [stash[1]], "the rest is brought");
    stand.started(both[1]);
    let heard = stand.take(both[1]);
    let told = heard.iter().any(|message| matches!(message, ServerMessage::LoadoutRefused { .. }));
    assert!(!told, "the other is told nothing: {heard:?}");
}
