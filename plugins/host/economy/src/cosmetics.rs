//! What players wear to be looked at: what there is, what it costs whom, and what a store of it must do.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Arc;

use hypogeum_content::Content;
use hypogeum_content::def::{CosmeticDef, CosmeticKind};
use hypogeum_protocol::AccountId;

use crate::EconomyError;

/// For how long a cosmetic can be given back, by the clock of the database: a week.
pub const COSMETIC_REFUND_S: i64 = 7 * 86_400;

/// People whose looks are asked for at once: as many as a roster message names.
pub const LOOKED_AT_MAX: usize = 64;

/// Where a cosmetic is worn. One is worn in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CosmeticSlot {
    /// The colour of the body.
    Colour,
    /// What the body leaves behind.
    Trail,
    /// What stands beside the name.
    Banner,
    /// Words before the name.
    Title,
}

impl CosmeticSlot {
    /// Its stable name, as it is kept and told.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Colour => "colour",
            Self::Trail => "trail",
            Self::Banner => "banner",
            Self::Title => "title",
        }
    }

    const fn of(kind: CosmeticKind) -> Option<Self> {
        match kind {
            CosmeticKind::Colour => Some(Self::Colour),
            CosmeticKind::Trail => Some(Self::Trail),
            CosmeticKind::Banner => Some(Self::Banner),
            CosmeticKind::Title => Some(Self::Title),
            CosmeticKind::Bundle => None,
        }
    }
}

/// A cosmetic, or a bundle of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosmetic {
    /// Its key.
    pub key: String,
    /// Shown to players, in the language of the content.
    pub name: String,
    /// Shown where one chooses, in the language of the content.
    pub description: String,
    /// Where it is worn; `None`: it is a bundle.
    pub slot: Option<CosmeticSlot>,
    /// 24 bits of red, green and blue.
    pub colour: u32,
    /// What all of it costs, at least 1.
    pub price: i64,
    /// Whether the shop sells it.
    pub is_sold: bool,
    /// The level that the buyer must have.
    pub level_min: u32,
    /// What its buyer has then, each with its price alone: the parts of a bundle, or itself.
    pub parts: Vec<(String, i64)>,
}

impl Cosmetic {
    fn of(content: &Content, key: &str, def: &CosmeticDef) -> Self {
        let part = |key: &str, def: &CosmeticDef| (key.to_owned(), i64::from(def.price));
        let parts = if def.kind == CosmeticKind::Bundle {
            let parts = def.parts.iter();
            parts.filter_map(|link| Some(part(link.key(), content.cosmetics.find(link.id())?))).collect()
        } else {
            vec![part(key, def)]
        };
        Self {
            key: key.to_owned(),
            name: def.name.clone(),
            description: def.description.clone(),
            slot: CosmeticSlot::of(def.kind),
            colour: def.colour,
            price: i64::from(def.price),
            is_sold: def.is_sold,
            level_min: def.level_min,
            parts,
        }
    }

    /// The parts that are not among these.
    pub fn missing<'a>(&'a self, owned: &'a BTreeSet<String>) -> impl Iterator<Item = &'a str> {
        self.parts.iter().map(|(key, _)| key.as_str()).filter(|key| !owned.contains(*key))
    }

    /// What it costs somebody who has these: its price in the proportion in which the parts that are missing stand to all, by
    /// their prices alone, rounded up. `None`: nothing is missing.
    #[must_use]
    pub fn price_for(&self, owned: &BTreeSet<String>) -> Option<i64> {
        let all: i64 = self.parts.iter().map(|(_, price)| price).sum();
        let missing: i64 = self.parts.iter().filter(|(key, _)| !owned.contains(key)).map(|(_, price)| price).sum();
        // Prices are at most a million and parts sixteen, so the product is far below the end of i64.
        (missing > 0 && all > 0).then(|| (self.price * missing + all - 1) / all)
    }
}

/// All cosmetics, in the order of their keys. A clone is the same ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CosmeticCatalog(Arc<Vec<Cosmetic>>);

impl CosmeticCatalog {
    /// The cosmetics of a content.
    #[must_use]
    pub fn of(content: &Content) -> Self {
        let cosmetics = content.cosmetics.iter().map(|(_, key, def)| Cosmetic::of(content, key, def));
        Self(Arc::new(cosmetics.collect()))
    }

    /// All of them, in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = &Cosmetic> {
        self.0.iter()
    }

    /// The one of a key.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&Cosmetic> {
        let place = self.0.binary_search_by(|cosmetic| cosmetic.key.as_str().cmp(key)).ok()?;
        self.0.get(place)
    }
}

/// What an account has to wear at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wardrobe {
    /// Keys of what it has.
    pub owned: BTreeSet<String>,
    /// Keys of what it wears of that.
    pub worn: BTreeSet<String>,
    /// What the wallet holds.
    pub currency: i64,
    /// Experience ever gained.
    pub xp: u64,
}

/// A cosmetic that was bought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CosmeticBought {
    /// What it was, a bundle as a bundle.
    pub cosmetic: String,
    /// What was paid.
    pub price: i64,
    /// What is left in the wallet.
    pub balance: i64,
}

