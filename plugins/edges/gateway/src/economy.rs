//! How refusals of trades and the shop are answered.

use axum::http::StatusCode;
use hypogeum_economy::EconomyError;
use serde_json::{Value, json};

/// The HTTP status of such a refusal.
pub(crate) const fn status(error: &EconomyError) -> StatusCode {
    match error {
        EconomyError::InvalidAmount(_)
        | EconomyError::SelfTrade
        | EconomyError::TooManyItems(_)
        | EconomyError::SameItemTwice(_)
        | EconomyError::EmptyTrade => StatusCode::BAD_REQUEST,
        EconomyError::NotOwner(_) => StatusCode::FORBIDDEN,
        EconomyError::NoSuchItem(_)
        | EconomyError::NoSuchAccount
        | EconomyError::NoSuchTrade
        | EconomyError::NotForSale => StatusCode::NOT_FOUND,
        EconomyError::Conflict { .. }
        | EconomyError::ItemBound(_)
        | EconomyError::NotEnough { .. }
        | EconomyError::WalletFull
        | EconomyError::StashFull
        | EconomyError::OtherSideCannot
        | EconomyError::TradeClosed(_)
        | EconomyError::TooManyTrades
        | EconomyError::PriceChanged { .. } => StatusCode::CONFLICT,
        EconomyError::TryLater | EconomyError::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// The stable name of such a refusal.
pub(crate) const fn code(error: &EconomyError) -> &'static str {
    match error {
        EconomyError::Conflict { .. } => "conflict",
        EconomyError::NotOwner(_) => "not_owner",
        EconomyError::ItemBound(_) => "item_bound",
        EconomyError::NoSuchItem(_) => "no_such_item",
        EconomyError::InvalidAmount(_) => "invalid_amount",
        EconomyError::NotEnough { .. } => "not_enough",
        EconomyError::WalletFull => "wallet_full",
        EconomyError::StashFull => "stash_full",
        EconomyError::OtherSideCannot => "other_side_cannot",
        EconomyError::SelfTrade => "self_trade",
        EconomyError::NoSuchAccount => "no_such_account",
        EconomyError::NoSuchTrade => "no_such_trade",
        EconomyError::TradeClosed(_) => "trade_closed",
        EconomyError::TooManyItems(_) => "too_many_items",
        EconomyError::TooManyTrades => "too_many_trades",
        EconomyError::SameItemTwice(_) => "same_item_twice",
        EconomyError::EmptyTrade => "empty_trade",
        EconomyError::NotForSale => "not_for_sale",
        EconomyError::PriceChanged { .. } => "price_changed",
        EconomyError::TryLater => "try_later",
        EconomyError::Unavailable => "unavailable",
    }
}

/// What a program needs to know to do better, as fields beside code and message.
pub(crate) fn details(error: &EconomyError) -> Option<Value> {
    let details = match error {
        EconomyError::Conflict { item, expected, found } => {
            json!({ "item": item.to_string(), "expected": expected, "found": found })
        }
        EconomyError::NotOwner(item)
        | EconomyError::ItemBound(item)
        | EconomyError::NoSuchItem(item)
        | EconomyError::SameItemTwice(item) => {
            json!({ "item": item.to_string() })
        }
        EconomyError::NotEnough { needed, found } => json!({ "needed": needed, "found": found }),
        EconomyError::PriceChanged { expected, found } => json!({ "expected": expected, "found": found }),
        EconomyError::TradeClosed(state) => json!({ "state": state.word() }),
        _ => return None,
    };
    Some(details)
}
