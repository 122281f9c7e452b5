//! The Rust SDK against the gateway: both ends read each other.

use std::time::Duration;

use hypogeum_client::{Api, ApiError, Goods, InventoryPlace, TradeState};
use hypogeum_economy::{ItemPlace, PriceList, STASH_CAPACITY_DEFAULT};
use hypogeum_protocol::{AccountId, CharacterId, MatchId};

use crate::memory::{Memory, WALLET};
use crate::server::{GOOD, Server};

fn code<T: std::fmt::Debug>(outcome: Result<T, ApiError>) -> String {
    outcome.expect_err("it is refused").code().to_owned()
}

#[test]
fn a_login_is_refreshed_and_ended_by_the_sdk() {
    let server = Server::plain();
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    api.register("Ada", GOOD).unwrap();
    let first = api.login("Ada", GOOD).unwrap();
    let second = api.refresh(&first).unwrap();
    let shade = api.create_character(&second, "Shade").unwrap();
    assert_eq!(api.characters(&second), Ok(vec![shade.clone()]), "the character is there");
    assert!(api.connect_token_as(&second, Some(shade.id)).is_ok(), "and played");
    assert_eq!(api.delete_character(&second, shade.id), Ok(()), "and deleted");
    assert_eq!(code(api.connect_token_as(&second, Some(shade.id))), "no_such_character", "then it is gone");
    assert_eq!(api.logout(&second), Ok(()), "leaving");
    assert_eq!(code(api.connect_token(&second)), "login_closed", "is leaving");
    api.login("Ada", GOOD).unwrap();
    let last = api.login("Ada", GOOD).unwrap();
    assert_eq!(api.logout_everywhere(&last), Ok(2), "from everywhere");
}

#[test]
fn who_comes_back_to_a_server_that_forgot_its_secret_refreshes() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    api.register("Ada", GOOD).unwrap();
    let mut login = api.login("Ada", GOOD).unwrap();
    server.stop();
    assert_eq!(code(api.come_back(&mut login, None, Duration::ZERO)), "unreachable", "the server is gone");

    let server = Server::with_secret([9; 32], |_| (), store);
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    assert_eq!(code(api.connect_token(&login)), "unauthorized", "its successor knows no token of it");
    let old = login.refresh_token.clone();
    assert!(api.come_back(&mut login, None, Duration::from_secs(60)).is_ok(), "but the store knows the login");
    assert_ne!(login.refresh_token, old, "which goes on with new tokens");
    assert!(api.connect_token(&login).is_ok(), "that are good");
}

#[test]
fn goods_change_hands_by_the_sdk() {
    let store = Memory::default();
    let server = Server::start(|config| config.prices = PriceList::new([("knife".into(), 75)]), store.clone());
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    let [ada, bob] = ["Ada", "Bob"].map(|name| {
        api.register(name, GOOD).unwrap();
        api.login(name, GOOD).unwrap()
    });
    let price = api.shop(&ada).unwrap().remove(0);
    let bought = api.buy(&ada, 7, &price.template, price.buy_price).unwrap();
    assert_eq!(bought.balance, WALLET - 75, "a knife is bought");
    assert_eq!(api.buy(&ada, 7, &price.template, price.buy_price), Ok(bought), "once");
    let mut stash = api.stash(&ada).unwrap();
    assert_eq!(
        (stash.currency, stash.capacity),
        (bought.balance, STASH_CAPACITY_DEFAULT),
        "with the wallet and the room beside it"
    );
    let knife = stash.items.remove(0);
    assert_eq!(knife.item, bought.item, "it is in the stash");

    let gives = Goods { items: vec![knife.seen()], currency: 0 };
    let wants = Goods { items: Vec::new(), currency: 50 };
    let trade = api.propose(&ada, AccountId(bob.account_id), &gives, &wants).unwrap();
    let listed = api.trades(&bob).unwrap().remove(0);
    assert_eq!((listed.id, listed.state), (trade, TradeState::Open), "Bob sees the offer");
    assert_eq!((&listed.gives, &listed.wants), (&gives, &wants), "as Ada made it");
    assert_eq!(api.accept(&bob, trade).unwrap().state, TradeState::Accepted, "and accepts");
    assert_eq!(code(api.cancel(&ada, trade)), "trade_closed", "that is that");

    let mine = api.stash(&bob).unwrap().items.remove(0);
    let stale = api.sell(&bob, knife.seen(), 37).expect_err("the knife has moved");
    assert_eq!((stale.code(), stale.found()), ("conflict", Some(mine.version as i64)), "and the SDK says how often");
    assert_eq!(api.sell(&bob, mine.seen(), price.sell_price.unwrap()), Ok(WALLET - 50 + 37), "as it is now it is sold");
}

#[test]
fn what_an_account_is_and_has_played_is_read_by_the_sdk() {
    let store = Memory::default();
    let server = Server::start(|_| (), store.clone());
    let api = Api::new(&format!("http://{}", server.address)).unwrap();
    api.register("Ada", GOOD).unwrap();
    let ada = api.login("Ada", GOOD).unwrap();
    let profile = api.profile(&ada).unwrap();
    assert_eq!((profile.account, profile.name.as_str(), profile.rating), (AccountId(1), "Ada", 1_500), "it is Ada");
    let vest = store.lay(1, 8, "vest", 1);
    let into = MatchId::first_of(8_192);
    store.place(vest, ItemPlace::Brought { into, by: Some(CharacterId(3)) });
    let item = api.inventory(&ada).unwrap().items.remove(0);
    assert_eq!((item.entry.item, item.place), (vest, InventoryPlace::Brought), "she has brought it somewhere");
    assert_eq!((item.brought_into, item.character), (Some(into), Some(CharacterId(3))), "where, and as whom");
    let far = MatchId::first_of(u16::MAX);
    store.play(1, far.0, 500);
    assert_eq!(api.played_match(&ada, far).map(|played| played.id), Ok(far), "also one whose number JSON cannot have");
    store.with_matches(1, Vec::clear);
    for id in [1, 2, 3] {
        store.play(1, id, 1_000 + id);
    }
    let first = api.matches(&ada, None, 2).unwrap();
    let rest = api.matches(&ada, first.next.as_deref(), 2).unwrap();
    let numbers: Vec<u64> = [&first, &rest].iter().flat_map(|page| &page.matches).map(|played| played.id.0).collect();
    assert_eq!((numbers, &rest.next), (vec![3, 2, 1], &None), "page by page");
    assert_eq!(api.played_match(&ada, MatchId(2)).as_ref(), Ok(&first.matches[1]), "or one alone");
    assert_eq!(code(api.played_match(&ada, MatchId(9))), "no_such_match", "which there must be");
}
