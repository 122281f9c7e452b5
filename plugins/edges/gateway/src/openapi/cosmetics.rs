//! What players wear, and what they are rewarded with.

use hypogeum_economy::{CosmeticError, EconomyError};

use hypogeum_progression::REWARDS_PER_PAGE_MAX;

use super::route::{Route, body_refusals};
use crate::cosmetics::{
    CosmeticBoughtBody, CosmeticPurchase, CosmeticRefund, CosmeticsBody, Equipped, LookedAt, Looks, Refunded,
};
use crate::error::ApiError;
use crate::rewards::{AchievementsBody, ClaimBody, DailyTablesBody, SeasonRewardsBody};

pub(super) fn routes() -> Vec<Route> {
    let mut routes = rewards();
    let key = String::new;
    routes.extend([
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
        Route::post("/v1/cosmetics/worn", "look_at_cosmetics", "What others wear, by the names that they go by.")
            .takes::<LookedAt>()
            .answers::<Looks>(200, "Those who wear anything.")
            .refuses([CosmeticError::TooManyNames(65)]),
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
    ]);
    routes
}

fn rewards() -> Vec<Route> {
    vec![
        Route::get("/v1/achievements", "list_achievements", "All achievements, and how far the caller has come.")
            .answers::<AchievementsBody>(200, "All of them.")
            .refuses(body_refusals()),
        Route::get("/v1/daily", "list_daily", "What comes for each day in a row, and how the caller stands.")
            .answers::<DailyTablesBody>(200, "All tables.")
            .refuses(body_refusals()),
        Route::post("/v1/daily/{key}/claim", "claim_daily", "Takes what a table has for today.")
            .answers::<ClaimBody>(200, "It is taken, now or before.")
            .refuses([ApiError::NoSuchDaily, ApiError::TryLater])
            .refuses([EconomyError::NoSuchAccount]),
        Route::get("/v1/season-rewards", "list_season_rewards", "What seasons have given the caller, the last first.")
            .query_count(REWARDS_PER_PAGE_MAX)
            .answers::<SeasonRewardsBody>(200, "The rewards."),
    ]
}
