//! The stash, trades, and the shop.

use hypogeum_economy::{EconomyError, TRADES_LISTED_MAX, TradeState};
use hypogeum_protocol::ItemId;

use super::route::{Route, body_refusals};
use crate::error::ApiError;
use crate::inventory::InventoryBody;
use crate::shop::{BoughtBody, Purchase, Sale, Shop, Sold};
use crate::trades::{Cancelled, Proposal, Proposed, Stash, TradeBody, Trades};

const THIS: ItemId = ItemId { origin: 1, serial: 1 };

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/v1/stash", "show_stash", "What the account has.").answers::<Stash>(200, "Stash and wallet."),
        Route::get("/v1/inventory", "show_inventory", "Everything the account has, with where it is.")
            .answers::<InventoryBody>(200, "All items, and the wallet.")
            .refuses(body_refusals())
            .refuses([EconomyError::NoSuchAccount]),
        Route::get("/v1/shop", "list_shop", "What the shop deals in.")
            .answers_kept::<Shop>("All of it, with prices.")
            .refuses(body_refusals()),
        Route::post("/v1/shop/buy", "buy", "Buys an item at the price that was seen.")
            .takes::<Purchase>()
            .answers::<BoughtBody>(200, "It is bought.")
            .refuses(priced())
            .refuses([EconomyError::StashFull, EconomyError::NotEnough { needed: 2, found: 1 }])
            .refuses([EconomyError::NoSuchAccount]),
        Route::post("/v1/shop/sell", "sell", "Sells an item at the price that was seen.")
            .takes::<Sale>()
            .answers::<Sold>(200, "It is sold.")
            .refuses(priced())
            .refuses(moved())
            .refuses([EconomyError::WalletFull, EconomyError::NoSuchAccount]),
    ];
    routes.extend(trades());
    routes
}

fn trades() -> [Route; 4] {
    let closed = || [EconomyError::NoSuchTrade, EconomyError::TradeClosed(TradeState::Accepted)];
    [
        Route::get("/v1/trades", "list_trades", "Trades of the account: those that are open, and the last ones.")
            .page("^(open|over)\\.[0-9]+$", TRADES_LISTED_MAX)
            .answers::<Trades>(200, "A page of trades."),
        Route::post("/v1/trades", "propose_trade", "Proposes a trade, and confirms it by that.")
            .takes::<Proposal>()
            .answers::<Proposed>(201, "It is open.")
            .refuses([EconomyError::TooManyItems(33), EconomyError::InvalidAmount(-1), EconomyError::SelfTrade])
            .refuses([EconomyError::SameItemTwice(THIS), EconomyError::EmptyTrade, EconomyError::NoSuchAccount])
            .refuses([EconomyError::NotEnough { needed: 2, found: 1 }, EconomyError::TooManyTrades])
            .refuses([EconomyError::TryLater])
            .refuses(moved()),
        Route::post("/v1/trades/{id}/accept", "accept_trade", "Accepts a trade: everything changes hands.")
            .answers::<TradeBody>(200, "It is done.")
            .refuses(closed())
            .refuses(moved())
            .refuses([EconomyError::NotEnough { needed: 2, found: 1 }, EconomyError::OtherSideCannot])
            .refuses([EconomyError::WalletFull, EconomyError::StashFull, EconomyError::NoSuchAccount])
            .refuses([EconomyError::TryLater]),
        Route::delete("/v1/trades/{id}", "cancel_trade", "Calls a trade off.")
            .answers::<Cancelled>(200, "It is called off.")
            .refuses(closed()),
    ]
}

/// A price that is none, or another.
fn priced() -> [ApiError; 4] {
    let changed = EconomyError::PriceChanged { expected: 1, found: 2 };
    let refused = [EconomyError::InvalidAmount(-1), EconomyError::NotForSale, changed, EconomyError::TryLater];
    refused.map(ApiError::from)
}

/// An item that is not as it was seen.
fn moved() -> [EconomyError; 4] {
    let conflict = EconomyError::Conflict { item: THIS, expected: 1, found: None };
    [conflict, EconomyError::NotOwner(THIS), EconomyError::ItemBound(THIS), EconomyError::NoSuchItem(THIS)]
}
