//! What lies at home, trades with other players, and the shop.

use hypogeum_protocol::{AccountId, ItemId, TradeId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Api, ApiError, Login};

/// An item with the version it was seen at. Every move raises that, and what has moved since is not moved by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemVersion {
    /// Its name for ever.
    #[serde(with = "item_text")]
    pub item: ItemId,
    /// How often it has been moved.
    pub version: u64,
}

/// An item that lies at home.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct StashEntry {
    /// Its name for ever.
    #[serde(with = "item_text")]
    pub item: ItemId,
    /// Key of its template.
    pub template: String,
    /// How often it has been moved or changed.
    pub version: u64,
    /// How many pieces it is, 1 and up.
    pub count: u32,
    /// How much of its durability is gone, 0 and up.
    pub wear: u32,
    /// Whether it stays with its account.
    pub bound: bool,
}

/// What an account has at home, as it was at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Stash {
    /// What lies there.
    pub items: Vec<StashEntry>,
    /// What the wallet holds.
    pub currency: i64,
    /// How many items the stash has room for; there may be more in it already.
    pub capacity: u32,
}

impl StashEntry {
    /// The item as it was seen.
    #[must_use]
    pub const fn seen(&self) -> ItemVersion {
        ItemVersion { item: self.item, version: self.version }
    }
}

/// What one side of a trade gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goods {
    /// At most 32, none twice.
    pub items: Vec<ItemVersion>,
    /// Currency given besides, at least 0.
    pub currency: i64,
}

/// How far a trade has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TradeState {
    /// It may be accepted.
    Open,
    /// Everything has changed hands.
    Accepted,
    /// One of the two called it off.
    Cancelled,
    /// Nobody accepted it in time.
    Expired,
}

/// A trade this account has proposed or was proposed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Trade {
    /// Its number, by which it is accepted or called off.
    #[serde(rename = "trade_id")]
    pub id: TradeId,
    /// Who proposed it.
    pub from: AccountId,
    /// Who may accept it.
    pub to: AccountId,
    /// What `from` gives.
    pub gives: Goods,
    /// What `to` gives.
    pub wants: Goods,
    /// What became of it.
    pub state: TradeState,
    /// How long it may still be accepted.
    pub expires_in_s: u64,
}

/// What the shop asks and pays for one kind of item.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Price {
    /// Key of the template.
    pub template: String,
    /// What it asks.
    pub buy_price: i64,
    /// What it pays; `None`: it buys none.
    #[serde(default)]
    pub sell_price: Option<i64>,
}

/// What was bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct Bought {
    /// The item, now at home.
    #[serde(with = "item_text")]
    pub item: ItemId,
    /// What is left in the wallet.
    pub balance: i64,
}

#[derive(Deserialize)]
struct Shop {
    items: Vec<Price>,
}

#[derive(Deserialize)]
struct Trades {
    trades: Vec<Trade>,
}

#[derive(Deserialize)]
struct Proposed {
    trade_id: TradeId,
}

#[derive(Deserialize)]
struct Sold {
    balance: i64,
}

