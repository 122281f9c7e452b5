//! The shop. Whoever buys or sells names the price it saw, so that a price that changed costs nobody more than agreed.

use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json};
use hypogeum_economy::{EconomyError, ItemVersion, PriceList};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, RequestBody};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::goods::ItemText;
use crate::kept_answer::KeptAnswer;
use crate::openapi::values::{Currency, ItemName, Price};
use crate::store::GatewayStore;

#[derive(Serialize, ToSchema)]
#[schema(as = ShopItem)]
pub(crate) struct Priced {
    template: String,
    #[schema(value_type = Price)]
    buy_price: i64,
    #[schema(value_type = Price)]
    #[serde(skip_serializing_if = "Option::is_none")]
    sell_price: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Shop {
    items: Vec<Priced>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Purchase {
    key: u64,
    template: String,
    #[schema(value_type = Price)]
    price: i64,
}

impl RequestBody for Purchase {
    const SHAPE: &'static str = r#"{"key": number, "template": string, "price": number}"#;
}

#[derive(Serialize, ToSchema)]
#[schema(as = Bought)]
pub(crate) struct BoughtBody {
    #[schema(value_type = ItemName)]
    item: ItemText,
    #[schema(value_type = Currency)]
    balance: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sale {
    #[schema(value_type = ItemName)]
    item: ItemText,
    version: u64,
    #[schema(value_type = Price)]
    price: i64,
}

impl RequestBody for Sale {
    const SHAPE: &'static str = r#"{"item": "HEX-NUMBER", "version": number, "price": number}"#;
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Sold {
    #[schema(value_type = Currency)]
    balance: i64,
}

impl Shop {
    /// What the shop asks and pays, which stays so as long as the server runs; `None` where it is no JSON, which it always is.
    pub(crate) fn answer(prices: &PriceList) -> Option<KeptAnswer> {
        let priced = |(template, buy_price): (&str, i64)| Priced {
            template: template.to_owned(),
            buy_price,
            sell_price: prices.bid(template),
        };
        KeptAnswer::new(&Self { items: prices.asks().map(priced).collect() }).ok().map(KeptAnswer::of_players)
    }
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response, ApiError> {
    Ok(gateway.shop.as_ref().ok_or(ApiError::Unavailable)?.respond(&headers))
}

pub(crate) async fn buy<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(Purchase { key, template, price }): JsonBody<Purchase>,
) -> Result<Json<BoughtBody>, ApiError> {
    let bought = match gateway.config.prices.check_ask(&template, price) {
        Ok(()) => {
            gateway.check_grants()?;
            gateway.store.buy(caller.account, key, &template, price).await?
        }
        // The price may have changed since it was bought, and the answer have got lost.
        Err(refusal) => gateway.store.bought(caller.account, key).await?.ok_or(refusal)?,
    };
    Ok(Json(BoughtBody { item: ItemText(bought.item), balance: bought.balance }))
}

pub(crate) async fn sell<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(Sale { item: ItemText(item), version, price }): JsonBody<Sale>,
) -> Result<Json<Sold>, ApiError> {
    gateway.check_grants()?;
    // What it is worth depends on what it is. An item stays what it is, so looking before selling is soon enough; that
    // it stays where it is, is for the version to say.
    let stash = gateway.store.stash(caller.account).await?;
    let Some(entry) = stash.items.into_iter().find(|entry| entry.item == item) else {
        // It may have been sold, and the answer have got lost.
        let sold = gateway.store.sold(caller.account, ItemVersion { item, version }).await?;
        return Ok(Json(Sold { balance: sold.ok_or(EconomyError::NoSuchItem(item))? }));
    };
    if entry.version != version {
        return Err(EconomyError::Conflict { item, expected: version, found: Some(entry.version) }.into());
    }
    gateway.config.prices.check_bid(&entry.template, price)?;
    // The price is that of a piece, and a stack is sold whole.
    let price = price.saturating_mul(i64::from(entry.state.count));
    let balance = gateway.store.sell(caller.account, ItemVersion { item, version }, price).await?;
    Ok(Json(Sold { balance }))
}
