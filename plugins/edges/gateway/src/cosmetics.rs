//! What players wear to be looked at: the shop of it, and what the caller has and wears.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use hypogeum_accounts::AccountName;
use hypogeum_economy::{Cosmetic, CosmeticBought, CosmeticError, LOOKED_AT_MAX, Wardrobe};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::body::{JsonBody, NoBody, RequestBody};
use crate::caller::Caller;
use crate::economy;
use crate::error::ApiError;
use crate::gateway::Gateway;
use crate::openapi::values::{Currency, Price, SlotWord};
use crate::store::GatewayStore;

#[derive(Serialize, ToSchema)]
#[schema(as = Cosmetics)]
pub(crate) struct CosmeticsBody {
    cosmetics: Vec<CosmeticBody>,
    #[schema(value_type = Currency)]
    currency: i64,
}

#[derive(Serialize, ToSchema)]
#[schema(as = Cosmetic)]
struct CosmeticBody {
    key: String,
    name: String,
    description: String,
    /// Where it is worn; left out: it is a bundle.
    #[schema(value_type = SlotWord, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    slot: Option<&'static str>,
    /// 24 bits of red, green and blue.
    colour: u32,
    /// What the caller pays now; left out: it is not sold, or owned already.
    #[schema(value_type = Price, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<i64>,
    level_min: u32,
    /// Of a bundle, what is in it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    parts: Vec<String>,
    is_owned: bool,
    is_equipped: bool,
}

