//! What players wear, and what they are rewarded with.

use hypogeum_economy::{CosmeticError, EconomyError};

use super::route::{Route, body_refusals};
use crate::cosmetics::{CosmeticBoughtBody, CosmeticPurchase, CosmeticRefund, CosmeticsBody, Equipped, Refunded};

pub(super) fn routes() -> Vec<Route> {
    let key = String::new;
    vec![
        Route::get("/v1/cosmetics", "list_cosmetics", "All cosmetics, what of them the caller has and wears.")
            .answers::<CosmeticsBody>(200, "All of them.")
            .refuses(body_refusals()),
        Route::post("/v1/cosmetics/{key}/buy", "buy_cosmetic", "Buys a cosmetic at the price that was seen.")
            .takes::<CosmeticPurchase>()
            .answers::<CosmeticBoughtBody>(200, "It is bought.")
            .refuses([CosmeticError::NoSuchCosmetic(key()), CosmeticError::NotSold(key())])
            .refuses([CosmeticError::AlreadyOwned(key()), CosmeticError::LevelTooLow { needed: 2, found: 1 }])
            .refuses([EconomyError::NotEnough { needed: 2, found: 1 }, EconomyError::NoSuchAccount])
            .refuses([EconomyError::PriceChanged { expected: 1, found: 2 }, EconomyError::TryLater]),
        Route::post("/v1/cosmetics/refund", "refund_cosmetic", "Gives back what was bought.")
            .takes::<CosmeticRefund>()
            .answers::<Refunded>(200, "It is paid back.")
            .refuses([CosmeticError::NoSuchPurchase(1), CosmeticError::RefundOver, CosmeticError::Used])
            .refuses([EconomyError::WalletFull, EconomyError::NoSuchAccount, EconomyError::TryLater]),
        Route::post("/v1/cosmetics/{key}/equip", "equip_cosmetic", "Wears a cosmetic.")
            .answers::<Equipped>(200, "It is worn.")
            .refuses([CosmeticError::NoSuchCosmetic(key()), CosmeticError::NotOwned(key())])
            .refuses([CosmeticError::NotWearable(key())])
            .refuses([EconomyError::NoSuchAccount]),
        Route::post("/v1/cosmetics/{key}/unequip", "unequip_cosmetic", "Wears a cosmetic no more.")
            .answers::<Equipped>(200, "It is not worn.")
            .refuses([CosmeticError::NoSuchCosmetic(key())])
            .refuses([EconomyError::NoSuchAccount]),
    ]
}
