//! The shop.

use hypogeum_economy::PriceList;
use serde_json::{Value, json};

use crate::memory::{Memory, WALLET};
use crate::server::{Server, refused};

const NOTHING: Value = Value::Null;

fn shop() -> (Server, Memory, Value) {
    let store = Memory::default();
    let prices = PriceList::new([("knife".into(), 75), ("coin".into(), 1), ("crown".into(), 5_000)]);
    let server = Server::start(|config| config.prices = prices, store.clone());
    let login = server.player("Ada");
    (server, store, login)
}

#[test]
fn what_was_bought_is_sold_at_half() {
    let (server, store, ada) = shop();
    let (_, list) = server.ask(&ada, "GET", "/v1/shop", &NOTHING);
    assert_eq!(
        list["items"],
        json!([
            { "template": "coin", "buy_price": 1 },
            { "template": "crown", "buy_price": 5_000, "sell_price": 2_500 },
            { "template": "knife", "buy_price": 75, "sell_price": 37 },
        ]),
        "it says what it asks and what it pays"
    );
    let purchase = json!({ "key": 42, "template": "knife", "price": 75 });
    let (status, bought) = server.ask(&ada, "POST", "/v1/shop/buy", &purchase);
    assert_eq!((status, &bought["balance"]), (200, &json!(WALLET - 75)), "it is paid for: {bought}");
    let again = server.ask(&ada, "POST", "/v1/shop/buy", &purchase);
    assert_eq!(again, (200, bought.clone()), "asked again with the same key it is bought once");

    let (_, stash) = server.ask(&ada, "GET", "/v1/stash", &NOTHING);
    let entry = &stash["items"][0];
    assert_eq!((&entry["item"], &entry["template"]), (&bought["item"], &json!("knife")), "it is in the stash");
    let sale = json!({ "item": entry["item"], "version": entry["version"], "price": 37 });
    let answer = server.ask(&ada, "POST", "/v1/shop/sell", &sale);
    assert_eq!(answer, (200, json!({ "balance": WALLET - 75 + 37 })), "and is sold");
    assert_eq!(server.ask(&ada, "POST", "/v1/shop/sell", &sale), answer, "asked again, the answer is the same");
    assert_eq!(store.wallet(1), WALLET - 75 + 37, "and it is paid for once");
    let other = json!({ "item": entry["item"], "version": 2, "price": 37 });
    assert_eq!(refused(&server.ask(&ada, "POST", "/v1/shop/sell", &other)), (404, "no_such_item"), "it is gone");
    let bob = server.player("Bob");
    assert_eq!(
        refused(&server.ask(&bob, "POST", "/v1/shop/sell", &sale)),
        (404, "no_such_item"),
        "nor did Bob sell it"
    );
}

#[test]
fn what_was_bought_before_the_price_changed_stays_bought() {
    let (server, store, ada) = shop();
    let purchase = json!({ "key": 42, "template": "knife", "price": 75 });
    let bought = server.ask(&ada, "POST", "/v1/shop/buy", &purchase);
    assert_eq!(bought.0, 200, "a knife at the price of yesterday: {bought:?}");
    server.stop();

    let dearer = PriceList::new([("knife".into(), 80)]);
    let server = Server::start(|config| config.prices = dearer, store.clone());
    assert_eq!(server.ask(&ada, "POST", "/v1/shop/buy", &purchase), bought, "asked again, the answer is the same");
    let another = json!({ "key": 43, "template": "knife", "price": 75 });
    assert_eq!(
        refused(&server.ask(&ada, "POST", "/v1/shop/buy", &another)),
        (409, "price_changed"),
        "a second is dearer"
    );
    let bob = server.player("Bob");
    let answer = server.ask(&bob, "POST", "/v1/shop/buy", &purchase);
    assert_eq!(refused(&answer), (409, "price_changed"), "Bob's keys are his own");
    assert_eq!(store.wallet(1), WALLET - 75, "one knife is paid for");
}

#[test]
fn nobody_pays_another_price_than_they_saw() {
    let (server, store, ada) = shop();
    store.lay(1, 7, "knife", 2);
    store.lay(1, 8, "coin", 1);
    store.lay(2, 9, "knife", 1);
    let buy = |template: &str, price: i64| {
        server.ask(&ada, "POST", "/v1/shop/buy", &json!({ "key": 1, "template": template, "price": price }))
    };
    let sell = |item: &str, version: u64, price: i64| {
        server.ask(&ada, "POST", "/v1/shop/sell", &json!({ "item": item, "version": version, "price": price }))
    };
    let changed = buy("knife", 74);
    assert_eq!(refused(&changed), (409, "price_changed"), "it was seen cheaper");
    assert_eq!((&changed.1["expected"], &changed.1["found"]), (&json!(74), &json!(75)), "by so much: {changed:?}");
    let poor = buy("crown", 5_000);
    assert_eq!(refused(&poor), (409, "not_enough"), "a crown is dear");
    assert_eq!((&poor.1["needed"], &poor.1["found"]), (&json!(5_000), &json!(WALLET)), "how dear: {poor:?}");
    for price in [0, -75, i64::MIN, i64::MAX] {
        assert_eq!(refused(&buy("knife", price)), (400, "invalid_amount"), "{price} is no price");
        assert_eq!(refused(&sell("ab-7", 2, price)), (400, "invalid_amount"), "{price} is no price");
    }
    assert_eq!(refused(&buy("moon", 1)), (404, "not_for_sale"), "nobody sells the moon");
    assert_eq!(refused(&sell("ab-8", 1, 1)), (404, "not_for_sale"), "half of one is nothing");
    assert_eq!(refused(&sell("ab-7", 2, 75)), (409, "price_changed"), "it buys at half");
    assert_eq!(refused(&sell("ab-7", 1, 37)), (409, "conflict"), "it has moved since");
    assert_eq!(refused(&sell("ab-9", 1, 37)), (404, "no_such_item"), "that one is not there");
    assert_eq!(refused(&sell("AB-7", 2, 37)), (400, "malformed_json"), "an item has one name");
    assert_eq!(store.wallet(1), WALLET, "nothing was paid for any of it");
}
