//! Cosmetics: bought once for each key, worn one in each slot, given back while they may.

use hypogeum_accounts::AccountName;
use hypogeum_content::Content;
use hypogeum_economy::{Cosmetic, CosmeticCatalog, CosmeticError, CosmeticSlot, CosmeticStore, EconomyError};
use hypogeum_persistence::Store;
use hypogeum_protocol::AccountId;

use crate::world::{Directory, PURSE, profile, register, settle, take, wait};

const LEDGER_SUM: &str = "SELECT COALESCE(SUM(amount), 0) FROM ledger";
const WALLETS_APART_FROM_LEDGER: &str = "SELECT COUNT(*) FROM profiles WHERE currency <>
    (SELECT COALESCE(SUM(amount), 0) FROM ledger WHERE ledger.account = profiles.account)";

/// Of the key.
pub(crate) fn cosmetic(key: &str) -> Cosmetic {
    let files = [
        (
            "cosmetics/both.ron",
            r#"(name: "Both", description: "B.", kind: Bundle, price: 60, parts: ["green", "red"])"#,
        ),
        ("cosmetics/green.ron", r#"(name: "Green", description: "G.", kind: Colour, price: 50)"#),
        ("cosmetics/hero.ron", r#"(name: "Hero", description: "H.", kind: Title, price: 9, is_sold: false)"#),
        ("cosmetics/red.ron", r#"(name: "Red", description: "R.", kind: Colour, price: 25)"#),
        ("cosmetics/trail.ron", r#"(name: "Trail", description: "T.", kind: Trail, price: 7, level_min: 5)"#),
    ];
    let catalog = CosmeticCatalog::of(&Content::from_files(files).unwrap());
    catalog.find(key).unwrap().clone()
}

fn buy(store: &Store, account: AccountId, key: u64, what: &str, seen: i64) -> Result<i64, CosmeticError> {
    wait(store.buy_cosmetic(account, key, &cosmetic(what), seen)).map(|bought| bought.balance)
}

fn worn(store: &Store, account: AccountId) -> Vec<String> {
    wait(store.wardrobe(account)).unwrap().worn.into_iter().collect()
}

fn a_cosmetic_is_bought_once_for_each_key(directory: &Directory) {
    let store = directory.open();
    let [ada, bob] = ["Ada", "Bob"].map(|name| register(&store, name).unwrap());
    assert_eq!(buy(&store, ada, u64::MAX, "red", 25), Ok(PURSE - 25), "it is paid for");
    assert_eq!(buy(&store, ada, u64::MAX, "red", 25), Ok(PURSE - 25), "once");
    let again = wait(store.buy_cosmetic(ada, u64::MAX, &cosmetic("green"), 50)).unwrap();
    assert_eq!((again.cosmetic.as_str(), again.price), ("red", 25), "by its key it is what it was");
    assert_eq!(buy(&store, ada, 2, "red", 25), Err(CosmeticError::AlreadyOwned("red".into())), "nobody needs two");
    let changed = EconomyError::PriceChanged { expected: 60, found: 40 };
    assert_eq!(buy(&store, ada, 3, "both", 60), Err(changed.into()), "one part of it is hers already");
    assert_eq!(buy(&store, ada, 3, "both", 40), Ok(PURSE - 65), "so it costs the rest");
    assert_eq!(buy(&store, ada, 4, "hero", 9), Err(CosmeticError::NotSold("hero".into())), "a reward is not sold");
    let low = CosmeticError::LevelTooLow { needed: 5, found: 1 };
    assert_eq!(buy(&store, ada, 4, "trail", 7), Err(low), "she has not come so far");
    directory.sql(&format!("UPDATE profiles SET xp = 1000 WHERE account = {}", ada.0));
    assert_eq!(buy(&store, ada, 4, "trail", 7), Ok(PURSE - 72), "at level 5 she has");
    assert_eq!(buy(&store, bob, u64::MAX, "red", 25), Ok(PURSE - 25), "his keys are his own");
    assert_eq!(
        buy(&store, AccountId(99), 1, "red", 25),
        Err(EconomyError::NoSuchAccount.into()),
        "nobody buys nothing"
    );
    let wardrobe = wait(store.wardrobe(ada)).unwrap();
    assert_eq!(wardrobe.owned.iter().map(String::as_str).collect::<Vec<_>>(), ["green", "red", "trail"]);
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn what_is_worn_is_owned_and_one_in_each_slot(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let wear = |key: &str| wait(store.equip_cosmetic(ada, key, CosmeticSlot::Colour));
    assert_eq!(wear("red"), Err(CosmeticError::NotOwned("red".into())), "it is not hers");
    buy(&store, ada, 1, "both", 60).unwrap();
    assert_eq!((wear("red"), wear("red"), worn(&store, ada)), (Ok(()), Ok(()), vec!["red".to_owned()]), "now it is");
    assert_eq!((wear("green"), worn(&store, ada)), (Ok(()), vec!["green".to_owned()]), "in the place of the other");
    let names = ["Ada", "Bob", "\0", "a\u{1b}"].map(AccountName::key_of).to_vec();
    let seen = wait(store.worn_by(names)).unwrap();
    let seen: Vec<_> = seen.into_iter().map(|(name, worn)| (name, worn.into_iter().collect::<Vec<_>>())).collect();
    assert_eq!(seen, [(AccountName::key_of("ADA"), vec!["green".to_owned()])], "others see it by her name");
    let crowd = vec!["ada".to_owned(); 65];
    assert_eq!(wait(store.worn_by(crowd)), Err(CosmeticError::TooManyNames(65)), "as many as a roster names");
    wait(store.unequip_cosmetic(ada, "red")).unwrap();
    assert_eq!(worn(&store, ada), ["green"], "what is not worn is not taken off");
    wait(store.unequip_cosmetic(ada, "green")).unwrap();
    assert_eq!(worn(&store, ada), [""; 0], "what is, is");
}

fn a_cosmetic_is_given_back_unused(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let back = |key| wait(store.refund_cosmetic(ada, key));
    assert_eq!(back(1), Err(CosmeticError::NoSuchPurchase(1)), "nothing was bought");
    buy(&store, ada, 1, "both", 60).unwrap();
    wait(store.equip_cosmetic(ada, "red", CosmeticSlot::Colour)).unwrap();
    assert_eq!((back(1), back(1)), (Ok(PURSE), Ok(PURSE)), "all of it, once");
    assert_eq!((wait(store.wardrobe(ada)).unwrap().owned.len(), worn(&store, ada)), (0, vec![]), "it is gone");

    buy(&store, ada, 2, "red", 25).unwrap();
    let _ = store.answer(take(1, &[(ada, &[])]));
    buy(&store, ada, 3, "green", 50).unwrap();
    assert_eq!(back(2), Ok(PURSE - 50), "it was not worn in the match");
    wait(store.equip_cosmetic(ada, "green", CosmeticSlot::Colour)).unwrap();
    let _ = store.answer(take(2, &[(ada, &[])]));
    wait(store.unequip_cosmetic(ada, "green")).unwrap();
    assert_eq!(back(3), Err(CosmeticError::Used), "that one was");

    // Both matches go on.
    buy(&store, ada, 5, "red", 25).unwrap();
    wait(store.equip_cosmetic(ada, "red", CosmeticSlot::Colour)).unwrap();
    wait(store.unequip_cosmetic(ada, "red")).unwrap();
    assert_eq!(back(5), Err(CosmeticError::Used), "one that is put on in the middle of a match is seen there");
    assert_eq!(profile(&store, ada).currency, PURSE - 75, "and nothing was paid");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

fn a_cosmetic_is_not_given_back_after_a_week(directory: &Directory) {
    let store = directory.open();
    let ada = register(&store, "Ada").unwrap();
    let back = |key| wait(store.refund_cosmetic(ada, key));
    let _ = store.answer(take(1, &[(ada, &[])]));
    let _ = store.answer(settle(1, &[(ada, &[])]));
    let before = profile(&store, ada).currency;
    buy(&store, ada, 3, "green", 50).unwrap();
    wait(store.equip_cosmetic(ada, "green", CosmeticSlot::Colour)).unwrap();
    assert_eq!(back(3), Ok(before), "it was put on when the match was over");
    buy(&store, ada, 4, "red", 25).unwrap();
    directory.sql("UPDATE cosmetic_purchases SET bought_s = bought_s - 604900 WHERE key = 4");
    assert_eq!(back(4), Err(CosmeticError::RefundOver), "a week is over");
    assert_eq!(profile(&store, ada).currency, before - 25, "and nothing was paid");
    drop(store);
    assert_eq!(directory.sql(LEDGER_SUM), 0, "the ledger sums to zero");
    assert_eq!(directory.sql(WALLETS_APART_FROM_LEDGER), 0, "and says what the wallets say");
}

on_both![
    a_cosmetic_is_bought_once_for_each_key,
    what_is_worn_is_owned_and_one_in_each_slot,
    a_cosmetic_is_given_back_unused,
    a_cosmetic_is_not_given_back_after_a_week,
];