impl CosmeticBody {
    fn of(cosmetic: &Cosmetic, wardrobe: &Wardrobe) -> Self {
        let price = cosmetic.price_for(&wardrobe.owned);
        let is_bundle = cosmetic.slot.is_none();
        let parts = cosmetic.parts.iter().filter(|_| is_bundle).map(|(key, _)| key.clone());
        Self {
            key: cosmetic.key.clone(),
            name: cosmetic.name.clone(),
            description: cosmetic.description.clone(),
            slot: cosmetic.slot.map(hypogeum_economy::CosmeticSlot::word),
            colour: cosmetic.colour,
            price: price.filter(|_| cosmetic.is_sold),
            level_min: cosmetic.level_min,
            parts: parts.collect(),
            is_owned: price.is_none(),
            is_equipped: wardrobe.worn.contains(&cosmetic.key),
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CosmeticPurchase {
    key: u64,
    #[schema(value_type = Price)]
    price: i64,
}

impl RequestBody for CosmeticPurchase {
    const SHAPE: &'static str = r#"{"key": number, "price": number}"#;
}

#[derive(Serialize, ToSchema)]
#[schema(as = CosmeticBought)]
pub(crate) struct CosmeticBoughtBody {
    cosmetic: String,
    #[schema(value_type = Price)]
    price: i64,
    #[schema(value_type = Currency)]
    balance: i64,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CosmeticRefund {
    key: u64,
}

impl RequestBody for CosmeticRefund {
    const SHAPE: &'static str = r#"{"key": number}"#;
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Refunded {
    #[schema(value_type = Currency)]
    balance: i64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Equipped {
    cosmetic: String,
    is_equipped: bool,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookedAt {
    /// Names of accounts or characters.
    #[schema(max_items = 64)]
    names: Vec<String>,
}

impl RequestBody for LookedAt {
    const SHAPE: &'static str = r#"{"names": [string]}"#;
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Looks {
    /// In the order asked for; who wears nothing is left out.
    looks: Vec<Look>,
}

#[derive(Serialize, ToSchema)]
struct Look {
    /// As it was asked for.
    name: String,
    /// Keys of what is worn.
    cosmetics: Vec<String>,
}

type Key = Result<Path<String>, PathRejection>;

fn cosmetic_of<S: GatewayStore>(gateway: &Gateway<S>, key: Key) -> Result<&Cosmetic, ApiError> {
    let Path(key) = key.map_err(|_| ApiError::NotFound)?;
    gateway.config.cosmetics.find(&key).ok_or_else(|| CosmeticError::NoSuchCosmetic(key).into())
}

pub(crate) async fn list<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    _: NoBody,
) -> Result<Json<CosmeticsBody>, ApiError> {
    let wardrobe = gateway.store.wardrobe(caller.account).await?;
    let cosmetics = gateway.config.cosmetics.iter().map(|cosmetic| CosmeticBody::of(cosmetic, &wardrobe)).collect();
    Ok(Json(CosmeticsBody { cosmetics, currency: wardrobe.currency }))
}

pub(crate) async fn look<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    JsonBody(LookedAt { names }): JsonBody<LookedAt>,
) -> Result<Json<Looks>, ApiError> {
    if names.len() > LOOKED_AT_MAX {
        return Err(CosmeticError::TooManyNames(names.len()).into());
    }
    let keys: Vec<String> = names.iter().map(|name| AccountName::key_of(name)).collect();
    let worn = gateway.store.worn_by(keys.clone()).await?;
    // What the content has no more, nobody can paint.
    let is_there = |own: &&String| gateway.config.cosmetics.find(own.as_str()).is_some();
    let look = |(name, key): (String, String)| {
        let cosmetics: Vec<String> = worn.get(&key)?.iter().filter(is_there).cloned().collect();
        (!cosmetics.is_empty()).then_some(Look { name, cosmetics })
    };
    Ok(Json(Looks { looks: names.into_iter().zip(keys).filter_map(look).collect() }))
}

pub(crate) async fn buy<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    key: Key,
    JsonBody(CosmeticPurchase { key: purchase, price }): JsonBody<CosmeticPurchase>,
) -> Result<Json<CosmeticBoughtBody>, ApiError> {
    let cosmetic = cosmetic_of(&gateway, key)?;
    gateway.check_grants()?;
    let bought = gateway.store.buy_cosmetic(caller.account, purchase, cosmetic, price).await?;
    let CosmeticBought { cosmetic, price, balance } = bought;
    Ok(Json(CosmeticBoughtBody { cosmetic, price, balance }))
}

pub(crate) async fn refund<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    JsonBody(CosmeticRefund { key }): JsonBody<CosmeticRefund>,
) -> Result<Json<Refunded>, ApiError> {
    gateway.check_grants()?;
    let balance = gateway.store.refund_cosmetic(caller.account, key).await?;
    Ok(Json(Refunded { balance }))
}

pub(crate) async fn equip<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    key: Key,
    _: NoBody,
) -> Result<Json<Equipped>, ApiError> {
    let cosmetic = cosmetic_of(&gateway, key)?;
    let slot = cosmetic.slot.ok_or_else(|| CosmeticError::NotWearable(cosmetic.key.clone()))?;
    gateway.store.equip_cosmetic(caller.account, &cosmetic.key, slot).await?;
    Ok(Json(Equipped { cosmetic: cosmetic.key.clone(), is_equipped: true }))
}

pub(crate) async fn unequip<S: GatewayStore>(
    State(gateway): State<Arc<Gateway<S>>>,
    Extension(caller): Extension<Caller>,
    key: Key,
    _: NoBody,
) -> Result<Json<Equipped>, ApiError> {
    let cosmetic = cosmetic_of(&gateway, key)?;
    gateway.store.unequip_cosmetic(caller.account, &cosmetic.key).await?;
    Ok(Json(Equipped { cosmetic: cosmetic.key.clone(), is_equipped: false }))
}

/// The HTTP status of a refusal.
pub(crate) const fn status(error: &CosmeticError) -> StatusCode {
    match error {
        CosmeticError::NoSuchCosmetic(_) | CosmeticError::NotSold(_) | CosmeticError::NoSuchPurchase(_) => {
            StatusCode::NOT_FOUND
        }
        CosmeticError::NotWearable(_) | CosmeticError::TooManyNames(_) => StatusCode::BAD_REQUEST,
        CosmeticError::NotOwned(_) | CosmeticError::LevelTooLow { .. } => StatusCode::FORBIDDEN,
        CosmeticError::AlreadyOwned(_) | CosmeticError::RefundOver | CosmeticError::Used => StatusCode::CONFLICT,
        CosmeticError::Economy(error) => economy::status(error),
    }
}

/// The stable name of a refusal.
pub(crate) const fn code(error: &CosmeticError) -> &'static str {
    match error {
        CosmeticError::NoSuchCosmetic(_) => "no_such_cosmetic",
        CosmeticError::NotSold(_) => "cosmetic_not_sold",
        CosmeticError::AlreadyOwned(_) => "already_owned",
        CosmeticError::NotOwned(_) => "not_owned",
        CosmeticError::NotWearable(_) => "not_wearable",
        CosmeticError::LevelTooLow { .. } => "level_too_low",
        CosmeticError::NoSuchPurchase(_) => "no_such_purchase",
        CosmeticError::RefundOver => "refund_over",
        CosmeticError::Used => "cosmetic_used",
        CosmeticError::TooManyNames(_) => "too_many_names",
        CosmeticError::Economy(error) => economy::code(error),
    }
}

/// What a program needs to know to do better.
pub(crate) fn details(error: &CosmeticError) -> Option<Value> {
    match error {
        CosmeticError::NoSuchCosmetic(key)
        | CosmeticError::NotSold(key)
        | CosmeticError::AlreadyOwned(key)
        | CosmeticError::NotOwned(key)
        | CosmeticError::NotWearable(key) => Some(json!({ "cosmetic": key })),
        CosmeticError::LevelTooLow { needed, found } => Some(json!({ "needed": needed, "found": found })),
        CosmeticError::NoSuchPurchase(_) => Some(json!({ "field": "key" })),
        CosmeticError::TooManyNames(_) => Some(json!({ "field": "names", "most": LOOKED_AT_MAX })),
        CosmeticError::RefundOver | CosmeticError::Used => None,
        CosmeticError::Economy(error) => economy::details(error),
    }
}