/// Why nothing was done with a cosmetic. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CosmeticError {
    /// There is none of that key.
    #[error("there is no cosmetic {0:?}")]
    NoSuchCosmetic(String),
    /// The shop does not sell it.
    #[error("the cosmetic {0:?} is not sold")]
    NotSold(String),
    /// The account has all of it.
    #[error("the cosmetic {0:?} is owned already")]
    AlreadyOwned(String),
    /// The account does not have it.
    #[error("the cosmetic {0:?} is not owned")]
    NotOwned(String),
    /// A bundle is not worn: its parts are.
    #[error("{0:?} is a bundle: its parts are worn")]
    NotWearable(String),
    /// The buyer has not come so far.
    #[error("this takes level {needed}, and it is level {found}")]
    LevelTooLow {
        /// The level that it takes.
        needed: u32,
        /// The level of the buyer.
        found: u32,
    },
    /// Nothing was bought with that key.
    #[error("nothing was bought with the key {0}")]
    NoSuchPurchase(u64),
    /// It was bought more than [`COSMETIC_REFUND_S`] ago.
    #[error("it was bought too long ago to be given back")]
    RefundOver,
    /// It was worn in a match.
    #[error("it was worn in a match since it was bought")]
    Used,
    /// More than [`LOOKED_AT_MAX`].
    #[error("at most {LOOKED_AT_MAX} people are looked at together, not {0}")]
    TooManyNames(usize),
    /// Something about currency, or the store.
    #[error(transparent)]
    Economy(#[from] EconomyError),
}

/// Keeps what players have to wear. Calls may come from any thread and any async runtime. Each is one transaction: where it fails
/// with a typed error nothing was changed; after [`EconomyError::Unavailable`] nobody knows, and asking the same again finds out
/// without changing anything twice.
pub trait CosmeticStore: Send + Sync + 'static {
    /// What `account` has and wears; nothing where there is no such account.
    fn wardrobe(&self, account: AccountId) -> impl Future<Output = Result<Wardrobe, CosmeticError>> + Send;

    /// What of a cosmetic `account` does not have becomes its, for [`Cosmetic::price_for`] what it has, which must be `seen`; that goes
    /// to the house. `key` is the buyer's: asked again with it, the answer is what was bought then and the balance now, whatever else
    /// is asked, and also where it was given back since.
    fn buy_cosmetic(
        &self,
        account: AccountId,
        key: u64,
        cosmetic: &Cosmetic,
        seen: i64,
    ) -> impl Future<Output = Result<CosmeticBought, CosmeticError>> + Send;

    /// What `account` bought with `key` is taken away, and paid back; the new balance. That must not be longer ago than
    /// [`COSMETIC_REFUND_S`], and none of it have been worn in a match since; what of it was a reward since stays. Asked again it answers the balance and pays
    /// nothing.
    fn refund_cosmetic(&self, account: AccountId, key: u64) -> impl Future<Output = Result<i64, CosmeticError>> + Send;

    /// `account` wears a cosmetic that it has, in the place of what it wore in that slot. Asked again it changes nothing.
    fn equip_cosmetic(
        &self,
        account: AccountId,
        cosmetic: &str,
        slot: CosmeticSlot,
    ) -> impl Future<Output = Result<(), CosmeticError>> + Send;

    /// What people wear, by their names or those of their characters in the form in which names are one: keys of cosmetics. Who wears
    /// nothing is left out, and so is nobody.
    fn worn_by(
        &self,
        names: Vec<String>,
    ) -> impl Future<Output = Result<BTreeMap<String, BTreeSet<String>>, CosmeticError>> + Send;

    /// `account` wears this no more. Where it does not, nothing changes.
    fn unequip_cosmetic(
        &self,
        account: AccountId,
        cosmetic: &str,
    ) -> impl Future<Output = Result<(), CosmeticError>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> CosmeticCatalog {
        let files = [
            ("cosmetics/red.ron", r#"(name: "Red", description: "R.", kind: Colour, price: 100)"#),
            ("cosmetics/trail.ron", r#"(name: "Trail", description: "T.", kind: Trail, price: 200)"#),
            (
                "cosmetics/both.ron",
                r#"(name: "Both", description: "B.", kind: Bundle, price: 250, parts: ["red", "trail"])"#,
            ),
        ];
        CosmeticCatalog::of(&Content::from_files(files).expect("they are sound"))
    }

    #[test]
    fn a_bundle_costs_less_for_what_one_has() {
        let catalog = catalog();
        let both = catalog.find("both").expect("it is there");
        let price = |owned: &[&str]| both.price_for(&owned.iter().map(|key| (*key).to_owned()).collect());
        assert_eq!((price(&[]), price(&["hat"])), (Some(250), Some(250)), "all of it");
        assert_eq!((price(&["red"]), price(&["trail"])), (Some(167), Some(84)), "its share, rounded up");
        assert_eq!(price(&["red", "trail"]), None, "nothing is left to buy");
        let red = catalog.find("red").expect("it is there");
        assert_eq!(red.price_for(&BTreeSet::new()), Some(100), "one alone is what it costs");
        assert_eq!((red.slot, both.slot), (Some(CosmeticSlot::Colour), None), "a bundle is worn nowhere");
    }
}