impl Api {
    /// What lies at home, what the wallet holds, and how much room there is.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn stash(&self, login: &Login) -> Result<Stash, ApiError> {
        self.get("/v1/stash", login)
    }

    /// The trades the account has proposed or was proposed: all that are open, and as many of those that are over as fit on one page.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn trades(&self, login: &Login) -> Result<Vec<Trade>, ApiError> {
        self.get("/v1/trades", login).map(|Trades { trades }| trades)
    }

    /// Proposes a trade, which confirms it for this side. Nothing moves before the other one accepts.
    ///
    /// # Errors
    /// As [`Api::characters`], with the codes of trades: see `PROTOCOL.md` of `hypogeum-protocol`.
    pub fn propose(&self, login: &Login, to: AccountId, gives: &Goods, wants: &Goods) -> Result<TradeId, ApiError> {
        let body = json!({ "to": to, "gives": gives, "wants": wants });
        self.post("/v1/trades", Some(login), &body).map(|Proposed { trade_id }| trade_id)
    }

    /// Accepts a trade: everything changes hands at once. Asked again it answers the same and moves nothing.
    ///
    /// # Errors
    /// As [`Api::propose`].
    pub fn accept(&self, login: &Login, trade: TradeId) -> Result<Trade, ApiError> {
        self.post(&format!("/v1/trades/{trade}/accept"), Some(login), &json!({}))
    }

    /// Calls a trade off.
    ///
    /// # Errors
    /// As [`Api::propose`].
    pub fn cancel(&self, login: &Login, trade: TradeId) -> Result<(), ApiError> {
        self.delete::<Value>(&format!("/v1/trades/{trade}"), login).map(drop)
    }

    /// What the shop deals in.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn shop(&self, login: &Login) -> Result<Vec<Price>, ApiError> {
        self.get("/v1/shop", login).map(|Shop { items }| items)
    }

    /// Buys an item at the price that was seen. `key` is this purchase's own, any number never used before: asked again
    /// with the same, because an answer got lost, nothing is bought twice, whatever the price is by now.
    ///
    /// # Errors
    /// As [`Api::propose`].
    pub fn buy(&self, login: &Login, key: u64, template: &str, price: i64) -> Result<Bought, ApiError> {
        self.post("/v1/shop/buy", Some(login), &json!({ "key": key, "template": template, "price": price }))
    }

    /// Sells an item at the price that was seen; what the wallet holds then. Asked again for the same item at the same
    /// version, because an answer got lost, nothing is paid twice.
    ///
    /// # Errors
    /// As [`Api::propose`].
    pub fn sell(&self, login: &Login, item: ItemVersion, price: i64) -> Result<i64, ApiError> {
        let body = json!({ "item": item.item.to_string(), "version": item.version, "price": price });
        self.post("/v1/shop/sell", Some(login), &body).map(|Sold { balance }| balance)
    }
}

/// Items in JSON: the text they are shown as.
mod item_text {
    use hypogeum_protocol::ItemId;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(item: &ItemId, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(item)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ItemId, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{answering, login};
    use super::*;

    #[test]
    fn a_trade_is_proposed_and_read_in_the_words_of_the_server() {
        let (api, asked) = answering("201 Created", r#"{"trade_id":3,"expires_in_s":3600}"#);
        let item = ItemId { origin: 0xAB, serial: 7 };
        let gives = Goods { items: vec![ItemVersion { item, version: 2 }], currency: 0 };
        let trade = api.propose(&login(), AccountId(2), &gives, &Goods { items: vec![], currency: 50 });
        assert_eq!(trade, Ok(TradeId(3)), "it has a number");
        let asked = asked.join().expect("one request");
        let body = r#"{"gives":{"currency":0,"items":[{"item":"ab-7","version":2}]},"to":2,"wants":{"currency":50,"items":[]}}"#;
        assert!(asked.ends_with(body), "an item is the text it is shown as: {asked}");

        let listed = r#"{"trades":[{"trade_id":3,"from":1,"to":2,"gives":{"items":[{"item":"ab-7","version":2}],"currency":0},
            "wants":{"items":[],"currency":50},"state":"open","expires_in_s":3599}]}"#;
        let (api, asked) = answering("200 OK", listed);
        let trades = api.trades(&login()).expect("it is read");
        assert_eq!((trades[0].state, &trades[0].gives), (TradeState::Open, &gives), "as it was proposed");
        assert!(asked.join().expect("one request").starts_with("GET /v1/trades "), "it was looked at");
    }

    #[test]
    fn a_conflict_tells_what_is_there_now() {
        let body = r#"{"code":"conflict","message":"moved","item":"ab-7","expected":2,"found":3}"#;
        let (api, _) = answering("409 Conflict", body);
        let error = api.accept(&login(), TradeId(3)).expect_err("it has moved");
        assert_eq!((error.code(), error.found(), error.is_passing()), ("conflict", Some(3), false), "once and for all");
        let (api, asked) = answering("200 OK", r#"{"trade_id":3,"state":"cancelled"}"#);
        assert_eq!(api.cancel(&login(), TradeId(3)), Ok(()), "so it is called off");
        assert!(asked.join().expect("one request").starts_with("DELETE /v1/trades/3 "), "by its number");
    }
}
