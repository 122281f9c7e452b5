//! An item that was sold between the choice and the beginning of the match was missing there without a word.

use hypogeum_client::{Api, Change};
use hypogeum_protocol::ItemId;
use hypogeum_testkit::{DASH, Player};

use crate::dash::{is_in, server, together};

#[test]
fn who_sells_what_it_has_chosen_learns_that_the_match_begins_without_it() {
    let folder = tempfile::tempdir().expect("a directory for the test");
    let server = server(folder.path(), &[]);
    let [mut ada, mut grace] = ["Ada", "Grace"].map(|name| Player::guest(&server.url, name));
    for player in [&mut ada, &mut grace] {
        player.queue(DASH);
    }
    together(&mut [&mut ada, &mut grace], "a loadout opens", |players| {
        players.iter().all(|player| player.view().loadout.is_some())
    });
    let offer = ada.view().loadout.as_ref().expect("just seen");
    let brought: Vec<ItemId> = offer.stash.iter().take(2).map(|item| item.item).collect();
    ada.client().choose_loadout(brought.clone());
    together(&mut [&mut ada, &mut grace], "the choice stands", |players| {
        players[0].view().loadout.as_ref().is_some_and(|offer| offer.chosen == brought)
    });

    let api = Api::new(&server.url).expect("the server's URL is good");
    let login = api.guest("Ada").expect("the login is good");
    let stash = api.stash(&login).expect("the stash can be read").items;
    let sold = stash.iter().find(|entry| entry.item == brought[0]).expect("it is in the stash");
    let prices = api.shop(&login).expect("the shop is open");
    let price = prices.iter().find(|price| price.template == sold.template).and_then(|price| price.sell_price);
    api.sell(&login, sold.seen(), price.expect("the shop buys it")).expect("it is sold");

    ada.take_seen();
    grace.client().choose_loadout(Vec::new());
    together(&mut [&mut ada, &mut grace], "both are in", |players| {
        players.iter().all(|player| is_in(player, 1)) && players[0].view().inventory.len() == 1
    });
    let refused_items: Vec<ItemId> = ada.take_seen().into_iter().filter_map(refused).flatten().collect();
    assert_eq!(refused_items, [brought[0]], "it learns what stays in the stash");
    assert_eq!(ada.view().inventory[0].item, brought[1], "and has the rest");
    assert_eq!(grace.take_seen().into_iter().find_map(refused), None, "the other is sent nothing");
}

fn refused(change: Change) -> Option<Vec<ItemId>> {
    match change {
        Change::LoadoutRefused(items) => Some(items),
        _ => None,
    }
}
