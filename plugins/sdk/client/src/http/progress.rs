//! What an account is, has and has played.

use hypogeum_protocol::{AccountId, CharacterId, MatchId, Outcome};
use serde::Deserialize;

use super::economy::StashEntry;
use super::{Api, ApiError, Login};

/// What an account is and has reached.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct AccountProfile {
    /// Its number.
    #[serde(rename = "account_id")]
    pub account: AccountId,
    /// How it is shown.
    pub name: String,
    /// Whether it has no password.
    pub is_guest: bool,
    /// When it was made, in seconds since 1970.
    pub created_s: u64,
    /// 1 and up.
    pub level: u32,
    /// Experience ever gained.
    pub xp: u64,
    /// By matches; a newcomer has 1,500.
    pub rating: i32,
    /// What the wallet holds.
    pub currency: i64,
}

/// Where an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InventoryPlace {
    /// In the stash.
    Stash,
    /// With a character.
    Carried,
    /// In a match or a place that stays: what becomes of it is decided there.
    Brought,
}

/// An item, and where it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct InventoryItem {
    /// The item. Only one in the stash is traded or sold.
    #[serde(flatten)]
    pub entry: StashEntry,
    /// Where it is.
    pub place: InventoryPlace,
    /// The character that carries it, or has brought it.
    #[serde(rename = "character_id", default)]
    pub character: Option<CharacterId>,
    /// The match or the visit that it was brought into.
    #[serde(rename = "match_id", default)]
    pub brought_into: Option<MatchId>,
}

/// Everything an account has, as it was at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Inventory {
    /// What it has.
    pub items: Vec<InventoryItem>,
    /// What the wallet holds.
    pub currency: i64,
    /// How many items the stash has room for; there may be more in it already.
    pub capacity: u32,
}

/// A match that an account has played to its end.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct PlayedMatch {
    /// Which one.
    #[serde(rename = "match_id")]
    pub id: MatchId,
    /// The key of its mode.
    pub mode: String,
    /// When it began, in seconds since 1970.
    pub started_s: u64,
    /// When it ended, in seconds since 1970.
    pub ended_s: u64,
    /// How it ended for the account.
    pub outcome: Outcome,
    /// Place among all seats, 1 is best; `None`: it was not kept yet.
    #[serde(default)]
    pub placement: Option<u16>,
    /// Players and NPCs killed.
    pub kills: u32,
    /// Hit points taken off others.
    pub damage_dealt: u32,
    /// Experience gained.
    pub xp_gained: u32,
    /// By how much the wallet grew.
    pub currency_gained: i64,
    /// Items that it ended with in the stash.
    pub items_secured: u32,
    /// Level after it.
    pub level: u32,
    /// Rating after it.
    pub rating: i32,
    /// By how much that is more than before; `None`: it was not kept yet.
    #[serde(default)]
    pub rating_change: Option<i32>,
}

/// A part of a history.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct MatchPage {
    /// The one that ended last first.
    pub matches: Vec<PlayedMatch>,
    /// What the next page stands behind; `None`: there is none.
    pub next: Option<String>,
}

impl Api {
    /// What the account is and has reached.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn profile(&self, login: &Login) -> Result<AccountProfile, ApiError> {
        self.get("/v1/profile", login)
    }

    /// Everything the account has: in the stash, with characters, and in play.
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn inventory(&self, login: &Login) -> Result<Inventory, ApiError> {
        self.get("/v1/inventory", login)
    }

    /// Matches that the account has played to their end: at most `count`, and 100, from the start or behind another page, by its
    /// [`MatchPage::next`].
    ///
    /// # Errors
    /// As [`Api::characters`].
    pub fn matches(&self, login: &Login, after: Option<&str>, count: usize) -> Result<MatchPage, ApiError> {
        let after = after.map(|next| format!("&after={next}")).unwrap_or_default();
        self.get(&format!("/v1/matches?count={count}{after}"), login)
    }

    /// One of them.
    ///
    /// # Errors
    /// As [`Api::characters`], with 404 where the account has played no such match to its end.
    pub fn played_match(&self, login: &Login, MatchId(id): MatchId) -> Result<PlayedMatch, ApiError> {
        self.get(&format!("/v1/matches/{id}"), login)
    }
}
